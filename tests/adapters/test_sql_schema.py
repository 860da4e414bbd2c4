"""The tables: keyed by organization, made by the shipped migrations, and no others."""

from __future__ import annotations

import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Table, UniqueConstraint, create_engine

from habilitation.adapters.serialization import encode
from habilitation.adapters.sql import SqlStore, listing, migrations, statements
from habilitation.adapters.sql.schema import metadata
from habilitation.domain.events import Event, OrganizationOpened, SeatClaimed
from habilitation.domain.user import Status
from habilitation.ports.queries import UserFilter
from habilitation.testing.contract.seeds import (
    AGREEMENT,
    ANNE,
    AT,
    BY,
    ORGANIZATION,
    added,
    agreement_opened,
    created,
)
from tests import postgres

REGISTRIES = {"attempts", "logins", "sirets", "catalog_entries"}
TABLES = {table.name: table for table in metadata.sorted_tables}
SCHEMA = "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL"


def uniques(table: Table) -> list[list[str]]:
    constraints = [list(one.columns) for one in table.constraints if isinstance(one, UniqueConstraint)]
    indexes = [list(one.columns) for one in table.indexes if one.unique]
    return [[column.name for column in columns] for columns in constraints + indexes]


@pytest.mark.parametrize("name", sorted(TABLES.keys() - REGISTRIES))
def test_every_table_is_keyed_by_organization_and_so_is_all_that_is_unique(name):
    key = [column.name for column in TABLES[name].primary_key]
    assert key[0] == "organization_id"
    assert all("organization_id" in unique for unique in uniques(TABLES[name]))


def test_the_exceptions_are_the_registries_and_the_catalog():
    assert {name: [c.name for c in TABLES[name].primary_key] for name in REGISTRIES} == {
        "attempts": ["login", "source"],
        "logins": ["digest"],
        "sirets": ["siret"],
        "catalog_entries": ["sequence"],
    }
    assert {"organization_id"} < {column.name for column in TABLES["logins"].columns}
    assert {"organization_id"} < {column.name for column in TABLES["sirets"].columns}


def test_the_migrations_make_exactly_the_tables_that_the_code_uses(tmp_path):
    SqlStore.open(f"sqlite:///{tmp_path}/migrated.db").close()
    engine = create_engine(f"sqlite:///{tmp_path}/created.db")
    metadata.create_all(engine)
    engine.dispose()
    migrated, created = structure(tmp_path / "migrated.db"), structure(tmp_path / "created.db")
    assert migrated.pop(("table", migrations.VERSION_TABLE))
    assert migrated == created


def test_the_migrations_make_the_same_tables_on_postgresql(postgresql):
    with postgres.server().database() as other:
        migrated, created = structure_on(postgresql, migrations.upgrade), structure_on(other, metadata.create_all)
    assert migrated - created == {row for row in migrated if migrations.VERSION_TABLE in row[0]}
    assert created <= migrated


def test_texts_are_in_the_order_of_their_characters_numbers_on_postgresql(postgresql):
    columns = {row[:2] for row in structure_on(postgresql, migrations.upgrade) if row[2] == "text" and row[5] != "C"}
    assert columns == set()


STRUCTURE = """
SELECT attrelid::regclass::text, attname, format_type(atttypid, atttypmod), attnotnull::text,
    coalesce(pg_get_expr(adbin, adrelid), ''), coalesce(collname, '')
FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid AND relkind = 'r' AND relnamespace = 'public'::regnamespace
LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum LEFT JOIN pg_collation ON pg_collation.oid = attcollation
WHERE attnum > 0
UNION ALL SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid), '', '', ''
FROM pg_constraint WHERE contype <> 'n' AND connamespace = 'public'::regnamespace
UNION ALL SELECT tablename, indexname, indexdef, '', '', '' FROM pg_indexes WHERE schemaname = 'public'
"""


def structure_on(address: str, make: Callable[[Connection], None]) -> set[tuple[str, ...]]:
    """What each table on PostgreSQL is made of: its columns, constraints and indexes."""
    engine = create_engine(address)
    with engine.begin() as connection:
        make(connection)
        found = {tuple(row) for row in connection.exec_driver_sql(STRUCTURE)}
    engine.dispose()
    return found


def structure(path: Path) -> dict[tuple[str, str], set[str]]:
    """What each table and index is made of, in whatever order it was written, or added to it later."""
    raw = sqlite3.connect(path)
    rows = raw.execute(SCHEMA).fetchall()
    raw.close()
    return {
        (kind, name): {part.strip(" ,)") for part in re.split(r",\s|\n", re.sub(r"[ \t]+", " ", sql))} - {""}
        for kind, name, sql in rows
    }


