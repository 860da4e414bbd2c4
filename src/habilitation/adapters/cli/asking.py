"""Which database, who is asking, about which organization, in which language: what every command is told."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any

import click
from attrs import frozen
from rich.console import Console

from habilitation.adapters.assembly import DEFAULTS, Settings, open_database, read_file
from habilitation.adapters.cli.finding import CLERK, credential_of, is_called, organization_named
from habilitation.adapters.cli.refusals import (
    ArgumentRefused,
    DatabaseMissing,
    OperatorOnly,
)
from habilitation.adapters.cli.speech import LANGUAGES, Speech
from habilitation.application import Habilitation
from habilitation.domain.actors import Member, OperatorAgent
from habilitation.domain.refusals import DatabaseForeign, OrganizationUnknown
from habilitation.domain.requests import OrganizationQuestion
from habilitation.domain.values import OrganizationId, UserId, code
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
    settings: Settings = DEFAULTS

    @property
    def speech(self) -> Speech:
        return Speech.in_language(self.language)

    @contextmanager
    def portal(self, transport: Transport | None = None, settings: Settings | None = None) -> Iterator[Habilitation]:
        """The portal in the database, which must be there."""
        require_there(self.database)
        portal = open_database(self.database, transport=transport, settings=settings or self.settings)
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
        credential = credential_of(portal, name)
        if credential:
            return Member(credential.organization, credential.user)
        return Member(organization_named(portal, self.organization, CLERK), UserId(name))

    def organization_of(self, portal: Habilitation, actor: OperatorAgent | Member) -> OrganizationId:
        """The organization that is named; a user's own goes without saying, and any other is missing to them (R37)."""
        if isinstance(actor, OperatorAgent):
            return organization_named(portal, self.organization, actor)
        own = portal.show_organization(OrganizationQuestion(actor.organization), by=actor)
        if self.organization is not None and not is_called(own, self.organization):
            raise OrganizationUnknown()
        return own.id


def require_there(url: str) -> None:
    """Refuse a file that is not there, or empty: its name was mistyped."""
    file = url.removeprefix("sqlite:///")
    if url == "memory:" or (file != url and not Path(file).exists()):
        raise DatabaseMissing(url)
    if file != url and Path(file).is_file() and not Path(file).stat().st_size:
        raise DatabaseForeign("it is empty")  # SQLite would take it for a new one


def asking(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give the command its common options, as its first argument."""

    @wraps(command)
    def asked(database: str, who: str, organization: str | None, language: str, as_json: bool, **others: Any) -> Any:
        return command(Asked(database, who, organization, language, as_json), **others)

    options = [
        database_option,
        click.option(
            "--as",
            "who",
            envvar="HABILITATION_AS",
            required=True,
            metavar="WHO",
            help="Who is asking: operator:AGENT, or user:LOGIN (or a user's id).",
        ),
        organization_option,
        language_option,
        json_option,
    ]
    for option in reversed(options):
        asked = option(asked)
    return asked


def operating(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command of the operator's alone its common options, as its first argument: the agent is named (R35)."""

    @wraps(command)
    def asked(database: str, agent: str, settings: Path | None, language: str, as_json: bool, **others: Any) -> Any:
        who = f"operator:{code(agent, 'agent')}"
        said = read_file(settings, Settings) if settings else DEFAULTS
        return command(Asked(database, who, others.get("organization"), language, as_json, said), **others)

    for option in (json_option, language_option, settings_option, agent_option, database_option):
        asked = option(asked)
    return asked


database_option = click.option(
    "--database",
    envvar="HABILITATION_DATABASE",
    required=True,
    metavar="URL",
    help="sqlite:///file, or postgresql://user@host/database.",
)
agent_option = click.option(
    "--agent", envvar="HABILITATION_AGENT", required=True, metavar="CODE", help="The operator's agent who acts."
)
settings_option = click.option(
    "--settings",
    "settings",
    envvar="HABILITATION_SETTINGS",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Settings (TOML).",
)
organization_option = click.option(
    "--organization", metavar="WHICH", help="Its SIRET, id or name; not needed if there is only one."
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON, for a program.")
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
