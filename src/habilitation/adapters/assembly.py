"""A portal from an address and settings: the one module that joins adapters to ``Habilitation``.

Whatever is wrong with what was given is a refusal, like any other: a code, a kind, one sentence. Extras are imported
when they are first needed, so that whoever does without one need not have it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import urlsplit

from attrs import define, evolve, frozen

from habilitation.adapters.mailboxes import RoleMailboxes
from habilitation.adapters.memory import MemoryStore
from habilitation.adapters.memory_transport import MemoryMailbox
from habilitation.adapters.outbox import OutboxNotifier
from habilitation.adapters.settings import CatalogData, Settings, SetupRefused, naming, read_file
from habilitation.adapters.system import SystemSecrets, TimeOrderedIds
from habilitation.adapters.texts import LANGUAGES, DefaultOperatorTexts, Telling, Texts
from habilitation.application import Habilitation, Ports
from habilitation.domain.actors import OperatorAgent
from habilitation.domain.catalog import Catalog, Definition, Group, Service
from habilitation.domain.messages import Letter
from habilitation.domain.refusals import (
    DatabaseUnavailable,
    GroupDefinedAlready,
    Kind,
    Refusal,
    ServiceDefinedAlready,
)
from habilitation.domain.requests import NewGroup, NewService
from habilitation.domain.values import EmailAddress, PhoneNumber, one_line
from habilitation.ports.contact import ContactDetails
from habilitation.ports.identities import TokenVerifier
from habilitation.ports.notices import OperatorTexts
from habilitation.ports.store import Store
from habilitation.ports.transport import Transport

if TYPE_CHECKING:
    from habilitation.adapters.letters import Typesetter
    from habilitation.adapters.mail import Composer, Security
    from habilitation.adapters.mail import ReceivedLetter as ReceivedLetter
    from habilitation.adapters.sql.upgrading import Condition, Upgrade

__all__ = [
    "DEFAULTS",
    "LANGUAGES",
    "CatalogData",
    "CatalogDiffers",
    "ExtraMissing",
    "NoTransport",
    "Settings",
    "SetupRefused",
    "Telling",
    "Texts",
    "TransportMissing",
    "check_database",
    "maildir",
    "naming",
    "needing",
    "open_database",
    "read_file",
    "read_letters",
    "smtp",
    "spoken",
    "texts",
    "typesetter",
    "upgrade_database",
]

IN_MEMORY = "memory:"
ON_SQLITE = "sqlite:///"
ON_POSTGRESQL = "postgresql:"
SMTPS = 465
"""The port of mail that is encrypted from its first byte on."""
SETTING_UP = OperatorAgent("catalog")
DEFAULTS = Settings()

# What is refused here


@define(slots=False)
class ExtraMissing(Refusal):
    """A part was asked for whose packages are not installed."""

    code: ClassVar[str] = "extra-missing"
    kind: ClassVar[Kind] = Kind.UNAVAILABLE
    sentence: ClassVar[str] = "{part} needs more packages: install habilitation[{extra}]."

    part: str
    extra: str


@define(slots=False)
class CatalogDiffers(Refusal):
    """What is to be defined is defined already, as something else; a catalog is not changed by opening it (R3)."""

    code: ClassVar[str] = "catalog-differs"
    kind: ClassVar[Kind] = Kind.CONFLICT
    sentence: ClassVar[str] = "The catalog defines {item} already, and otherwise."

    item: str


@define(slots=False)
class TransportMissing(Refusal):
    """The portal was opened with nothing to send messages by; they wait in its outbox."""

    code: ClassVar[str] = "transport-missing"
    kind: ClassVar[Kind] = Kind.UNAVAILABLE
    sentence: ClassVar[str] = "No transport was given: the messages go on waiting to be delivered."


def open_database(
    url: str,
    *,
    catalog: CatalogData | Path | str | None = None,
    transport: Transport | None = None,
    settings: Settings = DEFAULTS,
    by: OperatorAgent = SETTING_UP,
) -> Habilitation:
    """A portal on ``memory:``, ``sqlite:///file`` or ``postgresql://user@host/database``.

    A file is made if there is none, and migrated if it is older; on PostgreSQL that takes a command,
    ``habilitation database upgrade``. What ``catalog`` has, data or a TOML file, is defined ``by`` that agent unless it
    is already (R3). Without a ``transport``, letters on ``memory:`` stay in ``portal.ports.transport``; others wait in
    the outbox, for ``habilitation deliver``. Refuses with ``SetupRefused``, ``CatalogDiffers``, ``ExtraMissing``, or
    with what the database has: ``DatabaseUnavailable``, ``DatabaseOutdated``, and so on.
    """
    file = str(catalog) if isinstance(catalog, str | Path) else "catalog"
    wanted = read_file(Path(catalog), CatalogData) if isinstance(catalog, str | Path) else catalog
    store = _store(url)
    try:
        portal = Habilitation(_ports(store, transport or _without_transport(url), settings))
        if wanted:
            _define_missing(portal, wanted, file, by)
    except BaseException:
        store.close()
        raise
    return portal


def _store(url: str) -> Store:
    if url == IN_MEMORY:
        return MemoryStore()
    if not url.startswith((ON_SQLITE, ON_POSTGRESQL)):
        raise DatabaseUnavailable("its address must be memory:, sqlite:///file or postgresql://user@host/database")
    with _needing_a_driver(url):
        from habilitation.adapters.sql import SqlStore

        return SqlStore.open(url)


def upgrade_database(url: str) -> Upgrade:
    """Bring the database to this version's revision. Refuses with what the database has, having changed nothing."""
    with _needing_a_driver(url):
        from habilitation.adapters.sql import upgrading

        return upgrading.upgrade(url)


