"""One SQLite file: its lock, its transactions, and how what was erased leaves it.

``secure_delete`` zeroes what a statement deletes, but not the copies that SQLite left behind when it once moved a row
to another page. So the file is written anew after an erasure, and its log cut off.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Sequence

from attrs import define, field
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL, Transaction
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from habilitation.adapters.sql import faults
from habilitation.adapters.sql.database import Database, Line
from habilitation.adapters.sql.gate import Gate, gate_of
from habilitation.adapters.sql.rows import Row
from habilitation.adapters.sql.statement import Statement
from habilitation.domain.refusals import Conflict, DatabaseLocked, ValueUnstorable

PAUSE = 0.01
UNSTORABLE = (UnicodeEncodeError, OverflowError)
"""What the driver says of a text or a number that no database holds."""


@define(eq=False)
class SqliteLine(Line):
    """Each statement is sent at once: nothing is nearer than a file of this machine."""

    @classmethod
    def to(cls, engine: Engine) -> SqliteLine:
        connection = engine.connect()
        return cls(connection, connection.connection.dbapi_connection.cursor(), "")  # type: ignore[union-attr]

    def begun(self, writes: bool) -> Transaction:
        self.cursor.execute("BEGIN IMMEDIATE" if writes else "BEGIN")
        return self.connection.begin()

    def fetched(self, statement: Statement, *parameters: object) -> list[Row]:
        try:
            self.cursor.execute(statement.sqlite, parameters)
        except UNSTORABLE:
            return []
        rows: list[Row] = self.cursor.fetchall()
        return rows

    def write(self, statement: Statement, *parameters: object) -> None:
        try:
            self.cursor.execute(statement.sqlite, parameters)
        except UNSTORABLE as error:
            raise ValueUnstorable() from error

    def write_each(self, statement: Statement, rows: Sequence[Row]) -> None:
        try:
            self.cursor.executemany(statement.sqlite, rows)
        except UNSTORABLE as error:
            raise ValueUnstorable() from error

    def change(self, statement: Statement, *parameters: object) -> None:
        self.write(statement, *parameters)
        if self.cursor.rowcount != 1:
            raise Conflict()


@define(eq=False)
class SqliteDatabase(Database):
    """A file, seen through connections that any thread may borrow."""

    path: str
    """The real path, without links: by it all who open the file in this process meet at one gate."""
    busy_timeout: float
    gate: Gate = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.gate = gate_of(self.path)
        self.engine = create_engine(
            URL.create("sqlite", database=self.path),
            connect_args={"isolation_level": None, "check_same_thread": False, "timeout": self.busy_timeout},
            poolclass=NullPool,
            hide_parameters=True,
        )
        event.listen(self.engine, "connect", _set_up)

    def _connected(self) -> Line:
        try:
            return SqliteLine.to(self.engine)
        except (DBAPIError, sqlite3.Error) as error:
            faults.translate(error)
            raise

    def enter(self) -> None:
        self.gate.enter(self.busy_timeout)

    def leave(self) -> None:
        self.gate.leave()

    def keep_a_log(self) -> None:
        """Let readers and the writer go on side by side (WAL); the file remembers it.

        SQLite does not wait for its turn to switch: whoever opens a new file at the same moment is waited for here.
        """
        deadline = time.monotonic() + self.busy_timeout
        while True:
            try:
                with self.lent() as line:
                    [mode] = line.cursor.execute("PRAGMA journal_mode").fetchone()
                    if mode != "wal":
                        line.cursor.execute("PRAGMA journal_mode = WAL").fetchone()
                return
            except DatabaseLocked:
                if time.monotonic() > deadline:
                    raise
                time.sleep(PAUSE)

    def wipe(self) -> None:
        """Write the file anew and cut off its log, while this process writes nothing else."""
        self.enter()
        try:
            with self.lent() as line:
                line.cursor.execute("VACUUM")
                _cut_log(line, self.busy_timeout)
        finally:
            self.leave()
        self.let_go()  # each connection has pages at hand that may be older than the erasure


def _set_up(raw: sqlite3.Connection, _: object) -> None:
    """A commit that was told is on the disk, even if the current fails the next moment; what is deleted is zeroed."""
    try:
        raw.execute("PRAGMA synchronous = FULL")
        raw.execute("PRAGMA foreign_keys = ON")
        raw.execute("PRAGMA secure_delete = ON")
    except sqlite3.Error:
        raw.close()
        raise


def _cut_log(line: Line, timeout: float) -> None:
    """Wait for those who still read from the log; SQLite itself waits only for some of them."""
    deadline = time.monotonic() + timeout
    while True:
        [(busy, _, _)] = line.cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        if not busy:
            return
        if time.monotonic() > deadline:
            raise DatabaseLocked()
        time.sleep(PAUSE)
