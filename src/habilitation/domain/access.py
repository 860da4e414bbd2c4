"""The answer to R38: which paths lead to a permission, why none holds, who can repair it, until when it lasts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from enum import Enum

from attrs import frozen

from habilitation.domain.authority import Role
from habilitation.domain.catalog import Catalog
from habilitation.domain.organization import Agreement, AgreementState, Organization, SeatState
from habilitation.domain.period import Period, unbroken
from habilitation.domain.user import Membership, Status, User
from habilitation.domain.values import AgreementId, GroupCode, Permission


class Why(Enum):
    """The closed list of reasons, in the order in which a path is walked: the first missing link is the answer."""

    GRANTED = "granted"
    NO_GROUP_GIVES_IT = "no-group-gives-it"
    NO_AGREEMENT = "no-agreement"
    AGREEMENT_NOT_VALIDATED = "agreement-not-validated"
    AGREEMENT_NOT_STARTED = "agreement-not-started"
    AGREEMENT_OVER = "agreement-over"
    GROUP_NOT_OPENED = "group-not-opened"
    NO_ACCOUNT = "no-account"
    ACCOUNT_PENDING = "account-pending"
    ACCOUNT_CLOSED = "account-closed"
    NOT_A_MEMBER = "not-a-member"
    MEMBERSHIP_NOT_STARTED = "membership-not-started"
    MEMBERSHIP_OVER = "membership-over"
    ROLE_NOT_ASSIGNED = "role-not-assigned"


_OPERATOR = frozenset({Role.OPERATOR})
_ADMINISTRATOR = frozenset({Role.ADMINISTRATOR})
_GRANTERS = frozenset({Role.ADMINISTRATOR, Role.MANAGER})

REPAIR: Mapping[Why, frozenset[Role]] = {
    Why.GRANTED: frozenset(),
    Why.NO_GROUP_GIVES_IT: _OPERATOR,
    Why.NO_AGREEMENT: _OPERATOR,
    Why.AGREEMENT_NOT_VALIDATED: _OPERATOR,
    Why.AGREEMENT_NOT_STARTED: _OPERATOR,
    Why.AGREEMENT_OVER: _OPERATOR,
    Why.GROUP_NOT_OPENED: _OPERATOR,
    Why.NO_ACCOUNT: _GRANTERS,
    Why.ACCOUNT_PENDING: _GRANTERS,
    Why.ACCOUNT_CLOSED: _ADMINISTRATOR,
    Why.NOT_A_MEMBER: _GRANTERS,
    Why.MEMBERSHIP_NOT_STARTED: _GRANTERS,
    Why.MEMBERSHIP_OVER: _GRANTERS,
    Why.ROLE_NOT_ASSIGNED: _OPERATOR,
}
"""Who can put the missing link in place, while the seat is held."""

_LINK = {
    Why.NO_AGREEMENT: 0,
    Why.AGREEMENT_NOT_VALIDATED: 1,
    Why.AGREEMENT_NOT_STARTED: 1,
    Why.AGREEMENT_OVER: 1,
    Why.GROUP_NOT_OPENED: 2,
    Why.NO_ACCOUNT: 3,
    Why.ACCOUNT_PENDING: 3,
    Why.ACCOUNT_CLOSED: 3,
    Why.NOT_A_MEMBER: 4,
    Why.MEMBERSHIP_NOT_STARTED: 4,
    Why.MEMBERSHIP_OVER: 4,
    Why.ROLE_NOT_ASSIGNED: 5,
    Why.GRANTED: 6,
}
"""Which link of its path each reason names."""


@frozen
class Path:
    """One way to a permission: a group, an agreement that may open it, a membership that may be there."""

    group: GroupCode
    agreement: AgreementId | None
    reference: str
    membership: int | None
    missing: tuple[Why, ...]
    """Every missing link, in the order of the path; empty when the path holds."""
    period: Period | None
    """The time over which the path holds, if it ever does."""

    @property
    def why(self) -> Why:
        return self.missing[0] if self.missing else Why.GRANTED


@frozen
class Answer:
    """Whether, why, until when; and if not, who can repair it (R38). ``until`` is an instant in UTC; none is no end."""

    allowed: bool
    why: Why
    until: datetime | None = None
    repair: frozenset[Role] = frozenset()
    path: Path | None = None
    """The path that holds, or the one that got furthest."""


def decide(
    organization: Organization, catalog: Catalog, user: User | None, permission: Permission, at: datetime
) -> Answer:
    """May the user do this at that instant? Memberships alone count: no seat, no delegation is looked at (R31, R38).

    Of a past instant it can be asked before there was such a user (R39).
    """
    candidates = list(paths(organization, catalog, user, permission, at))
    if not candidates:
        return Answer(False, Why.NO_GROUP_GIVES_IT, repair=_repairers(organization, Why.NO_GROUP_GIVES_IT))
    best = min(candidates, key=_furthest)
    if best.missing:
        return Answer(False, best.why, repair=_repairers(organization, best.why), path=best)
    stretch = unbroken((path.period for path in candidates if path.period), at)
    return Answer(True, Why.GRANTED, stretch.end if stretch else at, path=best)


def _repairers(organization: Organization, why: Why) -> frozenset[Role]:
    """Without a holder, what is the administrator's to repair is the operator's (R34)."""
    repair = REPAIR[why]
    if organization.seat.state is SeatState.HELD or Role.ADMINISTRATOR not in repair:
        return repair
    return repair - {Role.ADMINISTRATOR} | {Role.OPERATOR}


def _furthest(path: Path) -> tuple[int, str, GroupCode, bool, int]:
    """Orders paths by how far they got; ties go to the agreement's reference, then to the group's code.

    Of several memberships in one place, one to come says more than one that is over, and a later one more than an
    earlier.
    """
    over = path.why is Why.MEMBERSHIP_OVER
    return (-_LINK[path.why], path.reference, path.group, over, -(path.membership or 0))


def paths(
    organization: Organization, catalog: Catalog, user: User | None, permission: Permission, at: datetime
) -> Iterator[Path]:
    """Every candidate path: the groups giving the permission, by agreement and by membership of the user."""
    memberships = user.account.memberships if user else ()
    for group in catalog.giving(permission, at):
        if not organization.agreements:
            yield Path(group.code, None, "", None, (Why.NO_AGREEMENT,), None)
        for agreement in organization.agreements.values():
            held: list[Membership | None] = [
                membership
                for membership in memberships
                if membership.place.agreement == agreement.id and membership.place.group == group.code
            ]
            for membership in held or [None]:
                yield _path(agreement, group.code, user, membership, at)


def _path(
    agreement: Agreement, group: GroupCode, user: User | None, membership: Membership | None, at: datetime
) -> Path:
    missing = tuple(_missing(agreement, group, user, membership, at))
    number = membership.number if membership else None
    period = _lasting(agreement, group, user, membership)
    return Path(group, agreement.id, agreement.reference, number, missing, period)


def _missing(
    agreement: Agreement, group: GroupCode, user: User | None, membership: Membership | None, at: datetime
) -> Iterator[Why]:
    if agreement.state is not AgreementState.VALIDATED:
        yield Why.AGREEMENT_NOT_VALIDATED
    if agreement.term.over(at):
        yield Why.AGREEMENT_OVER
    elif agreement.term.start > at:
        yield Why.AGREEMENT_NOT_STARTED
    if group not in agreement.groups:
        yield Why.GROUP_NOT_OPENED
    yield from _missing_of(user, at)
    yield from _missing_in(membership, at)


def _missing_of(user: User | None, at: datetime) -> Iterator[Why]:
    if user is None:
        yield Why.NO_ACCOUNT
    elif user.status(at) is not Status.OPEN:
        yield Why.ACCOUNT_CLOSED if user.status(at) is Status.CLOSED else Why.ACCOUNT_PENDING


def _missing_in(membership: Membership | None, at: datetime) -> Iterator[Why]:
    if membership is None:
        yield Why.NOT_A_MEMBER
        return
    if membership.term.over(at):
        yield Why.MEMBERSHIP_OVER
    elif membership.term.start > at:
        yield Why.MEMBERSHIP_NOT_STARTED
    if membership.waiting:
        yield Why.ROLE_NOT_ASSIGNED


def _lasting(agreement: Agreement, group: GroupCode, user: User | None, membership: Membership | None) -> Period | None:
    """When all the links hold together, as far as is known now: an intersection, computed."""
    if user is None or membership is None or membership.waiting or user.removed:
        return None
    if agreement.state is not AgreementState.VALIDATED or group not in agreement.groups:
        return None
    return membership.conferring.meet(user.account.term).meet(agreement.term)
