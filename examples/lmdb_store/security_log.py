"""The security log, by the ids of its lines, which are in the order of writing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from attrs import frozen

from habilitation.domain.security import SecurityLine
from habilitation.ports.security_log import PRUNED_BY_EACH, LineFilter
from lmdb_store.database import Database, Tables


@frozen
class LmdbSecurityLog:
    """Each call is a transaction."""

    _database: Database

    def write(self, line: SecurityLine, kept_since: datetime) -> None:
        with self._database.writing() as tables:
            tables.put(line, "lines", line.id)
            _prune(tables, kept_since, PRUNED_BY_EACH)

    def lines(self, wanted: LineFilter, before: str | None, most: int) -> Sequence[SecurityLine]:
        with self._database.reading() as tables:
            newest_first: list[SecurityLine] = tables.all("lines")[::-1]
        found = (line for line in newest_first if before is None or line.id < before)
        return [line for line in found if wanted.takes(line.fact)][:most]

    def prune(self, kept_since: datetime, most: int) -> int:
        with self._database.writing() as tables:
            return _prune(tables, kept_since, most)


def _prune(tables: Tables, kept_since: datetime, most: int) -> int:
    over = [(line.at, place) for place, line in tables.under("lines") if line.at < kept_since]
    gone = sorted(over)[:most]
    for _, place in gone:
        tables.delete(*place)
    return len(gone)
