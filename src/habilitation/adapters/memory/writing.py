"""An organization's one writer."""

from __future__ import annotations

from attrs import define

from habilitation.adapters import serialization
from habilitation.adapters.memory.reading import MemorySnapshot
from habilitation.domain.journal import Entry, extend
from habilitation.domain.refusals import Conflict
from habilitation.domain.values import (
    OrganizationId,
    Siret,
)
from habilitation.ports.store import Changes


@define
class MemoryTransaction(MemorySnapshot):
    """The organization's one writer; what is saved is put in place at the end."""

    pending: tuple[Changes, list[Entry]] | None = None
    dropping: bool = False

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
        if self.dropping:
            self._store.drop(self._id, self.head)
        if self.pending is None:
            return
        changes, entries = self.pending
        if entries[0].sequence != self._shelf.head.sequence + 1:
            raise Conflict()
        self._store.register(changes)
        self._shelf.take(changes, entries)
