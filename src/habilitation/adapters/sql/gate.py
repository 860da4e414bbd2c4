"""The gate at which the threads of one process queue for a database's one lock, first come, first served.

SQLite lets waiters poll, so that with many of them some wait very long; those that can talk to each other should not.
"""

from __future__ import annotations

from collections import deque
from threading import Lock, get_ident
from weakref import WeakValueDictionary

from habilitation.domain.refusals import DatabaseLocked


class Gate:
    """Lets one thread through at a time, in the order of their coming."""

    def __init__(self) -> None:
        self._mutex = Lock()
        self._waiting: deque[Lock] = deque()
        self._taken = False
        self._inside: int | None = None

    def enter(self, timeout: float) -> None:
        """Wait for one's turn, ``timeout`` seconds at most. Raises ``DatabaseLocked``."""
        if self._inside == get_ident():
            raise RuntimeError("this thread is writing already: it would wait for itself")
        with self._mutex:
            turn = None if not self._taken else Lock()
            self._taken = True
            if turn:
                turn.acquire()
                self._waiting.append(turn)
        if turn:
            self._await(turn, timeout)
        self._inside = get_ident()

    def leave(self) -> None:
        """Let the next one in."""
        self._inside = None
        with self._mutex:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._taken = False

    def _await(self, turn: Lock, timeout: float) -> None:
        try:
            came = turn.acquire(timeout=timeout)
        except BaseException:  # an interrupt from the keyboard, for one: whoever is behind must not wait forever
            if not self._withdraw(turn):
                self.leave()
            raise
        if not came and self._withdraw(turn):
            raise DatabaseLocked()

    def _withdraw(self, turn: Lock) -> bool:
        """Leave the queue; False if the turn came in the meantime."""
        with self._mutex:
            if turn not in self._waiting:
                return False
            self._waiting.remove(turn)
            return True


_gates: WeakValueDictionary[str, Gate] = WeakValueDictionary()
_mutex = Lock()


def gate_of(path: str) -> Gate:
    """The process's one gate to the file of that real path."""
    with _mutex:
        return _gates.setdefault(path, Gate())
