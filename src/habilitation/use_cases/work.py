"""An act or a reading under way, in one transaction: who is asking, when, and what is there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import cached_property
from typing import Generic, TypeVar

from attrs import Factory, define

from habilitation.domain import messages, organization, user
from habilitation.domain.actors import Actor, Member
from habilitation.domain.acts import Act, Role
from habilitation.domain.authority import Acting, Standing, acts_on, acts_on_users, require, standing
from habilitation.domain.catalog import Catalog
from habilitation.domain.credential import Credential
from habilitation.domain.decisions.identities import Held
from habilitation.domain.events import Event, UserEvent
from habilitation.domain.moment import Moment
from habilitation.domain.organization import Organization
from habilitation.domain.refusals import OrganizationUnknown
from habilitation.domain.user import User
from habilitation.domain.values import OrganizationId, Paper, Particulars, Person, UserId
from habilitation.ports.clock import Clock
from habilitation.ports.notifier import Notifier
from habilitation.ports.store import Changes, Erased, Snapshot, Store, Transaction
from habilitation.use_cases.actors import identify, missing

S = TypeVar("S", bound=Snapshot)


@define
class Scene(Generic[S]):
    """One organization, an instant, and whoever is asking."""

    rows: S
    organization: Organization
    moment: Moment
    acting: Acting

    @property
    def at(self) -> datetime:
        return self.moment.instant

    @property
    def catalog(self) -> Catalog:
        return self.rows.catalog

    def acts_on(self, user: User) -> tuple[Act, ...]:
        """What the actor may do on the user; it is decided once for all who stand alike."""
        so = standing(self.acting, user, self.organization, self.at)
        if so not in self._offered:
            self._offered[so] = acts_on(self.acting, self._acts_on_users, so, self.organization)
        return self._offered[so]

    @cached_property
    def _acts_on_users(self) -> tuple[Act, ...]:
        return acts_on_users(self.acting, self.organization)

    @cached_property
    def _offered(self) -> dict[Standing, tuple[Act, ...]]:
        return {}

    def require(self, act: Act) -> None:
        """Refuse an act that is not of the actor's role."""
        require(self.acting, act, self.organization)


Reading = Scene[Snapshot]
"""What an actor is shown: one consistent snapshot."""


@define
class Work(Scene[Transaction]):
    """An act under way: nothing is stored before ``record``, and then all of it."""

    now: datetime
    """What the clock says; the moment is later where the journal is ahead of it (R40)."""
    _loaded: dict[UserId, User] = Factory(dict)

    def user(self, id: UserId) -> User | None:
        """The user, if there is one; whether the actor may know of it is for ``authority`` to say (R37)."""
        found = self._loaded.get(id) or self.rows.find_user(id)
        if found:
            self._loaded[id] = found
        return found

    def holder(self) -> User | None:
        """Whoever holds the seat."""
        held_by = self.organization.seat.holder
        return self.user(held_by) if held_by else None

    def held_by(self, identity: str, but: Credential) -> Held | None:
        """Whatever other account of the organization the identity of that digest opens (R44)."""
        other = self.rows.with_identity(identity)
        user = self.user(other.user) if other and other.user != but.user else None
        return Held(other, user) if other and user else None

    def managers(self) -> list[User]:
        """Every user whose account has a delegation, past or not."""
        found = self.rows.managers()
        self._loaded.update({manager.id: manager for manager in found})
        return list(found)

    def record(
        self,
        events: Sequence[Event],
        notifier: Notifier,
        *,
        people: Mapping[UserId, Person] | None = None,
        papers: Iterable[Paper | None] = (),
        particulars: Particulars | None = None,
        credentials: Iterable[Credential] = (),
        erased: Erased | None = None,
    ) -> Mapping[UserId, User]:
        """Store what was decided, with what it tells people; the users that it changed, as it leaves them."""
        if not events:
            return self._loaded
        after = self._evolve(events)
        author = self.acting.author
        told = messages.notices(events, self.organization, after, author)
        changes = Changes(
            self.at,
            author,
            tuple(events),
            self.organization,
            tuple((self._loaded.get(id), changed) for id, changed in after.items()),
            people or {},
            tuple(paper for paper in papers if paper),
            particulars,
            tuple(credentials),
            tuple(notifier.announce(told, self.organization.id)),
            erased,
            self.now,
        )
        self.rows.save(changes)
        return {**self._loaded, **after}

    def _evolve(self, events: Sequence[Event]) -> dict[UserId, User]:
        after: dict[UserId, User] = {}
        for event in events:
            if isinstance(event, UserEvent):
                before = after.get(event.user) or self._loaded.get(event.user)
                after[event.user] = user.evolve(before, event, self.at)
            else:
                self.organization = organization.evolve(self.organization, event, self.at)
        return after


@contextmanager
def working(store: Store, clock: Clock, on: OrganizationId, by: Actor) -> Iterator[Work]:
    """Take the organization, if there is one that the actor may know of, and find out who is acting (R37).

    Only then is the clock spoken of (R40): what is said of it would tell a stranger that the organization exists.
    """
    with store.writing(on) as rows:
        if rows.organization is None:
            raise missing(rows, by)
        now = clock.now()
        acting = identify(rows, rows.organization, by, as_of(rows, now))
        moment = Moment.following(now, rows.head.at, clock.zone, clock.tolerance)
        work = Work(rows, rows.organization, moment, acting, now)
        if acting.user:
            work._loaded[acting.user.id] = acting.user
        yield work


def proved(rows: Transaction, clock: Clock, on: OrganizationId, user: UserId) -> Work:
    """What is done by whoever brought the proof of being that user, and is nobody's actor yet (R5, R44)."""
    if rows.organization is None:
        raise OrganizationUnknown()
    now = clock.now()
    moment = Moment.following(now, rows.head.at, clock.zone, clock.tolerance)
    return Work(rows, rows.organization, moment, Acting(Member(on, user), Role.USER), now)


@contextmanager
def reading(store: Store, clock: Clock, on: OrganizationId, by: Actor) -> Iterator[Reading]:
    """A snapshot of the organization, if the actor may know of it, at the later of the clock and its last event."""
    with store.reading(on) as rows:
        if rows.organization is None:
            raise missing(rows, by)
        instant = as_of(rows, clock.now())
        acting = identify(rows, rows.organization, by, instant)
        yield Reading(rows, rows.organization, Moment(instant, clock.zone), acting)


def as_of(rows: Snapshot, now: datetime) -> datetime:
    """The later of the clock and the last event: what was done stays done if the clock goes back (R40)."""
    return max(now, rows.head.at or now)
