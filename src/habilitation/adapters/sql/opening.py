"""Opening a file: is it ours, is it of this version, and if it is older or new, its migration."""

from __future__ import annotations

import re
import sqlite3
import time
from pathlib import Path

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from habilitation.adapters.sql import migrations
from habilitation.adapters.sql.database import Database, Work
from habilitation.domain.refusals import DatabaseForeign, DatabaseLocked, DatabaseNewer, DatabaseUnavailable

_REVISION = re.compile(r"\d{4}")


def opened(url: str, busy_timeout: float) -> Database:
    """The database at an address such as ``sqlite:///portal.db``, made if there is none, and brought up to date."""
    database = Database(str(_path(url)), busy_timeout)
    try:
        _bring_up_to_date(database)
    except BaseException:
        database.close()
        raise
    return database


def _path(url: str) -> Path:
    try:
        address = make_url(url)
    except ArgumentError:
        raise DatabaseUnavailable("the address is not of the form sqlite:///file") from None
    if address.drivername != "sqlite" or address.query or address.host or not address.database:
        raise DatabaseUnavailable("the address is not of the form sqlite:///file")
    if address.database.startswith((":", "file:")) or "\0" in address.database:
        raise DatabaseUnavailable("a database in memory is gone with its connection: name a file")
    path = Path(address.database).resolve()
    if path.is_dir():
        raise DatabaseUnavailable("there is a directory in its place")
    if not path.parent.is_dir():
        raise DatabaseUnavailable("its directory does not exist")
    return path


def _bring_up_to_date(database: Database) -> None:
    with Work(database, writes=False) as cursor:
        revision = _revision(cursor)
    _keep_a_log(database)
    if revision != migrations.HEAD:
        _migrate(database)


def _revision(cursor: sqlite3.Cursor) -> str | None:
    """The file's revision, none for a new file. Refuses another program's, or a newer one, having written nothing."""
    tables = {name for (name,) in cursor.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if not tables:
        return None
    if migrations.VERSION_TABLE not in tables:
        raise DatabaseForeign("its tables are another program's")
    row = cursor.execute(f"SELECT version_num FROM {migrations.VERSION_TABLE}").fetchone()  # noqa: S608
    if row is None or not _REVISION.fullmatch(str(row[0])):
        raise DatabaseForeign("it does not say which version wrote it")
    if row[0] > migrations.HEAD:
        raise DatabaseNewer()
    return str(row[0])


def _migrate(database: Database) -> None:
    """As one transaction; whoever opens the file at the same moment waits for it, and finds it done."""
    work = Work(database, writes=True)
    with work as cursor:
        if _revision(cursor) != migrations.HEAD:
            migrations.upgrade(work.connection)


def _keep_a_log(database: Database) -> None:
    """Let readers and the writer go on side by side (WAL); the file remembers it.

    SQLite does not wait for its turn to switch: whoever opens a new file at the same moment is waited for here.
    """
    deadline = time.monotonic() + database.busy_timeout
    while True:
        try:
            with database.lent() as line:
                [mode] = line.cursor.execute("PRAGMA journal_mode").fetchone()
                if mode != "wal":
                    line.cursor.execute("PRAGMA journal_mode = WAL").fetchone()
            return
        except DatabaseLocked:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.01)
