"""Random actors do random acts over PostgreSQL; the naive model predicts each verdict and its reason (I1–I10)."""

from contextlib import AbstractContextManager

import psycopg
import pytest

from habilitation.adapters.sql import SqlStore
from habilitation.adapters.sql.schema import metadata
from habilitation.testing.machine import PortalMachine
from tests.stateful.running import IS_LONG, run, run_shortly
from tests.stores import migrated


class PostgresqlMachine(PortalMachine):
    """Each run has an empty database."""

    database: AbstractContextManager[str]

    def open_store(self) -> SqlStore:
        self.database = migrated()
        self.url = self.database.__enter__()
        return SqlStore.open(self.url)

    def kept(self) -> bytes:
        """Every row of every table (I10)."""
        with psycopg.connect(self.url) as connection, connection.cursor() as cursor:
            return b"".join(whole(cursor, table) for table in metadata.tables)

    def teardown(self) -> None:
        super().teardown()
        self.database.__exit__(None, None, None)


def whole(cursor: psycopg.Cursor, table: str) -> bytes:
    with cursor.copy(f"COPY {table} TO STDOUT".encode()) as rows:
        return b"".join(map(bytes, rows))


def test_every_verdict_over_postgresql_is_as_the_naive_model_predicts(capsys: pytest.CaptureFixture[str]) -> None:
    """I1–I10"""
    if IS_LONG:
        run(PostgresqlMachine, 1, capsys)
    else:
        run_shortly(PostgresqlMachine)
