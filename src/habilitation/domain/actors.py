"""Who acts: identities only. What an actor may do is read from the seat and the delegation, at each act (R23)."""

from __future__ import annotations

from datetime import datetime
from enum import Enum

from attrs import field, frozen

from habilitation.domain.values import OrganizationId, ServiceCode, UserId


class Side(Enum):
    """Whose decision a suspension is: each side lifts its own (R17)."""

    ORGANIZATION = "organization"
    OPERATOR = "operator"


@frozen
class OperatorAgent:
    """One of the operator's people, authenticated by the embedder and named in the journal (R35)."""

    agent: str


@frozen
class Member:
    """A user of an organization, authenticated by the embedder or by a session."""

    organization: OrganizationId
    user: UserId


@frozen
class Asking:
    """A service of the catalog; it may ask about its own permissions, and do nothing (R36)."""

    service: ServiceCode


class Stage(Enum):
    """What a session was opened with, and so what it is good for (R23)."""

    FIRST = "first-credentials"
    PROVISIONAL = "provisional-password"
    OWN = "own-password"
    """Or one's own identity at a provider (R44)."""


@frozen
class Session:
    """What signing in gives. Where an actor is asked for it stands for its member, once found still valid (R23).

    It names the generation of the credential and the spell of the account that it was opened in: closing, reopening,
    suspension or a new password ends it for good. The ``token`` is a secret of 100 random bits or more; the store keeps
    its hash only.
    """

    token: str = field(repr=False)
    organization: OrganizationId
    user: UserId
    generation: int
    spell: int
    stage: Stage
    expires: datetime
    identified: bool = False
    """Whether an identity provider opened the way to the claim, which then takes no password (R44)."""

    @property
    def actor(self) -> Member:
        return Member(self.organization, self.user)


Actor = OperatorAgent | Member | Asking | Session
Author = OperatorAgent | Member
"""Who an event can be by."""
