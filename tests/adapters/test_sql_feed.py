"""R40: a feed leaves nothing out while a host holds its transaction open, whatever is committed meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine
from sqlalchemy.engine import make_url

from habilitation.adapters.sql import SqlStore
from habilitation.testing.contract.feed import Follower, read_whole, whole
from habilitation.testing.world import SIRETS, World
from tests.stores import address

DRIVERS = {"sqlite": "sqlite", "postgresql": "postgresql+psycopg"}


@pytest.fixture(params=DRIVERS)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    with address(request.param, tmp_path) as url:
        yield url


@pytest.fixture
def world(url: str) -> Iterator[World]:
    store = SqlStore.open(url)
    yield World.administered(store)
    store.close()


def test_what_a_host_holds_open_is_followed_once_it_commits(world: World, url: str) -> None:
    store, portal = world.portal.ports.store, world.portal
    other = None if url.startswith("sqlite") else world.open_organization(SIRETS[1])  # on SQLite all wait for the host
    parsed = make_url(url)
    engine = create_engine(parsed.set(drivername=DRIVERS[parsed.drivername]))
    follower = Follower(store)
    follower.look()
    before = len(follower.taken[world.organization.id])
    with engine.begin() as connection:
        world.portal = portal.over(SqlStore.joined(connection))
        world.user()
        world.portal = portal
        if other:
            world.open_agreement(other)  # it begins later, and is committed first
        follower.look()
        assert len(follower.taken[world.organization.id]) == before
    follower.look()
    assert len(follower.taken[world.organization.id]) == before + 1
    assert whole(follower.taken) == read_whole(store)
    engine.dispose()
