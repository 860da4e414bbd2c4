"""Writers in each other's way, and readers in writers'; values that are the store's own."""

from __future__ import annotations

from collections import ChainMap
from contextlib import contextmanager
from time import sleep

from habilitation.adapters.memory import MemorySnapshot, MemoryStore, MemoryTransaction, Shelf
from habilitation.adapters.memory.outbox import MemoryOutbox
from tests.contract.broken.breaking import REMEMBERED, breaks


@breaks(
    MemoryStore,
    "writing",
    "test_nobody_writes_over_what_he_has_not_read",
    "test_writers_who_start_together_leave_one_chain",
)
@contextmanager
def loses_updates(original, store, organization):
    """Reads, then writes what follows from what was read, whatever happened in between."""
    shelf = (store._shelves.get(organization) or Shelf()).copied()
    transaction = MemoryTransaction(store, shelf, store.catalog())
    yield transaction
    sleep(0.001)  # others have every chance
    transaction.commit()
    if shelf.organization:
        store._shelves[organization] = shelf


@breaks(
    MemoryStore,
    "reading",
    "test_a_snapshot_stays_as_it_was_while_others_write",
    "test_a_snapshot_from_before_still_shows_who_it_was",
    "test_a_snapshot_keeps_its_versions",
)
@contextmanager
def reads_what_is_there_now(original, store, organization):
    """A snapshot that is none: each question is answered when it is asked."""
    yield MemorySnapshot(store, store._shelves.get(organization) or Shelf(), store.catalog())


@breaks(MemoryStore, "reading", "test_another_handle_sees_an_act_at_once")
@contextmanager
def remembers_what_it_read(original, store, organization):
    """Reads each organization once: whoever was a manager stays one."""
    with original(store, organization) as rows:
        yield REMEMBERED.setdefault(organization, rows)


@breaks(MemoryStore, "entries", "test_spoiling_what_was_read_changes_nothing", "test_what_was_read_stays_as_it_was")
def hands_out_the_list_that_it_keeps(original, store, organization):
    return store._shelves[organization].entries


@breaks(MemorySnapshot, "managers", "test_spoiling_what_a_writer_read_changes_nothing")
def hands_out_the_managers_that_it_remembers(original, rows):
    return REMEMBERED.setdefault("managers", original(rows))


@breaks(Shelf, "take", "test_spoiling_what_was_saved_changes_nothing")
def keeps_what_it_is_given_as_it_is_given(original, shelf, changes, entries):
    original(shelf, changes, entries)
    for id in changes.people:
        del shelf.people[id]
    shelf.people = ChainMap(changes.people, shelf.people)


@breaks(MemoryOutbox, "dead", "test_dead_letters_can_be_spoiled")
def hands_out_the_dead_letters_that_it_keeps(original, outbox, organization=None):
    return REMEMBERED.setdefault("dead", original(outbox, organization))
