"""Generalizing to all: what the guide's menu entry means (R27)."""

from __future__ import annotations

from attrs import frozen

from habilitation.domain import authority
from habilitation.domain.acts import Act
from habilitation.domain.authority import Acting
from habilitation.domain.catalog import Catalog
from habilitation.domain.decisions import groups
from habilitation.domain.events import Event
from habilitation.domain.moment import Moment
from habilitation.domain.organization import Organization
from habilitation.domain.refusals import Refusal, UserNotOfAgreement, UserNotOpen
from habilitation.domain.requests import Generalization, GroupAddition
from habilitation.domain.user import User, evolve
from habilitation.domain.values import GroupCode, Place, UserId


@frozen
class Outcome:
    """What generalizing gives one user: the groups gained, and the code of the first refusal, if any kept one out."""

    user: UserId
    gained: tuple[GroupCode, ...] = ()
    refused: str | None = None


def places(
    organization: Organization, acting: Acting, source: User | None, asked: Generalization, moment: Moment
) -> list[Place]:
    """The groups of that agreement in which one of its open users is or waits, as far as the actor's scope reaches."""
    at = moment.instant
    target = authority.known(acting, source, organization, at)
    authority.require(acting, Act.GENERALIZE, organization)
    agreement = organization.agreement(asked.agreement)
    authority.require_agreement(acting, agreement.id)
    authority.require_conferrable(Act.GENERALIZE, agreement, (), at)
    if not target.is_open(at):
        raise UserNotOpen()
    if not (organization.is_held_by(target.id) or target.is_of(agreement.id, at)):
        raise UserNotOfAgreement(agreement.id)
    held = (m for m in target.account.live(at) if m.place.agreement == agreement.id and (m.waiting or m.has_begun(at)))
    return [place for place in dict.fromkeys(m.place for m in held) if authority.reaches(acting, place)]


def for_one(
    organization: Organization, catalog: Catalog, acting: Acting, user: User, wanted: list[Place], moment: Moment
) -> tuple[list[Event], Outcome]:
    """Each group as if it were added alone: nobody is given what could not have been given one by one (R32)."""
    events: list[Event] = []
    refused: list[str] = []
    gained: list[GroupCode] = []
    for place in wanted:
        if user.is_in(place, moment.instant):
            continue
        asked = GroupAddition(organization.id, user.id, place.agreement, place.group)
        try:
            [added] = groups.add(organization, catalog, acting, user, asked, moment)
        except Refusal as refusal:
            refused.append(refusal.code)
        else:
            events.append(added)
            gained.append(place.group)
            user = evolve(user, added, moment.instant)
    return events, Outcome(user.id, tuple(gained), refused[0] if refused else None)
