"""Each crew, over each store."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from habilitation.testing.world import World
from tests.races.course import Course
from tests.races.crews import Crew, Processes, Threads
from tests.stores import open_store, sqlite_url


@pytest.fixture(scope="module", params=["memory, threads", "sqlite, threads", "sqlite, processes"])
def course(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Course]:
    kind, who = request.param.split(", ")
    directory = tmp_path_factory.mktemp("races")
    store = open_store(kind, directory)
    other = open_store(kind, directory) if kind == "sqlite" else store
    crew: Crew = Processes(sqlite_url(directory)) if who == "processes" else Threads(store, other)
    yield Course(World.over(store), crew)
    crew.close()
    other.close()
    store.close()
