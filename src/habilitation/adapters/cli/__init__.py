"""The command ``habilitation``: to run a portal, look into its database, send its messages, see both guides played."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command with this process's arguments, and end with its exit status."""
    try:
        from habilitation.adapters.cli.command import run
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in ("click", "rich"):
            raise
        sys.exit("The command line needs more packages: install habilitation[cli].")
    sys.exit(run(sys.argv[1:]))
