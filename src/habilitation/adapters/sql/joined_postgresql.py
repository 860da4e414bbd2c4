"""A host's connection to a server, blocking or of asyncio."""

from __future__ import annotations

from typing import Any

import psycopg
from attrs import define
from psycopg.rows import tuple_row
from psycopg.types.numeric import Int8BinaryDumper
from sqlalchemy import Connection
from sqlalchemy.dialects.postgresql.psycopg import AsyncAdapt_psycopg_cursor
from sqlalchemy.engine import NestedTransaction

from habilitation.adapters.sql.postgresql import PostgresLine


class _AsyncRawCursor(AsyncAdapt_psycopg_cursor):
    """SQLAlchemy's bridge to asyncio, over the kind of cursor that our statements are written for."""

    __slots__ = ()

    def _make_new_cursor(self, connection: Any) -> Any:
        return _ours(psycopg.AsyncRawCursor(connection, row_factory=tuple_row))


@define(eq=False)
class HostsPostgresLine(PostgresLine):
    """Nothing of the host's connection is set: what a cursor of ours needs is said to that cursor."""

    @classmethod
    def on(cls, connection: Connection) -> HostsPostgresLine:
        raw: Any = connection.connection.dbapi_connection
        is_async = connection.dialect.is_async
        cursor = _AsyncRawCursor(raw) if is_async else _ours(psycopg.RawCursor(raw, row_factory=tuple_row))
        return cls(connection, cursor, str(raw.info.backend_pid))

    def begun(self, writes: bool) -> NestedTransaction:
        return self.connection.begin_nested()

    def close(self) -> None:
        """It is the host's."""


def _ours(cursor: Any) -> Any:
    cursor.adapters.register_dumper(int, Int8BinaryDumper)
    return cursor
