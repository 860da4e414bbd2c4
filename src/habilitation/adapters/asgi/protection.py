"""What every answer says to the browser, and what is refused before it reaches an endpoint."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import frozen
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from habilitation.adapters.asgi.problems import problem
from habilitation.adapters.asgi.refusals import RequestForeign

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
"""Methods that change nothing."""
POLICY = "; ".join(
    (
        "default-src 'none'",
        "object-src 'none'",
        "style-src 'self'",
        "script-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
"""No script, style or picture but our own files; no frame around a page."""
HEADERS: Mapping[str, str] = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
A_YEAR_OF_HTTPS = "max-age=31536000; includeSubDomains"
PRIVATE = "no-store"
"""Answers hold what one person may see: nothing on the way keeps them, unless an answer says itself that it may be."""


@frozen
class Protected:
    """An ASGI application behind these headers, whose acts no other site's page can have sent.

    A request that changes something is refused with 403 if the browser says that another site made it. Browsers say so
    in ``Sec-Fetch-Site``; older ones in ``Origin``. Programs say neither, and have no cookie that could be abused.
    """

    app: ASGIApp
    secure: bool = True

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
        elif scope["method"] not in SAFE and _is_foreign(Headers(scope=scope)):
            refused = problem(RequestForeign(), HTTPConnection(scope))
            await refused(scope, receive, self._with_headers(send))
        else:
            await self.app(scope, receive, self._with_headers(send))

    def _with_headers(self, send: Send) -> Send:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("cache-control", PRIVATE)
                if self.secure:
                    headers.setdefault("strict-transport-security", A_YEAR_OF_HTTPS)
            await send(message)

        return sending


def _is_foreign(headers: Headers) -> bool:
    """Whether a browser says that a page of another origin made the request."""
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site not in ("same-origin", "none")
    origin = headers.get("origin")
    return origin is not None and origin.partition("://")[2] != headers.get("host")
