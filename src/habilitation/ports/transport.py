"""The wire: the only port that talks to the network."""

from __future__ import annotations

from typing import Protocol

from habilitation.domain.messages import Letter


class DeliveryDelayed(Exception):
    """It may pass later: the server was away, busy, or asked to come back. The text says what it answered."""


class DeliveryRefused(Exception):
    """It will never pass: trying again is useless. The text says what the server answered."""


class Transport(Protocol):
    """Writes a letter out and sends it."""

    def send(self, letter: Letter) -> None:
        """Return once it is accepted; else raise ``DeliveryDelayed`` or ``DeliveryRefused``, without any secret."""
        ...
