"""What was done under keys, in the table of its own."""

from __future__ import annotations

from datetime import datetime

from habilitation.adapters.sql import statements
from habilitation.adapters.sql.database import Line
from habilitation.adapters.sql.rows import instant, micros
from habilitation.domain.terms import Done, Errand
from habilitation.domain.values import OrganizationId
from habilitation.ports.terms import PRUNED_BY_EACH

NOWHERE = OrganizationId("")
"""In the place of the organization, where a key is known in none: a key of a table has no empty place."""


def find(line: Line, where: OrganizationId, key: str, since: datetime) -> Done | None:
    """What was done under the key of that digest after that instant.

    Where no organization is there to be taken, the key is held: whoever comes with the same one waits, and finds it.
    """
    if where == NOWHERE:
        line.hold(f"key {key}")
    row = line.found(statements.FIND_DONE, where, key, micros(since))
    if row is None:
        return None
    _, digest, asked, at, sequence, *led_to = row
    return Done(Errand(digest, asked), instant(at), sequence, *led_to)


def keep(line: Line, where: OrganizationId, done: Done, since: datetime) -> None:
    """Keep it, in the place of an old one; take a few old ones away."""
    old = micros(since)
    line.write(statements.FORGET_DONE, where, done.errand.key, old)
    led_to = (done.sequence, done.organization, done.user, done.agreement)
    line.write(statements.KEEP_DONE, where, done.errand.key, done.errand.asked, micros(done.at), *led_to)
    line.write(statements.PRUNE_DONE, old, PRUNED_BY_EACH)