def check_database(url: str) -> Condition:
    """What revision the database has, and whether its tables are as they should be."""
    with _needing_a_driver(url):
        from habilitation.adapters.sql import upgrading

        return upgrading.check(url)


@contextmanager
def _needing_a_driver(url: str) -> Iterator[None]:
    extra, name = ("sql", "SQLite") if url.startswith(ON_SQLITE) else ("postgresql", "PostgreSQL")
    with needing(extra, f"A database on {name}"):
        yield


@frozen
class NoTransport:
    """In the place of a ``Transport``: whoever tries to deliver by it is told, and the message waits on."""

    def send(self, letter: Letter) -> None:
        raise TransportMissing()


def _without_transport(url: str) -> Transport:
    return MemoryMailbox() if url == IN_MEMORY else NoTransport()


def _ports(store: Store, transport: Transport, settings: Settings) -> Ports:
    with needing("contact", "Reading e-mail addresses and telephone numbers"):
        from habilitation.adapters.contact import Contact
    with needing("passwords", "Keeping passwords"):
        from habilitation.adapters.passwords import Passwords, StrengthPolicy
    identifiers = TimeOrderedIds()
    return Ports(
        store,
        OutboxNotifier(identifiers),
        _by_address(transport, settings),
        settings.clock,
        identifiers,
        SystemSecrets(),
        Contact(),
        _role_mailboxes(settings),
        Passwords(),
        StrengthPolicy(words=(settings.portal, settings.operator, settings.agency)),
        _operator_texts(settings),
        _operator_mailbox(settings, Contact()),
        settings.limits,
        None if isinstance(transport, NoTransport) else settings.delivery,
        _tokens(settings),
    )


def _tokens(settings: Settings) -> TokenVerifier | None:
    """For the provider that signs people in, whose keys must be there from the beginning."""
    if settings.identity_provider is None:
        return None
    with needing("oidc", "Signing in with an identity provider"):
        from habilitation.adapters.oidc import OpenIdTokens
    provider = settings.identity_provider
    with naming(provider.keys):
        return OpenIdTokens.reading(provider.keys, provider.issuer, provider.client, settings.clock)


def _role_mailboxes(settings: Settings) -> RoleMailboxes:
    if settings.role_mailboxes is None:
        return RoleMailboxes.french_and_english()
    with naming(settings.role_mailboxes):
        return RoleMailboxes.from_file(settings.role_mailboxes)


def _operator_texts(settings: Settings) -> OperatorTexts:
    with naming(settings.operator_texts or "language"):
        return DefaultOperatorTexts.in_language(settings.language, settings.operator_texts)


def _operator_mailbox(settings: Settings, contact: ContactDetails) -> EmailAddress | None:
    with naming("operator_mailbox"):
        return contact.email(settings.operator_mailbox) if settings.operator_mailbox else None


# The catalog


def _define_missing(portal: Habilitation, wanted: CatalogData, file: str, by: OperatorAgent) -> None:
    """Define what is not defined yet; nothing, if any of the rest differs from what is."""
    kept = portal.ports.store.catalog()
    _require_same(kept, wanted)
    for number, service in enumerate(wanted.services):
        if service.code not in kept.services:
            with naming(f"{file}, services[{number}]"), suppress(ServiceDefinedAlready):
                portal.define_service(service, by=by)
    for number, group in enumerate(wanted.groups):
        if group.code not in kept.groups:
            with naming(f"{file}, groups[{number}]"), suppress(GroupDefinedAlready):
                portal.define_group(group, by=by)
    _require_same(portal.ports.store.catalog(), wanted)  # somebody else may have been first with another definition


