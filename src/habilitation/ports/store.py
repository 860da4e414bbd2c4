"""The repositories: one organization at a time, one writer at a time.

A store keeps what it is given and decides nothing. Whoever writes one runs the contract in ``habilitation.testing``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, Protocol

from attrs import Factory, field, frozen

from habilitation.domain.actors import Author
from habilitation.domain.catalog import Catalog
from habilitation.domain.credential import Credential
from habilitation.domain.events import CatalogEvent, Event, OrganizationEvent
from habilitation.domain.journal import Entry, Head, Record
from habilitation.domain.messages import Message
from habilitation.domain.organization import Organization, OrganizationState
from habilitation.domain.user import User
from habilitation.domain.values import (
    AgreementId,
    OrganizationId,
    Paper,
    Particulars,
    Person,
    Seal,
    Siret,
    UserId,
)
from habilitation.ports.attempts import Attempts
from habilitation.ports.credentials import Credentials, KeptSession
from habilitation.ports.links import Links
from habilitation.ports.outbox import Outbox
from habilitation.ports.queries import Queries, UserRow
from habilitation.ports.security_log import SecurityLines
from habilitation.ports.terms import KeepsKeys


@frozen
class Erased:
    """Of whom nothing is to stay but the id (R18, R41)."""

    user: UserId
    papers: frozenset[Seal]
    """The seals of the texts about that user."""


@frozen(order=True)
class Closed:
    """A user who is not erased, and whose account or organization ended at that instant; the longest ago first."""

    since: datetime
    organization: OrganizationId
    user: UserId

    @classmethod
    def of(cls, organization: Organization, user: User) -> Closed | None:
        """The last day of a user who is not erased, come or to come: the account's, or else the organization's."""
        ended = organization.since if organization.state is OrganizationState.CLOSED else None
        since = min((end for end in (user.account.term.end, ended) if end), default=None)
        return cls(since, organization.id, user.id) if since and not user.erased else None


@frozen
class Version:
    """How far an organization's journal has come."""

    organization: OrganizationId
    sequence: int
    """That of its last event."""
    dropped: bool = False
    """Whether that is all that is left of it (R41)."""


@frozen
class Changes:
    """All that one act leaves behind, stored whole or not at all (I8)."""

    at: datetime
    by: Author
    events: tuple[Event, ...]
    organization: Organization
    """The organization after the act."""
    users: tuple[tuple[User | None, User], ...] = ()
    """Each user that changed, before (None if new) and after."""
    people: Mapping[UserId, Person] = field(factory=dict)
    papers: tuple[Paper, ...] = ()
    particulars: Particulars | None = None
    credentials: tuple[Credential, ...] = ()
    """New at version 0; else following version - 1, and a ``Conflict`` if that is not what is stored."""
    messages: tuple[Message, ...] = ()
    erased: Erased | None = None
    """With it go the person and its search keys, the papers and their salts, sessions and links, what was tried with
    the login, what an outbox line met and where a security line came from; what was not delivered is dropped. The
    registry keeps the login's hash, tied to nobody (R11)."""
    due: datetime = field(default=Factory(lambda self: self.at, takes_self=True))
    """When the messages may leave: the clock's instant, which the act's own may be a little ahead of (R40)."""


def versioned(event: Event) -> Iterator[tuple[UserId | None, AgreementId | None]]:
    """Whose versions an event moves, as ``Snapshot.version`` is asked for them."""
    user = getattr(event, "user", None)
    if user is not None:
        yield (user, None)
    if isinstance(event, OrganizationEvent):
        yield (None, getattr(event, "agreement", None))
        yield (None, None)


class Snapshot(Queries, Protocol):
    """One organization as it was when the snapshot was taken."""

    @property
    def organization(self) -> Organization | None:
        """None if there is no such organization."""
        ...

    @property
    def head(self) -> Head:
        """The end of the organization's journal."""
        ...

    @property
    def catalog(self) -> Catalog: ...

    def particulars(self) -> Particulars: ...

    def version(self, user: UserId | None = None, agreement: AgreementId | None = None) -> int:
        """The sequence of the last event about the user, or else the agreement, or else the organization itself.

        0 if there is none. Of the organization are its seat and its agreements. It is found at once, however long the
        journal.
        """
        ...

    def find_user(self, user: UserId) -> User | None: ...

    def find_row(self, user: UserId) -> UserRow | None: ...

    def with_email(self, normal: str) -> Sequence[User]:
        """The users of the organization, closed ones included, whose e-mail has that normal form (R11)."""
        ...

    def find_credential(self, user: UserId) -> Credential | None: ...

    def with_identity(self, identity: str) -> Credential | None:
        """The credential of the organization that the identity of that digest opens (R44)."""
        ...

    def find_session(self, digest: str) -> KeptSession | None: ...

    def entries(self) -> Sequence[Entry]:
        """The organization's journal, verbatim, to be verified (R40)."""
        ...

    def user_ids(self) -> Set[UserId]:
        """Every user that is stored, removed ones included."""
        ...

    def managers(self) -> Sequence[User]:
        """The users whose latest account period has a delegation, whatever became of it since."""
        ...

    def papers(self, seals: Iterable[Seal]) -> Mapping[Seal, str]:
        """The texts that are not erased, by seal."""
        ...


