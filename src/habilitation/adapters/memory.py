"""A store in memory, for tests and trials: one writer per organization, versions checked, nothing live handed out.

A transaction reads under the organization's lock and writes nothing before its end; a snapshot is a copy. Entities are
frozen, so what is handed out cannot change what is kept.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from copy import copy
from datetime import datetime
from threading import RLock

from attrs import Factory, define, evolve, field

from habilitation.adapters import serialization
from habilitation.domain import catalog as catalogs
from habilitation.domain.actors import Author
from habilitation.domain.catalog import Catalog
from habilitation.domain.credential import Credential
from habilitation.domain.events import CatalogEvent, Event
from habilitation.domain.folding import folded
from habilitation.domain.journal import NOTHING_YET, Entry, Head, Record, extend
from habilitation.domain.organization import Organization
from habilitation.domain.refusals import Conflict, CursorMalformed
from habilitation.domain.user import User
from habilitation.domain.values import (
    Login,
    MessageId,
    OrganizationId,
    Paper,
    Particulars,
    Person,
    Seal,
    Siret,
    UserId,
)
from habilitation.ports.credentials import KeptSession
from habilitation.ports.outbox import Delivery, MessageState
from habilitation.ports.queries import UserFilter, UserRow
from habilitation.ports.store import Changes

Owner = tuple[OrganizationId, UserId]


@define
class Shelf:
    """All that is kept of one organization, but for its credentials and messages."""

    organization: Organization | None = None
    particulars: Particulars | None = None
    users: dict[UserId, User] = Factory(dict)
    people: dict[UserId, Person] = Factory(dict)
    by_email: dict[str, set[UserId]] = Factory(lambda: defaultdict(set))
    papers: dict[Seal, Paper] = Factory(dict)
    entries: list[Entry] = Factory(list)
    head: Head = NOTHING_YET

    def copied(self) -> Shelf:
        return evolve(
            self, users=copy(self.users), people=copy(self.people), papers=copy(self.papers), entries=copy(self.entries)
        )

    def take(self, changes: Changes, entries: list[Entry]) -> None:
        """Put everything that the act left in its place."""
        self.organization = changes.organization
        self.particulars = changes.particulars or self.particulars
        for _, user in changes.users:
            self.users[user.id] = user
        for user_id, person in changes.people.items():
            self._put_person(user_id, person)
        self.papers.update({paper.seal: paper for paper in changes.papers})
        self.entries += entries
        self.head = Head(entries[-1].sequence, entries[-1].hash, entries[-1].at)

    def _put_person(self, user: UserId, person: Person) -> None:
        if user in self.people:
            self.by_email[self.people[user].email.normal].discard(user)
        self.people[user] = person
        self.by_email[person.email.normal].add(user)


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

    def find_user(self, user: UserId) -> User | None:
        return self._shelf.users.get(user)

    def find_row(self, user: UserId) -> UserRow | None:
        return self._row(self._shelf.users[user]) if user in self._shelf.users else None

    def find_credential(self, user: UserId) -> Credential | None:
        return self._store.credentials.of(self._id, user)

    def find_session(self, digest: str) -> KeptSession | None:
        return self._store.credentials.session(digest)

    def entries(self) -> Sequence[Entry]:
        return list(self._shelf.entries)

    def user_ids(self) -> Set[UserId]:
        return set(self._shelf.users)

    def papers(self, seals: Iterable[Seal]) -> Mapping[Seal, str]:
        kept = self._shelf.papers
        return {seal: kept[seal].text for seal in seals if seal in kept}

    def users(self, wanted: UserFilter, after: UserId | None, most: int) -> Sequence[UserRow]:
        rows = sorted(map(self._row, self._shelf.users.values()), key=_listed)
        if after is not None:
            last = self.find_row(after)
            if last is None:
                raise CursorMalformed()
            rows = [row for row in rows if _listed(row) > _listed(last)]
        return [row for row in rows if _is_wanted(row, wanted)][:most]

    def records(self, after: int, most: int, user: UserId | None = None) -> Sequence[Record[Event]]:
        found = (serialization.decode(entry.body) for entry in self._shelf.entries[after:])
        return [record for record in found if user is None or getattr(record.event, "user", None) == user][:most]

    @property
    def _id(self) -> OrganizationId:
        return self._shelf.organization.id if self._shelf.organization else OrganizationId("")

    def _row(self, user: User) -> UserRow:
        credential = self.find_credential(user.id)
        return UserRow(user, self._shelf.people.get(user.id), credential.login if credential else None)


def _listed(row: UserRow) -> tuple[str, str, UserId]:
    if row.person is None:
        return ("", "", row.user.id)
    return (folded(row.person.last_name.text), folded(row.person.first_name.text), row.user.id)


def _is_wanted(row: UserRow, wanted: UserFilter) -> bool:
    user = row.user
    if user.removed or (wanted.status and user.status(wanted.at) is not wanted.status):
        return False
    if wanted.waiting and not any(held.waiting for held in user.account.live(wanted.at)):
        return False
    if not _is_of(user, wanted):
        return False
    return not wanted.text or any(text.startswith(wanted.text) for text in _searched(row))


def _is_of(user: User, wanted: UserFilter) -> bool:
    if wanted.agreements is None or user.id in wanted.always:
        return True
    return any(user.is_of(agreement, wanted.at) for agreement in wanted.agreements)


def _searched(row: UserRow) -> Iterator[str]:
    if row.person:
        yield folded(row.person.last_name.text)
        yield folded(row.person.first_name.text)
        yield folded(row.person.email.text)
    if row.login:
        yield folded(row.login.text)


@define
class MemoryTransaction(MemorySnapshot):
    """The organization's one writer; what is saved is put in place at the end."""

    pending: tuple[Changes, list[Entry]] | None = None

    def siret_holder(self, siret: Siret) -> OrganizationId | None:
        return self._store.sirets.get(siret)

    def with_email(self, normal: str) -> Sequence[User]:
        return [self._shelf.users[user] for user in self._shelf.by_email.get(normal, ())]

    def managers(self) -> Sequence[User]:
        return [user for user in self._shelf.users.values() if user.account.delegation]

    def save(self, changes: Changes) -> None:
        first = self.head.sequence + 1
        bodies = [
            serialization.encode(sequence, changes.at, changes.by, event)
            for sequence, event in enumerate(changes.events, first)
        ]
        self.pending = (changes, extend(self.head, changes.at, bodies))

    def commit(self) -> None:
        if self.pending is None:
            return
        changes, entries = self.pending
        if entries[0].sequence != self._shelf.head.sequence + 1:
            raise Conflict()
        self._store.register(changes)
        self._shelf.take(changes, entries)


