"""Every act of the operator's has its command: done, rehearsed without a trace, asked about if nothing undoes it."""

from __future__ import annotations

import inspect
import io
import json
import sys
from pathlib import Path
from string import Formatter

import click
import pytest

from habilitation import Closing, Habilitation, Member, OrganizationId, UserId
from habilitation.adapters.assembly import open_database
from habilitation.adapters.cli.command import INTERRUPTED, habilitation
from habilitation.adapters.cli.operator_acts import ACTS
from habilitation.adapters.cli.rehearsal import IDLE, PARTS, READ
from habilitation.adapters.cli.speech import LANGUAGES, Speech
from habilitation.adapters.memory import MemoryStore
from habilitation.adapters.memory_transport import MemoryMailbox
from habilitation.adapters.sql import SqlStore
from habilitation.domain.refusals import DatabaseLocked, SignInRefused
from habilitation.ports.attempts import Attempts
from habilitation.ports.credentials import Credentials
from habilitation.ports.links import Links
from habilitation.ports.outbox import Outbox
from habilitation.ports.security_log import SecurityLines
from habilitation.ports.store import Store
from habilitation.testing.fakes import SettableClock
from habilitation.testing.world import SIRETS, portal_over
from tests.cli.command import Command, Found, all_but_readings

OLIVIERS, CLAMART = SIRETS[0], SIRETS[1]
THERE = ("--organization", OLIVIERS)
WHY = ("--reason", "precaution", "--note", "Un signalement")
ZOE, MARTIN, CLAIRE = "{N'Guyen}", "{Martin}", "{Morel}"

EXAMPLES: dict[str, tuple[str, ...]] = {
    "organization open": (SIRETS[2], "--name", "Ormes", "--contact", "a@ormes.example"),
    "organization change-siret": (OLIVIERS, "--siret", SIRETS[2], *WHY),
    "organization change-contact": (OLIVIERS, "--contact", "b@oliviers.example"),
    "organization suspend": (OLIVIERS, *WHY),
    "organization resume": (OLIVIERS,),
    "organization take-back": (OLIVIERS, *WHY),
    "organization return": (OLIVIERS,),
    "organization reissue": (CLAMART,),
    "organization force-passwords": (OLIVIERS, *WHY),
    "organization vacate": (OLIVIERS, *WHY, "--close-former"),
    "organization replace-administrator": (OLIVIERS, ZOE, *WHY),
    "organization close": ("LES OLIVIERS", *WHY),
    "agreement open": ("CONV-2", *THERE, "--name", "B", "--service", "AFAS", "--group", "AFAS-DEC"),
    "agreement validate": ("CONV-2", *THERE),
    "agreement change-period": ("CONV-1", *THERE, "--closing", "2031-01-01"),
    "agreement suspend": ("CONV-1", *THERE, *WHY),
    "agreement resume": ("CONV-1", *THERE),
    "agreement open-group": ("CONV-1", "AFAS-CON", *THERE),
    "agreement suspend-group": ("CONV-1", "AFAS-DEC", *THERE, *WHY),
    "agreement resume-group": ("CONV-1", "AFAS-DEC", *THERE),
    "agreement withdraw-group": ("CONV-1", "AFAS-DEC", *THERE, *WHY),
    "agreement end": ("CONV-1", *THERE, *WHY),
    "catalog define-service": ("NEW", "--label", "Nouveau"),
    "catalog define-group": ("NEW-1", "--service", "AFAS", "--label", "N", "--permission", "afas:new"),
    "catalog change-group": ("AFAS-CON", "--permission", "afas:other", "--needs-document"),
    "catalog retire-group": ("AFAS-CON",),
    "user suspend": (ZOE, *WHY),
    "user reinstate": (ZOE, *THERE),
    "user resend": (ZOE,),
    "user force-password": (MARTIN, *WHY),
    "user unlock": (ZOE,),
    "user assign-role": (ZOE, "--membership", "1", "--document", "PJ 3/2026"),
    "user refuse-role": (ZOE, "--membership", "1", *WHY),
    "user erase": (ZOE, *THERE, "--reason", "asked"),
    "erase-due": (),
}
"""An example of each command that is accepted, by its whole name; users stand by their last names."""

BEFORE: dict[str, str] = {
    "organization resume": "organization suspend",
    "organization return": "organization take-back",
    "user resend": "organization take-back",
    "agreement validate": "agreement open",
    "agreement resume": "agreement suspend",
    "agreement resume-group": "agreement suspend-group",
    "user reinstate": "user suspend",
}
"""What has to be done first."""

