"""``habilitation database``: bringing a database up to date, and whether it is as it should be."""

from __future__ import annotations

import click
from attrs import asdict

from habilitation.adapters.assembly import check_database, upgrade_database
from habilitation.adapters.cli.asking import (
    console,
    database_option,
    json_option,
    language_option,
    print_json,
    require_there,
)
from habilitation.adapters.cli.refusals import UNSOUND
from habilitation.adapters.cli.speech import Speech


@click.group(no_args_is_help=False)
def database() -> None:
    """Bring a database up to date, or see whether it is."""


@database.command()
@database_option
@language_option
@json_option
def upgrade(database: str, language: str, as_json: bool) -> None:
    """Bring the database up to this version, in one transaction: all of it, or nothing.

    On PostgreSQL it makes the tables where there are none, and leaves alone what else is in the database. Copy what
    you would miss first: an earlier version of the library does not open it afterwards.
    """
    require_there(database)
    done = upgrade_database(database)
    if as_json:
        print_json(asdict(done))
    else:
        sentence = "upgraded-already" if done.before == done.after else "upgraded" if done.before else "made"
        console().print(Speech.in_language(language).say(sentence, **asdict(done)))


@database.command()
@database_option
@language_option
@json_option
@click.pass_context
def check(context: click.Context, database: str, language: str, as_json: bool) -> None:
    """Print the database's revision, and whether its tables are as they should be; exit with 1 if not."""
    require_there(database)
    found, speech = check_database(database), Speech.in_language(language)
    if as_json:
        print_json(asdict(found) | {"sound": found.is_sound})
    else:
        said = "not-made" if found.revision is None else "up-to-date" if found.revision == found.wanted else "outdated"
        console().print(speech.say(said, revision=found.revision, wanted=found.wanted))
        for difference in found.differences:
            console().print(speech.say(f"table-{difference.kind}", what=difference.what))
    context.exit(0 if found.is_sound else UNSOUND)
