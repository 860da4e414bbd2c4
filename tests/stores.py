"""How each kind of store is opened."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import psycopg
from sqlalchemy import Connection, create_engine

from habilitation.adapters.memory import MemoryStore
from habilitation.adapters.sql import SqlStore, migrations
from habilitation.adapters.sql.schema import metadata
from habilitation.ports.store import Store
from tests import postgres
from tests.partitions import partition

KINDS = tuple(os.environ.get("HABILITATION_TEST_STORES", "memory,sqlite").split(","))
"""Which, unless told: mutants of the domain and the use cases die in memory as well, and much sooner; what is promised
of every store is tried on PostgreSQL by the contract, the races and the stateful machine."""
EMPTIED = "; ".join(f"DELETE FROM {table.name}" for table in reversed(metadata.sorted_tables))
OTHERS = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> %s"

ON_POSTGRESQL: Mapping[str, tuple[Callable[[Connection], None], ...]] = {
    "postgresql": (),
    "partitioned": (partition,),
}
"""The kinds that stand on PostgreSQL, and what is done with the tables there."""
_free: dict[str, list[str]] = defaultdict(list)


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
    if kind in ON_POSTGRESQL:
        with migrated(kind) as url:
            yield url
    else:
        yield sqlite_url(directory) if kind == "sqlite" else "memory:"


def sqlite_url(directory: Path) -> str:
    return f"sqlite:///{directory / 'portal.db'}"


@contextmanager
def migrated(kind: str = "postgresql") -> Iterator[str]:
    """An empty database on PostgreSQL: emptying one that served before is much sooner done than making another."""
    server = postgres.server()
    free = _free[kind]
    name = free.pop() if free else server.create(_template(kind))
    yield server.at(name)
    with psycopg.connect(server.at(name), autocommit=True) as connection:
        connection.execute(OTHERS, [connection.info.backend_pid])
        connection.execute(EMPTIED.encode())
    free.append(name)


@cache
def _template(kind: str) -> str:
    server = postgres.server()
    name = server.create()
    prepare(server.at(name), *ON_POSTGRESQL[kind])
    return name


def prepare(url: str, *further: Callable[[Connection], None]) -> None:
    """Make our tables in a database on PostgreSQL, and do with them whatever else is to be done."""
    engine = create_engine(url)
    with engine.begin() as connection:
        for step in (migrations.upgrade, *further):
            step(connection)
    engine.dispose()
