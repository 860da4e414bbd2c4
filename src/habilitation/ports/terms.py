"""What was done under keys, for as long as it is asked about."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from habilitation.domain.terms import Done

PRUNED_BY_EACH = 2
"""How many keys that are too old each new one takes away: more than one, so that they grow fewer."""


class KeepsKeys(Protocol):
    """Part of a transaction: of its organization; of none, in one that opens an organization or is the catalog's."""

    def done(self, key: str, since: datetime) -> Done | None:
        """What was done under the key of that digest after that instant."""
        ...

    def keep(self, done: Done, since: datetime) -> None:
        """Keep it with all else that the transaction does.

        Forgotten are what its key was known for up to ``since``, and ``PRUNED_BY_EACH`` others at most that are as old,
        of any organization, oldest first.

        Raises ``Conflict``, here or at the end of the transaction, if somebody else kept the same digest meanwhile.
        """
        ...
