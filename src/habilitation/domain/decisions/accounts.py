"""Users: created, modified, closed, reopened, removed (R10, R11, R14–R16, R18)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from habilitation.domain import authority
from habilitation.domain.acts import Act
from habilitation.domain.authority import Acting
from habilitation.domain.catalog import Catalog
from habilitation.domain.decisions import ending, groups
from habilitation.domain.events import (
    AccountClosed,
    AccountReopened,
    AccountRescheduled,
    CredentialsIssued,
    Event,
    MemberAdded,
    UserCreated,
    UserModified,
    UserRemoved,
    UserUnlocked,
    WorkstationChanged,
)
from habilitation.domain.moment import Moment
from habilitation.domain.organization import Organization
from habilitation.domain.period import Dates, Term
from habilitation.domain.refusals import (
    AccountOpenedAlready,
    EmailTaken,
    HolderProtected,
    UserRemovedAlready,
)
from habilitation.domain.requests import Closing, NewUser, Reopening, UserChanges
from habilitation.domain.user import Status, User, require_admits
from habilitation.domain.values import Person, Place, UserId


def create(
    organization: Organization,
    catalog: Catalog,
    acting: Acting,
    asked: NewUser,
    id: UserId,
    same_email: Iterable[User],
    moment: Moment,
) -> list[Event]:
    """A new account under an agreement, with the groups ticked, all within the actor's scope (R10, R29, R32)."""
    authority.require(acting, Act.CREATE, organization)
    agreement = organization.agreement(asked.agreement)
    authority.require_agreement(acting, agreement.id)
    places = [Place(agreement.id, group) for group in dict.fromkeys(asked.groups)]
    groups.require_conferrable(organization, catalog, acting, Act.CREATE, places, moment.instant)
    authority.require_conferrable(Act.CREATE, agreement, (), moment.instant)
    term = moment.term(asked.dates)
    require_email_free(same_email, None, moment.instant)
    created = UserCreated(id, agreement.id, term, asked.mobile)
    return [created, *groups.ticked(catalog, id, places, moment)]


def require_email_free(same_email: Iterable[User], owner: UserId | None, at: datetime) -> None:
    """Refuse an e-mail that another user who is not closed has, as of the instant of the act (R11)."""
    if any(user.id != owner and user.status(at) is not Status.CLOSED for user in same_email):
        raise EmailTaken()


def modifiable(organization: Organization, acting: Acting, user: User | None, at: datetime) -> User:
    """The user, if the actor may modify it and it is not closed (R14, R29)."""
    target = authority.known(acting, user, organization, at)
    authority.require_on(acting, Act.MODIFY, target, organization, at)
    require_admits(target, UserModified, at)
    return target


def oneself(organization: Organization, acting: Acting) -> User:
    """The acting user, who may modify the own account whatever else is allowed: it confers no right (R14, R32)."""
    authority.require(acting, Act.MODIFY_OWN, organization)
    assert acting.user is not None, "roles of an organization are its users'"
    return acting.user


def modify(
    organization: Organization,
    user: User,
    asked: UserChanges,
    before: Person | None,
    after: Person | None,
    moment: Moment,
) -> list[Event]:
    """The details that differ, the workstation and the dates; nothing if nothing differs (R14)."""
    events: list[Event] = []
    if asked.dates is not None:
        events += _rescheduled(organization, user, asked.dates, moment)
    details = _differing(before, after)
    if details:
        events.append(UserModified(user.id, details))
    if asked.mobile is not None and asked.mobile is not user.mobile:
        events.append(WorkstationChanged(user.id, asked.mobile))
    return events


def _differing(before: Person | None, after: Person | None) -> tuple[str, ...]:
    names = ("last_name", "first_name", "phone")
    return tuple(name for name in names if getattr(before, name, None) != getattr(after, name, None))


def _rescheduled(organization: Organization, user: User, dates: Dates, moment: Moment) -> list[Event]:
    """New dates for an account that is pending or open; what has begun keeps its opening (R14, R16)."""
    before = user.account.term
    opening = dates.opening or before.opening
    if user.account.status(moment.instant) is Status.OPEN and opening != before.opening:
        raise AccountOpenedAlready()
    if dates.closing is not None and organization.is_held_by(user.id):
        raise HolderProtected()
    term = _moved(before, Dates(opening, dates.closing), moment)
    if term == before:
        return []
    if not term.within(before):
        _require_lengthened(organization, user, moment.instant)
    return [*ending.left_out(user, term, moment), AccountRescheduled(user.id, term)]


def _require_lengthened(organization: Organization, user: User, at: datetime) -> None:
    """A longer account gives longer memberships: only where something could be given (R2, R17, R33)."""
    authority.require_possible(Act.GRANT, organization)
    require_admits(user, MemberAdded, at)


def _moved(before: Term, dates: Dates, moment: Moment) -> Term:
    if dates.opening != before.opening:
        return moment.term(dates)
    if dates.closing == before.closing:
        return before
    if dates.closing is None:
        return Term(before.start, None, before.opening, None)
    return moment.reaching(before, dates.closing)


def close(organization: Organization, acting: Acting, user: User | None, asked: Closing, moment: Moment) -> list[Event]:
    """The account period ends, now or on a day to come; closing a pending account cancels it (R9, R14, R16)."""
    target = authority.known(acting, user, organization, moment.instant)
    authority.require_on(acting, Act.CLOSE, target, organization, moment.instant)
    require_admits(target, AccountClosed, moment.instant)
    if asked.on != moment.today:
        moment.require_after_opening(target.account.term, asked.on)
    return ending.account(target, moment, asked.on)


def reopenable(organization: Organization, acting: Acting, user: User | None, at: datetime) -> User:
    """The user, if the actor may reopen it and it is closed, but not removed (R14, R18)."""
    target = authority.known(acting, user, organization, at)
    authority.require_on(acting, Act.REOPEN, target, organization, at)
    if target.removed:
        raise UserRemovedAlready()
    require_admits(target, AccountReopened, at)
    return target


def reopen(user: User, asked: Reopening, same_email: Iterable[User], generation: int, moment: Moment) -> list[Event]:
    """A new period that has nothing of the former one, and first credentials sent again (R11, R14)."""
    term = moment.term(asked.dates)
    require_email_free(same_email, user.id, moment.instant)
    return [AccountReopened(user.id, term), CredentialsIssued(user.id, generation)]


def remove(organization: Organization, acting: Acting, user: User | None, moment: Moment) -> list[Event]:
    """Closed if it was not, and off the lists for good (R9, R18)."""
    target = authority.known(acting, user, organization, moment.instant)
    authority.require_on(acting, Act.REMOVE, target, organization, moment.instant)
    if target.removed:
        raise UserRemovedAlready()
    closing = ending.account(target, moment) if target.status(moment.instant) is not Status.CLOSED else []
    return [*closing, UserRemoved(target.id)]


def unlock(organization: Organization, acting: Acting, user: User | None, at: datetime) -> list[Event]:
    """What failed with the user's login is forgotten, if anybody can sign in with it (R22)."""
    target = authority.known(acting, user, organization, at)
    authority.require_on(acting, Act.UNLOCK, target, organization, at)
    require_admits(target, UserUnlocked, at)
    return [UserUnlocked(target.id)]
