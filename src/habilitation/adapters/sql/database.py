"""A database: its connections, kept and lent out, and its transactions. What only one engine does stands elsewhere."""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from attrs import define, field
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from habilitation.adapters.sql import faults
from habilitation.adapters.sql.rows import Row
from habilitation.adapters.sql.statement import Statement
from habilitation.domain.refusals import DatabaseUnavailable

if TYPE_CHECKING:
    from sqlalchemy.engine import Transaction

KEPT = 16
"""How many connections wait for the next transaction; more are opened while more are needed."""


@define(eq=False)
class Line(ABC):
    """A connection with the one cursor that its statements are sent on.

    They go to the driver's cursor inside SQLAlchemy's transaction: three times as fast as through SQLAlchemy.
    """

    connection: Connection
    cursor: Any
    name: str
    """Tells it from the others that may write at the same moment; empty where none may."""

    @property
    def raw(self) -> Any:
        """The driver's own connection."""
        return self.connection.connection.dbapi_connection

    @abstractmethod
    def begun(self, writes: bool) -> Transaction:
        """A transaction, to be committed or rolled back."""

    def hold(self, *names: str) -> None:  # noqa: B027  (where one writes at a time, all is held)
        """Wait for whoever holds one of the names, and hold them all until the transaction ends."""

    @abstractmethod
    def fetched(self, statement: Statement, *parameters: object) -> list[Row]:
        """All rows that a statement finds; none for a text or a number that no database can hold."""

    def found(self, statement: Statement, *parameters: object) -> Row | None:
        """The one row that a statement finds, if any."""
        rows = self.fetched(statement, *parameters)
        return rows[0] if rows else None

    @abstractmethod
    def write(self, statement: Statement, *parameters: object) -> None:
        """Insert, change or take away, now or at the latest before anything is read or committed."""

    def write_each(self, statement: Statement, rows: Sequence[Row]) -> None:
        """The same, of each row."""
        for row in rows:
            self.write(statement, *row)

    @abstractmethod
    def change(self, statement: Statement, *parameters: object) -> None:
        """Write over the one row that is known to be there. Raises ``Conflict``, as ``write`` does what it does."""

    def forget(self) -> None:  # noqa: B027
        """What waits to be written is not to be."""

    def settle(self) -> None:  # noqa: B027  (nothing waits where all is sent at once)
        """Send what waits to be written."""

    def close(self) -> None:
        """Let go of it, whatever state it is in: what was not committed is gone."""
        if not self.connection.closed:
            self.cursor.close()
            self.connection.invalidate()
            self.connection.close()


@define(eq=False)
class Database(ABC):
    """A database, seen through connections that any thread may borrow. It belongs to the process that opened it."""

    engine: Engine = field(init=False)
    _free: list[Line] = field(init=False, factory=list)
    _process: int = field(init=False, factory=os.getpid)
    _closed: bool = field(init=False, default=False)

    @abstractmethod
    def _connected(self) -> Line:
        """A new connection; whatever keeps it from being made is a refusal."""

    def enter(self) -> None:  # noqa: B027  (most engines see to it themselves)
        """Wait for one's turn to write, where the engine leaves waiting to us."""

    def leave(self) -> None:  # noqa: B027
        """Let the next one in."""

    def commit_failed(self, error: BaseException) -> None:
        """Raise what it means to people that a commit was answered so, or not at all."""
        faults.translate_commit(error)

    @abstractmethod
    def wipe(self) -> None:
        """Rid the files of what was erased."""

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

    def give_back(self, line: Line) -> None:
        if len(self._free) < KEPT:
            self._free.append(line)
        else:
            line.close()
        if self._closed:
            self.let_go()

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

    def close(self) -> None:
        """Close what nobody borrows now; the rest when it comes back."""
        self._closed = True
        self.let_go()
        self.engine.dispose()

    def let_go(self) -> None:
        """Close the connections that wait."""
        with suppress(IndexError):  # another thread may be closing too
            while True:
                self._free.pop().close()


class Work:
    """One transaction of the database, begun when it is made: ``with`` gives its line, commits or rolls back."""

    __slots__ = ("_database", "_transaction", "_writes", "line")

    def __init__(self, database: Database, writes: bool) -> None:
        self._database = database
        self._writes = writes
        if writes:
            database.enter()
        try:
            self.line = database.borrow()
            self._transaction: Transaction = self._begun()
        except BaseException:
            self._leave()
            raise

    def _begun(self) -> Transaction:
        try:
            return self.line.begun(self._writes)
        except BaseException as error:
            self.line.close()
            faults.translate(error)
            raise

    def __enter__(self) -> Line:
        return self.line

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        self.end(error)

    def end(self, error: BaseException | None) -> None:
        """Commit, or roll back because of the error; it is raised anew as a refusal if it is the database's."""
        try:
            if error is None:
                self._settle()
                self._commit()
            else:
                self._roll_back()
        finally:
            self._leave()
        if error is not None:
            faults.translate(error)

    def _settle(self) -> None:
        try:
            self.line.settle()
        except BaseException as error:
            self._roll_back()
            faults.translate(error)
            raise

    def _commit(self) -> None:
        try:
            self._transaction.commit()
        except BaseException as error:
            self.line.close()
            self._database.commit_failed(error)
            raise
        self._database.give_back(self.line)

    def _roll_back(self) -> None:
        self.line.forget()
        try:
            self._transaction.rollback()
        except DBAPIError:  # closing it undoes the same; what went wrong first is what is told
            self.line.close()
        else:
            self._database.give_back(self.line)

    def _leave(self) -> None:
        if self._writes:
            self._database.leave()
