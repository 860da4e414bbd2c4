"""The question that everything exists for: may this user do this, now? (R38)"""

from __future__ import annotations

from attrs import frozen

from habilitation.domain import access, authority
from habilitation.domain.access import Answer
from habilitation.domain.actors import Actor, Asking
from habilitation.domain.refusals import PermissionUnknown, UserUnknown
from habilitation.domain.requests import AccessQuestion, ExplanationQuestion, PastQuestion
from habilitation.domain.user import User
from habilitation.ports.clock import Clock
from habilitation.ports.store import Store
from habilitation.use_cases.work import Reading, reading


@frozen
class CheckAccess:
    """Whether, why, until when; and if not, who can repair it. A service asks about its own permissions (R36, R38)."""

    store: Store
    clock: Clock

    def __call__(self, asked: AccessQuestion, *, by: Actor) -> Answer:
        with reading(self.store, self.clock, asked.organization, by) as seen:
            user = askable(seen, asked)
            return access.decide(seen.organization, seen.catalog, user, asked.permission, seen.at)


def askable(seen: Reading, asked: AccessQuestion | PastQuestion | ExplanationQuestion) -> User:
    """The user, if the actor may ask that about them, at any time: who may read is judged now (R36, R37)."""
    user = seen.rows.find_user(asked.user)
    asking = seen.acting.actor
    if isinstance(asking, Asking):
        if seen.catalog.service_of(asked.permission) != asking.service:
            raise PermissionUnknown()
        may_ask = user is not None
    else:
        may_ask = user is not None and authority.may_read(seen.acting, user, seen.organization, seen.at)
    if user is None or not may_ask:
        raise UserUnknown()
    return user
