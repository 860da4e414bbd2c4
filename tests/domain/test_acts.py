"""Who can do what, in every state: the tables against the decisions, over the product of all states.

For each act, each actor and each combination of states of organization, control, seat, agreement, group and account,
the decision is asked, and must answer as the tables of ``acts`` say: possible, or the first refusal in the documented
order (R1, R2, R9, R14–R17, R28–R34).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pytest

from habilitation.domain.actors import Member, OperatorAgent, Side
from habilitation.domain.acts import (
    ALLOWED,
    CONTROLLED,
    ON_A_USER,
    ORDINARY,
    OVER_ALL_MEMBERSHIPS,
    POSSIBLE,
    PROTECTED,
    Act,
    Role,
)
from habilitation.domain.authority import Acting, acting, acts_on, acts_on_users, standing
from habilitation.domain.catalog import Catalog, Definition, Group, Service
from habilitation.domain.credential import Credential, Standing
from habilitation.domain.decisions import (
    accounts,
    delegation,
    emails,
    erasing,
    generalizing,
    groups,
    identities,
    seat,
    suspending,
)
from habilitation.domain.moment import Moment
from habilitation.domain.organization import (
    Agreement,
    AgreementState,
    Control,
    FirstCredentials,
    GroupState,
    OpenedGroup,
    Organization,
    OrganizationState,
    Seat,
    SeatState,
)
from habilitation.domain.period import Term
from habilitation.domain.refusals import Refusal
from habilitation.domain.requests import (
    Closing,
    Generalization,
    GroupAddition,
    GroupRemoval,
    NewManager,
    NewUser,
    Reason,
    Reopening,
    UserSuspension,
)
from habilitation.domain.scope import ALL_GROUPS, Scope
from habilitation.domain.user import Account, Delegation, Membership, Status, User
from habilitation.domain.values import (
    AgreementId,
    GroupCode,
    OrganizationId,
    Permission,
    Place,
    Seal,
    ServiceCode,
    UserId,
)

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
TODAY = date(2026, 11, 22)
MOMENT = Moment(NOW, ZoneInfo("Europe/Paris"))
ORG, HERE = OrganizationId("org"), AgreementId("here")
GROUP, OTHER, AFAS = GroupCode("GROUP"), GroupCode("OTHER"), ServiceCode("AFAS")
ADMIN, MANAGER, PLAIN, TARGET, CLAIMANT = map(UserId, ("admin", "manager", "plain", "target", "claimant"))
WHY = Reason("why")


def ago(days: int) -> datetime:
    return NOW - timedelta(days=days)


def term(start: int = -10, end: int | None = None) -> Term:
    """From so many days after now until so many after it."""
    closing = None if end is None else TODAY + timedelta(days=end)
    return Term(ago(-start), None if end is None else ago(-end), TODAY + timedelta(days=start), closing)


def group(code: GroupCode) -> Group:
    return Group(code, AFAS, (Definition(ago(99), code, frozenset({Permission(code)}), needs_document=False),))


CATALOG = Catalog({AFAS: Service(AFAS, "AFAS")}, {code: group(code) for code in (GROUP, OTHER)})


class States(NamedTuple):
    organization: OrganizationState
    control: Control
    seat: SeatState
    agreement: AgreementState
    group: GroupState
    account: Status


def reachable() -> Iterator[States]:
    """Every combination but those that no sequence of acts leads to: closing ends the seat, and nothing else does."""
    for states in map(States._make, product(OrganizationState, Control, SeatState, AgreementState, GroupState, Status)):
        if (states.organization is OrganizationState.CLOSED) is (states.seat is SeatState.ENDED):
            yield states


def organization(states: States) -> Organization:
    place = OpenedGroup(states.group, ago(5))
    agreement = Agreement(
        HERE, "HERE", Seal(""), states.agreement, ago(9), term(), (AFAS,), {GROUP: place, OTHER: place}
    )
    held = ADMIN if states.seat is SeatState.HELD else None
    waiting = FirstCredentials(CLAIMANT, ago(-9)) if states.seat in (SeatState.UNCLAIMED, SeatState.VACANT) else None
    seats = Seat(states.seat, held, waiting)
    return Organization(ORG, seats, {HERE: agreement}, states.organization, ago(3), states.control)


ACCOUNTS = {
    Status.PENDING: term(start=5),
    Status.OPEN: term(),
    Status.SUSPENDED: term(),
    Status.CLOSED: term(end=-1),
}


def user(id: UserId, status: Status = Status.OPEN, managing: bool = False, side: Side = Side.ORGANIZATION) -> User:
    held = (Membership(1, Place(HERE, GROUP), term(), waiting=False),)
    account = Account(ACCOUNTS[status], held, Delegation(ALL_GROUPS, term()) if managing else None)
    suspended = frozenset({side}) if status is Status.SUSPENDED else frozenset()
    return User(id, HERE, False, (account,), suspended=suspended)


ACTORS: dict[Role, Callable[[], tuple[OperatorAgent | Member, User | None]]] = {
    Role.OPERATOR: lambda: (OperatorAgent("agent"), None),
    Role.ADMINISTRATOR: lambda: (Member(ORG, ADMIN), user(ADMIN)),
    Role.MANAGER: lambda: (Member(ORG, MANAGER), user(MANAGER, managing=True)),
    Role.USER: lambda: (Member(ORG, PLAIN), user(PLAIN)),
}
NEW = NewUser(ORG, HERE, "Petit", "Luc", "luc@oliviers.example", groups=(GROUP,))
SCOPE = Scope(frozenset({Place(HERE, GROUP)}))

BOUND = Credential(ORG, UserId("target"), None, Standing.IDENTITY, identity="a digest")

Decision = Callable[[Organization, Acting, User], object]
DECISIONS: dict[Act, Decision] = {
    Act.CREATE: lambda of, by, on: accounts.create(of, CATALOG, by, NEW, UserId("new"), (), MOMENT),
    Act.MODIFY: lambda of, by, on: accounts.modifiable(of, by, on, NOW),
    Act.CLOSE: lambda of, by, on: accounts.close(of, by, on, Closing(ORG, on.id), MOMENT),
    Act.REOPEN: lambda of, by, on: accounts.reopen(
        accounts.reopenable(of, by, on, NOW), Reopening(ORG, on.id), (), 2, MOMENT
    ),
    Act.REMOVE: lambda of, by, on: accounts.remove(of, by, on, MOMENT),
    Act.SUSPEND: lambda of, by, on: suspending.suspend(of, by, on, UserSuspension(ORG, on.id, WHY), None, MOMENT),
    Act.REINSTATE: lambda of, by, on: suspending.reinstate(of, by, on, MOMENT),
    Act.GRANT: lambda of, by, on: groups.add(of, CATALOG, by, on, GroupAddition(ORG, on.id, HERE, OTHER), MOMENT),
    Act.WITHDRAW: lambda of, by, on: groups.remove(of, by, on, GroupRemoval(ORG, on.id, 1), MOMENT),
    Act.GENERALIZE: lambda of, by, on: generalizing.places(of, by, on, Generalization(ORG, HERE, on.id), MOMENT),
    Act.DELEGATE: lambda of, by, on: delegation.delegate(of, CATALOG, by, on, NewManager(ORG, on.id, SCOPE), MOMENT),
    Act.REVOKE: lambda of, by, on: delegation.revoke(of, by, on, MOMENT),
    Act.UNLOCK: lambda of, by, on: accounts.unlock(of, by, on, NOW),
    Act.CHANGE_EMAIL: lambda of, by, on: emails.changeable(of, by, on, NOW),
    Act.UNLINK: lambda of, by, on: identities.unlink(of, by, on, BOUND, NOW),
    Act.ERASE: lambda of, by, on: erasing.erase(of, by, on, "why", MOMENT),
}
OF_ORGANIZATION = {
    OrganizationState.SUSPENDED: "organization-suspended",
    OrganizationState.CLOSED: "organization-closed",
}
OF_AGREEMENT = {
    AgreementState.DRAFT: "agreement-not-validated",
    AgreementState.SUSPENDED: "agreement-suspended",
    AgreementState.ENDED: "agreement-over",
}
OF_GROUP = {GroupState.SUSPENDED: "group-suspended", GroupState.WITHDRAWN: "group-not-opened"}


def expected(act: Act, role: Role, states: States, target: User) -> str:
    """What the tables say: ``accepted``, or the code of the first refusal."""
    return next((code for code in _refusals(act, role, states, target) if code), "accepted")


def _refusals(act: Act, role: Role, states: States, target: User) -> Iterator[str | None]:
    """In the documented order: who acts and whose the act is, the organization, control, the user, the agreement."""
    if role is not Role.OPERATOR and states.organization is OrganizationState.CLOSED:
        yield "organization-closed"
    if role is Role.USER and act is not Act.CREATE:
        yield "user-unknown"
    if role not in ALLOWED[act]:
        yield "act-forbidden"
    if states.organization not in POSSIBLE[act].organization:
        yield OF_ORGANIZATION[states.organization]
    if role is Role.OPERATOR and act in ORDINARY and states.control is Control.OWN and states.seat is SeatState.HELD:
        yield "seat-held"
    if role is not Role.OPERATOR and states.control not in CONTROLLED[act]:
        yield "control-taken"
    if role is Role.MANAGER and act in OVER_ALL_MEMBERSHIPS and states.account is Status.CLOSED:
        yield "outside-scope"
    yield from _of_user_and_agreement(act, role, states, target)


def _of_user_and_agreement(act: Act, role: Role, states: States, target: User) -> Iterator[str | None]:
    in_agreement = (OF_AGREEMENT.get(states.agreement), OF_GROUP.get(states.group))
    if act is Act.GRANT:
        yield from in_agreement
    if act is Act.GENERALIZE:
        yield in_agreement[0]
    account = Status.CLOSED if states.organization is OrganizationState.CLOSED else states.account
    if act is not Act.CREATE and account not in POSSIBLE[act].account:
        yield _of_account(act, account)
    if act is Act.SUSPEND and side(role) in target.suspended:
        yield "user-suspended"
    if act is Act.REINSTATE and not target.suspended & liftable(role, states):
        yield "user-not-suspended"
    if act is Act.REVOKE:
        yield "delegation-unknown"
    if act in (Act.CREATE, Act.DELEGATE):
        yield from in_agreement


def _of_account(act: Act, status: Status) -> str:
    if act is Act.REVOKE:
        return "delegation-unknown"
    if act is Act.WITHDRAW:
        return "membership-over"
    if act is Act.GENERALIZE:
        return "user-not-open"
    if act is Act.REINSTATE:
        return "user-not-suspended"
    if act in (Act.REOPEN, Act.ERASE):
        return "user-not-closed"
    return {Status.CLOSED: "user-closed", Status.SUSPENDED: "user-suspended"}.get(status, "user-not-open")


def side(role: Role) -> Side:
    return Side.OPERATOR if role is Role.OPERATOR else Side.ORGANIZATION


def liftable(role: Role, states: States) -> set[Side]:
    in_place = states.control is Control.TAKEN or states.seat is not SeatState.HELD
    return {side(role)} | ({Side.ORGANIZATION} if role is Role.OPERATOR and in_place else set())


def decided(act: Act, role: Role, of: Organization, target: User) -> str:
    try:
        actor, account = ACTORS[role]()
        by = acting(actor, account, of, NOW)
        DECISIONS[act](of, by, target)
    except Refusal as refusal:
        return refusal.code
    return "accepted"


@pytest.mark.parametrize("role", ACTORS)
@pytest.mark.parametrize("act", DECISIONS)
def test_each_act_is_possible_in_the_states_that_the_table_says_and_refused_by_name_in_all_others(act, role):
    """R1, R2, R14–R17, R28–R34: 1,296 combinations for each act and actor, and either side's suspension."""
    accepted = 0
    for states in reachable():
        if role is Role.ADMINISTRATOR and states.seat is not SeatState.HELD:
            continue
        for whose in Side if states.account is Status.SUSPENDED else (Side.ORGANIZATION,):
            of, target = organization(states), user(TARGET, states.account, side=whose)
            verdict = decided(act, role, of, target)
            assert verdict == expected(act, role, states, target), states
            accepted += verdict == "accepted"
    assert bool(accepted) is (role in ALLOWED[act] and act is not Act.REVOKE)


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.ADMINISTRATOR])
@pytest.mark.parametrize("act", PROTECTED)
def test_the_holder_of_the_seat_is_protected_in_every_state(act, role):
    """R9, I1: from closing and removal by anybody, from suspension by the organization."""
    for states in reachable():
        if states.seat is SeatState.HELD and states.account is Status.OPEN:
            verdict = decided(act, role, organization(states), user(ADMIN))
            assert (verdict == "accepted") is (role not in PROTECTED[act])


