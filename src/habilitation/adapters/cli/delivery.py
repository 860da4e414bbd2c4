"""``habilitation deliver`` and what it may leave behind: messages that were given up, to be tried again."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
from attrs import asdict, evolve

from habilitation.adapters.assembly import Settings, maildir, read_file, smtp
from habilitation.adapters.cli.asking import Asked, asking, console, print_json
from habilitation.adapters.cli.refusals import UNSOUND, ArgumentRefused
from habilitation.adapters.cli.speech import Speech
from habilitation.domain.requests import DeadLetterSearch
from habilitation.domain.values import MessageId
from habilitation.ports.outbox import Delivery
from habilitation.ports.transport import Transport


@click.command()
@asking
@click.option("--smtp", "server", metavar="HOST:PORT", help="Hand messages to this server.")
@click.option("--smtp-user", "user", metavar="NAME", help="Its password stands in HABILITATION_SMTP_PASSWORD.")
@click.option("--maildir", "folder", metavar="FOLDER", type=click.Path(path_type=Path), help="Put messages there.")
@click.option(
    "--letters", metavar="FOLDER", type=click.Path(path_type=Path), help="Put letters to be printed and posted there."
)
@click.option("--settings", "file", metavar="FILE", type=click.Path(path_type=Path), help="Settings (TOML).")
@click.pass_context
def deliver(
    context: click.Context,
    asked: Asked,
    server: str | None,
    user: str | None,
    folder: Path | None,
    letters: Path | None,
    file: Path | None,
) -> None:
    """Try every message that is due, once, and print what became of them; exit with 1 if any is given up."""
    settings = read_file(file, Settings) if file else Settings(language=asked.language)
    settings = evolve(settings, letters=letters or settings.letters)
    transport = _transport(asked.speech, settings, server, user, folder)
    with asked.portal(transport, settings) as portal:
        agent = asked.operator(portal)
        organization = asked.organization_of(portal, agent) if asked.organization else None
        tally = portal.deliver_notifications(organization)
        dead = portal.list_dead_letters(DeadLetterSearch(organization), by=agent)
    if asked.as_json:
        print_json(asdict(tally) | {"dead_letters": [_as_data(delivery) for delivery in dead]})
    else:
        console().print(asked.speech.say("tally", **asdict(tally)))
        _print_dead(dead, asked.speech)
    context.exit(UNSOUND if tally.dead else 0)


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


@click.command("dead-letters")
@asking
def dead_letters(asked: Asked) -> None:
    """Print the messages that were given up, and why."""
    with asked.portal() as portal:
        actor = asked.actor(portal)
        organization = asked.organization_of(portal, actor) if asked.organization else None
        dead = portal.list_dead_letters(DeadLetterSearch(organization), by=actor)
    if asked.as_json:
        print_json([_as_data(delivery) for delivery in dead])
    elif dead:
        _print_dead(dead, asked.speech)
    else:
        console().print(asked.speech.say("no-dead-letters"))


@click.command()
@asking
@click.argument("message")
def retry(asked: Asked, message: str) -> None:
    """Have a message that was given up tried again, by its id, at the next delivery."""
    with asked.portal() as portal:
        delivery = portal.retry_delivery(MessageId(message), by=asked.actor(portal))
    if asked.as_json:
        print_json(_as_data(delivery))
    else:
        console().print(asked.speech.say("retried", id=message))


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
