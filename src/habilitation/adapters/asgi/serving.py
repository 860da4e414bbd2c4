"""The front ends as one application; and ``habilitation serve``, which runs it for real."""

from __future__ import annotations

import logging
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread

import uvicorn
from attrs import field, frozen
from starlette.applications import Starlette
from starlette.requests import HTTPConnection, Request
from starlette.routing import BaseRoute, Mount

from habilitation.adapters.asgi.api import api
from habilitation.adapters.asgi.portal import pages
from habilitation.adapters.asgi.portal.site import Authenticate
from habilitation.adapters.asgi.service import FILE, Service, load
from habilitation.adapters.asgi.sessions import SessionCookie
from habilitation.adapters.asgi.sources import source_of
from habilitation.adapters.assembly import DEFAULTS, Settings, maildir, open_database, smtp
from habilitation.application import Habilitation
from habilitation.domain.actors import OperatorAgent
from habilitation.domain.refusals import Refusal
from habilitation.domain.values import code
from habilitation.ports.transport import Transport

BETWEEN_DELIVERIES = timedelta(seconds=30)
"""How often what waits to be sent is tried: what could not leave right after its act."""

_log = logging.getLogger("habilitation.serving")


def front(
    portal: Habilitation,
    *,
    settings: Settings = DEFAULTS,
    secure: bool = True,
    authenticate: Authenticate | None = None,
    source: Callable[[HTTPConnection], str] = source_of,
    more: tuple[BaseRoute, ...] = (),
) -> Starlette:
    """The pages, and the API at ``/api`` with the same cookie; ``more`` comes before them."""
    cookie = SessionCookie(secure)
    spoken = api(portal, authenticate=authenticate, cookie=cookie, source=source)
    shown = pages(portal, settings=settings, cookie=cookie, authenticate=authenticate, source=source)
    return Starlette(routes=[*more, Mount("/api", spoken, name="api"), Mount("/", shown, name="portal")])


# For real


@frozen
class BehindProxies:
    """What reverse proxies say of a request, and they alone: whom it comes from, and where from (R22, R35)."""

    proxies: frozenset[str]
    header: str

    def agent(self, request: Request) -> OperatorAgent | None:
        """The operator's agent that the proxy signed in."""
        named = request.headers.get(self.header) if self.header and self._is_proxied(request) else None
        return OperatorAgent(code(named, "agent")) if named else None

    def source(self, request: HTTPConnection) -> str:
        """The last address of ``X-Forwarded-For`` that no proxy of ours added: those before it may be made up."""
        if not self._is_proxied(request):
            return source_of(request)
        said = [address.strip() for address in request.headers.get("x-forwarded-for", "").split(",")]
        outside = [address for address in said if address and address not in self.proxies]
        return outside[-1][:100] if outside else source_of(request)

    def _is_proxied(self, request: HTTPConnection) -> bool:
        return request.client is not None and request.client.host in self.proxies


@frozen
class Postman:
    """Tries what waits in the outbox, again and again, until it is told to stop."""

    portal: Habilitation
    stopped: Event = field(factory=Event)

    def run(self) -> None:
        """A refusal is of the store, which may be back the next time; the messages wait."""
        while not self.stopped.wait(BETWEEN_DELIVERIES.total_seconds()):
            try:
                self.portal.deliver_notifications()
            except Refusal as refusal:
                _log.warning("messages wait: %s", refusal.code)

    @asynccontextmanager
    async def working(self, _: Starlette) -> AsyncIterator[None]:
        """As long as the application lives."""
        thread = Thread(target=self.run, name="postman", daemon=True)
        thread.start()
        try:
            yield
        finally:
            self.stopped.set()
            self.portal.close()


def application() -> Starlette:
    """The application of one process, from the settings that the environment names."""
    return served(load(Path(os.environ[FILE]) if FILE in os.environ else None))


def served(service: Service) -> Starlette:
    """The application on the service's database, made and migrated if need be."""
    settings, proxies = service.portal, BehindProxies(frozenset(service.proxies), service.agent_header)
    portal = open_database(service.database, catalog=service.catalog, transport=_transport(service), settings=settings)
    app = front(
        portal,
        settings=settings,
        secure=service.secure,
        authenticate=proxies.agent,
        source=proxies.source,
    )
    if not service.maildir and not service.smtp:
        return app
    app.router.lifespan_context = Postman(portal).working
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
