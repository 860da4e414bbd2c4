"""What other services follow: each organization's journal from a position on, and how far each has come (R40, R41).

A position is a place in one organization's journal, which its one writer extends: whoever has read up to there has read
all of it, in order, whatever order transactions were committed in. There is no position over all organizations.
"""

from __future__ import annotations

from collections.abc import Sequence

from attrs import frozen

from habilitation.domain.actors import Actor
from habilitation.domain.events import CatalogEvent, Event
from habilitation.domain.journal import Entry, Record
from habilitation.domain.refusals import CursorMalformed, JournalDropped, JournalShorter, OrganizationUnknown
from habilitation.domain.requests import CatalogEventsQuestion, EventsQuestion, VersionSearch
from habilitation.domain.values import OrganizationId
from habilitation.ports.store import Store, Version
from habilitation.use_cases.cataloging import require_operator
from habilitation.use_cases.directory import require_size
from habilitation.use_cases.history import LONGEST_CURSOR
from habilitation.use_cases.views import Page


@frozen
class EventsSince:
    """The operator's services follow an organization's journal: the facts after a position, oldest first (R40).

    None after the last one. A journal that was dropped is refused as ``journal-dropped`` (R41); one that ends before
    the position, as after a restored backup, as ``journal-shorter``.
    """

    store: Store

    def __call__(self, asked: EventsQuestion, *, by: Actor) -> tuple[Record[Event], ...]:
        require_operator(by)
        _require(asked)
        with self.store.reading(asked.organization) as rows:
            if rows.organization:
                _require_there(asked.position, rows.head.sequence)
                return tuple(rows.records(asked.position, asked.size))
        raise JournalDropped() if self.store.dropped(asked.organization) else OrganizationUnknown()


@frozen
class CatalogEventsSince:
    """The operator's services follow the catalog's own journal (R3, R40)."""

    store: Store

    def __call__(self, asked: CatalogEventsQuestion, *, by: Actor) -> tuple[Record[CatalogEvent], ...]:
        require_operator(by)
        _require(asked)
        entries: Sequence[Entry] = self.store.catalog_entries()
        _require_there(asked.position, len(entries))
        return tuple(map(self.store.decode, entries[asked.position : asked.position + asked.size]))


@frozen
class Versions:
    """The operator's services learn how far every journal has come, and which were dropped (R40, R41)."""

    store: Store

    def __call__(self, asked: VersionSearch, *, by: Actor) -> Page[Version]:
        require_operator(by)
        require_size(asked.size)
        after = OrganizationId(asked.after) if asked.after is not None else None
        found = self.store.versions(after, asked.size + 1)
        page = tuple(found[: asked.size])
        return Page(page, page[-1].organization if len(found) > asked.size else None)


def _require(asked: EventsQuestion | CatalogEventsQuestion) -> None:
    require_size(asked.size)
    if not 0 <= asked.position < 10**LONGEST_CURSOR:
        raise CursorMalformed()


def _require_there(position: int, end: int) -> None:
    if position > end:
        raise JournalShorter(end)
