"""An organization, its one seat and its agreements; their lifecycles as tables (R1, R2, R8, R33, R34)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from enum import Enum
from typing import Any

from attrs import evolve as changed
from attrs import field, frozen

from habilitation.domain.events import (
    AdministratorAppointed,
    AgreementEnded,
    AgreementOpened,
    AgreementRescheduled,
    AgreementResumed,
    AgreementSuspended,
    AgreementValidated,
    ContactChanged,
    ControlReturned,
    ControlTaken,
    FirstCredentialsIssued,
    GroupOpened,
    GroupResumed,
    GroupSuspended,
    GroupWithdrawn,
    OrganizationClosed,
    OrganizationEvent,
    OrganizationOpened,
    OrganizationResumed,
    OrganizationSuspended,
    SeatClaimed,
    SeatVacated,
    SiretChanged,
)
from habilitation.domain.mapping import unchanging
from habilitation.domain.period import Term
from habilitation.domain.refusals import (
    AgreementIsSuspended,
    AgreementNotValidated,
    AgreementOver,
    AgreementUnknown,
    GroupIsSuspended,
    GroupNotOpened,
    GroupUnknown,
    Refusal,
)
from habilitation.domain.values import AgreementId, GroupCode, OrganizationId, Place, Seal, ServiceCode, UserId


class OrganizationState(Enum):
    """Whether the operator lets the organization be (R1, R33)."""

    OPEN = "open"
    SUSPENDED = "suspended"
    CLOSED = "closed"


ORGANIZATION_LIFECYCLE: Mapping[tuple[OrganizationState, type], OrganizationState] = {
    (OrganizationState.OPEN, OrganizationSuspended): OrganizationState.SUSPENDED,
    (OrganizationState.OPEN, OrganizationClosed): OrganizationState.CLOSED,
    (OrganizationState.SUSPENDED, OrganizationResumed): OrganizationState.OPEN,
    (OrganizationState.SUSPENDED, OrganizationClosed): OrganizationState.CLOSED,
}


class Control(Enum):
    """Who administers: the organization's own people, or the operator in their place (R34)."""

    OWN = "own"
    TAKEN = "taken"


CONTROL_LIFECYCLE: Mapping[tuple[Control, type], Control] = {
    (Control.OWN, ControlTaken): Control.TAKEN,
    (Control.TAKEN, ControlReturned): Control.OWN,
}


class SeatState(Enum):
    """Whether somebody answers to the operator for the organization (R8)."""

    UNCLAIMED = "unclaimed"
    HELD = "held"
    VACANT = "vacant"
    ENDED = "ended"


SEAT_LIFECYCLE: Mapping[tuple[SeatState, type], SeatState] = {
    (SeatState.UNCLAIMED, FirstCredentialsIssued): SeatState.UNCLAIMED,
    (SeatState.UNCLAIMED, SeatClaimed): SeatState.HELD,
    (SeatState.UNCLAIMED, OrganizationClosed): SeatState.ENDED,
    (SeatState.HELD, AdministratorAppointed): SeatState.HELD,
    (SeatState.HELD, SeatVacated): SeatState.VACANT,
    (SeatState.HELD, OrganizationClosed): SeatState.ENDED,
    (SeatState.VACANT, FirstCredentialsIssued): SeatState.VACANT,
    (SeatState.VACANT, SeatClaimed): SeatState.HELD,
    (SeatState.VACANT, AdministratorAppointed): SeatState.HELD,
    (SeatState.VACANT, OrganizationClosed): SeatState.ENDED,
}


class AgreementState(Enum):
    """How far an agreement has come (R2)."""

    DRAFT = "draft"
    VALIDATED = "validated"
    SUSPENDED = "suspended"
    ENDED = "ended"


AGREEMENT_LIFECYCLE: Mapping[tuple[AgreementState, type], AgreementState] = {
    (AgreementState.DRAFT, AgreementRescheduled): AgreementState.DRAFT,
    (AgreementState.DRAFT, AgreementValidated): AgreementState.VALIDATED,
    (AgreementState.DRAFT, AgreementEnded): AgreementState.ENDED,
    (AgreementState.VALIDATED, AgreementRescheduled): AgreementState.VALIDATED,
    (AgreementState.VALIDATED, AgreementSuspended): AgreementState.SUSPENDED,
    (AgreementState.VALIDATED, AgreementEnded): AgreementState.ENDED,
    (AgreementState.SUSPENDED, AgreementRescheduled): AgreementState.SUSPENDED,
    (AgreementState.SUSPENDED, AgreementResumed): AgreementState.VALIDATED,
    (AgreementState.SUSPENDED, AgreementEnded): AgreementState.ENDED,
}


