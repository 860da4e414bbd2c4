"""Erasing the person behind a closed account: by decision, or because its retention is over (R18, R41)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from attrs import fields

from habilitation.domain import authority
from habilitation.domain.acts import POSSIBLE, Act
from habilitation.domain.authority import Acting
from habilitation.domain.events import AdministratorAppointed, Event, PersonErased, SeatClaimed, SeatVacated
from habilitation.domain.journal import Record
from habilitation.domain.moment import Moment
from habilitation.domain.organization import Organization, OrganizationState
from habilitation.domain.refusals import PersonErasedAlready, UserNotClosed
from habilitation.domain.user import User
from habilitation.domain.values import Seal, UserId

RETENTION_OVER = "retention-over"
"""The reason of an erasure that nobody had to decide."""


def erase(organization: Organization, acting: Acting, user: User | None, reason: str, moment: Moment) -> list[Event]:
    """Never while the account is not closed, or holds the seat (R9, R18)."""
    target = authority.known(acting, user, organization, moment.instant)
    authority.require_on(acting, Act.ERASE, target, organization, moment.instant)
    if target.erased:
        raise PersonErasedAlready()
    if authority.status_in(organization, target, moment.instant) not in POSSIBLE[Act.ERASE].account:
        raise UserNotClosed()
    return [PersonErased(target.id, reason)]


def erase_due(
    organization: Organization, acting: Acting, user: User | None, retention: timedelta, moment: Moment
) -> list[Event]:
    """The same, if the account has been closed for that long by now; else nothing."""
    since = None if user is None or user.erased else closed_since(user, organization)
    if since is None or since + retention > moment.instant:
        return []
    return erase(organization, acting, user, RETENTION_OVER, moment)


def closed_since(user: User, organization: Organization) -> datetime | None:
    """When the latest account period ended, or is to end, be it with its organization (R1)."""
    ends = (user.account.term.end, ended(organization))
    return min((end for end in ends if end), default=None)


def ended(organization: Organization) -> datetime | None:
    """When the organization was closed."""
    return organization.since if organization.state is OrganizationState.CLOSED else None


def is_droppable(organization: Organization, retention: timedelta, at: datetime) -> bool:
    """Whether the organization has been closed for as long as its journal is kept (R41)."""
    since = ended(organization)
    return since is not None and since + retention <= at


def papers_about(user: UserId, records: Iterable[Record[Event]]) -> frozenset[Seal]:
    """The texts of all facts about the user, and of why another was put in the seat in the user's place."""
    found: set[Seal] = set()
    holder: UserId | None = None
    for record in records:
        event = record.event
        displaced = isinstance(event, AdministratorAppointed) and holder == user
        if displaced or getattr(event, "user", None) == user:
            found.update(sealed(event))
        if isinstance(event, SeatClaimed | AdministratorAppointed):
            holder = event.user
        elif isinstance(event, SeatVacated):
            holder = None
    return frozenset(found)


def sealed(event: Event) -> list[Seal]:
    """The erasable texts that the fact commits to."""
    seals = (getattr(event, field.name) for field in fields(type(event)) if "Seal" in str(field.type))
    return [seal for seal in seals if seal is not None]


def held_the_seat(records: Iterable[Record[Event]]) -> bool:
    """Whether facts about one user tell that the seat was theirs once."""
    return any(isinstance(record.event, SeatClaimed | AdministratorAppointed) for record in records)
