"""Generalizing to all: what the guide's menu entry means (R27)."""

from __future__ import annotations

from attrs import frozen

from habilitation.domain import authority
from habilitation.domain.authority import Act, Acting
from habilitation.domain.catalog import Catalog
from habilitation.domain.decisions import groups
from habilitation.domain.events import Event, MemberAdded
from habilitation.domain.moment import Moment
from habilitation.domain.organization import Organization
from habilitation.domain.refusals import AlreadyMember, Refusal
from habilitation.domain.requests import Generalization, GroupAddition
from habilitation.domain.user import User, evolve
from habilitation.domain.values import GroupCode, Place, UserId


@frozen
class Outcome:
    """What generalizing gives one user: the groups gained, or the code of the refusal that kept them out."""

    user: UserId
    gained: tuple[GroupCode, ...] = ()
    refused: str | None = None


def places(
    organization: Organization, acting: Acting, source: User | None, asked: Generalization, moment: Moment
) -> list[Place]:
    """The groups of that agreement in which the user is or waits now, as far as the actor's scope reaches."""
    target = authority.known(acting, source, organization, moment.instant)
    authority.require(acting, Act.GENERALIZE, organization)
    organization.agreement(asked.agreement).require_current(moment.instant)
    now = (held.place for held in target.account.live(moment.instant) if held.term.contains(moment.instant))
    ours = (place for place in now if place.agreement == asked.agreement)
    return [place for place in ours if authority.reaches(acting, place)]


def for_one(
    organization: Organization, catalog: Catalog, acting: Acting, user: User, wanted: list[Place], moment: Moment
) -> tuple[list[Event], Outcome]:
    """Each group as if it were added alone: nobody is given what could not have been given one by one (R32)."""
    events: list[Event] = []
    for place in wanted:
        try:
            added = groups.add(organization, catalog, acting, user, _addition(organization, user, place), moment)
        except AlreadyMember:
            continue
        except Refusal as refusal:
            return [], Outcome(user.id, refused=refusal.code)
        events += added
        for event in added:
            assert isinstance(event, MemberAdded)
            user = evolve(user, event, moment.instant)
    return events, Outcome(user.id, tuple(event.place.group for event in events if isinstance(event, MemberAdded)))


def _addition(organization: Organization, user: User, place: Place) -> GroupAddition:
    return GroupAddition(organization.id, user.id, place.agreement, place.group)
