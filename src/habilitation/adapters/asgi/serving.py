"""The front ends as one application; and ``habilitation serve``, which runs it for real."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, nullcontext
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread

import uvicorn
from attrs import frozen
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.routing import BaseRoute, Mount

from habilitation.adapters.asgi.api import api
from habilitation.adapters.asgi.authentication import Authenticate
from habilitation.adapters.asgi.portal import pages
from habilitation.adapters.asgi.service import FILE, Service, load
from habilitation.adapters.asgi.sessions import SessionCookie
from habilitation.adapters.asgi.sources import Source, behind, source_of
from habilitation.adapters.assembly import DEFAULTS, Settings, maildir, open_database, smtp
from habilitation.application import Habilitation
from habilitation.domain.actors import OperatorAgent
from habilitation.domain.values import code
from habilitation.ports.transport import Transport
from habilitation.use_cases.postman import Postman

BETWEEN_DELIVERIES = timedelta(seconds=30)
"""How often what waits to be sent is tried: what could not leave right after its act."""
LAST_DELIVERY = timedelta(seconds=10)
"""How long stopping waits for the message that is being sent."""


def front(
    portal: Habilitation,
    *,
    settings: Settings = DEFAULTS,
    secure: bool = True,
    authenticate: Authenticate | None = None,
    source: Source = source_of,
    more: tuple[BaseRoute, ...] = (),
) -> Starlette:
    """The pages, and the API at ``/api`` with the same cookie; ``more`` comes before them."""
    cookie = SessionCookie(secure)
    spoken = api(portal, authenticate=authenticate, cookie=cookie, source=source)
    shown = pages(portal, settings=settings, cookie=cookie, authenticate=authenticate, source=source)
    return Starlette(routes=[*more, Mount("/api", spoken, name="api"), Mount("/", shown, name="portal")])


# For real


@frozen
class AgentsOfProxies:
    """The operator's agents, whom reverse proxies sign in and name in a header; nobody else is believed (R35)."""

    proxies: tuple[str, ...]
    header: str

    def __call__(self, request: Request) -> OperatorAgent | None:
        """Refuses a name that is no agent's, and several: somebody else may have written one of them."""
        if request.client is None or request.client.host not in self.proxies or not self.header:
            return None
        named = request.headers.getlist(self.header)
        return OperatorAgent(code(", ".join(named), "agent")) if named else None


@contextmanager
def delivering(portal: Habilitation) -> Iterator[None]:
    """In a thread of its own; a message that is being sent as it is told to stop may take some seconds."""
    stop = Event()
    postman = Postman(portal.deliver_notifications, stop, BETWEEN_DELIVERIES)
    thread = Thread(target=postman.run, name="postman", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(LAST_DELIVERY.total_seconds())


def application() -> Starlette:
    """The application of one process, from the settings that the environment names."""
    return served(load(Path(os.environ[FILE]) if FILE in os.environ else None))


def served(service: Service) -> Starlette:
    """The application on the service's database, made and migrated if need be."""
    settings = service.portal
    portal = open_database(service.database, catalog=service.catalog, transport=_transport(service), settings=settings)
    app = front(
        portal,
        settings=settings,
        secure=service.secure,
        authenticate=AgentsOfProxies(service.proxies, service.agent_header),
        source=behind(*service.proxies),
    )
    leaves = service.maildir or service.smtp

    @asynccontextmanager
    async def lifetime(_: Starlette) -> AsyncIterator[None]:
        with delivering(portal) if leaves else nullcontext():
            yield
        portal.close()

    app.router.lifespan_context = lifetime
    return app


def _transport(service: Service) -> Transport | None:
    if service.smtp:
        return smtp(service.smtp, service.portal, service.smtp_user or None, service.smtp_password)
    return maildir(service.maildir, service.portal) if service.maildir else None


def run(service: Service, file: Path | None) -> None:
    """Serve until stopped; the settings are tried first, here, where what is wrong with them can be said."""
    if file:
        os.environ[FILE] = str(file)
    open_database(service.database, catalog=service.catalog, settings=service.portal).close()
    uvicorn.run(
        f"{__name__}:{application.__name__}",
        factory=True,
        host=service.host,
        port=service.port,
        workers=service.workers,
        proxy_headers=False,  # who is believed is decided above
        server_header=False,
        access_log=False,  # the address of a one-time link is a secret (R21)
    )
