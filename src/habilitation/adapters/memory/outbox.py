"""The queue of messages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from threading import RLock

from attrs import Factory, define, evolve

from habilitation.domain.values import (
    MessageId,
    OrganizationId,
    UserId,
)
from habilitation.ports.outbox import SETTLED, Delivery, MessageState


@define
class MemoryOutbox:
    """Messages, in the order of their ids."""

    _lock: RLock
    _deliveries: dict[MessageId, Delivery] = Factory(dict)

    def put(self, delivery: Delivery) -> None:
        self._deliveries[delivery.message.id] = delivery

    def take(
        self, now: datetime, until: datetime, most: int, organization: OrganizationId | None = None
    ) -> Sequence[Delivery]:
        with self._lock:
            due = self._select(lambda kept: kept.state is MessageState.WAITING and kept.due <= now, organization)
            taken = [evolve(kept, attempts=kept.attempts + 1, due=until) for kept in due[:most]]
            self._deliveries.update({kept.message.id: kept for kept in taken})
            return taken

    def settle(self, delivery: Delivery) -> None:
        with self._lock:
            kept = self._deliveries.get(delivery.message.id)
            if kept is not None and kept.state is not MessageState.DROPPED:
                self.put(delivery)

    def forget(self, organization: OrganizationId, user: UserId) -> None:
        """Nothing is left to say to or about the user, nor of what saying it met."""
        for kept in list(self._deliveries.values()):
            if kept.message.organization == organization and kept.concerns(user):
                self.put(kept.silenced())

    def drop(self, organization: OrganizationId) -> None:
        """Every message of the organization."""
        gone = [id for id, kept in self._deliveries.items() if kept.message.organization == organization]
        for id in gone:
            del self._deliveries[id]

    def dead(
        self, organization: OrganizationId | None = None, after: MessageId | None = None, most: int | None = None
    ) -> Sequence[Delivery]:
        with self._lock:
            found = self._select(lambda kept: kept.state is MessageState.DEAD, organization)
        found.sort(key=lambda kept: kept.message.id)
        return [kept for kept in found if after is None or kept.message.id > after][:most]

    def prune(self, before: datetime, most: int) -> None:
        with self._lock:
            over = self._select(lambda kept: kept.state in SETTLED and kept.due < before, None)
            for kept in over[:most]:
                del self._deliveries[kept.message.id]

    def find(self, message: MessageId) -> Delivery | None:
        return self._deliveries.get(message)

    def _select(self, wanted: Callable[[Delivery], bool], organization: OrganizationId | None) -> list[Delivery]:
        found = [
            kept
            for kept in self._deliveries.values()
            if wanted(kept) and organization in (None, kept.message.organization)
        ]
        return sorted(found, key=lambda kept: (kept.due, kept.message.id))