def test_claiming_is_possible_in_the_states_that_the_table_says():
    """R5, R34."""
    for states in reachable():
        claimable = (
            states.organization in POSSIBLE[Act.CLAIM].organization
            and states.control in CONTROLLED[Act.CLAIM]
            and states.seat in (SeatState.UNCLAIMED, SeatState.VACANT)
        )
        try:
            seat.require_claimable(organization(states), CLAIMANT, NOW)
        except Refusal:
            assert not claimable, states
        else:
            assert claimable, states


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.ADMINISTRATOR, Role.MANAGER])
def test_a_page_offers_on_a_row_the_acts_that_would_be_accepted_and_no_others(role):
    """R29, R30, R36: under an agreement and a group in force, as the row names none."""
    for states in reachable():
        if role is Role.ADMINISTRATOR and states.seat is not SeatState.HELD:
            continue
        if (states.agreement, states.group) != (AgreementState.VALIDATED, GroupState.OPEN):
            continue
        of, target = organization(states), user(TARGET, states.account)
        try:
            by = acting(*ACTORS[role](), of, NOW)
        except Refusal:
            continue
        offered = acts_on(by, acts_on_users(by, of), standing(by, target, of, NOW), of)
        for act in ON_A_USER:
            assert (act in offered) is (decided(act, role, of, target) == "accepted"), (act, states)
