"""The tallies of failed sign-ins."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from threading import RLock

from attrs import Factory, define

from habilitation.domain import attempts
from habilitation.domain.attempts import Attempt, Key, Tally, Verdict
from habilitation.domain.limits import Limits
from habilitation.domain.values import Login
from habilitation.ports.attempts import PRUNED_BY_EACH


@define
class MemoryAttempts:
    """Tallies by key, the longest unseen first."""

    _lock: RLock
    _tallies: OrderedDict[Key, Tally] = Factory(OrderedDict)

    def count(self, attempt: Attempt, limits: Limits) -> Verdict:
        with self._lock:
            verdict, after = attempts.count(attempt, self._tallies, limits)
            self._put(after)
            old = attempts.forgotten_before(attempt.at, limits)
            gone = [key for key, _ in zip(self._tallies, range(PRUNED_BY_EACH), strict=False)]
            for key in gone:
                if self._tallies[key].seen < old:
                    del self._tallies[key]
        return verdict

    def take_back(self, attempt: Attempt, verdict: Verdict, *, proved: bool = False) -> None:
        with self._lock:
            self._put(attempts.take_back(attempt, verdict, self._tallies, proved=proved))

    def forgive(self, login: Login) -> None:
        with self._lock:
            for key in [key for key in self._tallies if key.login == login.digest]:
                del self._tallies[key]

    def _put(self, tallies: Mapping[Key, Tally]) -> None:
        for key, tally in tallies.items():
            self._tallies[key] = tally
            self._tallies.move_to_end(key)
