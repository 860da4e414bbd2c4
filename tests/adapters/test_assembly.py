"""A portal from an address and settings: what is joined, and what is refused in one sentence."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from attrs import evolve

from habilitation import Habilitation, NewGroup, NewOrganization, NewService, OperatorAgent, OrganizationQuestion
from habilitation.adapters import assembly
from habilitation.adapters.assembly import (
    CatalogData,
    CatalogDiffers,
    Settings,
    SetupRefused,
    TransportMissing,
    open_database,
    read_file,
    smtp,
)
from habilitation.adapters.mail import Security, SmtpTransport
from habilitation.adapters.memory_transport import MemoryMailbox
from habilitation.domain.refusals import DatabaseUnavailable
from habilitation.domain.requests import DeadLetterSearch
from habilitation.testing.world import AFAS, BAILLEUR, DECLARE, GROUPS, SIRETS

AGENT = OperatorAgent("agent-1")
CATALOG = CatalogData((NewService(AFAS, "AFAS"), NewService(BAILLEUR, "Espace bailleur")), GROUPS)
CONTACT = "contact@oliviers.example"


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'portal.db'}"


def open_organization(portal: Habilitation, number: int = 0) -> None:
    portal.open_organization(NewOrganization(SIRETS[number], "LES OLIVIERS", CONTACT), by=AGENT)


# Messages


def test_without_a_transport_messages_wait_on_sqlite_and_are_not_lost(url: str) -> None:
    portal = open_database(url)
    open_organization(portal)
    portal.close()
    mailbox = MemoryMailbox()
    later = open_database(url, transport=mailbox, settings=Settings(delivery=None))
    assert mailbox.letters == []
    assert later.deliver_notifications().delivered == 2
    later.close()


def test_delivering_without_a_transport_is_refused(url: str) -> None:
    portal = open_database(url)
    open_organization(portal)
    with pytest.raises(TransportMissing):
        portal.deliver_notifications()
    assert portal.list_dead_letters(DeadLetterSearch(), by=AGENT).items == ()
    portal.close()


def test_without_a_transport_letters_in_memory_stay_in_their_mailbox() -> None:
    portal = open_database("memory:")
    open_organization(portal)
    assert isinstance(portal.ports.transport, MemoryMailbox)
    assert portal.ports.transport.login_for(CONTACT)


@pytest.mark.parametrize(
    ("server", "security"),
    [
        ("localhost:25", Security.NONE),
        ("127.0.0.1:8025", Security.NONE),
        ("[::1]:25", Security.NONE),
        ("mail.example:587", Security.STARTTLS),
        ("mail.example:25", Security.STARTTLS),
        ("mail.example:465", Security.TLS),
    ],
)
def test_mail_to_any_other_machine_is_encrypted(server: str, security: Security) -> None:
    transport = smtp(server)
    assert isinstance(transport, SmtpTransport)
    assert transport.settings.security is security


# The catalog (R3)


def definitions(portal: Habilitation) -> int:
    return len(portal.ports.store.catalog_entries())


def test_a_catalog_is_defined_once_by_a_named_agent(url: str) -> None:
    """R3, R35"""
    first = open_database(url, catalog=CATALOG, by=AGENT)
    assert definitions(first) == 5
    assert first.ports.store.decode(first.ports.store.catalog_entries()[0]).by == AGENT
    first.close()
    again = open_database(url, catalog=CATALOG)
    assert definitions(again) == 5
    again.close()


def test_a_catalog_that_has_grown_is_completed(url: str) -> None:
    """R3"""
    open_database(url, catalog=evolve(CATALOG, groups=GROUPS[:1])).close()
    portal = open_database(url, catalog=CATALOG)
    assert set(portal.ports.store.catalog().groups) == {group.code for group in GROUPS}
    portal.close()


DIFFERENT = [
    evolve(CATALOG, services=(NewService(AFAS, "Something else"), NewService(BAILLEUR, "Espace bailleur"))),
    evolve(CATALOG, groups=(evolve(GROUPS[0], label="AFAS-Consulter"),)),
    evolve(CATALOG, groups=(evolve(GROUPS[0], permissions=GROUPS[0].permissions[:1]),)),
    evolve(CATALOG, groups=(evolve(GROUPS[0], needs_document=False),)),
    evolve(CATALOG, groups=(evolve(GROUPS[0], service=BAILLEUR),)),
]


@pytest.mark.parametrize("different", DIFFERENT)
def test_a_catalog_that_differs_is_refused_and_changes_nothing(url: str, different: CatalogData) -> None:
    """R3: changing a definition is an act of its own."""
    open_database(url, catalog=CATALOG).close()
    with_news = evolve(different, services=(*different.services, NewService(DECLARE, "New")))  # type: ignore[arg-type]
    with pytest.raises(CatalogDiffers):
        open_database(url, catalog=with_news)
    portal = open_database(url)
    assert definitions(portal) == 5
    portal.close()


def test_the_same_catalog_may_be_written_otherwise(url: str) -> None:
    """The order of permissions and the composition of accents say nothing."""
    open_database(url, catalog=CATALOG).close()
    otherwise = evolve(GROUPS[0], label=" AFAS-De\u0301clarer", permissions=GROUPS[0].permissions[::-1])
    open_database(url, catalog=evolve(CATALOG, groups=(otherwise,))).close()


def test_a_catalog_that_contradicts_itself_is_refused() -> None:
    twice = evolve(CATALOG, groups=(GROUPS[0], evolve(GROUPS[0], label="Something else")))
    with pytest.raises(CatalogDiffers):
        open_database("memory:", catalog=twice)


CATALOG_FILE = """
[[services]]
code = "AFAS"
label = "AFAS"

