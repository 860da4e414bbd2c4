"""``habilitation demo``: both guides, and four stories that they leave out, played with nothing faked."""

from __future__ import annotations

import shlex
import shutil
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import click
from attrs import frozen

from habilitation.adapters.assembly import IN_MEMORY, Settings, maildir, needing, open_database, smtp
from habilitation.adapters.cli.addresses import printable
from habilitation.adapters.cli.asking import console, language_option
from habilitation.adapters.cli.demonstration import administrator_guide, afas_guide, afterwards
from habilitation.adapters.cli.demonstration.data import NAMES, Data, Files, shipped
from habilitation.adapters.cli.demonstration.mailroom import Copying, Mailroom
from habilitation.adapters.cli.demonstration.play import AGENT, Play
from habilitation.adapters.cli.demonstration.stage import COLUMNS, WIDEST, Stage
from habilitation.adapters.cli.demonstration.stories import STORIES
from habilitation.adapters.cli.demonstration.stories.cast import Cast
from habilitation.adapters.cli.refusals import UNSOUND, ArgumentRefused, PlayedAlready
from habilitation.adapters.cli.speech import Speech
from habilitation.application import Habilitation
from habilitation.domain.refusals import OrganizationUnknown
from habilitation.domain.requests import OrganizationQuestion, SiretQuestion
from habilitation.domain.values import Siret

PATH = click.Path(path_type=Path)
PORT = 8000
OPERATOR, SENDER = "habilitations@caf.example", "ne-pas-repondre@caf.example"

SCENES: tuple[Callable[[Play], None], ...] = (
    administrator_guide.open_organizations,
    administrator_guide.claim,
    administrator_guide.create_users,
    afas_guide.delegate,
    afas_guide.assign_role,
    afterwards.generalize,
    afterwards.close,
    afterwards.replace,
)


@click.command()
@language_option
@click.option(
    "--database",
    "url",
    metavar="URL",
    help="Where to play: sqlite:///file, or postgresql://user@host/database; a new temporary file if not given.",
)
@click.option("--smtp", "server", metavar="HOST:PORT", help="Send the messages by this server too.")
@click.option("--maildir", "folder", metavar="FOLDER", type=PATH, help="Where messages are read back from.")
@click.option("--catalog", metavar="FILE", type=PATH, help="Services and access groups (TOML).")
@click.option("--organizations", metavar="FILE", type=PATH, help="Organizations and the agreement (TOML).")
@click.option("--users", metavar="FILE", type=PATH, help="Who plays (TOML).")
@click.option("--copy-data", "copies", metavar="FOLDER", type=PATH, help="Copy these files, to be edited, and stop.")
@click.option(
    "--story", type=click.Choice([*STORIES]), help="Go on where the guides end, in memory: one of four stories."
)
@click.option("--no-serve", is_flag=True, help="Do not open the portal in the browser at the end.")
@click.option("--port", default=PORT, show_default=True, help="Where the portal is opened, on loopback.")
@click.pass_context
def demo(
    context: click.Context,
    language: str,
    url: str | None,
    server: str | None,
    folder: Path | None,
    catalog: Path | None,
    organizations: Path | None,
    users: Path | None,
    copies: Path | None,
    story: str | None,
    no_serve: bool,
    port: int,
) -> None:
    """Play both guides, or a story that goes on from them, saying who acts and what that person sees.

    After the guides the portal is open in the browser, with every message that was sent, until it is stopped.
    Exit with 1 if anything is unsound at the end.
    """
    speech = Speech.in_language(language)
    stage = Stage.set_up(console(COLUMNS, WIDEST), speech)
    if copies:
        copy_data(copies, stage)
        return
    if story and url:
        raise ArgumentRefused(stage.line("story-in-memory"))
    data = Data.read(Files.chosen(catalog, organizations, users))
    opened = None if story or no_serve else port
    sound = Production.prepared(stage, data, IN_MEMORY if story else url, server, folder, story, opened).play()
    context.exit(0 if sound else UNSOUND)


