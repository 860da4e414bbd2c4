"""``habilitation security-log``: sign-ins, refused acts and readings, newest first (R43)."""

from __future__ import annotations

from itertools import islice
from typing import Any

import click

from habilitation.adapters.cli.acting import confirm, yes_option
from habilitation.adapters.cli.asking import Asked, console, operating, print_json
from habilitation.adapters.cli.finding import every, organization_named, user_named
from habilitation.adapters.cli.tables import plain_table
from habilitation.domain.actors import Asking, Author, Member
from habilitation.domain.requests import SecurityQuestion
from habilitation.domain.security import LineKind, SecurityFact, SecurityLine, organization_of
from habilitation.use_cases.directory import LARGEST_PAGE


@click.command("show")
@operating
@click.option("--organization", metavar="WHICH", help="Only lines about that organization: its SIRET, id or name.")
@click.option("--user", metavar="USER", help="Only lines by or about that user: a login, or an id.")
@click.option("--kind", type=click.Choice([kind.value for kind in LineKind]), help="Only lines of that kind.")
@click.option("--last", type=click.IntRange(1), default=100, show_default=True, help="How many lines at most.")
def show_log(asked: Asked, organization: str | None, user: str | None, kind: str | None, last: int) -> None:
    """Print the lines of the security log, the newest first: ids and codes, no names."""
    with asked.portal() as portal:
        agent = asked.operator(portal)
        named = organization_named(portal, organization, agent) if organization else None
        about = user_named(portal, user) if user else None
        size = min(last, LARGEST_PAGE)
        wanted = SecurityQuestion(named, about, LineKind(kind) if kind else None, size=size)
        lines = list(islice(every(portal.security_log, wanted, agent), last))
        zone = portal.ports.clock.zone
    if asked.as_json:
        print_json([_as_data(line) for line in lines])
        return
    speech, labels = asked.speech, asked.speech.words.label
    table = plain_table(labels("at"), labels("kind"), labels("by"), labels("users"), speech.say("detail"))
    for line in lines:
        fact = line.fact
        detail = "; ".join(filter(None, (fact.act, fact.refusal, fact.purpose, fact.source)))
        kind_said = speech.own["lines"][fact.kind.value]
        row = (speech.instant(line.at, zone), kind_said, _actor(fact.actor) or "", ", ".join(_people(fact)))
        table.add_row(*row, detail)
    console().print(table if lines else speech.say("no-line"))


@click.command()
@operating
def prune(asked: Asked, yes: bool) -> None:
    """Take away the lines that are older than the setting `security_log` of the limits."""
    with asked.portal() as portal:
        agent = asked.operator(portal)
        if not yes:
            confirm(asked.speech, asked.speech.say("prune-confirm"))
        gone = portal.prune_security_log(by=agent)
    if asked.as_json:
        print_json({"command": "security-log prune", "lines": gone})
    else:
        console().print(asked.speech.say("pruned", lines=gone))


prune.params.append(yes_option)


def _as_data(line: SecurityLine) -> dict[str, Any]:
    fact = line.fact
    return {
        "id": line.id,
        "at": line.at.isoformat(),
        "kind": fact.kind.value,
        "organization": fact.organization,
        "by": _actor(fact.actor),
        "users": _people(fact),
        "organizations": sorted({organization_of(each) for each in fact.elsewhere}),
        "act": fact.act,
        "refusal": fact.refusal,
        "purpose": fact.purpose,
        "source": fact.source,
    }


def _people(fact: SecurityFact) -> list[str]:
    """The users whom it is about, whatever organizations they are of."""
    return sorted({*fact.subjects, *(each.user for each in fact.elsewhere if isinstance(each, Member))})


def _actor(actor: Author | Asking | None) -> str | None:
    match actor:
        case None:
            return None
        case Member(_, user):
            return f"user:{user}"
        case Asking(service):
            return f"service:{service}"
    return f"operator:{actor.agent}"
