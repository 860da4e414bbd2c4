"""The store: everything in one LMDB file, of one process."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from attrs import define, field

from habilitation.adapters import serialization
from habilitation.domain.catalog import Catalog
from habilitation.domain.folding import folded
from habilitation.domain.journal import Entry, Head, Record
from habilitation.domain.organization import OrganizationState
from habilitation.domain.refusals import CursorMalformed
from habilitation.domain.values import OrganizationId, Siret
from habilitation.ports.store import Closed, Version
from lmdb_store.attempts import LmdbAttempts
from lmdb_store.catalog import LmdbCatalog
from lmdb_store.credentials import LmdbCredentials
from lmdb_store.database import Database
from lmdb_store.links import LmdbLinks
from lmdb_store.outbox import LmdbOutbox
from lmdb_store.reading import LmdbSnapshot, in_order
from lmdb_store.security_log import LmdbSecurityLog
from lmdb_store.writing import LmdbTransaction


@define(eq=False)
class LmdbStore:
    """Fit for a small portal: what is found by an id is found at once, anything else by looking at all there is."""

    database: Database
    credentials: LmdbCredentials = field(init=False)
    links: LmdbLinks = field(init=False)
    outbox: LmdbOutbox = field(init=False)
    attempts: LmdbAttempts = field(init=False)
    security_log: LmdbSecurityLog = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.credentials = LmdbCredentials(self.database)
        self.links = LmdbLinks(self.database)
        self.outbox = LmdbOutbox(self.database)
        self.attempts = LmdbAttempts(self.database)
        self.security_log = LmdbSecurityLog(self.database)

    @classmethod
    def open(cls, path: Path) -> LmdbStore:
        """The store in that folder, which is made if there is none. Raises ``DatabaseUnavailable``."""
        return cls(Database(path))

    @contextmanager
    def writing(self, organization: OrganizationId) -> Iterator[LmdbTransaction]:
        with self.database.writing() as tables:
            transaction = LmdbTransaction(tables, organization)
            yield transaction
            transaction.commit()

    @contextmanager
    def reading(self, organization: OrganizationId) -> Iterator[LmdbSnapshot]:
        with self.database.reading() as tables:
            yield LmdbSnapshot(tables, organization)

    @contextmanager
    def cataloging(self) -> Iterator[LmdbCatalog]:
        with self.database.writing() as tables:
            yield LmdbCatalog(tables)

    def catalog(self) -> Catalog:
        with self.database.reading() as tables:
            return tables.get("catalog") or Catalog()

    def catalog_entries(self) -> Sequence[Entry]:
        with self.database.reading() as tables:
            return tables.all("catalog entries")

    def entries(self, organization: OrganizationId) -> Sequence[Entry]:
        with self.database.reading() as tables:
            return tables.all("entries", organization)

    def decode(self, entry: Entry) -> Record[Any]:
        return serialization.decode(entry.body)

    def organizations(
        self, after: OrganizationId | None = None, most: int | None = None, text: str = ""
    ) -> Sequence[OrganizationId]:
        with self.database.reading() as tables:
            number = 0 if after is None else tables.get("numbers", after)
            if number is None:
                raise CursorMalformed()
            ids = [id for _, id in tables.under("opened", start=in_order(number + 1))]
            return [id for id in ids if text in folded(tables.get("particulars", id).name)][:most]

    def siret_holder(self, siret: Siret) -> OrganizationId | None:
        with self.database.reading() as tables:
            found: OrganizationId | None = tables.get("sirets", siret.digits)
        return found

    def versions(self, after: OrganizationId | None, most: int) -> Sequence[Version]:
        start = "" if after is None else f"{after}\0"
        with self.database.reading() as tables:
            found = [
                Version(OrganizationId(id), head.sequence, table == "dropped")
                for table in ("heads", "dropped")
                for (_, id), head in tables.under(table, start=start)
            ]
        return sorted(found, key=lambda version: version.organization)[:most]

    # What is erased, once its time is over

    def closed(
        self, until: datetime, most: int, organization: OrganizationId | None = None, after: Closed | None = None
    ) -> Sequence[Closed]:
        with self.database.reading() as tables:
            asked = [each for each in tables.all("organizations") if organization in (None, each.id)]
            ends = [Closed.of(each, user) for each in asked for user in tables.all("users", each.id)]
        due = (one for one in ends if one and one.since <= until and (after is None or one > after))
        return sorted(due)[:most]

    def closed_organizations(self, until: datetime, most: int) -> Sequence[OrganizationId]:
        with self.database.reading() as tables:
            ended = [each for each in tables.all("organizations") if each.state is OrganizationState.CLOSED]
        return [id for since, id in sorted((each.since, each.id) for each in ended) if since <= until][:most]

    def dropped(self, organization: OrganizationId) -> Head | None:
        with self.database.reading() as tables:
            found: Head | None = tables.get("dropped", organization)
        return found

    def residue(self) -> bool:
        with self.database.reading() as tables:
            return bool(tables.get("residue"))

    def wipe(self) -> None:
        self.database.rewrite()
        with self.database.writing() as tables:
            tables.delete("residue")

    def close(self) -> None:
        self.database.close()
