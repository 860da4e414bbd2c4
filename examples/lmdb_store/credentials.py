"""Credentials, found by organization and user, by login and by identity; and sessions, by their digests."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from attrs import frozen

from habilitation.domain.credential import Credential
from habilitation.domain.messages import Message
from habilitation.domain.refusals import Conflict
from habilitation.domain.values import Login, OrganizationId, UserId
from habilitation.ports.credentials import PRUNED_BY_EACH, KeptSession
from lmdb_store import outbox
from lmdb_store.database import Database, Tables


def put_credential(tables: Tables, credential: Credential) -> None:
    """Store what follows the version that is there; a login, and in an organization an identity, is one user's."""
    owner = (credential.organization, credential.user)
    before: Credential | None = tables.get("credentials", *owner)
    if (before.version if before else -1) != credential.version - 1:
        raise Conflict()
    tables.put(credential, "credentials", *owner)
    if credential.login:
        _take(tables, owner, "logins", credential.login.digest)
    if before and before.identity and before.identity != credential.identity:
        tables.delete("identities", before.identity, credential.organization)
    if credential.identity:
        _take(tables, credential.user, "identities", credential.identity, credential.organization)


def _take(tables: Tables, owner: object, *place: str) -> None:
    if tables.get(*place) not in (None, owner):
        raise Conflict()
    tables.put(owner, *place)


@frozen
class LmdbCredentials:
    """Each call is a transaction."""

    _database: Database

    def by_login(self, login: Login) -> Credential | None:
        with self._database.reading() as tables:
            owner = tables.get("logins", login.digest)
            found: Credential | None = tables.get("credentials", *owner) if owner else None
        return found if found and found.login else None

    def by_identity(self, identity: str) -> Sequence[Credential]:
        with self._database.reading() as tables:
            bound = [(place[-1], user) for place, user in tables.under("identities", identity)]
            return [tables.get("credentials", organization, user) for organization, user in bound]

    def of(self, organization: OrganizationId, user: UserId) -> Credential | None:
        with self._database.reading() as tables:
            found: Credential | None = tables.get("credentials", organization, user)
        return found

    def save(self, credential: Credential) -> None:
        with self._database.writing() as tables:
            put_credential(tables, credential)

    def save_telling(self, credential: Credential, message: Message, due: datetime) -> None:
        with self._database.writing() as tables:
            put_credential(tables, credential)
            outbox.put(tables, message, due)

    def open_session(self, session: KeptSession, kept_since: datetime) -> None:
        with self._database.writing() as tables:
            tables.put(session, "sessions", session.digest)
            over = [(kept.expires, place) for place, kept in tables.under("sessions") if kept.expires < kept_since]
            for _, place in sorted(over)[:PRUNED_BY_EACH]:
                tables.delete(*place)

    def session(self, digest: str) -> KeptSession | None:
        with self._database.reading() as tables:
            found: KeptSession | None = tables.get("sessions", digest)
        return found

    def end_session(self, digest: str) -> None:
        with self._database.writing() as tables:
            tables.delete("sessions", digest)
