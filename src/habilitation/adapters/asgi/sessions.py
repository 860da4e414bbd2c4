"""The session in its cookie: a token that names it, and nothing else (R23)."""

from __future__ import annotations

from attrs import frozen
from starlette.requests import HTTPConnection
from starlette.responses import Response

from habilitation.application import Habilitation
from habilitation.domain.actors import Session
from habilitation.domain.refusals import SessionEnded


@frozen
class SessionCookie:
    """Out of scripts' reach, sent by this site alone; over HTTPS for this very host alone.

    It lives as long as the browser's own session; the session in the store has an end of its own.
    """

    secure: bool = True
    """Whether the front end is reached over HTTPS: only loopback may do without."""

    @property
    def name(self) -> str:
        return "__Host-habilitation" if self.secure else "habilitation"

    def session(self, request: HTTPConnection, portal: Habilitation) -> Session | None:
        """The session that the cookie names, if there is one; one that is over is refused as ``SessionEnded``."""
        token = request.cookies.get(self.name)
        return portal.resume_session(token) if token else None

    def live(self, request: HTTPConnection, portal: Habilitation) -> Session | None:
        """The session that the cookie names, if it goes on."""
        try:
            return self.session(request, portal)
        except SessionEnded:
            return None

    def end(self, request: HTTPConnection, portal: Habilitation) -> None:
        """The session that the cookie names, if it goes on, is over in the store: signed out, or signed in anew."""
        session = self.live(request, portal)
        if session:
            portal.sign_out(by=session)

    def keep(self, response: Response, session: Session) -> None:
        """Always a new token: what somebody planted in the browser before signing in opens nothing."""
        response.set_cookie(self.name, session.token, path="/", secure=self.secure, httponly=True, samesite="lax")

    def forget(self, response: Response) -> None:
        response.delete_cookie(self.name, path="/", secure=self.secure, httponly=True, samesite="lax")
