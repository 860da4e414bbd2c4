"""Acts that are kept by half, or not as they were."""

from __future__ import annotations

from contextlib import contextmanager, suppress

from attrs import evolve

from habilitation.adapters.memory import MemorySnapshot, MemoryStore, MemoryTransaction, Shelf
from habilitation.adapters.memory.outbox import MemoryOutbox
from habilitation.domain.journal import Head
from habilitation.domain.organization import Control, OrganizationState
from habilitation.domain.user import User
from habilitation.domain.values import PhoneNumber
from habilitation.ports.outbox import Delivery, MessageState
from tests.contract.broken.breaking import breaks


def in_users(shelf: Shelf, change) -> None:
    shelf.users = {id: change(user) for id, user in shelf.users.items()}


@breaks(Shelf, "take", "test_what_is_saved_is_loaded")
def keeps_the_latest_account_period_alone(original, shelf, *args):
    original(shelf, *args)
    in_users(shelf, lambda user: evolve(user, accounts=user.accounts[-1:]))


@breaks(Shelf, "take", "test_whatever_happens_replaying_the_journal_gives_the_stored_state")
def keeps_two_memberships_of_a_user(original, shelf, *args):
    """As a table with columns for them would."""

    def fewer(user: User) -> User:
        accounts = (evolve(account, memberships=account.memberships[:2]) for account in user.accounts)
        return evolve(user, accounts=tuple(accounts))

    original(shelf, *args)
    in_users(shelf, fewer)


@breaks(Shelf, "_put_person", "test_a_person_without_a_telephone_comes_back_without_one")
def takes_a_telephone_for_granted(original, shelf, user, person):
    original(shelf, user, evolve(person, phone=person.phone or PhoneNumber("")))


@breaks(
    Shelf,
    "take",
    "test_the_seat_and_the_agreements_are_loaded_as_they_were_left",
    "test_whoever_is_in_a_closed_organization_was_closed_with_it",
)
def keeps_the_organization_as_it_was_opened(original, shelf, *args):
    opened = shelf.organization
    original(shelf, *args)
    shelf.organization = opened or shelf.organization


@breaks(
    MemoryTransaction,
    "save",
    "test_an_act_that_raises_leaves_nothing",
    "test_an_opening_that_raises_leaves_no_organization",
    "test_a_snapshot_does_not_show_what_is_not_committed",
    "test_what_is_committed_late_is_followed_late_and_not_left_out",
    "test_an_act_that_raises_moves_no_version",
    "test_an_act_that_raises_keeps_no_key",
    "test_a_key_that_is_kept_is_not_kept_again",
    "test_what_was_rolled_back_moves_no_version",
)
def writes_at_once(original, transaction, changes):
    """Puts nothing off to the end of the transaction, and takes nothing back."""
    original(transaction, changes)
    transaction._commit(*transaction.pending)
    transaction._store._shelves[changes.organization.id] = transaction._shelf
    transaction.pending = None


@breaks(MemoryTransaction, "save", "test_an_act_that_raises_leaves_nothing")
def queues_messages_where_the_act_is_decided(original, transaction, changes):
    original(transaction, changes)
    for message in changes.messages:
        transaction._store.outbox.put(Delivery(message, MessageState.WAITING, 0, changes.at))


@breaks(MemoryStore, "reading", "test_looking_without_acting_leaves_nothing")
@contextmanager
def makes_whatever_it_is_asked_for(original, store, organization):
    store._shelves.setdefault(organization, Shelf())
    with original(store, organization) as rows:
        yield rows


@breaks(
    MemoryStore,
    "register",
    "test_an_act_stopped_by_a_taken_siret_leaves_nothing",
)
def looks_at_the_siret_last(original, store, changes):
    for message in changes.messages:
        store.outbox.put(Delivery(message, MessageState.WAITING, 0, changes.due))
    original(store, changes)


@breaks(
    MemoryTransaction,
    "_commit",
    "test_an_act_stopped_by_a_taken_login_leaves_nothing",
    "test_an_act_over_a_stale_credential_leaves_nothing",
    "test_an_act_whose_refusal_is_caught_leaves_nothing",
)
def puts_things_in_place_before_it_looks_at_the_registries(original, transaction, changes, entries):
    transaction._shelf.take(changes, entries)
    transaction._store.register(changes)


