"""Who is behind an actor: found anew in each transaction, never carried in (R23, R32)."""

from __future__ import annotations

import hashlib
from datetime import datetime

from habilitation.domain.actors import Actor, Asking, Member, OperatorAgent, Session, Stage
from habilitation.domain.authority import Acting, acting
from habilitation.domain.organization import Organization
from habilitation.domain.refusals import (
    ActorUnknown,
    ClaimDemanded,
    OrganizationUnknown,
    PasswordChoiceDemanded,
    Refusal,
    ServiceUnknown,
    SessionEnded,
)
from habilitation.domain.user import User
from habilitation.domain.values import code
from habilitation.ports.credentials import KeptSession
from habilitation.ports.store import Snapshot


def digest(token: str) -> str:
    """What the store keeps of a session's token."""
    return hashlib.sha256(token.encode(errors="surrogatepass")).hexdigest()


def missing(rows: Snapshot, by: Actor) -> Refusal:
    """What to say where there is no organization: to a session that is none, the same as where there is one (R37)."""
    unknown = isinstance(by, Session) and rows.find_session(digest(by.token)) is None
    return SessionEnded() if unknown else OrganizationUnknown()


def identify(rows: Snapshot, organization: Organization, by: Actor, at: datetime) -> Acting:
    """The actor, with its account if it is a user; to anybody else's member the organization is missing (R37)."""
    match by:
        case OperatorAgent(agent):
            code(agent, "agent")
            return acting(by, None, organization, at)
        case Asking(service):
            if service not in rows.catalog.services:
                raise ServiceUnknown()
            return acting(by, None, organization, at)
        case Session():
            return _signed_in(rows, organization, by, at)
        case Member():
            return _member(rows, organization, by, at)


def _member(rows: Snapshot, organization: Organization, by: Member, at: datetime) -> Acting:
    if by.organization != organization.id:
        raise OrganizationUnknown()
    user = rows.find_user(by.user)
    if user is None:
        raise ActorUnknown()
    return acting(by, user, organization, at)


def _signed_in(rows: Snapshot, organization: Organization, by: Session, at: datetime) -> Acting:
    kept = rows.find_session(digest(by.token))
    if kept is None:
        raise SessionEnded()
    if kept.organization != organization.id:
        raise OrganizationUnknown()
    user = rows.find_user(kept.user)
    credential = rows.find_credential(kept.user)
    require_live(kept, credential.generation if credential else None, user, at)
    require_own(kept)
    return acting(Member(kept.organization, kept.user), user, organization, at)


def require_own(kept: KeptSession) -> None:
    """Refuse a session of a password that is not one's own: it is good for one thing only (R23)."""
    if kept.stage is Stage.FIRST:
        raise ClaimDemanded()
    if kept.stage is Stage.PROVISIONAL:
        raise PasswordChoiceDemanded()


def require_live(kept: KeptSession, generation: int | None, user: User | None, at: datetime) -> None:
    """Refuse a session too old, or ended by a new password, a closing, a reopening or a suspension since (R23)."""
    if kept.expires <= at or kept.generation != generation:
        raise SessionEnded()
    if kept.stage is Stage.FIRST:
        return
    if user is None or not user.is_open(at) or user.spell != kept.spell:
        raise SessionEnded()
