"""Bringing a database up to date by command, and saying whether it is as it should be.

A file of SQLite is brought up to date whenever it is opened. A database on PostgreSQL is by command only: it may be
shared by several machines, and by a host's own tables, which stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from attrs import frozen
from sqlalchemy import Connection, func, inspect, select

from habilitation.adapters.sql import migrations
from habilitation.adapters.sql.database import Work
from habilitation.adapters.sql.opening import on_server, opened, path_of
from habilitation.adapters.sql.schema import metadata
from habilitation.adapters.sql.sqlite import SqliteDatabase
from habilitation.domain.refusals import DatabaseForeign, DatabaseUnavailable

if TYPE_CHECKING:
    from alembic.migration import MigrationContext

ONE_AT_A_TIME = 0x68616269_6C697461
"""The number of the lock, on PostgreSQL, that an upgrade holds until it is committed."""
PATIENCE = 60.0
"""Seconds: the longest wait for whoever else upgrades the database, or holds its file."""
DIFFERENCES: Mapping[str, str] = {"add": "missing", "remove": "extra", "modify": "different"}
"""What Alembic would do to mend a difference, and what the difference is."""


@frozen
class Difference:
    """Something of the schema that is not as this version makes it."""

    kind: str
    """``missing``, ``extra`` or ``different``."""
    what: str
    """A table, or what is of one: ``users.phone``."""


@frozen
class Condition:
    """What a database is found to be, next to what this version of the library wants."""

    revision: str | None
    """The one it has; none if there is nothing of ours in it yet."""
    wanted: str
    differences: tuple[Difference, ...]
    """Looked for in a database of that revision alone."""

    @property
    def is_sound(self) -> bool:
        return self.revision == self.wanted and not self.differences


@frozen
class Upgrade:
    """What an upgrade did: nothing if both are the same."""

    before: str | None
    after: str


def upgrade(url: str) -> Upgrade:
    """Bring the database to this version's revision, in one transaction; two at once wait for each other.

    Raises ``DatabaseForeign``, ``DatabaseNewer``, ``DatabaseUnavailable``, …, having changed nothing.
    """
    if _is_file(url):
        before = _look(url).revision
        opened(url, PATIENCE).close()
        return Upgrade(before, migrations.HEAD)
    with _connected(url, writes=True) as connection:
        connection.execute(select(func.pg_advisory_xact_lock(ONE_AT_A_TIME)))
        before = migrations.revision_of(connection)
        if before is None:
            _require_free_names(connection)
        if before != migrations.HEAD:
            migrations.upgrade(connection)
    return Upgrade(before, migrations.HEAD)


def check(url: str) -> Condition:
    """What the database is found to be; nothing is changed. Raises what ``upgrade`` does."""
    return _look(url)


def _look(url: str) -> Condition:
    with _connected(url) as connection:
        revision = migrations.revision_of(connection)
        found = differences(connection) if revision == migrations.HEAD else ()
    return Condition(revision, migrations.HEAD, found)


def _require_free_names(connection: Connection) -> None:
    if set(inspect(connection).get_table_names()) & set(metadata.tables):
        raise DatabaseForeign("another program's tables have the names of ours")


def differences(connection: Connection) -> tuple[Difference, ...]:
    """How our tables differ from what this version makes; others are nobody's business."""
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    looking = {"version_table": migrations.VERSION_TABLE, "compare_type": _is_other_type, "include_name": _is_ours}
    found = compare_metadata(MigrationContext.configure(connection, opts=looking), metadata)
    return tuple(_difference(*step) for each in found for step in (each if isinstance(each, list) else [each]))


def _is_ours(name: str | None, kind: str, parents: Mapping[str, Any]) -> bool:
    return kind != "table" or name in metadata.tables


def _is_other_type(context: MigrationContext, _: object, column: object, kind: Any, wanted: Any) -> bool | None:
    """Another collation is another order; for the rest, what Alembic thinks."""
    wanted_here = wanted.dialect_impl(context.dialect)
    return True if _collation(kind) != _collation(wanted_here) else None


def _collation(kind: object) -> str | None:
    return getattr(kind, "collation", None)


def _difference(operation: str, *what: Any) -> Difference:
    """One of Alembic's tuples: the operation, then the thing itself, or its schema, table and column."""
    verb = operation.partition("_")[0]
    names = [part if isinstance(part, str) else getattr(part, "name", None) for part in what[:3]]
    table = getattr(getattr(what[0], "table", None), "name", None)
    return Difference(DIFFERENCES[verb], ".".join(name for name in (table, *names) if name))


# Connecting


def _is_file(url: str) -> bool:
    return url.startswith("sqlite:")


@contextmanager
def _connected(url: str, *, writes: bool = False) -> Iterator[Connection]:
    """A transaction of the database; whatever it complains of is a refusal, and no address is told."""
    database = _file(url) if _is_file(url) else on_server(url, PATIENCE)
    try:
        with Work(database, writes) as line:
            yield line.connection
    finally:
        database.close()


def _file(url: str) -> SqliteDatabase:
    path = path_of(url)
    if not path.is_file():  # SQLite would make one
        raise DatabaseUnavailable("there is no such file")
    return SqliteDatabase(str(path), PATIENCE)
