"""The operator replaces or withdraws the administrator (R8)."""

from __future__ import annotations

from attrs import frozen

from habilitation.domain.actors import Actor
from habilitation.domain.acts import Act
from habilitation.domain.authority import known
from habilitation.domain.decisions import seat
from habilitation.domain.organization import Organization
from habilitation.domain.requests import Replacement, Vacancy
from habilitation.domain.user import User
from habilitation.ports.clock import Clock
from habilitation.ports.contact import NominativeMailboxes
from habilitation.ports.notifier import Notifier
from habilitation.ports.secrets import Secrets
from habilitation.ports.store import Store
from habilitation.use_cases.opening import killed_credentials
from habilitation.use_cases.reasons import read_note
from habilitation.use_cases.work import Work, working


@frozen
class ReplaceAdministrator:
    """The operator puts an open user in the seat as the former holder, if any, leaves it (R8)."""

    store: Store
    notifier: Notifier
    clock: Clock
    secrets: Secrets
    mailboxes: NominativeMailboxes

    def __call__(self, asked: Replacement, *, by: Actor) -> Organization:
        note = read_note(asked.reason, self.secrets)
        with working(self.store, self.clock, asked.organization, by) as work:
            work.require(Act.OPERATE)
            incoming = known(work.acting, work.user(asked.incoming), work.organization, work.at)
            self._require_nominative(work, incoming)
            managers = work.managers()
            events = seat.replace(work.organization, work.holder(), incoming, managers, asked, note, work.moment)
            work.record(events, self.notifier, papers=[note], credentials=killed_credentials(work))
            return work.organization

    def _require_nominative(self, work: Work, incoming: User) -> None:
        """The administrator's e-mail is a person's, at a replacement as at the claim (R6)."""
        row = work.rows.find_row(incoming.id)
        if row and row.person:
            self.mailboxes.check(row.person.email)


@frozen
class DeclareVacancy:
    """The operator declares the seat vacant: managers go on, and new first credentials can be issued (R8, R28)."""

    store: Store
    notifier: Notifier
    clock: Clock
    secrets: Secrets

    def __call__(self, asked: Vacancy, *, by: Actor) -> Organization:
        note = read_note(asked.reason, self.secrets)
        with working(self.store, self.clock, asked.organization, by) as work:
            work.require(Act.OPERATE)
            events = seat.vacate(work.organization, work.holder(), work.managers(), asked, note, work.moment)
            work.record(events, self.notifier, papers=[note])
            return work.organization
