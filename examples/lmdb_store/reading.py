"""One organization as it was when the transaction began."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence, Set

from attrs import define

from habilitation.adapters import serialization
from habilitation.domain.catalog import Catalog
from habilitation.domain.credential import Credential
from habilitation.domain.events import Event, OrganizationEvent
from habilitation.domain.journal import NOTHING_YET, Entry, Head, Record
from habilitation.domain.organization import Organization
from habilitation.domain.refusals import CursorMalformed
from habilitation.domain.user import User
from habilitation.domain.values import AgreementId, GroupCode, OrganizationId, Particulars, Seal, UserId
from habilitation.ports.credentials import KeptSession
from habilitation.ports.queries import UserFilter, UserRow
from lmdb_store.database import Tables


def in_order(number: int) -> str:
    """The number, as a part of a place that is in the order of numbers."""
    return f"{number:020}"


@define
class LmdbSnapshot:
    """Users, and what stands beside them, by organization and id."""

    _tables: Tables
    _id: OrganizationId

    @property
    def organization(self) -> Organization | None:
        found: Organization | None = self._tables.get("organizations", self._id)
        return found

    @property
    def head(self) -> Head:
        return self._tables.get("heads", self._id) or NOTHING_YET

    @property
    def catalog(self) -> Catalog:
        return self._tables.get("catalog") or Catalog()

    def particulars(self) -> Particulars:
        found: Particulars = self._tables.get("particulars", self._id)
        return found

    def version(self, user: UserId | None = None, agreement: AgreementId | None = None) -> int:
        return self._tables.get("versions", self._id, user or "", agreement or "") or 0

    def find_user(self, user: UserId) -> User | None:
        found: User | None = self._tables.get("users", self._id, user)
        return found

    def find_row(self, user: UserId) -> UserRow | None:
        found = self.find_user(user)
        return self._row(found) if found else None

    def with_email(self, normal: str) -> Sequence[User]:
        people = self._tables.under("people", self._id)
        ids = [place[-1] for place, person in people if person.email.normal == normal]
        return [self._tables.get("users", self._id, id) for id in ids]

    def find_credential(self, user: UserId) -> Credential | None:
        found: Credential | None = self._tables.get("credentials", self._id, user)
        return found

    def with_identity(self, identity: str) -> Credential | None:
        user = self._tables.get("identities", identity, self._id)
        return self.find_credential(user) if user else None

    def find_session(self, digest: str) -> KeptSession | None:
        found: KeptSession | None = self._tables.get("sessions", digest)
        return found

    def entries(self) -> Sequence[Entry]:
        return self._tables.all("entries", self._id)

    def user_ids(self) -> Set[UserId]:
        return {user.id for user in self._users()}

    def managers(self) -> Sequence[User]:
        return [user for user in self._users() if user.account.delegation]

    def papers(self, seals: Iterable[Seal]) -> Mapping[Seal, str]:
        kept = ((seal, self._tables.get("papers", self._id, seal)) for seal in seals)
        return {seal: paper.text for seal, paper in kept if paper}

    # Queries: every user of the organization is looked at

    def users(self, wanted: UserFilter, after: UserId | None, most: int) -> Sequence[UserRow]:
        rows = sorted(map(self._row, self._users()), key=lambda row: row.place)
        if after is not None:
            last = self.find_row(after)
            if last is None:
                raise CursorMalformed()
            rows = [row for row in rows if row.place > last.place]
        return [row for row in rows if wanted.takes(row)][:most]

    def records(self, after: int, most: int, user: UserId | None = None) -> Sequence[Record[Event]]:
        found: list[Record[Event]] = []
        for _, entry in self._tables.under("entries", self._id, start=in_order(after + 1)):
            record = serialization.decode(entry.body)
            if user is None or getattr(record.event, "user", None) == user:
                found.append(record)
            if len(found) == most:
                break
        return found

    def organization_records(self) -> Sequence[Record[Event]]:
        records = (serialization.decode(entry.body) for entry in self.entries())
        return [record for record in records if isinstance(record.event, OrganizationEvent)]

    def ever_in(self, groups: Collection[GroupCode], after: UserId | None, most: int) -> Sequence[UserId]:
        held = (user.id for user in self._users() if _was_in(user, groups))
        return sorted(id for id in held if after is None or id > after)[:most]

    def _users(self) -> Sequence[User]:
        return self._tables.all("users", self._id)

    def _row(self, user: User) -> UserRow:
        credential = self.find_credential(user.id)
        person = self._tables.get("people", self._id, user.id)
        return UserRow(user, person, credential.login if credential else None, self.version(user.id))


def _was_in(user: User, groups: Collection[GroupCode]) -> bool:
    return any(held.place.group in groups for account in user.accounts for held in account.memberships)
