"""Opening organizations and agreements (R1, R2, R4): the operator's acts."""

from __future__ import annotations

from datetime import datetime, timedelta

from habilitation.domain.catalog import Catalog
from habilitation.domain.events import (
    AgreementOpened,
    AgreementValidated,
    Event,
    FirstCredentialsIssued,
    GroupOpened,
    OrganizationOpened,
)
from habilitation.domain.moment import Moment
from habilitation.domain.organization import AGREEMENT_LIFECYCLE, Agreement, Organization, SeatState
from habilitation.domain.period import Dates, Term
from habilitation.domain.refusals import (
    AgreementOver,
    AgreementValidatedAlready,
    ClosingInPast,
    ClosingNotAfterOpening,
    GroupOpenedAlready,
    ReferenceTaken,
    SeatTaken,
    ServiceNotOpened,
)
from habilitation.domain.requests import AgreementValidation, GroupOpening, NewAgreement
from habilitation.domain.values import AgreementId, GroupCode, OrganizationId, Paper, UserId, code


def open_organization(id: OrganizationId, claimant: UserId, at: datetime, lifetime: timedelta) -> list[Event]:
    """A new organization, and the first credentials of whoever will claim its seat (R1, R4)."""
    return [OrganizationOpened(id), FirstCredentialsIssued(claimant, at + lifetime)]


def reissue(organization: Organization, claimant: UserId, at: datetime, lifetime: timedelta) -> list[Event]:
    """New first credentials, for another reserved user; only while nobody holds the seat (R4)."""
    if organization.seat.state is SeatState.HELD:
        raise SeatTaken()
    return [FirstCredentialsIssued(claimant, at + lifetime)]


def open_agreement(
    organization: Organization, catalog: Catalog, asked: NewAgreement, id: AgreementId, name: Paper, moment: Moment
) -> list[Event]:
    """A draft with its services and groups; its opening date may be past, its effect begins now (R2, R16)."""
    wanted = code(asked.reference, "reference")
    if any(agreement.reference == wanted for agreement in organization.agreements.values()):
        raise ReferenceTaken()
    services = tuple(dict.fromkeys(catalog.service(service).code for service in asked.services))
    opened = AgreementOpened(id, wanted, name.seal, agreement_term(asked.dates, moment), services)
    groups = [GroupOpened(id, _group(catalog, services, group)) for group in dict.fromkeys(asked.groups)]
    return [opened, *groups]


def agreement_term(dates: Dates, moment: Moment) -> Term:
    """An agreement's dates are those of the paper that was signed: the opening may be past, the end may not."""
    today = moment.today
    opening = dates.opening or today
    start = moment.instant if opening <= today else moment.start_of(opening)
    if dates.closing is None:
        return Term(start, None, opening, None)
    if dates.closing <= opening:
        raise ClosingNotAfterOpening(opening, dates.closing)
    if dates.closing <= today:
        raise ClosingInPast(dates.closing)
    return Term(start, moment.start_of(dates.closing), opening, dates.closing)


def _group(catalog: Catalog, services: tuple[str, ...], group: GroupCode) -> GroupCode:
    if catalog.usable(group).service not in services:
        raise ServiceNotOpened(group)
    return group


def open_group(organization: Organization, catalog: Catalog, asked: GroupOpening, at: datetime) -> list[Event]:
    """One more group under an agreement, of a service that the agreement opens (R2, R3)."""
    agreement = _unfinished(organization, asked.agreement, at)
    group = _group(catalog, agreement.services, asked.group)
    if agreement.opens(group):
        raise GroupOpenedAlready(group)
    return [GroupOpened(agreement.id, group)]


def validate_agreement(organization: Organization, asked: AgreementValidation, at: datetime) -> list[Event]:
    """From now on the agreement gives access, in its period (R2)."""
    agreement = _unfinished(organization, asked.agreement, at)
    if (agreement.state, AgreementValidated) not in AGREEMENT_LIFECYCLE:
        raise AgreementValidatedAlready(agreement.id)
    return [AgreementValidated(agreement.id)]


def _unfinished(organization: Organization, id: AgreementId, at: datetime) -> Agreement:
    agreement = organization.agreement(id)
    if agreement.is_over(at):
        raise AgreementOver(id)
    return agreement
