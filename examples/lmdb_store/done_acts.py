"""What was done under keys, by organization and digest."""

from __future__ import annotations

from datetime import datetime

from habilitation.domain.refusals import Conflict
from habilitation.domain.terms import Done
from habilitation.domain.values import OrganizationId
from habilitation.ports.terms import PRUNED_BY_EACH
from lmdb_store.database import Tables

NOWHERE = OrganizationId("")


def find(tables: Tables, where: OrganizationId, key: str, since: datetime) -> Done | None:
    """What was done under the key after that instant."""
    done: Done | None = tables.get("done", where, key)
    return done if done and done.at > since else None


def keep(tables: Tables, where: OrganizationId, done: Done, since: datetime) -> None:
    """Keep it, and forget a few that are too old."""
    if find(tables, where, done.errand.key, since):
        raise Conflict()
    tables.delete("done", where, done.errand.key)
    old = [(kept.at, place) for place, kept in tables.under("done") if kept.at <= since]
    for _, place in sorted(old)[:PRUNED_BY_EACH]:
        tables.delete(*place)
    tables.put(done, "done", where, done.errand.key)
