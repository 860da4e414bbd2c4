"""Opening a file: is it ours, is it of this version, and if it is older or new, its migration."""

from __future__ import annotations

import re
from pathlib import Path

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from habilitation.adapters.sql import migrations
from habilitation.adapters.sql.database import Line, Work
from habilitation.adapters.sql.sqlite import SqliteDatabase
from habilitation.domain.refusals import DatabaseForeign, DatabaseNewer, DatabaseUnavailable

_REVISION = re.compile(r"\d{4}")


def opened(url: str, busy_timeout: float) -> SqliteDatabase:
    """The database at an address such as ``sqlite:///portal.db``, made if there is none, and brought up to date."""
    database = SqliteDatabase(str(_path(url)), busy_timeout)
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


def _bring_up_to_date(database: SqliteDatabase) -> None:
    with Work(database, writes=False) as line:
        revision = _revision(line)
    database.keep_a_log()
    if revision != migrations.HEAD:
        _migrate(database)


def _revision(line: Line) -> str | None:
    """The file's revision, none for a new file. Refuses another program's, or a newer one, having written nothing."""
    tables = {name for (name,) in line.cursor.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if not tables:
        return None
    if migrations.VERSION_TABLE not in tables:
        raise DatabaseForeign("its tables are another program's")
    row = line.cursor.execute(f"SELECT version_num FROM {migrations.VERSION_TABLE}").fetchone()  # noqa: S608
    if row is None or not _REVISION.fullmatch(str(row[0])):
        raise DatabaseForeign("it does not say which version wrote it")
    if row[0] > migrations.HEAD:
        raise DatabaseNewer()
    return str(row[0])


def _migrate(database: SqliteDatabase) -> None:
    """As one transaction; whoever opens the file at the same moment waits for it, and finds it done."""
    with Work(database, writes=True) as line:
        if _revision(line) != migrations.HEAD:
            migrations.upgrade(line.connection)
