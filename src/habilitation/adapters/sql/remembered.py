"""What was read once and need not be read again: states named by the hash of their journal's head.

The hash names the content exactly, so what is found under it is right, whoever wrote since, and even if the act that
would have led to it was rolled back: then nobody ever asks for it.
"""

from __future__ import annotations

from threading import Lock
from typing import Generic, TypeVar

from attrs import Factory, define

T = TypeVar("T")


@define(eq=False)
class Remembered(Generic[T]):
    """The latest state of each of up to ``most`` journals; the one that was put first makes room."""

    most: int
    _states: dict[str, tuple[str, T]] = Factory(dict)
    _lock: Lock = Factory(Lock)

    def get(self, journal: str, hash: str) -> T | None:
        found = self._states.get(journal)
        return found[1] if found and found[0] == hash else None

    def put(self, journal: str, hash: str, state: T) -> None:
        with self._lock:
            self._states[journal] = (hash, state)
            if len(self._states) > self.most:
                del self._states[next(iter(self._states))]
