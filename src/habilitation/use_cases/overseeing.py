"""What the operator does to an organization as a whole (R1, R33, R34)."""

from __future__ import annotations

from attrs import evolve, frozen

from habilitation.domain.actors import Actor
from habilitation.domain.acts import Act
from habilitation.domain.decisions import overseeing
from habilitation.domain.events import ContactChanged
from habilitation.domain.organization import Organization
from habilitation.domain.refusals import SiretTaken
from habilitation.domain.requests import (
    ContactChange,
    ControlReturn,
    ControlTaking,
    OrganizationClosing,
    OrganizationResumption,
    OrganizationSuspension,
    SiretChange,
)
from habilitation.domain.values import Paper, Siret
from habilitation.ports.clock import Clock
from habilitation.ports.contact import ContactDetails
from habilitation.ports.notifier import Notifier
from habilitation.ports.secrets import Secrets
from habilitation.ports.store import Store
from habilitation.use_cases.opening import killed_credentials
from habilitation.use_cases.reaching import reachable, read_contact
from habilitation.use_cases.reasons import read_note
from habilitation.use_cases.work import working


@frozen
class ChangeSiret:
    """The organization moved or merged: another SIRET, and nobody's rights touched (R1)."""

    store: Store
    notifier: Notifier
    clock: Clock
    secrets: Secrets

    def __call__(self, asked: SiretChange, *, by: Actor) -> Organization:
        siret = Siret.parse(asked.siret)
        note = read_note(asked.reason, self.secrets)
        with working(self.store, self.clock, asked.organization, by) as work:
            work.require(Act.OPERATE)
            before = work.rows.particulars()
            former, new = (Paper(each.digits, self.secrets.salt()) for each in (before.siret, siret))
            events = overseeing.change_siret(former, new, asked.reason, note)
            if work.rows.siret_holder(siret):
                raise SiretTaken()
            particulars = evolve(before, siret=siret)
            work.record(events, self.notifier, papers=[former, new, note], particulars=particulars)
            return work.organization


@frozen
class ChangeContact:
    """What is for the organization's contact goes to another address from now on (R1, R4)."""

    store: Store
    notifier: Notifier
    clock: Clock
    contact: ContactDetails

    def __call__(self, asked: ContactChange, *, by: Actor) -> Organization:
        email, postal = read_contact(asked.contact or "", asked.postal or (), self.contact)
        with working(self.store, self.clock, asked.organization, by) as work:
            work.require(Act.OPERATE)
            before = work.rows.particulars()
            after = evolve(
                before,
                contact=before.contact if asked.contact is None else email,
                postal=before.postal if asked.postal is None else postal,
            )
            events = [ContactChanged()] if reachable(after) != before else []
            work.record(events, self.notifier, particulars=after)
            return work.organization


@frozen
class SuspendOrganization:
    """The operator suspends an organization as a precaution (R33)."""

    store: Store
    notifier: Notifier
    clock: Clock
    secrets: Secrets

    def __call__(self, asked: OrganizationSuspension, *, by: Actor) -> Organization:
        note = read_note(asked.reason, self.secrets)
        with working(self.store, self.clock, asked.organization, by) as work:
            work.require(Act.OPERATE)
            events = overseeing.suspend(work.organization, asked.reason, note)
            work.record(events, self.notifier, papers=[note])
            return work.organization


@frozen
class ResumeOrganization:
    """The operator lifts the suspension of an organization (R33)."""

    store: Store
    notifier: Notifier
    clock: Clock

    def __call__(self, asked: OrganizationResumption, *, by: Actor) -> Organization:
        with working(self.store, self.clock, asked.organization, by) as work:
            work.require(Act.OPERATE)
            work.record(overseeing.resume(work.organization), self.notifier)
            return work.organization


@frozen
class TakeBackControl:
    """The operator administers in the organization's place, while access goes on (R34)."""

    store: Store
    notifier: Notifier
    clock: Clock
    secrets: Secrets

    def __call__(self, asked: ControlTaking, *, by: Actor) -> Organization:
        note = read_note(asked.reason, self.secrets)
        with working(self.store, self.clock, asked.organization, by) as work:
            work.require(Act.OPERATE)
            events = overseeing.take_control(work.organization, asked.reason, note)
            work.record(events, self.notifier, papers=[note])
            return work.organization


@frozen
class ReturnControl:
    """The organization's people administer again, as they did (R34)."""

    store: Store
    notifier: Notifier
    clock: Clock

    def __call__(self, asked: ControlReturn, *, by: Actor) -> Organization:
        with working(self.store, self.clock, asked.organization, by) as work:
            work.require(Act.OPERATE)
            work.record(overseeing.return_control(work.organization), self.notifier)
            return work.organization


@frozen
class CloseOrganization:
    """The operator closes an organization, and everything in it ends, for good (R1)."""

    store: Store
    notifier: Notifier
    clock: Clock
    secrets: Secrets

    def __call__(self, asked: OrganizationClosing, *, by: Actor) -> Organization:
        note = read_note(asked.reason, self.secrets)
        with working(self.store, self.clock, asked.organization, by) as work:
            work.require(Act.OPERATE)
            events = overseeing.close(asked.reason, note)
            work.record(events, self.notifier, papers=[note], credentials=killed_credentials(work))
            return work.organization
