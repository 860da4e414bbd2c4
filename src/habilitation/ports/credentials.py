"""Credentials and sessions: a unit of their own, outside the organizations' versions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from attrs import frozen

from habilitation.domain.actors import Stage
from habilitation.domain.credential import Credential
from habilitation.domain.messages import Message
from habilitation.domain.values import Login, OrganizationId, UserId

PRUNED_BY_EACH = 2
"""How many sessions that were over long ago each new one takes away: more than one, so that they grow fewer."""


@frozen
class KeptSession:
    """A session as it is stored: the SHA-256 of its token, in hexadecimal, in place of the token (R23)."""

    digest: str
    organization: OrganizationId
    user: UserId
    generation: int
    spell: int
    stage: Stage
    expires: datetime
    identity: str | None = None
    """The digest of the identity that is to be bound at the claim, if an identity provider opened the way (R44)."""


class Credentials(Protocol):
    """Finds and changes credentials and sessions; each call is whole by itself."""

    def by_login(self, login: Login) -> Credential | None:
        """The credential that the login opens, if it is alive."""
        ...

    def by_identity(self, identity: str) -> Sequence[Credential]:
        """Those that the identity of that digest opens, one in each organization, in the order of organizations."""
        ...

    def of(self, organization: OrganizationId, user: UserId) -> Credential | None: ...

    def save(self, credential: Credential) -> None:
        """Store what follows version ``credential.version - 1``; raise ``Conflict`` if that is not what is stored."""
        ...

    def save_telling(self, credential: Credential, message: Message, due: datetime) -> None:
        """Store both, or neither: the credential as ``save`` does, and the message, which may leave from then on."""
        ...

    def open_session(self, session: KeptSession, kept_since: datetime) -> None:
        """Store it; take away ``PRUNED_BY_EACH`` at most of those that expired before ``kept_since``, oldest first."""
        ...

    def session(self, digest: str) -> KeptSession | None: ...

    def end_session(self, digest: str) -> None:
        """Forget the session, if there is one."""
        ...
