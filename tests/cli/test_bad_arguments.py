"""Whatever is asked wrongly gets one sentence and the exit status of its kind, and never a traceback."""

from __future__ import annotations

import io
import json
import os
import shlex
import shutil
import sqlite3
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from habilitation import NewOrganization, OperatorAgent
from habilitation.adapters.assembly import open_database
from habilitation.adapters.cli.command import NOBODY_READS, run
from habilitation.adapters.cli.operator_acts import ACTS
from habilitation.adapters.cli.options import parameters
from habilitation.adapters.cli.refusals import EXIT_STATUS
from habilitation.domain.refusals import Kind
from habilitation.testing.world import SIRETS
from tests.cli.command import Command, Found

OLIVIERS = ("--organization", "LES OLIVIERS")

WRONG = [
    ((), 2, "Précisez l'organisme"),
    (("--organization", "nobody"), 5, "Cet organisme n'existe pas."),
    (("--organization", "99999999999999"), 5, "Cet organisme n'existe pas."),
    ((*OLIVIERS, "--as", "agent-1"), 2, "operator:AGENT"),
    ((*OLIVIERS, "--as", "operator:"), 2, "operator:AGENT"),
    ((*OLIVIERS, "--as", "operator:a b"), 2, "Agent"),
    ((*OLIVIERS, "--as", "user:nobody"), 3, "Personne n'est connu"),
    ((*OLIVIERS, "--as", "user:00000000"), 3, "Personne n'est connu"),
    ((*OLIVIERS, "--status", "asleep"), 2, "asleep"),
    ((*OLIVIERS, "--lang", "de"), 2, "de"),
    ((*OLIVIERS, "--nonsense"), 2, "--nonsense"),
    ((*OLIVIERS, "extra"), 2, "extra"),
    (("--organization",), 2, "--organization"),
]


@pytest.mark.parametrize(("arguments", "status", "said"), WRONG)
def test_a_wrong_argument_is_one_sentence(command: Command, arguments: tuple[str, ...], status: int, said: str) -> None:
    outcome = command.refused("users", *arguments)
    assert outcome.status == status
    assert said in outcome.err


@pytest.mark.parametrize("arguments", [("users", *OLIVIERS), ("journal", "head", *OLIVIERS)])
def test_an_ordinary_user_is_forbidden(command: Command, found: Found, arguments: tuple[str, ...]) -> None:
    """R36"""
    assert command.refused(*arguments, "--as", f"user:{found.logins['colleague']}").status == 4


def test_another_organization_is_missing_to_a_user(command: Command, found: Found) -> None:
    """R37"""
    outcome = command.refused("users", "--organization", "Clamart", "--as", f"user:{found.logins['administrator']}")
    assert outcome.status == 5


def test_two_organizations_of_one_name_are_told_apart(command: Command, found: Found) -> None:
    portal = open_database(found.url)
    portal.open_organization(NewOrganization(SIRETS[2], "Clamart", "a@b.example"), by=OperatorAgent("agent-1"))
    portal.close()
    outcome = command.refused("users", "--organization", "Clamart")
    assert (outcome.status, "Plusieurs organismes" in outcome.err) == (2, True)


