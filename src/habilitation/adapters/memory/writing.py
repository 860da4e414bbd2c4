"""An organization's one writer."""

from __future__ import annotations

from datetime import datetime

from attrs import define

from habilitation.adapters import serialization
from habilitation.adapters.memory.reading import MemorySnapshot
from habilitation.domain.journal import Entry, extend
from habilitation.domain.refusals import Conflict
from habilitation.domain.terms import Done
from habilitation.domain.values import OrganizationId, Siret
from habilitation.ports.store import Changes


@define
class MemoryTransaction(MemorySnapshot):
    """The organization's one writer; what is saved is put in place at the end."""

    pending: tuple[Changes, list[Entry]] | None = None
    dropping: bool = False
    kept: tuple[Done, datetime] | None = None

    @property
    def saved(self) -> Changes | None:
        return self.pending[0] if self.pending else None

    def done(self, key: str, since: datetime) -> Done | None:
        return self._store.done_acts.find(self._id, key, since)

    def keep(self, done: Done, since: datetime) -> None:
        self.kept = (done, since)

    def siret_holder(self, siret: Siret) -> OrganizationId | None:
        return self._store.sirets.get(siret)

    def save(self, changes: Changes) -> None:
        first = self.head.sequence + 1
        bodies = [
            serialization.encode(sequence, changes.at, changes.by, event)
            for sequence, event in enumerate(changes.events, first)
        ]
        self.pending = (changes, extend(self.head, changes.at, bodies))

    def drop(self) -> None:
        self.dropping = True

    def commit(self) -> None:
        where = self._id
        if self.kept:
            self._store.done_acts.require_new(where, *self.kept)
        if self.dropping:
            self._store.drop(where, self.head)
        if self.pending:
            self._commit(*self.pending)
        if self.kept:
            self._store.done_acts.put(where, *self.kept)

    def _commit(self, changes: Changes, entries: list[Entry]) -> None:
        if entries[0].sequence != self._shelf.head.sequence + 1:
            raise Conflict()
        self._store.register(changes)
        self._shelf.take(changes, entries)
