"""Reading an organization: its agreements, its users, its administrator, what waits (R7, R26, R36, R37)."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import evolve, frozen

from habilitation.domain import authority
from habilitation.domain.actors import Actor
from habilitation.domain.acts import Act, Role
from habilitation.domain.events import Event, ManagerDelegated
from habilitation.domain.folding import folded
from habilitation.domain.journal import Record
from habilitation.domain.refusals import CursorMalformed, NameTooLong, PageSizeRefused, UserUnknown
from habilitation.domain.requests import NamesQuestion, OrganizationQuestion, UserQuestion, UserSearch, WaitingSearch
from habilitation.domain.user import User
from habilitation.domain.values import LONGEST_NAME, UserId
from habilitation.ports.clock import Clock
from habilitation.ports.queries import UserFilter, UserRow
from habilitation.ports.store import Store
from habilitation.use_cases.views import (
    AdministratorView,
    AgreementView,
    DelegationView,
    Page,
    UserView,
    WaitingRole,
    administrator_view,
    agreement_view,
    delegation_view,
    membership_view,
    user_view,
)
from habilitation.use_cases.work import Reading, reading

LARGEST_PAGE = 500


@frozen
class ListAgreements:
    """Anybody of the organization knows its agreements and their groups (R37)."""

    store: Store
    clock: Clock

    def __call__(self, asked: OrganizationQuestion, *, by: Actor) -> tuple[AgreementView, ...]:
        with reading(self.store, self.clock, asked.organization, by) as seen:
            seen.require(Act.READ)
            agreements = sorted(seen.organization.agreements.values(), key=lambda agreement: agreement.reference)
            names = seen.rows.papers(agreement.name for agreement in agreements)
            return tuple(
                agreement_view(one, seen.catalog, names, seen.rows.version(agreement=one.id)) for one in agreements
            )


@frozen
class ListUsers:
    """A page of the users whom the actor may read, each with the acts that the actor may do on it (R36)."""

    store: Store
    clock: Clock

    def __call__(self, asked: UserSearch, *, by: Actor) -> Page[UserView]:
        require_size(asked.size)
        text = sought(asked.text)
        with reading(self.store, self.clock, asked.organization, by) as seen:
            seen.require(Act.LIST_USERS)
            wanted = UserFilter(seen.at, asked.status, text)
            if asked.agreement is not None:
                wanted = _of_agreement(seen, wanted, asked)
            rows, next = _page(seen, _as_far_as_read(seen, wanted), asked.after, asked.size)
            return Page(tuple(user_view(seen, row) for row in rows), next)


def sought(text: str) -> str:
    """The text searched, folded."""
    if len(text) > LONGEST_NAME:
        raise NameTooLong("text", LONGEST_NAME)
    return folded(text.strip())


def require_size(size: int) -> None:
    """Refuse an empty page, and one too large."""
    if not 1 <= size <= LARGEST_PAGE:
        raise PageSizeRefused(LARGEST_PAGE)


def _of_agreement(seen: Reading, wanted: UserFilter, asked: UserSearch) -> UserFilter:
    """The administrator is of every agreement (R10)."""
    assert asked.agreement is not None
    agreement = seen.organization.agreement(asked.agreement)
    return evolve(wanted, agreements=frozenset({agreement.id}), always=_holder(seen))


def _holder(seen: Reading) -> frozenset[UserId]:
    held_by = seen.organization.seat.holder
    return frozenset({held_by} if held_by else ())


def _as_far_as_read(seen: Reading, wanted: UserFilter) -> UserFilter:
    """A manager reads the users of the agreements that the scope touches, the administrator and himself (R36)."""
    if seen.acting.role is not Role.MANAGER:
        return wanted
    touched = frozenset(filter(seen.acting.scope.touches, seen.organization.agreements))
    if wanted.agreements is not None:
        return evolve(wanted, agreements=touched & wanted.agreements)
    own = frozenset({seen.acting.user.id}) if seen.acting.user else frozenset()
    return evolve(wanted, agreements=touched, always=_holder(seen) | own)


def _page(seen: Reading, wanted: UserFilter, after: str | None, size: int) -> tuple[list[UserRow], str | None]:
    if after is not None and require_readable(seen, UserId(after)).erased:
        raise CursorMalformed()  # the order is that of names: whoever was erased since has no place in it (R18)
    rows = list(seen.rows.users(wanted, UserId(after) if after is not None else None, size + 1))
    return rows[:size], rows[size - 1].user.id if len(rows) > size else None


def require_readable(seen: Reading, cursor: UserId) -> User:
    """A cursor that no page of this reader's can have given tells nothing, not even that somebody is there (R37)."""
    last = seen.rows.find_user(cursor)
    if last is None or not authority.may_read(seen.acting, last, seen.organization, seen.at):
        raise CursorMalformed()
    return last


