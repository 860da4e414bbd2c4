"""A user and its account periods, each owning its memberships and its delegation (R14).

So closing is one fact, and reopening gives nothing back by construction. The lifecycle is a table.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from enum import Enum
from typing import Any

from attrs import evolve as changed
from attrs import frozen

from habilitation.domain.actors import Side
from habilitation.domain.email_change import EmailChange, EmailState
from habilitation.domain.events import (
    AccountClosed,
    AccountReopened,
    AccountRescheduled,
    CredentialsIssued,
    DelegationEnded,
    EmailChangeAsked,
    EmailChanged,
    EmailConfirmed,
    EmailCorrected,
    EmailKept,
    IdentityLinked,
    IdentityUnlinked,
    ManagerDelegated,
    MemberAdded,
    MembershipChanged,
    MembershipEnded,
    PasswordForced,
    PersonErased,
    RoleAssigned,
    RoleRefused,
    UserCreated,
    UserEvent,
    UserModified,
    UserReinstated,
    UserRemoved,
    UserSuspended,
    UserUnlocked,
    WorkstationChanged,
)
from habilitation.domain.period import Period, Term
from habilitation.domain.refusals import (
    MembershipUnknown,
    UserClosed,
    UserIsSuspended,
    UserNotClosed,
    UserNotOpen,
)
from habilitation.domain.scope import Scope
from habilitation.domain.values import AgreementId, Place, UserId


class Status(Enum):
    """What an account is at an instant: always derived, never stored (R15)."""

    PENDING = "pending"
    OPEN = "open"
    SUSPENDED = "suspended"
    CLOSED = "closed"


ACCOUNT_LIFECYCLE: Mapping[tuple[Status, type], Status] = {
    (Status.PENDING, UserModified): Status.PENDING,
    (Status.PENDING, AccountRescheduled): Status.PENDING,
    (Status.PENDING, EmailChangeAsked): Status.PENDING,
    (Status.PENDING, MemberAdded): Status.PENDING,
    (Status.PENDING, CredentialsIssued): Status.PENDING,
    (Status.PENDING, PasswordForced): Status.PENDING,
    (Status.PENDING, AccountClosed): Status.CLOSED,
    (Status.PENDING, UserRemoved): Status.CLOSED,
    (Status.PENDING, IdentityUnlinked): Status.PENDING,
    (Status.PENDING, UserSuspended): Status.SUSPENDED,
    (Status.OPEN, UserModified): Status.OPEN,
    (Status.OPEN, AccountRescheduled): Status.OPEN,
    (Status.OPEN, EmailChangeAsked): Status.OPEN,
    (Status.OPEN, MemberAdded): Status.OPEN,
    (Status.OPEN, ManagerDelegated): Status.OPEN,
    (Status.OPEN, UserUnlocked): Status.OPEN,
    (Status.OPEN, IdentityLinked): Status.OPEN,
    (Status.OPEN, IdentityUnlinked): Status.OPEN,
    (Status.OPEN, CredentialsIssued): Status.OPEN,
    (Status.OPEN, PasswordForced): Status.OPEN,
    (Status.OPEN, AccountClosed): Status.CLOSED,
    (Status.OPEN, UserRemoved): Status.CLOSED,
    (Status.OPEN, UserSuspended): Status.SUSPENDED,
    (Status.SUSPENDED, UserModified): Status.SUSPENDED,
    (Status.SUSPENDED, IdentityUnlinked): Status.SUSPENDED,
    (Status.SUSPENDED, PasswordForced): Status.SUSPENDED,
    (Status.SUSPENDED, AccountRescheduled): Status.SUSPENDED,
    (Status.SUSPENDED, EmailChangeAsked): Status.SUSPENDED,
    (Status.SUSPENDED, AccountClosed): Status.CLOSED,
    (Status.SUSPENDED, UserRemoved): Status.CLOSED,
    (Status.SUSPENDED, UserSuspended): Status.SUSPENDED,
    (Status.SUSPENDED, UserReinstated): Status.OPEN,
    (Status.CLOSED, AccountReopened): Status.OPEN,
    (Status.CLOSED, UserRemoved): Status.CLOSED,
    (Status.CLOSED, PersonErased): Status.CLOSED,
    (Status.CLOSED, UserReinstated): Status.CLOSED,
    (Status.CLOSED, IdentityUnlinked): Status.CLOSED,
}
"""What each status admits, and the status after it where nothing is asked for a later day and no suspension is left."""


@frozen
class Membership:
    """A user in a group of an agreement, over a term; it may wait for its role (R25, R26)."""

    number: int
    place: Place
    term: Term
    waiting: bool
    assigned: datetime | None = None
    """When the operator gave the role, where one was needed."""

    def has_begun(self, at: datetime) -> bool:
        return self.term.start <= at

    @property
    def conferring(self) -> Period:
        """Since when and until when it can give access: never before its role was assigned (I4)."""
        if self.assigned is None or self.assigned <= self.term.start:
            return self.term
        return Period(self.assigned, self.term.end)


@frozen
class Delegation:
    """What makes a user a manager: a scope over a term (R28)."""

    scope: Scope
    term: Term


@frozen
class Account:
    """One period of a user's account, with all that was given in it."""

    term: Term
    memberships: tuple[Membership, ...] = ()
    delegation: Delegation | None = None

    def status(self, at: datetime) -> Status:
        if self.term.over(at):
            return Status.CLOSED
        return Status.OPEN if self.term.start <= at else Status.PENDING

    def live(self, at: datetime) -> list[Membership]:
        """The memberships that are current, waiting or to come: none once the account is closed (R14)."""
        if self.term.over(at):
            return []
        return [membership for membership in self.memberships if not membership.term.meet(self.term).over(at)]


