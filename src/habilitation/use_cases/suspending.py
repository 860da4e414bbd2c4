"""Users suspended as a precaution, and reinstated (R17, R33)."""

from __future__ import annotations

from attrs import frozen

from habilitation.domain.actors import Actor
from habilitation.domain.decisions import suspending
from habilitation.domain.requests import UserReinstatement, UserSuspension
from habilitation.domain.user import User
from habilitation.ports.clock import Clock
from habilitation.ports.notifier import Notifier
from habilitation.ports.secrets import Secrets
from habilitation.ports.store import Store
from habilitation.use_cases.reasons import read_note
from habilitation.use_cases.work import working


@frozen
class SuspendUser:
    """The administrator or the operator suspends a user: two facts, and who acts decides which (R17, R33)."""

    store: Store
    notifier: Notifier
    clock: Clock
    secrets: Secrets

    def __call__(self, asked: UserSuspension, *, by: Actor) -> User:
        note = read_note(asked.reason, self.secrets)
        with working(self.store, self.clock, asked.organization, by) as work:
            user = work.user(asked.user)
            events = suspending.suspend(work.organization, work.acting, user, asked, note, work.moment)
            return work.record(events, self.notifier, papers=[note])[asked.user]


@frozen
class ReinstateUser:
    """Each side lifts its own suspension; the user acts again once neither stands (R17)."""

    store: Store
    notifier: Notifier
    clock: Clock

    def __call__(self, asked: UserReinstatement, *, by: Actor) -> User:
        with working(self.store, self.clock, asked.organization, by) as work:
            events = suspending.reinstate(work.organization, work.acting, work.user(asked.user), work.moment)
            return work.record(events, self.notifier)[asked.user]
