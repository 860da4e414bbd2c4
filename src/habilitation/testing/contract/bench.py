"""What a store is put on to be tried: fixtures that its author overrides, one per thing that it can do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager

import pytest

from habilitation.domain.journal import Entry
from habilitation.domain.values import OrganizationId
from habilitation.ports.store import Store
from habilitation.testing.contract.promises import SaysItsPromise
from habilitation.testing.contract.seeds import Seeds

Rewrite = Callable[[OrganizationId, Sequence[Entry]], None]


class StoreBench(SaysItsPromise):
    """``store`` must be given; the rest are capabilities, and what is not given is not tried."""

    @pytest.fixture
    def store(self) -> Store:
        """An empty store. Whoever gives it closes it."""
        raise NotImplementedError("override the fixture `store`, to give an empty store")

    @pytest.fixture
    def second(self, store: Store) -> Store:
        """Another handle on the same data, as another process would have; the same one where there is no other."""
        return store

    @pytest.fixture
    def reopened(self) -> Callable[[], Store]:
        """Durability: closes the store, as a program that ends, and opens what it left."""
        pytest.skip("this store does not claim to outlive its process")

    @pytest.fixture
    def rewrite(self) -> Rewrite:
        """Puts other entries in the place of an organization's journal, behind the store's back."""
        pytest.skip("this store gives no way to tamper with it")

    @pytest.fixture
    def failing_commit(self) -> AbstractContextManager[None]:
        """While it lasts, whatever is to be committed fails at the very end."""
        pytest.skip("this store gives no way to make its commits fail")

    @pytest.fixture
    def seeds(self, store: Store) -> Seeds:
        """Plants acts in the store without the use cases."""
        return Seeds(store)