@breaks(MemoryStore, "writing", "test_a_commit_that_fails_is_not_reported_as_success")
@contextmanager
def makes_light_of_a_commit_that_fails(original, store, organization):
    with suppress(OSError), original(store, organization) as rows:
        yield rows


@breaks(MemoryStore, "close", "test_another_program_finds_everything_as_it_was_left", "test_keys_outlive_the_process")
def keeps_messages_and_keys_in_its_process(original, store):
    store.outbox._deliveries.clear()
    store.done_acts._kept.clear()


@breaks(
    MemorySnapshot,
    "head",
    "test_a_credential_that_changes_is_in_nobodys_way",
    "test_a_login_that_is_hammered_is_in_nobodys_way",
    "test_a_line_is_in_nobodys_way",
)
def has_one_version_for_everything(original, rows):
    """Whoever hammers a login makes the administrator's act conflict."""
    store, head = rows._store, original.fget(rows)
    beside = len(store.attempts._tallies) + len(store.security_log._lines)
    versions = sum(credential.version for credential in store.credentials._kept.values())
    return Head(head.sequence + beside + versions, head.hash, head.at)


@breaks(MemorySnapshot, "head", "test_the_head_is_the_end_of_the_journal")
def moves_the_head_before_its_entries(original, rows):
    """As a snapshot shows it."""
    head = original.fget(rows)
    return head if isinstance(rows, MemoryTransaction) else evolve(head, sequence=head.sequence + 1)


@breaks(MemoryOutbox, "put", "test_a_message_that_says_little_is_taken_as_it_was_written")
def makes_a_generation_up(original, outbox, delivery):
    message = delivery.message
    notice = evolve(message.notice, generation=message.notice.generation or 0)
    original(outbox, evolve(delivery, message=evolve(message, notice=notice)))


@breaks(Shelf, "take", "test_a_user_is_loaded_as_each_fact_left_it")
def has_no_column_for_suspensions(original, shelf, *args):
    original(shelf, *args)
    in_users(shelf, lambda user: evolve(user, suspended=frozenset()))


@breaks(Shelf, "take", "test_a_user_is_loaded_as_each_fact_left_it")
def has_no_column_for_interruptions(original, shelf, *args):
    original(shelf, *args)
    in_users(shelf, lambda user: evolve(user, interruptions=()))


@breaks(Shelf, "take", "test_a_user_is_loaded_as_each_fact_left_it")
def has_no_column_for_changes_of_address(original, shelf, *args):
    original(shelf, *args)
    in_users(shelf, lambda user: evolve(user, email_change=None))


@breaks(Shelf, "_put_person", "test_a_person_on_the_way_to_another_address_comes_back_with_both")
def has_one_column_for_an_address(original, shelf, user, person):
    original(shelf, user, evolve(person, wanted=None, former=None))


@breaks(Shelf, "take", "test_an_organization_is_loaded_as_each_fact_left_it")
def has_no_column_for_control(original, shelf, *args):
    original(shelf, *args)
    shelf.organization = evolve(shelf.organization, control=Control.OWN)


@breaks(Shelf, "take", "test_an_organization_is_loaded_as_each_fact_left_it")
def dates_groups_as_their_agreement(original, shelf, *args):
    def dated(agreement):
        groups = {code: evolve(opened, since=agreement.since) for code, opened in agreement.groups.items()}
        return evolve(agreement, groups=groups)

    original(shelf, *args)
    agreements = {id: dated(agreement) for id, agreement in shelf.organization.agreements.items()}
    shelf.organization = evolve(shelf.organization, agreements=agreements)


@breaks(Shelf, "take", "test_an_organization_is_loaded_as_each_fact_left_it")
def dates_agreements_as_they_were_opened(original, shelf, *args):
    original(shelf, *args)
    kept = shelf.organization.agreements
    dated = {id: evolve(agreement, since=agreement.term.start) for id, agreement in kept.items()}
    shelf.organization = evolve(shelf.organization, agreements=dated)


@breaks(Shelf, "take", "test_a_user_is_loaded_as_each_fact_left_it")
def counts_no_addresses(original, shelf, *args):
    original(shelf, *args)
    in_users(shelf, lambda user: evolve(user, address=0))


@breaks(Shelf, "take", "test_an_organization_is_loaded_as_each_fact_left_it")
def knows_organizations_as_open_or_closed(original, shelf, *args):
    original(shelf, *args)
    if shelf.organization.state is OrganizationState.SUSPENDED:
        shelf.organization = evolve(shelf.organization, state=OrganizationState.OPEN)
