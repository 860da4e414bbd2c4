"""The journal: facts chained by hashes over bytes kept verbatim, replayed into the state (R40, R42)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Generic, TypeVar

from attrs import field, frozen

from habilitation.domain import catalog as catalogs
from habilitation.domain import organization as organizations
from habilitation.domain import user as users
from habilitation.domain.actors import Author
from habilitation.domain.catalog import Catalog
from habilitation.domain.events import CatalogEvent, Event, UserEvent
from habilitation.domain.organization import Organization
from habilitation.domain.user import User
from habilitation.domain.values import UserId

E = TypeVar("E", bound=CatalogEvent | Event)


@frozen
class Record(Generic[E]):
    """One fact, with its place in the journal, its instant and its author. ``event`` says the rest."""

    sequence: int
    at: datetime
    by: Author
    event: E


@frozen
class Head:
    """The end of a journal: kept elsewhere, it shows a dropped tail or a rewrite (R40)."""

    sequence: int = 0
    hash: str = ""
    at: datetime | None = None


NOTHING_YET = Head()


@frozen
class Entry:
    """One record as it is stored: its bytes, verbatim, and the hash that chains them to the entry before."""

    sequence: int
    at: datetime
    body: bytes
    hash: str


@frozen
class Flaw:
    """The first thing wrong with a journal, at that sequence number."""

    sequence: int
    problem: str


def extend(head: Head, at: datetime, bodies: Iterable[bytes]) -> list[Entry]:
    """The entries that follow the head, one per body."""
    entries = []
    sequence, link = head.sequence, head.hash
    for body in bodies:
        sequence, link = sequence + 1, chained(link, body)
        entries.append(Entry(sequence, at, body, link))
    return entries


def chained(link: str, body: bytes) -> str:
    """The hash of an entry: over the hash before it and its own bytes."""
    return hashlib.sha256(link.encode() + body).hexdigest()


def verify(entries: Iterable[Entry], kept: Head | None = None) -> Flaw | None:
    """The first flaw of the chain, if any; with a kept head, a dropped tail and a rewrite are flaws too."""
    link, sequence = "", 0
    kept_link = "" if kept and not kept.sequence else None
    for entry in entries:
        sequence += 1
        if entry.sequence != sequence:
            return Flaw(sequence, "missing")
        link = chained(link, entry.body)
        if entry.hash != link:
            return Flaw(sequence, "altered")
        if kept and sequence == kept.sequence:
            kept_link = link
    return None if kept is None else _against(kept, kept_link, sequence)


def _against(kept: Head, link: str | None, last: int) -> Flaw | None:
    if link is None:
        return Flaw(last + 1, "dropped")
    return None if link == kept.hash else Flaw(kept.sequence, "rewritten")


def misplaced(entries: Sequence[Entry], records: Sequence[Record[Event]]) -> Flaw | None:
    """The first entry whose place or instant is not what its own bytes say."""
    for entry, record in zip(entries, records, strict=True):
        if (entry.sequence, entry.at) != (record.sequence, record.at):
            return Flaw(entry.sequence, "altered")
    return None


@frozen
class State:
    """All that the journal of one organization tells, up to an instant."""

    organization: Organization | None = None
    users: Mapping[UserId, User] = field(factory=dict)


def state_as_of(records: Iterable[Record[Event]], instant: datetime) -> State:
    """The state at the end of that instant: what was recorded later had no effect yet (R16, R39)."""
    return replay(record for record in records if record.at <= instant)


def replay(records: Iterable[Record[Event]]) -> State:
    """The state that the facts lead to (R42)."""
    organization: Organization | None = None
    people: dict[UserId, User] = {}
    for record in records:
        event = record.event
        if isinstance(event, UserEvent):
            people[event.user] = users.evolve(people.get(event.user), event, record.at)
        else:
            organization = organizations.evolve(organization, event, record.at)
    return State(organization, people)


def replay_catalog(records: Iterable[Record[Any]]) -> Catalog:
    """The catalog that its own journal leads to (R3, R42)."""
    catalog = Catalog()
    for record in records:
        catalog = catalogs.evolve(catalog, record.event, record.at)
    return catalog
