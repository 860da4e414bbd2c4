"""Memberships: added, changed, removed, generalized; their roles assigned or refused (R25–R27)."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import frozen

from habilitation.domain.actors import Actor
from habilitation.domain.acts import Act
from habilitation.domain.authority import known
from habilitation.domain.decisions import generalizing, groups
from habilitation.domain.decisions.generalizing import Outcome
from habilitation.domain.requests import (
    Generalization,
    GroupAddition,
    GroupRemoval,
    MembershipDates,
    RoleAssignment,
    RoleRefusal,
)
from habilitation.domain.user import Status, User
from habilitation.domain.values import Paper, UserId, reference
from habilitation.ports.clock import Clock
from habilitation.ports.notifier import Notifier
from habilitation.ports.queries import UserFilter
from habilitation.ports.secrets import Secrets
from habilitation.ports.store import Snapshot, Store
from habilitation.use_cases.reasons import read_note
from habilitation.use_cases.retrying import retried
from habilitation.use_cases.work import Reading, reading, working

CHUNK = 50
"""How many users one transaction generalizes to: a bulk act must not hold the organization for long."""


@frozen
class AddToGroup:
    """The administrator, or a manager of the group, adds a user to it (R25, R26)."""

    store: Store
    notifier: Notifier
    clock: Clock

    def __call__(self, asked: GroupAddition, *, by: Actor) -> User:
        with working(self.store, self.clock, asked.organization, by) as work:
            user = work.user(asked.user)
            events = groups.add(work.organization, work.catalog, work.acting, user, asked, work.moment)
            return work.record(events, self.notifier)[asked.user]


@frozen
class ChangeMembership:
    """Other dates for a membership that is current or to come (R25)."""

    store: Store
    notifier: Notifier
    clock: Clock

    def __call__(self, asked: MembershipDates, *, by: Actor) -> User:
        with working(self.store, self.clock, asked.organization, by) as work:
            events = groups.change(
                work.organization, work.catalog, work.acting, work.user(asked.user), asked, work.moment
            )
            return work.record(events, self.notifier)[asked.user]


@frozen
class RemoveFromGroup:
    """A membership ends now (R25)."""

    store: Store
    notifier: Notifier
    clock: Clock

    def __call__(self, asked: GroupRemoval, *, by: Actor) -> User:
        with working(self.store, self.clock, asked.organization, by) as work:
            events = groups.remove(work.organization, work.acting, work.user(asked.user), asked, work.moment)
            return work.record(events, self.notifier)[asked.user]


@frozen
class AssignRole:
    """The operator gives the role that a membership waits for, on the document returned (R26)."""

    store: Store
    notifier: Notifier
    clock: Clock
    secrets: Secrets

    def __call__(self, asked: RoleAssignment, *, by: Actor) -> User:
        document = Paper(reference(asked.document, "document"), self.secrets.salt())
        with working(self.store, self.clock, asked.organization, by) as work:
            work.require(Act.OPERATE)
            user = known(work.acting, work.user(asked.user), work.organization, work.at)
            events = groups.assign_role(
                work.organization, work.catalog, work.acting, user, asked.membership, document, work.at
            )
            return work.record(events, self.notifier, papers=[document])[user.id]


@frozen
class RefuseRole:
    """The operator refuses the role, which ends the waiting membership (R26)."""

    store: Store
    notifier: Notifier
    clock: Clock
    secrets: Secrets

    def __call__(self, asked: RoleRefusal, *, by: Actor) -> User:
        note = read_note(asked.reason, self.secrets)
        with working(self.store, self.clock, asked.organization, by) as work:
            work.require(Act.OPERATE)
            user = known(work.acting, work.user(asked.user), work.organization, work.at)
            events = groups.refuse_role(user, asked.membership, asked.reason, note, work.moment)
            return work.record(events, self.notifier, papers=[note])[user.id]


@frozen
class PreviewGeneralization:
    """What generalizing would give to each open user of the agreement; nothing is stored (R27)."""

    store: Store
    clock: Clock

    def __call__(self, asked: Generalization, *, by: Actor) -> tuple[Outcome, ...]:
        with reading(self.store, self.clock, asked.organization, by) as seen:
            source = seen.rows.find_user(asked.user)
            wanted = generalizing.places(seen.organization, seen.acting, source, asked, seen.moment)
            return tuple(
                generalizing.for_one(seen.organization, seen.catalog, seen.acting, user, wanted, seen.moment)[1]
                for user in _open_users(seen, asked)
            )


@frozen
class GeneralizeToAll:
    """Every open user of the agreement gets the groups of one of them, within the actor's reach (R27).

    Users are taken in chunks, each decided anew and whole by itself: a long list never holds the organization. Where a
    chunk ends in a ``Conflict``, those before it stand, and asking again goes on from there.
    """

    store: Store
    notifier: Notifier
    clock: Clock

    def __call__(self, asked: Generalization, *, by: Actor) -> tuple[Outcome, ...]:
        with reading(self.store, self.clock, asked.organization, by) as seen:
            source = seen.rows.find_user(asked.user)
            generalizing.places(seen.organization, seen.acting, source, asked, seen.moment)
            targets = [user.id for user in _open_users(seen, asked)]
        chunks = (targets[start : start + CHUNK] for start in range(0, len(targets), CHUNK))
        return tuple(outcome for chunk in chunks for outcome in retried(self._generalize)(asked, by, chunk))

    def _generalize(self, asked: Generalization, by: Actor, chunk: list[UserId]) -> list[Outcome]:
        with working(self.store, self.clock, asked.organization, by) as work:
            source = work.user(asked.user)
            wanted = generalizing.places(work.organization, work.acting, source, asked, work.moment)
            users = filter(None, map(work.user, chunk))
            decided = [
                generalizing.for_one(work.organization, work.catalog, work.acting, user, wanted, work.moment)
                for user in users
            ]
            work.record([event for events, _ in decided for event in events], self.notifier)
            return [outcome for _, outcome in decided]


def _open_users(seen: Reading, asked: Generalization) -> Iterator[User]:
    """The open users of the agreement but for the source; the administrator is of every agreement (R10)."""
    holder = seen.organization.seat.holder
    wanted = UserFilter(
        seen.at,
        Status.OPEN,
        agreements=frozenset({asked.agreement}),
        always=frozenset({holder} if holder else ()),
    )
    return (user for user in every_user(seen.rows, wanted) if user.id != asked.user)


def every_user(rows: Snapshot, wanted: UserFilter) -> Iterator[User]:
    """All that are wanted, page by page."""
    after: UserId | None = None
    while page := rows.users(wanted, after, 200):
        yield from (row.user for row in page)
        after = page[-1].user.id
