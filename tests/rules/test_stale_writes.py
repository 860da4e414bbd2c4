"""I8: a stale write is tried again and then told; nothing of it is left behind (design: One organization, one writer)."""

from __future__ import annotations

from contextlib import contextmanager

import pytest
from attrs import evolve, frozen

from habilitation import Habilitation
from habilitation.domain.refusals import Conflict
from habilitation.testing.world import CONSULT
from habilitation.use_cases.retrying import TRIES
from tests.steps import create, generalize, records, refused, show


@frozen
class Contended:
    """The store, where somebody else is quicker a few times."""

    kept: object
    stale: list[None]

    def __getattr__(self, name):
        return getattr(self.kept, name)

    @contextmanager
    def writing(self, organization):
        with self.kept.writing(organization) as rows:
            yield rows
            if self.stale:
                self.stale.pop()
                raise Conflict()


def contended(world, times):
    store = Contended(world.portal.ports.store, [None] * times)
    world.portal = Habilitation(evolve(world.portal.ports, store=store))
    return store


@pytest.mark.parametrize("times", [1, TRIES - 1])
def test_an_act_over_a_stale_version_is_tried_again_and_done_once(world, times):
    contended(world, times)
    before = len(records(world))
    user = create(world)
    assert len(records(world)) == before + 1
    assert show(world, user).person.full_name == "Luc Petit"


def test_when_it_does_not_cure_the_conflict_is_told_and_nothing_was_done(world):
    store = contended(world, TRIES)
    with refused(world, "conflict"):
        create(world)
    assert store.stale == []


def test_a_long_act_goes_on_from_the_chunk_that_was_stale(world):
    """R27: outcomes are those of what was done."""
    source, other = world.user(CONSULT), world.user()
    contended(world, 2)
    assert generalize(world, source)[other.id].gained == (CONSULT,)
