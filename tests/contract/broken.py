"""Memory stores with one thing broken in each, as people do break them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from time import sleep

from habilitation.adapters.memory import MemorySnapshot, MemoryStore, MemoryTransaction, Shelf
from habilitation.adapters.memory.attempts import MemoryAttempts
from habilitation.adapters.memory.credentials import MemoryCredentials
from habilitation.adapters.memory.links import MemoryLinks
from habilitation.adapters.memory.outbox import MemoryOutbox
from habilitation.adapters.memory.security_log import MemorySecurityLog
from habilitation.domain import attempts
from habilitation.domain.attempts import Attempt, Verdict
from habilitation.domain.journal import Entry, Head
from habilitation.domain.limits import Limits
from habilitation.domain.link import Link
from habilitation.domain.security import SecurityLine
from habilitation.domain.terms import Done
from habilitation.domain.user import User
from habilitation.domain.values import OrganizationId
from habilitation.ports.credentials import KeptSession
from habilitation.ports.outbox import Delivery, MessageState
from habilitation.ports.store import Changes


class Tampered(MemoryStore):
    """Its transactions are of another class."""

    transactions: type[MemoryTransaction] = MemoryTransaction

    @contextmanager
    def writing(self, organization: OrganizationId) -> Iterator[MemoryTransaction]:
        with self._locks[organization]:
            shelf = self._shelves.get(organization) or Shelf()
            transaction = self.transactions(self, shelf, self.catalog())
            yield transaction
            transaction.commit()
            if shelf.organization:
                self._shelves[organization] = shelf


class LosesUpdates(MemoryStore):
    """Reads, then writes what follows from what was read, whatever happened in between."""

    @contextmanager
    def writing(self, organization: OrganizationId) -> Iterator[MemoryTransaction]:
        shelf = (self._shelves.get(organization) or Shelf()).copied()
        transaction = MemoryTransaction(self, shelf, self.catalog())
        yield transaction
        sleep(0.001)  # others have every chance
        transaction.commit()
        if shelf.organization:
            self._shelves[organization] = shelf


class HandsOutItsOwn(MemoryStore):
    """Gives away the very list that it keeps."""

    def entries(self, organization: OrganizationId) -> Sequence[Entry]:
        return self._shelves[organization].entries


class WritesAtOnce(Tampered):
    """Puts nothing off to the end of the transaction, and takes nothing back."""

    class transactions(MemoryTransaction):  # noqa: N801
        def save(self, changes: Changes) -> None:
            super().save(changes)
            super().commit()

        def commit(self) -> None:
            pass


class SendsAtOnce(Tampered):
    """Messages are queued where the act is decided, not where it is committed."""

    class transactions(MemoryTransaction):  # noqa: N801
        def save(self, changes: Changes) -> None:
            super().save(changes)
            for message in changes.messages:
                self._store.outbox.put(Delivery(message, MessageState.WAITING, 0, changes.at))


class ComparesEmailsAsTyped(Tampered):
    """Looks for the address that was typed."""

    class transactions(MemoryTransaction):  # noqa: N801
        def with_email(self, normal: str) -> Sequence[User]:
            typed = {id for id, person in self._shelf.people.items() if person.email.text == normal}
            return [self._shelf.users[id] for id in typed]


class StartsEachChainAnew(Tampered):
    """Forgets what the journal ended with."""

    class transactions(MemoryTransaction):  # noqa: N801
        @property
        def head(self) -> Head:
            return Head(self._shelf.head.sequence, "", self._shelf.head.at)


class RemembersWhatItRead(MemoryStore):
    """Reads each organization once: whoever was a manager stays one."""

    @contextmanager
    def reading(self, organization: OrganizationId) -> Iterator[MemorySnapshot]:
        remembered = self.__dict__.setdefault("remembered", {})
        with super().reading(organization) as rows:
            yield remembered.setdefault(organization, rows)


class SaysThatAllIsWell(MemoryStore):
    """A commit that fails is nobody's business."""

    @contextmanager
    def writing(self, organization: OrganizationId) -> Iterator[MemoryTransaction]:
        with suppress(OSError), super().writing(organization) as rows:
            yield rows


