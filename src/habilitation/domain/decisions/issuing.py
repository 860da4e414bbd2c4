"""Credentials sent again, and passwords forced to change (R19, R24)."""

from __future__ import annotations

from datetime import datetime

from attrs import frozen

from habilitation.domain import authority
from habilitation.domain.acts import Act
from habilitation.domain.authority import Acting
from habilitation.domain.credential import Credential, Standing
from habilitation.domain.events import CredentialsIssued, PasswordForced
from habilitation.domain.organization import Organization
from habilitation.domain.refusals import CredentialsInUse, Refusal
from habilitation.domain.requests import Reason
from habilitation.domain.user import User, require_admits
from habilitation.domain.values import Paper, UserId


@frozen
class Forced:
    """What forcing everybody's change did for one user: done, or the code of why it was refused."""

    user: UserId
    refused: str | None = None


_IN_USE = frozenset({Standing.OWN, Standing.IDENTITY})
"""What somebody opens the account with by their own choice: voiding it is forcing (R24)."""


def resend(
    organization: Organization, acting: Acting, user: User | None, credential: Credential | None, at: datetime
) -> tuple[CredentialsIssued, Credential]:
    """First credentials again, for whoever signs in with nothing of their own yet: voiding that is forcing (R24)."""
    target = authority.known(acting, user, organization, at)
    authority.require_on(acting, Act.RESEND, target, organization, at)
    require_admits(target, CredentialsIssued, at)
    assert credential is not None, "whoever is not closed has a credential"
    if credential.standing in _IN_USE:
        raise CredentialsInUse()
    issued = credential.issuing()
    return CredentialsIssued(target.id, issued.generation), issued


def force(
    user: User, credential: Credential | None, reason: Reason, note: Paper | None, at: datetime
) -> tuple[PasswordForced, Credential]:
    """Whatever opens the account opens it no more; a provisional password does, once it is delivered (R24)."""
    require_admits(user, PasswordForced, at)
    assert credential is not None, "whoever is not closed has a credential"
    issued = credential.issuing()
    return PasswordForced(user.id, issued.generation, reason.code, note.seal if note else None), issued


def force_one(
    user: User, credential: Credential | None, reason: Reason, note: Paper | None, at: datetime
) -> tuple[tuple[PasswordForced, Credential] | None, Forced]:
    """One of many: what it is refused for keeps no other from being forced."""
    try:
        return force(user, credential, reason, note, at), Forced(user.id)
    except Refusal as refusal:
        return None, Forced(user.id, refusal.code)
