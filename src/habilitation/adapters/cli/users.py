"""``habilitation users``: the table of users, as whoever asks may see it."""

from __future__ import annotations

import click

from habilitation.adapters.cli.asking import Asked, asking, console, print_json
from habilitation.adapters.cli.finding import every, name_of
from habilitation.adapters.cli.prose import Prose
from habilitation.adapters.cli.tables import legend, user_as_data, users_table, who_leads
from habilitation.domain.requests import UserSearch
from habilitation.domain.user import Status
from habilitation.use_cases.directory import LARGEST_PAGE
from habilitation.use_cases.views import UserView


@click.command()
@asking
@click.option("--status", type=click.Choice([status.value for status in Status]), help="Only users of this status.")
@click.option("--search", "text", default="", help="Only users whose name, e-mail or login begins so.")
def users(asked: Asked, status: str | None, text: str) -> None:
    """Print an organization's users, and what whoever asks may do with each."""
    with asked.portal() as portal:
        actor = asked.actor(portal)
        organization = asked.organization_of(portal, actor)
        wanted = UserSearch(organization, None, Status(status) if status else None, text, size=LARGEST_PAGE)
        found = list(every(portal.list_users, wanted, actor))
        if asked.as_json:
            print_json([user_as_data(user) for user in found])
        else:
            _print(asked, name_of(portal, organization, actor), found)


def _print(asked: Asked, organization: str, found: list[UserView]) -> None:
    out, speech = console(), asked.speech
    out.print(speech.say("users-of", organization=organization), style="bold")
    if not found:
        out.print(speech.say("no-users"))
        return
    out.print(users_table(found, speech, out.width))
    for line in [*legend(found, speech), *who_leads(found, speech)]:
        out.print(Prose(line))
