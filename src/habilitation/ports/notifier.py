"""What use cases tell people with: it writes the outbox, and never talks to the network."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from habilitation.domain.messages import Message, Notice
from habilitation.domain.values import OrganizationId


class Notifier(Protocol):
    """Turns what is to be told into messages for the outbox, which leave with the act's own transaction."""

    def announce(self, notices: Sequence[Notice], organization: OrganizationId) -> Sequence[Message]: ...
