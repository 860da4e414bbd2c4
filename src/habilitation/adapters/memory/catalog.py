"""The catalog's one writer."""

from __future__ import annotations

from datetime import datetime

from attrs import define

from habilitation.adapters import serialization
from habilitation.adapters.memory.done_acts import NOWHERE, MemoryDoneActs
from habilitation.domain import catalog as catalogs
from habilitation.domain.actors import Author
from habilitation.domain.catalog import Catalog
from habilitation.domain.events import CatalogEvent
from habilitation.domain.journal import Entry, Head, extend
from habilitation.domain.terms import Done


@define
class MemoryCatalog:
    """The catalog's one writer."""

    _done_acts: MemoryDoneActs
    catalog: Catalog
    head: Head
    entries: list[Entry]
    kept: tuple[Done, datetime] | None = None

    def done(self, key: str, since: datetime) -> Done | None:
        return self._done_acts.find(NOWHERE, key, since)

    def keep(self, done: Done, since: datetime) -> None:
        self.kept = (done, since)

    def commit(self) -> None:
        if self.kept:
            self._done_acts.put(NOWHERE, *self.kept)

    def save(self, at: datetime, by: Author, event: CatalogEvent) -> None:
        body = serialization.encode(self.head.sequence + 1, at, by, event)
        [entry] = extend(self.head, at, [body])
        self.entries.append(entry)
        self.head = Head(entry.sequence, entry.hash, entry.at)
        self.catalog = catalogs.evolve(self.catalog, event, at)
