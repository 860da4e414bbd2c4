"""Lifting what failed sign-ins led to (R22)."""

from __future__ import annotations

from attrs import frozen

from habilitation.domain.actors import Actor
from habilitation.domain.decisions import accounts
from habilitation.domain.requests import Unlocking
from habilitation.domain.user import User
from habilitation.ports.clock import Clock
from habilitation.ports.notifier import Notifier
from habilitation.ports.store import Store
from habilitation.use_cases.work import working


@frozen
class Unlock:
    """The administrator, or the operator at any time, lifts the locks and delays of a user's login (R22).

    Those of a source, from which many logins were tried, stand until they are over.
    """

    store: Store
    notifier: Notifier
    clock: Clock

    def __call__(self, asked: Unlocking, *, by: Actor) -> User:
        with working(self.store, self.clock, asked.organization, by) as work:
            events = accounts.unlock(work.organization, work.acting, work.user(asked.user), work.at)
            credential = work.rows.find_credential(asked.user)
            unlocked = work.record(events, self.notifier)[asked.user]
        if credential and credential.login:
            self.store.attempts.forgive(credential.login)  # outside the organization's version: after its commit
        return unlocked
