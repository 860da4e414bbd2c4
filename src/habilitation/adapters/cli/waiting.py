"""``habilitation user waiting``: the memberships that wait for the operator's role assignment (R26)."""

from __future__ import annotations

import click

from habilitation.adapters.cli.asking import Asked, console, operating, organization_option, print_json
from habilitation.adapters.cli.finding import every, organization_named
from habilitation.adapters.cli.tables import full_name, plain_table
from habilitation.adapters.cli.telling import Names
from habilitation.domain.requests import WaitingSearch
from habilitation.use_cases.directory import LARGEST_PAGE


@click.command()
@operating
@organization_option
def waiting(asked: Asked, organization: str | None) -> None:
    """Print the memberships of an organization that wait for a role assignment, each with its number."""
    with asked.portal() as portal:
        agent = asked.operator(portal)
        named = organization_named(portal, organization, agent)
        found = list(every(portal.list_waiting_roles, WaitingSearch(named, size=LARGEST_PAGE), agent))
        names = Names(portal, named, agent, asked.speech)
        rows = [
            {
                "user": role.user.id,
                "login": role.user.login.text if role.user.login else None,
                "name": full_name(role.user),
                "membership": role.membership.number,
                "agreement": names.agreement(role.membership.place.agreement),
                "group": role.membership.place.group,
            }
            for role in found
        ]
    if asked.as_json:
        print_json(rows)
        return
    labels = asked.speech.words.label
    table = plain_table(labels("login"), labels("user"), labels("membership"), labels("agreement"), labels("group"))
    for row in rows:
        shown = (row["login"], row["name"], row["membership"], row["agreement"], row["group"])
        table.add_row(*(str(cell or "") for cell in shown))
    console().print(table if rows else asked.speech.say("no-one-waits"))
