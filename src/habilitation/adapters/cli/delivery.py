"""``habilitation deliver``, and ``habilitation outbox``: what it may leave behind, messages that were given up."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import click
from attrs import asdict, evolve

from habilitation.adapters.assembly import Settings, maildir, read_file, smtp
from habilitation.adapters.cli.asking import Asked, asking, console, print_json
from habilitation.adapters.cli.finding import every
from habilitation.adapters.cli.refusals import UNSOUND, ArgumentRefused
from habilitation.adapters.cli.speech import Speech
from habilitation.adapters.cli.stopping import stoppable
from habilitation.application import Habilitation
from habilitation.domain.actors import Actor, OperatorAgent
from habilitation.domain.requests import DeadLetterSearch
from habilitation.domain.values import MessageId, OrganizationId
from habilitation.ports.outbox import Delivery
from habilitation.ports.transport import Transport
from habilitation.use_cases.delivery import Tally
from habilitation.use_cases.directory import LARGEST_PAGE
from habilitation.use_cases.postman import Postman


@click.command()
@asking
@click.option("--smtp", "server", metavar="HOST:PORT", help="Hand messages to this server.")
@click.option("--smtp-user", "user", metavar="NAME", help="Its password stands in HABILITATION_SMTP_PASSWORD.")
@click.option("--maildir", "folder", metavar="FOLDER", type=click.Path(path_type=Path), help="Put messages there.")
@click.option(
    "--letters", metavar="FOLDER", type=click.Path(path_type=Path), help="Put letters to be printed and posted there."
)
@click.option("--settings", "file", metavar="FILE", type=click.Path(path_type=Path), help="Settings (TOML).")
@click.option("--watch", is_flag=True, help="Go on until stopped, with the signal TERM or Ctrl+C.")
@click.option(
    "--every", "seconds", metavar="SECONDS", type=click.IntRange(1), default=5, show_default=True, help="With --watch."
)
@click.pass_context
def deliver(
    context: click.Context,
    asked: Asked,
    server: str | None,
    user: str | None,
    folder: Path | None,
    letters: Path | None,
    file: Path | None,
    watch: bool,
    seconds: int,
) -> None:
    """Try every message that is due, once, and print what became of them; exit with 1 if any is given up.

    With --watch, go on, and print what became of some as often as there are any: several may be at work at once, each
    message is one's. A message that is being sent when it is stopped is sent first.
    """
    settings = read_file(file, Settings) if file else Settings(language=asked.language)
    settings = evolve(settings, letters=letters or settings.letters)
    transport = _transport(asked.speech, settings, server, user, folder)
    with asked.portal(transport, settings) as portal:
        agent = asked.operator(portal)
        if watch:
            _go_on(asked, portal, timedelta(seconds=seconds))
        else:
            context.exit(_deliver_once(asked, portal, agent))


def _go_on(asked: Asked, portal: Habilitation, pause: timedelta) -> None:
    if asked.organization:
        raise ArgumentRefused(asked.speech.say("watching-all"))
    with stoppable() as stop:
        if not asked.as_json:
            print(asked.speech.say("watching"), flush=True)
        Postman(portal.deliver_notifications, stop, pause, partial(_print_round, asked)).run()


def _print_round(asked: Asked, tally: Tally) -> None:
    """A line each, at once: whoever keeps what is printed reads it as it comes."""
    line = json.dumps(asdict(tally)) if asked.as_json else asked.speech.say("tally", **asdict(tally))
    print(line, flush=True)


def _deliver_once(asked: Asked, portal: Habilitation, agent: OperatorAgent) -> int:
    organization = asked.organization_of(portal, agent) if asked.organization else None
    tally = portal.deliver_notifications(organization)
    dead = _dead_letters(portal, organization, agent)
    if asked.as_json:
        print_json(asdict(tally) | {"dead_letters": [_as_data(delivery) for delivery in dead]})
    else:
        console().print(asked.speech.say("tally", **asdict(tally)))
        _print_dead(dead, asked.speech)
    return UNSOUND if tally.dead else 0


def _transport(
    speech: Speech, settings: Settings, server: str | None, user: str | None, folder: Path | None
) -> Transport:
    if server is not None and folder is not None:
        raise ArgumentRefused(speech.say("two-transports"))
    if server is not None:
        return smtp(server, settings, user, os.environ.get("HABILITATION_SMTP_PASSWORD", ""))
    if folder is not None:
        return maildir(folder, settings)
    raise ArgumentRefused(speech.say("no-transport"))


@click.group(no_args_is_help=False)
def outbox() -> None:
    """See the messages that were given up, or have them tried again."""


@outbox.command("list")
@asking
def list_(asked: Asked) -> None:
    """Print the messages that were given up, oldest first, and why; of one organization, if named."""
    with asked.portal() as portal:
        actor = asked.actor(portal)
        organization = asked.organization_of(portal, actor) if asked.organization else None
        dead = _dead_letters(portal, organization, actor)
    if asked.as_json:
        print_json([_as_data(delivery) for delivery in dead])
    elif dead:
        _print_dead(dead, asked.speech)
    else:
        console().print(asked.speech.say("no-dead-letters"))


@outbox.command()
@asking
@click.argument("messages", metavar="MESSAGE...", nargs=-1)
@click.option("--all", "every_one", is_flag=True, help="All that were given up; of one organization, if named.")
def retry(asked: Asked, messages: tuple[str, ...], every_one: bool) -> None:
    """Have messages that were given up tried again, from the beginning, at the next delivery."""
    if bool(messages) == every_one:
        raise ArgumentRefused(asked.speech.say("which-messages"))
    with asked.portal() as portal:
        actor = asked.actor(portal)
        organization = asked.organization_of(portal, actor) if asked.organization else None
        dead = _dead_letters(portal, organization, actor) if every_one else []
        wanted = [*map(MessageId, messages), *(delivery.message.id for delivery in dead)]
        again = [portal.retry_delivery(message, by=actor) for message in wanted]
    if asked.as_json:
        print_json([_as_data(delivery) for delivery in again])
        return
    for delivery in again:
        console().print(asked.speech.say("retried", id=delivery.message.id))
    if not again:
        console().print(asked.speech.say("no-dead-letters"))


def _dead_letters(portal: Habilitation, organization: OrganizationId | None, actor: Actor) -> list[Delivery]:
    return list(every(portal.list_dead_letters, DeadLetterSearch(organization, size=LARGEST_PAGE), actor))


def _print_dead(dead: Sequence[Delivery], speech: Speech) -> None:
    for delivery in dead:
        kind = speech.words.message(delivery.message.notice.kind)
        line = speech.say("dead-letter", message=kind, problem=delivery.problem, id=delivery.message.id)
        console().print(line, soft_wrap=True)


def _as_data(delivery: Delivery) -> dict[str, Any]:
    message = delivery.message
    return {
        "message": message.id,
        "organization": message.organization,
        "kind": message.notice.kind.value,
        "state": delivery.state.value,
        "attempts": delivery.attempts,
        "problem": delivery.problem,
    }