ALL = {f"{group} {name}".strip(): act for group, acts in ACTS.items() for name, act in acts.items()}
FINAL = [path for path, act in ALL.items() if act.final]
OTHERWISE = {
    "list_organizations",
    "search_organizations",
    "find_organization",
    "show_catalog",
    "catalog_head",
    "catalog_events_since",
    "events_since",
    "versions",
    "verify_catalog",
    "security_log",
    "prune_security_log",
    "list_dead_letters",
    "retry_delivery",
}
"""What is the operator's alone, and is no act of this table: its command is written by hand."""


def line(path: str, found: Found) -> list[str]:
    """The example, with the users' ids or logins in their places."""
    logins = {"N'Guyen": found.logins["colleague"], "Martin": found.logins["administrator"]}
    names = {f"{{{name}}}": logins.get(name, id) for name, id in found.users.items()}
    return [*path.split(), *(names.get(word, word) for word in EXAMPLES[path])]


def prepared(path: str, command: Command, found: Found) -> list[str]:
    """The example, once what has to be done first is done."""
    if path in BEFORE:
        assert command(*line(BEFORE[path], found)).status == 0
    if path == "user unlock":
        portal = open_database(found.url)
        with pytest.raises(SignInRefused):
            portal.sign_in(found.logins["colleague"], "wrong")
        portal.close()
    if path == "user erase":
        portal = open_database(found.url)
        administrator = Member(OrganizationId(found.oliviers), UserId(found.users["Martin"]))
        portal.close_user(Closing(OrganizationId(found.oliviers), UserId(found.users["N'Guyen"])), by=administrator)
        portal.close()
    return line(path, found)


def test_every_act_has_its_example() -> None:
    assert set(EXAMPLES) == set(ALL)


@pytest.fixture(scope="module")
def portal() -> Habilitation:
    return portal_over(MemoryStore(), SettableClock(), MemoryMailbox())


def test_every_act_of_the_operator_s_alone_has_its_command(portal: Habilitation) -> None:
    """R35"""
    made = {name: inspect.unwrap(each) for name, each in vars(portal).items() if name != "ports"}
    asks = ("require_operator(", "Act.OPERATE", "Act.ERASE")
    alone = {name for name, each in made.items() if any(a in inspect.getsource(type(each)) for a in asks)}
    acts = {act.attribute for act in ALL.values()}
    assert alone <= acts | OTHERWISE
    assert acts <= set(made)


@pytest.mark.parametrize("path", ALL)
def test_an_act_is_done_and_told(command: Command, found: Found, path: str) -> None:
    words = prepared(path, command, found)
    done = command(*words, *(["--yes"] if path in FINAL else []))
    assert (done.status, done.err) == (0, "")
    [said] = done.out.splitlines()
    assert said.endswith((".", ")"))
    assert not {"{", "}"} & set(said)


@pytest.mark.parametrize("path", ALL)
def test_a_rehearsal_answers_and_leaves_nothing(command: Command, found: Found, path: str) -> None:
    """I8, for what would have been accepted: neither journal, nor outbox; in the security log, what was read alone."""
    words = prepared(path, command, found)
    before = all_but_readings(found.folder / "portal.db")
    told = command(*words, "--dry-run")
    assert (told.status, told.err) == (0, "")
    assert told.out.startswith("À blanc, rien n'est enregistré")
    assert all_but_readings(found.folder / "portal.db") == before


def test_what_is_shown_for_a_rehearsal_is_logged_as_any_reading_is(command: Command, found: Found) -> None:
    """R36"""
    command("organization", "suspend", OLIVIERS, *WHY, "--dry-run", "--agent", "agent-7")
    lines = command("security-log", "show", "--kind", "read", "--json").data
    read = [line for line in lines if line["by"] == "operator:agent-7"]
    assert [(line["act"], line["organization"]) for line in read] == [
        ("show-organization", found.oliviers),
        ("find-organization", found.oliviers),
    ]


@pytest.mark.parametrize("path", BEFORE)
def test_a_rehearsal_is_refused_as_the_act_is_and_leaves_nothing(command: Command, found: Found, path: str) -> None:
    """Here what has to be done first was not."""
    words = line(path, found)
    before = all_but_readings(found.folder / "portal.db")
    rehearsed = command.refused(*words, "--dry-run", "--json")
    assert all_but_readings(found.folder / "portal.db") == before
    done = command.refused(*words, "--json")
    assert (done.status, json.loads(done.err)) == (rehearsed.status, json.loads(rehearsed.err))


