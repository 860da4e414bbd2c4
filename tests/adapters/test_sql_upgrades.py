"""What an earlier version of the library wrote is read by this one, on both engines, and the journals hold."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Connection, create_engine, select

from habilitation import OperatorAgent, OrganizationQuestion, OrganizationSearch, UserSearch
from habilitation.adapters.assembly import open_database
from habilitation.adapters.sql import migrations
from habilitation.adapters.sql.schema import metadata
from tests.adapters import earlier_rows

REVISIONS = [f"{number:04}" for number in range(1, int(migrations.HEAD))]
AGENT = OperatorAgent("agent-1")


@pytest.mark.parametrize("revision", REVISIONS)
def test_what_a_revision_left_is_read_after_the_upgrade_and_the_journals_hold(tmp_path, revision):
    """R42, I9"""
    url = f"sqlite:///{tmp_path}/portal.db"
    with left_by(revision, url):
        pass
    require_all_is_read(url, revision)


@pytest.mark.parametrize("revision", REVISIONS)
def test_an_upgrade_leaves_the_same_rows_on_both_engines_and_they_are_read(tmp_path, postgresql, revision):
    """R42, I9"""
    with left_by(revision, postgresql) as here, left_by(revision, f"sqlite:///{tmp_path}/portal.db") as there:
        migrations.upgrade(here)
        migrations.upgrade(there)
        assert everything(here) == everything(there)
    require_all_is_read(postgresql, revision)


def require_all_is_read(url: str, revision: str) -> None:
    """Through the library: everybody is there, and every journal is whole and tells what is stored."""
    portal = open_database(url)
    organizations = portal.list_organizations(OrganizationSearch(), by=AGENT).items
    people = set()
    for organization in organizations:
        assert portal.verify_journal(OrganizationQuestion(organization.id), by=AGENT).sound
        users = portal.list_users(UserSearch(organization.id), by=AGENT).items
        people |= {user.person.last_name.text for user in users if user.person}
    assert portal.verify_catalog(by=AGENT).sound
    portal.close()
    assert {organization.name for organization in organizations} == named(revision, "particulars", "name")
    assert people == named(revision, "users", "last_name") - {None}


def named(revision: str, table: str, column: str) -> set[Any]:
    [rows] = (rows for rows in earlier_rows.kept(revision) if rows.table == table)
    return {row[rows.columns.index(column)] for row in rows.rows}


@contextmanager
def left_by(revision: str, url: str) -> Iterator[Connection]:
    """A database as that revision's code left it."""
    engine = create_engine(url)
    with engine.begin() as connection:
        migrations.upgrade(connection, revision)
        earlier_rows.put(connection, earlier_rows.kept(revision))
        yield connection
    engine.dispose()


def everything(connection: Connection) -> dict[str, list[Any]]:
    """Each table's rows, in the order of their keys."""
    tables = metadata.sorted_tables
    return {table.name: list(connection.execute(select(table).order_by(*table.primary_key))) for table in tables}


def test_the_rows_of_every_revision_are_kept():
    """Whoever adds a revision keeps the rows of the one before it: ``python -m tests.adapters.earlier_rows``."""
    assert sorted(file.stem for file in earlier_rows.FOLDER.iterdir()) == REVISIONS