def test_who_asks_must_be_said(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HABILITATION_AS")
    assert "--as" in command.refused("users", *OLIVIERS).err


@pytest.mark.parametrize("name", ["users", "history", "deliver", "outbox list"])
def test_the_database_must_be_said(command: Command, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.delenv("HABILITATION_DATABASE")
    assert "--database" in command.refused(*name.split()).err


@pytest.mark.parametrize("arguments", [("nothing",), ("journal",), ("journal", "nothing")])
def test_a_command_that_is_none_is_refused(command: Command, arguments: tuple[str, ...]) -> None:
    assert command.refused(*arguments).status == 2


# Databases


def test_a_mistyped_file_is_not_made(command: Command, tmp_path: Path) -> None:
    outcome = command.refused("users", "--database", f"sqlite:///{tmp_path / 'typo.db'}")
    assert outcome.status == 9
    assert list(tmp_path.glob("typo*")) == []


def foreign_database(file: Path) -> None:
    with sqlite3.connect(file) as connection:
        connection.execute("CREATE TABLE recipes (name TEXT)")
    connection.close()


def spoiled(file: Path) -> None:
    file.write_bytes(b"SQLite format 3\0" + b"\xff" * 5000)


UNUSABLE = {
    "text": lambda file: file.write_text("shopping: bread, butter"),
    "foreign": foreign_database,
    "spoiled": spoiled,
    "folder": lambda file: file.mkdir(),
    "empty": lambda file: file.touch(),
}


@pytest.mark.parametrize("kind", UNUSABLE)
def test_a_file_that_is_no_portal_is_refused_and_left_alone(command: Command, tmp_path: Path, kind: str) -> None:
    file = tmp_path / "other.db"
    UNUSABLE[kind](file)
    before = file.read_bytes() if file.is_file() else b""
    outcome = command.refused("users", "--database", f"sqlite:///{file}")
    assert outcome.status == 9
    assert outcome.err.startswith(("Ce n'est pas", "La base de données"))
    assert (file.read_bytes() if file.is_file() else b"") == before


EACH_IN_ONE = [("users",), ("users", *OLIVIERS), ("history",), ("journal", "verify"), ("journal", "head")]


@pytest.mark.parametrize("arguments", EACH_IN_ONE)
def test_a_database_without_organizations_is_said_to_be_so(
    command: Command, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    url = f"sqlite:///{tmp_path / 'bare.db'}"
    open_database(url).close()
    outcome = command.refused(*arguments, "--database", url)
    assert (outcome.status, outcome.err) == (5, "Cette base de données ne contient aucun organisme.\n")
    english = command.refused(*arguments, "--database", url, "--lang", "en")
    assert english.err == "This database holds no organization.\n"


@pytest.mark.parametrize("url", ["mysql://here/portal", "memory:", "portal.db", "sqlite://", "sqlite:///:memory:", ""])
def test_an_address_that_is_no_file_is_refused(command: Command, url: str) -> None:
    assert command.refused("users", "--database", url).status in (2, 9)


def test_a_newer_database_is_refused(command: Command, found: Found) -> None:
    connection = sqlite3.connect(found.folder / "portal.db")
    [(table,)] = connection.execute("SELECT name FROM sqlite_master WHERE name LIKE '%version%' AND type = 'table'")
    connection.execute(f"UPDATE {table} SET version_num = '9999'")
    connection.commit()
    connection.close()
    assert "version plus récente" in command.refused("users", *OLIVIERS).err


# Whatever is typed

ANY_TEXT = st.text(max_size=12) | st.sampled_from(
    ["\udcff", "--", "-x", "0" * 14, "9" * 30, "é" * 3000, "a\nb", "--yes"]
)
ACTS_OF_ALL = [(group, name) for group, acts in ACTS.items() for name in acts]


@pytest.fixture(scope="module")
def looked_at(original: Found) -> str:
    return original.url


@given(st.sampled_from(ACTS_OF_ALL), st.data())
def test_whatever_is_typed_for_an_act_is_answered_in_one_line(
    looked_at: str, named: tuple[str, str], data: st.DataObject
) -> None:
    group, name = named
    words = [*filter(None, (group, name)), "--dry-run", "--database", looked_at, "--agent", "agent-1"]
    for parameter in parameters(ACTS[group][name]):
        text = data.draw(ANY_TEXT)
        words += [f"{parameter.opts[0]}={text}"] if isinstance(parameter, click.Option) else [text]
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        status = run(words)
    assert status in {0, *EXIT_STATUS.values()}
    assert len((out if status == 0 else err).getvalue().splitlines()) == 1
    assert (err if status == 0 else out).getvalue() == ""


# For programs and shells


def test_a_program_reads_the_code_of_a_refusal(command: Command) -> None:
    outcome = command.refused("users", "--organization", "nobody", "--json", "--lang", "en")
    expected = {"code": "organization-unknown", "kind": "missing", "message": "There is no such organization."}
    assert json.loads(outcome.err) == expected


def test_each_kind_of_refusal_has_an_exit_status_of_its_own() -> None:
    assert set(EXIT_STATUS) == set(Kind)
    assert len(set(EXIT_STATUS.values())) == len(Kind)
    assert not {0, 1} & set(EXIT_STATUS.values())


def shell(*arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("HABILITATION_")}
    command = [sys.executable, "-m", "habilitation.adapters.cli", *arguments]
    return subprocess.run(command, env=environment | more, capture_output=True, text=True, check=False)


def test_the_real_command_ends_with_the_same_status_and_sentence() -> None:
    ended = shell("users", "--database", "sqlite:////nowhere/portal.db", "--as", "operator:agent-1")
    assert (ended.returncode, ended.stdout) == (9, "")
    assert ended.stderr == "Il n'y a pas de base de données à l'adresse sqlite:////nowhere/portal.db.\n"


def test_the_real_command_prints_its_help() -> None:
    ended = shell("--help")
    assert ended.returncode == 0
    expected = ("demo", "users", "history", "journal", "deliver", "Exit status", "130", "141")
    assert all(name in ended.stdout for name in expected)


def test_a_terminal_without_accents_is_no_reason_to_fail(found: Found) -> None:
    arguments = ("users", "--organization", "LES OLIVIERS", "--database", found.url, "--as", "operator:agent-1")
    ended = shell(*arguments, PYTHONIOENCODING="ascii")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "Martin" in ended.stdout


PRINTING = [
    ("history", *OLIVIERS),
    ("users", *OLIVIERS, "--json"),
    ("journal", "head"),
    ("journal", "verify"),
    ("--help",),
]


@pytest.mark.parametrize("arguments", PRINTING)
def test_a_reader_that_goes_away_is_no_reason_to_complain(found: Found, arguments: tuple[str, ...]) -> None:
    command = [sys.executable, "-m", "habilitation.adapters.cli", *arguments]
    environment = os.environ | {"HABILITATION_DATABASE": found.url, "HABILITATION_AS": "operator:agent-1"}
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0
    ) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.close()
        assert running.stderr.read() == b""
    assert running.returncode == NOBODY_READS


def test_nobody_reading_its_refusal_is_no_check_that_failed(found: Found) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "habilitation.adapters.cli", "users", "--nonsense"]
    ended = subprocess.run(command, stdout=writing, stderr=writing, check=False)
    os.close(writing)
    assert ended.returncode == NOBODY_READS


@pytest.mark.parametrize("arguments", PRINTING)
@pytest.mark.parametrize("closed", [">&-", ">&- 2>&-"])
def test_a_closed_output_is_no_reason_to_fail(found: Found, arguments: tuple[str, ...], closed: str) -> None:
    command = [sys.executable, "-m", "habilitation.adapters.cli", *arguments]
    environment = os.environ | {"HABILITATION_DATABASE": found.url, "HABILITATION_AS": "operator:agent-1"}
    line = f"{shlex.join(command)} {closed}"
    ended = subprocess.run(line, shell=True, env=environment, stderr=subprocess.PIPE, check=False)
    assert (ended.returncode, ended.stderr) == (0, b"")


def test_a_copy_without_its_log_is_still_read(command: Command, found: Found, tmp_path: Path) -> None:
    alone = tmp_path / "copy.db"
    shutil.copy(found.folder / "portal.db", alone)
    assert command("users", *OLIVIERS, "--database", f"sqlite:///{alone}").status == 0
