"""An organization's one writer."""

from __future__ import annotations

from datetime import datetime

from attrs import define

from habilitation.adapters import serialization
from habilitation.domain.journal import NOTHING_YET, Head, extend
from habilitation.domain.organization import OrganizationState
from habilitation.domain.refusals import Conflict
from habilitation.domain.terms import Done
from habilitation.domain.values import OrganizationId, Particulars, Siret
from habilitation.ports.store import Changes, versioned
from lmdb_store import done_acts, erasing, outbox
from lmdb_store.credentials import put_credential
from lmdb_store.reading import LmdbSnapshot, in_order


@define
class LmdbTransaction(LmdbSnapshot):
    """What is to be done is only noted before the end: nothing is half done when something is refused."""

    saved: Changes | None = None
    _dropping: bool = False
    _kept: tuple[Done, datetime] | None = None

    def siret_holder(self, siret: Siret) -> OrganizationId | None:
        found: OrganizationId | None = self._tables.get("sirets", siret.digits)
        return found

    def done(self, key: str, since: datetime) -> Done | None:
        return done_acts.find(self._tables, self._where, key, since)

    def save(self, changes: Changes) -> None:
        self.saved = changes

    def keep(self, done: Done, since: datetime) -> None:
        self._kept = (done, since)

    def drop(self) -> None:
        self._dropping = True

    def commit(self) -> None:
        """At the end of the transaction, in it: whatever is raised here undoes all of it."""
        where = self._where
        if self._dropping:
            erasing.drop(self._tables, self._id, self.head)
        if self.saved:
            self._save(self.saved)
        if self._kept:
            done_acts.keep(self._tables, where, *self._kept)

    @property
    def _where(self) -> OrganizationId:
        """Where keys are known: an opening's is of no organization."""
        return self._id if self.organization else done_acts.NOWHERE

    def _save(self, changes: Changes) -> None:
        if self.head == NOTHING_YET:
            self._number()
        self._extend_journal(changes)
        self._tables.put(changes.organization, "organizations", self._id)
        self._register_siret(changes)
        for _, user in changes.users:
            self._tables.put(user, "users", self._id, user.id)
        for id, person in changes.people.items():
            self._tables.put(person, "people", self._id, id)
        for paper in changes.papers:
            self._tables.put(paper, "papers", self._id, paper.seal)
        if changes.erased:
            erasing.erase(self._tables, self._id, changes.erased)
        for credential in changes.credentials:
            put_credential(self._tables, credential)
        for message in changes.messages:
            outbox.put(self._tables, message, changes.due)

    def _number(self) -> None:
        """Organizations are listed in the order of their opening."""
        number = (self._tables.get("openings") or 0) + 1
        self._tables.put(number, "openings")
        self._tables.put(number, "numbers", self._id)
        self._tables.put(self._id, "opened", in_order(number))

    def _extend_journal(self, changes: Changes) -> None:
        """One entry for each event, chained to the head that this transaction found: nobody else has moved it."""
        first = self.head.sequence + 1
        bodies = [
            serialization.encode(sequence, changes.at, changes.by, event)
            for sequence, event in enumerate(changes.events, first)
        ]
        entries = extend(self.head, changes.at, bodies)
        for event, entry in zip(changes.events, entries, strict=True):
            self._tables.put(entry, "entries", self._id, in_order(entry.sequence))
            for user, agreement in versioned(event):
                self._tables.put(entry.sequence, "versions", self._id, user or "", agreement or "")
        self._tables.put(Head(entries[-1].sequence, entries[-1].hash, changes.at), "heads", self._id)

    def _register_siret(self, changes: Changes) -> None:
        """An organization has the SIRET of its particulars, and once it is closed none (R1)."""
        now, before = changes.particulars, self._tables.get("particulars", self._id)
        if before and (now or changes.organization.state is OrganizationState.CLOSED):
            self._tables.delete("sirets", before.siret.digits)
        if now:
            self._tables.put(now, "particulars", self._id)
            self._take_siret(now, changes)

    def _take_siret(self, now: Particulars, changes: Changes) -> None:
        if self.siret_holder(now.siret) not in (None, self._id):
            raise Conflict()
        if changes.organization.state is not OrganizationState.CLOSED:
            self._tables.put(self._id, "sirets", now.siret.digits)