@frozen
class User:
    """A person's account in one organization. Who that person is stands outside, in a ``Person`` (R41)."""

    id: UserId
    agreement: AgreementId | None
    """The agreement that the user was created under; none for one who claimed the seat."""
    mobile: bool
    accounts: tuple[Account, ...]
    removed: bool = False
    erased: bool = False
    """Nothing tells any more who that person was, and nothing can (R18)."""
    suspended: frozenset[Side] = frozenset()
    """Whose suspensions stand: either is enough, and no closing or reopening lifts one (R17)."""
    interruptions: tuple[datetime, ...] = ()
    """When a suspension was made or lifted: a session outlives none of it (R23)."""
    email_change: EmailChange | None = None
    """The latest change of address, whatever became of it (R13)."""
    address: int = 0
    """The number of the change that the present address came with; 0 for the first one."""

    @property
    def account(self) -> Account:
        """The latest account period."""
        return self.accounts[-1]

    @property
    def spell(self) -> int:
        """Which stretch of the account this is: closing, reopening and suspension begin another (R23)."""
        return len(self.accounts) + len(self.interruptions)

    def status(self, at: datetime) -> Status:
        """*Closed*, else *suspended*, else *pending*, else *open* (R15)."""
        status = Status.CLOSED if self.removed else self.account.status(at)
        return Status.SUSPENDED if self.suspended and status is not Status.CLOSED else status

    def is_open(self, at: datetime) -> bool:
        return self.status(at) is Status.OPEN

    def membership(self, number: int) -> Membership:
        """The membership of that number, in the latest account period."""
        for membership in self.account.memberships:
            if membership.number == number:
                return membership
        raise MembershipUnknown()

    def is_member(self, place: Place, period: Period) -> bool:
        """Whether a membership in that place meets the period, within the account (R25)."""
        whole = period.meet(self.account.term)
        return any(held.place == place and held.term.overlaps(whole) for held in self.account.memberships)

    def is_in(self, place: Place, at: datetime) -> bool:
        """Whether a live membership in that place has begun, be it waiting for its role."""
        return any(held.place == place and held.has_begun(at) for held in self.account.live(at))

    def is_of(self, agreement: AgreementId, at: datetime) -> bool:
        """Whether the user was created under the agreement or has a live membership in it (R10)."""
        return self.agreement == agreement or any(m.place.agreement == agreement for m in self.account.live(at))

    def next_number(self) -> int:
        return sum(len(account.memberships) for account in self.accounts) + 1

    def delegation(self, at: datetime) -> Delegation | None:
        """The delegation that is current or to come: what protects a manager (R30)."""
        held = self.account.delegation
        if held is None or self.removed or held.term.meet(self.account.term).over(at):
            return None
        return held

    def scope(self, at: datetime) -> Scope | None:
        """What the user manages at that instant, if anything (R28, R32)."""
        held = self.delegation(at)
        return held.scope if held and held.term.contains(at) and self.is_open(at) else None


def require_admits(user: User, event: type, at: datetime) -> None:
    """Refuse what the account's status does not admit at that instant (R14)."""
    status = user.status(at)
    if (status, event) in ACCOUNT_LIFECYCLE:
        return
    if status is Status.CLOSED:
        raise UserClosed()
    admitted_closed = (Status.CLOSED, event) in ACCOUNT_LIFECYCLE
    if status is Status.SUSPENDED and not admitted_closed:
        raise UserIsSuspended(min(side.value for side in user.suspended))
    raise UserNotClosed() if admitted_closed else UserNotOpen()


