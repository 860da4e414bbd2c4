"""What is kept of one organization."""

from __future__ import annotations

from collections import defaultdict
from copy import copy

from attrs import Factory, define, evolve

from habilitation.domain.journal import NOTHING_YET, Entry, Head
from habilitation.domain.organization import Organization
from habilitation.domain.user import User
from habilitation.domain.values import (
    Paper,
    Particulars,
    Person,
    Seal,
    UserId,
)
from habilitation.ports.store import Changes


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
