"""The JSON API: every use case over HTTP, ready to mount, described by OpenAPI 3.1 at ``/openapi.json``."""

from __future__ import annotations

from fastapi import FastAPI
from starlette.middleware import Middleware

from habilitation.adapters.asgi.api.actors import Askers
from habilitation.adapters.asgi.api.bodies import SmallJson
from habilitation.adapters.asgi.api.document import describe
from habilitation.adapters.asgi.api.endpoints import Counter
from habilitation.adapters.asgi.api.extras import add_extras
from habilitation.adapters.asgi.api.failures import add_failures
from habilitation.adapters.asgi.authentication import Authenticate, SecondFactor
from habilitation.adapters.asgi.protection import Protected
from habilitation.adapters.asgi.sessions import SessionCookie
from habilitation.adapters.asgi.sources import Source, source_of
from habilitation.application import Habilitation

__all__ = ["Authenticate", "SecondFactor", "api"]


BY_COOKIE = SessionCookie()


def api(
    portal: Habilitation,
    *,
    authenticate: Authenticate | None = None,
    cookie: SessionCookie = BY_COOKIE,
    source: Source = source_of,
    second_factor: SecondFactor | None = None,
) -> FastAPI:
    """The API over that portal: serve it, or mount it into an application of your own.

    ``authenticate`` says who made a request, if you know: operator agents are yours to authenticate (R35), and so are
    services that ask about access. Where it answers None the portal's own session counts, which ``cookie`` names (R23).
    ``source`` says where sign-ins come from (R22), ``second_factor`` who has to prove more than a password, and where.
    Whatever is refused is a problem (RFC 9457) with a code.
    """
    app = FastAPI(
        title="habilitation",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        middleware=[Middleware(Protected, secure=cookie.secure), Middleware(SmallJson)],
    )
    askers = Askers(portal, authenticate, cookie, second_factor)
    Counter(portal, askers, cookie, source).add_all(app)
    add_extras(app, portal, askers, cookie)
    add_failures(app)
    describe(app)
    return app
