"""One organization as it was when the snapshot was taken."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from typing import TYPE_CHECKING

from attrs import define

from habilitation.adapters import serialization
from habilitation.adapters.memory.shelf import Shelf
from habilitation.domain.catalog import Catalog
from habilitation.domain.credential import Credential
from habilitation.domain.events import Event, OrganizationEvent
from habilitation.domain.journal import Entry, Head, Record
from habilitation.domain.organization import Organization
from habilitation.domain.refusals import CursorMalformed
from habilitation.domain.user import User
from habilitation.domain.values import (
    AgreementId,
    GroupCode,
    OrganizationId,
    Particulars,
    Seal,
    UserId,
)
from habilitation.ports.credentials import KeptSession
from habilitation.ports.queries import UserFilter, UserRow

if TYPE_CHECKING:
    from habilitation.adapters.memory.store import MemoryStore


@define
class MemorySnapshot:
    """One organization's shelf, to be read."""

    _store: MemoryStore
    _shelf: Shelf
    catalog: Catalog

    @property
    def organization(self) -> Organization | None:
        return self._shelf.organization

    @property
    def head(self) -> Head:
        return self._shelf.head

    def particulars(self) -> Particulars:
        assert self._shelf.particulars is not None, "an organization is stored with its particulars"
        return self._shelf.particulars

    def version(self, user: UserId | None = None, agreement: AgreementId | None = None) -> int:
        return self._shelf.versions.get((user, agreement), 0)

    def find_user(self, user: UserId) -> User | None:
        return self._shelf.users.get(user)

    def find_row(self, user: UserId) -> UserRow | None:
        return self._row(self._shelf.users[user]) if user in self._shelf.users else None

    def with_email(self, normal: str) -> Sequence[User]:
        return [self._shelf.users[user] for user in self._shelf.by_email.get(normal, ())]

    def find_credential(self, user: UserId) -> Credential | None:
        return self._store.credentials.of(self._id, user)

    def with_identity(self, identity: str) -> Credential | None:
        bound = self._store.credentials.by_identity(identity)
        return next((credential for credential in bound if credential.organization == self._id), None)

    def find_session(self, digest: str) -> KeptSession | None:
        return self._store.credentials.session(digest)

    def entries(self) -> Sequence[Entry]:
        return list(self._shelf.entries)

    def user_ids(self) -> Set[UserId]:
        return set(self._shelf.users)

    def managers(self) -> Sequence[User]:
        return [user for user in self._shelf.users.values() if user.account.delegation]

    def papers(self, seals: Iterable[Seal]) -> Mapping[Seal, str]:
        kept = self._shelf.papers
        return {seal: kept[seal].text for seal in seals if seal in kept}

    def users(self, wanted: UserFilter, after: UserId | None, most: int) -> Sequence[UserRow]:
        rows = sorted(map(self._row, self._shelf.users.values()), key=lambda row: row.place)
        if after is not None:
            last = self.find_row(after)
            if last is None:
                raise CursorMalformed()
            rows = [row for row in rows if row.place > last.place]
        return [row for row in rows if wanted.takes(row)][:most]

    def records(self, after: int, most: int, user: UserId | None = None) -> Sequence[Record[Event]]:
        found = (serialization.decode(entry.body) for entry in self._shelf.entries[after:])
        return [record for record in found if user is None or getattr(record.event, "user", None) == user][:most]

    def organization_records(self) -> Sequence[Record[Event]]:
        found = (serialization.decode(entry.body) for entry in self._shelf.entries)
        return [record for record in found if isinstance(record.event, OrganizationEvent)]

    def ever_in(self, groups: Collection[GroupCode], after: UserId | None, most: int) -> Sequence[UserId]:
        held = (user.id for user in self._shelf.users.values() if _ever_in(user, groups))
        return sorted(id for id in held if after is None or id > after)[:most]

    @property
    def _id(self) -> OrganizationId:
        return self._shelf.organization.id if self._shelf.organization else OrganizationId("")

    def _row(self, user: User) -> UserRow:
        credential = self.find_credential(user.id)
        login = credential.login if credential else None
        return UserRow(user, self._shelf.people.get(user.id), login, self.version(user.id))


def _ever_in(user: User, groups: Collection[GroupCode]) -> bool:
    return any(held.place.group in groups for account in user.accounts for held in account.memberships)
