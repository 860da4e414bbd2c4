"""The tallies of failed sign-ins, in a table of their own: whoever hammers a login meets no act on its organization."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping

from attrs import frozen

from habilitation.adapters.sql import statements
from habilitation.adapters.sql.database import Database, Work, fetched
from habilitation.adapters.sql.rows import instant, micros
from habilitation.domain import attempts
from habilitation.domain.attempts import Attempt, Key, Tally, Verdict
from habilitation.domain.limits import Limits
from habilitation.domain.values import Login
from habilitation.ports.attempts import PRUNED_BY_EACH


@frozen
class SqlAttempts:
    """Each call is a transaction by itself, of as many statements whatever exists."""

    _database: Database

    def count(self, attempt: Attempt, limits: Limits) -> Verdict:
        old = micros(attempts.forgotten_before(attempt.at, limits))
        with Work(self._database, writes=True) as cursor:
            verdict, after = attempts.count(attempt, _kept(cursor, attempt), limits)
            _put(cursor, after)
            cursor.execute(statements.PRUNE_TALLIES, (old, PRUNED_BY_EACH))
        return verdict

    def take_back(self, attempt: Attempt, verdict: Verdict, *, proved: bool = False) -> None:
        with Work(self._database, writes=True) as cursor:
            _put(cursor, attempts.take_back(attempt, verdict, _kept(cursor, attempt), proved=proved))

    def forgive(self, login: Login) -> None:
        with Work(self._database, writes=True) as cursor:
            cursor.execute(statements.FORGIVE, (login.digest,))


def _kept(cursor: sqlite3.Cursor, attempt: Attempt) -> dict[Key, Tally]:
    rows = fetched(cursor, statements.TALLIES, *(part for key in attempt.keys for part in key))
    return {
        Key(login, source): Tally(tuple(map(instant, json.loads(failures))), instant(seen))
        for login, source, failures, seen in rows
    }


def _put(cursor: sqlite3.Cursor, tallies: Mapping[Key, Tally]) -> None:
    rows = [(*key, json.dumps([*map(micros, tally.failures)]), micros(tally.seen)) for key, tally in tallies.items()]
    cursor.executemany(statements.PUT_TALLY, rows)
