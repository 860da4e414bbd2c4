"""The security log, read and pruned: the operator's alone (R43)."""

from __future__ import annotations

from attrs import frozen

from habilitation.domain.actors import Actor
from habilitation.domain.limits import Limits
from habilitation.domain.requests import SecurityQuestion
from habilitation.domain.security import SecurityLine
from habilitation.ports.clock import Clock
from habilitation.ports.security_log import LineFilter
from habilitation.ports.store import Store
from habilitation.use_cases.cataloging import require_operator
from habilitation.use_cases.directory import require_size
from habilitation.use_cases.views import Page

LOT = 500
"""How many lines one transaction takes away: a sign-in never waits long for it."""


@frozen
class SecurityLog:
    """A page of the security log, newest first; to anybody but the operator it is forbidden (R43)."""

    store: Store

    def __call__(self, asked: SecurityQuestion, *, by: Actor) -> Page[SecurityLine]:
        require_operator(by)
        require_size(asked.size)
        wanted = LineFilter(asked.organization, asked.user, kind=asked.kind)
        found = self.store.security_log.lines(wanted, asked.after, asked.size + 1)
        page = tuple(found[: asked.size])
        return Page(page, page[-1].id if len(found) > asked.size else None)


@frozen
class PruneSecurityLog:
    """Take away every line that is older than ``Limits.security_log``, lot by lot; how many they were (R43).

    Each new line takes away two old ones, so that the log never grows without end: this is for a portal where little
    happens, or whose setting was shortened.
    """

    store: Store
    clock: Clock
    limits: Limits

    def __call__(self, *, by: Actor) -> int:
        require_operator(by)
        kept_since = self.clock.now() - self.limits.security_log
        gone = 0
        while taken := self.store.security_log.prune(kept_since, LOT):
            gone += taken
        return gone
