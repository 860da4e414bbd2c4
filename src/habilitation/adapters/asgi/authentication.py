"""Whom a request comes from, as far as the embedder knows: operator agents always, services, maybe people (R35)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from inspect import isawaitable

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from habilitation.domain.actors import Actor

Authenticate = Callable[[Request], Actor | Awaitable[Actor | None] | None]
"""The embedder's own hook: whoever made the request, if it knows them. Called in a thread; it may give an awaitable."""


async def vouched(authenticate: Authenticate | None, request: Request) -> Actor | None:
    """Whom the embedder says that it is; what the hook refuses is refused to whoever asks."""
    if authenticate is None:
        return None
    said = await run_in_threadpool(authenticate, request)
    return await said if isawaitable(said) else said
