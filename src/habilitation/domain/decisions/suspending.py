"""A user suspended as a precaution, and reinstated: by either side, each its own (R9, R17, R33)."""

from __future__ import annotations

from habilitation.domain import authority
from habilitation.domain.actors import Side
from habilitation.domain.acts import Act
from habilitation.domain.authority import Acting
from habilitation.domain.events import Event, UserReinstated, UserSuspended
from habilitation.domain.moment import Moment
from habilitation.domain.organization import Organization
from habilitation.domain.refusals import UserIsSuspended, UserNotSuspended
from habilitation.domain.requests import UserSuspension
from habilitation.domain.user import User, require_admits
from habilitation.domain.values import Paper, sealed


def suspend(
    organization: Organization,
    acting: Acting,
    user: User | None,
    asked: UserSuspension,
    note: Paper | None,
    moment: Moment,
) -> list[Event]:
    """The user neither acts nor has access while the suspension of the actor's side stands, or the other's (R17)."""
    target = authority.known(acting, user, organization, moment.instant)
    authority.require_on(acting, Act.SUSPEND, target, organization, moment.instant)
    require_admits(target, UserSuspended, moment.instant)
    side = authority.side(acting)
    if side in target.suspended:
        raise UserIsSuspended(side.value)
    return [UserSuspended(target.id, side, asked.reason.code, sealed(note))]


def reinstate(organization: Organization, acting: Acting, user: User | None, moment: Moment) -> list[Event]:
    """The suspension of the actor's side is lifted (R17).

    The operator, while administering in the organization's place, lifts the organization's where none of its own stands
    (R34).
    """
    target = authority.known(acting, user, organization, moment.instant)
    authority.require_on(acting, Act.REINSTATE, target, organization, moment.instant)
    own = authority.side(acting)
    lifted = own if own in target.suspended else Side.ORGANIZATION
    if lifted not in target.suspended & authority.liftable(acting, organization):
        raise UserNotSuspended(own.value)
    return [UserReinstated(target.id, lifted)]
