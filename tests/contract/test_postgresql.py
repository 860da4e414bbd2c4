"""The store on PostgreSQL keeps the contract: two handles on one database, as two programs would have."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import psycopg
import pytest

from habilitation.adapters.sql import SqlStore
from habilitation.domain.journal import Entry
from habilitation.domain.values import OrganizationId
from habilitation.testing.contract import StoreContract
from habilitation.testing.contract.bench import Rewrite
from tests.stores import address


class TestPostgresqlStore(StoreContract):
    @pytest.fixture
    def url(self, tmp_path: Path) -> Iterator[str]:
        with address("postgresql", tmp_path) as url:
            yield url

    @pytest.fixture
    def store(self, url: str) -> Iterator[SqlStore]:
        store = SqlStore.open(url)
        yield store
        store.close()

    @pytest.fixture
    def second(self, url: str) -> Iterator[SqlStore]:
        second = SqlStore.open(url)
        yield second
        second.close()

    @pytest.fixture
    def reopened(self, store: SqlStore, url: str) -> Iterator[Callable[[], SqlStore]]:
        opened: list[SqlStore] = []

        def reopen() -> SqlStore:
            store.close()
            opened.append(SqlStore.open(url))
            return opened[-1]

        yield reopen
        for again in opened:
            again.close()

    @pytest.fixture
    def rewrite(self, url: str) -> Rewrite:
        def rewrite(organization: OrganizationId, entries: Sequence[Entry]) -> None:
            with psycopg.connect(url) as behind, behind.cursor() as cursor:
                cursor.execute("UPDATE entries SET hash = '' WHERE organization_id = %s", (organization,))
                cursor.executemany(
                    "UPDATE entries SET body = %s, hash = %s WHERE organization_id = %s AND sequence = %s",
                    [(entry.body, entry.hash, organization, entry.sequence) for entry in entries],
                )
                cursor.execute("DELETE FROM entries WHERE hash = ''")

        return rewrite

    @pytest.fixture
    def failing_commit(self, url: str) -> AbstractContextManager[None]:
        """A trigger that runs at the commit only, and refuses every new entry."""

        @contextmanager
        def failing() -> Iterator[None]:
            with psycopg.connect(url, autocommit=True) as behind:
                behind.execute(BREAKS_COMMITS)
                yield
                behind.execute(MENDS_COMMITS)

        return failing()


BREAKS_COMMITS = """
CREATE FUNCTION refused() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'refused'; END $$;
CREATE CONSTRAINT TRIGGER refused AFTER INSERT ON entries DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW EXECUTE FUNCTION refused();
"""
MENDS_COMMITS = "DROP TRIGGER refused ON entries; DROP FUNCTION refused;"