[[groups]]
code = "AFAS-DEC"
service = "AFAS"
label = "AFAS-Déclarer"
permissions = ["afas:declare"]
needs_document = true
"""


@pytest.mark.parametrize("as_path", [Path, str])
def test_a_catalog_is_read_from_a_file(tmp_path: Path, as_path: type) -> None:
    file = tmp_path / "catalog.toml"
    file.write_text(CATALOG_FILE, "utf-8")
    portal = open_database("memory:", catalog=as_path(file))
    assert portal.ports.store.catalog().group(DECLARE).now.needs_document


SPOILED = [
    ('code = "AFAS"\nlabel', "label", "services[0].code is missing"),
    ('label = "AFAS"', "label = 3", "services[0].label must be a text"),
    ('label = "AFAS"', 'label = ""', "services[0]: The label is missing"),
    ("true", '"yes"', "groups[0].needs_document must be true or false"),
    ('["afas:declare"]', '"afas:declare"', "groups[0].permissions must be a list"),
    ('["afas:declare"]', "[3]", "groups[0].permissions[0] must be a text"),
    ("needs_document", "needs_paper", "groups[0] has a field that is not known (needs_paper)"),
    ("[[services]]", "[[service]]", "services is missing"),
    ('service = "AFAS"', 'service = "NONE"', "groups[0]: There is no such service"),
    ("[[groups]]", "[groups]", "groups must be a list"),
    ("[[groups]]", "[[groups", "Expected ']]' at the end of an array declaration"),
]


@pytest.mark.parametrize(("before", "after", "problem"), SPOILED)
def test_a_catalog_file_that_cannot_be_read_names_the_field(
    tmp_path: Path, before: str, after: str, problem: str
) -> None:
    file = tmp_path / "catalog.toml"
    file.write_text(CATALOG_FILE.replace(before, after), "utf-8")
    with pytest.raises(SetupRefused) as refused:
        open_database("memory:", catalog=file)
    assert str(file) in str(refused.value)
    assert problem.partition(" ")[0] in str(refused.value)
    assert problem.rpartition(": ")[2] in str(refused.value)


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "catalog.toml"
    file.write_bytes(b"\xff\xfe")
    with pytest.raises(SetupRefused, match=re.escape(str(file))):
        read_file(file, CatalogData)


# Addresses and settings


@pytest.mark.parametrize("url", ["", "memory", "portal.db", "sqlite://", "postgresql://here/portal", "sqlite:///"])
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(DatabaseUnavailable):
        open_database(url)


@pytest.mark.parametrize(
    "settings",
    [
        Settings(language="de"),
        Settings(operator_mailbox="nobody"),
        Settings(operator_texts=Path("/nowhere.toml")),
        Settings(role_mailboxes=Path("/nowhere.toml")),
    ],
)
def test_a_setting_that_cannot_be_is_refused(settings: Settings) -> None:
    with pytest.raises(SetupRefused):
        open_database("memory:", settings=settings)


def test_settings_in_a_file_are_read_strictly(tmp_path: Path) -> None:
    file = tmp_path / "portal.toml"
    file.write_text('zone = "America/Guadeloupe"\ndelivery = "2 seconds"\n[limits]\nsession = "8 hours"')
    settings = read_file(file, Settings)
    assert (str(settings.zone), settings.limits.session.total_seconds()) == ("America/Guadeloupe", 8 * 3600)


# Extras


def opening_without(package: str, url: str) -> str:
    """What opening says where that package is not installed."""
    script = f"""
import sys
sys.modules[{package!r}] = None
from habilitation.adapters.assembly import open_database
try:
    open_database({url!r})
except Exception as error:
    print(type(error).__name__, error)
