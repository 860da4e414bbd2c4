"""Bodies, before anything reads them: JSON, and no more of it than any request needs."""

from __future__ import annotations

from attrs import frozen
from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from habilitation.adapters.asgi.problems import problem
from habilitation.adapters.asgi.refusals import BodyTooLarge, ContentTypeRefused
from habilitation.domain.refusals import Refusal

LARGEST = 64 * 1024
"""Bytes: a request with every field at its longest has a tenth of that."""


@frozen
class SmallJson:
    """An ASGI application that is given bodies of JSON alone, whole, up to ``LARGEST`` bytes."""

    app: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        body = await _whole(receive)
        refusal = _refused(body, Headers(scope=scope).get("content-type", ""))
        if refusal:
            await problem(refusal, HTTPConnection(scope))(scope, receive, send)
        else:
            await self.app(scope, _again(body, receive), send)


async def _whole(receive: Receive) -> bytes:
    """The body, or somewhat more than the most of it that is read."""
    body, more = b"", True
    while more and len(body) <= LARGEST:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return body


def _refused(body: bytes, content_type: str) -> Refusal | None:
    if len(body) > LARGEST:
        return BodyTooLarge(LARGEST)
    if body and content_type.partition(";")[0].strip().lower() != "application/json":
        return ContentTypeRefused()
    return None


def _again(body: bytes, receive: Receive) -> Receive:
    """The body once more; then whatever else the server says."""
    messages: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receiving() -> Message:
        return messages.pop() if messages else await receive()

    return receiving
