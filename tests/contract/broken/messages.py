"""Outboxes that give messages twice, too early, or not at all."""

from __future__ import annotations

from time import sleep

from attrs import evolve

from habilitation.adapters.memory import MemoryStore
from habilitation.adapters.memory.outbox import MemoryOutbox
from habilitation.ports.outbox import MessageState
from tests.contract.broken.breaking import breaks


@breaks(MemoryOutbox, "put", "test_a_message_leaves_with_its_act_and_is_taken_as_it_was_written")
def forgets_what_a_message_is_about(original, outbox, delivery):
    notice = evolve(delivery.message.notice, place=None)
    original(outbox, evolve(delivery, message=evolve(delivery.message, notice=notice)))


@breaks(MemoryOutbox, "take", "test_the_oldest_messages_leave_first_and_no_more_than_asked")
def takes_messages_by_their_ids(original, outbox, now, until, most, organization=None):
    waiting = [kept for kept in outbox._deliveries.values() if kept.state is MessageState.WAITING and kept.due <= now]
    taken = sorted(waiting, key=lambda kept: kept.message.id)[:most]
    for kept in taken:
        outbox.put(evolve(kept, attempts=kept.attempts + 1, due=until))
    return taken


@breaks(MemoryOutbox, "take", "test_nothing_is_taken_before_it_is_due", "test_what_is_put_off_is_taken_when_it_is_due")
def takes_what_is_not_due(original, outbox, now, until, most, organization=None):
    return original(outbox, until, until, most, organization)


@breaks(MemoryOutbox, "take", "test_what_is_taken_is_nobody_elses_while_its_lease_lasts")
def gives_a_lease_twice(original, outbox, now, until, most, organization=None):
    """Counts an attempt, and keeps nobody off."""
    kept = dict(outbox._deliveries)
    taken = original(outbox, now, until, most, organization)
    outbox._deliveries.update(kept)
    return taken


@breaks(MemoryOutbox, "take", "test_two_workers_never_take_one_message")
def takes_without_a_lock(original, outbox, now, until, most, organization=None):
    waiting = [kept for kept in outbox._deliveries.values() if kept.state is MessageState.WAITING and kept.due <= now]
    taken = [evolve(kept, due=until) for kept in waiting[:most]]
    sleep(0.002)  # others have every chance
    for kept in taken:
        outbox.put(kept)
    return taken


@breaks(MemoryOutbox, "settle", "test_what_is_settled_is_not_taken_again")
def does_not_keep_what_became_of_a_message(original, outbox, delivery):
    pass


@breaks(MemoryOutbox, "settle", "test_dead_letters_are_listed_oldest_first_and_can_be_revived")
def buries_dead_letters(original, outbox, delivery):
    if outbox.find(delivery.message.id).state is not MessageState.DEAD:
        original(outbox, delivery)


@breaks(MemoryOutbox, "dead", "test_dead_letters_of_one_organization_are_listed_alone")
def lists_dead_letters_of_all_organizations(original, outbox, organization=None, after=None, most=None):
    return original(outbox, None, after, most)


@breaks(MemoryOutbox, "dead", "test_dead_letters_are_listed_in_pages_that_a_revived_one_does_not_move")
def lists_dead_letters_from_where_the_last_one_stands_now(original, outbox, organization=None, after=None, most=None):
    found = original(outbox, organization)
    places = [kept.message.id for kept in found]
    return found[places.index(after) + 1 if after in places else 0 :][:most]


@breaks(MemoryOutbox, "prune", "test_what_was_settled_long_ago_is_pruned_the_oldest_first")
def prunes_all_at_once(original, outbox, before, most):
    original(outbox, before, 1000)


@breaks(MemoryOutbox, "prune", "test_what_waits_or_is_dead_is_never_pruned")
def prunes_whatever_is_old(original, outbox, before, most):
    original(outbox, before, most)
    for kept in list(outbox._deliveries.values()):
        if kept.due < before:
            del outbox._deliveries[kept.message.id]


@breaks(MemoryOutbox, "find", "test_a_message_unknown_is_not_found", raising=KeyError)
def expects_a_message_to_be_there(original, outbox, message):
    return outbox._deliveries[message]


@breaks(
    MemoryOutbox,
    "settle",
    "test_a_delivery_that_was_under_way_brings_nothing_back",
    "test_a_delivery_under_way_may_end_when_its_organization_is_dropped",
)
def brings_back_what_was_dropped(original, outbox, delivery):
    """Whatever a worker says of a message is written down."""
    outbox.put(delivery)


@breaks(MemoryStore, "register", "test_a_message_may_leave_from_the_instant_that_its_act_says")
def sends_messages_from_the_instant_of_the_act(original, store, changes):
    original(store, evolve(changes, due=changes.at))


@breaks(MemoryOutbox, "settle", "test_dead_letters_are_listed_oldest_first_and_can_be_revived")
def goes_on_counting_attempts_of_what_is_revived(original, outbox, delivery):
    kept = outbox.find(delivery.message.id)
    original(outbox, evolve(delivery, attempts=kept.attempts))
