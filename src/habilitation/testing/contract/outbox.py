"""The outbox: written with the act, taken by one worker at a time, emptied or given up in sight of all (R12, R20)."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from attrs import evolve

from habilitation.domain.messages import Desk, Message, MessageKind, Notice
from habilitation.domain.values import MessageId
from habilitation.ports.outbox import Delivery, MessageState
from habilitation.ports.store import Store
from habilitation.testing.contract.bench import StoreBench
from habilitation.testing.contract.concurrency import together
from habilitation.testing.contract.seeds import (
    ANNE,
    AT,
    DAY,
    ORGANIZATION,
    OTHER,
    OTHER_SIRET,
    PLACE,
    Seeds,
    message,
    only,
)

MINUTE = DAY / 1440
LEASE = AT + 2 * MINUTE
MANY = 60
NAMES = [MessageId(f"m-{number}") for number in range(1, 5)]


def ids(deliveries: Sequence[Delivery]) -> list[str]:
    """Which messages they are."""
    return [delivery.message.id for delivery in deliveries]


class EmptiesItsOutbox(StoreBench):
    """A message waits from its act on, and is tried until it is settled."""

    @pytest.mark.parametrize("kind", MessageKind)
    @pytest.mark.parametrize("to", [ANNE, Desk.CONTACT, Desk.OPERATOR])
    def test_a_message_leaves_with_its_act_and_is_taken_as_it_was_written(
        self, store: Store, seeds: Seeds, kind: MessageKind, to: Desk
    ) -> None:
        """R20: due at once, never tried."""
        written = Message(MessageId("m-1"), ORGANIZATION, Notice(kind, to, ANNE, generation=3, place=PLACE))
        seeds.organization(messages=(written,))
        assert store.outbox.find(written.id) == Delivery(written, MessageState.WAITING, 0, AT)
        assert list(store.outbox.take(AT, LEASE, 10)) == [Delivery(written, MessageState.WAITING, 1, LEASE)]

    def test_a_message_that_says_little_is_taken_as_it_was_written(self, store: Store, seeds: Seeds) -> None:
        """R20: neither generation nor place."""
        bare = Message(MessageId("m-1"), ORGANIZATION, Notice(MessageKind.LOGIN, ANNE, ANNE))
        seeds.organization(messages=(bare,))
        assert [delivery.message for delivery in store.outbox.take(AT, LEASE, 10)] == [bare]

    def test_the_oldest_messages_leave_first_and_no_more_than_asked(self, store: Store, seeds: Seeds) -> None:
        """R20"""
        seeds.organization(messages=(message("m-2"), message("m-3")), at=AT)
        seeds.user(messages=(message("m-1"),), at=AT + MINUTE)
        assert ids(store.outbox.take(AT + DAY, AT + 2 * DAY, 2)) == ["m-2", "m-3"]
        assert ids(store.outbox.take(AT + DAY, AT + 2 * DAY, 2)) == ["m-1"]

    def test_nothing_is_taken_before_it_is_due(self, store: Store, seeds: Seeds) -> None:
        """R20"""
        seeds.organization(messages=(message("m-1"),), at=AT)
        assert list(store.outbox.take(AT - MINUTE, LEASE, 10)) == []
        assert ids(store.outbox.take(AT, LEASE, 10)) == ["m-1"]

    def test_a_message_may_leave_from_the_instant_that_its_act_says(self, store: Store, seeds: Seeds) -> None:
        """R40: the clock's, which the act's own may be ahead of."""
        seeds.organization(messages=(message("m-1"),), at=AT + MINUTE, due=AT)
        assert ids(store.outbox.take(AT, LEASE, 10)) == ["m-1"]

    def test_what_is_taken_is_nobody_elses_while_its_lease_lasts(
        self, store: Store, second: Store, seeds: Seeds
    ) -> None:
        """R20: a worker that died gives its messages back."""
        seeds.organization(messages=(message("m-1"),))
        store.outbox.take(AT, LEASE, 10)
        assert list(second.outbox.take(LEASE - MINUTE, LEASE, 10)) == []
        again = only(second.outbox.take(LEASE, LEASE + MINUTE, 10))
        assert again.attempts == 2

    def test_two_workers_never_take_one_message(self, store: Store, second: Store, seeds: Seeds) -> None:
        """R20"""
        names = [f"m-{number:03}" for number in range(MANY)]
        seeds.organization(messages=tuple(message(name) for name in names))

        def worker(handle: Store) -> list[str]:
            taken: list[str] = []
            while some := ids(handle.outbox.take(AT, LEASE, 3)):
                taken += some
            return taken

        taken = together([lambda handle=handle: worker(handle) for handle in (store, second) * 2])  # type: ignore[misc]
        assert sorted(name for some in taken for name in some) == names

    @pytest.mark.parametrize("state", [MessageState.DELIVERED, MessageState.DROPPED, MessageState.DEAD])
    def test_what_is_settled_is_not_taken_again(self, store: Store, seeds: Seeds, state: MessageState) -> None:
        """R20"""
        seeds.organization(messages=(message("m-1"),))
        taken = only(store.outbox.take(AT, LEASE, 10))
        settled = evolve(taken, state=state, problem="550 no such mailbox")
        store.outbox.settle(settled)
        assert store.outbox.find(taken.message.id) == settled
        assert list(store.outbox.take(AT + DAY, AT + 2 * DAY, 10)) == []

    def test_what_is_put_off_is_taken_when_it_is_due(self, store: Store, seeds: Seeds) -> None:
        """R20"""
        seeds.organization(messages=(message("m-1"),))
        taken = only(store.outbox.take(AT, LEASE, 10))
        later = evolve(taken, due=AT + DAY, problem="451 come back")
        store.outbox.settle(later)
        assert list(store.outbox.take(AT + DAY - MINUTE, AT + DAY, 10)) == []
        assert list(store.outbox.take(AT + DAY, AT + 2 * DAY, 10)) == [evolve(later, attempts=2, due=AT + 2 * DAY)]

    def test_dead_letters_are_listed_oldest_first_and_can_be_revived(self, store: Store, seeds: Seeds) -> None:
        """R20: given up in sight of all, until somebody tries again."""
        seeds.organization(ORGANIZATION, messages=(message("m-1"), message("m-2"), message("m-3")))
        for delivery in store.outbox.take(AT, LEASE, 2):
            store.outbox.settle(evolve(delivery, state=MessageState.DEAD, problem="refused"))
        dead = store.outbox.dead()
        assert ids(dead) == ["m-1", "m-2"]
        store.outbox.settle(evolve(dead[0], state=MessageState.WAITING, attempts=0, due=AT))
        assert ids(store.outbox.dead()) == ["m-2"]
        [again] = [one for one in store.outbox.take(AT, LEASE, 10) if one.message.id == "m-1"]
        assert again.attempts == 1, "its attempts are counted from the start"

    def test_dead_letters_of_one_organization_are_listed_alone(self, store: Store, seeds: Seeds) -> None:
        """R37"""
        seeds.organization(ORGANIZATION, messages=(message("m-1"),))
        seeds.organization(OTHER, OTHER_SIRET, messages=(message("m-2", on=OTHER),))
        for delivery in store.outbox.take(AT, LEASE, 10):
            store.outbox.settle(evolve(delivery, state=MessageState.DEAD))
        assert ids(store.outbox.dead(OTHER)) == ["m-2"]
        assert ids(store.outbox.dead()) == ["m-1", "m-2"]

    def test_dead_letters_are_listed_in_pages_that_a_revived_one_does_not_move(
        self, store: Store, seeds: Seeds
    ) -> None:
        """R20: whoever goes from page to page sees each letter once, though some are tried again meanwhile."""
        seeds.organization(messages=tuple(message(f"m-{number}") for number in range(1, 6)))
        for delivery in reversed(store.outbox.take(AT, LEASE, 10)):
            store.outbox.settle(evolve(delivery, state=MessageState.DEAD, due=AT + MINUTE))
        first = store.outbox.dead(most=2)
        assert ids(first) == ["m-1", "m-2"]
        store.outbox.settle(evolve(first[1], state=MessageState.WAITING, due=AT + DAY))
        assert ids(store.outbox.dead(None, MessageId("m-2"), 2)) == ["m-3", "m-4"]
        assert ids(store.outbox.dead(ORGANIZATION, MessageId("m-4"), 2)) == ["m-5"]
        assert ids(store.outbox.dead(OTHER, MessageId("m-4"), 2)) == []

    def test_what_was_settled_long_ago_is_pruned_the_oldest_first(self, store: Store, seeds: Seeds) -> None:
        """R20: a few at once; what is from then on stays."""
        seeds.organization(messages=tuple(message(f"m-{number}") for number in range(1, 5)))
        states = [MessageState.DELIVERED, MessageState.DROPPED, MessageState.DELIVERED, MessageState.DELIVERED]
        for number, delivery in enumerate(store.outbox.take(AT, LEASE, 10)):
            store.outbox.settle(evolve(delivery, state=states[number], due=AT + number * MINUTE))
        store.outbox.prune(AT + 3 * MINUTE, 2)
        assert [name for name in NAMES if store.outbox.find(name)] == ["m-3", "m-4"]
        store.outbox.prune(AT + 3 * MINUTE, 2)
        assert [name for name in NAMES if store.outbox.find(name)] == ["m-4"]

    def test_what_waits_or_is_dead_is_never_pruned(self, store: Store, seeds: Seeds) -> None:
        """R20, I10: no message is lost by growing old."""
        seeds.organization(messages=(message("m-1"), message("m-2")))
        [taken] = store.outbox.take(AT, LEASE, 1)
        store.outbox.settle(evolve(taken, state=MessageState.DEAD))
        store.outbox.prune(AT + 1000 * DAY, 10)
        assert ids(store.outbox.dead()) == ["m-1"]
        assert ids(store.outbox.take(AT + DAY, AT + 2 * DAY, 10)) == ["m-2"]

    def test_a_message_unknown_is_not_found(self, store: Store) -> None:
        """R20"""
        assert store.outbox.find(MessageId("m-1")) is None
