"""``habilitation demo``: both guides, for real, and what a person notices of them."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from email import message_from_bytes, policy
from io import StringIO
from pathlib import Path

import pytest
from attrs import frozen

from habilitation import NewOrganization, OperatorAgent
from habilitation.adapters.assembly import open_database
from habilitation.adapters.cli.command import run
from habilitation.adapters.cli.demonstration.data import NAMES
from habilitation.adapters.mail import read_letters
from habilitation.testing.world import SIRETS
from tests.adapters.mailserver import Mailboxes, free_port, serving
from tests.cli.command import Command, Outcome, alter_entries

Demo = Callable[..., Outcome]

REFUSALS = [
    "siret-refused",
    "email-not-nominative",
    "organization-claimed",
    "outside-scope",
    "holder-protected",
    "holder-protected",
    "account-is-closed",
    "act-forbidden",
]


@frozen
class Played:
    """One run in French, for every test that only looks at what it left."""

    folder: Path
    outcome: Outcome

    @property
    def told(self) -> str:
        return self.outcome.out


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    """``habilitation demo --no-serve``, played once."""
    folder = tmp_path_factory.mktemp("played")
    arguments = ["demo", "--no-serve", "--database", f"sqlite:///{folder / 'portal.db'}", "--maildir"]
    with redirect_stdout(StringIO()) as out, redirect_stderr(StringIO()) as err:
        status = run([*arguments, str(folder / "mail")])
    return Played(folder, Outcome(status, out.getvalue(), err.getvalue()))


@pytest.fixture
def demo(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Demo:
    """The demonstration, on a file and with a Maildir of this test."""

    def play(*arguments: str) -> Outcome:
        places = ["--database", f"sqlite:///{tmp_path / 'portal.db'}", "--maildir", str(tmp_path / "mail")]
        return Command(capsys)("demo", "--no-serve", *places, *arguments)

    return play


def words(text: str) -> str:
    """What is printed, whatever the lines it was broken into."""
    return " ".join(re.sub(r"[│╭╮╰╯─\s]+", " ", text).split())


def in_order(text: str, *said: str) -> bool:
    """Whether all of it is said, one thing after another."""
    place = 0
    for each in said:
        place = text.find(each, place)
        if place < 0:
            raise AssertionError(f"not said, or not then: {each}")
    return True


def test_both_guides_are_played_in_french(played: Played) -> None:
    assert (played.outcome.status, played.outcome.err) == (0, "")
    told = words(played.told)
    assert in_order(
        told,
        "35600000049838",
        "99999999800019 LES OLIVIERS",
        "Convention sélectionnée : LES OLIVIERS (état : Validée)",
        "Objet : LES OLIVIERS : identifiant de première connexion",
        "PREMIÈRE AUTHENTIFICATION",
        "Vous êtes la première personne de votre organisme à vous connecter. Après validation, vous deviendrez "
        "l'administrateur de votre organisme.",
        "Attention : l'adresse mail renseignée doit être nominative.",
        "contact@oliviers.example",
        "Anne Martin est l'administrateur de LES OLIVIERS",
        "CRÉER UN UTILISATEUR PARTENAIRE",
        "itinérant",
        "Identifiant Nom Prénom Adresse mail Téléphone d'ouverture clôture Statut Actions",
        "À",
        "« Ajouter à un groupe », AFAS-DEC - AFAS-Déclarer",
        "La pièce justificative n° 3 est à compléter et à retourner rapidement à votre caf pour",
        "Non. L'attribution du rôle est attendue",
        "attribue le rôle",
        "Oui, jusqu'au",
        "« Généraliser à tous les utilisateurs »",
        "clôt un compte : Élise Œuvrard",
        "Clos",
        "Fatou Diop est l'administrateur de LES OLIVIERS",
        "Tout se tient",
    )
    assert re.findall(r"\[([a-z-]+)\]", told) == REFUSALS


def test_both_guides_are_played_in_english(demo: Demo) -> None:
    outcome = demo("--lang", "en")
    assert (outcome.status, outcome.err) == (0, "")
    told = words(outcome.out)
    assert in_order(
        told,
        "Subject: LES OLIVIERS: login",
        "You are the first person of your organization to sign in.",
        "This e-mail address is a role's",
        "Anne Martin is the administrator of LES OLIVIERS",
        "CREATE A PARTNER'S USER",
        "supporting document no. 3",
        "No. The role assignment is awaited",
        "Yes, until",
        "The administrator's account cannot be ended",
        "All is sound",
    )
    assert re.findall(r"\[([a-z-]+)\]", told) == REFUSALS
    assert not re.search(r"Refusé|Objet|administrateur|convention |utilisateur|Ouvert|À", told)


def test_every_line_fits_a_terminal_of_100_columns(played: Played) -> None:
    lines = played.told.split("\n")
    until = next(place for place, line in enumerate(lines) if "Pour poursuivre" in line)
    assert max(map(len, lines[:until])) <= 100


def test_no_password_is_printed_and_none_is_in_the_database(played: Played) -> None:
    """I10, R12"""
    passwords = [letter.password for letter in read_letters(played.folder / "mail") if letter.password]
    assert len(passwords) == 3 + 5
    stored = b"".join(file.read_bytes() for file in played.folder.glob("portal.db*"))
    for password in passwords:
        assert password not in played.told
        assert password.encode() not in stored


def test_each_user_gets_a_login_and_a_password_in_two_messages(played: Played) -> None:
    """R12"""
    letters = read_letters(played.folder / "mail", to="david.nguyen@oliviers.example")
    assert [(bool(letter.login), bool(letter.password)) for letter in letters if letter.login or letter.password] in (
        [(True, False), (False, True)],
        [(False, True), (True, False)],
    )


def test_what_it_proposes_to_go_on_with_works(played: Played, capsys: pytest.CaptureFixture[str]) -> None:
    told = played.told
    environment = dict(re.findall(r"(HABILITATION_\w+)=(\S+)", told))
    proposed = [line.split() for line in told.splitlines() if line.startswith("  habilitation ")]
    assert [line[1] for line in proposed] == ["users", "history", "journal"]
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment.items():
            patch.setenv(name, value)
        assert [Command(capsys)(*line[1:]).status for line in proposed] == [0, 0, 0]


def test_messages_leave_by_a_mail_server_too(demo: Demo, tmp_path: Path) -> None:
    mailboxes = Mailboxes()
    with serving(mailboxes) as port:
        outcome = demo("--smtp", f"127.0.0.1:{port}")
    assert outcome.status == 0
    assert f"127.0.0.1:{port}" in outcome.out
    sent = sorted(message_from_bytes(each, policy=policy.default)["Message-ID"] for each in mailboxes.messages)
    copies = [file.read_bytes() for file in (tmp_path / "mail" / "new").iterdir()]
    assert sent == sorted(message_from_bytes(each, policy=policy.default)["Message-ID"] for each in copies)


def test_a_mail_server_that_is_away_ends_it_with_a_sentence(demo: Demo) -> None:
    outcome = demo("--smtp", f"127.0.0.1:{free_port()}")
    assert outcome.status == 9
    assert "n'a pas été remis" in outcome.err


def test_a_journal_that_was_tampered_with_makes_it_fail(demo: Demo, tmp_path: Path) -> None:
    """R42, I9: a row that the journal does not tell of."""
    url = f"sqlite:///{tmp_path / 'portal.db'}"
    portal = open_database(url)
    portal.open_organization(NewOrganization(SIRETS[1], "DINUM", "a@dinum.example"), by=OperatorAgent("agent-1"))
    portal.close()
    alter_entries(tmp_path / "portal.db", "agent-1", "agent-2")
    outcome = demo()
    assert outcome.status == 1
    assert "EN DÉFAUT" in outcome.out
    assert "Tout se tient" not in outcome.out


def test_a_second_run_on_the_same_file_is_refused_and_says_why(demo: Demo) -> None:
    assert demo().status == 0
    outcome = demo()
    assert (outcome.status, outcome.out) == (2, "")
    assert "déjà été jouée" in outcome.err
    assert demo("--lang", "en").err == "This database has been played in already: name a new file.\n"


def test_played_in_memory_it_proposes_nothing_to_go_on_with(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    outcome = Command(capsys)("demo", "--no-serve", "--database", "memory:", "--maildir", str(tmp_path / "mail"))
    assert (outcome.status, outcome.err) == (0, "")
    assert "Tout se tient" in outcome.out
    assert "HABILITATION_DATABASE" not in outcome.out


# The data files


@pytest.fixture
def copies(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """Copies of the data files, to be edited."""
    assert Command(capsys)("demo", "--copy-data", str(tmp_path / "data")).status == 0
    return tmp_path / "data"


def passing(copies: Path) -> list[str]:
    options = ("--catalog", "--organizations", "--users")
    return [part for option, name in zip(options, NAMES, strict=True) for part in (option, str(copies / name))]


def test_the_data_files_can_be_edited_and_passed(demo: Demo, copies: Path) -> None:
    edit(copies / "users.toml", 'first_name = "Anne"', 'first_name = "Ghislaine"')
    edit(copies / "organizations.toml", 'name = "LES OLIVIERS"\ncontact', 'name = "LES CYPRÈS"\ncontact')
    outcome = demo(*passing(copies))
    assert outcome.status == 0
    assert "Ghislaine Martin est l'administrateur de LES CYPRÈS" in outcome.out


def edit(file: Path, before: str, after: str) -> None:
    text = file.read_text("utf-8")
    assert before in text
    file.write_text(text.replace(before, after, 1), "utf-8")


def test_copies_replace_no_file(copies: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edit(copies / "users.toml", "Anne", "Ghislaine")
    outcome = Command(capsys).refused("demo", "--copy-data", str(copies))
    assert "existe déjà" in outcome.err
    assert "Ghislaine" in (copies / "users.toml").read_text("utf-8")


SPOILED = [
    ("users.toml", "[leaver]", "[leaver", "users.toml"),
    ("users.toml", 'last_name = "Diop"', 'lastname = "Diop"', "successor"),
    ("users.toml", "closes_in = 180", 'closes_in = "soon"', "colleague.closes_in"),
    ("users.toml", "closes_in = 180", "closes_in = -3", "colleague"),
    ("users.toml", "closes_in = 180", "opens_in = 3", "colleague.opens_in"),
    ("users.toml", 'groups = ["LOG-PRIV"]', 'groups = ["NONE"]', "colleague.groups"),
    ("users.toml", 'groups = ["LOG-PRIV"]', 'groups = "LOG-PRIV"', "colleague.groups"),
    ("users.toml", "claire.morel@oliviers.example", "claire", "manager.email"),
    ("users.toml", "01 99 00 12 02", "12", "manager.phone"),
    ("users.toml", "fatou.diop@", "claire.morel@", "successor"),
    ("organizations.toml", "21920023500014", "21920023500015", "organizations[1].siret"),
    ("organizations.toml", "35600000049837", "21920023500014", "organizations[2]"),
    ("organizations.toml", "direction@oliviers.example", "direction", "organizations[0].contact"),
    ("organizations.toml", '"AFAS-DEC"', '"NONE"', "organizations[0].agreement.groups"),
    ("organizations.toml", '["BAILLEUR", "AFAS"]', '["AFAS"]', "organizations[0].agreement"),
    ("organizations.toml", "[organizations.agreement]", "[organizations.paper]", "organizations[0]"),
    ("catalog.toml", "needs_document = true", "", "catalog.toml"),
    ("catalog.toml", 'permissions = ["bailleur:prives"]', "permissions = []", "groups[1]"),
    ("catalog.toml", 'service = "AFAS"', 'service = "NONE"', "groups[2]"),
]


@pytest.mark.parametrize(("name", "before", "after", "field"), SPOILED)
def test_a_bad_file_is_one_sentence_that_names_file_and_field(
    demo: Demo, copies: Path, name: str, before: str, after: str, field: str
) -> None:
    edit(copies / name, before, after)
    outcome = demo(*passing(copies))
    assert outcome.status == 2
    assert len(outcome.err.splitlines()) == 1
    assert str(copies / name) in outcome.err
    assert field in outcome.err


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("users.toml", "contact@oliviers", "paul.contact@oliviers"),
        ("organizations.toml", "35600000049838", "35600000000048"),
    ],
)
def test_data_that_leaves_a_refusal_out_is_told_so(
    demo: Demo, copies: Path, name: str, before: str, after: str
) -> None:
    edit(copies / name, before, after)
    outcome = demo(*passing(copies))
    assert outcome.status == 2


def test_a_file_that_is_missing_is_named(demo: Demo, tmp_path: Path) -> None:
    outcome = demo("--users", str(tmp_path / "nowhere.toml"))
    assert (outcome.status, outcome.out) == (2, "")
    assert "nowhere.toml" in outcome.err


def test_a_maildir_of_somebody_s_other_mail_is_refused(demo: Demo, tmp_path: Path) -> None:
    for folder in ("new", "cur", "tmp"):
        (tmp_path / "mail" / folder).mkdir(parents=True)
    (tmp_path / "mail" / "new" / "1").write_text("From: a@b.example\nTo: c@d.example\nSubject: lunch\n\nNoon?\n")
    outcome = demo()
    assert outcome.status == 2
    assert len(outcome.err.splitlines()) == 1
