"""Who may administer and read what: the only place that knows (R28–R37).

What an actor may do is found anew at each act, from the seat and the delegation as the transaction loaded them. Every
act is a line of ``ALLOWED``; what a manager's scope adds to it stands in one function per question.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from enum import Enum

from attrs import frozen

from habilitation.domain.actors import Asking, Author, OperatorAgent
from habilitation.domain.events import (
    AccountClosed,
    AccountReopened,
    ManagerDelegated,
    MemberAdded,
    PersonErased,
    UserModified,
    UserRemoved,
    UserUnlocked,
)
from habilitation.domain.organization import Organization, SeatState
from habilitation.domain.refusals import (
    ActForbidden,
    ActorNotOpen,
    HolderProtected,
    OnAdministrator,
    OnManager,
    OnSelf,
    OutsideScope,
    Refusal,
    SeatHeld,
    UserUnknown,
)
from habilitation.domain.scope import NOTHING, Scope
from habilitation.domain.user import ACCOUNT_LIFECYCLE, Status, User
from habilitation.domain.values import AgreementId, Place


class Role(Enum):
    """What an actor is in an organization, at an instant."""

    OPERATOR = "operator"
    ADMINISTRATOR = "administrator"
    MANAGER = "manager"
    USER = "user"
    SERVICE = "service"


class Act(Enum):
    """What can be asked of the library; the values are the codes by which pages offer them."""

    CREATE = "create"
    MODIFY = "modify"
    CLOSE = "close"
    REOPEN = "reopen"
    REMOVE = "remove"
    ERASE = "erase"
    GRANT = "grant"
    WITHDRAW = "withdraw"
    GENERALIZE = "generalize"
    DELEGATE = "delegate"
    REVOKE = "revoke"
    UNLOCK = "unlock"
    OPERATE = "operate"
    CLAIM = "claim"
    READ = "read"
    AUDIT = "audit"
    LIST_USERS = "list-users"
    LIST_WAITING = "list-waiting"
    LIST_DELEGATIONS = "list-delegations"
    READ_OWN = "read-own"


PEOPLE = frozenset({Role.OPERATOR, Role.ADMINISTRATOR, Role.MANAGER})
ABOVE = frozenset({Role.OPERATOR, Role.ADMINISTRATOR})

ALLOWED: Mapping[Act, frozenset[Role]] = {
    Act.CREATE: PEOPLE,
    Act.MODIFY: PEOPLE,
    Act.CLOSE: PEOPLE,
    Act.REOPEN: ABOVE,
    Act.REMOVE: ABOVE,
    Act.ERASE: frozenset({Role.OPERATOR}),
    Act.GRANT: PEOPLE,
    Act.WITHDRAW: PEOPLE,
    Act.GENERALIZE: PEOPLE,
    Act.DELEGATE: ABOVE,
    Act.REVOKE: ABOVE,
    Act.UNLOCK: ABOVE,
    Act.OPERATE: frozenset({Role.OPERATOR}),
    Act.CLAIM: frozenset(),  # no role's: first credentials open the only session that claims (R5, R23)
    Act.READ: PEOPLE | {Role.USER},
    Act.AUDIT: ABOVE,
    Act.LIST_USERS: PEOPLE,
    Act.LIST_WAITING: PEOPLE,
    Act.LIST_DELEGATIONS: ABOVE,
    Act.READ_OWN: frozenset({Role.ADMINISTRATOR, Role.MANAGER, Role.USER}),
}

READING = frozenset({Act.READ, Act.AUDIT, Act.LIST_USERS, Act.LIST_WAITING, Act.LIST_DELEGATIONS, Act.READ_OWN})
ORDINARY = frozenset(Act) - READING - {Act.OPERATE, Act.ERASE, Act.CLAIM, Act.UNLOCK}
"""What belongs to the organization's own people while they have an administrator (R34)."""
ENDING = frozenset({Act.CLOSE, Act.REMOVE, Act.ERASE})
"""What cannot be done to the holder of the seat (R9)."""
OVER_ALL_MEMBERSHIPS = frozenset({Act.MODIFY, Act.CLOSE})
"""What a manager may do only where every live membership of the user lies in their scope (R29)."""


def _admitting(event: type) -> frozenset[Status]:
    return frozenset(status for status, admitted in ACCOUNT_LIFECYCLE if admitted is event)


ON_A_USER: Mapping[Act, frozenset[Status]] = {
    Act.MODIFY: _admitting(UserModified),
    Act.CLOSE: _admitting(AccountClosed),
    Act.REOPEN: _admitting(AccountReopened),
    Act.REMOVE: _admitting(UserRemoved),
    Act.ERASE: _admitting(PersonErased),
    Act.GRANT: _admitting(MemberAdded),
    Act.GENERALIZE: frozenset({Status.OPEN}),
    Act.DELEGATE: _admitting(ManagerDelegated),
    Act.REVOKE: _admitting(ManagerDelegated),
    Act.UNLOCK: _admitting(UserUnlocked),
}
"""The acts that a page offers on a user's row, and the statuses in which each is possible."""


@frozen
class Acting:
    """An actor as the transaction found it: who it is, what it is in the organization, and what it manages."""

    actor: Author | Asking
    role: Role
    user: User | None = None
    scope: Scope = NOTHING
    """What a manager manages at this instant (R32); nobody else's is looked at."""

    @property
    def author(self) -> Author:
        """Who the journal says did it; a service does nothing (R36)."""
        assert not isinstance(self.actor, Asking), "no act is a service's"
        return self.actor

    def is_user(self, user: User) -> bool:
        return self.user is not None and self.user.id == user.id


