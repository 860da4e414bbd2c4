"""``habilitation history``: who did what to whom, when, as far as whoever asks may read it (R36, R40)."""

from __future__ import annotations

import json
from typing import Any

import click

from habilitation.adapters.cli.asking import Asked, asking, console, print_json
from habilitation.adapters.cli.finding import every, name_of, user_named
from habilitation.adapters.cli.tables import plain_table
from habilitation.adapters.cli.telling import Names
from habilitation.adapters.serialization import encode
from habilitation.application import Habilitation
from habilitation.domain.deeds import Deed
from habilitation.domain.journal import Record
from habilitation.domain.requests import HistoryQuestion
from habilitation.use_cases.directory import LARGEST_PAGE


@click.command()
@asking
@click.option("--user", metavar="WHO", help="Only what was done to this user: a login, or an id.")
def history(asked: Asked, user: str | None) -> None:
    """Print an organization's journal: who did what to whom, when, why, and for whom."""
    with asked.portal() as portal:
        actor = asked.actor(portal)
        organization = asked.organization_of(portal, actor)
        about = user_named(portal, user) if user else None
        deeds = list(every(portal.recount, HistoryQuestion(organization, about, size=LARGEST_PAGE), actor))
        if asked.as_json:
            print_json([record_as_data(deed.fact) for deed in deeds])
        else:
            _print(portal, asked, deeds, Names(portal, organization, actor, asked.speech))


def record_as_data(record: Record[Any]) -> dict[str, Any]:
    """The record as the journal has it."""
    data: dict[str, Any] = json.loads(encode(record.sequence, record.at, record.by, record.event))
    return data


def _print(portal: Habilitation, asked: Asked, deeds: list[Deed], names: Names) -> None:
    out, speech, zone = console(), asked.speech, portal.ports.clock.zone
    named = name_of(portal, names.organization, names.reader)
    out.print(speech.say("history-of", organization=named), style="bold")
    names.hear(deeds)
    table = plain_table(speech.say("number"), speech.words.label("at"), speech.say("event"))
    for deed in deeds:
        table.add_row(str(deed.fact.sequence), speech.instant(deed.fact.at, zone), names.told(deed))
    out.print(table)
