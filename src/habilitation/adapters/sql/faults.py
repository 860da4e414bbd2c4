"""What a driver complains of, as refusals: nothing of sqlite3, psycopg or SQLAlchemy gets out.

A refusal's cause is at most the driver's own error, which names tables; SQLAlchemy's would quote what was written.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy.exc import DBAPIError

from habilitation.domain.refusals import (
    Conflict,
    ConnectionLost,
    DatabaseBusy,
    DatabaseDamaged,
    DatabaseForeign,
    DatabaseFull,
    DatabaseLocked,
    DatabaseReadOnly,
    DatabaseUnavailable,
    OutcomeUnknown,
    Refusal,
    ValueUnstorable,
)

_ON_SQLITE: Mapping[int, Callable[[], Refusal]] = {
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


_ON_POSTGRESQL: Mapping[str, Callable[[], Refusal]] = {
    "08": ConnectionLost,
    "22": ValueUnstorable,
    "23": Conflict,
    "25006": DatabaseReadOnly,
    "26": lambda: DatabaseUnavailable("something between it and us forgets prepared statements"),
    "28": lambda: DatabaseUnavailable("the server refuses the user or the password"),
    "3D": lambda: DatabaseUnavailable("the server has no database of that name"),
    "3F": lambda: DatabaseUnavailable("it has no schema that tables are looked for in"),
    "40": Conflict,
    "42": lambda: DatabaseDamaged("its tables are not those that were written"),
    "42501": lambda: DatabaseUnavailable("its user may not do what is asked"),
    "53": DatabaseBusy,
    "53100": DatabaseFull,
    "55P03": DatabaseLocked,
    "57014": DatabaseBusy,
    "57P": ConnectionLost,
    "57P03": lambda: DatabaseUnavailable("the server is starting or stopping"),
    "57P04": lambda: DatabaseUnavailable("it was dropped"),
    "58": lambda: DatabaseUnavailable("the disk could not be read or written"),
    "XX": lambda: DatabaseDamaged("its pages do not hold together"),
}
"""By SQLSTATE, or by its first characters; the longest that fits is what holds."""
_CONNECTING: Mapping[str, Callable[[], Refusal]] = {
    "too many": DatabaseBusy,
    "connection slots": DatabaseBusy,
    "authentication failed": _ON_POSTGRESQL["28"],
    "no password supplied": _ON_POSTGRESQL["28"],
    "no pg_hba.conf entry": _ON_POSTGRESQL["28"],
    "role ": _ON_POSTGRESQL["28"],
    "database ": _ON_POSTGRESQL["3D"],
    "starting up": _ON_POSTGRESQL["57P03"],
    "shutting down": _ON_POSTGRESQL["57P03"],
    "recovery": _ON_POSTGRESQL["57P03"],
    "invalid connection option": lambda: DatabaseUnavailable("the address says something that is not understood"),
    "certificate": lambda: DatabaseUnavailable("the server cannot prove who it is"),
    "SSL": lambda: DatabaseUnavailable("the server speaks no TLS"),
}
"""Of a connection that is not made the driver gives no SQLSTATE, only what the server said, mostly in English."""


def translate(error: BaseException) -> None:
    """Raise the refusal that a failure of the database is to people; return if it is a failure of something else."""
    refusal = _refusal(_origin(error))
    if refusal:
        raise refusal from _origin(error)


def translate_commit(error: BaseException) -> None:
    """The same, of a commit: it may have been made, unless the database says no."""
    origin = _origin(error)
    refusal = _refusal(origin)
    if refusal:
        raise (refusal if _says_no(origin) else OutcomeUnknown()) from origin


def translate_connecting(error: BaseException) -> None:
    """The same, of a connection that is not made."""
    origin = _origin(error)
    told = str(origin)
    refusals = (refusal() for part, refusal in _CONNECTING.items() if part in told)
    raise next(refusals, DatabaseUnavailable("no server answers at its address")) from origin


def was_sent(error: BaseException | None) -> bool:
    """Whether it is the server that complains, and not the driver, of what it does not send."""
    return getattr(error, "sqlstate", None) is not None


def _refusal(origin: Any) -> Refusal | None:
    if isinstance(origin, sqlite3.Error):
        code = _code(origin)
        return None if code is None or code not in _ON_SQLITE else _ON_SQLITE[code]()
    if not hasattr(origin, "sqlstate"):
        return None
    if origin.sqlstate is None:  # of its own use the driver complains by other classes
        return ConnectionLost() if type(origin).__name__ == "OperationalError" else None
    fits = [start for start in _ON_POSTGRESQL if origin.sqlstate.startswith(start)]
    return _ON_POSTGRESQL[max(fits, key=len)]() if fits else None


def _says_no(origin: Any) -> bool:
    """Whether nothing was written for certain: a server that ends with its answer may have committed before."""
    if isinstance(origin, sqlite3.Error):
        return _code(origin) in _NOTHING_WRITTEN
    return was_sent(origin) and bool(origin.diag.severity_nonlocalized == "ERROR")


def _code(origin: sqlite3.Error) -> int | None:
    """The primary code that SQLite gave; the driver's complaints about its own use have none."""
    code = getattr(origin, "sqlite_errorcode", None)
    return None if code is None else int(code) & 0xFF


def _origin(error: BaseException) -> BaseException | None:
    return error.orig if isinstance(error, DBAPIError) else error
