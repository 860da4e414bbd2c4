"""Which database, who is asking, about which organization, in which language: what every command is told."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any

import click
from attrs import frozen
from rich.console import Console

from habilitation.adapters.assembly import DEFAULTS, Settings, open_database
from habilitation.adapters.cli.refusals import (
    ArgumentRefused,
    DatabaseMissing,
    OperatorOnly,
    OrganizationAmbiguous,
    OrganizationNotNamed,
    OrganizationsMissing,
)
from habilitation.adapters.cli.speech import LANGUAGES, Speech
from habilitation.application import Habilitation
from habilitation.domain.actors import Member, OperatorAgent
from habilitation.domain.refusals import (
    DatabaseForeign,
    LoginMalformed,
    OrganizationUnknown,
    SiretMalformed,
    SiretRefused,
)
from habilitation.domain.values import Login, OrganizationId, Particulars, Siret, UserId, code
from habilitation.ports.transport import Transport

WIDE = 200
"""Columns of what is printed to no terminal: whoever filters lines wants each row on one."""


@frozen
class Asked:
    """What the options common to all commands said."""

    database: str
    who: str
    organization: str | None
    language: str
    as_json: bool

    @property
    def speech(self) -> Speech:
        return Speech.in_language(self.language)

    @contextmanager
    def portal(self, transport: Transport | None = None, settings: Settings = DEFAULTS) -> Iterator[Habilitation]:
        """The portal in the database, which must be there."""
        _require_there(self.database)
        portal = open_database(self.database, transport=transport, settings=settings)
        try:
            yield portal
        finally:
            portal.close()

    def actor(self, portal: Habilitation) -> OperatorAgent | Member:
        """Who is asking; taken at its word, since whoever opens the database could do anything."""
        kind, _, name = self.who.partition(":")
        if kind == "operator" and name:
            return OperatorAgent(code(name, "agent"))
        if kind == "user" and name:
            return self._member(portal, name)
        raise ArgumentRefused(self.speech.say("actor-malformed"))

    def operator(self, portal: Habilitation) -> OperatorAgent:
        """Whoever asks for what is the operator's alone."""
        actor = self.actor(portal)
        if not isinstance(actor, OperatorAgent):
            raise OperatorOnly()
        return actor

    def _member(self, portal: Habilitation, name: str) -> Member:
        credential = portal.ports.store.credentials.by_login(login) if (login := _login(name)) else None
        if credential:
            return Member(credential.organization, credential.user)
        return Member(self._named(portal), UserId(name))

    def organization_of(self, portal: Habilitation, actor: OperatorAgent | Member) -> OrganizationId:
        """The organization that is named; a user's own and the only one go without saying."""
        if self.organization is None and isinstance(actor, Member):
            return actor.organization
        return self._named(portal)

    def _named(self, portal: Habilitation) -> OrganizationId:
        known = known_organizations(portal)
        if self.organization is None:
            if len(known) != 1:
                raise OrganizationNotNamed()
            return known[0]
        if self.organization in known:
            return OrganizationId(self.organization)
        return _found(portal, known, self.organization)


def _require_there(url: str) -> None:
    file = url.removeprefix("sqlite:///")
    if url == "memory:" or (file != url and not Path(file).exists()):
        raise DatabaseMissing(url)
    if file != url and Path(file).is_file() and not Path(file).stat().st_size:
        raise DatabaseForeign("it is empty")  # SQLite would take it for a new one


def known_organizations(portal: Habilitation) -> Sequence[OrganizationId]:
    """All of the database's; whoever asks about none is in the wrong database."""
    known = portal.ports.store.organizations()
    if not known:
        raise OrganizationsMissing()
    return known


def user_named(portal: Habilitation, name: str) -> UserId:
    """A user by login, or else by id."""
    credential = portal.ports.store.credentials.by_login(login) if (login := _login(name)) else None
    return credential.user if credential else UserId(name)


def _login(text: str) -> Login | None:
    try:
        return Login.parse(text)
    except LoginMalformed:
        return None


def _found(portal: Habilitation, known: Sequence[OrganizationId], text: str) -> OrganizationId:
    wanted = readable_siret(text) or text
    found = [id for id in known if wanted in _ways_to_say(particulars_of(portal, id))]
    if len(found) > 1:
        raise OrganizationAmbiguous(text)
    if not found:
        raise OrganizationUnknown()
    return found[0]


def _ways_to_say(particulars: Particulars) -> tuple[Siret | str, ...]:
    return particulars.siret, particulars.name


def readable_siret(text: str) -> Siret | None:
    """The SIRET, if it is one."""
    try:
        return Siret.parse(text)
    except (SiretMalformed, SiretRefused):
        return None


def particulars_of(portal: Habilitation, organization: OrganizationId) -> Particulars:
    """The organization's name and SIRET."""
    with portal.ports.store.reading(organization) as rows:
        return rows.particulars()


def asking(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give the command its common options, as its first argument."""

    @wraps(command)
    def asked(database: str, who: str, organization: str | None, language: str, as_json: bool, **others: Any) -> Any:
        return command(Asked(database, who, organization, language, as_json), **others)

    options = [
        click.option(
            "--database", envvar="HABILITATION_DATABASE", required=True, metavar="URL", help="sqlite:///file."
        ),
        click.option(
            "--as",
            "who",
            envvar="HABILITATION_AS",
            required=True,
            metavar="WHO",
            help="Who is asking: operator:AGENT, or user:LOGIN (or a user's id).",
        ),
        click.option("--organization", metavar="WHICH", help="Its SIRET, id or name; not needed if there is only one."),
        language_option,
        click.option("--json", "as_json", is_flag=True, help="Print JSON, for a program."),
    ]
    for option in reversed(options):
        asked = option(asked)
    return asked


language_option = click.option(
    "--lang", "language", envvar="HABILITATION_LANG", type=click.Choice(LANGUAGES), default="fr", show_default=True
)


def console(elsewhere: int = WIDE, widest: int = WIDE) -> Console:
    """Where everything is printed: as wide as the terminal, within reason, or so many columns where there is none."""
    columns = min(shutil.get_terminal_size().columns, widest) if sys.stdout.isatty() else elsewhere
    return Console(file=sys.stdout, width=columns, markup=False, highlight=False, emoji=False)


def print_json(value: object) -> None:
    """One JSON document, in UTF-8 as it is."""
    print(json.dumps(value, ensure_ascii=False, indent=2))
