"""I8: a stale write is tried again, then told; nothing of it is left behind (design: one writer)."""

from __future__ import annotations

import pytest

from habilitation.testing.world import CONSULT
from habilitation.use_cases.retrying import TRIES
from tests.steps import contended, create, generalize, records, refused, show


@pytest.mark.parametrize("times", [1, TRIES - 1])
def test_an_act_over_a_stale_version_is_tried_again_and_done_once(world, times):
    contended(world, times)
    before = len(records(world))
    user = create(world)
    assert len(records(world)) == before + 1
    assert show(world, user).person.full_name == "Luc Petit"


def test_when_it_does_not_cure_the_conflict_is_told_and_nothing_was_done(world):
    left = contended(world, TRIES)
    with refused(world, "conflict"):
        create(world)
    assert left == []


def test_a_long_act_goes_on_from_the_chunk_that_was_stale(world):
    """R27: outcomes are those of what was done."""
    source, other = world.user(CONSULT), world.user()
    contended(world, 2)
    assert generalize(world, source)[other.id].gained == (CONSULT,)
