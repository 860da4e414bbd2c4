"""``habilitation history``: who did what to whom, when (R36, R40, R41)."""

from __future__ import annotations

import pytest

from habilitation import OperatorAgent, Reason, Replacement
from habilitation.adapters.assembly import open_database
from habilitation.adapters.cli import history as module
from habilitation.domain.values import OrganizationId, UserId
from tests.cli.command import Command, Found

OLIVIERS = ("--organization", "LES OLIVIERS")


def test_each_line_says_who_did_what_to_whom(command: Command) -> None:
    lines = command("history", *OLIVIERS).out.splitlines()
    delegated = next(line for line in lines if "Responsable d'habilitation désigné" in line)
    assert delegated.index("Anne Martin") < delegated.index("Claire Morel")
    assert "AFAS-DEC (CONV-1)" in delegated
    assert any("Gestionnaire du portail (agent-1)" in line and "Organisme ouvert" in line for line in lines)


def test_the_lines_come_in_the_order_of_the_journal(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """R40: all pages, oldest first."""
    monkeypatch.setattr(module, "LARGEST_PAGE", 2)
    records = command("history", *OLIVIERS, "--json").data
    assert [record["sequence"] for record in records] == list(range(1, len(records) + 1))
    assert records[0]["event"] == "OrganizationOpened"
    assert records[0]["by"] == {"operator": {"agent": "agent-1"}}


def test_a_program_is_told_ids_and_never_who_they_are(command: Command) -> None:
    """R41"""
    printed = command("history", *OLIVIERS, "--json").out
    assert "Martin" not in printed
    assert "@" not in printed


def test_agents_are_told_by_role_to_the_organization(command: Command, found: Found) -> None:
    """R36"""
    printed = command("history", "--as", f"user:{found.logins['administrator']}").out
    assert "Gestionnaire du portail" in printed
    assert "agent-1" not in printed


def test_a_user_reads_their_own_history_alone(command: Command, found: Found) -> None:
    """R36"""
    printed = command("history", "--as", f"user:{found.logins['colleague']}").out
    assert "Zoé N'Guyen" in printed
    assert "Claire Morel" not in printed
    records = command("history", "--as", f"user:{found.logins['colleague']}", "--json").data
    assert {record["data"]["user"] for record in records} == {found.users["N'Guyen"]}


@pytest.mark.parametrize(("language", "somebody"), [("fr", "un autre utilisateur"), ("en", "another user")])
def test_somebody_whom_the_reader_may_not_know_is_no_id(
    command: Command, found: Found, language: str, somebody: str
) -> None:
    """Everybody may know who the administrator is, and nobody who was it before."""
    reader = ("--as", f"user:{found.logins['colleague']}", "--lang", language)
    added = command("history", *reader).out
    assert "Anne Martin" in added
    portal = open_database(found.url)
    asked = Replacement(OrganizationId(found.oliviers), UserId(found.users["Morel"]), Reason("asked-by-organization"))
    portal.replace_administrator(asked, by=OperatorAgent("agent-1"))
    portal.close()
    printed = command("history", *reader).out
    assert somebody in printed
    assert found.users["Martin"] not in printed


def test_the_history_of_one_user_can_be_asked_for(command: Command, found: Found) -> None:
    by_login = command("history", *OLIVIERS, "--user", found.logins["manager"], "--json").data
    by_id = command("history", *OLIVIERS, "--user", found.users["Morel"], "--json").data
    assert [record["event"] for record in by_login] == ["UserCreated", "ManagerDelegated"]
    assert by_login == by_id


def test_an_unknown_user_is_missing(command: Command) -> None:
    """R37"""
    assert command.refused("history", *OLIVIERS, "--user", "nobody").status == 5
