"""The store on a SQL database: an SQLite file, or a database of PostgreSQL's."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any

from attrs import define, field
from sqlalchemy import Connection

from habilitation.adapters import serialization
from habilitation.adapters.sql import catalogs, erasing, reading, statements
from habilitation.adapters.sql.attempts import SqlAttempts
from habilitation.adapters.sql.catalogs import Catalogs, SqlCatalogTransaction
from habilitation.adapters.sql.credentials import SqlCredentials
from habilitation.adapters.sql.database import Database, Work
from habilitation.adapters.sql.joined import joined
from habilitation.adapters.sql.links import SqlLinks
from habilitation.adapters.sql.opening import opened
from habilitation.adapters.sql.outbox import SqlOutbox
from habilitation.adapters.sql.reading import SqlSnapshot
from habilitation.adapters.sql.remembered import Remembered
from habilitation.adapters.sql.security_log import SqlSecurityLog
from habilitation.adapters.sql.writing import SqlTransaction
from habilitation.domain.catalog import Catalog
from habilitation.domain.journal import Entry, Head, Record
from habilitation.domain.organization import Organization
from habilitation.domain.refusals import CursorMalformed
from habilitation.domain.values import OrganizationId, Siret
from habilitation.ports.store import Closed, Version

BEFORE_ALL = (0, "")
ALL = 2**62
MOST_REMEMBERED = 4096
"""Of how many organizations the seat and the agreements are kept at hand."""


@define(eq=False)
class SqlStore:
    """Everything in one database. Any threads may share a store; any processes of one machine a file, of all a server.

    A store is of the process that opened it: after a fork, the child opens its own. On a file all acts share one lock,
    on a server those on one organization do; ``busy_timeout`` is the longest wait for it. Reading waits for nobody.
    """

    _database: Database
    credentials: SqlCredentials = field(init=False)
    links: SqlLinks = field(init=False)
    outbox: SqlOutbox = field(init=False)
    attempts: SqlAttempts = field(init=False)
    security_log: SqlSecurityLog = field(init=False)
    _known: Remembered[Organization] = field(init=False)
    _catalogs: Catalogs = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.credentials = SqlCredentials(self._database)
        self.links = SqlLinks(self._database)
        self.outbox = SqlOutbox(self._database)
        self.attempts = SqlAttempts(self._database)
        self.security_log = SqlSecurityLog(self._database)
        self._known = Remembered(MOST_REMEMBERED)
        self._catalogs = Catalogs()

    @classmethod
    def open(cls, url: str, busy_timeout: float = 5.0) -> SqlStore:
        """The store at ``sqlite:///portal.db`` or ``postgresql://user@host/database``; ``busy_timeout`` in seconds.

        A file is made if there is none, and migrated if an earlier version of the library wrote it; on a server that
        takes a command, and until then it is ``DatabaseOutdated``. Raises that, ``DatabaseUnavailable``,
        ``DatabaseForeign``, ``DatabaseNewer``, ``DatabaseDamaged``, ``DatabaseLocked``, ``DatabaseReadOnly`` or
        ``DatabaseFull``, having changed nothing.
        """
        return cls(opened(url, busy_timeout))

    @classmethod
    def joined(cls, connection: Connection) -> SqlStore:
        """The store in the transaction that the connection is in, which this never commits nor rolls back.

        Each act is a savepoint of it: a refused one leaves nothing behind, and the host may go on. What is announced
        leaves once the host has committed and somebody delivers. The schema must be up to date already. For one thread,
        and as long as the transaction lasts; asked outside one, it refuses with ``TransactionMissing``.
        """
        return cls(joined(connection))

    def writing(self, organization: OrganizationId) -> AbstractContextManager[SqlTransaction]:
        return SqlTransaction(self._database, organization, self._known, self._catalogs)

    def reading(self, organization: OrganizationId) -> AbstractContextManager[SqlSnapshot]:
        return SqlSnapshot(self._database, organization, self._known, self._catalogs)

    def cataloging(self) -> AbstractContextManager[SqlCatalogTransaction]:
        return SqlCatalogTransaction(self._database, self._catalogs)

    def catalog(self) -> Catalog:
        with Work(self._database, writes=False) as line:
            return self._catalogs.at(line, self._catalogs.head(line))

    def organizations(
        self, after: OrganizationId | None = None, most: int | None = None, text: str = ""
    ) -> Sequence[OrganizationId]:
        with Work(self._database, writes=False) as line:
            place = BEFORE_ALL if after is None else line.found(statements.POSITION, after)
            if place is None:
                raise CursorMalformed()
            if text:
                found = line.fetched(statements.ORGANIZATIONS_CALLED, *place, text, most or ALL)
            else:
                found = line.fetched(statements.ORGANIZATIONS, *place, most or ALL)
            return [id for (id,) in found]

    def siret_holder(self, siret: Siret) -> OrganizationId | None:
        with Work(self._database, writes=False) as line:
            found = line.found(statements.SIRET_HOLDER, siret.digits)
            return OrganizationId(found[0]) if found else None

    def entries(self, organization: OrganizationId) -> Sequence[Entry]:
        with Work(self._database, writes=False) as line:
            return reading.entries(line, organization)

    def dropped(self, organization: OrganizationId) -> Head | None:
        with Work(self._database, writes=False) as line:
            return erasing.dropped(line, organization)

    def versions(self, after: OrganizationId | None, most: int) -> Sequence[Version]:
        with Work(self._database, writes=False) as line:
            kept = line.fetched(statements.VERSIONS, after or "", after or "", most)
            return [Version(OrganizationId(id), sequence, bool(dropped)) for id, sequence, dropped in kept]

    def closed(
        self, until: datetime, most: int, organization: OrganizationId | None = None, after: Closed | None = None
    ) -> Sequence[Closed]:
        with Work(self._database, writes=False) as line:
            return erasing.closed(line, until, most, organization, after)

    def closed_organizations(self, until: datetime, most: int) -> Sequence[OrganizationId]:
        with Work(self._database, writes=False) as line:
            return erasing.closed_organizations(line, until, most)

    def residue(self) -> bool:
        with Work(self._database, writes=False) as line:
            return erasing.residue(line)

    def wipe(self) -> None:
        erasing.wipe(self._database)

    def catalog_entries(self) -> Sequence[Entry]:
        with Work(self._database, writes=False) as line:
            return catalogs.entries(line)

    def decode(self, entry: Entry) -> Record[Any]:
        return serialization.decode(entry.body)

    def close(self) -> None:
        """Let go of the file. Asked anything afterwards, the store refuses."""
        self._database.close()
