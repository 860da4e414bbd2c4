"""The queue of messages, as rows that are leased to whoever delivers them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from attrs import frozen

from habilitation.adapters.sql import statements
from habilitation.adapters.sql.database import Database, Work
from habilitation.adapters.sql.rows import Row, instant, micros
from habilitation.domain.messages import Desk, Message, MessageKind, Notice
from habilitation.domain.values import MessageId, OrganizationId, Place
from habilitation.ports.outbox import Delivery, MessageState

BEFORE_ALL = ""
ALL = 2**62


@frozen
class SqlOutbox:
    """Each call is a transaction by itself."""

    _database: Database

    def take(
        self, now: datetime, until: datetime, most: int, organization: OrganizationId | None = None
    ) -> Sequence[Delivery]:
        lease = micros(until)
        with Work(self._database, writes=True) as line:
            if organization is None:
                due = line.fetched(statements.DUE, micros(now), most)
            else:
                due = line.fetched(statements.DUE_HERE, organization, micros(now), most)
            taken = [(*row[:10], row[10] + 1, lease, row[12]) for row in due]
            line.write_each(statements.LEASE, [(row[10], row[11], row[0], row[1]) for row in taken])
        return [_delivery(row) for row in taken]

    def settle(self, delivery: Delivery) -> None:
        message = delivery.message
        now = (delivery.state.value, delivery.attempts, micros(delivery.due), delivery.problem)
        with Work(self._database, writes=True) as line:
            line.write(statements.SETTLE, *now, message.organization, message.id)

    def dead(
        self, organization: OrganizationId | None = None, after: MessageId | None = None, most: int | None = None
    ) -> Sequence[Delivery]:
        page = (after or BEFORE_ALL, most or ALL)
        with Work(self._database, writes=False) as line:
            if organization is None:
                rows = line.fetched(statements.DEAD, *page)
            else:
                rows = line.fetched(statements.DEAD_HERE, organization, *page)
        return [_delivery(row) for row in rows]

    def prune(self, before: datetime, most: int) -> None:
        with Work(self._database, writes=True) as line:
            line.write(statements.PRUNE_MESSAGES, micros(before), most)

    def find(self, message: MessageId) -> Delivery | None:
        with Work(self._database, writes=False) as line:
            row = line.found(statements.FIND_MESSAGE, message)
        return None if row is None else _delivery(row)


def message_row(message: Message, due: int) -> Row:
    """A message as an act leaves it: waiting, never tried."""
    notice = message.notice
    to = (None, notice.to.value) if isinstance(notice.to, Desk) else (notice.to, None)
    place = (None, None) if notice.place is None else (notice.place.agreement, notice.place.group)
    what = (notice.kind.value, *to, notice.about, notice.generation, *place)
    return (message.organization, message.id, *what, MessageState.WAITING.value, 0, due, "")


def _delivery(row: Row) -> Delivery:
    organization, id, kind, user, desk, about, generation, agreement, group, state, attempts, due, problem = row
    to = user if desk is None else Desk(desk)
    place = None if agreement is None else Place(agreement, group)
    message = Message(id, organization, Notice(MessageKind(kind), to, about, generation, place))
    return Delivery(message, MessageState(state), attempts, instant(due), problem)
