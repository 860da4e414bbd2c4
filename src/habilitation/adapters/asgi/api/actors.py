"""Who is asking: as the embedder says, or else as the session's cookie does (R23, R35)."""

from __future__ import annotations

from attrs import frozen
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from habilitation.adapters.asgi.authentication import Authenticate, SecondFactor, require_second, vouched
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
    second_factor: SecondFactor | None

    async def actor(self, request: Request) -> Actor:
        """Whoever it is; ``SignInDemanded`` where nobody is known, ``SessionEnded`` where a session is over."""
        actor = await vouched(self.authenticate, request)
        return actor if actor is not None else await run_in_threadpool(self._signed_in, request)

    def _signed_in(self, request: Request) -> Session:
        session = self.cookie.session(request, self.portal)
        if session is None:
            raise SignInDemanded()
        return require_second(self.second_factor, request, session)

    async def session(self, request: Request) -> Session:
        """The same, where only a session will do."""
        actor = await self.actor(request)
        if not isinstance(actor, Session):
            raise SessionDemanded()
        return actor
