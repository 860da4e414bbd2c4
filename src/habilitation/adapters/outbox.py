"""The shipped notifier: every notice becomes a message with an id, for the outbox."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import frozen

from habilitation.domain.messages import Message, Notice
from habilitation.domain.values import MessageId, OrganizationId
from habilitation.ports.identifiers import Identifiers


@frozen
class OutboxNotifier:
    """Numbers messages, and leaves them to the transaction to store (R20)."""

    identifiers: Identifiers

    def announce(self, notices: Sequence[Notice], organization: OrganizationId) -> Sequence[Message]:
        return [Message(MessageId(self.identifiers.new()), organization, notice) for notice in notices]
