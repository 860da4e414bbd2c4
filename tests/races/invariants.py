"""What must hold whoever won: read from the store, and from the journal fact by fact."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from habilitation.domain.actors import Member
from habilitation.domain.events import Event, ManagerDelegated, MemberAdded
from habilitation.domain.journal import Record, State, replay
from habilitation.domain.organization import SeatState
from habilitation.domain.requests import OrganizationQuestion
from habilitation.domain.user import Status, User
from habilitation.domain.values import OrganizationId
from habilitation.ports.store import Store
from habilitation.testing.world import AGENT, World


def check_invariants(world: World, organization: OrganizationId) -> None:
    """I1, I3, I5, I7, I9, of one organization."""
    store, at = world.portal.ports.store, world.clock.now()
    records = [store.decode(entry) for entry in store.entries(organization)]
    state = replay(records)
    assert world.portal.verify_journal(OrganizationQuestion(organization), by=AGENT).sound, "I9"
    _check_seat(state, at)
    for user in state.users.values():
        _check_closed(user, at)
    _check_emails(store, organization, state, at)
    for before, record in _steps(records):
        _check_scope(before, record)


def _check_seat(state: State, at: datetime) -> None:
    """I1: a held seat has one holder, an open user."""
    assert state.organization is not None
    seat = state.organization.seat
    assert (seat.holder is not None) is (seat.state is SeatState.HELD), "I1"
    if seat.holder is not None:
        holder = state.users[seat.holder]
        assert holder.is_open(at), "I1"
        assert holder.account.term.end is None, "R8"
        assert holder.delegation(at) is None, "R8"


def _check_closed(user: User, at: datetime) -> None:
    """I3: what is closed has nothing left."""
    if user.status(at) is Status.CLOSED:
        assert user.account.live(at) == [], "I3"
        assert user.delegation(at) is None, "I3"
        assert user.scope(at) is None, "I3"


def _check_emails(store: Store, organization: OrganizationId, state: State, at: datetime) -> None:
    """I7: of users who are not closed, no two have one e-mail; of all, no two have one login."""
    with store.reading(organization) as rows:
        found = [row for row in map(rows.find_row, state.users) if row]
    emails = Counter(
        row.person.email.normal for row in found if row.person and row.user.status(at) is not Status.CLOSED
    )
    logins = Counter(row.login for row in found if row.login)
    assert set(emails.values()) <= {1}, "I7"
    assert set(logins.values()) <= {1}, "I7"


def _steps(records: list[Record[Event]]) -> Iterator[tuple[State, Record[Event]]]:
    """Each fact, with the state before the act that it belongs to."""
    for number, record in enumerate(records):
        yield replay(records[:number]), record


def _check_scope(before: State, record: Record[Event]) -> None:
    """I5: who confers a right has it in scope at that very instant, as the journal told it until then."""
    event, by = record.event, record.by
    if not isinstance(event, MemberAdded | ManagerDelegated) or not isinstance(by, Member):
        return
    assert before.organization is not None
    if before.organization.is_held_by(by.user):
        return
    assert isinstance(event, MemberAdded), "I5: a manager appoints no manager"
    scope = before.users[by.user].scope(record.at)
    assert scope is not None, "I5: who is no manager any more grants nothing"
    assert scope.covers(event.place), "I5"
