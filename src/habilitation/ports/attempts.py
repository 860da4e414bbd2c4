"""Counting sign-ins that fail: outside the organizations' versions, and before any password is looked at (R22)."""

from __future__ import annotations

from typing import Protocol

from habilitation.domain.attempts import Attempt, Verdict
from habilitation.domain.limits import Limits
from habilitation.domain.values import Login

PRUNED_BY_EACH = 6
"""How many tallies that say nothing any more each attempt takes away: twice as many as it may add."""


class Attempts(Protocol):
    """Keeps the tallies of ``domain.attempts``; each call is whole by itself, and costs the same whatever exists."""

    def count(self, attempt: Attempt, limits: Limits) -> Verdict:
        """Judge the attempt and keep its tallies, in one step: nobody counts between the two."""
        ...

    def take_back(self, attempt: Attempt, verdict: Verdict, *, proved: bool = False) -> None:
        """The attempt never was, as far as it counted; if it was right, its login never failed from its source."""
        ...

    def forgive(self, login: Login) -> None:
        """Nothing was ever tried with this login: its locks and delays are lifted; those of sources stand."""
        ...