@frozen
class ShowUser:
    """One user, to whoever may read that file; to anybody else it is missing (R36, R37)."""

    store: Store
    clock: Clock

    def __call__(self, asked: UserQuestion, *, by: Actor) -> UserView:
        with reading(self.store, self.clock, asked.organization, by) as seen:
            row = seen.rows.find_row(asked.user)
            if row is None or not authority.may_read(seen.acting, row.user, seen.organization, seen.at):
                raise UserUnknown()
            return user_view(seen, row)


@frozen
class WhoIsAdministrator:
    """Any user can see who the administrator is (R7)."""

    store: Store
    clock: Clock

    def __call__(self, asked: OrganizationQuestion, *, by: Actor) -> AdministratorView:
        with reading(self.store, self.clock, asked.organization, by) as seen:
            seen.require(Act.READ)
            return administrator_view(seen)


@frozen
class NameUsers:
    """What those of the users are called whom the actor may know of; nothing, of one who was erased (R36).

    Whoever may be read is known, and the administrator to everybody (R7).
    """

    store: Store
    clock: Clock

    def __call__(self, asked: NamesQuestion, *, by: Actor) -> Mapping[UserId, str | None]:
        if len(asked.users) > LARGEST_PAGE:
            raise PageSizeRefused(LARGEST_PAGE)
        with reading(self.store, self.clock, asked.organization, by) as seen:
            seen.require(Act.READ)
            rows = filter(None, map(seen.rows.find_row, sorted(asked.users)))
            known = (row for row in rows if _may_name(seen, row.user))
            return {row.user.id: row.person.full_name if row.person else None for row in known}


def _may_name(seen: Reading, user: User) -> bool:
    return seen.organization.is_held_by(user.id) or authority.may_read(seen.acting, user, seen.organization, seen.at)


@frozen
class ListWaitingRoles:
    """What waits for the operator's role assignment, as far as the actor manages it (R26)."""

    store: Store
    clock: Clock

    def __call__(self, asked: WaitingSearch, *, by: Actor) -> Page[WaitingRole]:
        require_size(asked.size)
        with reading(self.store, self.clock, asked.organization, by) as seen:
            seen.require(Act.LIST_WAITING)
            wanted = _as_far_as_read(seen, UserFilter(seen.at, waiting=True))
            rows, next = _page(seen, wanted, asked.after, asked.size)
            return Page(tuple(role for row in rows for role in _waiting(seen, row)), next)


@frozen
class ListDelegations:
    """The managers, current and to come: over what, from when to when, and who delegated it when (R28)."""

    store: Store
    clock: Clock

    def __call__(self, asked: OrganizationQuestion, *, by: Actor) -> tuple[DelegationView, ...]:
        with reading(self.store, self.clock, asked.organization, by) as seen:
            seen.require(Act.LIST_DELEGATIONS)
            managers = sorted(user.id for user in seen.rows.managers() if user.delegation(seen.at))
            rows = filter(None, map(seen.rows.find_row, managers))
            return tuple(delegation_view(seen, row, _given(seen, row.user.id)) for row in rows)


def _given(seen: Reading, manager: UserId) -> Record[Event]:
    """The fact that gave the delegation: a new one replaces the former."""
    about = seen.rows.records(0, seen.rows.head.sequence, manager)
    return next(record for record in reversed(about) if isinstance(record.event, ManagerDelegated))


def _waiting(seen: Reading, row: UserRow) -> list[WaitingRole]:
    view = user_view(seen, row)
    return [
        WaitingRole(view, membership_view(seen.catalog, held, row.user.account.term))
        for held in row.user.account.live(seen.at)
        if held.waiting and authority.reaches(seen.acting, held.place)
    ]
