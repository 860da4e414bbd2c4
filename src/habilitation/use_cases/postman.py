"""Whoever goes on delivering, beside the portal's pages or as a process of its own (R20)."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Protocol

from attrs import frozen

from habilitation.domain.refusals import Refusal
from habilitation.use_cases.delivery import DeliverNotifications, Tally

_log = logging.getLogger("habilitation.delivery")


class Stop(Protocol):
    """Whether somebody asked to stop; a ``threading.Event`` is one."""

    def is_set(self) -> bool: ...

    def wait(self, timeout: float) -> bool:
        """Wait so many seconds, or until it is asked; whether it was."""
        ...


@frozen
class Postman:
    """Tries what waits in the outbox, again and again, until it is told to stop; then ends with the message in hand.

    Any number of them may be at work on one store: a message is one's while its lease lasts.
    """

    deliver: DeliverNotifications
    stop: Stop
    pause: timedelta
    told: Callable[[Tally], None] = lambda tally: None
    """What became of the messages of a round, if there were any."""

    def run(self) -> None:
        """A refusal is of the store, which may be back the next time; the messages wait."""
        while not self.stop.is_set():
            try:
                tally = self.deliver(stopped=self.stop.is_set)
            except Refusal as refusal:
                _log.warning("messages wait: %s", refusal.code)
            else:
                if tally != Tally():
                    self.told(tally)
            self.stop.wait(self.pause.total_seconds())
