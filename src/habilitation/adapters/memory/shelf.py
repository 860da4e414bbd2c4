"""What is kept of one organization."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from copy import copy
from datetime import datetime

from attrs import Factory, define, evolve

from habilitation.domain.folding import folded
from habilitation.domain.journal import NOTHING_YET, Entry, Head
from habilitation.domain.organization import Organization, OrganizationState
from habilitation.domain.user import User
from habilitation.domain.values import (
    AgreementId,
    Paper,
    Particulars,
    Person,
    Seal,
    UserId,
)
from habilitation.ports.store import Changes, Closed, Erased, versioned

About = tuple[UserId | None, AgreementId | None]


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
    versions: dict[About, int] = Factory(dict)

    def copied(self) -> Shelf:
        return evolve(
            self,
            users=copy(self.users),
            people=copy(self.people),
            by_email=defaultdict(set, {normal: copy(users) for normal, users in self.by_email.items()}),
            papers=copy(self.papers),
            entries=copy(self.entries),
            versions=copy(self.versions),
        )

    def closed(self) -> Iterator[Closed]:
        """Who has a last day, come or to come, and is not erased."""
        if self.organization:
            ends = (Closed.of(self.organization, user) for user in self.users.values())
            yield from (closed for closed in ends if closed)

    @property
    def called(self) -> str:
        """The organization's name, folded."""
        return folded(self.particulars.name) if self.particulars else ""

    @property
    def ended(self) -> datetime | None:
        """When the organization was closed."""
        is_closed = self.organization and self.organization.state is OrganizationState.CLOSED
        return self.organization.since if self.organization and is_closed else None

    def take(self, changes: Changes, entries: list[Entry]) -> None:
        """Put everything that the act left in its place."""
        self.organization = changes.organization
        self.particulars = changes.particulars or self.particulars
        for _, user in changes.users:
            self.users[user.id] = user
        for user_id, person in changes.people.items():
            self._put_person(user_id, person)
        self.papers.update({paper.seal: paper for paper in changes.papers})
        if changes.erased:
            self.forget(changes.erased)
        for event, entry in zip(changes.events, entries, strict=True):
            self.versions.update(dict.fromkeys(versioned(event), entry.sequence))
        self.entries += entries
        self.head = Head(entries[-1].sequence, entries[-1].hash, entries[-1].at)

    def forget(self, erased: Erased) -> None:
        """All that tells who the user was, and the texts about it."""
        self._untie(erased.user)
        self.people.pop(erased.user, None)
        for seal in erased.papers:
            self.papers.pop(seal, None)

    def _put_person(self, user: UserId, person: Person) -> None:
        self._untie(user)
        self.people[user] = person
        self.by_email[person.email.normal].add(user)

    def _untie(self, user: UserId) -> None:
        """The user has that address no more; an address that is nobody's is not kept."""
        if user in self.people:
            normal = self.people[user].email.normal
            self.by_email[normal].discard(user)
            if not self.by_email[normal]:
                del self.by_email[normal]
