"""What a store is put on to be tried: fixtures that its author overrides, one per thing that it can do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import pytest

from habilitation.domain.journal import Entry
from habilitation.domain.values import OrganizationId
from habilitation.ports.store import Store
from habilitation.testing.contract.seeds import Seeds

P = ParamSpec("P")
R = TypeVar("R")

Rewrite = Callable[[OrganizationId, Sequence[Entry]], None]


def saying_its_promise(name: str, test: Callable[P, R]) -> Callable[P, R]:
    """The test; whatever is raised in it tells what a store has to do, by the test's own name and docstring."""
    said = " ".join((test.__doc__ or "").split())
    promise = f"The contract: {name.removeprefix('test_').replace('_', ' ')}" + (f" ({said})" if said else "")

    @wraps(test)
    def saying(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return test(*args, **kwargs)
        except BaseException as problem:
            problem.add_note(promise)
            raise

    return saying


class StoreBench:
    """``store`` must be given; the rest are capabilities, and what is not given is not tried."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Each test, when it fails, says which promise of the contract the store breaks."""
        super().__init_subclass__(**kwargs)
        for name, test in list(vars(cls).items()):
            if name.startswith("test_") and callable(test):
                setattr(cls, name, saying_its_promise(name, test))

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
