"""``habilitation database``: a database is brought up to date by command, and its revision is told."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest

from habilitation.adapters.sql import migrations
from tests.adapters.test_sql_upgrading import at_revision
from tests.cli.command import Command, Found

HEAD = migrations.HEAD


@pytest.fixture
def bare(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Command:
    """The command, told nothing by its surroundings."""
    for name in ("HABILITATION_DATABASE", "HABILITATION_LANG"):
        monkeypatch.delenv(name, raising=False)
    return Command(capsys)


def test_a_database_on_postgresql_is_made_checked_and_found_up_to_date(bare: Command, postgresql: str) -> None:
    on = ("--database", postgresql, "--lang", "en")
    missing = bare("database", "check", *on)
    assert (missing.status, "database upgrade" in missing.out) == (1, True)
    assert bare("database", "upgrade", *on).out == f"The tables are made, at revision {HEAD}.\n"
    assert bare("database", "upgrade", *on).out == f"The database was at revision {HEAD} already.\n"
    found = bare("database", "check", *on)
    assert (found.status, found.out) == (0, f"Revision {HEAD}, the latest.\n")


def test_what_differs_is_named_and_is_an_unsound_database(bare: Command, postgresql: str) -> None:
    bare("database", "upgrade", "--database", postgresql)
    with psycopg.connect(postgresql) as connection:
        connection.execute("ALTER TABLE users DROP COLUMN phone")
    told = bare("database", "check", "--database", postgresql)
    assert (told.status, told.out) == (1, f"Révision {HEAD}, la dernière.\nIl manque : users.phone\n")
    assert bare("database", "check", "--database", postgresql, "--json").data == {
        "revision": HEAD,
        "wanted": HEAD,
        "differences": [{"kind": "missing", "what": "users.phone"}],
        "sound": False,
    }


def test_an_older_file_is_upgraded_and_told_of(bare: Command, tmp_path: Path) -> None:
    on = ("--database", f"sqlite:///{at_revision(tmp_path / 'portal.db', '0005')}")
    older = bare("database", "check", *on)
    assert (older.status, "0005" in older.out, HEAD in older.out) == (1, True, True)
    assert bare("database", "upgrade", *on, "--json").data == {"before": "0005", "after": HEAD}
    assert bare("database", "check", *on).status == 0


def test_the_file_in_use_is_as_it_should_be(command: Command, found: Found) -> None:
    assert command("database", "check").out == f"Révision {HEAD}, la dernière.\n"


@pytest.mark.parametrize("act", ["upgrade", "check"])
@pytest.mark.parametrize(
    "url", ["sqlite:///nowhere.db", "memory:", "mysql://u:secret@h/d", "postgresql://u:secret@127.0.0.1:1/d", "secret"]
)
def test_a_database_that_is_none_is_refused_in_a_sentence_without_its_password(
    bare: Command, tmp_path: Path, act: str, url: str
) -> None:
    outcome = bare.refused("database", act, "--database", url)
    assert outcome.status == 9
    assert "secret" not in outcome.err or url == "secret"
    assert not (tmp_path / "nowhere.db").exists()
