"""The pages of the guides, in French and in English: Starlette, Jinja2 and a little CSS; no script is needed.

A page is made by a handler, which is given a ``Visit``: who comes, the form that was sent, and how to answer. One
module holds the pages of one story, beside the templates of the same name.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import HTTPConnection
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Message, Receive, Scope, Send

from habilitation.adapters.asgi.authentication import Authenticate, SecondFactor
from habilitation.adapters.asgi.portal import (
    access,
    acts,
    agreements,
    catalog,
    dead_letters,
    entering,
    forgotten,
    history,
    home,
    links,
    memberships,
    operator_acts,
    organizations,
    overview,
    own,
    user,
    users,
)
from habilitation.adapters.asgi.portal.failures import unrouted
from habilitation.adapters.asgi.portal.site import OVER_HTTPS, Provider, Site
from habilitation.adapters.asgi.protection import Protected
from habilitation.adapters.asgi.sessions import SessionCookie
from habilitation.adapters.asgi.sources import source_of
from habilitation.adapters.assembly import DEFAULTS, Settings
from habilitation.application import Habilitation

__all__ = ["Provider", "pages"]

FOR_GOOD = "public, max-age=31536000, immutable"
STORIES: tuple[tuple[Route, ...], ...] = (
    *(home.PAGES, entering.PAGES, forgotten.PAGES, links.PAGES, own.PAGES),
    *(agreements.PAGES, users.PAGES, user.PAGES, acts.PAGES, memberships.PAGES),
    *(access.PAGES, history.PAGES, overview.PAGES),
    *(organizations.PAGES, catalog.PAGES, dead_letters.PAGES, operator_acts.PAGES),
)


def pages(
    portal: Habilitation,
    *,
    settings: Settings = DEFAULTS,
    cookie: SessionCookie = OVER_HTTPS,
    authenticate: Authenticate | None = None,
    providers: tuple[Provider, ...] = (),
    source: Callable[[HTTPConnection], str] = source_of,
    second_factor: SecondFactor | None = None,
) -> Starlette:
    """The pages, to serve or to mount.

    ``authenticate`` says whom a request comes from, where the embedder knows: operator agents always (R35), and people
    whom the embedder signs in. Where it gives None our own session counts, by a login and a password. ``providers`` are
    buttons of other ways in, ``source`` tells where a sign-in comes from (R22), ``second_factor`` who has to prove more
    than a password, and where.
    """
    routes: list[BaseRoute] = [route for story in STORIES for route in story]
    addresses = {str(route.name): route.path for story in STORIES for route in story}
    site = Site(portal, settings, cookie, authenticate, providers, source, second_factor, addresses)
    app = Starlette(
        routes=[*routes, Mount("/static", _Kept(directory=str(files(__package__) / "static")), name="static")],
        middleware=[Middleware(Protected, secure=cookie.secure)],
        exception_handlers={HTTPException: unrouted, 500: unrouted},
    )
    app.state.site = site
    return app


class _Kept(StaticFiles):
    """Files whose address changes with their contents: ``/static/<edition>/<file>``."""

    def get_path(self, scope: Scope) -> str:
        return super().get_path(scope).partition("/")[2]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] in (200, 304):
                message["headers"] = [*message["headers"], (b"cache-control", FOR_GOOD.encode())]
            await send(message)

        await super().__call__(scope, receive, sending)