@define
class MemoryCatalog:
    """The catalog's one writer."""

    catalog: Catalog
    head: Head
    entries: list[Entry]

    def save(self, at: datetime, by: Author, event: CatalogEvent) -> None:
        body = serialization.encode(self.head.sequence + 1, at, by, event)
        [entry] = extend(self.head, at, [body])
        self.entries.append(entry)
        self.head = Head(entry.sequence, entry.hash, entry.at)
        self.catalog = catalogs.evolve(self.catalog, event, at)


@define
class MemoryCredentials:
    """Credentials and sessions, each call whole under one lock."""

    _lock: RLock
    _kept: dict[Owner, Credential] = Factory(dict)
    _owners: dict[str, Owner] = Factory(dict)
    _sessions: dict[str, KeptSession] = Factory(dict)

    def by_login(self, login: Login) -> Credential | None:
        with self._lock:
            owner = self._owners.get(login.digest)
            found = self._kept.get(owner) if owner else None
            return found if found and found.login else None

    def of(self, organization: OrganizationId, user: UserId) -> Credential | None:
        return self._kept.get((organization, user))

    def save(self, credential: Credential) -> None:
        with self._lock:
            self.require_storable(credential)
            self.put(credential)

    def require_storable(self, credential: Credential) -> None:
        stored = self.of(credential.organization, credential.user)
        if (stored.version if stored else -1) != credential.version - 1:
            raise Conflict()
        if stored is None and credential.login and credential.login.digest in self._owners:
            raise Conflict()

    def put(self, credential: Credential) -> None:
        owner = (credential.organization, credential.user)
        self._kept[owner] = credential
        if credential.login:
            self._owners[credential.login.digest] = owner

    def open_session(self, session: KeptSession) -> None:
        self._sessions[session.digest] = session

    def session(self, digest: str) -> KeptSession | None:
        return self._sessions.get(digest)

    def end_session(self, digest: str) -> None:
        self._sessions.pop(digest, None)