def test_the_head_is_the_last_of_the_migrations():
    scripts = ScriptDirectory(str(Path(migrations.__file__).parent))
    assert scripts.get_heads() == [migrations.HEAD]


def test_an_older_files_organizations_are_found_by_their_names(tmp_path):
    """R36"""
    engine = create_engine(f"sqlite:///{tmp_path}/portal.db")
    with engine.begin() as connection:
        migrations.upgrade(connection, "0014")
        connection.exec_driver_sql(
            "INSERT INTO particulars (organization_id, siret, name, contact, contact_normal)"
            " VALUES ('o', '1', 'Saint-Rémy', '', '')"
        )
        migrations.upgrade(connection)
        assert connection.exec_driver_sql("SELECT name_key FROM particulars").scalars().all() == ["saint-remy"]
    engine.dispose()


def test_an_older_file_finds_out_which_facts_are_the_organizations_own(tmp_path):
    """R39: what the first version wrote is read as what is written today."""
    engine = create_engine(f"sqlite:///{tmp_path}/portal.db")
    told: list[Event] = [
        OrganizationOpened(ORGANIZATION),
        created(ANNE),
        SeatClaimed(ANNE, "1"),
        added(ANNE),
        agreement_opened()[0],
    ]
    with engine.begin() as connection:
        migrations.upgrade(connection, "0001")
        for sequence, event in enumerate(told, 1):
            row = (ORGANIZATION, sequence, 0, getattr(event, "user", None), encode(sequence, AT, BY, event), "")
            connection.exec_driver_sql("INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?)", row)
    engine.dispose()
    SqlStore.open(f"sqlite:///{tmp_path}/portal.db").close()
    raw = sqlite3.connect(tmp_path / "portal.db")
    marked = raw.execute("SELECT sequence, agreement_id FROM entries WHERE of_organization ORDER BY sequence")
    found = marked.fetchall()
    others = raw.execute("SELECT DISTINCT agreement_id FROM entries WHERE of_organization IS NULL").fetchall()
    raw.close()
    assert found == [(1, None), (3, None), (5, AGREEMENT)]
    assert others == [(None,)]


ABOUT_A_USER = "entries USING COVERING INDEX entries_by_user (organization_id=? AND user_id=?)"
LISTED, THEIR_VALUES = listing.page(ORGANIZATION, UserFilter(AT, Status.OPEN), None, 50)


@pytest.mark.parametrize(
    ("statement", "parameters", "found_by"),
    [
        (statements.RECORDS_OF_ORGANIZATION, ("o",), "entries_of_organization"),
        (statements.RECORDS_ABOUT, ("o", "u", 0, 1), "entries_by_user"),
        (statements.USER_VERSION, ("o", "u"), ABOUT_A_USER),
        (statements.FIND_ROW, ("o", "u"), ABOUT_A_USER),
        (LISTED, THEIR_VALUES, ABOUT_A_USER),
        (
            statements.AGREEMENT_VERSION,
            ("o", "a"),
            "entries USING COVERING INDEX entries_by_agreement (organization_id=? AND agreement_id=?)",
        ),
        (statements.ORGANIZATION_VERSION, ("o",), "entries_of_organization (organization_id=?)"),
        (statements.FIND_DONE, ("o", "d", 0), "done_acts USING PRIMARY KEY (organization_id=? AND digest=?)"),
        (statements.PRUNE_DONE, (0, 2), "done_acts USING COVERING INDEX done_acts_by_age (at<?)"),
    ],
)
def test_nothing_is_found_by_reading_all_the_rest(tmp_path, statement, parameters, found_by):
    """R39, R40: what is asked about one user among 100,000 is not found by way of the whole journal."""
    SqlStore.open(f"sqlite:///{tmp_path}/portal.db").close()
    raw = sqlite3.connect(tmp_path / "portal.db")
    plan = [row[3] for row in raw.execute(f"EXPLAIN QUERY PLAN {statement.sqlite}", parameters)]
    raw.close()
    assert any(found_by in step for step in plan), plan
    assert not [step for step in plan if "SCAN entries" in step or "SCAN done_acts" in step]


def test_opening_a_file_that_is_up_to_date_needs_no_alembic_and_the_package_no_sqlalchemy(tmp_path):
    url = f"sqlite:///{tmp_path}/portal.db"
    SqlStore.open(url).close()
    program = f"""
import sys
import habilitation.adapters.sql
assert "sqlalchemy" not in sys.modules
habilitation.adapters.sql.SqlStore.open({url!r}).close()
assert "sqlalchemy" in sys.modules and "alembic" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", program], check=True, env={"PYTHONPATH": ":".join(sys.path)})
