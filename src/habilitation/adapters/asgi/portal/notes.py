"""What an act's next page says of it, once: its code travels in a cookie, since an address may be kept or shared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import Response

if TYPE_CHECKING:
    from habilitation.adapters.asgi.portal.visit import Visit

COOKIE = "note"
A_MOMENT = 60
"""Seconds: as long as the way to the next page may take."""


def leave(visit: Visit, response: Response, code: str) -> None:
    """Have the next page say it."""
    secure = visit.site.cookie.secure
    response.set_cookie(COOKIE, code, A_MOMENT, path="/", secure=secure, httponly=True, samesite="lax")


def take(visit: Visit) -> str | None:
    """The code that the former page left, if there are words for it."""
    code = visit.request.cookies.get(COOKIE, "")
    return code if visit.say.has(f"note.{code}") else None


def forget(visit: Visit, response: Response) -> None:
    """It was said."""
    secure = visit.site.cookie.secure
    response.delete_cookie(COOKIE, path="/", secure=secure, httponly=True, samesite="lax")
