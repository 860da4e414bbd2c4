"""Opening a session: its token is told once, and only its hash is kept (R23)."""

from __future__ import annotations

from datetime import datetime, timedelta

from habilitation.domain.actors import Session, Stage
from habilitation.domain.credential import Credential
from habilitation.domain.refusals import SessionEnded
from habilitation.ports.credentials import Credentials, KeptSession
from habilitation.ports.secrets import Secrets
from habilitation.use_cases.actors import digest

KEPT_OVER = timedelta(days=1)
"""How long a session that is over is kept: an organization's instant may be ahead of the clock, and of another's."""


def open_session(
    credentials: Credentials,
    secrets: Secrets,
    credential: Credential,
    spell: int,
    at: datetime,
    lifetime: timedelta,
    identity: str | None = None,
) -> Session:
    """A session on that generation of the credential, and on that spell of the account; for whom it may claim."""
    session = Session(
        secrets.token(),
        credential.organization,
        credential.user,
        credential.generation,
        spell,
        credential.stage,
        at + lifetime,
        identity is not None,
    )
    credentials.open_session(kept(session, identity), at - KEPT_OVER)
    return session


def kept(session: Session, identity: str | None = None) -> KeptSession:
    """The session as it is stored."""
    return KeptSession(
        digest(session.token),
        session.organization,
        session.user,
        session.generation,
        session.spell,
        session.stage,
        session.expires,
        identity,
    )


def found(credentials: Credentials, session: Session, stage: Stage, at: datetime) -> KeptSession | None:
    """What is kept of the session, if it was opened at that stage; a session too old or signed out is refused."""
    stored = live(credentials, session, at)
    return stored if stored.stage is stage else None


def live(credentials: Credentials, session: Session, at: datetime) -> KeptSession:
    """What is kept of the session; refused if it is too old or signed out. What else ended it is found elsewhere."""
    stored = credentials.session(digest(session.token))
    if stored is None or stored.expires <= at:
        raise SessionEnded()
    return stored
