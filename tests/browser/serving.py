"""LES OLIVIERS as it is served: on a port of this machine, as long as a test looks at it, with its mail at hand."""

from __future__ import annotations

import re
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from mailbox import Maildir
from pathlib import Path
from threading import Thread

import uvicorn
from attrs import define
from starlette.routing import BaseRoute
from starlette.types import ASGIApp

from habilitation.adapters.asgi.serving import AgentsOfProxies, front
from habilitation.adapters.assembly import Settings, maildir
from tests.asgi.portal.conftest import Oliviers

LOOPBACK = "127.0.0.1"
PATIENCE = 30
"""Seconds that stopping may take: browsers leave connections open."""


@contextmanager
def listening(made: Callable[[str], ASGIApp]) -> Iterator[str]:
    """The address at which the application is served that ``made`` makes for that address."""
    with socket.create_server((LOOPBACK, 0)) as taken:
        address = f"http://{LOOPBACK}:{taken.getsockname()[1]}"
        config = uvicorn.Config(made(address), log_level="warning", access_log=False, ws="none", lifespan="off")
        server = uvicorn.Server(config)
        thread = Thread(target=server.run, args=([taken],), name="server")
        thread.start()
        try:
            yield address
        finally:
            server.should_exit = True
            thread.join(PATIENCE)


@define
class Served:
    """LES OLIVIERS at an address of this machine; whoever sends ``X-Agent`` is the operator's agent."""

    at: Oliviers
    address: str
    mail: Path

    def mail_to(self, email: str) -> list[str]:
        """The texts of the messages that were sent there, oldest first, as a person reads them."""
        received = [Maildir(self.mail).get_bytes(key) for key in sorted(Maildir(self.mail).keys())]
        messages = [message_from_bytes(each, policy=policy.default) for each in received]
        bodies = [each.get_body(("plain",)) for each in messages if email in each["to"]]
        return [body.get_content() for body in bodies if body]

    def read(self, email: str, what: str) -> str:
        """What the last such message there has alone on its line, after a sentence that calls it so."""
        found = [line for text in self.mail_to(email) for line in re.findall(rf"{what}[^:.]*:\s+(\S+)\n", text)]
        assert found, f"no message to {email} says {what}"
        return str(found[-1])


@contextmanager
def serving(folder: Path, language: str = "fr", more: tuple[BaseRoute, ...] = ()) -> Iterator[Served]:
    """LES OLIVIERS, whose first credentials just left by mail, in that language; ``more`` is served beside it."""
    made: list[Oliviers] = []

    def app(address: str) -> ASGIApp:
        link = f"{address}/links/{{purpose}}/{{token}}"
        settings = Settings(language, address=f"{address}/", link=link, letters=folder / "letters")
        agents = AgentsOfProxies((LOOPBACK,), "X-Agent")
        server = maildir(folder / "mail", settings)
        choices = {"secure": False, "authenticate": agents, "more": more}
        made.append(Oliviers.on("memory:", drawn=front, settings=settings, server=server, **choices))
        return made[0].app  # type: ignore[no-any-return]

    with listening(app) as address:
        yield Served(made[0], address, folder / "mail")
    made[0].portal.close()