class Transaction(Snapshot, KeepsKeys, Protocol):
    """The organization's one writer. Everything is read after the organization was taken."""

    @property
    def saved(self) -> Changes | None:
        """What this transaction stored, if anything yet."""
        ...

    def siret_holder(self, siret: Siret) -> OrganizationId | None:
        """The live organization that has the SIRET (R1)."""
        ...

    def save(self, changes: Changes) -> None:
        """Store the act, once per transaction; its events follow the head, encoded and chained.

        Raises ``Conflict``, here or at the end of the transaction, if somebody else wrote meanwhile or if a SIRET or a
        login is taken.
        """
        ...

    def drop(self) -> None:
        """Take away the organization whole: journal, people, messages, in a transaction that saves nothing.

        Kept are the journal's head, and the hashes of its logins, tied to nobody (R11, R41).
        """
        ...


class CatalogTransaction(KeepsKeys, Protocol):
    """The catalog's one writer."""

    @property
    def catalog(self) -> Catalog: ...

    @property
    def head(self) -> Head: ...

    def save(self, at: datetime, by: Author, event: CatalogEvent) -> None: ...


class Store(Protocol):
    """Where organizations, the catalog, credentials, links, messages and the security log are kept."""

    def writing(self, organization: OrganizationId) -> AbstractContextManager[Transaction]:
        """Take the organization, existing or to be opened; commit at the end, roll back if anything is raised."""
        ...

    def reading(self, organization: OrganizationId) -> AbstractContextManager[Snapshot]:
        """A consistent snapshot that blocks nobody."""
        ...

    def cataloging(self) -> AbstractContextManager[CatalogTransaction]: ...

    def catalog(self) -> Catalog: ...

    def organizations(
        self, after: OrganizationId | None = None, most: int | None = None, text: str = ""
    ) -> Sequence[OrganizationId]:
        """Every organization, or that many after one of them, in the order of their opening.

        With a text, which is folded, those in whose folded name it stands.

        Raises ``CursorMalformed`` if there is no organization ``after``.
        """
        ...

    def siret_holder(self, siret: Siret) -> OrganizationId | None:
        """The live organization that has the SIRET, as it is now (R1)."""
        ...

    def entries(self, organization: OrganizationId) -> Sequence[Entry]:
        """The organization's journal, verbatim, as it is now."""
        ...

    def dropped(self, organization: OrganizationId) -> Head | None:
        """The head that was kept of a journal that was dropped (R41)."""
        ...

    def versions(self, after: OrganizationId | None, most: int) -> Sequence[Version]:
        """How far each journal has come, as committed now, those that were dropped included.

        By id, in the order of its characters; strictly after one that may have gone since.
        """
        ...

    def closed(
        self, until: datetime, most: int, organization: OrganizationId | None = None, after: Closed | None = None
    ) -> Sequence[Closed]:
        """Who was closed at that instant or before and is not erased, the longest ago first, after ``after``.

        Only those who are due are looked at, and whoever is in an organization that was closed by then.
        """
        ...

    def closed_organizations(self, until: datetime, most: int) -> Sequence[OrganizationId]:
        """Those that were closed at that instant or before, the longest ago first."""
        ...

    def residue(self) -> bool:
        """Whether what was erased may still be found in the store's files, if not by asking it."""
        ...

    def wipe(self) -> None:
        """Rid the store's files of what was erased or dropped. Outside any transaction; may take a while.

        Raises ``DatabaseLocked`` where somebody goes on reading what was, ``DatabaseFull`` or whatever else keeps it
        from being done; ``residue`` then stays true, and asking again goes on from there.
        """
        ...

    def catalog_entries(self) -> Sequence[Entry]: ...

    def decode(self, entry: Entry) -> Record[Any]:
        """What the entry's bytes say: a fact of an organization's journal, or of the catalog's."""
        ...

    @property
    def credentials(self) -> Credentials: ...

    @property
    def links(self) -> Links: ...

    @property
    def outbox(self) -> Outbox: ...

    @property
    def attempts(self) -> Attempts: ...

    @property
    def security_log(self) -> SecurityLines: ...

    def close(self) -> None: ...
