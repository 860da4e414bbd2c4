"""Journals that are not kept as they were written."""

from __future__ import annotations

import json

from attrs import evolve

from habilitation.adapters.memory import MemorySnapshot, MemoryStore, MemoryTransaction, Shelf
from habilitation.domain.journal import NOTHING_YET, Head, extend
from tests.contract.broken.breaking import REMEMBERED, breaks


@breaks(
    MemoryTransaction,
    "head",
    "test_each_fact_is_an_entry_with_its_place_its_instant_and_its_author",
    "test_writers_who_start_together_leave_one_chain",
    "test_the_chain_holds_and_replay_gives_the_state",
)
def starts_each_chain_anew(original, transaction):
    """Forgets what the journal ended with."""
    return Head(transaction._shelf.head.sequence, "", transaction._shelf.head.at)


@breaks(MemoryStore, "entries", "test_each_fact_is_an_entry_with_its_place_its_instant_and_its_author")
def serializes_entries_again_where_they_are_read(original, store, organization):
    return [evolve(entry, body=json.dumps(json.loads(entry.body)).encode()) for entry in original(store, organization)]


@breaks(Shelf, "take", "test_what_was_written_is_never_written_again")
def chains_the_whole_journal_anew_at_each_act(original, shelf, changes, entries):
    original(shelf, changes, entries)
    link = Head(0, str(len(shelf.entries)))
    rewritten = [entry for kept in [shelf.entries] for entry in extend(link, changes.at, [one.body for one in kept])]
    shelf.entries = rewritten
    shelf.head = Head(rewritten[-1].sequence, rewritten[-1].hash, changes.at)


@breaks(MemoryTransaction, "save", "test_journals_of_two_organizations_are_two_chains")
def has_one_chain_for_all_organizations(original, transaction, changes):
    original(transaction, changes)
    others = [shelf.head for shelf in transaction._store._shelves.values() if shelf is not transaction._shelf]
    if others and transaction.head == NOTHING_YET:
        [_, entries] = transaction.pending
        bodies = [entry.body for entry in entries]
        transaction.pending = (changes, extend(Head(0, others[-1].hash), changes.at, bodies))


@breaks(
    MemorySnapshot,
    "records",
    "test_records_are_read_by_pages",
    "test_whoever_follows_while_others_write_takes_every_fact_once_and_in_order",
)
def begins_a_page_with_the_last_fact_of_the_former(original, rows, after, most, user=None):
    return original(rows, max(after - 1, 0), most, user)


@breaks(MemorySnapshot, "records", "test_records_about_one_user_are_read_alone")
def looks_for_a_user_on_one_page_of_the_journal(original, rows, after, most, user=None):
    page = original(rows, after, most)
    return [record for record in page if user is None or getattr(record.event, "user", None) == user]


@breaks(
    MemorySnapshot,
    "organization_records",
    "test_what_the_journal_tells_of_the_organization_itself_is_read_alone",
)
def leaves_out_of_the_organization_what_is_about_a_user_too(original, rows):
    return [record for record in original(rows) if getattr(record.event, "user", None) is None]


@breaks(MemoryStore, "entries", "test_a_journal_that_was_tampered_with_is_found_out")
def mends_a_chain_as_it_is_read(original, store, organization):
    entries = original(store, organization)
    return extend(NOTHING_YET, entries[0].at, [entry.body for entry in entries]) if entries else []


@breaks(MemoryStore, "entries", "test_a_dropped_tail_is_found_out_against_a_kept_head")
def goes_on_showing_what_was_taken_out(original, store, organization):
    shelf = store._shelves[organization]
    longest = REMEMBERED.setdefault(organization, original(store, organization))
    return longest if len(longest) > len(shelf.entries) else original(store, organization)


@breaks(MemorySnapshot, "version", "test_a_version_is_the_place_of_the_last_event_about_it")
def takes_the_head_for_the_version(original, rows, user=None, agreement=None):
    """Whatever happened to anybody has happened to all."""
    return rows.head.sequence


@breaks(MemorySnapshot, "_row", "test_a_row_has_its_users_version")
def leaves_the_version_out_of_lists(original, rows, user):
    return evolve(original(rows, user), version=0)


@breaks(MemorySnapshot, "version", "test_what_is_not_there_has_none")
def gives_the_organizations_version_for_what_is_not_there(original, rows, user=None, agreement=None):
    return original(rows, user, agreement) or original(rows)


@breaks(Shelf, "copied", "test_a_snapshot_keeps_its_versions")
def shares_versions_with_snapshots(original, shelf):
    copied = original(shelf)
    copied.versions = shelf.versions
    return copied


@breaks(MemorySnapshot, "entries", "test_a_snapshot_has_the_journal_as_the_store_has_it")
def shows_no_journal_in_a_snapshot(original, rows):
    return []