"""
    return subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.strip()


@pytest.mark.parametrize(
    ("package", "extra"),
    [
        ("sqlalchemy", "sql"),
        ("argon2", "passwords"),
        ("zxcvbn_rs_py", "passwords"),
        ("email_validator", "contact"),
        ("phonenumbers", "contact"),
    ],
)
def test_a_missing_extra_is_named(package: str, extra: str, url: str) -> None:
    said = opening_without(package, url)
    assert said.startswith("ExtraMissing")
    assert said.endswith(f"install habilitation[{extra}].")


def test_memory_needs_no_database_package() -> None:
    assert opening_without("sqlalchemy", "memory:") == ""


@pytest.mark.parametrize("package", ["click", "rich"])
def test_the_command_says_which_extra_it_lacks(package: str) -> None:
    script = f"import sys; sys.modules[{package!r}] = None; from habilitation.adapters.cli import main; main()"
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    assert ended.stderr == "The command line needs more packages: install habilitation[cli].\n"


def test_importing_the_assembly_brings_no_extra() -> None:
    script = "import sys, habilitation.adapters.assembly; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.split()
    assert not {"sqlalchemy", "argon2", "email_validator", "phonenumbers", "jinja2", "click", "rich"} & set(loaded)


# What the command says of it


def test_whatever_a_database_is_refused_for_is_said_in_french_too() -> None:
    adapters = Path(assembly.__file__).parent
    literal = re.compile(r'Database(?:Unavailable|Foreign|Damaged)\(\s*"([^"]+)"')
    details = {found for file in adapters.rglob("*.py") for found in literal.findall(file.read_text("utf-8"))}
    assert len(details) > 10
    assert details <= set(tomllib.loads((adapters / "cli" / "fr.toml").read_text("utf-8"))["details"])


@pytest.mark.parametrize("folder", [".", "demonstration"])
def test_both_languages_of_the_command_have_the_same_texts(folder: str) -> None:
    """Refusals and details are English by themselves."""
    cli = Path(assembly.__file__).parent / "cli" / folder
    french, english = (tomllib.loads((cli / f"{language}.toml").read_text("utf-8")) for language in ("fr", "en"))
    texts = (french.get("sentences", french), english.get("sentences", english))
    assert texts[0].keys() == texts[1].keys()
    places = [{key: set(re.findall(r"{\w+}", text)) for key, text in each.items()} for each in texts]
    assert places[0] == places[1]


def test_a_portal_opened_so_keeps_a_sound_journal(url: str) -> None:
    """R42"""
    portal = open_database(url, catalog=CATALOG)
    open_organization(portal)
    [organization] = portal.ports.store.organizations()
    assert portal.verify_journal(OrganizationQuestion(organization), by=AGENT).sound
    portal.close()


def test_a_group_of_no_permission_is_refused_by_its_place() -> None:
    empty = NewGroup(DECLARE, AFAS, "AFAS-Déclarer", ())
    with pytest.raises(SetupRefused, match=re.escape("groups[0]")):
        open_database("memory:", catalog=evolve(CATALOG, groups=(empty,)))


# Letters on paper

BY_POST = NewOrganization(SIRETS[1], "Clamart", postal=("MAIRIE DE CLAMART", "92140 CLAMART"))


def test_letters_are_put_into_the_folder_that_the_settings_name(url: str, tmp_path: Path) -> None:
    """R4: and mail goes on as before."""
    mailbox = MemoryMailbox()
    portal = open_database(url, transport=mailbox, settings=Settings(letters=tmp_path / "letters"))
    portal.open_organization(BY_POST, by=AGENT)
    open_organization(portal)
    portal.close()
    assert sorted(file.name[:12] for file in (tmp_path / "letters").iterdir()) == ["first-login-", "first-passwo"]
    assert len(mailbox.letters) == 2


def test_without_a_folder_letters_are_dead_and_can_be_tried_again_with_one(url: str, tmp_path: Path) -> None:
    """R4, R20: seen, and not lost."""
    portal = open_database(url, transport=assembly.maildir(tmp_path / "mail"))
    portal.open_organization(BY_POST, by=AGENT)
    dead = portal.list_dead_letters(DeadLetterSearch(), by=AGENT).items
    portal.close()
    assert ["by post" in delivery.problem for delivery in dead] == [True, True]
    posting = Settings(letters=tmp_path / "letters", delivery=None)
    again = open_database(url, transport=assembly.maildir(tmp_path / "mail"), settings=posting)
    for delivery in dead:
        again.retry_delivery(delivery.message.id, by=AGENT)
    assert again.deliver_notifications().delivered == 2
    again.close()
    assert len(list((tmp_path / "letters").iterdir())) == 2


def test_a_letterhead_that_is_too_long_is_named(url: str) -> None:
    with pytest.raises(SetupRefused, match="letterhead"):
        open_database(url, settings=Settings(letters=Path("letters"), letterhead=("line",) * 7))
