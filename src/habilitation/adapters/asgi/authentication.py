"""Whom a request comes from, as far as the embedder knows: operator agents always, services, maybe people (R35)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from inspect import isawaitable

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from habilitation.adapters.asgi.refusals import SecondFactorDemanded
from habilitation.domain.actors import Actor, Session, Stage

Authenticate = Callable[[Request], Actor | Awaitable[Actor | None] | None]
"""The embedder's own hook: whoever made the request, if it knows them. Called in a thread; it may give an awaitable."""


SecondFactor = Callable[[Request, Session], str | None]
"""The embedder's own second proof of whoever signed in here: the address of the page that takes it, or None where it
was given or nobody asks for one. Called in a thread, at each request of a session that may do more than enter."""


def require_second(second_factor: SecondFactor | None, request: Request, session: Session) -> Session:
    """The session; refused as ``SecondFactorDemanded`` until its second proof was given."""
    if second_factor is not None and session.stage is Stage.OWN and (address := second_factor(request, session)):
        raise SecondFactorDemanded(address)
    return session


async def vouched(authenticate: Authenticate | None, request: Request) -> Actor | None:
    """Whom the embedder says that it is; what the hook refuses is refused to whoever asks."""
    if authenticate is None:
        return None
    said = await run_in_threadpool(authenticate, request)
    return await said if isawaitable(said) else said
