"""The catalog: nothing but its journal, replayed (R3, R42)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from attrs import define, field, frozen

from habilitation.adapters import serialization
from habilitation.adapters.sql import done_acts, statements
from habilitation.adapters.sql.database import Database, Line, Work
from habilitation.adapters.sql.remembered import Remembered
from habilitation.adapters.sql.rows import entry, instant, micros
from habilitation.domain.actors import Author
from habilitation.domain.catalog import Catalog, evolve
from habilitation.domain.events import CatalogEvent
from habilitation.domain.journal import NOTHING_YET, Entry, Head, extend, replay_catalog
from habilitation.domain.terms import Done

THE_CATALOG = "catalog"


@frozen
class Catalogs:
    """Reads the catalog in whatever transaction it is asked in."""

    _remembered: Remembered[Catalog] = field(factory=lambda: Remembered(1))

    def head(self, line: Line) -> Head:
        row = line.found(statements.CATALOG_HEAD, 1)
        return NOTHING_YET if row is None else Head(row[0], row[1], instant(row[2]))

    def at(self, line: Line, head: Head) -> Catalog:
        """The catalog that the journal leads to, up to its head."""
        known = self._remembered.get(THE_CATALOG, head.hash)
        return known if known is not None else self._replayed(line, head)

    def _replayed(self, line: Line, head: Head) -> Catalog:
        catalog = replay_catalog(serialization.decode(kept.body) for kept in entries(line))
        self.remember(head, catalog)
        return catalog

    def remember(self, head: Head, catalog: Catalog) -> None:
        self._remembered.put(THE_CATALOG, head.hash, catalog)


def entries(line: Line) -> Sequence[Entry]:
    """The catalog's journal, verbatim."""
    kept = line.fetched(statements.CATALOG_ENTRIES)
    return [entry(row) for row in kept]


@define(eq=False)
class SqlCatalogTransaction:
    """The catalog's one writer, from ``with`` to its end."""

    _database: Database
    _catalogs: Catalogs
    _work: Work = field(init=False)
    catalog: Catalog = field(init=False)
    head: Head = field(init=False)

    def __enter__(self) -> SqlCatalogTransaction:
        self._work = Work(self._database, writes=True)
        try:
            self.head = self._catalogs.head(self._work.line)
            self.catalog = self._catalogs.at(self._work.line, self.head)
        except BaseException as error:
            self._work.end(error)
            raise
        return self

    def save(self, at: datetime, by: Author, event: CatalogEvent) -> None:
        body = serialization.encode(self.head.sequence + 1, at, by, event)
        [entry] = extend(self.head, at, [body])
        row = (entry.sequence, micros(at), entry.body, entry.hash)
        self._work.line.write(statements.ADD_CATALOG_ENTRY, *row)
        self.head = Head(entry.sequence, entry.hash, at)
        self.catalog = evolve(self.catalog, event, at)
        self._catalogs.remember(self.head, self.catalog)

    def done(self, key: str, since: datetime) -> Done | None:
        return done_acts.find(self._work.line, done_acts.NOWHERE, key, since)

    def keep(self, done: Done, since: datetime) -> None:
        done_acts.keep(self._work.line, done_acts.NOWHERE, done, since)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        self._work.end(error)
