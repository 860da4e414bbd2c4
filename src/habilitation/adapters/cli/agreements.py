"""``habilitation agreement list``: an organization's agreements and the groups that they open (R2, R37)."""

from __future__ import annotations

from typing import Any

import click

from habilitation.adapters.cli.asking import Asked, console, operating, organization_option, print_json
from habilitation.adapters.cli.finding import organization_named
from habilitation.adapters.cli.speech import Speech
from habilitation.adapters.cli.tables import plain_table
from habilitation.domain.organization import GroupState
from habilitation.domain.requests import OrganizationQuestion
from habilitation.use_cases.views import AgreementView, GroupView


@click.command("list")
@operating
@organization_option
def list_agreements(asked: Asked, organization: str | None) -> None:
    """Print an organization's agreements, with their groups."""
    with asked.portal() as portal:
        agent = asked.operator(portal)
        named = organization_named(portal, organization, agent)
        found = portal.list_agreements(OrganizationQuestion(named), by=agent)
    if asked.as_json:
        print_json([_as_data(each) for each in found])
        return
    speech, labels = asked.speech, asked.speech.words.label
    table = plain_table(
        labels("reference"), labels("name"), labels("state"), labels("opening"), labels("closing"), labels("groups")
    )
    for each in found:
        days = (speech.day(each.opening), speech.day(each.closing))
        groups = speech.listed(_spoken(group, speech) for group in each.groups)
        table.add_row(each.reference, each.name, speech.words.agreement(each.state), *days, groups)
    console().print(table)


def _spoken(group: GroupView, speech: Speech) -> str:
    if group.state is GroupState.OPEN:
        return group.code
    return f"{group.code} ({speech.words.group(group.state).lower()})"


def _as_data(agreement: AgreementView) -> dict[str, Any]:
    return {
        "id": agreement.id,
        "reference": agreement.reference,
        "name": agreement.name,
        "state": agreement.state.value,
        "opening": agreement.opening.isoformat(),
        "closing": agreement.closing.isoformat() if agreement.closing else None,
        "services": list(agreement.services),
        "groups": {group.code: group.state.value for group in agreement.groups},
    }
