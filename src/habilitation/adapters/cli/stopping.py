"""How a command that goes on and on is stopped: with the signal TERM, or from the keyboard, once it is done."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from attrs import define

LOOKS = 0.1
"""Seconds between two looks; a lock that a signal's handler would have to take might be held by whom it interrupts."""


@define
class AskedToStop:
    """Whether a signal came."""

    _came: bool = False

    def is_set(self) -> bool:
        return self._came

    def wait(self, timeout: float) -> bool:
        until = time.monotonic() + timeout
        while not self._came and time.monotonic() < until:
            time.sleep(LOOKS)
        return self._came

    def _note(self, number: int, frame: FrameType | None) -> None:
        self._came = True


@contextmanager
def stoppable() -> Iterator[AskedToStop]:
    """While it lasts, a signal does not end the process but is noted."""
    asked = AskedToStop()
    before = {number: signal.signal(number, asked._note) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield asked
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
