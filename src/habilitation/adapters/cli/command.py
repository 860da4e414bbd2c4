"""The command and its parts; and how it ends: one sentence and an exit status, never a traceback."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import click

from habilitation.adapters.cli.access import as_of, explain
from habilitation.adapters.cli.database import database
from habilitation.adapters.cli.delivery import deliver, outbox
from habilitation.adapters.cli.demonstration import demo
from habilitation.adapters.cli.history import history
from habilitation.adapters.cli.journal import journal
from habilitation.adapters.cli.overseeing import COMMANDS
from habilitation.adapters.cli.refusals import EXIT_STATUS
from habilitation.adapters.cli.serving import openapi, serve
from habilitation.adapters.cli.speech import LANGUAGES, Speech
from habilitation.adapters.cli.users import users
from habilitation.domain.refusals import Kind, Refusal

INTERRUPTED = 130
"""What a shell says of whoever was stopped from the keyboard."""
NOBODY_READS = 141
"""What a shell says of whoever wrote to a closed pipe: neither done, nor a check that failed."""

EPILOG = "Exit status: 0 done; 1 a check failed; 2 a wrong argument or value; " + "; ".join(
    f"{status} {kind.value}" for kind, status in EXIT_STATUS.items() if kind is not Kind.INVALID
)
EPILOG += f"; {INTERRUPTED} interrupted; {NOBODY_READS} nobody read what was printed"


@click.group(epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="habilitation")
def habilitation() -> None:
    """Delegated administration for portals: run one, look into its database, send its messages, see guides played."""


for command in (
    demo,
    serve,
    openapi,
    users,
    history,
    explain,
    as_of,
    journal,
    database,
    deliver,
    outbox,
    *COMMANDS,
):
    habilitation.add_command(command)


def run(arguments: Sequence[str]) -> int:
    """Do what the arguments ask, and give the exit status; whatever is refused is one sentence on stderr."""
    _make_writable()
    try:
        return _ended(arguments)
    except (BrokenPipeError, SystemExit):  # click and rich make the one into the other
        _write_no_more()
        return NOBODY_READS


def _make_writable() -> None:
    """A stream that the caller closed is there for nobody; a terminal that lacks a character shows another."""
    sys.stdout = sys.stdout or Path(os.devnull).open("w")  # noqa: SIM115 (open as long as the process)
    sys.stderr = sys.stderr or Path(os.devnull).open("w")  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def _write_no_more() -> None:
    """Python flushes what is left as it ends, and would complain once more."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in filter(None, (sys.__stdout__, sys.__stderr__)):
        try:
            stream.flush()
        except OSError:
            os.dup2(nowhere, stream.fileno())


def _ended(arguments: Sequence[str]) -> int:
    try:
        status = int(habilitation.main(list(arguments) or ["--help"], "habilitation", standalone_mode=False) or 0)
        sys.stdout.flush()  # now, while it can still be said that it failed
        return status
    except Refusal as refusal:
        _tell(_language(arguments), refusal, "--json" in arguments)
        return EXIT_STATUS[refusal.kind]
    except click.UsageError as error:
        command = error.ctx.command_path if error.ctx else "habilitation"
        print(f"{error.format_message()} ({command} --help)", file=sys.stderr)
        return EXIT_STATUS[Kind.INVALID]
    except BrokenPipeError:
        raise
    except OSError as error:
        print(f"{error.strerror or error}: {error.filename}" if error.filename else str(error), file=sys.stderr)
        return EXIT_STATUS[Kind.UNAVAILABLE]
    except (click.Abort, KeyboardInterrupt):
        return INTERRUPTED


def _tell(language: str, refusal: Refusal, as_json: bool) -> None:
    sentence = Speech.in_language(language).refusal(refusal)
    if as_json:
        said = {"code": refusal.code, "kind": refusal.kind.value, "message": sentence}
        sentence = json.dumps(said, ensure_ascii=False)
    print(sentence, file=sys.stderr)


def _language(arguments: Sequence[str]) -> str:
    """The language asked for, wherever the command stopped reading."""
    asked = [given for option, given in pairwise(arguments) if option == "--lang"]
    asked += [given.removeprefix("--lang=") for given in arguments if given.startswith("--lang=")]
    asked.append(os.environ.get("HABILITATION_LANG", "fr"))
    return asked[0] if asked[0] in LANGUAGES else "fr"