class FreesDeadLogins(MemoryStore):
    """Looks for a login among those that are alive."""

    def register(self, changes: Changes) -> None:
        alive = {kept.login.digest for kept in self.credentials._kept.values() if kept.login}
        for digest in set(self.credentials._owners) - alive:
            del self.credentials._owners[digest]
        super().register(changes)


class GivesAMessageTwice(MemoryStore):
    """Whoever asks for what is due gets it."""

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        self.outbox = Unleased(self._lock)


class Unleased(MemoryOutbox):
    """Counts an attempt, and keeps nobody off."""

    def take(
        self, now: datetime, until: datetime, most: int, organization: OrganizationId | None = None
    ) -> Sequence[Delivery]:
        kept = dict(self._deliveries)
        taken = super().take(now, until, most, organization)
        self._deliveries.update(kept)
        return taken


class CountsAfterwards(MemoryStore):
    """Judges an attempt, and counts it once it was let through."""

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        self.attempts = Unhurried(self._lock)


class Unhurried(MemoryAttempts):
    """Others have every chance between the two."""

    def count(self, attempt: Attempt, limits: Limits) -> Verdict:
        verdict, after = attempts.count(attempt, dict(self._tallies), limits)
        sleep(0.01)
        self._put(after)
        return verdict


class NeverForgets(MemoryStore):
    """A security log that grows without end."""

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        self.security_log = Hoarding(self._lock)


class Hoarding(MemorySecurityLog):
    """Leaves it to somebody else to throw anything away."""

    def write(self, line: SecurityLine, kept_since: datetime) -> None:
        super().write(line, datetime.min.replace(tzinfo=UTC))


class KeepsEveryLink(MemoryStore):
    """Links that grow without end."""

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        self.links = LinksForGood()


class LinksForGood(MemoryLinks):
    """However long they have been over."""

    def keep(self, digest: str, link: Link, kept_since: datetime) -> None:
        super().keep(digest, link, datetime.min.replace(tzinfo=UTC))


class KeepsEverySession(MemoryStore):
    """Sessions that grow without end."""

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        self.credentials = SessionsForGood(self._lock, self.outbox)


class SessionsForGood(MemoryCredentials):
    """However long they have been over."""

    def open_session(self, session: KeptSession, kept_since: datetime) -> None:
        super().open_session(session, datetime.min.replace(tzinfo=UTC))


class BringsBackWhatWasDropped(MemoryStore):
    """Whatever a worker says of a message is written down."""

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        self.outbox = Gullible(self._lock)


class Gullible(MemoryOutbox):
    """Settles whatever it is told."""

    def settle(self, delivery: Delivery) -> None:
        self.put(delivery)


class ErasesBeforeItCommits(Tampered):
    """What is erased is erased at once, whatever becomes of the act."""

    class transactions(MemoryTransaction):  # noqa: N801
        def save(self, changes: Changes) -> None:
            super().save(changes)
            if changes.erased:
                self._shelf.forget(changes.erased)


class KeepsThePapers(MemoryStore):
    """A person is a row, and no more."""

    @contextmanager
    def writing(self, organization: OrganizationId) -> Iterator[MemoryTransaction]:
        papers = dict(self._shelves[organization].papers) if organization in self._shelves else {}
        with super().writing(organization) as rows:
            yield rows
        if organization in self._shelves:
            self._shelves[organization].papers.update(papers)


class KeepsKeysAtOnce(Tampered):
    """A key is taken where it is shown, whatever becomes of the act."""

    class transactions(MemoryTransaction):  # noqa: N801
        def keep(self, done: Done, since: datetime) -> None:
            self._store.done_acts.put(self._id, done, since)


class KeepsTheLastKey(Tampered):
    """Writes over whatever was done under the key."""

    class transactions(MemoryTransaction):  # noqa: N801
        def commit(self) -> None:
            if self.kept:
                self._store.done_acts._kept.pop((self._id, self.kept[0].errand.key), None)
            super().commit()


class TakesTheHeadForTheVersion(MemoryStore):
    """Whatever happened to anybody has happened to all."""

    @contextmanager
    def reading(self, organization: OrganizationId) -> Iterator[MemorySnapshot]:
        with super().reading(organization) as rows:
            rows._shelf.versions = dict.fromkeys(rows._shelf.versions, rows.head.sequence)
            yield rows