def _require_same(catalog: Catalog, wanted: CatalogData) -> None:
    """Refuse what is defined otherwise: opening a database changes no definition (R3)."""
    for service in wanted.services:
        if service.code in catalog.services and not _is_service(catalog.services[service.code], service):
            raise CatalogDiffers(service.code)
    for group in wanted.groups:
        if group.code in catalog.groups and not _is_group(catalog.groups[group.code], group):
            raise CatalogDiffers(group.code)


def _is_service(defined: Service, wanted: NewService) -> bool:
    return defined.label == one_line(wanted.label)


def _is_group(defined: Group, wanted: NewGroup) -> bool:
    now, permissions = defined.now, frozenset(wanted.permissions)
    same = Definition(now.since, one_line(wanted.label) or "", permissions, wanted.needs_document)
    return (defined.service, now) == (wanted.service, same)


# Messages


def maildir(path: Path, settings: Settings = DEFAULTS) -> Transport:
    """The ``Transport`` that puts messages into a Maildir, made if there is none."""
    composer = _composer(settings)
    from habilitation.adapters.mail import MaildirTransport

    return MaildirTransport(path, composer)


def smtp(server: str, settings: Settings = DEFAULTS, user: str | None = None, password: str = "") -> Transport:
    """The ``Transport`` that hands messages to ``host:port``: encrypted, unless it is this very machine."""
    composer = _composer(settings)
    from habilitation.adapters.mail import SmtpSettings, SmtpTransport

    host, port = _host_and_port(server)
    with naming(server):
        return SmtpTransport(SmtpSettings(host, port, _security(host, port), user, password), composer)


def _composer(settings: Settings) -> Composer:
    with needing("mail", "Writing mail"):
        from habilitation.adapters.mail import Composer
    with naming("sender"):
        texts = _operator_texts(settings)
        composer = Composer(
            settings.sender,
            settings.clock,
            texts,
            settings.language,
            settings.portal,
            settings.address,
            settings.operator,
            settings.document,
        )
    with naming("link"):
        return evolve(composer, link=settings.link)


def _host_and_port(server: str) -> tuple[str, int]:
    with suppress(ValueError):
        parts = urlsplit(f"//{server}")
        if parts.hostname and parts.port and parts.netloc == server and parts.username is None:
            return parts.hostname, parts.port
    raise SetupRefused(server or "smtp", "a mail server is named as host:port")


def _security(host: str, port: int) -> Security:
    from habilitation.adapters.mail import Security

    if host in ("localhost", "127.0.0.1", "::1"):
        return Security.NONE
    return Security.TLS if port == SMTPS else Security.STARTTLS


def read_letters(path: Path) -> list[ReceivedLetter]:
    """The messages of a Maildir, oldest first; one that holds other mail is refused."""
    from habilitation.adapters.mail import read_letters

    with naming(path):
        return read_letters(path)


# Letters and documents


def _by_address(mail: Transport, settings: Settings) -> Transport:
    """What goes by post is put into the folder of letters, if there is one (R4)."""
    if settings.letters is None:
        return mail
    set_by = typesetter(settings)
    from habilitation.adapters.letters import ByAddress, LetterSpool

    return ByAddress(mail, LetterSpool(settings.letters, set_by))


def typesetter(settings: Settings = DEFAULTS) -> Typesetter:
    """What makes PDF files of letters and of supporting documents (R4, R26)."""
    with needing("letters", "Setting letters and documents"):
        from habilitation.adapters.letters import Typesetter
    with naming("letterhead"):
        return Typesetter(
            settings.clock,
            _operator_texts(settings),
            settings.language,
            settings.portal,
            settings.address,
            settings.operator,
            settings.document,
            settings.letterhead,
            settings.link,
            spoken,
        )


# For whoever shows and reads


def texts(language: str) -> Texts:
    """What people read in ``fr`` or ``en``, by the domain's codes."""
    with naming("language"):
        return Texts.in_language(language)


def spoken(phone: PhoneNumber) -> str:
    """The number in groups, as people write it."""
    from habilitation.adapters.contact import for_people

    return for_people(phone)


@contextmanager
def needing(extra: str, part: str) -> Iterator[None]:
    """Name the extra that the part needs, if it is not there."""
    try:
        yield
    except ModuleNotFoundError as error:
        if error.name and error.name.partition(".")[0] == "habilitation":
            raise
        raise ExtraMissing(part, extra) from None
