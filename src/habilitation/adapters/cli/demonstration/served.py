"""What the demonstration ends with: its portal in the browser, and a mailbox in which every message sent is read."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from importlib.resources import files
from typing import Any

import uvicorn
from attrs import frozen
from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from habilitation.adapters.asgi.protection import Protected
from habilitation.adapters.asgi.serving import front
from habilitation.adapters.assembly import Settings
from habilitation.adapters.cli.demonstration.mailroom import Mailroom
from habilitation.adapters.cli.demonstration.play import AGENT
from habilitation.application import Habilitation
from habilitation.domain.actors import OperatorAgent

LOOPBACK = "127.0.0.1"
AGENT_COOKIE = "demonstration-agent"
"""Whoever opens the demonstration may play the operator's agent: a portal asks whoever it trusts instead (R35)."""


@frozen
class Mailbox:
    """Every message that was sent, to whomever, newest first."""

    mailroom: Mailroom
    lines: Mapping[str, Any]
    language: str

    def routes(self) -> list[Route | Mount]:
        static = StaticFiles(directory=str(files(__package__) / "static"))
        return [
            Route("/mailbox", self.read),
            Route("/mailbox/agent", self.play_agent, methods=["POST"]),
            Mount("/mailbox/static", static),
        ]

    def read(self, request: Request) -> Response:
        pages = Environment(loader=PackageLoader(__package__), autoescape=True, undefined=StrictUndefined)
        letters = list(reversed(self.mailroom.everything()))
        page = pages.get_template("mailbox.html").render(
            letters=letters, lines=self.lines, language=self.language, agent=_agent(request)
        )
        return HTMLResponse(page)

    def play_agent(self, request: Request) -> Response:
        """Become the operator's agent, or stop being it."""
        response = RedirectResponse("/mailbox" if _agent(request) else "/", 303)
        if _agent(request):
            response.delete_cookie(AGENT_COOKIE)
        else:
            response.set_cookie(AGENT_COOKIE, AGENT.agent, httponly=True, samesite="lax")
        return response


def _agent(request: Request) -> OperatorAgent | None:
    return AGENT if request.cookies.get(AGENT_COOKIE) == AGENT.agent else None


def serve(portal: Habilitation, settings: Settings, mailbox: Mailbox, port: int) -> None:
    """Until the keyboard stops it."""
    app = front(portal, settings=settings, secure=False, authenticate=_agent, more=tuple(mailbox.routes()))
    config = uvicorn.Config(Protected(app, secure=False), host=LOOPBACK, port=port, log_level="warning")
    with suppress(KeyboardInterrupt):
        uvicorn.Server(config).run()
