"""``habilitation deliver``: what waits leaves; what cannot becomes a dead letter that is seen (R12, R20, I10)."""

from __future__ import annotations

from pathlib import Path

import pytest

from habilitation.adapters.mail import read_letters
from habilitation.testing.world import SIRETS
from tests.adapters.mailserver import Mailboxes, free_port, serving
from tests.cli.command import Command, Found


def test_messages_that_waited_leave_once(command: Command, tmp_path: Path) -> None:
    first = command("deliver", "--maildir", str(tmp_path / "mail"), "--lang", "en")
    assert (first.status, first.out) == (0, "Delivered: 2. Delayed: 0. Dropped: 0. Dead letters: 0.\n")
    letters = read_letters(tmp_path / "mail", to="elise@oliviers.example")
    assert {letter.kind.value for letter in letters} == {"login", "password"}
    again = command("deliver", "--maildir", str(tmp_path / "mail"), "--json").data
    assert again == {"delivered": 0, "delayed": 0, "dropped": 0, "dead": 0, "dead_letters": []}


def test_messages_leave_by_a_mail_server(command: Command) -> None:
    mailboxes = Mailboxes()
    with serving(mailboxes) as port:
        assert command("deliver", "--smtp", f"127.0.0.1:{port}", "--lang", "en").status == 0
    assert mailboxes.recipients == ["elise@oliviers.example"] * 2


def test_a_server_that_is_away_loses_nothing(command: Command) -> None:
    outcome = command("deliver", "--smtp", f"127.0.0.1:{free_port()}", "--json")
    assert outcome.status == 0
    assert outcome.data["delayed"] == 2


def test_what_a_server_refuses_for_good_is_seen_and_can_be_tried_again(command: Command, tmp_path: Path) -> None:
    with serving(Mailboxes(to_recipients=["550 no such mailbox"] * 2)) as port:
        outcome = command("deliver", "--smtp", f"127.0.0.1:{port}")
    assert outcome.status == 1
    assert "550" in outcome.out
    listed = command("outbox", "list", "--json").data
    assert {letter["state"] for letter in listed} == {"dead"}
    assert "550" in command("outbox", "list").out
    for letter in listed:
        assert command("outbox", "retry", letter["message"]).status == 0
    assert command("outbox", "list").out == "Aucun message en échec.\n"
    assert command("deliver", "--maildir", str(tmp_path / "mail"), "--json").data["delivered"] == 2


def test_all_that_was_given_up_can_be_tried_again_at_once_or_one_organization_s(command: Command) -> None:
    with serving(Mailboxes(to_recipients=["550 no such mailbox"] * 2)) as port:
        command("deliver", "--smtp", f"127.0.0.1:{port}")
    assert command("outbox", "retry", "--all", "--organization", "Clamart", "--json").data == []
    assert command("outbox", "list", "--organization", "Clamart", "--json").data == []
    again = command("outbox", "retry", "--all", "--organization", "LES OLIVIERS", "--json").data
    assert [(each["state"], each["attempts"]) for each in again] == [("waiting", 0)] * 2
    assert command("outbox", "list", "--json").data == []
    assert command("outbox", "retry", "--all", "--lang", "en").out == "No dead letter.\n"


@pytest.mark.parametrize("which", [(), ("some-message", "--all")])
def test_which_messages_are_tried_again_must_be_said(command: Command, which: tuple[str, ...]) -> None:
    assert command.refused("outbox", "retry", *which).status == 2


def test_whoever_watches_delivers_for_all_organizations(command: Command, tmp_path: Path) -> None:
    arguments = ("--maildir", str(tmp_path / "mail"), "--organization", "LES OLIVIERS")
    assert "--organization" in command.refused("deliver", "--watch", *arguments).err


def test_settings_are_read_from_a_file(command: Command, tmp_path: Path) -> None:
    settings = tmp_path / "portal.toml"
    settings.write_text('sender = "portal@caf.example"\nportal = "Mon portail"\nlanguage = "fr"')
    assert command("deliver", "--maildir", str(tmp_path / "mail"), "--settings", str(settings)).status == 0
    assert any("Mon portail" in letter.subject for letter in read_letters(tmp_path / "mail"))


