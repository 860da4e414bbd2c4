"""Opening a database: is it ours, is it of this version, and of a file that is older or new, its migration."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from habilitation.adapters.sql import migrations
from habilitation.adapters.sql.database import Database, Line, Work
from habilitation.adapters.sql.sqlite import SqliteDatabase
from habilitation.domain.refusals import DatabaseForeign, DatabaseUnavailable

if TYPE_CHECKING:
    from habilitation.adapters.sql.postgresql import PostgresDatabase


def opened(url: str, patience: float) -> Database:
    """The database at an address: a file, made if there is none, and brought up to date; or one on a server."""
    database, make_ready = _at(url, patience)
    try:
        make_ready()
    except BaseException:
        database.close()
        raise
    return database


def _at(url: str, patience: float) -> tuple[Database, Callable[[], None]]:
    """The database, and what is to be done before it is used."""
    if url.startswith("postgresql:"):
        server = on_server(url, patience)
        return server, partial(_require_upgraded, server)
    file = SqliteDatabase(str(path_of(url)), patience)
    return file, partial(_bring_up_to_date, file)


# A server: its databases are brought up to date by command


def on_server(url: str, patience: float) -> PostgresDatabase:
    """The database at such an address, whatever it holds."""
    from habilitation.adapters.sql.postgresql import PostgresDatabase

    try:
        address = make_url(url)
        if address.drivername != "postgresql":
            raise ValueError(address.drivername)
        return PostgresDatabase(address, patience)
    except (ArgumentError, ValueError):  # the latter of a port that is no number; both may quote a password
        raise DatabaseUnavailable("the address is not of the form postgresql://user@host/database") from None


def _require_upgraded(database: PostgresDatabase) -> None:
    with Work(database, writes=False) as line:
        migrations.require_head(line.connection)


# A file


def path_of(url: str) -> Path:
    """Where the file is, or would be."""
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
    return migrations.recognized(row and row[0])


def _migrate(database: SqliteDatabase) -> None:
    """As one transaction; whoever opens the file at the same moment waits for it, and finds it done."""
    with Work(database, writes=True) as line:
        if _revision(line) != migrations.HEAD:
            migrations.upgrade(line.connection)
