"""``habilitation serve``: the portal and its API, for real; ``habilitation openapi``: what that API offers."""

from __future__ import annotations

import json
from pathlib import Path

import click

from habilitation.adapters.assembly import IN_MEMORY, needing, open_database
from habilitation.adapters.cli.asking import console, language_option
from habilitation.adapters.cli.speech import Speech


@click.command()
@click.option(
    "--settings",
    "file",
    envvar="HABILITATION_SETTINGS",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Settings (TOML); each can be given in the environment too: HABILITATION_DATABASE, HABILITATION_PORT …",
)
@language_option
def serve(file: Path | None, language: str) -> None:
    """Serve the portal's pages and its API, until stopped."""
    with needing("web", "Serving pages"):
        from habilitation.adapters.asgi import service, serving
    said = service.load(file)
    console().print(Speech.in_language(language).say("serving", address=f"http://{said.host}:{said.port}"))
    serving.run(said, file)


@click.command()
def openapi() -> None:
    """Print what the API offers, as OpenAPI 3.1: clients are generated from it."""
    with needing("web", "Describing the API"):
        from habilitation.adapters.asgi.api import api
    document = api(open_database(IN_MEMORY)).openapi()
    click.echo(json.dumps(document, indent=1))
