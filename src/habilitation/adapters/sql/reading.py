"""One organization as a transaction sees it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence, Set
from functools import cached_property
from typing import Self

from habilitation.adapters import serialization
from habilitation.adapters.sql import listing, rows, statements
from habilitation.adapters.sql.catalogs import Catalogs
from habilitation.adapters.sql.credentials import credential_by, credential_of, session_of
from habilitation.adapters.sql.database import Database, Line, Work
from habilitation.adapters.sql.remembered import Remembered
from habilitation.adapters.sql.rows import Row
from habilitation.adapters.sql.statement import Statement
from habilitation.domain.catalog import Catalog
from habilitation.domain.credential import Credential
from habilitation.domain.events import Event
from habilitation.domain.journal import NOTHING_YET, Entry, Head, Record
from habilitation.domain.organization import Organization
from habilitation.domain.refusals import CursorMalformed, OrganizationUnknown
from habilitation.domain.user import User
from habilitation.domain.values import (
    AgreementId,
    GroupCode,
    Login,
    OrganizationId,
    Particulars,
    Seal,
    UserId,
)
from habilitation.ports.credentials import KeptSession
from habilitation.ports.queries import UserFilter, UserRow

AT_ONCE = 100
"""Of how many users memberships are read by one statement."""


class SqlSnapshot:
    """One organization as it was when the transaction began; ``with`` begins and ends it."""

    _writes = False

    def __init__(
        self, database: Database, id: OrganizationId, known: Remembered[Organization], catalogs: Catalogs
    ) -> None:
        self._database = database
        self._id = id
        self._known = known
        self._catalogs = catalogs

    def __enter__(self) -> Self:
        self._work = Work(self._database, self._writes)
        self._line = self._work.line
        try:
            self.head = self._read_head()
            self.organization = self._read_organization()
        except BaseException as error:
            self._work.end(error)
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        self._work.end(error)

    def _all(self, statement: Statement, *parameters: object) -> list[Row]:
        return self._line.fetched(statement, *parameters)

    def _one(self, statement: Statement, *parameters: object) -> Row | None:
        return self._line.found(statement, *parameters)

    def _read_head(self) -> Head:
        row = self._one(statements.TAKE if self._writes else statements.HEAD, self._id)
        return NOTHING_YET if row is None else Head(row[0], row[1], rows.instant(row[2]))

    def _read_organization(self) -> Organization | None:
        if self.head is NOTHING_YET:
            return None
        known = self._known.get(self._id, self.head.hash)
        return known if known is not None else self._load_organization()

    def _load_organization(self) -> Organization:
        [standing] = self._all(statements.STANDING, self._id)
        agreements = self._all(statements.AGREEMENTS, self._id)
        groups = self._all(statements.AGREEMENT_GROUPS, self._id)
        loaded = rows.organization(self._id, standing, agreements, groups)
        self._known.put(self._id, self.head.hash, loaded)
        return loaded

    @cached_property
    def catalog(self) -> Catalog:
        return self._catalogs.at(self._line, self._catalogs.head(self._line))

    def particulars(self) -> Particulars:
        row = self._one(statements.PARTICULARS, self._id)
        if row is None:
            raise OrganizationUnknown()
        return rows.particulars(*row)

    def version(self, user: UserId | None = None, agreement: AgreementId | None = None) -> int:
        if user is not None:
            row = self._one(statements.USER_VERSION, self._id, user)
        elif agreement is not None:
            row = self._one(statements.AGREEMENT_VERSION, self._id, agreement)
        else:
            row = self._one(statements.ORGANIZATION_VERSION, self._id)
        return row[0] or 0 if row else 0

    def find_user(self, user: UserId) -> User | None:
        users = self._users(self._all(statements.FIND_USER, self._id, user))
        return users[0] if users else None

    def find_row(self, user: UserId) -> UserRow | None:
        users = self._user_rows(self._all(statements.FIND_ROW, self._id, user))
        return users[0] if users else None

    def with_email(self, normal: str) -> Sequence[User]:
        return self._users(self._all(statements.WITH_EMAIL, self._id, normal))

    def find_credential(self, user: UserId) -> Credential | None:
        return credential_of(self._line, self._id, user)

    def with_identity(self, identity: str) -> Credential | None:
        return credential_by(self._line, self._id, identity)

    def find_session(self, digest: str) -> KeptSession | None:
        return session_of(self._line, digest)

    def entries(self) -> Sequence[Entry]:
        return entries(self._line, self._id)

    def user_ids(self) -> Set[UserId]:
        return {user for (user,) in self._all(statements.USER_IDS, self._id)}

    def managers(self) -> Sequence[User]:
        return self._users(self._all(statements.MANAGERS, self._id))

    def papers(self, seals: Iterable[Seal]) -> Mapping[Seal, str]:
        kept = ((seal, self._one(statements.PAPER, self._id, seal)) for seal in seals)
        return {seal: row[0] for seal, row in kept if row}

    def users(self, wanted: UserFilter, after: UserId | None, most: int) -> Sequence[UserRow]:
        statement, parameters = listing.page(self._id, wanted, self._keys(after), most)
        return self._user_rows(self._all(statement, *parameters))

    def _keys(self, after: UserId | None) -> listing.Keys | None:
        if after is None:
            return None
        row = self._one(statements.KEYS, self._id, after)
        if row is None:
            raise CursorMalformed()
        return (row[0], row[1], after)

    def records(self, after: int, most: int, user: UserId | None = None) -> Sequence[Record[Event]]:
        if user is None:
            bodies = self._all(statements.RECORDS, self._id, after, most)
        else:
            bodies = self._all(statements.RECORDS_ABOUT, self._id, user, after, most)
        return [serialization.decode(body) for (body,) in bodies]

    def organization_records(self) -> Sequence[Record[Event]]:
        return [serialization.decode(body) for (body,) in self._all(statements.RECORDS_OF_ORGANIZATION, self._id)]

    def ever_in(self, groups: Collection[GroupCode], after: UserId | None, most: int) -> Sequence[UserId]:
        if not groups:
            return []
        found = self._all(statements.ever_in(len(groups)), self._id, *groups, after or "", most)
        return [user for (user,) in found]

    # Several users at a time: one statement for the users, one for their memberships, one for past accounts if any

    def _users(self, kept: list[Row]) -> list[User]:
        if not kept:
            return []
        past = self._belonging(statements.past_accounts_of, [row[0] for row in kept if row[7] > 1])
        held = self._belonging(statements.memberships_of, [row[0] for row in kept])
        return rows.users(kept, past, held)

    def _belonging(self, statement: Callable[[int], Statement], users: list[UserId]) -> list[Row]:
        found: list[Row] = []
        for first in range(0, len(users), AT_ONCE):
            some = users[first : first + AT_ONCE]
            found += self._all(statement(len(some)), self._id, *some)
        return found

    def _user_rows(self, kept: list[Row]) -> list[UserRow]:
        return [
            UserRow(user, rows.person(*row[19:28]), None if row[28] is None else Login(row[28]), row[29])
            for user, row in zip(self._users(kept), kept, strict=True)
        ]


def entries(line: Line, organization: OrganizationId) -> Sequence[Entry]:
    """The organization's journal, verbatim."""
    kept = line.fetched(statements.ENTRIES, organization)
    return [rows.entry(row) for row in kept]
