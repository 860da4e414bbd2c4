"""The queue of messages, by their ids."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from attrs import evolve, frozen

from habilitation.domain.messages import Message
from habilitation.domain.values import MessageId, OrganizationId
from habilitation.ports.outbox import SETTLED, Delivery, MessageState
from lmdb_store.database import Database, Tables


def put(tables: Tables, message: Message, due: datetime) -> None:
    """A message that waits from then on."""
    tables.put(Delivery(message, MessageState.WAITING, 0, due), "messages", message.id)


@frozen
class LmdbOutbox:
    """Each call is a transaction."""

    _database: Database

    def take(
        self, now: datetime, until: datetime, most: int, organization: OrganizationId | None = None
    ) -> Sequence[Delivery]:
        with self._database.writing() as tables:
            due = [each for each in _select(tables, MessageState.WAITING, organization) if each.due <= now]
            taken = [evolve(each, attempts=each.attempts + 1, due=until) for each in due[:most]]
            for each in taken:
                tables.put(each, "messages", each.message.id)
            return taken

    def settle(self, delivery: Delivery) -> None:
        with self._database.writing() as tables:
            kept = tables.get("messages", delivery.message.id)
            if kept and kept.state is not MessageState.DROPPED:
                tables.put(delivery, "messages", delivery.message.id)

    def dead(
        self, organization: OrganizationId | None = None, after: MessageId | None = None, most: int | None = None
    ) -> Sequence[Delivery]:
        with self._database.reading() as tables:
            found = _select(tables, MessageState.DEAD, organization)
        found.sort(key=lambda each: each.message.id)
        return [each for each in found if after is None or each.message.id > after][:most]

    def prune(self, before: datetime, most: int) -> None:
        with self._database.writing() as tables:
            settled = [each for state in SETTLED for each in _select(tables, state, None) if each.due < before]
            settled.sort(key=lambda each: each.due)
            for each in settled[:most]:
                tables.delete("messages", each.message.id)

    def find(self, message: MessageId) -> Delivery | None:
        with self._database.reading() as tables:
            found: Delivery | None = tables.get("messages", message)
        return found


def _select(tables: Tables, state: MessageState, organization: OrganizationId | None) -> list[Delivery]:
    """Those in that state, oldest first."""
    kept: list[Delivery] = tables.all("messages")
    found = [each for each in kept if each.state is state and organization in (None, each.message.organization)]
    return sorted(found, key=lambda each: (each.due, each.message.id))
