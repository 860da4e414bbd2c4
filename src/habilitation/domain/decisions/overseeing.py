"""What the operator does to an organization as a whole: its SIRET, suspension, control, closing (R1, R33, R34)."""

from __future__ import annotations

from habilitation.domain.events import (
    ControlReturned,
    ControlTaken,
    Event,
    OrganizationClosed,
    OrganizationResumed,
    OrganizationSuspended,
    SiretChanged,
)
from habilitation.domain.organization import CONTROL_LIFECYCLE, ORGANIZATION_LIFECYCLE, Organization
from habilitation.domain.refusals import (
    ControlIsTaken,
    ControlNotTaken,
    OrganizationIsSuspended,
    OrganizationNotSuspended,
    SiretUnchanged,
)
from habilitation.domain.requests import Reason
from habilitation.domain.values import Paper, sealed


def change_siret(former: Paper, siret: Paper, reason: Reason, note: Paper | None) -> list[Event]:
    """Another SIRET from now on; the papers keep what it was and what it is (R1, R41)."""
    if siret.text == former.text:
        raise SiretUnchanged()
    return [SiretChanged(former.seal, siret.seal, reason.code, sealed(note))]


def suspend(organization: Organization, reason: Reason, note: Paper | None) -> list[Event]:
    """Nobody has access through the organization until it is resumed; withdrawing goes on (R2, R33)."""
    if (organization.state, OrganizationSuspended) not in ORGANIZATION_LIFECYCLE:
        raise OrganizationIsSuspended()
    return [OrganizationSuspended(reason.code, sealed(note))]


def resume(organization: Organization) -> list[Event]:
    """The suspension is lifted (R33)."""
    if (organization.state, OrganizationResumed) not in ORGANIZATION_LIFECYCLE:
        raise OrganizationNotSuspended()
    return [OrganizationResumed()]


def take_control(organization: Organization, reason: Reason, note: Paper | None) -> list[Event]:
    """The organization's people administer no more, and keep their access (R34)."""
    if (organization.control, ControlTaken) not in CONTROL_LIFECYCLE:
        raise ControlIsTaken()
    return [ControlTaken(reason.code, sealed(note))]


def return_control(organization: Organization) -> list[Event]:
    """They administer again, as they did: nothing was taken from anybody meanwhile (R34)."""
    if (organization.control, ControlReturned) not in CONTROL_LIFECYCLE:
        raise ControlNotTaken()
    return [ControlReturned()]


def close(reason: Reason, note: Paper | None) -> list[Event]:
    """One fact, by which everything in the organization ends; whatever state it is in (R1)."""
    return [OrganizationClosed(reason.code, sealed(note))]
