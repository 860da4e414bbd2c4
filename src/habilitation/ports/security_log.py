"""The security log: kept beside the journal for a time, and nobody's way is barred by it (R43)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from attrs import frozen

from habilitation.domain.actors import Member
from habilitation.domain.security import LineKind, SecurityFact, SecurityLine
from habilitation.domain.values import OrganizationId, UserId

PRUNED_BY_EACH = 2
"""How many lines that are too old each new one takes away: more than one, so that the log shrinks as it is written."""


@frozen
class LineFilter:
    """Which lines are wanted: those of which all that is said holds."""

    organization: OrganizationId | None = None
    user: UserId | None = None
    """Who did it, or whom it is about."""
    subject: Member | None = None
    """Whom it is about, be it among people of several organizations."""
    kind: LineKind | None = None

    def takes(self, fact: SecurityFact) -> bool:
        """Whether a line that tells of it is among them: for a store that looks at each."""
        others = {each for each in fact.elsewhere if isinstance(each, Member)}
        about = {(fact.organization, user) for user in fact.subjects} | {(one.organization, one.user) for one in others}
        named = {user for _, user in about} | ({fact.actor.user} if isinstance(fact.actor, Member) else set())
        return (
            self.organization in (None, fact.organization)
            and self.kind in (None, fact.kind)
            and (self.subject is None or (self.subject.organization, self.subject.user) in about)
            and (self.user is None or self.user in named)
        )


class SecurityLines(Protocol):
    """Outside the organizations' versions; each call is whole by itself."""

    def write(self, line: SecurityLine, kept_since: datetime) -> None:
        """Store the line; take away ``PRUNED_BY_EACH`` at most of those from before ``kept_since``, oldest first."""
        ...

    def lines(self, wanted: LineFilter, before: str | None, most: int) -> Sequence[SecurityLine]:
        """Newest first; strictly before the line of that id, which may have gone since."""
        ...

    def prune(self, kept_since: datetime, most: int) -> int:
        """Take away up to ``most`` lines from before that instant, oldest first; how many they were."""
        ...
