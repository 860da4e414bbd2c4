"""Two acts, step by step: one is stopped at a boundary while the other goes on as far as it can; at each in turn.

A boundary is a statement of SQL, or what the memory store is asked. Whoever holds the organization keeps the other
waiting: with one writer, where the one is stopped says all; what is a unit of its own goes on meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from threading import Semaphore, Thread, get_ident
from typing import Any

import pytest
from attrs import Factory, define

from habilitation.adapters.memory import MemorySnapshot, MemoryStore, MemoryTransaction
from habilitation.adapters.memory.credentials import MemoryCredentials
from habilitation.adapters.memory.links import MemoryLinks
from habilitation.adapters.memory.outbox import MemoryOutbox
from habilitation.adapters.sql.database import Line, Work
from habilitation.application import Habilitation
from tests.races.crews import PATIENCE, Move

STUCK = 0.01
"""Seconds after which one who has come to no boundary is taken to wait for the other."""
ASKED_OF_MEMORY = {
    MemoryStore: ("writing", "reading", "siret_holder", "catalog"),
    MemorySnapshot: ("find_user", "find_row", "with_email", "find_credential", "find_session", "managers", "users"),
    MemoryTransaction: ("save", "siret_holder"),
    MemoryCredentials: ("by_login", "of", "save", "save_telling", "open_session", "session", "end_session"),
    MemoryLinks: ("keep", "find", "last"),
    MemoryOutbox: ("take", "settle"),
}
ASKED_OF_SQL = ("begin", "fetched", "write", "write_each", "change", "settle")

_performing: dict[int, Performer] = {}


@define
class Performer:
    """Somebody who makes a move, and stops at each boundary until told to go on."""

    move: Move
    portal: Habilitation
    answer: str | None = None
    steps: int = 0
    """How often it was told to go on."""
    waits: bool = False
    """Whether it was told to go on, and is not heard of since."""
    _go: Semaphore = Factory(lambda: Semaphore(0))
    _arrived: Semaphore = Factory(lambda: Semaphore(0))

    def start(self) -> None:
        """Up to its first boundary, if nobody keeps it waiting before."""
        Thread(target=self._run, daemon=True).start()
        self.waits = not self._arrived.acquire(timeout=STUCK)

    def _run(self) -> None:
        _performing[get_ident()] = self
        try:
            self.answer = self.move.on(self.portal)
        except Exception as crash:  # noqa: BLE001  (an answer that no order of the two gives)
            self.answer = repr(crash)
        finally:
            del _performing[get_ident()]
            self._arrived.release()

    def stop(self) -> None:
        """At a boundary, in its own thread."""
        self._arrived.release()
        assert self._go.acquire(timeout=PATIENCE), "it is told to go on"

    def step(self) -> bool:
        """Up to the next boundary, or to the end; False if it is kept waiting."""
        if not self.waits:
            self.steps += 1
            self._go.release()
        self.waits = not self._arrived.acquire(timeout=STUCK)
        return not self.waits

    def go_on(self) -> None:
        """As far as it can."""
        while self.answer is None and self.step():
            pass


def perform(one: Performer, other: Performer, boundary: int) -> bool:
    """The one up to that boundary, the other as far as it can, and then both in turn; False if there is no such one."""
    one.start()
    while one.answer is None and one.steps < boundary:
        one.step()
    was_stopped = one.answer is None
    other.start()
    while one.answer is None or other.answer is None:
        other.go_on()
        one.go_on()
    return was_stopped


@contextmanager
def boundaries() -> Iterator[None]:
    """While it lasts, whoever performs stops before each statement, and whenever a store in memory is asked."""
    with pytest.MonkeyPatch.context() as patch:
        for owner, names in ASKED_OF_MEMORY.items():
            for name in names:
                patch.setattr(owner, name, _stopping(getattr(owner, name)))
        for line in Line.__subclasses__():
            for name in set(ASKED_OF_SQL) & set(vars(line)):
                patch.setattr(line, name, _stopping(getattr(line, name)))
        patch.setattr(Work, "_commit", _stopping(Work._commit))
        yield


def _stopping(method: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(method)
    def stopping(*args: Any, **kwargs: Any) -> Any:
        performer = _performing.get(get_ident())
        if performer:
            performer.stop()
        return method(*args, **kwargs)

    return stopping
