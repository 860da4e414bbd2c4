"""The answer to R38: which paths lead to a permission, why none holds, who can repair it, until when it lasts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from enum import Enum

from attrs import frozen

from habilitation.domain.actors import Side
from habilitation.domain.acts import Role
from habilitation.domain.catalog import Catalog, Group
from habilitation.domain.organization import (
    Agreement,
    AgreementState,
    Control,
    GroupState,
    Organization,
    OrganizationState,
    SeatState,
)
from habilitation.domain.period import Period, unbroken
from habilitation.domain.user import Membership, Status, User
from habilitation.domain.values import AgreementId, GroupCode, Permission


class Why(Enum):
    """The closed list of reasons, in the order in which a path is walked: the first missing link is the answer."""

    GRANTED = "granted"
    NO_GROUP_GIVES_IT = "no-group-gives-it"
    ORGANIZATION_CLOSED = "organization-closed"
    ORGANIZATION_SUSPENDED = "organization-suspended"
    NO_AGREEMENT = "no-agreement"
    AGREEMENT_NOT_VALIDATED = "agreement-not-validated"
    AGREEMENT_SUSPENDED = "agreement-suspended"
    AGREEMENT_NOT_STARTED = "agreement-not-started"
    AGREEMENT_OVER = "agreement-over"
    GROUP_NOT_OPENED = "group-not-opened"
    GROUP_SUSPENDED = "group-suspended"
    NO_ACCOUNT = "no-account"
    ACCOUNT_CLOSED = "account-closed"
    ACCOUNT_SUSPENDED = "account-suspended"
    ACCOUNT_SUSPENDED_BY_OPERATOR = "account-suspended-by-operator"
    ACCOUNT_PENDING = "account-pending"
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
    Why.ORGANIZATION_CLOSED: frozenset(),
    Why.ORGANIZATION_SUSPENDED: _OPERATOR,
    Why.NO_AGREEMENT: _OPERATOR,
    Why.AGREEMENT_NOT_VALIDATED: _OPERATOR,
    Why.AGREEMENT_SUSPENDED: _OPERATOR,
    Why.AGREEMENT_NOT_STARTED: _OPERATOR,
    Why.AGREEMENT_OVER: _OPERATOR,
    Why.GROUP_NOT_OPENED: _OPERATOR,
    Why.GROUP_SUSPENDED: _OPERATOR,
    Why.NO_ACCOUNT: _GRANTERS,
    Why.ACCOUNT_CLOSED: _ADMINISTRATOR,
    Why.ACCOUNT_SUSPENDED: _ADMINISTRATOR,
    Why.ACCOUNT_SUSPENDED_BY_OPERATOR: _OPERATOR,
    Why.ACCOUNT_PENDING: _GRANTERS,
    Why.NOT_A_MEMBER: _GRANTERS,
    Why.MEMBERSHIP_NOT_STARTED: _GRANTERS,
    Why.MEMBERSHIP_OVER: _GRANTERS,
    Why.ROLE_NOT_ASSIGNED: _OPERATOR,
}
"""Who can put the missing link in place, while the organization's people administer; a closing is for good (R1)."""

