"""Rows as earlier versions of the library left them: each file of ``earlier`` was written by that revision's own code.

Whoever adds a migration keeps the rows of the revision before it first, while today's code still writes them:

    .venv/bin/python -m tests.adapters.earlier_rows
"""

from __future__ import annotations

import json
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from attrs import frozen
from sqlalchemy import Connection, LargeBinary, MetaData
from sqlalchemy.types import TypeEngine

from habilitation import Closing, Erasure, GroupAddition, NewUser, OperatorAgent, OrganizationClosing, Reason, Reopening
from habilitation.adapters.assembly import open_database
from habilitation.adapters.memory_transport import MemoryMailbox
from habilitation.adapters.sql import migrations
from habilitation.domain.actors import Member
from habilitation.domain.refusals import SignInRefused
from habilitation.domain.requests import EmailChanging, OrganizationQuestion, UserSuspension
from habilitation.domain.terms import NO_TERMS, Terms
from habilitation.domain.values import OrganizationId, UserId
from habilitation.testing.world import DECLARE, PRIVATE
from tests.cli.conftest import made

FOLDER = Path(__file__).parent / "earlier"
AGENT = OperatorAgent("agent-1")


@frozen
class Rows:
    """Those of a table, each with a value for each column."""

    table: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]


def kept(revision: str) -> list[Rows]:
    """What is in each table, in an order that foreign keys allow."""
    tables = json.loads((FOLDER / f"{revision}.json").read_text("utf-8"))
    return [Rows(name, columns, rows) for name, (columns, *rows) in tables.items()]


def put(connection: Connection, tables: Iterable[Rows]) -> None:
    """Write them as they stand into tables of their revision."""
    metadata = MetaData()
    metadata.reflect(connection)
    for kept in tables:
        table = metadata.tables[kept.table]
        kinds = [table.columns[name].type for name in kept.columns]
        values = [map(_value, kinds, row) for row in kept.rows]
        connection.execute(table.insert(), [dict(zip(kept.columns, row, strict=True)) for row in values])


def _value(kind: TypeEngine[Any], written: Any) -> Any:
    if isinstance(written, dict):
        return bytes.fromhex(written["hex"])
    if isinstance(kind, LargeBinary):
        return written.encode()
    return bool(written) if kind.python_type is bool and written is not None else written


# Keeping more of them


def keep(revision: str) -> None:
    """Write what today's code leaves behind."""
    with tempfile.TemporaryDirectory() as folder:
        text = json.dumps(dict(_rows_of(live_a_little(Path(folder)))), ensure_ascii=False)
    (FOLDER / f"{revision}.json").write_text(text.replace("], [", "],\n[") + "\n", "utf-8")


def live_a_little(folder: Path) -> Path:
    """A portal's file in which something of everything has happened."""
    found = made(folder)
    organization, users = OrganizationId(found.oliviers), {name: UserId(id) for name, id in found.users.items()}
    admin = Member(organization, users["Martin"])
    portal = open_database(found.url, transport=MemoryMailbox())
    [agreement] = portal.list_agreements(OrganizationQuestion(organization), by=AGENT)

    def create(last: str, terms: Terms = NO_TERMS) -> UserId:
        asked = NewUser(organization, agreement.id, last, "Jean", f"{last}@oliviers.example")
        return portal.create_user(asked, by=admin, terms=terms).id

    portal.close_user(Closing(organization, users["N'Guyen"]), by=admin)
    portal.reopen_user(Reopening(organization, users["N'Guyen"]), by=admin)
    with suppress(SignInRefused):
        portal.sign_in(found.logins["administrator"], "not the right one")
    portal.forgot_password(found.logins["administrator"])
    portal.deliver_notifications()
    gone, suspended = create("Petit"), create("Durand", Terms(key="k" * 20))
    for group in (DECLARE, PRIVATE):
        portal.add_to_group(GroupAddition(organization, suspended, agreement.id, group), by=admin)
    portal.suspend_user(UserSuspension(organization, suspended, Reason("leave")), by=admin)
    portal.change_email(EmailChanging(organization, gone, "petit@autre.example"), by=admin)
    portal.close_user(Closing(organization, gone), by=admin)
    portal.erase_person(Erasure(organization, gone, "request"), by=AGENT)
    portal.close_organization(OrganizationClosing(OrganizationId(found.clamart), Reason("merged")), by=AGENT)
    portal.close()
    return folder / "portal.db"


def _rows_of(file: Path) -> Iterator[tuple[str, list[list[Any]]]]:
    """Each table's columns, then its rows, as JSON can: bytes are texts, or else in hexadecimal."""
    with closing(sqlite3.connect(file)) as connection:
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY rowid").fetchall()
        for (name,) in tables:
            found = connection.execute(f"SELECT * FROM {name}")
            rows = [[_written(value) for value in row] for row in found]
            if rows and name != migrations.VERSION_TABLE:
                yield name, [[column for column, *_ in found.description], *rows]


def _written(value: Any) -> Any:
    if not isinstance(value, bytes):
        return value
    try:
        return value.decode()
    except UnicodeDecodeError:
        return {"hex": value.hex()}


if __name__ == "__main__":
    keep(migrations.HEAD)
