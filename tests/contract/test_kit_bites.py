"""The contracts find stores and transports that are broken: each in one way, by the tests that are there for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import Phase, settings

from habilitation.adapters.memory import MemoryStore
from habilitation.domain.messages import FIRST_KINDS
from habilitation.testing.contract import StoreContract, TransportContract
from tests.contract.broken import BROKEN
from tests.contract.broken.breaking import Broken
from tests.contract.broken.transports import Away, Closed, OfOpeningsAlone
from tests.contract.test_memory import TestMemoryStore as SoundStore
from tests.contract.test_transports import TestMemoryMailbox as SoundMailbox

TESTS: dict[type, set[str]] = {
    contract: {name for name in dir(contract) if name.startswith("test_")}
    for contract in (StoreContract, TransportContract)
}

settings.register_profile("bites", max_examples=20, phases=[Phase.generate], derandomize=True, database=None)


@pytest.fixture(autouse=True)
def few_examples() -> Iterator[None]:
    """The first that fails will do: none simpler is looked for."""
    usual = settings.get_current_profile_name()
    settings.load_profile("bites")
    yield
    settings.load_profile(usual)


class Stores(SoundStore):
    """With every capability: a store in memory is opened again as it was left."""

    __test__ = False

    @pytest.fixture
    def reopened(self, store: MemoryStore) -> Callable[[], MemoryStore]:
        def reopen() -> MemoryStore:
            store.close()
            return store

        return reopen


class Transports(SoundMailbox):
    """With every capability, too."""

    __test__ = False

    @pytest.fixture
    def delaying(self) -> Away:
        return Away()

    @pytest.fixture
    def refusing(self) -> Closed:
        return Closed()


class TransportsOfOpenings(Transports):
    """One that carries but a few kinds of letters."""

    kinds = FIRST_KINDS

    @pytest.fixture
    def transport(self) -> OfOpeningsAlone:
        return OfOpeningsAlone()


def trial_of(name: str) -> type:
    """The tests that must find what is wrong with it, and no others."""
    broken = BROKEN[name]

    @pytest.fixture(autouse=True)
    def break_it(self: Any) -> Iterator[None]:
        with pytest.MonkeyPatch.context() as patch:
            broken.put_into(patch)
            yield

    bench = bench_of(broken)
    hidden = dict.fromkeys({test for tests in TESTS.values() for test in tests if hasattr(bench, test)} - names(broken))
    said = {"says": name.replace("_", " "), "break_it": break_it, "__test__": True}
    return pytest.mark.finds(broken)(type(f"Test_{name}", (bench,), {**hidden, **said}))


def bench_of(broken: Broken) -> type:
    if names(broken) <= TESTS[StoreContract]:
        return Stores
    return TransportsOfOpenings if broken.owner is OfOpeningsAlone else Transports


def names(broken: Broken) -> set[str]:
    """The tests that find it, whatever they are parametrized with."""
    return {test.partition("[")[0] for test in broken.found_by}


globals().update({f"Test_{name}": trial_of(name) for name in BROKEN})
del SoundStore, SoundMailbox


@pytest.mark.parametrize("contract", TESTS, ids=lambda contract: contract.__name__)
def test_each_test_of_a_contract_finds_something_that_is_broken(contract: type):
    """A test that nothing fails guards nothing, whatever it says."""
    biting = {test for broken in BROKEN.values() for test in names(broken)}
    assert TESTS[contract] - biting == set()
