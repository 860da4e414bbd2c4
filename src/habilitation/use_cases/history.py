"""Reading the journal, and checking it (R36, R40, R42)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cache

from attrs import frozen

from habilitation.domain import authority, journal
from habilitation.domain.actors import Actor, OperatorAgent
from habilitation.domain.acts import Act, Role
from habilitation.domain.events import Event
from habilitation.domain.journal import Flaw, Head, Record
from habilitation.domain.refusals import CursorMalformed, UserUnknown
from habilitation.domain.requests import HistoryQuestion, OrganizationQuestion
from habilitation.domain.values import UserId
from habilitation.ports.clock import Clock
from habilitation.ports.store import Snapshot, Store
from habilitation.use_cases.cataloging import require_operator
from habilitation.use_cases.directory import LARGEST_PAGE, require_size
from habilitation.use_cases.views import Page, shown_record
from habilitation.use_cases.work import Reading, reading

LONGEST_CURSOR = 18
MOST_LOOKED_AT = 10 * LARGEST_PAGE
"""Facts that are looked at for one page: whoever may read few among many gets a shorter one sooner."""


@frozen
class History:
    """The facts that the actor may read, oldest first (R36): all of them, or those about users whom they may read.

    A page is as long as was asked, but for the last one, and where thousands of facts in a row are hidden.
    """

    store: Store
    clock: Clock

    def __call__(self, asked: HistoryQuestion, *, by: Actor) -> Page[Record[Event]]:
        with reading(self.store, self.clock, asked.organization, by) as seen:
            page = readable_page(seen, asked)
            return Page(tuple(shown_record(record, seen.acting.role) for record in page.items), page.next)


def readable_page(seen: Reading, asked: HistoryQuestion) -> Page[Record[Event]]:
    """The page that was asked for, of what the actor may read."""
    require_size(asked.size)
    after = _sequence(asked.after)
    seen.require(Act.READ)
    role = seen.acting.role
    if asked.user is not None and not _readable(seen)(asked.user):
        raise UserUnknown()
    facts = _facts(seen.rows, after, _subject(asked, seen, role), asked.size + 1)
    return _page(facts, _may_see(seen, role), asked.size)


def _sequence(cursor: str | None) -> int:
    """The sequence number of the last fact on the former page."""
    if cursor is None:
        return 0
    if not (cursor.isascii() and cursor.isdigit()) or len(cursor) > LONGEST_CURSOR:
        raise CursorMalformed()
    return int(cursor)


def _subject(asked: HistoryQuestion, seen: Reading, role: Role) -> UserId | None:
    """An ordinary user reads their own history, and no other."""
    if role is Role.USER and seen.acting.user:
        return seen.acting.user.id
    return asked.user


def _facts(rows: Snapshot, after: int, about: UserId | None, first: int) -> Iterator[Record[Event]]:
    """The facts from there on, as many as they are; ``first`` of them are read at once, then more at a time."""
    most = first
    while piece := rows.records(after, most, about):
        yield from piece
        after, most = piece[-1].sequence, LARGEST_PAGE


def _page(facts: Iterable[Record[Event]], may_see: Callable[[Record[Event]], bool], size: int) -> Page[Record[Event]]:
    found: list[Record[Event]] = []
    last = 0
    for looked_at, record in enumerate(facts):
        visible = may_see(record)
        if (visible and len(found) == size) or looked_at == MOST_LOOKED_AT:
            return Page(tuple(found), str(last))
        if visible:
            found.append(record)
        last = record.sequence
    return Page(tuple(found))


def _readable(seen: Reading) -> Callable[[UserId], bool]:
    @cache
    def readable(id: UserId) -> bool:
        user = seen.rows.find_user(id)
        return user is not None and authority.may_read(seen.acting, user, seen.organization, seen.at)

    return readable


def _may_see(seen: Reading, role: Role) -> Callable[[Record[Event]], bool]:
    readable = _readable(seen)

    def may_see(record: Record[Event]) -> bool:
        about = getattr(record.event, "user", None)
        return role is not Role.MANAGER or about is None or readable(about)

    return may_see


@frozen
class JournalHead:
    """The end of the organization's journal, to be kept elsewhere (R40).

    Of one that was dropped, the operator is told the head that was kept (R41); to anybody else it is missing.
    """

    store: Store
    clock: Clock

    def __call__(self, asked: OrganizationQuestion, *, by: Actor) -> Head:
        kept = self.store.dropped(asked.organization) if isinstance(by, OperatorAgent) else None
        return kept or self._standing(asked, by)

    def _standing(self, asked: OrganizationQuestion, by: Actor) -> Head:
        with reading(self.store, self.clock, asked.organization, by) as seen:
            seen.require(Act.AUDIT)
            return seen.rows.head


@frozen
class Verification:
    """What verifying found: the number of entries, the first flaw of the chain, whether replay gives the state."""

    entries: int
    flaw: Flaw | None
    replayed: bool
    """False if the stored state is not what the journal tells; only looked at where the chain is whole."""

    @property
    def sound(self) -> bool:
        return self.flaw is None and self.replayed


@frozen
class VerifyJournal:
    """The chain holds, up to a head that was kept if one is given, and replay gives the stored state (R40, R42, I9)."""

    store: Store
    clock: Clock

    def __call__(self, asked: OrganizationQuestion, *, by: Actor, kept: Head | None = None) -> Verification:
        with reading(self.store, self.clock, asked.organization, by) as seen:
            seen.require(Act.AUDIT)
            entries = seen.rows.entries()
            flaw = journal.verify(entries, kept)
            if flaw is not None:
                return Verification(len(entries), flaw, replayed=False)
            records = [self.store.decode(entry) for entry in entries]
            flaw = journal.misplaced(entries, records)
            return Verification(len(entries), flaw, _is_stored(journal.replay(records), seen.rows))


def _is_stored(state: journal.State, rows: Snapshot) -> bool:
    """Nothing more, nothing less, nothing else."""
    if state.organization != rows.organization or set(state.users) != set(rows.user_ids()):
        return False
    return all(rows.find_user(id) == user for id, user in state.users.items())


@frozen
class CatalogHead:
    """The end of the catalog's own journal, to be kept elsewhere (R3, R40)."""

    store: Store

    def __call__(self, *, by: Actor) -> Head:
        require_operator(by)
        with self.store.cataloging() as catalog:
            return catalog.head


@frozen
class VerifyCatalog:
    """The catalog's own chain holds, and replaying it gives the catalog: the operator's to verify (R3, R40, R42)."""

    store: Store

    def __call__(self, *, by: Actor, kept: Head | None = None) -> Verification:
        require_operator(by)
        with self.store.cataloging() as now:  # nobody else writes meanwhile
            entries = self.store.catalog_entries()
            flaw = journal.verify(entries, kept)
            if flaw is not None:
                return Verification(len(entries), flaw, replayed=False)
            records = [self.store.decode(entry) for entry in entries]
            flaw = journal.misplaced(entries, records)
            return Verification(len(entries), flaw, journal.replay_catalog(records) == now.catalog)
