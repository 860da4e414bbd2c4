"""The contract finds stores that are broken: each in one way, by the tests that are there for it, which say so."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import Phase, settings

from habilitation.adapters.memory import MemoryStore
from habilitation.testing.contract import StoreContract
from tests.contract.broken import BROKEN
from tests.contract.broken.breaking import Broken
from tests.contract.test_memory import TestMemoryStore as Sound

TESTS = sorted(name for name in dir(StoreContract) if name.startswith("test_"))
NOT_TRIED: dict[str, str] = {}
"""The tests that no broken store fails, and why."""


settings.register_profile("bites", max_examples=20, phases=[Phase.generate], derandomize=True, database=None)


@pytest.fixture(autouse=True)
def few_examples() -> Iterator[None]:
    """The first that fails will do: none simpler is looked for."""
    usual = settings.get_current_profile_name()
    settings.load_profile("bites")
    yield
    settings.load_profile(usual)


class Reopened(Sound):
    """With every capability: a store in memory is opened again as it was left."""

    __test__ = False

    @pytest.fixture
    def reopened(self, store: MemoryStore) -> Callable[[], MemoryStore]:
        def reopen() -> MemoryStore:
            store.close()
            return store

        return reopen


def over_a_broken_store(name: str) -> type:
    """The tests that must find what is wrong with it, and no others."""
    broken = BROKEN[name]

    @pytest.fixture(autouse=True)
    def break_it(self: Any) -> Iterator[None]:
        with pytest.MonkeyPatch.context() as patch:
            broken.put_into(patch)
            yield

    hidden = dict.fromkeys(set(TESTS) - names(broken))
    said = {"says": name.replace("_", " "), "break_it": break_it, "__test__": True}
    return pytest.mark.finds(broken)(type(f"Test_{name}", (Reopened,), {**hidden, **said}))


def names(broken: Broken) -> set[str]:
    """The tests that find it, whatever they are parametrized with."""
    return {test.partition("[")[0] for test in broken.found_by}


globals().update({f"Test_{name}": over_a_broken_store(name) for name in BROKEN})
del Sound


def test_each_test_of_the_contract_finds_a_store_that_is_broken():
    """A test that no store fails guards nothing, whatever it says."""
    biting = {test for broken in BROKEN.values() for test in names(broken)}
    assert biting | set(NOT_TRIED) == set(TESTS)
    assert not biting & set(NOT_TRIED)
