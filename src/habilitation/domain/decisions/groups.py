"""Memberships: added, changed, removed; their roles assigned or refused (R25, R26, R32)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from habilitation.domain import authority
from habilitation.domain.acts import Act
from habilitation.domain.authority import Acting
from habilitation.domain.catalog import Catalog
from habilitation.domain.decisions import ending
from habilitation.domain.events import Event, MemberAdded, MembershipChanged, RoleAssigned, RoleRefused
from habilitation.domain.moment import Moment
from habilitation.domain.organization import Organization
from habilitation.domain.period import Dates, Term
from habilitation.domain.refusals import (
    AlreadyMember,
    MembershipBegunAlready,
    MembershipOver,
    RoleNotAwaited,
)
from habilitation.domain.requests import GroupAddition, GroupRemoval, MembershipDates, Reason
from habilitation.domain.user import Membership, User, require_admits
from habilitation.domain.values import Paper, Place, UserId, sealed


def add(
    organization: Organization,
    catalog: Catalog,
    acting: Acting,
    user: User | None,
    asked: GroupAddition,
    moment: Moment,
) -> list[MemberAdded]:
    """The user is in the group over the dates, or waits there for its role (R25, R26, R32)."""
    target = authority.known(acting, user, organization, moment.instant)
    authority.require_on(acting, Act.GRANT, target, organization, moment.instant)
    require_conferrable(organization, catalog, acting, Act.GRANT, [asked.place], moment.instant)
    require_admits(target, MemberAdded, moment.instant)
    return [_added(catalog, target, asked.place, asked.dates, moment)]


def _added(catalog: Catalog, user: User, place: Place, dates: Dates, moment: Moment) -> MemberAdded:
    term = moment.within(user.account.term, dates)
    if user.is_member(place, term):
        raise AlreadyMember(place.group)
    return MemberAdded(user.id, user.next_number(), place, term, _needs_document(catalog, place))


def _needs_document(catalog: Catalog, place: Place) -> bool:
    return catalog.group(place.group).now.needs_document


def ticked(catalog: Catalog, user: UserId, places: Collection[Place], moment: Moment) -> list[Event]:
    """The memberships of a user being created: each as long as the account, whenever that opens (R10)."""
    term = Term(moment.instant, None, moment.today, None)
    return [
        MemberAdded(user, number, place, term, _needs_document(catalog, place))
        for number, place in enumerate(places, start=1)
    ]


def require_conferrable(
    organization: Organization, catalog: Catalog, acting: Acting, act: Act, places: Collection[Place], at: datetime
) -> None:
    """Refuse places unknown (R37), outside the actor's scope (R32), not in force (R2, R33), or retired (R3)."""
    for place in places:
        organization.require_known(place)
    authority.require_places(acting, places)
    for place in places:
        authority.require_conferrable(act, organization.agreement(place.agreement), [place], at)
        catalog.usable(place.group)


def change(
    organization: Organization,
    catalog: Catalog,
    acting: Acting,
    user: User | None,
    asked: MembershipDates,
    moment: Moment,
) -> list[Event]:
    """Other dates for a live membership; whatever lengthens it is conferred anew (R25, R32)."""
    target = authority.known(acting, user, organization, moment.instant)
    authority.require_on(acting, Act.WITHDRAW, target, organization, moment.instant)
    held = _live(target, asked.membership, moment.instant)
    authority.require_places(acting, [held.place])
    term = _redated(target, held, asked.dates, moment)
    if term == held.term:
        return []
    if not term.within(held.term):
        _require_lengthened(organization, catalog, acting, target, held.place, moment.instant)
    if _meets_another(target, held, term):
        raise AlreadyMember(held.place.group)
    return [MembershipChanged(target.id, held.number, term)]


def _require_lengthened(
    organization: Organization, catalog: Catalog, acting: Acting, user: User, place: Place, at: datetime
) -> None:
    """What may be shortened at any time is lengthened only where it could be given (R2, R3, R17, R33)."""
    authority.require(acting, Act.GRANT, organization)
    _require_given(organization, catalog, acting, user, place, at)


def _require_given(
    organization: Organization, catalog: Catalog, acting: Acting, user: User, place: Place, at: datetime
) -> None:
    """Refuse more of a membership that could not be given now (R2, R3, R17, R33)."""
    require_conferrable(organization, catalog, acting, Act.GRANT, [place], at)
    require_admits(user, MemberAdded, at)


def _redated(user: User, held: Membership, dates: Dates, moment: Moment) -> Term:
    """What has begun keeps its opening; what has not may begin on another day (R16)."""
    if held.term.meet(user.account.term).start > moment.instant:
        said = held.term.opening if not held.has_begun(moment.instant) else None
        return moment.within(user.account.term, Dates(dates.opening or said, dates.closing))
    if dates.opening not in (None, held.term.opening):
        raise MembershipBegunAlready()
    if dates.closing is None:
        return Term(held.term.start, None, held.term.opening, None)
    moment.require_inside(user.account.term, dates.closing)
    return moment.reaching(held.term, dates.closing)


def _meets_another(user: User, held: Membership, term: Term) -> bool:
    others = (other for other in user.account.memberships if other.number != held.number)
    whole = term.meet(user.account.term)
    return any(other.place == held.place and other.term.overlaps(whole) for other in others)


def _live(user: User, number: int, at: datetime) -> Membership:
    held = user.membership(number)
    if held not in user.account.live(at):
        raise MembershipOver()
    return held


def remove(
    organization: Organization, acting: Acting, user: User | None, asked: GroupRemoval, moment: Moment
) -> list[Event]:
    """The membership ends now; withdrawing is possible whatever became of the agreement (R2, R25)."""
    target = authority.known(acting, user, organization, moment.instant)
    authority.require_on(acting, Act.WITHDRAW, target, organization, moment.instant)
    held = _live(target, asked.membership, moment.instant)
    authority.require_places(acting, [held.place])
    return ending.membership(target, held, moment)


def assign_role(
    organization: Organization,
    catalog: Catalog,
    acting: Acting,
    user: User,
    number: int,
    document: Paper,
    at: datetime,
) -> list[Event]:
    """The role of that very membership, on the document returned; it needs what giving needs (R2, R3, R17, R26)."""
    held = waiting(user, number, at)
    authority.require_possible(Act.GRANT, organization)
    _require_given(organization, catalog, acting, user, held.place, at)
    return [RoleAssigned(user.id, held.number, document.seal)]


def refuse_role(user: User, number: int, reason: Reason, note: Paper | None, moment: Moment) -> list[Event]:
    """No role: the membership ends, and adding again would wait anew (R26)."""
    held = waiting(user, number, moment.instant)
    end, closing = moment.end_on(None)
    return [RoleRefused(user.id, held.number, reason.code, sealed(note), end, closing)]


def waiting(user: User, number: int, at: datetime) -> Membership:
    """The membership of that number, which must be waiting for its role (R26)."""
    held = _live(user, number, at)
    if not held.waiting:
        raise RoleNotAwaited()
    return held
