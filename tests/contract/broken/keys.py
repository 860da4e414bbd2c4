"""Keys of acts that are kept too early, too long, or elsewhere."""

from __future__ import annotations

from datetime import datetime
from time import sleep

from attrs import evolve

from habilitation.adapters.memory import MemoryTransaction
from habilitation.adapters.memory.catalog import MemoryCatalog
from habilitation.adapters.memory.done_acts import NOWHERE, MemoryDoneActs
from habilitation.domain.values import OrganizationId
from tests.contract.broken.breaking import breaks


@breaks(MemoryDoneActs, "put", "test_what_was_done_under_a_key_is_found[kept0]")
def forgets_whom_an_act_was_about(original, acts, where, done, since):
    original(acts, where, evolve(done, user=None), since)


@breaks(MemoryTransaction, "saved", "test_a_key_is_kept_with_its_act")
def does_not_say_what_it_saved(original, transaction):
    return None


@breaks(MemoryTransaction, "keep", "test_an_act_that_raises_keeps_no_key")
def keeps_keys_outside_of_the_transaction(original, transaction, done, since):
    """A key is taken where it is shown, whatever becomes of the act."""
    transaction._store.done_acts.put(transaction._id, done, since)


@breaks(MemoryDoneActs, "find", "test_a_key_is_known_for_its_time_and_then_another_ones")
def knows_keys_for_ever(original, acts, where, key, since):
    return acts._kept.get((where, key))


@breaks(MemoryDoneActs, "put", "test_each_key_takes_old_ones_away_but_few")
def keeps_every_key(original, acts, where, done, since):
    original(acts, where, done, datetime.min.replace(tzinfo=since.tzinfo))


@breaks(MemoryDoneActs, "require_new", "test_a_key_that_is_kept_is_not_kept_again")
def keeps_the_last_key(original, acts, where, done, since):
    """Writes over whatever was done under the key."""


@breaks(
    MemoryTransaction,
    "done",
    "test_of_two_at_once_with_one_key_one_is_done",
    "test_of_two_organizations_opened_at_once_with_one_key_one_is",
    also=("keeps_the_last_key", "loses_updates"),
)
def looks_for_a_key_and_keeps_it_later(original, transaction, key, since):
    """Others have every chance between the two."""
    found = original(transaction, key, since)
    sleep(0.02)
    return found


@breaks(MemoryCatalog, "done", "test_the_catalogs_keys_are_of_no_organization")
def has_a_place_for_the_catalogs_keys(original, catalog, key, since):
    return catalog._done_acts.find(OrganizationId("catalog"), key, since)


@breaks(MemoryCatalog, "keep", "test_a_catalog_act_that_raises_keeps_no_key")
def keeps_the_catalogs_keys_at_once(original, catalog, done, since):
    catalog._done_acts.put(NOWHERE, done, since)


@breaks(MemoryDoneActs, "drop", "test_keys_go_with_their_organization")
def keeps_keys_of_what_was_dropped(original, acts, organization):
    pass
