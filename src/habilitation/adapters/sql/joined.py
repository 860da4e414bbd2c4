"""Acts inside a transaction of somebody else: each is a savepoint of it, and to commit it is its host's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from attrs import define
from sqlalchemy import Connection

from habilitation.adapters.sql import faults
from habilitation.adapters.sql.database import Database, Line
from habilitation.adapters.sql.sqlite import SqliteLine
from habilitation.domain.refusals import DatabaseLocked, DatabaseUnavailable, Kind, Refusal

if TYPE_CHECKING:
    from sqlalchemy.engine import NestedTransaction


@define(slots=False)
class TransactionMissing(Refusal):
    """A connection was given to act in its transaction, and it has none."""

    code: ClassVar[str] = "transaction-missing"
    kind: ClassVar[Kind] = Kind.INVALID
    sentence: ClassVar[str] = "The connection is in no transaction: begin one, and commit it yourself."


@define(eq=False)
class HostsSqliteLine(SqliteLine):
    """A host's connection to a file."""

    def begun(self, writes: bool) -> NestedTransaction:
        """Drivers put off a transaction's beginning: then it begins here, as one that writes.

        Where the host began it by reading, SQLite itself refuses to write over what was written since.
        """
        if not self.connection.connection.driver_connection.in_transaction:  # type: ignore[union-attr]
            self.cursor.execute("BEGIN IMMEDIATE")
        return self.connection.begin_nested()

    def close(self) -> None:
        """It is the host's."""


@define(eq=False)
class JoinedDatabase(Database):
    """The one connection of the host, for as long as its transaction lasts; acts follow each other on it."""

    line: Line

    def _connected(self) -> Line:
        return self.line

    def borrow(self) -> Line:
        if not self.line.connection.in_transaction():
            raise TransactionMissing()
        return self.line

    def give_back(self, line: Line) -> None:
        """It is the host's."""

    def let_go(self) -> None:
        """Nor is it closed."""

    def close(self) -> None:
        """The connection goes on being the host's."""

    def commit_failed(self, error: BaseException) -> None:
        """What was not kept of a savepoint has no effect, whatever becomes of the host's transaction."""
        faults.translate(error)

    def wipe(self) -> None:
        """Files are not rid of what is not even committed: it is left for the next erasure (R18)."""
        raise DatabaseLocked()


def joined(connection: Connection) -> JoinedDatabase:
    """The database that the connection is to; it must be in a transaction whenever something is asked."""
    match connection.dialect.name:
        case "sqlite":
            cursor: Any = connection.connection.cursor()
            return JoinedDatabase(HostsSqliteLine(connection, cursor, ""))
        case "postgresql":
            from habilitation.adapters.sql.joined_postgresql import HostsPostgresLine

            return JoinedDatabase(HostsPostgresLine.on(connection))
        case other:
            raise DatabaseUnavailable(f"there are no statements for {other}")
