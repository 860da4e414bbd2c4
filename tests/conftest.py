"""What every test may ask for: a store of each kind, and a small world over it.

``HYPOTHESIS_PROFILE`` says how hard properties are tried: ``dev`` (the default, at random), ``ci`` (the default where
``CI`` is set: always the same examples), ``mutants`` (few examples, always the same) or ``long``.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from habilitation.domain.moment import start_of_day
from habilitation.ports.store import Store
from habilitation.testing.world import World
from tests import postgres
from tests.stores import KINDS, opened

PATIENT = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture]

settings.register_profile("dev", deadline=None, max_examples=50, suppress_health_check=PATIENT)
settings.register_profile(
    "ci", deadline=None, max_examples=50, suppress_health_check=PATIENT, derandomize=True, print_blob=True
)
settings.register_profile(
    "mutants", deadline=None, max_examples=20, suppress_health_check=PATIENT, derandomize=True, database=None
)
settings.register_profile("long", deadline=None, max_examples=2000, suppress_health_check=PATIENT)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci" if os.environ.get("CI") else "dev"))


@pytest.fixture(scope="session", autouse=True)
def nothing_remembered() -> None:
    """A mutant runs in a fork of a process that ran every test: what that remembers would be answered in its place."""
    start_of_day.cache_clear()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest first, so that no worker is left alone with them at the end."""
    items.sort(key=lambda item: "stateful" not in item.path.parts)


@pytest.fixture(params=KINDS)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An empty store of each kind."""
    with opened(request.param, tmp_path) as store:
        yield store


@pytest.fixture
def postgresql() -> Iterator[str]:
    """The address of an empty database on a real PostgreSQL."""
    with postgres.server().database() as address:
        yield address


@pytest.fixture
def world(store: Store) -> World:
    """An organization with a validated agreement and an administrator, over each kind of store."""
    return World.administered(store)
