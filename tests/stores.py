"""How each kind of store is opened."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import psycopg
from sqlalchemy import create_engine

from habilitation.adapters.memory import MemoryStore
from habilitation.adapters.sql import SqlStore, migrations
from habilitation.adapters.sql.schema import metadata
from habilitation.ports.store import Store
from tests import postgres

KINDS = tuple(os.environ.get("HABILITATION_TEST_STORES", "memory,sqlite").split(","))
"""Which, unless told: mutants of the domain and the use cases die in memory as well, and much sooner; what is promised
of every store is tried on PostgreSQL by the contract, the races and the stateful machine."""
EMPTIED = "; ".join(f"DELETE FROM {table.name}" for table in reversed(metadata.sorted_tables))
OTHERS = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> %s"

_free: list[str] = []


@contextmanager
def opened(kind: str, directory: Path) -> Iterator[Store]:
    """An empty store of that kind."""
    with address(kind, directory) as url:
        store = open_store(url)
        yield store
        store.close()


def open_store(url: str) -> Store:
    return MemoryStore() if url == "memory:" else SqlStore.open(url)


@contextmanager
def address(kind: str, directory: Path) -> Iterator[str]:
    """Where a store of that kind can be opened, as often as is needed; what is kept in files is in the directory."""
    if kind == "postgresql":
        with migrated() as url:
            yield url
    else:
        yield sqlite_url(directory) if kind == "sqlite" else "memory:"


def sqlite_url(directory: Path) -> str:
    return f"sqlite:///{directory / 'portal.db'}"


@contextmanager
def migrated() -> Iterator[str]:
    """An empty database on PostgreSQL: emptying one that served before is much sooner done than making another."""
    server = postgres.server()
    name = _free.pop() if _free else server.create(_template())
    yield server.at(name)
    with psycopg.connect(server.at(name), autocommit=True) as connection:
        connection.execute(OTHERS, [connection.info.backend_pid])
        connection.execute(EMPTIED.encode())
    _free.append(name)


@cache
def _template() -> str:
    server = postgres.server()
    name = server.create()
    prepare(server.at(name))
    return name


def prepare(url: str) -> None:
    """Make our tables in a database on PostgreSQL."""
    engine = create_engine(url)
    with engine.begin() as connection:
        migrations.upgrade(connection)
    engine.dispose()
