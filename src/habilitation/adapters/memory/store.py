"""The store that is gone with its process."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from threading import RLock
from typing import Any
from weakref import WeakValueDictionary

from attrs import Factory, define, field

from habilitation.adapters import serialization
from habilitation.adapters.memory.attempts import MemoryAttempts
from habilitation.adapters.memory.catalog import MemoryCatalog
from habilitation.adapters.memory.credentials import MemoryCredentials
from habilitation.adapters.memory.done_acts import MemoryDoneActs
from habilitation.adapters.memory.links import MemoryLinks
from habilitation.adapters.memory.outbox import MemoryOutbox
from habilitation.adapters.memory.reading import MemorySnapshot
from habilitation.adapters.memory.security_log import MemorySecurityLog
from habilitation.adapters.memory.shelf import Shelf
from habilitation.adapters.memory.writing import MemoryTransaction
from habilitation.domain.catalog import Catalog
from habilitation.domain.journal import NOTHING_YET, Entry, Head, Record
from habilitation.domain.organization import OrganizationState
from habilitation.domain.refusals import Conflict, CursorMalformed
from habilitation.domain.values import (
    OrganizationId,
    Siret,
    UserId,
)
from habilitation.ports.outbox import Delivery, MessageState
from habilitation.ports.store import Changes, Closed, Version


@define
class MemoryStore:
    """Everything in this process, gone with it."""

    _lock: RLock = Factory(RLock)
    """Held for the moment of a commit, and by whoever looks at what organizations share."""
    _locks: WeakValueDictionary[OrganizationId, RLock] = Factory(WeakValueDictionary)
    """One for each organization that somebody is writing to or waits for, gone with the last of them."""
    _shelves: dict[OrganizationId, Shelf] = Factory(dict)
    sirets: dict[Siret, OrganizationId] = Factory(dict)
    _dropped: dict[OrganizationId, Head] = Factory(dict)
    done_acts: MemoryDoneActs = Factory(MemoryDoneActs)
    _catalog: MemoryCatalog = field(init=False)
    links: MemoryLinks = Factory(MemoryLinks)
    credentials: MemoryCredentials = field(init=False)
    outbox: MemoryOutbox = field(init=False)
    attempts: MemoryAttempts = field(init=False)
    security_log: MemorySecurityLog = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._catalog = MemoryCatalog(self.done_acts, Catalog(), NOTHING_YET, [])
        self.outbox = MemoryOutbox(self._lock)
        self.attempts = MemoryAttempts(self._lock)
        self.security_log = MemorySecurityLog(self._lock)
        self.credentials = MemoryCredentials(self._lock, self.outbox)

    @contextmanager
    def writing(self, organization: OrganizationId) -> Iterator[MemoryTransaction]:
        with self._lock:
            lock = self._locks.setdefault(organization, RLock())
        with lock:
            shelf = self._shelves.get(organization) or Shelf()
            transaction = MemoryTransaction(self, shelf, self.catalog())
            yield transaction
            with self._lock:
                transaction.commit()
                if shelf.organization and not transaction.dropping:
                    self._shelves[organization] = shelf

    @contextmanager
    def reading(self, organization: OrganizationId) -> Iterator[MemorySnapshot]:
        with self._lock:
            shelf = self._shelves.get(organization) or Shelf()
            snapshot = MemorySnapshot(self, shelf.copied(), self.catalog())
        yield snapshot

    def register(self, changes: Changes) -> None:
        """What organizations share: checked whole before any of it is put in place."""
        freed = {credential.user for credential in changes.credentials if credential.identity is None}
        for credential in changes.credentials:
            self.credentials.require_storable(credential, freed)
        self._register_siret(changes)
        if changes.erased:
            self._forget(changes.organization.id, changes.erased.user)
        for credential in changes.credentials:
            self.credentials.put(credential)
        for message in changes.messages:
            self.outbox.put(Delivery(message, MessageState.WAITING, 0, changes.due))

    def _forget(self, organization: OrganizationId, user: UserId) -> None:
        """The credential apart, which is put as the act leaves it."""
        credential = self.credentials.of(organization, user)
        if credential and credential.login:
            self.attempts.forgive(credential.login)
        for kept in (self.credentials, self.links, self.outbox, self.security_log):
            kept.forget(organization, user)

    def drop(self, organization: OrganizationId, head: Head) -> None:
        """All of the organization but the head of its journal."""
        self._dropped[organization] = head
        self._shelves.pop(organization, None)
        self.sirets = {siret: holder for siret, holder in self.sirets.items() if holder != organization}
        for kept in (self.credentials, self.links, self.outbox, self.security_log, self.done_acts):
            kept.drop(organization)

    def _register_siret(self, changes: Changes) -> None:
        """An organization has the SIRET of its particulars, and once it is closed none (R1)."""
        id, closed = changes.organization.id, changes.organization.state is OrganizationState.CLOSED
        if changes.particulars and self.sirets.get(changes.particulars.siret, id) != id:
            raise Conflict()
        if changes.particulars or closed:
            self.sirets = {siret: holder for siret, holder in self.sirets.items() if holder != id}
        if changes.particulars and not closed:
            self.sirets[changes.particulars.siret] = id

    @contextmanager
    def cataloging(self) -> Iterator[MemoryCatalog]:
        with self._lock:
            kept = self._catalog
            writer = MemoryCatalog(self.done_acts, kept.catalog, kept.head, list(kept.entries))
            yield writer
            writer.commit()
            self._catalog = writer

    def catalog(self) -> Catalog:
        return self._catalog.catalog

    def organizations(
        self, after: OrganizationId | None = None, most: int | None = None, text: str = ""
    ) -> Sequence[OrganizationId]:
        with self._lock:
            known = list(self._shelves)
            called = {id for id in known if text in self._shelves[id].called}
        if after is not None and after not in known:
            raise CursorMalformed()
        first = 0 if after is None else known.index(after) + 1
        return [id for id in known[first:] if id in called][:most]

    def siret_holder(self, siret: Siret) -> OrganizationId | None:
        with self._lock:
            return self.sirets.get(siret)

    def entries(self, organization: OrganizationId) -> Sequence[Entry]:
        with self._lock:
            return list(self._shelves[organization].entries) if organization in self._shelves else []

    def dropped(self, organization: OrganizationId) -> Head | None:
        return self._dropped.get(organization)

    def versions(self, after: OrganizationId | None, most: int) -> Sequence[Version]:
        with self._lock:
            known = [Version(id, shelf.head.sequence) for id, shelf in self._shelves.items()]
            gone = [Version(id, head.sequence, dropped=True) for id, head in self._dropped.items()]
        later = (version for version in known + gone if after is None or version.organization > after)
        return sorted(later, key=lambda version: version.organization)[:most]

    def closed(
        self, until: datetime, most: int, organization: OrganizationId | None = None, after: Closed | None = None
    ) -> Sequence[Closed]:
        with self._lock:
            asked = [shelf for id, shelf in self._shelves.items() if organization in (None, id)]
            found = [closed for shelf in asked for closed in shelf.closed()]
        return sorted(one for one in found if one.since <= until and (after is None or one > after))[:most]

    def closed_organizations(self, until: datetime, most: int) -> Sequence[OrganizationId]:
        with self._lock:
            ended = [(shelf.ended, id) for id, shelf in self._shelves.items() if shelf.ended]
        return [id for since, id in sorted(ended) if since <= until][:most]

    def residue(self) -> bool:
        return False

    def wipe(self) -> None:
        """What was erased is nowhere: there are no files."""

    def catalog_entries(self) -> Sequence[Entry]:
        return list(self._catalog.entries)

    def decode(self, entry: Entry) -> Record[Any]:
        return serialization.decode(entry.body)

    def close(self) -> None:
        """Nothing to let go of."""
