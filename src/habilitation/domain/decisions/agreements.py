"""An agreement and its groups once they are there: the period, suspension, withdrawal, the end (R2, R3, R16, R33)."""

from __future__ import annotations

from habilitation.domain.decisions.opening import agreement_term
from habilitation.domain.events import (
    AgreementEnded,
    AgreementRescheduled,
    AgreementResumed,
    AgreementSuspended,
    Event,
    GroupResumed,
    GroupSuspended,
    GroupWithdrawn,
)
from habilitation.domain.moment import Moment
from habilitation.domain.organization import (
    AGREEMENT_LIFECYCLE,
    GROUP_LIFECYCLE,
    Agreement,
    AgreementState,
    GroupState,
    Organization,
)
from habilitation.domain.period import Dates, Term
from habilitation.domain.refusals import (
    AgreementBegunAlready,
    AgreementIsSuspended,
    AgreementNotSuspended,
    AgreementNotValidated,
    AgreementOver,
    GroupIsSuspended,
    GroupNotOpened,
    GroupNotSuspended,
)
from habilitation.domain.requests import (
    AgreementDates,
    AgreementEnding,
    AgreementResumption,
    AgreementSuspension,
    GroupResumption,
    GroupSuspension,
    GroupWithdrawal,
)
from habilitation.domain.values import Paper, Place, sealed


def reschedule(organization: Organization, asked: AgreementDates, moment: Moment) -> list[Event]:
    """Another period, even where the former one is over, unless the agreement was ended (R2, R16)."""
    agreement = organization.agreement(asked.agreement)
    _require_admits(agreement, AgreementRescheduled)
    term = _redated(agreement, asked.dates, moment)
    return [AgreementRescheduled(agreement.id, term)] if term != agreement.term else []


def _redated(agreement: Agreement, dates: Dates, moment: Moment) -> Term:
    before = agreement.term
    opening = dates.opening or before.opening
    if before.start > moment.instant or agreement.state is AgreementState.DRAFT:
        same = (opening, dates.closing) == (before.opening, before.closing)
        return before if same else agreement_term(Dates(opening, dates.closing), moment)
    if opening != before.opening:
        raise AgreementBegunAlready(agreement.id)
    if dates.closing == before.closing:
        return before
    if dates.closing is None:
        return Term(before.start, None, before.opening, None)
    return moment.reaching(before, dates.closing)


def suspend(organization: Organization, asked: AgreementSuspension, note: Paper | None) -> list[Event]:
    """Nobody has access through it until it is resumed, not even if its period, now over, is prolonged (R33)."""
    agreement = organization.agreement(asked.agreement)
    _require_admits(agreement, AgreementSuspended)
    return [AgreementSuspended(agreement.id, asked.reason.code, sealed(note))]


def resume(organization: Organization, asked: AgreementResumption) -> list[Event]:
    """The suspension is lifted (R33)."""
    agreement = organization.agreement(asked.agreement)
    if agreement.state is not AgreementState.SUSPENDED:
        raise AgreementNotSuspended(agreement.id)
    return [AgreementResumed(agreement.id)]


def end(organization: Organization, asked: AgreementEnding, note: Paper | None, moment: Moment) -> list[Event]:
    """Over from now on, for good; its memberships are not touched, and give nothing (R2)."""
    agreement = organization.agreement(asked.agreement)
    _require_admits(agreement, AgreementEnded)
    return [AgreementEnded(agreement.id, *moment.end_on(None), asked.reason.code, sealed(note))]


def _require_admits(agreement: Agreement, event: type) -> None:
    if (agreement.state, event) not in AGREEMENT_LIFECYCLE:
        raise _STANDING[agreement.state](agreement.id)


_STANDING = {
    AgreementState.DRAFT: AgreementNotValidated,
    AgreementState.SUSPENDED: AgreementIsSuspended,
    AgreementState.ENDED: AgreementOver,
}
"""What to say of a state that does not admit the act."""


def suspend_group(organization: Organization, asked: GroupSuspension, note: Paper | None) -> list[Event]:
    """Nobody has access through the group under that agreement until it is resumed (R33)."""
    _require_group_admits(organization, asked, GroupSuspended)
    return [GroupSuspended(asked.agreement, asked.group, asked.reason.code, sealed(note))]


def resume_group(organization: Organization, asked: GroupResumption) -> list[Event]:
    """The suspension of the group is lifted (R33)."""
    _require_group_admits(organization, asked, GroupResumed)
    return [GroupResumed(asked.agreement, asked.group)]


def withdraw_group(organization: Organization, asked: GroupWithdrawal, note: Paper | None) -> list[Event]:
    """The agreement opens the group no more; memberships in it stay, inactive (R3)."""
    _require_group_admits(organization, asked, GroupWithdrawn)
    return [GroupWithdrawn(asked.agreement, asked.group, asked.reason.code, sealed(note))]


def _require_group_admits(
    organization: Organization, asked: GroupSuspension | GroupResumption | GroupWithdrawal, event: type
) -> None:
    organization.require_known(Place(asked.agreement, asked.group))
    state = organization.agreement(asked.agreement).groups[asked.group].state
    if (state, event) not in GROUP_LIFECYCLE:
        raise _OF_GROUP[state](asked.group)


_OF_GROUP = {
    GroupState.OPEN: GroupNotSuspended,
    GroupState.SUSPENDED: GroupIsSuspended,
    GroupState.WITHDRAWN: GroupNotOpened,
}
"""What to say of a group's state that does not admit the act."""
