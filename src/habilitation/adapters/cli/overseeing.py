"""``habilitation organization``, ``agreement``, ``catalog``, ``user``, ``security-log``: the operator's commands."""

from __future__ import annotations

import click

from habilitation.adapters.cli import acting
from habilitation.adapters.cli.agreements import list_agreements
from habilitation.adapters.cli.catalog import show_catalog
from habilitation.adapters.cli.operator_acts import ACTS
from habilitation.adapters.cli.organizations import list_organizations, show_organization
from habilitation.adapters.cli.security import prune, show_log
from habilitation.adapters.cli.waiting import waiting


def _group(name: str, help: str, *readings: click.Command) -> click.Group:
    acts = acting.commands(name) if name in ACTS else []
    return click.Group(name, {str(each.name): each for each in (*readings, *acts)}, help=help, no_args_is_help=False)


GROUPS = (
    _group(
        "organization", "Open, suspend, take in hand and close organizations.", list_organizations, show_organization
    ),
    _group("agreement", "Open, change, suspend and end agreements, and the groups under them.", list_agreements),
    _group("catalog", "Define, change and retire services and access groups.", show_catalog),
    _group("user", "Suspend, unlock and erase users; assign the roles that wait.", waiting),
    _group("security-log", "Read the security log, and take away what is too old.", show_log, prune),
)
COMMANDS = (*GROUPS, *acting.commands(""))
