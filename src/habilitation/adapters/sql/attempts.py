"""The tallies of failed sign-ins, in a table of their own: whoever hammers a login meets no act on its organization."""

from __future__ import annotations

import json
from collections.abc import Mapping
from itertools import chain

from attrs import frozen

from habilitation.adapters.sql import statements
from habilitation.adapters.sql.database import Database, Line, Work
from habilitation.adapters.sql.rows import instant, micros
from habilitation.domain import attempts
from habilitation.domain.attempts import DECOYS, Attempt, Key, Tally, Verdict
from habilitation.domain.limits import Limits
from habilitation.domain.values import Login
from habilitation.ports.attempts import PRUNED_BY_EACH


@frozen
class SqlAttempts:
    """Each call is a transaction by itself, of as many statements whatever exists."""

    _database: Database

    def count(self, attempt: Attempt, limits: Limits) -> Verdict:
        old = micros(attempts.forgotten_before(attempt.at, limits))
        with Work(self._database, writes=True) as line:
            verdict, after = attempts.count(attempt, _kept(line, attempt), limits)
            _put(line, after)
            line.write(statements.PRUNE_TALLIES, old, PRUNED_BY_EACH)
        return verdict

    def take_back(self, attempt: Attempt, verdict: Verdict, *, proved: bool = False) -> None:
        with Work(self._database, writes=True) as line:
            _put(line, attempts.take_back(attempt, verdict, _kept(line, attempt), proved=proved))

    def forgive(self, login: Login) -> None:
        with Work(self._database, writes=True) as line:
            line.write(statements.FORGIVE, login.digest)


def _kept(line: Line, attempt: Attempt) -> dict[Key, Tally]:
    """The tallies, which nobody else counts from then on, whether or not there are any."""
    keys = [_of_its_own(line, key) for key in attempt.keys]
    line.hold(*(" ".join(key) for key in keys))
    rows = line.fetched(statements.TALLIES, *chain(*keys))
    return {
        Key(login, source): Tally(tuple(map(instant, json.loads(failures))), instant(seen))
        for login, source, failures, seen in rows
    }


def _put(line: Line, tallies: Mapping[Key, Tally]) -> None:
    rows = [
        (*_of_its_own(line, key), json.dumps([*map(micros, tally.failures)]), micros(tally.seen))
        for key, tally in tallies.items()
    ]
    line.write_each(statements.PUT_TALLY, rows)


def _of_its_own(line: Line, key: Key) -> Key:
    """A decoy stands in many attempts' place: each connection writes its own, so that none waits for another."""
    return Key(key.login, f"{key.source}{line.name}") if key in DECOYS else key
