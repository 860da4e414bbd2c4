"""Who may administer and read what: the only place that knows (R28–R37).

What an actor may do is found anew at each act, from the seat and the delegation as the transaction loaded them. Every
act is a line of ``ALLOWED``; what a manager's scope adds to it stands in one function per question.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from enum import Enum

from attrs import frozen

from habilitation.domain.actors import Asking, Author, Member, OperatorAgent
from habilitation.domain.events import (
    AccountClosed,
    AccountReopened,
    ManagerDelegated,
    MemberAdded,
    UserModified,
    UserRemoved,
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
from habilitation.domain.scope import Scope
from habilitation.domain.user import ACCOUNT_LIFECYCLE, User
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
    GRANT = "grant"
    WITHDRAW = "withdraw"
    GENERALIZE = "generalize"
    DELEGATE = "delegate"
    REVOKE = "revoke"
    OPERATE = "operate"
    LIST_USERS = "list-users"
    LIST_WAITING = "list-waiting"


PEOPLE = frozenset({Role.OPERATOR, Role.ADMINISTRATOR, Role.MANAGER})
ABOVE = frozenset({Role.OPERATOR, Role.ADMINISTRATOR})

ALLOWED: Mapping[Act, frozenset[Role]] = {
    Act.CREATE: PEOPLE,
    Act.MODIFY: PEOPLE,
    Act.CLOSE: PEOPLE,
    Act.REOPEN: ABOVE,
    Act.REMOVE: ABOVE,
    Act.GRANT: PEOPLE,
    Act.WITHDRAW: PEOPLE,
    Act.GENERALIZE: PEOPLE,
    Act.DELEGATE: ABOVE,
    Act.REVOKE: ABOVE,
    Act.OPERATE: frozenset({Role.OPERATOR}),
    Act.LIST_USERS: PEOPLE,
    Act.LIST_WAITING: PEOPLE,
}

READING = frozenset({Act.LIST_USERS, Act.LIST_WAITING})
ORDINARY = frozenset(Act) - READING - {Act.OPERATE}
"""What belongs to the organization's own people while they have an administrator (R34)."""
ENDING = frozenset({Act.CLOSE, Act.REMOVE})
"""What cannot be done to the holder of the seat (R9)."""
OVER_ALL_MEMBERSHIPS = frozenset({Act.MODIFY, Act.CLOSE})
"""What a manager may do only where every live membership of the user lies in their scope (R29)."""
ON_A_USER: Mapping[Act, type] = {
    Act.MODIFY: UserModified,
    Act.CLOSE: AccountClosed,
    Act.REOPEN: AccountReopened,
    Act.REMOVE: UserRemoved,
    Act.GRANT: MemberAdded,
    Act.GENERALIZE: MemberAdded,
    Act.DELEGATE: ManagerDelegated,
    Act.REVOKE: ManagerDelegated,
}
"""The acts that a page offers on a user's row, each with the fact that the account's lifecycle must admit."""


@frozen
class Acting:
    """An actor as the transaction found it: who it is, and its account, if it is a user."""

    actor: Author | Asking
    user: User | None = None

    @property
    def author(self) -> Author:
        """Who the journal says did it; a service does nothing (R36)."""
        if isinstance(self.actor, Asking):
            raise ActForbidden("act")
        return self.actor

    def is_user(self, user: User) -> bool:
        return self.user is not None and self.user.id == user.id


def role(acting: Acting, organization: Organization, at: datetime) -> Role:
    """What the actor is at that instant; a user whose account is not open is refused (R32)."""
    if isinstance(acting.actor, OperatorAgent):
        return Role.OPERATOR
    if isinstance(acting.actor, Asking):
        return Role.SERVICE
    if acting.user is None or not acting.user.is_open(at):
        raise ActorNotOpen()
    if organization.is_held_by(acting.user.id):
        return Role.ADMINISTRATOR
    return Role.MANAGER if acting.user.scope(at) else Role.USER


def require(acting: Acting, act: Act, organization: Organization, at: datetime) -> None:
    """Refuse an act that is not of the actor's role; ordinary ones are the operator's only without a holder (R34)."""
    is_a = role(acting, organization, at)
    if is_a not in ALLOWED[act]:
        raise ActForbidden(act.value)
    if is_a is Role.OPERATOR and act in ORDINARY and organization.seat.state is SeatState.HELD:
        raise SeatHeld()


def require_on(acting: Acting, act: Act, target: User, organization: Organization, at: datetime) -> None:
    """Refuse an act on a user whom the actor may not act on: the seat's holder (R9), or beyond a manager (R29, R30)."""
    require(acting, act, organization, at)
    if act in ENDING and organization.is_held_by(target.id):
        raise HolderProtected()
    if role(acting, organization, at) is Role.MANAGER:
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
    if not live or not all(_scope(acting, at).covers(membership.place) for membership in live):
        raise OutsideScope()


def require_places(acting: Acting, places: Collection[Place], organization: Organization, at: datetime) -> None:
    """Refuse to confer or to withdraw beyond the actor's own scope as it is at that instant (R32)."""
    if role(acting, organization, at) is Role.MANAGER and not all(map(_scope(acting, at).covers, places)):
        raise OutsideScope()


def require_agreement(acting: Acting, agreement: AgreementId, organization: Organization, at: datetime) -> None:
    """Refuse a manager to create under an agreement that their scope does not touch (R29)."""
    if role(acting, organization, at) is Role.MANAGER and not _scope(acting, at).touches(agreement):
        raise OutsideScope()


def reaches(acting: Acting, place: Place, organization: Organization, at: datetime) -> bool:
    """Whether the actor could confer a membership in that place (R27, R32)."""
    return role(acting, organization, at) is not Role.MANAGER or _scope(acting, at).covers(place)


def _scope(acting: Acting, at: datetime) -> Scope:
    scope = acting.user.scope(at) if acting.user else None
    return scope if scope is not None else Scope(frozenset())


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
    match role(acting, organization, at):
        case Role.OPERATOR | Role.ADMINISTRATOR:
            return True
        case Role.MANAGER:
            return acting.is_user(target) or _manages_near(acting, target, organization, at)
        case _:
            return acting.is_user(target)


def _manages_near(acting: Acting, target: User, organization: Organization, at: datetime) -> bool:
    scope = _scope(acting, at)
    if organization.is_held_by(target.id):
        return True
    if target.agreement is not None and scope.touches(target.agreement):
        return True
    return any(scope.touches(membership.place.agreement) for membership in target.account.live(at))


def acts_on(acting: Acting, target: User, organization: Organization, at: datetime) -> tuple[Act, ...]:
    """The acts that the actor may do on that user as it is now: what a page offers on its row."""
    return tuple(act for act in ON_A_USER if _offered(acting, act, target, organization, at))


def _offered(acting: Acting, act: Act, target: User, organization: Organization, at: datetime) -> bool:
    if target.removed or (target.status(at), ON_A_USER[act]) not in ACCOUNT_LIFECYCLE:
        return False
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


def is_member_of(actor: Author | Asking, organization: Organization) -> bool:
    """Whether the organization is the actor's own; the operator and services have none (R37)."""
    return not isinstance(actor, Member) or actor.organization == organization.id