def copy_data(folder: Path, stage: Stage) -> None:
    """Put copies of the data files into the folder; none is put in another's place."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in NAMES:
        if (folder / name).exists():
            raise ArgumentRefused(stage.line("exists", file=folder / name))
    for name in NAMES:
        shutil.copyfile(shipped(name), folder / name)
        stage.out.print(stage.speech.say("copied", file=folder / name), soft_wrap=True)


@frozen
class Production:
    """Where it is played: on which database, with messages kept where."""

    stage: Stage
    data: Data
    url: str
    server: str | None
    mail: Path
    story: str | None = None
    port: int | None = None
    """Where the portal is opened at the end, if it is."""

    @classmethod
    def prepared(
        cls,
        stage: Stage,
        data: Data,
        url: str | None,
        server: str | None,
        mail: Path | None,
        story: str | None,
        port: int | None,
    ) -> Production:
        """With a new temporary folder for what was not named."""
        if url is None or mail is None:
            folder = Path(tempfile.mkdtemp(prefix="habilitation-demo-"))
            url, mail = url or f"sqlite:///{folder / 'portal.db'}", mail or folder / "mail"
        return cls(stage, data, url, server, mail, story, port)

    def play(self) -> bool:
        """Open the portal, play, and say how to go on; whether everything was sound."""
        if self.port is not None:
            with needing("web", "Opening the portal in the browser"):
                import uvicorn  # noqa: F401 - before anything is played
        settings = self._settings()
        transport = Copying(maildir(self.mail, settings), smtp(self.server, settings) if self.server else None)
        portal = open_database(
            self.url, catalog=self.data.files.catalog, transport=transport, settings=settings, by=AGENT
        )
        try:
            return self._played(portal, transport)
        finally:
            portal.close()

    def _settings(self) -> Settings:
        here = _address(self.port or PORT)
        return Settings(
            language=self.stage.speech.language,
            operator_mailbox=OPERATOR,
            sender=SENDER,
            address=here,
            link=f"{here}/links/{{purpose}}/{{token}}",
        )

    def _played(self, portal: Habilitation, transport: Copying) -> bool:
        _require_unplayed(portal, self.data)
        self.data.require_readable(portal.ports.contact)
        if self.story:
            return self._told(portal, transport, self.story)
        self.stage.title(database=printable(self.url), mail=self.mail)
        if self.server:
            self.stage.says("also-sent", server=self.server)
        play = self._begun(portal, self.stage, transport)
        for scene in SCENES:
            scene(play)
        sound = afterwards.verify(play)
        if self.url != IN_MEMORY:  # which is gone by then
            self._say_how_to_go_on(portal, play)
        if self.port is not None:
            self._open(portal, play, self.port)
        return sound

    def _open(self, portal: Habilitation, play: Play, port: int) -> None:
        from habilitation.adapters.cli.demonstration.served import Mailbox, serve

        waiting = self.data.waiting
        words = {"address": _address(port), "organization": waiting.name, "contact": waiting.contact}
        self.stage.out.print(self.stage.line("served", **words), soft_wrap=True)
        mailbox = Mailbox(play.mailroom, self.stage.lines, self.stage.speech.language)
        serve(portal, self._settings(), mailbox, port)

    def _begun(self, portal: Habilitation, stage: Stage, transport: Copying) -> Play:
        return Play(portal, stage, Mailroom(self.mail, portal.ports.contact, transport), self.data)

    def _told(self, portal: Habilitation, transport: Copying, story: str) -> bool:
        self.stage.prologue(story)
        cast = Cast.assembled(portal, lambda moved, unseen: self._begun(moved, unseen, transport), self.stage)
        for scene in STORIES[story]:
            scene(cast)
        return afterwards.verify(cast.play)

    def _say_how_to_go_on(self, portal: Habilitation, play: Play) -> None:
        head = portal.journal_head(OrganizationQuestion(play.organization.id), by=AGENT)
        words = {
            "url": shlex.quote(printable(self.url)),
            "language": self.stage.speech.language,
            "command": _command(),
            "siret": Siret.parse(self.data.first.siret).digits,
            "head": f"{head.sequence}:{head.hash}",
        }
        self.stage.out.print("\n" + self.stage.line("continue", **words), soft_wrap=True)


def _address(port: int) -> str:
    """Where the browser finds the portal."""
    return f"http://127.0.0.1:{port}"


def _require_unplayed(portal: Habilitation, data: Data) -> None:
    with suppress(OrganizationUnknown):
        portal.find_organization(SiretQuestion(data.first.siret), by=AGENT)
        raise PlayedAlready()


def _command() -> str:
    """How to call the command again from here."""
    called = Path(sys.argv[0])
    if called.name != "habilitation" or shutil.which("habilitation") == str(called):
        return "habilitation"
    return str(called.relative_to(Path.cwd()) if called.is_relative_to(Path.cwd()) else called)
