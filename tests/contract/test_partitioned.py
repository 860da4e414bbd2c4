"""The schema cut into partitions by organization keeps the contract as the whole one does: it is ready to be spread."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.contract.test_postgresql import TestPostgresqlStore as OnPostgresql
from tests.stores import address


class TestPartitionedStore(OnPostgresql):
    @pytest.fixture
    def url(self, tmp_path: Path) -> Iterator[str]:
        with address("partitioned", tmp_path) as url:
            yield url


del OnPostgresql  # its tests are collected where they are


def test_every_table_but_the_registries_is_cut(tmp_path: Path) -> None:
    with address("partitioned", tmp_path) as url, psycopg.connect(url) as connection:
        found = connection.execute("SELECT relname FROM pg_class WHERE relkind = 'r' AND NOT relispartition").fetchall()
    ours = {name for (name,) in found if not name.startswith(("pg_", "sql_"))}
    assert ours == {"attempts", "catalog_entries", "logins", "sirets", "habilitation_version"}
