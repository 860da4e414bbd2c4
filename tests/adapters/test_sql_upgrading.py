"""A database is upgraded whole or not at all, by one at a time, and nothing of anybody else's in it is touched."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import Engine, create_engine

from habilitation.adapters.sql import SqlStore, migrations, upgrading
from habilitation.adapters.sql.upgrading import Condition, Difference, Upgrade
from habilitation.domain.refusals import (
    DatabaseDamaged,
    DatabaseForeign,
    DatabaseNewer,
    DatabaseOutdated,
    DatabaseUnavailable,
)

HEAD = migrations.HEAD
UP_TO_DATE = Condition(HEAD, HEAD, ())
TABLES = "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace ORDER BY relname"
OF_A_HOST = """
CREATE TABLE alembic_version (version_num varchar(32) PRIMARY KEY);
INSERT INTO alembic_version VALUES ('host-7');
CREATE TABLE customers (id integer PRIMARY KEY, name text);
INSERT INTO customers VALUES (1, 'Zoé');
"""


@pytest.fixture
def engine(postgresql: str) -> Iterator[Engine]:
    engine = create_engine(postgresql)
    yield engine
    engine.dispose()


def behind(address: str, statements: str, *, find: str = "") -> list[Any]:
    """Do something to the database that the library does not know of."""
    with psycopg.connect(address) as connection:
        connection.execute(statements.encode())
        return connection.execute(find.encode()).fetchall() if find else []


def test_an_empty_database_is_made_ready_once(postgresql):
    assert upgrading.check(postgresql) == Condition(None, HEAD, ())
    assert upgrading.upgrade(postgresql) == Upgrade(None, HEAD)
    assert upgrading.upgrade(postgresql) == Upgrade(HEAD, HEAD)
    assert upgrading.check(postgresql) == UP_TO_DATE


def test_of_two_upgrades_at_once_one_waits_and_finds_it_done(postgresql):
    with ThreadPoolExecutor(4) as together:
        done = list(together.map(upgrading.upgrade, [postgresql] * 4))
    assert sorted(upgrade.before or "" for upgrade in done) == ["", HEAD, HEAD, HEAD]
    assert upgrading.check(postgresql) == UP_TO_DATE


def test_a_hosts_own_tables_and_its_own_version_are_left_alone(postgresql):
    behind(postgresql, OF_A_HOST)
    upgrading.upgrade(postgresql)
    assert upgrading.check(postgresql) == UP_TO_DATE
    assert behind(postgresql, "", find="SELECT * FROM alembic_version") == [("host-7",)]
    assert behind(postgresql, "", find="SELECT * FROM customers") == [(1, "Zoé")]


def test_nothing_is_made_where_another_programs_tables_have_our_names(postgresql):
    behind(postgresql, "CREATE TABLE users (id integer)")
    with pytest.raises(DatabaseForeign, match="names of ours"):
        upgrading.upgrade(postgresql)
    assert behind(postgresql, "", find=TABLES) == [("users",)]


def test_an_upgrade_that_fails_in_the_middle_leaves_nothing_half_done(postgresql, engine):
    with engine.begin() as connection:
        migrations.upgrade(connection, "0005")
    before = behind(postgresql, "CREATE TABLE done_acts (id integer)", find=TABLES)  # which revision 0012 makes
    with pytest.raises(DatabaseDamaged):
        upgrading.upgrade(postgresql)
    assert behind(postgresql, "", find=TABLES) == before
    assert upgrading.check(postgresql) == Condition("0005", HEAD, ())
    behind(postgresql, "DROP TABLE done_acts")
    assert upgrading.upgrade(postgresql) == Upgrade("0005", HEAD)


def test_a_file_whose_upgrade_fails_in_the_middle_is_as_it_was(tmp_path):
    file = at_revision(tmp_path / "portal.db", "0005")
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("CREATE TABLE done_acts (id integer)")
        before = list(connection.iterdump())
    with pytest.raises(DatabaseDamaged):
        upgrading.upgrade(f"sqlite:///{file}")
    with closing(sqlite3.connect(file)) as connection:
        assert list(connection.iterdump()) == before


def at_revision(file: Path, revision: str) -> Path:
    engine = create_engine(f"sqlite:///{file}")
    with engine.begin() as connection:
        migrations.upgrade(connection, revision)
    engine.dispose()
    return file


def test_checking_a_file_does_not_upgrade_it(tmp_path):
    url = f"sqlite:///{at_revision(tmp_path / 'portal.db', '0005')}"
    assert upgrading.check(url) == upgrading.check(url) == Condition("0005", HEAD, ())
    assert upgrading.upgrade(url) == Upgrade("0005", HEAD)
    assert upgrading.check(url) == UP_TO_DATE


CHANGES = {
    "ALTER TABLE users DROP COLUMN phone": Difference("missing", "users.phone"),
    "ALTER TABLE users ADD COLUMN age integer": Difference("extra", "users.age"),
    "ALTER TABLE users ALTER last_key TYPE text COLLATE pg_catalog.default": Difference("different", "users.last_key"),
    "ALTER TABLE users ALTER starts TYPE integer": Difference("different", "users.starts"),
    "ALTER TABLE users ALTER phone SET NOT NULL": Difference("different", "users.phone"),
    "DROP INDEX links_by_age": Difference("missing", "links.links_by_age"),
    "DROP TABLE attempts": Difference("missing", "attempts"),
}


def test_what_somebody_changed_in_the_tables_is_named(postgresql, engine):
    upgrading.upgrade(postgresql)
    for change, difference in CHANGES.items():
        with engine.connect() as connection:
            connection.exec_driver_sql(change)
            assert difference in upgrading.differences(connection), change  # rolled back at the end


@pytest.mark.parametrize(
    ("said", "refusal"), [("'9999'", DatabaseNewer), ("'x'", DatabaseForeign), ("''", DatabaseForeign)]
)
def test_a_newer_database_and_one_that_is_not_ours_are_refused(postgresql, engine, said, refusal):
    behind(postgresql, f"CREATE TABLE {migrations.VERSION_TABLE} AS SELECT {said} AS version_num")
    for act in (upgrading.check, upgrading.upgrade):
        with pytest.raises(refusal):
            act(postgresql)
    with engine.connect() as connection, pytest.raises(refusal):
        migrations.require_head(connection)


def test_a_database_that_is_not_upgraded_is_not_used_and_the_command_is_named(engine):
    with engine.begin() as connection:
        with pytest.raises(DatabaseOutdated, match="habilitation database upgrade"):
            migrations.require_head(connection)
        migrations.upgrade(connection, "0005")
        with pytest.raises(DatabaseOutdated):
            migrations.require_head(connection)
        migrations.upgrade(connection)
        migrations.require_head(connection)


@pytest.mark.parametrize(
    "url", ["postgresql://somebody:secret@127.0.0.1:1/portal", "postgresql:/somebody:secret", "mysql://u:secret@h/d"]
)
def test_a_server_that_cannot_be_reached_is_refused_without_the_password(url):
    for act in (upgrading.check, upgrading.upgrade):
        with pytest.raises(DatabaseUnavailable) as refused:
            act(url)
        assert "secret" not in str(refused.value)


def test_a_file_that_the_store_made_is_as_it_should_be(tmp_path):
    url = f"sqlite:///{tmp_path}/portal.db"
    SqlStore.open(url).close()
    assert upgrading.check(url) == UP_TO_DATE
