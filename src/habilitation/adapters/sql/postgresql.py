"""A database on PostgreSQL: its connections, its transactions, and how writes are sent.

Whoever writes in an organization locks its row first, and reads everything after that. So PostgreSQL's default
isolation, READ COMMITTED, is enough: each statement sees what was committed when it began, and of what stands in the
organization nothing more can be committed from then on. Whoever reads has a snapshot, and blocks nobody.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Sequence
from typing import Any

import psycopg
from attrs import define, field
from psycopg.types.numeric import Int8BinaryDumper
from sqlalchemy import create_engine, event
from sqlalchemy.engine import URL, Transaction
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from habilitation.adapters.sql import faults
from habilitation.adapters.sql.at_once import Sending, Writes
from habilitation.adapters.sql.database import Database, Line
from habilitation.adapters.sql.rows import Row
from habilitation.adapters.sql.statement import Statement
from habilitation.domain.refusals import Conflict, DatabaseLocked, DatabaseUnavailable, ValueUnstorable

READING = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
WRITING = "BEGIN ISOLATION LEVEL READ COMMITTED"
ENCODING = "UTF8"
PAUSE = 0.01
ERASED_FROM = (
    *("users", "credentials", "sessions", "links", "papers", "particulars", "messages", "logins", "attempts"),
    *("security_lines", "security_people"),
)
"""The tables that hold something of a person, or of an organization that is dropped."""
READERS_OF_BEFORE = """
SELECT EXISTS (
    SELECT FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND age(backend_xmin) > age($1::xid)
)
"""
"""Whether somebody has a snapshot that is older than that transaction."""
UNSTORABLE = (psycopg.DataError, UnicodeEncodeError, OverflowError)
"""A text or a number that no column holds: mostly the driver sees it before it is sent."""


@define(eq=False)
class PostgresLine(Line):
    """What is written waits until something is read, or until the end: then it goes in as few statements as it can."""

    _waiting: Writes = field(init=False, factory=Writes)

    def hold(self, *names: str) -> None:
        """In one order, so that nobody waits for somebody who waits for them."""
        numbers = sorted(map(_number_of, names))
        places = ", ".join(f"pg_advisory_xact_lock(${place})" for place in range(1, len(numbers) + 1))
        self.cursor.execute(f"SELECT {places}", numbers)

    def fetched(self, statement: Statement, *parameters: object) -> list[Row]:
        self.settle()
        try:
            self.cursor.execute(statement.postgresql, parameters)
        except UNSTORABLE as error:
            if faults.was_sent(error):
                raise
            return []
        rows: list[Row] = self.cursor.fetchall()
        return rows

    def write(self, statement: Statement, *parameters: object) -> None:
        self._waiting.add(statement, [parameters])

    def write_each(self, statement: Statement, rows: Sequence[Row]) -> None:
        self._waiting.add(statement, rows)

    def change(self, statement: Statement, *parameters: object) -> None:
        self._waiting.add(statement, [parameters], must_find=True)

    def settle(self) -> None:
        for sending in self._waiting.taken():
            try:
                self._send(sending)
            except UNSTORABLE as error:
                raise ValueUnstorable() from error

    def _send(self, sending: Sending) -> None:
        if sending.rows:
            self.cursor.executemany(sending.text, sending.rows)
        else:
            self.cursor.execute(sending.text, sending.parameters)
        if sending.must_find and self.cursor.fetchone() != (1,) * sending.must_find:
            raise Conflict()

    def forget(self) -> None:
        self._waiting.taken()


@define(eq=False)
class OwnPostgresLine(PostgresLine):
    """A connection of the library's own."""

    _database: PostgresDatabase = field(kw_only=True)

    @classmethod
    def to(cls, database: PostgresDatabase) -> OwnPostgresLine:
        connection = database.engine.connect()
        raw: Any = connection.connection.dbapi_connection
        return cls(connection, psycopg.RawCursor(raw), str(raw.info.backend_pid), database=database)

    def begun(self, writes: bool) -> Transaction:
        """A connection that died while it waited is replaced by a new one, once."""
        begin = WRITING if writes else READING
        try:
            self.cursor.execute(begin, prepare=False)
        except psycopg.OperationalError:
            if not self.raw.closed:
                raise
            self._renew()
            self.cursor.execute(begin, prepare=False)
        return self.connection.begin()

    def _renew(self) -> None:
        self.close()
        fresh = self._database.connected()
        self.connection, self.cursor, self.name = fresh.connection, fresh.cursor, fresh.name


def _number_of(name: str) -> int:
    """Under which the server knows a name that is held."""
    return int.from_bytes(hashlib.sha256(b"habilitation " + name.encode()).digest()[:8], signed=True)


@define(eq=False)
class PostgresDatabase(Database):
    """A database on a server, seen through connections that any thread may borrow."""

    address: URL
    patience: float
    """In seconds: how long a lock is waited for, and an answer of a server that went silent."""

    def __attrs_post_init__(self) -> None:
        self.engine = create_engine(
            self.address.set(drivername="postgresql+psycopg"),
            connect_args={"autocommit": True, "connect_timeout": max(2, round(self.patience))},
            poolclass=NullPool,
            hide_parameters=True,
        )
        event.listen(self.engine, "connect", self._set_up)

    def _connected(self) -> Line:
        return self.connected()

    def connected(self) -> OwnPostgresLine:
        """A new connection; whatever keeps it from being made is a refusal."""
        try:
            return OwnPostgresLine.to(self)
        except (DBAPIError, psycopg.Error) as error:
            faults.translate_connecting(error)
            raise

    def _set_up(self, raw: psycopg.Connection[Any], _: object) -> None:
        """Whole numbers go as such, of one size; whoever waits for a lock waits no longer than was said."""
        if raw.info.parameter_status("server_encoding") != ENCODING:
            raise DatabaseUnavailable(f"its texts are not in {ENCODING}")
        raw.adapters.register_dumper(int, Int8BinaryDumper)
        raw.execute("SELECT set_config('lock_timeout', %s, false)", (f"{round(self.patience * 1000)}ms",))

    def wipe(self) -> None:
        """Take dead rows out of the tables and their indexes, once nobody reads what was any more.

        It blocks neither readers nor writers. Where the rows were, and in the server's log, bytes may be left until
        they are written over.
        """
        with self.lent() as line:
            [(now,)] = line.cursor.execute("SELECT pg_current_xact_id()::xid::text").fetchall()
            self._await_readers_of_before(line, now)
            warnings: list[str] = []
            line.raw.add_notice_handler(lambda told: warnings.append(told.severity_nonlocalized))
            for table in ERASED_FROM:
                line.cursor.execute(f"VACUUM {table}")
            if "WARNING" in warnings:  # a table that the user does not own is passed over
                raise DatabaseUnavailable("its user may not do what is asked")

    def _await_readers_of_before(self, line: Line, now: str) -> None:
        deadline = time.monotonic() + self.patience
        while line.cursor.execute(READERS_OF_BEFORE, [now]).fetchall() != [(False,)]:
            if time.monotonic() > deadline:
                raise DatabaseLocked()
            time.sleep(PAUSE)
