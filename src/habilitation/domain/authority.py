"""Who may administer and read what: the only place that knows (R9, R28–R37).

What an actor may do is found anew at each act, from the seat and the delegation as the transaction loaded them. The
tables of ``acts`` say whose each act is and in which states it is possible; what a manager's scope adds stands here, in
one function per question.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime

from attrs import frozen

from habilitation.domain.actors import Asking, Author, OperatorAgent, Side
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
from habilitation.domain.organization import Agreement, Control, Organization, OrganizationState, SeatState
from habilitation.domain.refusals import (
    AccountIsClosed,
    AccountIsSuspended,
    AccountNotOpenYet,
    ActForbidden,
    ActorNotOpen,
    ControlIsTaken,
    HolderProtected,
    OnAdministrator,
    OnManager,
    OnSelf,
    OrganizationIsClosed,
    OrganizationIsSuspended,
    OutsideScope,
    Refusal,
    SeatHeld,
    UserUnknown,
)
from habilitation.domain.scope import NOTHING, Scope
from habilitation.domain.user import Membership, Status, User
from habilitation.domain.values import AgreementId, Place


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
    """What the actor is then; refused to a user who is not open (R17, R32), or whose organization is closed (R1)."""
    if isinstance(actor, OperatorAgent):
        return Acting(actor, Role.OPERATOR)
    if isinstance(actor, Asking):
        return Acting(actor, Role.SERVICE)
    if organization.state is OrganizationState.CLOSED:
        raise OrganizationIsClosed()
    if user is None or not user.is_open(at):
        raise ActorNotOpen()
    if organization.is_held_by(user.id):
        return Acting(actor, Role.ADMINISTRATOR, user)
    scope = user.scope(at)
    return Acting(actor, Role.MANAGER, user, scope) if scope else Acting(actor, Role.USER, user)


def require(acting: Acting, act: Act, organization: Organization) -> None:
    """Refuse an act that is not of the actor's role, or not possible as the organization is (R1, R2, R34)."""
    if acting.role not in ALLOWED[act]:
        raise ActForbidden(act.value)
    require_possible(act, organization)
    if acting.role is Role.OPERATOR:
        _require_in_place(act, organization)
    else:
        require_own_control(act, organization)


def require_possible(act: Act, organization: Organization) -> None:
    """Refuse what a suspended organization (R2, R33) or a closed one (R1) does not admit."""
    if organization.state not in POSSIBLE[act].organization:
        raise _BARRED[organization.state]()


_BARRED: Mapping[OrganizationState, Callable[[], Refusal]] = {
    OrganizationState.SUSPENDED: OrganizationIsSuspended,
    OrganizationState.CLOSED: OrganizationIsClosed,
}


def require_own_control(act: Act, organization: Organization) -> None:
    """Refuse to the organization's people what they do no more while control is taken (R34)."""
    if organization.control not in CONTROLLED[act]:
        raise ControlIsTaken()


def _require_in_place(act: Act, organization: Organization) -> None:
    if act in ORDINARY and not in_place(organization):
        raise SeatHeld()


def in_place(organization: Organization) -> bool:
    """Whether the operator administers in the organization's place: control is taken, or no seat is held (R34)."""
    return organization.control is Control.TAKEN or organization.seat.state is not SeatState.HELD


def require_on(acting: Acting, act: Act, target: User, organization: Organization, at: datetime) -> None:
    """Refuse an act on a user whom the actor may not act on: the seat's holder (R9), or beyond a manager (R29, R30)."""
    require(acting, act, organization)
    _require_reach(acting.role, act, standing(acting, target, organization, at))


@frozen
class Standing:
    """What decides which acts an actor may do on a user: who stand alike are offered the same."""

    status: Status
    """That of the account, which ended with its organization (R1, R15)."""
    removed: bool
    erased: bool
    suspended: frozenset[Side]
    holds_seat: bool
    manages: bool
    """Whether a delegation is current or to come (R30)."""
    acts: bool
    """Whether it is the actor."""
    covered: bool
    """Whether the actor, if a manager, manages each live membership, and there is one (R29)."""


def standing(acting: Acting, target: User, organization: Organization, at: datetime) -> Standing:
    """How the user stands to the actor at that instant."""
    return Standing(
        status_in(organization, target, at),
        target.removed,
        target.erased,
        target.suspended,
        organization.is_held_by(target.id),
        target.delegation(at) is not None,
        acting.is_user(target),
        acting.role is not Role.MANAGER or _covers_all(acting.scope, target.account.live(at)),
    )


