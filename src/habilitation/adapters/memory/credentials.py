"""Credentials and sessions."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from threading import RLock

from attrs import Factory, define

from habilitation.adapters.memory.outbox import MemoryOutbox
from habilitation.domain.credential import Credential
from habilitation.domain.messages import Message
from habilitation.domain.refusals import Conflict
from habilitation.domain.values import (
    Login,
    OrganizationId,
    UserId,
)
from habilitation.ports.credentials import PRUNED_BY_EACH, KeptSession
from habilitation.ports.outbox import Delivery, MessageState

Owner = tuple[OrganizationId, UserId]
NOBODY: Owner = (OrganizationId(""), UserId(""))


@define
class MemoryCredentials:
    """Credentials and sessions, each call whole under one lock."""

    _lock: RLock
    _outbox: MemoryOutbox
    _kept: dict[Owner, Credential] = Factory(dict)
    _owners: dict[str, Owner] = Factory(dict)
    _sessions: dict[str, KeptSession] = Factory(dict)

    def by_login(self, login: Login) -> Credential | None:
        with self._lock:
            owner = self._owners.get(login.digest)
            found = self._kept.get(owner) if owner else None
            return found if found and found.login else None

    def by_identity(self, identity: str) -> Sequence[Credential]:
        with self._lock:
            found = [credential for credential in self._kept.values() if credential.identity == identity]
        return sorted(found, key=lambda credential: credential.organization)

    def of(self, organization: OrganizationId, user: UserId) -> Credential | None:
        return self._kept.get((organization, user))

    def save(self, credential: Credential) -> None:
        with self._lock:
            self.require_storable(credential)
            self.put(credential)

    def save_telling(self, credential: Credential, message: Message, due: datetime) -> None:
        with self._lock:
            self.save(credential)
            self._outbox.put(Delivery(message, MessageState.WAITING, 0, due))

    def require_storable(self, credential: Credential, freed: Collection[UserId] = ()) -> None:
        """``freed`` is whom the same act leaves without an identity."""
        stored = self.of(credential.organization, credential.user)
        if (stored.version if stored else -1) != credential.version - 1:
            raise Conflict()
        if stored is None and credential.login and credential.login.digest in self._owners:
            raise Conflict()
        self._require_unbound(credential, freed)

    def _require_unbound(self, credential: Credential, freed: Collection[UserId]) -> None:
        """An identity opens one account of an organization (R44)."""
        bound = self.by_identity(credential.identity) if credential.identity else ()
        here = {other.user for other in bound if other.organization == credential.organization}
        if here - {credential.user, *freed}:
            raise Conflict()

    def put(self, credential: Credential) -> None:
        owner = (credential.organization, credential.user)
        self._kept[owner] = credential
        if credential.login:
            self._owners[credential.login.digest] = owner

    def forget(self, organization: OrganizationId, user: UserId) -> None:
        """The user's sessions; the registry keeps the logins' hashes, tied to nobody (R11)."""
        self._untie(lambda owner: owner == (organization, user))

    def drop(self, organization: OrganizationId) -> None:
        """Every credential and session of the organization."""
        self._untie(lambda owner: owner[0] == organization)
        for owner in [owner for owner in self._kept if owner[0] == organization]:
            del self._kept[owner]

    def _untie(self, gone: Callable[[Owner], bool]) -> None:
        self._owners |= {digest: NOBODY for digest, owner in self._owners.items() if gone(owner)}
        self._sessions = {
            digest: kept for digest, kept in self._sessions.items() if not gone((kept.organization, kept.user))
        }

    def open_session(self, session: KeptSession, kept_since: datetime) -> None:
        with self._lock:
            self._sessions[session.digest] = session
            over = [each for each in self._sessions.values() if each.expires < kept_since]
            for gone in sorted(over, key=lambda each: each.expires)[:PRUNED_BY_EACH]:
                self.end_session(gone.digest)

    def session(self, digest: str) -> KeptSession | None:
        return self._sessions.get(digest)

    def end_session(self, digest: str) -> None:
        with self._lock:
            self._sessions.pop(digest, None)
