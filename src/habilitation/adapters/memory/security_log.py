"""The security log."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from threading import RLock

from attrs import Factory, define, evolve

from habilitation.domain.security import SecurityLine
from habilitation.domain.values import OrganizationId, UserId
from habilitation.ports.security_log import PRUNED_BY_EACH, LineFilter


@define
class MemorySecurityLog:
    """Lines, by id."""

    _lock: RLock
    _lines: dict[str, SecurityLine] = Factory(dict)

    def write(self, line: SecurityLine, kept_since: datetime) -> None:
        with self._lock:
            self._lines[line.id] = line
            self.prune(kept_since, PRUNED_BY_EACH)

    def lines(self, wanted: LineFilter, before: str | None, most: int) -> Sequence[SecurityLine]:
        with self._lock:
            newest_first = sorted(self._lines.values(), key=lambda line: line.id, reverse=True)
        found = (line for line in newest_first if before is None or line.id < before)
        return [line for line in found if wanted.takes(line.fact)][:most]

    def prune(self, kept_since: datetime, most: int) -> int:
        with self._lock:
            old = (line for line in self._lines.values() if line.at < kept_since)
            gone = sorted(old, key=lambda line: (line.at, line.id))[:most]
            for line in gone:
                del self._lines[line.id]
            return len(gone)

    def forget(self, organization: OrganizationId, user: UserId) -> None:
        """Where the user was, or whoever asked about the user."""
        wanted = LineFilter(organization, user)
        for line in list(self._lines.values()):
            if wanted.takes(line.fact):
                self._lines[line.id] = evolve(line, fact=evolve(line.fact, source=""))

    def drop(self, organization: OrganizationId) -> None:
        """Every line about the organization, and what a line about several says of it."""
        left = (line for line in self._lines.values() if line.fact.organization != organization)
        self._lines = {line.id: evolve(line, fact=line.fact.without(organization)) for line in left}