class GroupState(Enum):
    """What an agreement does with a group of the catalog (R2, R3, R33)."""

    OPEN = "open"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"


GROUP_LIFECYCLE: Mapping[tuple[GroupState, type], GroupState] = {
    (GroupState.OPEN, GroupSuspended): GroupState.SUSPENDED,
    (GroupState.OPEN, GroupWithdrawn): GroupState.WITHDRAWN,
    (GroupState.SUSPENDED, GroupResumed): GroupState.OPEN,
    (GroupState.SUSPENDED, GroupWithdrawn): GroupState.WITHDRAWN,
    (GroupState.WITHDRAWN, GroupOpened): GroupState.OPEN,
}


@frozen
class FirstCredentials:
    """The credentials on their way to whoever will claim: the user's id is reserved for that person (R4)."""

    user: UserId
    expires: datetime


@frozen
class Seat:
    """The one seat that answers to the operator for users and rights (R5, R8)."""

    state: SeatState = SeatState.UNCLAIMED
    holder: UserId | None = None
    first_credentials: FirstCredentials | None = None

    def after(self, event: type, holder: UserId | None, issued: FirstCredentials | None = None) -> Seat:
        return Seat(SEAT_LIFECYCLE[self.state, event], holder, issued)


@frozen
class OpenedGroup:
    """A group of the catalog under an agreement."""

    state: GroupState
    since: datetime
    """When it came to be so: what it gives, it gives from then on (I4)."""


@frozen
class Agreement:
    """What operator and organization agreed on: it opens services and groups over a period (R2)."""

    id: AgreementId
    reference: str
    name: Seal
    state: AgreementState
    since: datetime
    """When it came to be in this state, or was given a period that it was not in: it gives nothing earlier (I4)."""
    term: Term
    services: tuple[ServiceCode, ...]
    groups: Mapping[GroupCode, OpenedGroup] = field(factory=dict, converter=unchanging)
    """The groups that it opens or once opened: those that the organization knows of (R37)."""

    def opens(self, group: GroupCode) -> bool:
        """Whether the group is one of it, be it suspended for a time."""
        return group in self.groups and self.groups[group].state is not GroupState.WITHDRAWN

    def is_current(self, at: datetime) -> bool:
        """Whether anything may be created, granted or delegated under it (R2)."""
        return self.state is AgreementState.VALIDATED and not self.term.over(at)

    def require(self, states: Collection[AgreementState], at: datetime) -> None:
        """Refuse what is possible in those states only, and in the period: a draft, a suspension, the end (R2)."""
        if self.state not in states:
            raise _NOT_IN_FORCE[self.state](self.id)
        if self.term.over(at):
            raise AgreementOver(self.id)

    def is_over(self, at: datetime) -> bool:
        """Whether it was ended, or its period has passed."""
        return self.state is AgreementState.ENDED or self.term.over(at)

    def require_open(self, group: GroupCode, states: Collection[GroupState]) -> None:
        """Refuse what is possible in those states of the group only: suspended, withdrawn (R2, R3)."""
        state = self.groups[group].state
        if state not in states:
            raise _NOT_OPEN[state](group)


_NOT_IN_FORCE: Mapping[AgreementState, Callable[[AgreementId], Refusal]] = {
    AgreementState.DRAFT: AgreementNotValidated,
    AgreementState.SUSPENDED: AgreementIsSuspended,
    AgreementState.ENDED: AgreementOver,
}
_NOT_OPEN: Mapping[GroupState, Callable[[GroupCode], Refusal]] = {
    GroupState.SUSPENDED: GroupIsSuspended,
    GroupState.WITHDRAWN: GroupNotOpened,
}


@frozen
class Organization:
    """A partner of the operator: the unit of consistency, with one writer at a time."""

    id: OrganizationId
    seat: Seat = Seat()
    agreements: Mapping[AgreementId, Agreement] = field(factory=dict, converter=unchanging)
    state: OrganizationState = OrganizationState.OPEN
    since: datetime | None = None
    """When it came to be so, if it was not always."""
    control: Control = Control.OWN

    def agreement(self, id: AgreementId) -> Agreement:
        if id not in self.agreements:
            raise AgreementUnknown()
        return self.agreements[id]

    def is_held_by(self, user: UserId) -> bool:
        return self.seat.holder == user

    def require_known(self, place: Place) -> None:
        """Groups and agreements of one's own organization are known; any other is missing, existing or not (R37)."""
        agreement = self.agreement(place.agreement)
        if place.group in agreement.groups:
            return
        opened_elsewhere = any(place.group in other.groups for other in self.agreements.values())
        raise GroupNotOpened(place.group) if opened_elsewhere else GroupUnknown()


