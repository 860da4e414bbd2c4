"""Running the command in this process, and what it left to read."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve, frozen

from habilitation import NewService
from habilitation.adapters.assembly import CatalogData
from habilitation.adapters.cli.command import run
from habilitation.testing.world import AFAS, BAILLEUR, GROUPS

PASSWORD = "correct horse battery staple"
CATALOG = CatalogData((NewService(AFAS, "AFAS"), NewService(BAILLEUR, "Espace bailleur")), GROUPS)


@frozen
class Found:
    """A database, and who is in it."""

    folder: Path
    oliviers: str
    clamart: str
    logins: dict[str, str]
    users: dict[str, str]

    @property
    def url(self) -> str:
        return f"sqlite:///{self.folder / 'portal.db'}"

    def at(self, folder: Path) -> Found:
        return evolve(self, folder=folder)


@frozen
class Outcome:
    """How a run of the command ended."""

    status: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        return json.loads(self.out)


@frozen
class Command:
    """``habilitation``, run in this process."""

    capsys: pytest.CaptureFixture[str]

    def __call__(self, *arguments: str) -> Outcome:
        status = run(arguments)
        captured = self.capsys.readouterr()
        return Outcome(status, captured.out, captured.err)

    def refused(self, *arguments: str) -> Outcome:
        """The run, which must end in one sentence on stderr and nothing else."""
        outcome = self(*arguments)
        assert outcome.status != 0
        assert outcome.out == ""
        assert len(outcome.err.splitlines()) == 1, outcome.err
        return outcome


def everything_in(file: Path) -> list[str]:
    """All that a database holds, statement by statement."""
    connection = sqlite3.connect(file)
    found = list(connection.iterdump())
    connection.close()
    return found


def all_but_readings(file: Path) -> list[str]:
    """The same, but for the security log's lines of what was read: whatever an agent is shown leaves one (R36)."""
    found = everything_in(file)
    read = [
        line.split("'")[3] for line in found if line.startswith('INSERT INTO "security_lines"') and ",'read'," in line
    ]
    return [line for line in found if not any(id in line for id in read)]


def alter_entries(file: Path, before: str, after: str) -> None:
    """Change the bytes of an organization's journal, behind the library's back."""
    connection = sqlite3.connect(file)
    tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()]
    columns = {
        table: [row[1] for row in connection.execute(f"PRAGMA table_info({table})").fetchall()] for table in tables
    }
    [table] = [table for table, names in columns.items() if {"organization_id", "body"} <= set(names)]
    connection.execute(f"UPDATE {table} SET body = CAST(replace(body, '{before}', '{after}') AS BLOB)")
    connection.commit()
    connection.close()
