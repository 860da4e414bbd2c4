"""One LMDB environment: transactions on it, and writing its file anew. Nothing here knows what is kept."""

from __future__ import annotations

import pickle
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Condition
from typing import Any

import lmdb
from attrs import Factory, define, field, frozen

from habilitation.domain.refusals import DatabaseFull, DatabaseLocked, DatabaseUnavailable

LONGEST_KEY = 511
"""In bytes: LMDB refuses a longer one, even to look for it."""
PATIENCE = 5.0
"""Seconds that wiping waits for those who read and write."""


@frozen
class Tables:
    """What one transaction sees: values by their places, ``("users", organization, user)``.

    Values are pickled: short, and fast. What another version of the library cannot unpickle, it can replay from the
    journal, whose bytes are JSON.
    """

    _transaction: lmdb.Transaction

    def get(self, *place: str) -> Any:
        """What is kept there; None if nothing is."""
        key = _key(place)
        found = self._transaction.get(key) if len(key) <= LONGEST_KEY else None
        return None if found is None else pickle.loads(found)  # noqa: S301 - the store's own file

    def put(self, value: Any, *place: str) -> None:
        """Keep the value there, in the place of any other."""
        self._transaction.put(_key(place), pickle.dumps(value))

    def delete(self, *place: str) -> None:
        """Keep nothing there, if anything was."""
        self._transaction.delete(_key(place))

    def under(self, *place: str, start: str = "") -> Iterator[tuple[tuple[str, ...], Any]]:
        """All that is kept under the place, in order of the rest of theirs, from ``start`` on."""
        prefix = _key((*place, ""))
        cursor = self._transaction.cursor()
        found = cursor.set_range(prefix + start.encode())
        while found and bytes(cursor.key()).startswith(prefix):
            yield _place(bytes(cursor.key())), pickle.loads(cursor.value())  # noqa: S301
            found = cursor.next()

    def all(self, *place: str) -> list[Any]:
        """The values under the place, in their order."""
        return [value for _, value in self.under(*place)]

    def delete_where(self, gone: Callable[[Any], bool], *place: str) -> None:
        """Keep nothing any more of those under the place of which that is true."""
        for found in [found for found, value in self.under(*place) if gone(value)]:
            self.delete(*found)


def _key(place: tuple[str, ...]) -> bytes:
    return "\0".join(place).encode(errors="surrogatepass")


def _place(key: bytes) -> tuple[str, ...]:
    return tuple(key.decode(errors="surrogatepass").split("\0"))


@define(eq=False)
class Database:
    """A folder that one process has open, once; any threads of it may share it."""

    path: Path
    size: int = 2**30
    """How large the file may grow, in bytes."""
    _environment: lmdb.Environment = field(init=False)
    _users: int = 0
    _changed: Condition = Factory(Condition)

    def __attrs_post_init__(self) -> None:
        self._open()

    def _open(self) -> None:
        with _told():
            self._environment = lmdb.open(str(self.path), map_size=self.size)

    @contextmanager
    def reading(self) -> Iterator[Tables]:
        """A snapshot, which blocks nobody: LMDB copies what is written to other pages."""
        with self._in_use(), _told(), self._environment.begin() as transaction:
            yield Tables(transaction)

    @contextmanager
    def writing(self) -> Iterator[Tables]:
        """The one writer: LMDB lets the next one in when this one has ended. Kept whole, or not at all."""
        with self._in_use(), _told():
            transaction = self._environment.begin(write=True)
            try:
                yield Tables(transaction)
                self.commit(transaction)
            finally:
                transaction.abort()  # does nothing once it is committed

    def commit(self, transaction: lmdb.Transaction) -> None:
        """The very end of whatever is written."""
        transaction.commit()

    def rewrite(self) -> None:
        """Write the file anew, without the pages that are free, while nobody else uses it."""
        with self._changed:
            if not self._changed.wait_for(lambda: not self._users, PATIENCE):
                raise DatabaseLocked()
            fresh = self.path / "fresh"
            fresh.mkdir(exist_ok=True)
            with _told():
                self._environment.copy(str(fresh), compact=True)
            self._environment.close()
            (fresh / "data.mdb").replace(self.path / "data.mdb")
            shutil.rmtree(fresh)
            self._open()

    @contextmanager
    def _in_use(self) -> Iterator[None]:
        with self._changed:
            self._users += 1
        try:
            yield
        finally:
            with self._changed:
                self._users -= 1
                self._changed.notify_all()

    def close(self) -> None:
        self._environment.close()


@contextmanager
def _told() -> Iterator[None]:
    """What LMDB says, in the library's own refusals."""
    try:
        yield
    except (lmdb.MapFullError, lmdb.DiskError) as error:
        raise DatabaseFull() from error
    except lmdb.Error as error:
        raise DatabaseUnavailable(str(error)) from error