_LINK = {
    Why.ORGANIZATION_CLOSED: 0,
    Why.ORGANIZATION_SUSPENDED: 0,
    Why.NO_AGREEMENT: 1,
    Why.AGREEMENT_NOT_VALIDATED: 2,
    Why.AGREEMENT_SUSPENDED: 2,
    Why.AGREEMENT_NOT_STARTED: 2,
    Why.AGREEMENT_OVER: 2,
    Why.GROUP_NOT_OPENED: 3,
    Why.GROUP_SUSPENDED: 3,
    Why.NO_ACCOUNT: 4,
    Why.ACCOUNT_CLOSED: 4,
    Why.ACCOUNT_SUSPENDED: 4,
    Why.ACCOUNT_SUSPENDED_BY_OPERATOR: 4,
    Why.ACCOUNT_PENDING: 4,
    Why.NOT_A_MEMBER: 5,
    Why.MEMBERSHIP_NOT_STARTED: 5,
    Why.MEMBERSHIP_OVER: 5,
    Why.ROLE_NOT_ASSIGNED: 6,
    Why.GRANTED: 7,
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
    candidates = ranked(paths(organization, catalog, user, permission, at))
    if not candidates:
        return Answer(False, Why.NO_GROUP_GIVES_IT, repair=_repairers(organization, Why.NO_GROUP_GIVES_IT))
    best = candidates[0]
    if best.missing:
        return Answer(False, best.why, repair=_repairers(organization, best.why), path=best)
    stretch = unbroken((path.period for path in candidates if path.period), at)
    return Answer(True, Why.GRANTED, stretch.end if stretch else at, path=best)


def _repairers(organization: Organization, why: Why) -> frozenset[Role]:
    """The operator, in the place of an administrator who is not there, and of everybody once control is taken (R34)."""
    repair = REPAIR[why]
    away = frozenset() if organization.seat.state is SeatState.HELD else _ADMINISTRATOR
    away = _GRANTERS if organization.control is Control.TAKEN else away
    return repair - away | _OPERATOR if repair & away else repair


def ranked(candidates: Iterable[Path]) -> list[Path]:
    """Those that hold, then those that got furthest: the first one gives the answer."""
    return sorted(candidates, key=_furthest)


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
            missing = (*_missing_in_organization(organization), Why.NO_AGREEMENT)
            yield Path(group.code, None, "", None, missing, None)
        for agreement in organization.agreements.values():
            held: list[Membership | None] = [
                membership
                for membership in memberships
                if membership.place.agreement == agreement.id and membership.place.group == group.code
            ]
            for membership in held or [None]:
                yield _path(organization, agreement, group, user, membership, permission, at)


def _path(
    organization: Organization,
    agreement: Agreement,
    group: Group,
    user: User | None,
    membership: Membership | None,
    permission: Permission,
    at: datetime,
) -> Path:
    missing = (
        *_missing_in_organization(organization),
        *_missing_in_agreement(agreement, group.code, at),
        *_missing_in_account(user, at),
        *_missing_in_membership(membership, at),
    )
    number = membership.number if membership else None
    period = None
    if user and membership and not frozenset(missing) - _IN_TIME:
        begun = (organization.since, agreement.since, agreement.groups[group.code].since, group.since(permission))
        period = _lasting(agreement, user, membership, max(filter(None, (*begun, *user.interruptions[-1:]))))
    return Path(group.code, agreement.id, agreement.reference, number, missing, period)


_IN_TIME = frozenset(
    {
        *(Why.AGREEMENT_NOT_STARTED, Why.AGREEMENT_OVER, Why.ACCOUNT_PENDING, Why.ACCOUNT_CLOSED),
        *(Why.MEMBERSHIP_NOT_STARTED, Why.MEMBERSHIP_OVER),
    }
)
"""What is missing at one instant and not at another, without anybody's act."""


def _missing_in_organization(organization: Organization) -> Iterator[Why]:
    if organization.state is OrganizationState.CLOSED:
        yield Why.ORGANIZATION_CLOSED
    elif organization.state is OrganizationState.SUSPENDED:
        yield Why.ORGANIZATION_SUSPENDED


def _missing_in_agreement(agreement: Agreement, group: GroupCode, at: datetime) -> Iterator[Why]:
    if agreement.state is AgreementState.DRAFT:
        yield Why.AGREEMENT_NOT_VALIDATED
    elif agreement.state is AgreementState.SUSPENDED:
        yield Why.AGREEMENT_SUSPENDED
    if agreement.is_over(at):
        yield Why.AGREEMENT_OVER
    elif agreement.term.start > at:
        yield Why.AGREEMENT_NOT_STARTED
    if not agreement.opens(group):
        yield Why.GROUP_NOT_OPENED
    elif agreement.groups[group].state is GroupState.SUSPENDED:
        yield Why.GROUP_SUSPENDED


def _missing_in_account(user: User | None, at: datetime) -> Iterator[Why]:
    if user is None:
        yield Why.NO_ACCOUNT
        return
    if user.status(at) is Status.CLOSED:
        yield Why.ACCOUNT_CLOSED
        return
    if Side.ORGANIZATION in user.suspended:
        yield Why.ACCOUNT_SUSPENDED
    if Side.OPERATOR in user.suspended:
        yield Why.ACCOUNT_SUSPENDED_BY_OPERATOR
    if user.account.status(at) is Status.PENDING:
        yield Why.ACCOUNT_PENDING


def _missing_in_membership(membership: Membership | None, at: datetime) -> Iterator[Why]:
    if membership is None:
        yield Why.NOT_A_MEMBER
        return
    if membership.term.over(at):
        yield Why.MEMBERSHIP_OVER
    elif membership.term.start > at:
        yield Why.MEMBERSHIP_NOT_STARTED
    if membership.waiting:
        yield Why.ROLE_NOT_ASSIGNED


def _lasting(agreement: Agreement, user: User, membership: Membership, since: datetime) -> Period | None:
    """When all the links hold together, as far as is known now: an intersection, computed (I4).

    Never before the last act that put a link in place; what held before an interruption is another stretch.
    """
    if user.removed or agreement.state is AgreementState.ENDED:
        return None
    return membership.conferring.meet(user.account.term).meet(agreement.term).meet(Period(since, None))
