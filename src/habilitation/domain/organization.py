"""An organization, its one seat and its agreements; the lifecycles of both as tables (R2, R8)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import Enum

from attrs import evolve as changed
from attrs import field, frozen

from habilitation.domain.events import (
    AdministratorAppointed,
    AgreementOpened,
    AgreementValidated,
    FirstCredentialsIssued,
    GroupOpened,
    OrganizationEvent,
    OrganizationOpened,
    SeatClaimed,
    SeatVacated,
)
from habilitation.domain.mapping import unchanging
from habilitation.domain.period import Term
from habilitation.domain.refusals import (
    AgreementNotValidated,
    AgreementOver,
    AgreementUnknown,
    GroupNotOpened,
    GroupUnknown,
)
from habilitation.domain.values import AgreementId, GroupCode, OrganizationId, Place, Seal, ServiceCode, UserId


class SeatState(Enum):
    """Whether somebody answers to the operator for the organization (R8)."""

    UNCLAIMED = "unclaimed"
    HELD = "held"
    VACANT = "vacant"


SEAT_LIFECYCLE: Mapping[tuple[SeatState, type], SeatState] = {
    (SeatState.UNCLAIMED, FirstCredentialsIssued): SeatState.UNCLAIMED,
    (SeatState.UNCLAIMED, SeatClaimed): SeatState.HELD,
    (SeatState.HELD, AdministratorAppointed): SeatState.HELD,
    (SeatState.HELD, SeatVacated): SeatState.VACANT,
    (SeatState.VACANT, FirstCredentialsIssued): SeatState.VACANT,
    (SeatState.VACANT, SeatClaimed): SeatState.HELD,
    (SeatState.VACANT, AdministratorAppointed): SeatState.HELD,
}


class AgreementState(Enum):
    """How far an agreement has come (R2)."""

    DRAFT = "draft"
    VALIDATED = "validated"


AGREEMENT_LIFECYCLE: Mapping[tuple[AgreementState, type], AgreementState] = {
    (AgreementState.DRAFT, GroupOpened): AgreementState.DRAFT,
    (AgreementState.DRAFT, AgreementValidated): AgreementState.VALIDATED,
    (AgreementState.VALIDATED, GroupOpened): AgreementState.VALIDATED,
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
class Agreement:
    """What operator and organization agreed on: it opens services and groups over a period (R2)."""

    id: AgreementId
    reference: str
    name: Seal
    state: AgreementState
    term: Term
    services: tuple[ServiceCode, ...]
    groups: Mapping[GroupCode, datetime] = field(factory=dict, converter=unchanging)
    """The groups that it opens, and since when."""

    def is_current(self, at: datetime) -> bool:
        """Whether anything may be created, granted or delegated under it (R2)."""
        return self.state is AgreementState.VALIDATED and not self.term.over(at)

    def require_current(self, at: datetime) -> None:
        """Refuse to create, grant or delegate under a draft or past the period (R2)."""
        if self.state is not AgreementState.VALIDATED:
            raise AgreementNotValidated(self.id)
        if self.term.over(at):
            raise AgreementOver(self.id)


@frozen
class Organization:
    """A partner of the operator: the unit of consistency, with one writer at a time."""

    id: OrganizationId
    seat: Seat = Seat()
    agreements: Mapping[AgreementId, Agreement] = field(factory=dict, converter=unchanging)

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
    if isinstance(event, AgreementOpened | GroupOpened | AgreementValidated):
        return _with_agreement(organization, event, at)
    return changed(organization, seat=_seat_after(organization.seat, event))


def _seat_after(seat: Seat, event: FirstCredentialsIssued | SeatClaimed | AdministratorAppointed | SeatVacated) -> Seat:
    match event:
        case FirstCredentialsIssued(user, expires):
            return seat.after(type(event), None, FirstCredentials(user, expires))
        case SeatClaimed(user) | AdministratorAppointed(user):
            return seat.after(type(event), user)
        case SeatVacated():
            return seat.after(type(event), None)


def _with_agreement(
    organization: Organization, event: AgreementOpened | GroupOpened | AgreementValidated, at: datetime
) -> Organization:
    if isinstance(event, AgreementOpened):
        agreement = Agreement(
            event.agreement, event.reference, event.name, AgreementState.DRAFT, event.term, event.services
        )
    else:
        before = organization.agreements[event.agreement]
        agreement = changed(before, state=AGREEMENT_LIFECYCLE[before.state, type(event)])
        if isinstance(event, GroupOpened):
            agreement = changed(agreement, groups={**agreement.groups, event.group: at})
    return changed(organization, agreements={**organization.agreements, agreement.id: agreement})