def test_a_refused_act_leaves_a_line_in_the_security_log(command: Command, found: Found) -> None:
    """R43"""
    command.refused("organization", "resume", OLIVIERS)
    [newest, *_] = command("security-log", "show", "--json").data
    assert (newest["act"], newest["refusal"], newest["by"]) == (
        "resume-organization",
        "organization-not-suspended",
        "operator:agent-1",
    )


@pytest.mark.parametrize("path", ["organization suspend", "agreement suspend", "user suspend"])
def test_the_agent_stands_in_the_journal_with_the_reason(command: Command, found: Found, path: str) -> None:
    """R35, R40"""
    command(*line(path, found), "--agent", "agent-7")
    last = command("history", *THERE, "--json").data[-1]
    assert "agent-7" in json.dumps(last)
    assert "precaution" in json.dumps(last)
    assert "Un signalement" not in json.dumps(last)


def test_a_program_reads_states_by_stable_names(command: Command, found: Found) -> None:
    answered = command(*line("organization suspend", found), "--json").data
    assert answered == {
        "command": "organization suspend",
        "dry_run": False,
        "organization": {
            "id": found.oliviers,
            "state": "suspended",
            "control": "own",
            "seat": "held",
            "holder": found.users["Martin"],
        },
    }
    agreement = command(*line("agreement withdraw-group", found), "--json").data["agreement"]
    assert (agreement["reference"], agreement["groups"]["AFAS-DEC"]) == ("CONV-1", "withdrawn")
    assert agreement.keys() == {"id", "reference", "state", "opening", "closing", "services", "groups"}
    user = command(*line("user suspend", found), "--json").data["user"]
    assert (user["status"], user["suspended_by"], user["erased"]) == ("suspended", ["operator"], False)


READINGS = {
    "organization list": "LES OLIVIERS",
    "organization list --state open": "Clamart",
    f"organization show {OLIVIERS}": "contact@oliviers.example",
    f"agreement list --organization {OLIVIERS}": "CONV-1",
    "catalog show": "AFAS-DEC",
    f"user waiting --organization {OLIVIERS}": "Zoé N'Guyen",
    "security-log show": "organization-not-suspended",
    f"security-log show --organization {OLIVIERS} --kind act-refused --last 1": "operator:agent-1",
}


@pytest.mark.parametrize("path", READINGS)
@pytest.mark.parametrize("more", [(), ("--lang", "en"), ("--json",)])
def test_a_reading_is_printed(command: Command, path: str, more: tuple[str, ...]) -> None:
    """R36"""
    command.refused("organization", "resume", OLIVIERS)
    printed = command(*path.split(), *more)
    assert (printed.status, printed.err) == (0, "")
    assert READINGS[path] in printed.out
    assert "--json" not in more or printed.data


def test_what_was_read_over_several_organizations_is_told_with_them(command: Command, found: Found) -> None:
    """R36: and with whom, where a reading showed people of several."""
    command("organization", "list")
    [line] = command("security-log", "show", "--last", "1", "--json").data
    assert (line["act"], line["organization"], line["users"]) == ("list-organizations", None, [])
    assert {found.oliviers} < set(line["organizations"])
    command("history", *THERE)
    command("security-log", "show")
    [newest] = command("security-log", "show", "--last", "1", "--json").data
    assert (newest["act"], newest["organization"]) == ("security-log", None)
    assert found.users["Martin"] in newest["users"]
    assert found.users["Martin"] in command("security-log", "show", "--last", "1").out


def test_what_is_empty_is_said_to_be_so(command: Command, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'bare.db'}"
    open_database(url).close()
    assert command("catalog", "show", "--database", url).out == "Le catalogue est vide.\n"
    assert command("security-log", "show", "--database", url, "--lang", "en").out == "No line.\n"
    assert command("user", "waiting", "--organization", CLAMART).out == "Aucune attribution de rôle n'est attendue.\n"


def test_an_agreement_whose_reference_is_another_s_id_is_ambiguous(command: Command) -> None:
    id = command("agreement", "list", *THERE, "--json").data[0]["id"]
    assert command("agreement", "open", id, *THERE, "--name", "B", "--service", "AFAS").status == 0
    outcome = command.refused("agreement", "suspend", id, *THERE, *WHY, "--json")
    assert (outcome.status, json.loads(outcome.err)["code"]) == (2, "agreement-ambiguous")


def test_pruning_asks_first(command: Command) -> None:
    """R43"""
    assert command.refused("security-log", "prune").status == 2
    assert command("security-log", "prune", "--yes", "--json").data == {"command": "security-log prune", "lines": 0}


