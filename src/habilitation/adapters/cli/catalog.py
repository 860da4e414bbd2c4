"""``habilitation catalog show``: the services and their access groups as they are now (R3)."""

from __future__ import annotations

import click

from habilitation.adapters.cli.asking import Asked, console, operating, print_json
from habilitation.adapters.cli.results import group_as_data, service_as_data
from habilitation.adapters.cli.speech import Speech
from habilitation.adapters.cli.tables import plain_table
from habilitation.domain.catalog import Catalog


@click.command("show")
@operating
def show_catalog(asked: Asked) -> None:
    """Print the services and their access groups."""
    with asked.portal() as portal:
        catalog = portal.show_catalog(by=asked.operator(portal))
    if asked.as_json:
        services, groups = catalog.services.values(), catalog.groups.values()
        print_json({"services": [*map(service_as_data, services)], "groups": [*map(group_as_data, groups)]})
    else:
        _print(catalog, asked.speech)


def _print(catalog: Catalog, speech: Speech) -> None:
    labels = speech.words.label
    table = plain_table(labels("service"), labels("code"), labels("label"), labels("permissions"), labels("document"))
    for group in sorted(catalog.groups.values(), key=lambda group: (group.service, group.code)):
        now = group.now
        gives = speech.say("retired") if now.retired else ", ".join(sorted(now.permissions))
        document = speech.say("demanded") if now.needs_document and not now.retired else ""
        table.add_row(catalog.services[group.service].label, group.code, now.label, gives, document)
    for service in catalog.services.values():
        if all(group.service != service.code for group in catalog.groups.values()):
            table.add_row(service.label, "", speech.say("no-group"), "", "")
    console().print(table if catalog.services else speech.say("no-catalog"))
