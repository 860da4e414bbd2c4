"""``habilitation journal``: the chains hold, or the command says where they do not (R40, R42, I9)."""

from __future__ import annotations

import json
import sqlite3

import pytest

from tests.cli.command import Command, Found, alter_entries

OLIVIERS = ("--organization", "LES OLIVIERS")


def test_every_journal_is_verified_and_replayed(command: Command) -> None:
    outcome = command("journal", "verify")
    assert outcome.status == 0
    assert "LES OLIVIERS" in outcome.out
    assert "Clamart" in outcome.out
    assert outcome.out.count("chaîne intacte") == 3


def test_a_head_that_was_kept_is_found_again(command: Command, found: Found) -> None:
    kept = command("journal", "head", *OLIVIERS).out.removesuffix("\n")
    assert command("journal", "verify", *OLIVIERS, "--head", kept).status == 0
    [as_data] = command("journal", "head", *OLIVIERS, "--json").data
    assert f"{as_data['sequence']}:{as_data['hash']}" == kept
    assert as_data["organization"] == found.oliviers


def test_the_heads_of_all_are_told_apart_by_name(command: Command, found: Found) -> None:
    told = command("journal", "head").out.splitlines()
    assert [line.partition("  ")[2] for line in told] == ["LES OLIVIERS", "Clamart", "Catalogue"]


def test_a_rewrite_shows_against_a_head_that_was_kept(command: Command) -> None:
    sequence, _, hash = command("journal", "head", *OLIVIERS).out.split()[0].partition(":")
    other = f"{sequence}:{'0' * len(hash)}"
    outcome = command("journal", "verify", *OLIVIERS, "--head", other)
    assert (outcome.status, "réécrit" in outcome.out) == (1, True)


def test_a_dropped_tail_shows_against_a_head_that_was_kept(command: Command) -> None:
    sequence, _, hash = command("journal", "head", *OLIVIERS).out.split()[0].partition(":")
    [checked] = command("journal", "verify", *OLIVIERS, "--head", f"{int(sequence) + 1}:{hash}", "--json").data
    assert checked["sound"] is False
    assert checked["flaw"]["problem"] == "dropped"


def test_an_altered_entry_is_found(command: Command, found: Found) -> None:
    """I9: one byte of one body, changed behind the library's back."""
    alter_entries(found.folder / "portal.db", "UserCreated", "UserCreates")
    outcome = command("journal", "verify")
    assert (outcome.status, "modifié" in outcome.out) == (1, True)


@pytest.mark.parametrize("head", ["", "3", "x:y", f"3:{'g' * 64}", f"-1:{'a' * 64}", f"٣:{'a' * 64}"])
def test_a_head_that_is_none_is_refused(command: Command, head: str) -> None:
    assert command.refused("journal", "verify", *OLIVIERS, "--head", head).status == 2


def test_a_head_is_of_one_organization(command: Command) -> None:
    assert command.refused("journal", "verify", "--head", f"3:{'a' * 64}").status == 2


def test_the_administrator_verifies_their_own_journal(command: Command, found: Found) -> None:
    outcome = command("journal", "verify", "--as", f"user:{found.logins['administrator']}")
    assert outcome.status == 0
    assert "Clamart" not in outcome.out


def test_a_manager_may_not(command: Command, found: Found) -> None:
    assert command.refused("journal", "verify", "--as", f"user:{found.logins['manager']}").status == 4


def test_the_catalogs_own_journal_is_verified_against_a_head_that_was_kept(command: Command) -> None:
    """R3, R40."""
    kept = command("journal", "head", "--catalog").out.strip()
    assert command("journal", "verify", "--catalog", "--head", kept).status == 0
    sequence, _, hash = kept.partition(":")
    outcome = command("journal", "verify", "--catalog", "--head", f"{int(sequence) + 1}:{hash}")
    assert (outcome.status, "Catalogue" in outcome.out) == (1, True)


def test_an_altered_definition_of_the_catalog_is_found(command: Command, found: Found) -> None:
    """R3, I9: a permission put into a group behind the library's back."""
    raw = sqlite3.connect(found.folder / "portal.db")
    with raw:
        raw.execute("UPDATE catalog_entries SET body = CAST(replace(CAST(body AS TEXT), 'afas:', 'abcd:') AS BLOB)")
    raw.close()
    outcome = command("journal", "verify", "--catalog")
    assert (outcome.status, "modifié" in outcome.out) == (1, True)


def test_events_are_printed_a_line_each_from_a_position_on(command: Command) -> None:
    """R40"""
    whole = command("journal", "events", *OLIVIERS).out.splitlines()
    assert [json.loads(line)["sequence"] for line in whole] == list(range(1, len(whole) + 1))
    assert command("journal", "events", *OLIVIERS, "--since", "3").out.splitlines() == whole[3:]
    assert command("journal", "events", *OLIVIERS, "--since", str(len(whole))).out == ""


def test_events_of_the_catalog_are_printed_alike(command: Command) -> None:
    """R3"""
    first = json.loads(command("journal", "events", "--catalog").out.splitlines()[0])
    assert (first["sequence"], first["event"]) == (1, "ServiceDefined")


def test_events_after_what_is_not_there_are_refused(command: Command) -> None:
    refused = command.refused("journal", "events", *OLIVIERS, "--since", "1000")
    assert "état antérieur" in refused.err