def evolve(organization: Organization | None, event: OrganizationEvent, at: datetime) -> Organization:
    """The organization after the event: the only way in which it changes."""
    if isinstance(event, OrganizationOpened):
        return Organization(event.organization)
    assert organization is not None, "a journal begins with the opening of its organization"
    return _AFTER[type(event)](organization, event, at)


def _unchanged(organization: Organization, event: Any, at: datetime) -> Organization:
    return organization


def _stood(
    organization: Organization, event: OrganizationSuspended | OrganizationResumed, at: datetime
) -> Organization:
    return changed(organization, state=ORGANIZATION_LIFECYCLE[organization.state, type(event)], since=at)


def _closed(organization: Organization, event: OrganizationClosed, at: datetime) -> Organization:
    state = ORGANIZATION_LIFECYCLE[organization.state, OrganizationClosed]
    return changed(organization, state=state, since=at, seat=organization.seat.after(OrganizationClosed, None))


def _controlled(organization: Organization, event: ControlTaken | ControlReturned, at: datetime) -> Organization:
    return changed(organization, control=CONTROL_LIFECYCLE[organization.control, type(event)])


def _issued(organization: Organization, event: FirstCredentialsIssued, at: datetime) -> Organization:
    issued = FirstCredentials(event.user, event.expires)
    return changed(organization, seat=organization.seat.after(FirstCredentialsIssued, None, issued))


def _seated(organization: Organization, event: SeatClaimed | AdministratorAppointed, at: datetime) -> Organization:
    return changed(organization, seat=organization.seat.after(type(event), event.user))


def _vacated(organization: Organization, event: SeatVacated, at: datetime) -> Organization:
    return changed(organization, seat=organization.seat.after(SeatVacated, None))


def _agreed(organization: Organization, event: AgreementOpened, at: datetime) -> Organization:
    draft = AgreementState.DRAFT
    agreement = Agreement(event.agreement, event.reference, event.name, draft, at, event.term, event.services)
    return _with(organization, agreement)


def _moved(
    organization: Organization, event: AgreementValidated | AgreementSuspended | AgreementResumed, at: datetime
) -> Organization:
    return _with(organization, _turned(organization.agreements[event.agreement], event, at))


def _rescheduled(organization: Organization, event: AgreementRescheduled, at: datetime) -> Organization:
    before = organization.agreements[event.agreement]
    since = before.since if before.term.contains(at) else at
    return _with(organization, changed(_turned(before, event, since), term=event.term))


def _ended(organization: Organization, event: AgreementEnded, at: datetime) -> Organization:
    after = _turned(organization.agreements[event.agreement], event, at)
    return _with(organization, changed(after, term=after.term.ending(event.end, event.closing)))


def _turned(agreement: Agreement, event: OrganizationEvent, since: datetime) -> Agreement:
    return changed(agreement, state=AGREEMENT_LIFECYCLE[agreement.state, type(event)], since=since)


def _group_moved(
    organization: Organization, event: GroupOpened | GroupSuspended | GroupResumed | GroupWithdrawn, at: datetime
) -> Organization:
    agreement = organization.agreements[event.agreement]
    held = agreement.groups.get(event.group)
    state = GROUP_LIFECYCLE[held.state, type(event)] if held else GroupState.OPEN
    return _with(organization, changed(agreement, groups={**agreement.groups, event.group: OpenedGroup(state, at)}))


def _with(organization: Organization, agreement: Agreement) -> Organization:
    return changed(organization, agreements={**organization.agreements, agreement.id: agreement})


_AFTER: Mapping[type, Callable[[Organization, Any, datetime], Organization]] = {
    SiretChanged: _unchanged,
    ContactChanged: _unchanged,
    OrganizationSuspended: _stood,
    OrganizationResumed: _stood,
    OrganizationClosed: _closed,
    ControlTaken: _controlled,
    ControlReturned: _controlled,
    FirstCredentialsIssued: _issued,
    SeatClaimed: _seated,
    AdministratorAppointed: _seated,
    SeatVacated: _vacated,
    AgreementOpened: _agreed,
    AgreementValidated: _moved,
    AgreementRescheduled: _rescheduled,
    AgreementSuspended: _moved,
    AgreementResumed: _moved,
    AgreementEnded: _ended,
    GroupOpened: _group_moved,
    GroupSuspended: _group_moved,
    GroupResumed: _group_moved,
    GroupWithdrawn: _group_moved,
}
