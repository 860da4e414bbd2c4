"""The SQLite store keeps the contract: two handles on one file, as two programs would have."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path

import pytest

from habilitation.adapters.sql import SqlStore
from habilitation.domain.journal import Entry
from habilitation.domain.values import OrganizationId
from habilitation.testing.contract import StoreContract
from habilitation.testing.contract.bench import Rewrite
from tests.stores import sqlite_url


class TestSqliteStore(StoreContract):
    @pytest.fixture
    def store(self, tmp_path: Path) -> Iterator[SqlStore]:
        store = SqlStore.open(sqlite_url(tmp_path))
        yield store
        store.close()

    @pytest.fixture
    def second(self, store: SqlStore, tmp_path: Path) -> Iterator[SqlStore]:
        second = SqlStore.open(sqlite_url(tmp_path))
        yield second
        second.close()

    @pytest.fixture
    def reopened(self, store: SqlStore, tmp_path: Path) -> Iterator[Callable[[], SqlStore]]:
        opened: list[SqlStore] = []

        def reopen() -> SqlStore:
            store.close()
            opened.append(SqlStore.open(sqlite_url(tmp_path)))
            return opened[-1]

        yield reopen
        for again in opened:
            again.close()

    @pytest.fixture
    def rewrite(self, tmp_path: Path) -> Rewrite:
        def rewrite(organization: OrganizationId, entries: Sequence[Entry]) -> None:
            with closing(sqlite3.connect(tmp_path / "portal.db")) as behind, behind:
                behind.execute("UPDATE entries SET hash = '' WHERE organization_id = ?", (organization,))
                behind.executemany(
                    "UPDATE entries SET body = ?, hash = ? WHERE organization_id = ? AND sequence = ?",
                    [(entry.body, entry.hash, organization, entry.sequence) for entry in entries],
                )
                behind.execute("DELETE FROM entries WHERE hash = ''")

        return rewrite

    @pytest.fixture
    def failing_commit(self, tmp_path: Path) -> AbstractContextManager[None]:
        """A foreign key checked at the commit only, which every new entry breaks."""

        @contextmanager
        def failing() -> Iterator[None]:
            with closing(sqlite3.connect(tmp_path / "portal.db")) as behind:
                behind.executescript(BREAKS_COMMITS)
                yield
                behind.executescript(MENDS_COMMITS)

        return failing()


BREAKS_COMMITS = """
CREATE TABLE parents (id INTEGER PRIMARY KEY);
CREATE TABLE orphans (parent INTEGER REFERENCES parents DEFERRABLE INITIALLY DEFERRED);
CREATE TRIGGER orphaned AFTER INSERT ON entries BEGIN INSERT INTO orphans VALUES (1); END;
"""
MENDS_COMMITS = "DROP TRIGGER orphaned; DROP TABLE orphans; DROP TABLE parents;"