@define
class MemoryOutbox:
    """Messages, in the order of their ids."""

    _lock: RLock
    _deliveries: dict[MessageId, Delivery] = Factory(dict)

    def put(self, delivery: Delivery) -> None:
        self._deliveries[delivery.message.id] = delivery

    def take(
        self, now: datetime, until: datetime, most: int, organization: OrganizationId | None = None
    ) -> Sequence[Delivery]:
        with self._lock:
            due = self._select(lambda kept: kept.state is MessageState.WAITING and kept.due <= now, organization)
            taken = [evolve(kept, attempts=kept.attempts + 1, due=until) for kept in due[:most]]
            self._deliveries.update({kept.message.id: kept for kept in taken})
            return taken

    def settle(self, delivery: Delivery) -> None:
        with self._lock:
            self.put(delivery)

    def dead(self, organization: OrganizationId | None = None) -> Sequence[Delivery]:
        with self._lock:
            return self._select(lambda kept: kept.state is MessageState.DEAD, organization)

    def find(self, message: MessageId) -> Delivery | None:
        return self._deliveries.get(message)

    def _select(self, wanted: Callable[[Delivery], bool], organization: OrganizationId | None) -> list[Delivery]:
        found = [
            kept
            for kept in self._deliveries.values()
            if wanted(kept) and organization in (None, kept.message.organization)
        ]
        return sorted(found, key=lambda kept: (kept.due, kept.message.id))


@define
class MemoryStore:
    """Everything in this process, gone with it."""

    _lock: RLock = Factory(RLock)
    """Held for the moment of a commit, and by whoever looks at what organizations share."""
    _locks: dict[OrganizationId, RLock] = Factory(lambda: defaultdict(RLock))
    _shelves: dict[OrganizationId, Shelf] = Factory(lambda: defaultdict(Shelf))
    sirets: dict[Siret, OrganizationId] = Factory(dict)
    _catalog: MemoryCatalog = Factory(lambda: MemoryCatalog(Catalog(), NOTHING_YET, []))
    credentials: MemoryCredentials = field(init=False)
    outbox: MemoryOutbox = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.credentials = MemoryCredentials(self._lock)
        self.outbox = MemoryOutbox(self._lock)

    @contextmanager
    def writing(self, organization: OrganizationId) -> Iterator[MemoryTransaction]:
        with self._lock:
            lock = self._locks[organization]
        with lock:
            shelf = self._shelves.get(organization) or Shelf()
            transaction = MemoryTransaction(self, shelf, self.catalog())
            yield transaction
            with self._lock:
                transaction.commit()
                if shelf.organization:
                    self._shelves[organization] = shelf

    @contextmanager
    def reading(self, organization: OrganizationId) -> Iterator[MemorySnapshot]:
        with self._lock:
            shelf = self._shelves.get(organization) or Shelf()
            snapshot = MemorySnapshot(self, shelf.copied(), self.catalog())
        yield snapshot

    def register(self, changes: Changes) -> None:
        """What organizations share: checked whole before any of it is put in place."""
        for credential in changes.credentials:
            self.credentials.require_storable(credential)
        if changes.particulars:
            holder = self.sirets.setdefault(changes.particulars.siret, changes.organization.id)
            if holder != changes.organization.id:
                raise Conflict()
        for credential in changes.credentials:
            self.credentials.put(credential)
        for message in changes.messages:
            self.outbox.put(Delivery(message, MessageState.WAITING, 0, changes.due))

    @contextmanager
    def cataloging(self) -> Iterator[MemoryCatalog]:
        with self._lock:
            kept = self._catalog
            writer = MemoryCatalog(kept.catalog, kept.head, list(kept.entries))
            yield writer
            self._catalog = writer

    def catalog(self) -> Catalog:
        return self._catalog.catalog

    def organizations(self) -> Sequence[OrganizationId]:
        with self._lock:
            return list(self._shelves)

    def entries(self, organization: OrganizationId) -> Sequence[Entry]:
        with self._lock:
            return list(self._shelves[organization].entries) if organization in self._shelves else []

    def catalog_entries(self) -> Sequence[Entry]:
        return list(self._catalog.entries)

    def decode(self, entry: Entry) -> Record[Event]:
        return serialization.decode(entry.body)

    def close(self) -> None:
        """Nothing to let go of."""
