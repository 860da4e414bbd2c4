"""``habilitation explain`` and ``as-of``: why there is access, and who had it then (R36, R37, R38, R39)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from habilitation import OperatorAgent, RoleAssignment
from habilitation.adapters.assembly import open_database
from habilitation.domain.values import OrganizationId, UserId
from tests.cli.command import Command, Found

OLIVIERS = ("--organization", "LES OLIVIERS")
DECLARE = "afas:declare"


@pytest.fixture
def assigned(found: Found) -> str:
    """The colleague's login, whose role of AFAS-DEC was assigned."""
    portal = open_database(found.url)
    asked = RoleAssignment(OrganizationId(found.oliviers), UserId(found.users["N'Guyen"]), 1, "PJ3-0001")
    portal.assign_role(asked, by=OperatorAgent("agent-1"))
    portal.close()
    return found.logins["colleague"]


def now() -> datetime:
    return datetime.now(UTC)


def test_the_whole_explanation_tells_each_link_and_who_put_it_there(command: Command, assigned: str) -> None:
    """R38"""
    printed = command("explain", DECLARE, *OLIVIERS, "--user", assigned).out
    assert printed.startswith("Zoé N'Guyen a la permission afas:declare.")
    assert "Groupe AFAS-DEC, convention CONV-1\u00a0: tout y est." in printed
    assert "Convention (depuis le" in printed
    assert "Anne Martin a ajouté Zoé N'Guyen au groupe AFAS-DEC (CONV-1)" in printed
    assert "Le gestionnaire du portail (agent-1) a attribué à Zoé N'Guyen le rôle du groupe AFAS-DEC" in printed


def test_the_user_is_told_in_short_and_who_can_repair_it(command: Command, found: Found) -> None:
    """R36, R38"""
    printed = command("explain", DECLARE, "--as", f"user:{found.logins['colleague']}", "--lang", "en").out
    assert printed.splitlines() == [
        "Zoé N'Guyen does not have the permission afas:declare.",
        "  Reason: The role assignment is awaited.",
        "  Who can repair it: Operator.",
    ]


def test_a_program_is_told_in_codes(command: Command, found: Found, assigned: str) -> None:
    told = command("explain", DECLARE, *OLIVIERS, "--user", assigned, "--json").data
    [path] = told["paths"]
    assert (told["allowed"], told["why"], path["group"], path["missing"]) == (True, "granted", "AFAS-DEC", [])
    assert list(path["links"]) == ["organization", "agreement", "group", "account", "membership", "role"]
    [added] = path["links"]["membership"]["deeds"]
    assert (added["role"], added["fact"]["event"], added["instead"]) == ("administrator", "MemberAdded", False)


def test_however_many_are_named_one_line_says_that_they_were(command: Command, found: Found, assigned: str) -> None:
    """R36"""
    command("explain", DECLARE, *OLIVIERS, "--user", assigned)
    lines = command("security-log", "show", "--kind", "read", "--organization", found.oliviers, "--json").data
    names = [line["users"] for line in lines if line["act"] in ("name-users", "show-user", "who-is-administrator")]
    assert names == [sorted(found.users[name] for name in ("Martin", "N'Guyen"))]


def test_before_the_role_was_assigned_there_was_none(command: Command, found: Found) -> None:
    """R39"""
    before = now()
    portal = open_database(found.url)
    asked = RoleAssignment(OrganizationId(found.oliviers), UserId(found.users["N'Guyen"]), 1, "PJ3-0001")
    portal.assign_role(asked, by=OperatorAgent("agent-1"))
    portal.close()
    user = ("--user", found.logins["colleague"])
    told = command("explain", DECLARE, *OLIVIERS, *user, "--at", before.isoformat(), "--json").data
    assert told["why"] == "role-not-assigned"
    today = now().astimezone(ZoneInfo("Europe/Paris")).date().isoformat()
    assert command("explain", DECLARE, *OLIVIERS, *user, "--at", today, "--json").data["allowed"]
    [then] = command("as-of", before.isoformat(), DECLARE, *OLIVIERS, *user, "--json").data
    assert then["why"] == "role-not-assigned"
    tomorrow = (now() + timedelta(days=1)).isoformat()
    [later] = command("as-of", tomorrow, DECLARE, *OLIVIERS, *user, "--known", before.isoformat(), "--json").data
    assert (later["allowed"], later["why"]) == (False, "role-not-assigned")


def test_on_a_day_everybody_who_had_it_and_the_hours(command: Command, assigned: str) -> None:
    """R39"""
    today = datetime.now(ZoneInfo("Europe/Paris")).date()
    printed = command("as-of", str(today), DECLARE, *OLIVIERS).out
    assert f"Zoé N'Guyen avait la permission afas:declare le {today:%d/%m/%Y}." in printed
    assert "Accès\u00a0: du " in printed
    assert "Personne n'avait" in command("as-of", "2019-06-03", DECLARE, *OLIVIERS).out


def test_before_there_was_an_account(command: Command, found: Found) -> None:
    printed = command("as-of", "2019-06-03", DECLARE, *OLIVIERS, "--user", found.logins["colleague"]).out
    assert "n'avait pas la permission afas:declare le 03/06/2019." in printed
    assert "Aucun groupe d'habilitation ne donne cette permission" in printed


@pytest.mark.parametrize("when", ["yesterday", "2026-13-01", "", "0001-01-01T00:00+14:00"])
def test_what_is_no_time_is_refused(command: Command, when: str) -> None:
    assert command.refused("as-of", when, DECLARE, *OLIVIERS).status == 2


def test_what_will_be_known_is_not_known(command: Command) -> None:
    refused = command.refused("as-of", "2019-06-03", DECLARE, *OLIVIERS, "--known", "2190-01-01T00:00")
    assert refused.status == 2


def test_an_unknown_user_is_missing_and_an_agent_is_none(command: Command) -> None:
    """R37"""
    assert command.refused("explain", DECLARE, *OLIVIERS, "--user", "nobody").status == 5
    assert command.refused("explain", DECLARE, *OLIVIERS).status == 5
