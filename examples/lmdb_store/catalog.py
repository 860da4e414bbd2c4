"""The catalog's one writer."""

from __future__ import annotations

from datetime import datetime

from attrs import define

from habilitation.adapters import serialization
from habilitation.domain.actors import Author
from habilitation.domain.catalog import Catalog, evolve
from habilitation.domain.events import CatalogEvent
from habilitation.domain.journal import NOTHING_YET, Head, extend
from habilitation.domain.terms import Done
from lmdb_store import done_acts
from lmdb_store.database import Tables
from lmdb_store.reading import in_order


@define
class LmdbCatalog:
    """The catalog stands beside its journal."""

    _tables: Tables

    @property
    def catalog(self) -> Catalog:
        return self._tables.get("catalog") or Catalog()

    @property
    def head(self) -> Head:
        return self._tables.get("catalog head") or NOTHING_YET

    def save(self, at: datetime, by: Author, event: CatalogEvent) -> None:
        body = serialization.encode(self.head.sequence + 1, at, by, event)
        [entry] = extend(self.head, at, [body])
        self._tables.put(evolve(self.catalog, event, at), "catalog")
        self._tables.put(entry, "catalog entries", in_order(entry.sequence))
        self._tables.put(Head(entry.sequence, entry.hash, at), "catalog head")

    def done(self, key: str, since: datetime) -> Done | None:
        return done_acts.find(self._tables, done_acts.NOWHERE, key, since)

    def keep(self, done: Done, since: datetime) -> None:
        done_acts.keep(self._tables, done_acts.NOWHERE, done, since)
