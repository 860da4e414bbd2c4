"""The races find a store that lets writers overtake each other."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from habilitation.adapters.memory import MemoryStore
from habilitation.testing.world import World
from tests.contract.broken import BROKEN
from tests.races import test_races
from tests.races.course import Course
from tests.races.crews import Threads
from tests.races.test_interleavings import PAIRS, stop_everywhere

LOST = (
    test_races.test_a_scope_that_shrinks_shrinks_at_once,
    test_races.test_who_is_closed_does_not_stay_in_a_group,
    test_races.test_two_users_with_one_email_are_one,
    test_races.test_who_is_closed_does_not_become_a_manager,
    test_races.test_who_is_closed_is_not_put_in_the_seat,
)


@pytest.fixture
def course(monkeypatch: pytest.MonkeyPatch) -> Iterator[Course]:
    BROKEN["loses_updates"].put_into(monkeypatch)
    store = MemoryStore()
    crew = Threads(store)
    yield Course(World.over(store), crew)
    crew.close()


@pytest.mark.parametrize("race", LOST, ids=lambda race: race.__name__)
def test_a_store_that_loses_updates_fails_the_race(course: Course, race: Callable[[Course], None]) -> None:
    with pytest.raises((AssertionError, KeyError)):  # what was lost may be missed before it is judged
        race(course)


@pytest.mark.parametrize("pair", ["claim and claim", "close and add", "revoke and grant", "take back and create"])
def test_so_does_whoever_is_stopped_at_each_boundary(monkeypatch: pytest.MonkeyPatch, pair: str) -> None:
    BROKEN["loses_updates"].put_into(monkeypatch)
    with pytest.raises((AssertionError, KeyError)):
        stop_everywhere(World.over(MemoryStore()), PAIRS[pair], every=1)
