"""The store keeps the contract."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import lmdb
import pytest

from habilitation.domain.journal import Entry
from habilitation.domain.values import OrganizationId
from habilitation.testing.contract import StoreContract
from habilitation.testing.contract.bench import Rewrite
from lmdb_store import LmdbStore
from lmdb_store.database import Database
from lmdb_store.reading import in_order


class TestLmdbStore(StoreContract):
    @pytest.fixture
    def store(self, tmp_path: Path) -> Iterator[LmdbStore]:
        store = LmdbStore.open(tmp_path)
        yield store
        store.close()

    @pytest.fixture
    def reopened(self, store: LmdbStore, tmp_path: Path) -> Iterator[Callable[[], LmdbStore]]:
        opened: list[LmdbStore] = []

        def reopen() -> LmdbStore:
            store.close()
            opened.append(LmdbStore.open(tmp_path))
            return opened[-1]

        yield reopen
        for again in opened:
            again.close()

    @pytest.fixture
    def rewrite(self, store: LmdbStore) -> Rewrite:
        def rewrite(organization: OrganizationId, entries: Sequence[Entry]) -> None:
            with store.database.writing() as tables:
                tables.delete_where(lambda entry: True, "entries", organization)
                for entry in entries:
                    tables.put(entry, "entries", organization, in_order(entry.sequence))

        return rewrite

    @pytest.fixture
    def failing_commit(self, monkeypatch: pytest.MonkeyPatch) -> AbstractContextManager[None]:
        @contextmanager
        def failing() -> Iterator[None]:
            def commit(database: Database, transaction: lmdb.Transaction) -> None:
                raise lmdb.DiskError("no space left on device")

            with monkeypatch.context() as patched:
                patched.setattr(Database, "commit", commit)
                yield

        return failing()