def evolve(user: User | None, event: UserEvent, at: datetime) -> User:
    """The user after the event: the only way in which a user changes."""
    if isinstance(event, UserCreated):
        return User(event.user, event.agreement, event.mobile, (Account(event.term),))
    assert user is not None, "a user's events begin with its creation"
    return _AFTER[type(event)](user, event, at)


def _in_account(user: User, **changes: Any) -> User:
    return changed(user, accounts=(*user.accounts[:-1], changed(user.account, **changes)))


def _in_membership(user: User, number: int, **changes: Any) -> User:
    memberships = (changed(m, **changes) if m.number == number else m for m in user.account.memberships)
    return _in_account(user, memberships=tuple(memberships))


def _rescheduled(user: User, event: AccountRescheduled, at: datetime) -> User:
    return _in_account(user, term=event.term)


def _closed(user: User, event: AccountClosed, at: datetime) -> User:
    term = user.account.term
    return _in_account(user, term=Term(term.start, event.end, term.opening, event.closing))


def _reopened(user: User, event: AccountReopened, at: datetime) -> User:
    return changed(_email_moved(user, event, at), accounts=(*user.accounts, Account(event.term)))


def _suspended(user: User, event: UserSuspended, at: datetime) -> User:
    return changed(user, suspended=user.suspended | {event.side}, interruptions=(*user.interruptions, at))


def _reinstated(user: User, event: UserReinstated, at: datetime) -> User:
    return changed(user, suspended=user.suspended - {event.side}, interruptions=(*user.interruptions, at))


def _member_added(user: User, event: MemberAdded, at: datetime) -> User:
    added = Membership(event.number, event.place, event.term, event.waiting)
    account = user.account
    account = Account(account.term, (*account.memberships, added), account.delegation)
    return User(
        user.id,
        user.agreement,
        user.mobile,
        (*user.accounts[:-1], account),
        user.removed,
        user.erased,
        user.suspended,
        user.interruptions,
        user.email_change,
        user.address,
    )


def _email_moved(user: User, event: UserEvent, at: datetime) -> User:
    return changed(user, email_change=user.email_change and user.email_change.after(type(event)))


def _email_changed(user: User, event: EmailChanged, at: datetime) -> User:
    return changed(_email_moved(user, event, at), address=event.change)


def _email_corrected(user: User, event: EmailCorrected, at: datetime) -> User:
    done = EmailChange(event.change, own=False, state=EmailState.CHANGED)
    return changed(user, email_change=done, address=event.change)


def _membership_ended(user: User, event: MembershipEnded | RoleRefused, at: datetime) -> User:
    term = user.membership(event.number).term.ending(event.end, event.closing)
    return _in_membership(user, event.number, term=term)


def _role_assigned(user: User, event: RoleAssigned, at: datetime) -> User:
    return _in_membership(user, event.number, waiting=False, assigned=at)


def _delegation_ended(user: User, event: DelegationEnded, at: datetime) -> User:
    held = user.account.delegation
    assert held is not None, "only a delegation that was given can end"
    return _in_account(user, delegation=Delegation(held.scope, held.term.ending(event.end, event.closing)))


_AFTER: Mapping[type, Callable[[User, Any, datetime], User]] = {
    UserModified: lambda user, event, at: user,
    CredentialsIssued: lambda user, event, at: user,
    UserUnlocked: lambda user, event, at: user,
    IdentityLinked: lambda user, event, at: user,
    IdentityUnlinked: lambda user, event, at: user,
    PasswordForced: lambda user, event, at: user,
    EmailChangeAsked: lambda user, event, at: changed(user, email_change=EmailChange(event.change, event.own)),
    EmailConfirmed: _email_moved,
    EmailChanged: _email_changed,
    EmailCorrected: _email_corrected,
    EmailKept: _email_moved,
    WorkstationChanged: lambda user, event, at: changed(user, mobile=event.mobile),
    AccountRescheduled: _rescheduled,
    AccountClosed: _closed,
    AccountReopened: _reopened,
    UserSuspended: _suspended,
    UserReinstated: _reinstated,
    UserRemoved: lambda user, event, at: changed(user, removed=True),
    PersonErased: lambda user, event, at: changed(user, removed=True, erased=True),
    MemberAdded: _member_added,
    MembershipChanged: lambda user, event, at: _in_membership(user, event.number, term=event.term),
    MembershipEnded: _membership_ended,
    RoleAssigned: _role_assigned,
    RoleRefused: _membership_ended,
    ManagerDelegated: lambda user, event, at: _in_account(user, delegation=Delegation(event.scope, event.term)),
    DelegationEnded: _delegation_ended,
}