def acting(actor: Author | Asking, user: User | None, organization: Organization, at: datetime) -> Acting:
    """What the actor is at that instant; a user whose account is not open is refused (R32)."""
    if isinstance(actor, OperatorAgent):
        return Acting(actor, Role.OPERATOR)
    if isinstance(actor, Asking):
        return Acting(actor, Role.SERVICE)
    if user is None or not user.is_open(at):
        raise ActorNotOpen()
    if organization.is_held_by(user.id):
        return Acting(actor, Role.ADMINISTRATOR, user)
    scope = user.scope(at)
    return Acting(actor, Role.MANAGER, user, scope) if scope else Acting(actor, Role.USER, user)


def require(acting: Acting, act: Act, organization: Organization) -> None:
    """Refuse an act that is not of the actor's role; ordinary ones are the operator's only without a holder (R34)."""
    if acting.role not in ALLOWED[act]:
        raise ActForbidden(act.value)
    if acting.role is Role.OPERATOR and act in ORDINARY and organization.seat.state is SeatState.HELD:
        raise SeatHeld()


def require_on(acting: Acting, act: Act, target: User, organization: Organization, at: datetime) -> None:
    """Refuse an act on a user whom the actor may not act on: the seat's holder (R9), or beyond a manager (R29, R30)."""
    require(acting, act, organization)
    if act in ENDING and organization.is_held_by(target.id):
        raise HolderProtected()
    if acting.role is Role.MANAGER:
        _require_below(acting, target, organization, at)
        if act in OVER_ALL_MEMBERSHIPS:
            _require_all_in_scope(acting, target, at)


def _require_below(acting: Acting, target: User, organization: Organization, at: datetime) -> None:
    if acting.is_user(target):
        raise OnSelf()
    if organization.is_held_by(target.id):
        raise OnAdministrator()
    if target.delegation(at):
        raise OnManager()


def _require_all_in_scope(acting: Acting, target: User, at: datetime) -> None:
    live = target.account.live(at)
    if not live or not all(acting.scope.covers(membership.place) for membership in live):
        raise OutsideScope()


def reaches(acting: Acting, place: Place) -> bool:
    """Whether the actor could confer a membership in that place (R27, R32)."""
    return acting.role is not Role.MANAGER or acting.scope.covers(place)


def require_places(acting: Acting, places: Collection[Place]) -> None:
    """Refuse to confer or to withdraw beyond the actor's own scope as it is at that instant (R32)."""
    if not all(reaches(acting, place) for place in places):
        raise OutsideScope()


def require_agreement(acting: Acting, agreement: AgreementId) -> None:
    """Refuse a manager to create under an agreement that their scope does not touch (R29)."""
    if acting.role is Role.MANAGER and not acting.scope.touches(agreement):
        raise OutsideScope()


def known(acting: Acting, target: User | None, organization: Organization, at: datetime) -> User:
    """The user, if the actor may know of it; else it is missing, whether or not it exists (R37)."""
    if target is None or not may_know(acting, target, organization, at):
        raise UserUnknown()
    return target


def may_know(acting: Acting, target: User, organization: Organization, at: datetime) -> bool:
    """Whether the user's existence may be told: anybody knows of the administrator (R7), the rest is R36."""
    return organization.is_held_by(target.id) or may_read(acting, target, organization, at)


def may_read(acting: Acting, target: User, organization: Organization, at: datetime) -> bool:
    """Whether the actor may read the user's file (R36)."""
    match acting.role:
        case Role.OPERATOR | Role.ADMINISTRATOR:
            return True
        case Role.MANAGER:
            return acting.is_user(target) or _manages_near(acting.scope, target, organization, at)
        case _:
            return acting.is_user(target)


def reads_all(acting: Acting) -> bool:
    """Whether the actor may read all of the organization (R36)."""
    return acting.role in (Role.OPERATOR, Role.ADMINISTRATOR)


def _manages_near(scope: Scope, target: User, organization: Organization, at: datetime) -> bool:
    """Users of the agreements that the scope touches; the administrator is of every agreement (R10, R36)."""
    touched = (agreement for agreement in organization.agreements if scope.touches(agreement))
    return organization.is_held_by(target.id) or any(target.is_of(agreement, at) for agreement in touched)


def acts_on(acting: Acting, target: User, organization: Organization, at: datetime) -> tuple[Act, ...]:
    """The acts that the actor may do on that user as it is now: what a page offers on its row."""
    return tuple(act for act in ON_A_USER if _offered(acting, act, target, organization, at))


def _offered(acting: Acting, act: Act, target: User, organization: Organization, at: datetime) -> bool:
    gone = target.erased if act is Act.ERASE else target.removed
    if gone or target.status(at) not in ON_A_USER[act]:
        return False
    if act is Act.GENERALIZE:
        return _refusal(require, acting, act, organization) is None
    if act is Act.DELEGATE and organization.is_held_by(target.id):
        return False
    if act is Act.REVOKE and target.delegation(at) is None:
        return False
    return _refusal(require_on, acting, act, target, organization, at) is None


def _refusal(check: Callable[..., None], *arguments: object) -> Refusal | None:
    try:
        check(*arguments)
    except Refusal as refusal:
        return refusal
    return None
