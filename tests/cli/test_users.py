"""``habilitation users``: the guide's table, as whoever asks may see it (R36)."""

from __future__ import annotations

import pytest

from habilitation.adapters.cli import users as module
from habilitation.adapters.cli.asking import console
from habilitation.adapters.cli.tables import SIGNS
from tests.cli.command import Command, Found

OLIVIERS = ("--organization", "LES OLIVIERS")


def test_the_table_has_the_columns_of_the_guide(command: Command) -> None:
    printed = command("users", *OLIVIERS).out
    header = next(line for line in printed.splitlines() if "Identifiant" in line)
    columns = ["Identifiant", "Nom", "Prénom", "Adresse mail", "Téléphone", "Date d'ouverture", "Date de clôture"]
    places = [header.index(column) for column in (*columns, "Statut", "Actions")]
    assert places == sorted(places)
    morel = next(line for line in printed.splitlines() if "Morel" in line)
    assert "claire.morel@oliviers.example" in morel
    assert "+33 1 99 00 12 34" in morel
    assert "Ouvert" in morel


def test_the_table_speaks_english_when_asked(command: Command) -> None:
    printed = command("users", *OLIVIERS, "--lang", "en").out
    assert "First name" in printed
    assert "Administrator: Anne Martin." in printed


def test_each_row_offers_what_whoever_looks_may_do_with_it(command: Command, found: Found) -> None:
    """R29, R30, R36"""

    def acts(who: str) -> dict[str, list[str]]:
        listed = command("users", "--as", f"user:{found.logins[who]}", "--json").data
        return {user["last_name"]: user["acts"] for user in listed}

    administrator, manager = acts("administrator"), acts("manager")
    assert "delegate" in administrator["N'Guyen"]
    assert "close" not in administrator["Martin"]
    assert {"modify", "close", "grant"} <= set(manager["N'Guyen"])
    assert not {"modify", "close", "grant"} & {*manager["Martin"], *manager["Morel"]}


def test_the_signs_of_the_acts_are_explained(command: Command, found: Found) -> None:
    printed = command("users", "--as", f"user:{found.logins['administrator']}").out
    assert "✕ clore" in printed
    assert "★ désigner responsable d'habilitation" in printed


def test_no_sign_of_an_act_is_that_of_none() -> None:
    assert "–" not in SIGNS.values()


def test_a_program_reads_codes_and_days(command: Command, found: Found) -> None:
    listed = {user["last_name"]: user for user in command("users", *OLIVIERS, "--json").data}
    assert list(listed) == ["Martin", "Morel", "N'Guyen", "Œuvrard"]
    zoe = listed["N'Guyen"]
    assert zoe["id"] == found.users["N'Guyen"]
    assert zoe["phone"] == "+33199001234"
    assert zoe["status"] == "open"
    assert [(held["group"], held["waiting"]) for held in zoe["groups"]] == [("AFAS-DEC", True)]
    assert listed["Morel"]["manages"][0]["group"] == "AFAS-DEC"
    assert listed["Martin"]["administrator"] is True


def test_all_pages_are_printed(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LARGEST_PAGE", 1)
    assert len(command("users", *OLIVIERS, "--json").data) == 4


def test_users_are_searched_whatever_the_accents(command: Command) -> None:
    assert [user["last_name"] for user in command("users", *OLIVIERS, "--search", "oeu", "--json").data] == ["Œuvrard"]
    assert command("users", *OLIVIERS, "--status", "closed", "--json").data == []
    assert "Aucun utilisateur." in command("users", *OLIVIERS, "--status", "closed").out


@pytest.mark.parametrize("said", ["21920023500014", "219 200 235 00014", "LES OLIVIERS"])
def test_an_organization_is_named_by_its_siret_or_name(command: Command, said: str) -> None:
    assert "Utilisateurs de LES OLIVIERS" in command("users", "--organization", said).out


def test_an_organization_is_named_by_its_id(command: Command, found: Found) -> None:
    assert "Utilisateurs de LES OLIVIERS" in command("users", "--organization", found.oliviers).out


def test_a_user_is_named_by_id_as_well(command: Command, found: Found) -> None:
    who = f"user:{found.users['Martin']}"
    assert command("users", *OLIVIERS, "--as", who).status == 0


@pytest.mark.parametrize("columns", [80, 100, 120, 140])
def test_a_terminal_of_so_many_columns_loses_nothing(
    command: Command, found: Found, monkeypatch: pytest.MonkeyPatch, columns: int
) -> None:
    monkeypatch.setattr(module, "console", lambda: console(columns))
    printed = command("users", "--as", f"user:{found.logins['administrator']}").out
    assert max(map(len, printed.splitlines())) <= columns
    for said in ("claire.morel@", "oliviers.example", "N'Guyen", "+33 1 99", "00 12 34", "Ouvert", "✎ ✕ ⌫", "★", "☆"):
        assert said in printed
    assert printed.count("Ouvert") == 4
