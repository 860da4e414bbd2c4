"""What must not be in any situation, and what no act may have done: judged without the library's own decisions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from habilitation.domain import access
from habilitation.domain.actors import Member, Side
from habilitation.domain.authority import acting
from habilitation.domain.catalog import Catalog, Group
from habilitation.domain.events import Event
from habilitation.domain.journal import Record
from habilitation.domain.organization import Control, OrganizationState, SeatState
from habilitation.domain.period import Term
from habilitation.domain.refusals import Refusal
from habilitation.domain.user import User
from habilitation.domain.values import Permission
from habilitation.testing.invariants import Trail, Walk
from habilitation.testing.model import answers, facts
from tests.small_scope.alphabet import A_DAY
from tests.small_scope.situation import Situation


def in_situation(now: Situation, catalog: Catalog, before: Situation | None = None) -> Iterator[str]:
    """Of I1, I3, I6 and I7; of access, only what is not as it was ``before``, where it was looked at."""
    yield from _of_the_seat(now)
    yield from _of_the_closed(now)
    yield from _of_addresses(now)
    for user in now.users.values():
        if not _is_as_before(user, now, before):
            yield from _of_access(now, catalog, user)


def _of_the_seat(now: Situation) -> Iterator[str]:
    """I1: a user, neither closed nor removed, open unless the operator suspended it; and somebody iff it is held."""
    seat = now.organization.seat
    if (seat.holder is not None) is not (seat.state is SeatState.HELD):
        yield f"I1: the seat is {seat.state.value}, and its holder {seat.holder}"
    if seat.holder is None:
        return
    holder = now.users.get(seat.holder)
    if holder is None or holder.removed or _ended(holder.account.term, now):
        yield f"I1: the seat is held by {seat.holder}, who is closed or none"
    elif holder.suspended - {Side.OPERATOR} or holder.account.term.start > now.now:
        yield f"I1: the seat is held by {seat.holder}, who is not open"


def _of_the_closed(now: Situation) -> Iterator[str]:
    """I3: nothing current, nothing to manage, nothing that they may do; a closed organization's people are closed."""
    shut = now.organization.state is OrganizationState.CLOSED
    for user in now.users.values():
        closed = user.removed or _ended(user.account.term, now)
        if closed and not shut and (user.account.live(now.now) or user.delegation(now.now)):
            yield f"I3: {user.id} is closed, and has something"
        if (closed or shut) and _may_act(user, now):
            yield f"I3: {user.id} is closed, and acts"


def _may_act(user: User, now: Situation) -> bool:
    try:
        acting(Member(now.organization.id, user.id), user, now.organization, now.now)
    except Refusal:
        return False
    return True


def _ended(term: Term, now: Situation) -> bool:
    return term.end is not None and term.end <= now.now


def _of_addresses(now: Situation) -> Iterator[str]:
    """I7: no two who are not closed have one address."""
    live = (id for id, user in now.users.items() if not user.removed and not _ended(user.account.term, now))
    addresses = Counter(now.people[id].email.normal for id in live if id in now.people)
    yield from (f"I7: {each} is of {many}" for each, many in addresses.items() if many > 1)


def _is_as_before(user: User, now: Situation, before: Situation | None) -> bool:
    """Nothing of what access depends on is another object."""
    if before is None or now.now != before.now or now.organization is not before.organization:
        return False
    return before.users.get(user.id) is user


def _of_access(now: Situation, catalog: Catalog, user: User) -> Iterator[str]:
    """I4, I6: the answer, its reason, its end and its repair are the naive model's, now and on the days to come."""
    model = (_partner(now), _groups(catalog), _human(user))
    permissions = sorted({permission for group in catalog.groups.values() for permission in group.now.permissions})
    for days in range(3):
        for permission in permissions:
            yield from _answered(now, catalog, user, permission, days, model)


def _answered(
    now: Situation,
    catalog: Catalog,
    user: User,
    permission: Permission,
    days: int,
    model: tuple[facts.Partner, dict[str, facts.Group], facts.Human],
) -> Iterator[str]:
    partner, groups, human = model
    at = now.now + days * A_DAY
    got = access.decide(now.organization, catalog, user, permission, at)
    told = (got.allowed, got.why.value, got.until, {role.value for role in got.repair})
    expected = answers.answer(partner, groups, human, permission, at)  # type: ignore[arg-type]
    if told != expected:
        yield f"I6: may {user.id} {permission} at {at}? {told}, and the model says {tuple(expected)}"


# As the naive model keeps them


def _partner(now: Situation) -> facts.Partner:
    of = now.organization
    controlled = of.control is Control.TAKEN
    partner = facts.Partner("", "", "", now.now, of.state.value, controlled, of.seat.state.value)
    for id, agreement in of.agreements.items():
        opened = {code: group.state.value for code, group in agreement.groups.items()}
        partner.conventions[id] = facts.Convention(
            agreement.reference, _span(agreement.term), set(), opened, agreement.state.value
        )
    return partner


def _groups(catalog: Catalog) -> dict[str, facts.Group]:
    return {code: facts.Group(group.service, _gives(group)) for code, group in catalog.groups.items()}


def _gives(group: Group) -> list[facts.Gives]:
    return [facts.Gives(each.since, each.label, each.permissions, each.needs_document) for each in group.definitions]


def _human(user: User) -> facts.Human:
    given = user.account.memberships
    held = {each.number: facts.Held(each.place, _span(each.term), each.waiting, each.assigned) for each in given}
    stint = facts.Stint(_span(user.account.term), held)
    suspended = {side.value for side in user.suspended}
    return facts.Human(None, False, "", "", "", None, [stint], user.removed, user.erased, suspended)


def _span(term: Term) -> facts.Span:
    return facts.Span(term.start, term.end, term.opening, term.closing)


# What an act did


def in_act(before: Situation, by: object, events: Sequence[Event]) -> Iterator[str]:
    """Of I2 and I5: a seat that is held is not claimed, and nobody confers beyond what they have at that instant."""
    walk = Walk(
        before.organization.seat.holder,
        before.organization.state is OrganizationState.CLOSED,
        before.organization.control is Control.TAKEN,
        {id: _trail(user) for id, user in before.users.items()},
    )
    for number, event in enumerate(events, start=1):
        walk.step(Record(number, before.now, by, event))  # type: ignore[arg-type]
    yield from walk.offences


def _trail(user: User) -> Trail:
    account, managing = user.account, user.account.delegation
    return Trail(
        (account.term.start, account.term.end),
        {each.number: (each.place, (each.term.start, each.term.end)) for each in account.memberships},
        (managing.scope.places, (managing.term.start, managing.term.end)) if managing else None,
        user.removed,
        set(user.suspended),
    )
