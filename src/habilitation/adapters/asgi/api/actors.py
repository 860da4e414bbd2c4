"""Who is asking: as the embedder says, or else as the session's cookie does (R23, R35)."""

from __future__ import annotations

from attrs import frozen
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from habilitation.adapters.asgi.authentication import Authenticate, vouched
from habilitation.adapters.asgi.refusals import SessionDemanded, SignInDemanded
from habilitation.adapters.asgi.sessions import SessionCookie
from habilitation.application import Habilitation
from habilitation.domain.actors import Actor, Session


@frozen
class Askers:
    """Finds out who is asking."""

    portal: Habilitation
    authenticate: Authenticate | None
    cookie: SessionCookie

    async def actor(self, request: Request) -> Actor:
        """Whoever it is; ``SignInDemanded`` where nobody is known, ``SessionEnded`` where a session is over."""
        actor = await vouched(self.authenticate, request) or await run_in_threadpool(
            self.cookie.session, request, self.portal
        )
        if actor is None:
            raise SignInDemanded()
        return actor

    async def session(self, request: Request) -> Session:
        """The same, where only a session will do."""
        actor = await self.actor(request)
        if not isinstance(actor, Session):
            raise SessionDemanded()
        return actor
