"""Managers: delegated and revoked (R28)."""

from __future__ import annotations

from attrs import frozen

from habilitation.domain.actors import Actor
from habilitation.domain.decisions import delegation
from habilitation.domain.requests import NewManager, Revocation
from habilitation.domain.user import User
from habilitation.ports.clock import Clock
from habilitation.ports.notifier import Notifier
from habilitation.ports.store import Store
from habilitation.use_cases.work import working


@frozen
class DelegateManager:
    """The administrator makes an open user a manager, over all groups or some (R28)."""

    store: Store
    notifier: Notifier
    clock: Clock

    def __call__(self, asked: NewManager, *, by: Actor) -> User:
        with working(self.store, self.clock, asked.organization, by) as work:
            user = work.user(asked.user)
            events = delegation.delegate(work.organization, work.catalog, work.acting, user, asked, work.moment)
            return work.record(events, self.notifier)[asked.user]


@frozen
class RevokeManager:
    """The administrator ends a delegation; what was granted under it stays (R28)."""

    store: Store
    notifier: Notifier
    clock: Clock

    def __call__(self, asked: Revocation, *, by: Actor) -> User:
        with working(self.store, self.clock, asked.organization, by) as work:
            events = delegation.revoke(work.organization, work.acting, work.user(asked.user), work.moment)
            return work.record(events, self.notifier)[asked.user]