WRONG_SETTINGS = {
    "sendr = 'a@b.example'": "sendr",
    "sender = 3": "sender",
    "sender = 'nobody'": "sender",
    "zone = 'Mars/Olympus'": "zone",
    "language = 'de'": "language",
    "clock_tolerance = '5'": "clock_tolerance",
    "limits = 3": "limits",
    "operator_mailbox = 'nobody'": "operator_mailbox",
    "operator_texts = '/nowhere.toml'": "/nowhere.toml",
    "role_mailboxes = '/nowhere.toml'": "/nowhere.toml",
    "= ": "portal.toml",
}


@pytest.mark.parametrize("text", WRONG_SETTINGS)
def test_a_wrong_setting_is_named(command: Command, tmp_path: Path, text: str) -> None:
    settings = tmp_path / "portal.toml"
    settings.write_text(text)
    outcome = command.refused("deliver", "--maildir", str(tmp_path / "mail"), "--settings", str(settings))
    assert outcome.status == 2
    assert WRONG_SETTINGS[text] in outcome.err


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("--maildir", "somewhere", "--smtp", "here:25"),
        ("--smtp", "here"),
        ("--smtp", "here:0"),
        ("--smtp", "here:x"),
        ("--smtp", ":25"),
        ("--smtp", "somebody@here:25"),
        ("--smtp", "here:25/there"),
        ("--smtp", ""),
    ],
)
def test_where_messages_go_must_be_said_rightly(command: Command, arguments: tuple[str, ...]) -> None:
    assert command.refused("deliver", *arguments).status == 2


@pytest.mark.parametrize("name", ["deliver", "outbox list", "outbox retry"])
def test_messages_are_the_operator_s(command: Command, found: Found, tmp_path: Path, name: str) -> None:
    arguments = {"deliver": ["--maildir", str(tmp_path / "mail")], "outbox retry": ["some-message"]}.get(name, [])
    outcome = command.refused(*name.split(), *arguments, "--as", f"user:{found.logins['administrator']}")
    assert outcome.status == 4
    assert not (tmp_path / "mail").exists()


def test_a_message_that_is_none_cannot_be_retried(command: Command) -> None:
    assert command.refused("outbox", "retry", "nothing").status == 5


def test_one_organization_s_messages_can_leave_alone(command: Command, tmp_path: Path) -> None:
    arguments = ("--maildir", str(tmp_path / "mail"), "--json")
    assert command("deliver", "--organization", "Clamart", *arguments).data["delivered"] == 0
    assert command("deliver", "--organization", "LES OLIVIERS", *arguments).data["delivered"] == 2


def test_letters_are_put_into_a_folder_to_be_printed(command: Command, tmp_path: Path) -> None:
    """R4: an organization that has no e-mail address is opened, and its two letters wait for the printer."""
    letters, mail = tmp_path / "letters", ("--maildir", str(tmp_path / "mail"))
    envelope = ("--postal", "MAIRIE DE NANTES", "--postal", "2 RUE DE L’HÔTEL DE VILLE", "--postal", "44000 NANTES")
    assert command("organization", "open", SIRETS[2], "--name", "Nantes", *envelope).status == 0
    assert "2 RUE DE L’HÔTEL DE VILLE" in command("organization", "show", SIRETS[2]).out
    tally = command("deliver", *mail, "--letters", str(letters), "--json").data
    assert (tally["delivered"], tally["dead"]) == (4, 0)
    assert sorted(file.name[:12] for file in letters.iterdir()) == ["first-login-", "first-passwo"]


def test_without_a_folder_they_are_given_up_and_seen(command: Command, tmp_path: Path) -> None:
    """R4."""
    command("organization", "open", SIRETS[2], "--name", "Nantes", "--postal", "NANTES", "--postal", "44000 NANTES")
    outcome = command("deliver", "--maildir", str(tmp_path / "mail"))
    assert outcome.status == 1
    assert outcome.out.count("by post") == 2
