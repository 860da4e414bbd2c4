"""What is handed out cannot be changed: not even the mappings in it (I8)."""

import copy
import pickle

import pytest

from habilitation.domain.mapping import FrozenDict, unchanging


@pytest.mark.parametrize(
    "change",
    [
        lambda mapping: mapping.__setitem__("a", 2),
        lambda mapping: mapping.__delitem__("a"),
        lambda mapping: mapping.clear(),
        lambda mapping: mapping.pop("a"),
        lambda mapping: mapping.popitem(),
        lambda mapping: mapping.setdefault("b", 2),
        lambda mapping: mapping.update(b=2),
        lambda mapping: mapping.__ior__({"b": 2}),
    ],
)
def test_a_frozen_mapping_refuses_every_change(change):
    mapping = unchanging({"a": 1})
    with pytest.raises(TypeError):
        change(mapping)
    assert mapping == {"a": 1}


def test_it_keeps_nothing_of_the_mapping_it_was_made_from():
    source = {"a": 1}
    mapping = unchanging(source)
    source["b"] = 2
    assert mapping == {"a": 1}


def test_it_is_copied_and_pickled():
    mapping = unchanging({"a": 1})
    for again in (copy.copy(mapping), copy.deepcopy(mapping), pickle.loads(pickle.dumps(mapping))):
        assert again == mapping
        assert type(again) is FrozenDict


def test_an_organization_that_was_handed_out_cannot_be_emptied(world):
    with world.portal.ports.store.reading(world.organization.id) as rows, pytest.raises(TypeError):
        rows.organization.agreements.clear()


def test_two_that_are_equal_are_one_in_a_set_whatever_their_order():
    assert {unchanging({"a": 1, "b": 2}), unchanging({"b": 2, "a": 1}), unchanging({"a": 1})} == {
        unchanging({"a": 1, "b": 2}),
        unchanging({"a": 1}),
    }
