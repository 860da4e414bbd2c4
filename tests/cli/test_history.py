"""``habilitation history``: who did what to whom, when (R36, R40, R41)."""

from __future__ import annotations

import pytest

from habilitation import (
    Actor,
    ControlTaking,
    GroupAddition,
    GroupRemoval,
    Member,
    NewUser,
    OperatorAgent,
    OrganizationQuestion,
    Reason,
    Replacement,
    RoleRefusal,
)
from habilitation.adapters.assembly import open_database
from habilitation.adapters.cli import history as module
from habilitation.domain.values import OrganizationId, UserId
from habilitation.testing.world import PRIVATE
from tests.cli.command import Command, Found

OLIVIERS = ("--organization", "LES OLIVIERS")


def test_each_line_says_in_a_sentence_who_did_what_to_whom(command: Command) -> None:
    printed = command("history", *OLIVIERS).out
    day = "à partir du"
    assert f"Anne Martin a désigné Claire Morel responsable d'habilitation sur AFAS-DEC (CONV-1), {day}" in printed
    assert f"Anne Martin a ajouté Zoé N'Guyen au groupe AFAS-DEC (CONV-1), {day}" in printed
    assert "Le gestionnaire du portail (agent-1) a ouvert l'organisme." in printed


def test_in_english_too(command: Command) -> None:
    printed = command("history", *OLIVIERS, "--lang", "en").out
    assert "Anne Martin made Claire Morel a manager of AFAS-DEC (CONV-1), from 20" in printed
    assert "The operator (agent-1) opened the organization." in printed


def test_it_says_why_and_under_what_and_in_whose_place(command: Command, found: Found) -> None:
    """R28, R34: a manager under a delegation, the operator while control is taken back."""
    portal, organization = open_database(found.url), OrganizationId(found.oliviers)
    agent, boss = OperatorAgent("agent-1"), Member(organization, UserId(found.users["Morel"]))
    [agreement] = portal.list_agreements(OrganizationQuestion(organization), by=agent)

    def create(last: str, by: Actor) -> None:
        portal.create_user(NewUser(organization, agreement.id, last, "Luc", f"{last}@oliviers.example"), by=by)

    create("Petit", boss)
    portal.take_back_control(ControlTaking(organization, Reason("vanished")), by=agent)
    create("Grand", agent)
    membership = GroupAddition(organization, UserId(found.users["Martin"]), agreement.id, PRIVATE)
    portal.add_to_group(membership, by=agent)
    portal.remove_from_group(GroupRemoval(organization, UserId(found.users["Martin"]), 1), by=agent)
    portal.refuse_role(RoleRefusal(organization, UserId(found.users["N'Guyen"]), 1, Reason("no-document")), by=agent)
    portal.close()
    printed = command("history", *OLIVIERS).out
    assert "Claire Morel, par délégation sur AFAS-DEC (CONV-1), a créé un compte pour Luc Petit" in printed
    assert "a repris la main sur l'administration de l'organisme (motif\u00a0: vanished)." in printed
    assert "(agent-1), à la place de l'organisme, a créé un compte pour Luc Grand" in printed
    assert "(agent-1), à la place de l'organisme, a ajouté Anne Martin au groupe LOG-PRI" in printed
    assert "a retiré Anne Martin du groupe LOG-PRI (CONV-1)" in printed
    assert "Le gestionnaire du portail (agent-1) a refusé à Zoé N'Guyen le rôle du groupe AFAS-DEC" in printed


def test_however_many_are_named_one_line_says_that_they_were(command: Command, found: Found) -> None:
    """R36: one of the facts, and one of the names, of everybody whom the sentences name."""
    command("history", *OLIVIERS)
    lines = command("security-log", "show", "--kind", "read", "--organization", found.oliviers, "--json").data
    told = [(line["act"], line["users"]) for line in lines if line["act"] in ("recount", "name-users", "show-user")]
    everybody = sorted(user["id"] for user in command("users", *OLIVIERS, "--json").data)
    assert told == [("name-users", everybody), ("recount", everybody)]


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
    assert "Le gestionnaire du portail a ouvert" in printed
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
    assert somebody in printed.lower()
    assert found.users["Martin"] not in printed


def test_the_history_of_one_user_can_be_asked_for(command: Command, found: Found) -> None:
    by_login = command("history", *OLIVIERS, "--user", found.logins["manager"], "--json").data
    by_id = command("history", *OLIVIERS, "--user", found.users["Morel"], "--json").data
    assert [record["event"] for record in by_login] == ["UserCreated", "ManagerDelegated"]
    assert by_login == by_id


def test_an_unknown_user_is_missing(command: Command) -> None:
    """R37"""
    assert command.refused("history", *OLIVIERS, "--user", "nobody").status == 5
