"""The memory store keeps the contract."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager

import pytest

from habilitation.adapters.memory import MemoryStore, MemoryTransaction
from habilitation.domain.journal import Entry
from habilitation.domain.values import OrganizationId
from habilitation.testing.contract import StoreContract
from habilitation.testing.contract.bench import Rewrite


class TestMemoryStore(StoreContract):
    @pytest.fixture
    def store(self) -> MemoryStore:
        return MemoryStore()

    @pytest.fixture
    def rewrite(self, store: MemoryStore) -> Rewrite:
        def rewrite(organization: OrganizationId, entries: Sequence[Entry]) -> None:
            store._shelves[organization].entries = list(entries)

        return rewrite

    @pytest.fixture
    def failing_commit(self, monkeypatch: pytest.MonkeyPatch) -> AbstractContextManager[None]:
        @contextmanager
        def failing() -> Iterator[None]:
            def commit(transaction: MemoryTransaction) -> None:
                raise OSError("no memory left")

            with monkeypatch.context() as patched:
                patched.setattr(MemoryTransaction, "commit", commit)
                yield

        return failing()


def test_asking_for_what_is_not_there_leaves_nothing():
    """Whoever tries a million ids fills no memory."""
    store = MemoryStore()
    for number in range(10):
        with store.writing(OrganizationId(str(number))), store.reading(OrganizationId(str(number))):
            assert not store.entries(OrganizationId(str(number)))
    assert (len(store._locks), len(store._shelves)) == (0, 0)
