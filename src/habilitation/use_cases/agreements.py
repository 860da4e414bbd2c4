"""What the operator does to an agreement and its groups once they are there (R2, R3, R33)."""

from __future__ import annotations

from attrs import frozen

from habilitation.domain.actors import Actor
from habilitation.domain.acts import Act
from habilitation.domain.decisions import agreements
from habilitation.domain.organization import Agreement
from habilitation.domain.requests import (
    AgreementDates,
    AgreementEnding,
    AgreementResumption,
    AgreementSuspension,
    GroupResumption,
    GroupSuspension,
    GroupWithdrawal,
)
from habilitation.ports.clock import Clock
from habilitation.ports.notifier import Notifier
from habilitation.ports.secrets import Secrets
from habilitation.ports.store import Store
from habilitation.use_cases.reasons import read_note
from habilitation.use_cases.work import working


@frozen
class ChangeAgreementPeriod:
    """The operator changes the period of an agreement (R2)."""

    store: Store
    notifier: Notifier
    clock: Clock

    def __call__(self, asked: AgreementDates, *, by: Actor) -> Agreement:
        with working(self.store, self.clock, asked.organization, by) as work:
            work.require(Act.OPERATE)
            work.record(agreements.reschedule(work.organization, asked, work.moment), self.notifier)
            return work.organization.agreement(asked.agreement)


@frozen
class SuspendAgreement:
    """The operator suspends an agreement as a precaution (R33)."""

    store: Store
    notifier: Notifier
    clock: Clock
    secrets: Secrets

    def __call__(self, asked: AgreementSuspension, *, by: Actor) -> Agreement:
        note = read_note(asked.reason, self.secrets)
        with working(self.store, self.clock, asked.organization, by) as work:
            work.require(Act.OPERATE)
            work.record(agreements.suspend(work.organization, asked, note), self.notifier, papers=[note])
            return work.organization.agreement(asked.agreement)


@frozen
class ResumeAgreement:
    """The operator lifts the suspension of an agreement (R33)."""

    store: Store
    notifier: Notifier
    clock: Clock

    def __call__(self, asked: AgreementResumption, *, by: Actor) -> Agreement:
        with working(self.store, self.clock, asked.organization, by) as work:
            work.require(Act.OPERATE)
            work.record(agreements.resume(work.organization, asked), self.notifier)
            return work.organization.agreement(asked.agreement)


@frozen
class EndAgreement:
    """The operator ends an agreement now, for good (R2)."""

    store: Store
    notifier: Notifier
    clock: Clock
    secrets: Secrets

    def __call__(self, asked: AgreementEnding, *, by: Actor) -> Agreement:
        note = read_note(asked.reason, self.secrets)
        with working(self.store, self.clock, asked.organization, by) as work:
            work.require(Act.OPERATE)
            work.record(agreements.end(work.organization, asked, note, work.moment), self.notifier, papers=[note])
            return work.organization.agreement(asked.agreement)


@frozen
class SuspendGroup:
    """The operator suspends a group under an agreement as a precaution (R33)."""

    store: Store
    notifier: Notifier
    clock: Clock
    secrets: Secrets

    def __call__(self, asked: GroupSuspension, *, by: Actor) -> Agreement:
        note = read_note(asked.reason, self.secrets)
        with working(self.store, self.clock, asked.organization, by) as work:
            work.require(Act.OPERATE)
            work.record(agreements.suspend_group(work.organization, asked, note), self.notifier, papers=[note])
            return work.organization.agreement(asked.agreement)


@frozen
class ResumeGroup:
    """The operator lifts the suspension of a group under an agreement (R33)."""

    store: Store
    notifier: Notifier
    clock: Clock

    def __call__(self, asked: GroupResumption, *, by: Actor) -> Agreement:
        with working(self.store, self.clock, asked.organization, by) as work:
            work.require(Act.OPERATE)
            work.record(agreements.resume_group(work.organization, asked), self.notifier)
            return work.organization.agreement(asked.agreement)


@frozen
class WithdrawGroup:
    """The operator withdraws a group from an agreement; its memberships stay, inactive (R3)."""

    store: Store
    notifier: Notifier
    clock: Clock
    secrets: Secrets

    def __call__(self, asked: GroupWithdrawal, *, by: Actor) -> Agreement:
        note = read_note(asked.reason, self.secrets)
        with working(self.store, self.clock, asked.organization, by) as work:
            work.require(Act.OPERATE)
            work.record(agreements.withdraw_group(work.organization, asked, note), self.notifier, papers=[note])
            return work.organization.agreement(asked.agreement)
