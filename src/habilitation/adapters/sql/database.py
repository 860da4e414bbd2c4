"""One SQLite file: its connections, kept and lent out, and its transactions."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, cast

from attrs import Factory, define, field
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from habilitation.adapters.sql import faults
from habilitation.adapters.sql.gate import Gate, gate_of
from habilitation.adapters.sql.rows import Row
from habilitation.domain.refusals import DatabaseUnavailable

if TYPE_CHECKING:
    from sqlalchemy.engine import RootTransaction

KEPT = 16
"""How many connections wait for the next transaction; more are opened while more are needed."""


@define(eq=False)
class Line:
    """A connection with the one cursor that its statements are sent on."""

    connection: Connection
    raw: sqlite3.Connection
    cursor: sqlite3.Cursor

    @classmethod
    def to(cls, engine: Engine) -> Line:
        connection = engine.connect()
        raw = cast(sqlite3.Connection, connection.connection.dbapi_connection)
        return cls(connection, raw, raw.cursor())

    def close(self) -> None:
        """Let go of it, whatever state it is in: what was not committed is gone."""
        self.cursor.close()
        self.connection.invalidate()
        self.connection.close()


@define(eq=False)
class Database:
    """A file, seen through connections that any thread may borrow. It belongs to the process that opened it."""

    path: str
    """The real path, without links: by it all who open the file in this process meet at one gate."""
    busy_timeout: float
    engine: Engine = field(init=False)
    gate: Gate = field(init=False)
    _free: list[Line] = Factory(list)
    _process: int = Factory(os.getpid)
    _closed: bool = False

    def __attrs_post_init__(self) -> None:
        self.gate = gate_of(self.path)
        self.engine = create_engine(
            URL.create("sqlite", database=self.path),
            connect_args={"isolation_level": None, "check_same_thread": False, "timeout": self.busy_timeout},
            poolclass=NullPool,
            hide_parameters=True,
        )
        event.listen(self.engine, "connect", _set_up)

    def borrow(self) -> Line:
        """A connection out of any transaction, to be given back or closed."""
        if self._closed:
            raise DatabaseUnavailable("it was closed")
        if os.getpid() != self._process:
            raise DatabaseUnavailable("it was opened before the process forked, and must be opened anew")
        try:
            return self._free.pop()
        except IndexError:
            return self._connected()

    def _connected(self) -> Line:
        try:
            return Line.to(self.engine)
        except (DBAPIError, sqlite3.Error) as error:
            faults.translate(error)
            raise

    def give_back(self, line: Line) -> None:
        if len(self._free) < KEPT:
            self._free.append(line)
        else:
            line.close()
        if self._closed:
            self._let_go()

    @contextmanager
    def lent(self) -> Iterator[Line]:
        """A connection for what cannot stand in a transaction."""
        line = self.borrow()
        try:
            yield line
        except BaseException as error:
            line.close()
            faults.translate(error)
            raise
        self.give_back(line)

    def forget_pages(self) -> None:
        """Close the connections that wait: each has pages at hand that may be older than an erasure."""
        self._let_go()

    def close(self) -> None:
        """Close what nobody borrows now; the rest when it comes back."""
        self._closed = True
        self._let_go()
        self.engine.dispose()

    def _let_go(self) -> None:
        with suppress(IndexError):  # another thread may be closing too
            while True:
                self._free.pop().close()


def fetched(cursor: sqlite3.Cursor, statement: str, *parameters: object) -> list[Row]:
    """All rows that a statement finds; none for a text or a number that no database can hold."""
    try:
        return cursor.execute(statement, parameters).fetchall()
    except (UnicodeEncodeError, OverflowError):
        return []


def found(cursor: sqlite3.Cursor, statement: str, *parameters: object) -> Row | None:
    """The one row that a statement finds, if any."""
    rows = fetched(cursor, statement, *parameters)
    return rows[0] if rows else None


def _set_up(raw: sqlite3.Connection, _: object) -> None:
    """A commit that was told is on the disk, even if the current fails the next moment; what is deleted is zeroed."""
    try:
        raw.execute("PRAGMA synchronous = FULL")
        raw.execute("PRAGMA foreign_keys = ON")
        raw.execute("PRAGMA secure_delete = ON")
    except sqlite3.Error:
        raw.close()
        raise


class Work:
    """One transaction of the database, begun when it is made: ``with`` gives its cursor, commits or rolls back.

    Statements go to the driver's cursor inside SQLAlchemy's transaction: three times as fast as through SQLAlchemy.
    """

    __slots__ = ("_database", "_line", "_transaction", "_writes", "cursor")

    def __init__(self, database: Database, writes: bool) -> None:
        self._database = database
        self._writes = writes
        if writes:
            database.gate.enter(database.busy_timeout)
        try:
            self._line = database.borrow()
            self._transaction: RootTransaction = self._begun()
        except BaseException:
            self._leave()
            raise
        self.cursor = self._line.cursor

    def _begun(self) -> RootTransaction:
        transaction = self._line.connection.begin()
        try:
            self._line.cursor.execute("BEGIN IMMEDIATE" if self._writes else "BEGIN")
        except BaseException as error:
            self._line.close()
            faults.translate(error)
            raise
        return transaction

    @property
    def connection(self) -> Connection:
        """SQLAlchemy's own view of the transaction."""
        return self._line.connection

    def __enter__(self) -> sqlite3.Cursor:
        return self.cursor

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        self.end(error)

    def end(self, error: BaseException | None) -> None:
        """Commit, or roll back because of the error; it is raised anew as a refusal if it is the database's."""
        try:
            if error is None:
                self._commit()
            else:
                self._roll_back()
        finally:
            self._leave()
        if error is not None:
            faults.translate(error)

    def _commit(self) -> None:
        try:
            self._transaction.commit()
        except BaseException as error:
            self._line.close()
            faults.translate_commit(error)
            raise
        self._database.give_back(self._line)

    def _roll_back(self) -> None:
        try:
            self._transaction.rollback()
        except DBAPIError:  # closing it undoes the same; what went wrong first is what is told
            self._line.close()
        else:
            self._database.give_back(self._line)

    def _leave(self) -> None:
        if self._writes:
            self._database.gate.leave()
