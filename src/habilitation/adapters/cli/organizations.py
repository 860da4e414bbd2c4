"""``habilitation organization list`` and ``show``: which organizations there are, and in whose hands (R36)."""

from __future__ import annotations

from typing import Any

import click

from habilitation.adapters.cli.asking import Asked, console, operating, print_json
from habilitation.adapters.cli.finding import known_organizations, organization_named
from habilitation.adapters.cli.speech import Speech
from habilitation.adapters.cli.tables import plain_table
from habilitation.domain.organization import OrganizationState
from habilitation.domain.requests import OrganizationQuestion
from habilitation.use_cases.views import OrganizationView


@click.command("list")
@operating
@click.option("--state", type=click.Choice([state.value for state in OrganizationState]), help="Only those.")
def list_organizations(asked: Asked, state: str | None) -> None:
    """Print the organizations, in the order of their opening."""
    with asked.portal() as portal:
        known = known_organizations(portal, asked.operator(portal))
    found = [each for each in known if state in (None, each.state.value)]
    if asked.as_json:
        print_json([_as_data(each) for each in found])
        return
    speech = asked.speech
    labels = (speech.words.label(name) for name in ("siret", "name", "state"))
    table = plain_table(*labels, speech.say("seat"), speech.say("id"))
    for each in found:
        table.add_row(each.siret.digits, each.name, _standing(each, speech), speech.words.seat(each.seat), each.id)
    console().print(table)


@click.command("show")
@operating
@click.argument("organization", metavar="ORGANIZATION")
def show_organization(asked: Asked, organization: str) -> None:
    """Print one organization, found by its SIRET, id or name."""
    with asked.portal() as portal:
        agent = asked.operator(portal)
        id = organization_named(portal, organization, agent)
        found = portal.show_organization(OrganizationQuestion(id), by=agent)
    if asked.as_json:
        print_json(_as_data(found))
        return
    speech = asked.speech
    for label, value in (
        (speech.words.label("name"), found.name),
        (speech.words.label("siret"), found.siret.digits),
        (speech.words.label("state"), _standing(found, speech)),
        (speech.say("seat"), speech.words.seat(found.seat)),
        (speech.words.label("contact"), found.contact.text if found.contact else ""),
        (speech.words.label("postal"), ", ".join(found.postal.lines) if found.postal else ""),
        (speech.say("id"), found.id),
    ):
        console().print(speech.say("line", label=label, value=value), soft_wrap=True)


def _standing(organization: OrganizationView, speech: Speech) -> str:
    """Its state, and whose hands it is in if not its own."""
    state = speech.words.organization(organization.state)
    return f"{state}, {speech.say('control-taken')}" if organization.control.value == "taken" else state


def _as_data(organization: OrganizationView) -> dict[str, Any]:
    return {
        "id": organization.id,
        "siret": organization.siret.digits,
        "name": organization.name,
        "state": organization.state.value,
        "control": organization.control.value,
        "seat": organization.seat.value,
        "contact": organization.contact.text if organization.contact else None,
        "postal": list(organization.postal.lines) if organization.postal else None,
    }
