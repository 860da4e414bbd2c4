"""The operator erases persons, earlier by decision or when their retention is over (R18, R41)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from attrs import frozen

from habilitation.domain.actors import Actor
from habilitation.domain.acts import Act
from habilitation.domain.decisions import erasing
from habilitation.domain.events import Event
from habilitation.domain.limits import Limits
from habilitation.domain.refusals import Refusal
from habilitation.domain.requests import DueErasure, Erasure
from habilitation.domain.user import User
from habilitation.domain.values import OrganizationId, Seal, UserId, code
from habilitation.ports.clock import Clock
from habilitation.ports.notifier import Notifier
from habilitation.ports.store import Closed, Erased, Store
from habilitation.use_cases.cataloging import require_operator
from habilitation.use_cases.directory import require_size
from habilitation.use_cases.retrying import retried
from habilitation.use_cases.work import Work, reading, working

CHUNK = 100
EVERYTHING = 2**31


@frozen
class ErasedPerson:
    """The account that is left: an id, dates and groups."""

    user: User
    residue: Refusal | None
    """What kept the store's files from being rid of the last traces; ``EraseDue`` tries again. None if they are."""


@frozen
class ErasePerson:
    """The operator erases the person behind a closed account before its retention is over (R18)."""

    store: Store
    notifier: Notifier
    clock: Clock

    def __call__(self, asked: Erasure, *, by: Actor) -> ErasedPerson:
        reason = code(asked.reason, "reason")
        with working(self.store, self.clock, asked.organization, by) as work:
            user = work.user(asked.user)
            events = erasing.erase(work.organization, work.acting, user, reason, work.moment)
            erased = _erase(work, asked.user, events, self.notifier)
        return ErasedPerson(erased, wiped(self.store))


def _erase(work: Work, user: UserId, events: Sequence[Event], notifier: Notifier) -> User:
    credential = work.rows.find_credential(user)
    dead = [credential.killing()] if credential else []
    return work.record(events, notifier, credentials=dead, erased=Erased(user, _papers(work, user)))[user]


def _papers(work: Work, user: UserId) -> frozenset[Seal]:
    """Most users never held the seat, and the facts about them are few."""
    about = work.rows.records(0, EVERYTHING, user)
    if erasing.held_the_seat(about):
        about = work.rows.records(0, EVERYTHING)
    return erasing.papers_about(user, about)


def wiped(store: Store) -> Refusal | None:
    """Rid the store's files of traces; the erasure stands even where something keeps that from being done."""
    try:
        store.wipe()
    except Refusal as refusal:
        return refusal
    return None


@frozen
class ErasedDue:
    """What became of those whose retention is over."""

    users: tuple[tuple[OrganizationId, UserId], ...]
    organizations: tuple[OrganizationId, ...]
    """Whose journals were dropped; their heads are kept."""
    refused: tuple[tuple[OrganizationId, UserId | None, Refusal], ...]
    """What could not be erased or dropped, and why; it is tried again each time."""
    more: bool
    """Whether others are due: ask again."""
    residue: Refusal | None
    """As in ``ErasedPerson``."""


@frozen
class EraseDue:
    """Every closed person whose retention is over is erased, each decided anew and whole by itself (R18).

    The journal of an organization that was closed long enough ago is dropped whole, but for its head (R41). Traces that
    an earlier erasure had to leave in the store's files are tried anew.
    """

    store: Store
    notifier: Notifier
    clock: Clock
    limits: Limits

    def __call__(self, asked: DueErasure, *, by: Actor) -> ErasedDue:
        require_operator(by)
        require_size(asked.size)
        self._require_known(asked.organization, by)
        refused: list[tuple[OrganizationId, UserId | None, Refusal]] = []
        organizations = self._dropped(asked.organization, by, refused)
        users: list[tuple[OrganizationId, UserId]] = []
        due = self._due(asked.organization)
        while len(users) < asked.size and (one := next(due, None)):
            try:
                users += [(one.organization, one.user)] if retried(self._erase)(one, by) else []
            except Refusal as refusal:
                refused.append((one.organization, one.user, refusal))
        more = next(due, None) is not None
        residue = wiped(self.store) if self.store.residue() else None
        return ErasedDue(tuple(users), tuple(organizations), tuple(refused), more, residue)

    def _require_known(self, organization: OrganizationId | None, by: Actor) -> None:
        if organization is not None:
            with reading(self.store, self.clock, organization, by) as seen:
                seen.require(Act.ERASE)

    # Persons

    def _due(self, organization: OrganizationId | None) -> Iterator[Closed]:
        """The longest closed first, as of now; in chunks, outside any transaction."""
        until = self.clock.now() - self.limits.closed_person
        after: Closed | None = None
        while chunk := self.store.closed(until, CHUNK, organization, after):
            yield from chunk
            after = chunk[-1]

    def _erase(self, one: Closed, by: Actor) -> bool:
        with working(self.store, self.clock, one.organization, by) as work:
            user, retention = work.user(one.user), self.limits.closed_person
            events = erasing.erase_due(work.organization, work.acting, user, retention, work.moment)
            if events:
                _erase(work, one.user, events, self.notifier)
            return bool(events)

    # Organizations

    def _dropped(
        self,
        wanted: OrganizationId | None,
        by: Actor,
        refused: list[tuple[OrganizationId, UserId | None, Refusal]],
    ) -> list[OrganizationId]:
        until = self.clock.now() - self.limits.closed_journal
        due = [wanted] if wanted else self.store.closed_organizations(until, CHUNK)
        dropped = []
        for organization in due:
            try:
                dropped += [organization] if self._drop(organization, by) else []
            except Refusal as refusal:
                refused.append((organization, None, refusal))
        return dropped

    def _drop(self, organization: OrganizationId, by: Actor) -> bool:
        with working(self.store, self.clock, organization, by) as work:
            droppable = erasing.is_droppable(work.organization, self.limits.closed_journal, work.at)
            if droppable:
                work.rows.drop()
            return droppable
