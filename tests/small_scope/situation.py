"""All that the walk tells one state from another by; and a store that holds just that, for one act."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from attrs import define, evolve, field, frozen

from habilitation.adapters.memory.reading import MemorySnapshot
from habilitation.adapters.memory.shelf import Shelf
from habilitation.domain.actors import Session, Stage
from habilitation.domain.catalog import Catalog
from habilitation.domain.credential import Credential
from habilitation.domain.events import Event
from habilitation.domain.journal import Head
from habilitation.domain.mapping import FrozenDict, unchanging
from habilitation.domain.organization import Organization
from habilitation.domain.user import User
from habilitation.domain.values import OrganizationId, Particulars, Person, UserId
from habilitation.ports.credentials import KeptSession
from habilitation.ports.store import Changes
from habilitation.use_cases.sessions import kept

NEVER = datetime.max.replace(tzinfo=UTC)


@frozen(cache_hash=True)
class Situation:
    """An organization with its people at an instant. There is no journal: states that are alike are one."""

    now: datetime
    organization: Organization
    users: FrozenDict[UserId, User]
    people: FrozenDict[UserId, Person]
    credentials: FrozenDict[UserId, Credential]

    def after(self, changes: Changes) -> Situation:
        """What an act leaves."""
        gone = changes.erased.user if changes.erased else None
        known = self.people | dict(changes.people)
        return Situation(
            self.now,
            changes.organization,
            unchanging(self.users | {after.id: after for _, after in changes.users}),
            unchanging({user: person for user, person in known.items() if user != gone}),
            unchanging(self.credentials | {each.user: each for each in changes.credentials}),
        )

    def at(self, now: datetime) -> Situation:
        """The same at a later instant."""
        return evolve(self, now=now)

    def first_session(self, user: UserId) -> Session:
        """What signing in with first credentials gave; it is still there when they were replaced (R4, R5)."""
        return Session(user, self.organization.id, user, 1, 0, Stage.FIRST, NEVER)


@define
class OneAct:
    """The part of a store that acts need, on one situation: what an act saves makes another of it."""

    particulars: Particulars
    catalog: Catalog
    opened: datetime
    situation: Situation = field(init=False)
    events: list[Event] = field(init=False)
    """What the act said."""

    def begin(self, situation: Situation) -> None:
        """Stand on that situation, with nothing said."""
        self.situation, self.events = situation, []

    @contextmanager
    def writing(self, _: OrganizationId) -> Iterator[Writing]:
        now = self.situation
        rows = Writing(self, self._shelf(now), self.catalog)  # type: ignore[arg-type]  # as much of a store as acts need
        yield rows
        if rows.saved:
            self.situation = now.after(rows.saved)
            self.events += rows.saved.events

    reading = writing

    def _shelf(self, now: Situation) -> Shelf:
        head = Head(1, "", self.opened)
        shelf = Shelf(now.organization, self.particulars, dict(now.users), dict(now.people), head=head)
        for user, person in now.people.items():
            shelf.by_email[person.email.normal].add(user)
        return shelf

    @property
    def credentials(self) -> OneAct:
        """They are part of the situation."""
        return self

    attempts = credentials

    def forgive(self, _: object) -> None:
        """Nobody ever failed to sign in."""

    def of(self, _: OrganizationId, user: UserId) -> Credential | None:
        return self.situation.credentials.get(user)

    def session(self, digest: str) -> KeptSession | None:
        sessions = map(kept, map(self.situation.first_session, self.situation.credentials))
        return next((each for each in sessions if each.digest == digest), None)

    def wipe(self) -> None:
        """There are no files."""

    def open_session(self, *_: object) -> None:
        """No act needs it: people act as members."""


@define
class Writing(MemorySnapshot):
    """The organization's one writer."""

    saved: Changes | None = None

    def save(self, changes: Changes) -> None:
        self.saved = changes

    def siret_holder(self, *_: Any) -> None:
        """Nobody else has one."""
