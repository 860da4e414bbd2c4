"""Each crew, over each store."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from habilitation.testing.world import World
from tests.races.course import Course
from tests.races.crews import Crew, Processes, Threads
from tests.stores import address, open_store

RACES = ["memory, threads", "sqlite, threads", "sqlite, processes", "postgresql, processes"]


@pytest.fixture(scope="module", params=RACES)
def course(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Course]:
    kind, who = request.param.split(", ")
    with address(kind, tmp_path_factory.mktemp("races")) as url:
        store = open_store(url)
        other = open_store(url) if kind != "memory" else store
        crew: Crew = Processes(url) if who == "processes" else Threads(store, other)
        yield Course(World.over(store), crew)
        crew.close()
        other.close()
        store.close()