def test_settings_hold_for_an_act(command: Command, found: Found, tmp_path: Path) -> None:
    """R18: what is due depends on how long the data of closed people is kept."""
    prepared("user erase", command, found)
    file = tmp_path / "portal.toml"
    file.write_text('[limits]\nclosed_person = "0 days"\n', "utf-8")
    assert command("erase-due", "--yes", "--json").data["erased"] == []
    erased = command("erase-due", "--yes", "--json", "--settings", str(file)).data["erased"]
    assert erased == [{"organization": found.oliviers, "user": found.users["N'Guyen"]}]


@pytest.mark.parametrize("path", ["user erase", "erase-due"])
def test_what_an_erasure_has_to_leave_is_told(
    command: Command, found: Found, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    """R18"""

    def locked(_: SqlStore) -> None:
        raise DatabaseLocked()

    words = prepared(path, command, found)
    monkeypatch.setattr(SqlStore, "residue", lambda _: True)
    monkeypatch.setattr(SqlStore, "wipe", locked)
    outcome = command(*words, "--yes")
    assert (outcome.status, outcome.err) == (1, "")
    assert "Des traces restent dans le fichier de la base" in outcome.out
    assert command(*line("erase-due", found), "--yes", "--json").data["residue"] == "database-locked"


def members(protocol: type) -> set[str]:
    return {name for name in vars(protocol) if not name.startswith("_")}


def test_a_rehearsal_knows_each_call_of_a_store() -> None:
    """So that a call that comes to be is either told to read, or does nothing."""
    assert members(Store) == {"writing", "cataloging"} | READ | IDLE | set(PARTS)
    known = {"credentials": Credentials, "links": Links, "outbox": Outbox, "attempts": Attempts}
    for name, part in {**known, "security_log": SecurityLines}.items():
        assert PARTS[name] <= members(part)


# What cannot be undone


class Terminal(io.StringIO):
    """Somebody who answers."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("path", FINAL)
def test_nothing_final_is_done_where_nobody_can_be_asked(
    command: Command, found: Found, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = prepared(path, command, found)
    before = all_but_readings(found.folder / "portal.db")
    monkeypatch.setattr(sys, "stdin", io.StringIO("oui\n"))
    outcome = command.refused(*words)
    assert (outcome.status, "--yes" in outcome.err) == (2, True)
    assert all_but_readings(found.folder / "portal.db") == before


@pytest.mark.parametrize("answer", ["non", "", "peut-être"])
def test_anything_but_a_yes_does_nothing(
    command: Command, found: Found, monkeypatch: pytest.MonkeyPatch, answer: str
) -> None:
    before = all_but_readings(found.folder / "portal.db")
    monkeypatch.setattr(sys, "stdin", Terminal(f"{answer}\n"))
    outcome = command(*line("organization close", found))
    assert (outcome.status, outcome.out) == (INTERRUPTED, "")
    assert "Clore définitivement l'organisme LES OLIVIERS" in outcome.err
    assert outcome.err.endswith("Rien n'a été fait.\n")
    assert all_but_readings(found.folder / "portal.db") == before


@pytest.mark.parametrize("answer", ["oui", "O", "yes"])
def test_after_a_yes_it_is_done(command: Command, found: Found, monkeypatch: pytest.MonkeyPatch, answer: str) -> None:
    monkeypatch.setattr(sys, "stdin", Terminal(f"{answer}\n"))
    assert command(*line("organization close", found)).status == 0
    assert command("organization", "show", found.oliviers, "--json").data["state"] == "closed"


# Words


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_act_has_its_sentences_and_no_sentence_is_for_none(language: str) -> None:
    own = Speech.in_language(language).own
    assert set(own["done"]) == set(ALL)
    assert set(own["confirm"]) == set(FINAL)


def test_both_languages_speak_of_the_same() -> None:
    french, english = (Speech.in_language(language).own["done"] for language in LANGUAGES)

    def named(sentence: str) -> set[str | None]:
        return {name for _, name, _, _ in Formatter().parse(sentence) if name}

    assert {path: named(said) for path, said in french.items()} == {path: named(said) for path, said in english.items()}


def commands(group: click.Group) -> list[click.Command]:
    return [
        each
        for command in group.commands.values()
        for each in (commands(command) if isinstance(command, click.Group) else [command])
    ]


@pytest.mark.parametrize("each", commands(habilitation), ids=lambda each: str(each.name))
def test_every_command_and_option_says_what_it_is_for(each: click.Command) -> None:
    assert each.help
    assert "``" not in each.help
    options = [option for option in each.params if isinstance(option, click.Option) and option.name != "language"]
    assert [option.name for option in options if not option.help] == []
