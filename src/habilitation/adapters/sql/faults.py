"""What the driver complains of, as refusals: nothing of sqlite3 or SQLAlchemy gets out.

A refusal's cause is at most the driver's own error, which names tables; SQLAlchemy's would quote what was written.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping

from sqlalchemy.exc import DBAPIError

from habilitation.domain.refusals import (
    Conflict,
    DatabaseDamaged,
    DatabaseForeign,
    DatabaseFull,
    DatabaseLocked,
    DatabaseReadOnly,
    DatabaseUnavailable,
    OutcomeUnknown,
    Refusal,
)

_REFUSALS: Mapping[int, Callable[[], Refusal]] = {
    sqlite3.SQLITE_BUSY: DatabaseLocked,
    sqlite3.SQLITE_LOCKED: DatabaseLocked,
    sqlite3.SQLITE_READONLY: DatabaseReadOnly,
    sqlite3.SQLITE_FULL: DatabaseFull,
    sqlite3.SQLITE_CONSTRAINT: Conflict,
    sqlite3.SQLITE_CORRUPT: lambda: DatabaseDamaged("its pages do not hold together"),
    sqlite3.SQLITE_ERROR: lambda: DatabaseDamaged("its tables are not those that were written"),
    sqlite3.SQLITE_NOTADB: lambda: DatabaseForeign("it is no SQLite file"),
    sqlite3.SQLITE_CANTOPEN: lambda: DatabaseUnavailable("the system does not let the file be opened"),
    sqlite3.SQLITE_PERM: lambda: DatabaseUnavailable("the system does not let the file be opened"),
    sqlite3.SQLITE_IOERR: lambda: DatabaseUnavailable("the disk could not be read or written"),
}
_NOTHING_WRITTEN = frozenset(
    {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_FULL, sqlite3.SQLITE_CONSTRAINT}
)
"""After these, SQLite says, a commit has left nothing behind."""


def translate(error: BaseException) -> None:
    """Raise the refusal that a failure of the database is to people; return if it is a failure of something else."""
    code = _code(error)
    if code is not None and code in _REFUSALS:
        raise _REFUSALS[code]() from _origin(error)


def translate_commit(error: BaseException) -> None:
    """The same, of a commit: it may have been made, unless the database says no."""
    code = _code(error)
    if code is None:
        return
    raise (_REFUSALS[code]() if code in _NOTHING_WRITTEN else OutcomeUnknown()) from _origin(error)


def _code(error: BaseException) -> int | None:
    """The primary code that SQLite gave; the driver's complaints about its own use have none."""
    origin = _origin(error)
    code = getattr(origin, "sqlite_errorcode", None) if isinstance(origin, sqlite3.Error) else None
    return None if code is None else int(code) & 0xFF


def _origin(error: BaseException) -> BaseException | None:
    return error.orig if isinstance(error, DBAPIError) else error
