"""Credentials and sessions in tables of their own: an act elsewhere in the organization never meets them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from attrs import frozen

from habilitation.adapters.sql import statements
from habilitation.adapters.sql.database import Database, Line, Work
from habilitation.adapters.sql.outbox import message_row
from habilitation.adapters.sql.rows import Row, instant, instant_or_none, micros, micros_or_none
from habilitation.domain.actors import Stage
from habilitation.domain.credential import Credential, Minted, Standing
from habilitation.domain.messages import Message
from habilitation.domain.refusals import Conflict
from habilitation.domain.values import Login, OrganizationId, UserId
from habilitation.ports.credentials import PRUNED_BY_EACH, KeptSession


@frozen
class SqlCredentials:
    """Each call is a transaction by itself."""

    _database: Database

    def by_login(self, login: Login) -> Credential | None:
        with Work(self._database, writes=False) as line:
            row = line.found(statements.BY_LOGIN, login.digest)
        credential = None if row is None else _credential(row)
        return credential if credential and credential.login == login else None

    def by_identity(self, identity: str) -> Sequence[Credential]:
        with Work(self._database, writes=False) as line:
            return [_credential(row) for row in line.fetched(statements.BY_IDENTITY, identity)]

    def of(self, organization: OrganizationId, user: UserId) -> Credential | None:
        with Work(self._database, writes=False) as line:
            return credential_of(line, organization, user)

    def save(self, credential: Credential) -> None:
        with Work(self._database, writes=True) as line:
            put(line, credential)

    def save_telling(self, credential: Credential, message: Message, due: datetime) -> None:
        with Work(self._database, writes=True) as line:
            put(line, credential)
            line.write(statements.ADD_MESSAGE, *message_row(message, micros(due)))

    def open_session(self, session: KeptSession, kept_since: datetime) -> None:
        with Work(self._database, writes=True) as line:
            line.write(statements.ADD_SESSION, *_session_row(session))
            line.write(statements.PRUNE_SESSIONS, micros(kept_since), PRUNED_BY_EACH)

    def session(self, digest: str) -> KeptSession | None:
        with Work(self._database, writes=False) as line:
            return session_of(line, digest)

    def end_session(self, digest: str) -> None:
        with Work(self._database, writes=True) as line:
            line.write(statements.END_SESSION, digest)


def put(line: Line, credential: Credential) -> None:
    """A new credential, or what follows the version that is stored; a ``Conflict`` where anything else is."""
    if credential.version == 0:
        line.write(statements.ADD_CREDENTIAL, credential.organization, credential.user, *_values(credential))
        if credential.login:
            line.write(statements.ADD_LOGIN, credential.login.digest, credential.organization, credential.user)
        return
    known = (credential.organization, credential.user, credential.version - 1)
    line.change(statements.CHANGE_CREDENTIAL, *_values(credential), *known)
    if credential.login:
        _register(line, credential, credential.login)


def _register(line: Line, credential: Credential, login: Login) -> None:
    """A login is registered once and forever, even if it is another than the credential had (R11)."""
    owner = (credential.organization, credential.user)
    line.write(statements.KEEP_LOGIN, login.digest, *owner)
    if line.found(statements.LOGIN_OWNER, login.digest) != owner:
        raise Conflict()


def credential_of(line: Line, organization: OrganizationId, user: UserId) -> Credential | None:
    """The user's credential, dead or alive."""
    row = line.found(statements.FIND_CREDENTIAL, organization, user)
    return None if row is None else _credential(row)


def credential_by(line: Line, organization: OrganizationId, identity: str) -> Credential | None:
    """The organization's credential that the identity opens."""
    row = line.found(statements.BY_IDENTITY_HERE, identity, organization)
    return None if row is None else _credential(row)


def session_of(line: Line, digest: str) -> KeptSession | None:
    """The session whose token has that hash."""
    row = line.found(statements.FIND_SESSION, digest)
    if row is None:
        return None
    organization, kept, user, generation, spell, stage, expires, identity = row
    return KeptSession(kept, organization, user, generation, spell, Stage(stage), instant(expires), identity)


def _values(credential: Credential) -> Row:
    return (
        credential.login.text if credential.login else None,
        credential.standing.value,
        credential.generation,
        json.dumps([[minted.hash, micros(minted.at)] for minted in credential.minted]) if credential.minted else "[]",
        credential.used,
        credential.chosen,
        micros_or_none(credential.expires),
        credential.version,
        json.dumps(list(map(micros, credential.asked))) if credential.asked else None,
        credential.opened,
        credential.identity,
    )


def _credential(row: Row) -> Credential:
    organization, user, login, standing, generation, minted, used, chosen, expires, version, asked, opened, identity = (
        row
    )
    return Credential(
        organization,
        user,
        None if login is None else Login(login),
        Standing(standing),
        generation,
        tuple(Minted(hash, instant(at)) for hash, at in json.loads(minted)),
        bool(used),
        chosen,
        identity,
        instant_or_none(expires),
        tuple(map(instant, json.loads(asked))) if asked else (),
        bool(opened),
        version,
    )


def _session_row(session: KeptSession) -> Row:
    return (
        session.organization,
        session.digest,
        session.user,
        session.generation,
        session.spell,
        session.stage.value,
        micros(session.expires),
        session.identity,
    )