def _covers_all(scope: Scope, live: Collection[Membership]) -> bool:
    return bool(live) and all(scope.covers(membership.place) for membership in live)


def _require_reach(role: Role, act: Act, target: Standing) -> None:
    if target.holds_seat and role in PROTECTED.get(act, ()):
        raise HolderProtected()
    if role is Role.MANAGER:
        _require_below(target)
        if act in OVER_ALL_MEMBERSHIPS and not target.covered:
            raise OutsideScope()


def _require_below(target: Standing) -> None:
    if target.acts:
        raise OnSelf()
    if target.holds_seat:
        raise OnAdministrator()
    if target.manages:
        raise OnManager()


def require_conferrable(act: Act, agreement: Agreement, places: Collection[Place], at: datetime) -> None:
    """Refuse to confer by that act under an agreement not in force, or a group not open under it (R2, R3, R33)."""
    agreement.require(POSSIBLE[act].agreement, at)
    for place in places:
        agreement.require_open(place.group, POSSIBLE[act].group)


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


def may_look(acting: Acting) -> bool:
    """Whether the actor may see the organization itself and its agreements (R36, R37)."""
    return acting.role in ALLOWED[Act.READ]


def _manages_near(scope: Scope, target: User, organization: Organization, at: datetime) -> bool:
    """Users of the agreements that the scope touches; the administrator is of every agreement (R10, R36)."""
    touched = (agreement for agreement in organization.agreements if scope.touches(agreement))
    return organization.is_held_by(target.id) or any(target.is_of(agreement, at) for agreement in touched)


def acts_on_users(acting: Acting, organization: Organization) -> tuple[Act, ...]:
    """The acts on users that are of the actor's role, and possible as the organization is: some user may admit them."""
    return tuple(act for act in ON_A_USER if _refusal(require, acting, act, organization) is None)


def acts_on(acting: Acting, among: Iterable[Act], target: Standing, organization: Organization) -> tuple[Act, ...]:
    """Those of ``acts_on_users`` that the actor may do on a user who stands so: what a page offers on its row."""
    possible = (act for act in among if target.status in POSSIBLE[act].account)
    return tuple(act for act in possible if _offered(acting, act, target, organization))


def _offered(acting: Acting, act: Act, target: Standing, organization: Organization) -> bool:
    if target.erased if act is Act.ERASE else target.removed:
        return False
    return act is Act.GENERALIZE or (
        _is_due(acting, act, target, organization) and _refusal(_require_reach, acting.role, act, target) is None
    )


def _is_due(acting: Acting, act: Act, target: Standing, organization: Organization) -> bool:
    """Whether the act would change anything."""
    match act:
        case Act.SUSPEND:
            return side(acting) not in target.suspended
        case Act.REINSTATE:
            return bool(target.suspended & liftable(acting, organization))
        case Act.DELEGATE:
            return not target.holds_seat
        case Act.REVOKE:
            return target.manages
        case _:
            return True


def _refusal(check: Callable[..., None], *arguments: object) -> Refusal | None:
    try:
        check(*arguments)
    except Refusal as refusal:
        return refusal
    return None


def side(acting: Acting) -> Side:
    """Whose suspension the actor makes: who acts decides which fact it is (R17)."""
    return Side.OPERATOR if acting.role is Role.OPERATOR else Side.ORGANIZATION


def liftable(acting: Acting, organization: Organization) -> frozenset[Side]:
    """Each side lifts its own; the operator also the organization's, while administering in its place (R17, R34)."""
    own = frozenset({side(acting)})
    return own | {Side.ORGANIZATION} if acting.role is Role.OPERATOR and in_place(organization) else own


def status_in(organization: Organization, user: User, at: datetime) -> Status:
    """The status of the account, which ended with its organization (R1, R15)."""
    return Status.CLOSED if organization.state is OrganizationState.CLOSED else user.status(at)


def require_open(user: User, organization: Organization | None, at: datetime) -> None:
    """Tell whoever proved to be this user why nobody is let in (R1, R15, R17, R22)."""
    status = user.status(at)
    if status is Status.CLOSED or organization is None or organization.state is OrganizationState.CLOSED:
        raise AccountIsClosed()
    if status is Status.SUSPENDED:
        raise AccountIsSuspended()
    if status is Status.PENDING:
        raise AccountNotOpenYet(user.account.term.opening)
