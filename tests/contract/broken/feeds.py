"""Feeds that tell too early, twice, or not at all."""

from __future__ import annotations

from attrs import evolve

from habilitation.adapters.memory import MemoryStore
from habilitation.ports.store import Version
from tests.contract.broken.breaking import breaks


@breaks(MemoryStore, "versions", "test_every_organization_is_told_with_how_far_its_journal_has_come")
def tells_versions_in_the_order_of_opening(original, store, after, most):
    told = {version.organization: version for version in original(store, after, most)}
    return [told[id] for id in store._shelves if id in told]


@breaks(MemoryStore, "versions", "test_versions_are_told_some_at_a_time")
def begins_with_the_last_version_of_the_former_page(original, store, after, most):
    found = original(store, None, 10**9)
    return [version for version in found if after is None or version.organization >= after][:most]


@breaks(MemoryStore, "versions", "test_an_organization_that_was_dropped_is_told_as_such")
def says_nothing_of_what_was_dropped(original, store, after, most):
    return [version for version in original(store, after, most) if not version.dropped]


@breaks(MemoryStore, "versions", "test_whoever_follows_while_others_write_takes_every_fact_once_and_in_order")
def tells_of_more_than_can_be_read(original, store, after, most):
    return [ahead(version) for version in original(store, after, most)]


def ahead(version: Version) -> Version:
    return evolve(version, sequence=version.sequence + 1)
