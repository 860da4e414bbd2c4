"""The tallies of failed sign-ins."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import frozen

from habilitation.domain import attempts
from habilitation.domain.attempts import Attempt, Key, Tally, Verdict
from habilitation.domain.limits import Limits
from habilitation.domain.values import Login
from habilitation.ports.attempts import PRUNED_BY_EACH
from lmdb_store.database import Database, Tables


@frozen
class LmdbAttempts:
    """Each call is a transaction: what is judged is counted before anybody else is judged."""

    _database: Database

    def count(self, attempt: Attempt, limits: Limits) -> Verdict:
        with self._database.writing() as tables:
            verdict, after = attempts.count(attempt, _tallies(tables, attempt), limits)
            _put(tables, after)
            old = attempts.forgotten_before(attempt.at, limits)
            over = [(tally.seen, place) for place, tally in tables.under("tallies") if tally.seen < old]
            for _, place in sorted(over)[:PRUNED_BY_EACH]:
                tables.delete(*place)
        return verdict

    def take_back(self, attempt: Attempt, verdict: Verdict, *, proved: bool = False) -> None:
        with self._database.writing() as tables:
            _put(tables, attempts.take_back(attempt, verdict, _tallies(tables, attempt), proved=proved))

    def forgive(self, login: Login) -> None:
        with self._database.writing() as tables:
            forgive(tables, login)


def forgive(tables: Tables, login: Login) -> None:
    """Nothing was ever tried with that login."""
    tables.delete_where(lambda tally: True, "tallies", login.digest)


def _tallies(tables: Tables, attempt: Attempt) -> Mapping[Key, Tally]:
    kept = {key: tables.get("tallies", *key) for key in attempt.keys}
    return {key: tally for key, tally in kept.items() if tally}


def _put(tables: Tables, tallies: Mapping[Key, Tally]) -> None:
    for key, tally in tallies.items():
        tables.put(tally, "tallies", *key)
