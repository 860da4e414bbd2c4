"""Failed sign-ins: what is counted, how long one waits after them, when a lock begins (R22).

Each attempt is counted before its password is looked at, and taken back if that was right: so of any number of attempts
at once no more are let through than may fail. What is kept names a login and a source by their digests, and only a
login that exists: people type passwords into the login field.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from enum import IntEnum
from typing import NamedTuple

from attrs import frozen

from habilitation.domain.limits import Limits
from habilitation.domain.refusals import NameMalformed, NameTooLong
from habilitation.domain.values import Login, one_line, require_short

LONGEST_SOURCE = 100
NOBODY = "-"
"""In the place of a login that does not exist, or of a source that was not said."""
LONGEST_DOUBLING = 20
"""How often a delay doubles at most, so that no setting overflows."""


class Key(NamedTuple):
    """What failures are counted of: a login from a source, a login from anywhere, a source with any login."""

    login: str
    source: str


DECOYS = (Key("", NOBODY), Key(NOBODY, ""), Key(NOBODY, NOBODY))
"""Written in the place of what is not counted, so that each attempt costs the same; nobody is ever refused by them."""


@frozen
class Tally:
    """The failures of one key, oldest first, and when it was last written."""

    failures: tuple[datetime, ...]
    seen: datetime


class Verdict(IntEnum):
    """What becomes of an attempt; the value is how many of its keys it counts for."""

    SHUT_OUT = 0
    """Its source is locked: nothing more is counted, nor logged."""
    TURNED_AWAY = 1
    """Its login is locked, or must wait: it counts for the source alone, so that no stranger locks a login further."""
    ADMITTED = 3
    """Its password is looked at."""


@frozen
class Attempt:
    """A login tried from a source, at an instant; ``login`` and ``source`` are digests, or ``NOBODY``."""

    login: str
    source: str
    at: datetime

    @classmethod
    def of(cls, login: Login | None, source: str, at: datetime) -> Attempt:
        """``login`` is None unless it exists; ``source`` is empty where none was said."""
        return cls(login.digest if login else NOBODY, _digest(source) if source else NOBODY, at)

    @property
    def keys(self) -> tuple[Key, Key, Key]:
        """The source's, the login's, and that of both; decoys where there is nothing to count."""
        both = Key(self.login, self.source) if self.login != NOBODY else DECOYS[2]
        return Key("", self.source), Key(self.login, ""), both


def count(attempt: Attempt, kept: Mapping[Key, Tally], limits: Limits) -> tuple[Verdict, dict[Key, Tally]]:
    """What becomes of the attempt, and the three tallies to keep from now on."""
    verdict = judge(attempt, kept, limits)
    counted = (*attempt.keys[:verdict], *DECOYS[verdict:])
    return verdict, {key: _one_more(key, kept.get(key), attempt.at, limits) for key in counted}


def judge(attempt: Attempt, kept: Mapping[Key, Tally], limits: Limits) -> Verdict:
    """Whether the attempt's password is looked at, by what failed before it."""
    most = (limits.failures_per_source, limits.failures_per_login, limits.failures_per_login_and_source)
    locked = [_is_locked(attempt.at, kept.get(key), each, limits) for key, each in zip(attempt.keys, most, strict=True)]
    if locked[0]:
        return Verdict.SHUT_OUT
    delayed = _is_delayed(attempt.at, kept.get(attempt.keys[2]), limits)
    return Verdict.TURNED_AWAY if locked[1] or locked[2] or delayed else Verdict.ADMITTED


def _is_locked(at: datetime, tally: Tally | None, most: int, limits: Limits) -> bool:
    """Whether a lock stands: one begins with the failure that reaches the limit, and is not made longer by others."""
    failures = _counted(tally, at, limits)
    return len(failures) >= most and at < failures[-1] + limits.lock


def _is_delayed(at: datetime, tally: Tally | None, limits: Limits) -> bool:
    """Whether one must still wait: after the second failure of a login from a source, twice as long after each more."""
    failures = _counted(tally, at, limits)
    doublings = min(len(failures) - 2, LONGEST_DOUBLING)
    return doublings >= 0 and at < failures[-1] + min(limits.delay * 2**doublings, limits.lock)


def _counted(tally: Tally | None, at: datetime, limits: Limits) -> list[datetime]:
    """The failures that count; those a little ahead, of another thread or before the clock went back, as of now.

    What is further ahead than the window counts no more: a clock set right again locks nobody out for long.
    """
    return [min(failure, at) for failure in tally.failures if failure < at + limits.failures_window] if tally else []


def _one_more(key: Key, tally: Tally | None, at: datetime, limits: Limits) -> Tally:
    if key in DECOYS:
        return Tally((), at)
    near = [one for one in tally.failures if abs(one - at) < limits.failures_window] if tally else []
    return Tally(tuple(sorted([*near, at])), at)


def take_back(
    attempt: Attempt, verdict: Verdict, kept: Mapping[Key, Tally], *, proved: bool = False
) -> dict[Key, Tally]:
    """The tallies without the attempt; and if it was right, without what its login failed from its source before."""
    after = {key: _without(kept[key], attempt.at) for key in attempt.keys[:verdict] if key in kept}
    return {**after, attempt.keys[2]: Tally((), attempt.at)} if proved else after


def _without(tally: Tally, failure: datetime) -> Tally:
    failures = list(tally.failures)
    if failure in failures:
        failures.remove(failure)
    return Tally(tuple(failures), tally.seen)


def forgotten_before(at: datetime, limits: Limits) -> datetime:
    """What was last written before that instant says nothing any more."""
    return at - max(limits.failures_window, limits.lock)


def read_source(text: str) -> str:
    """Where a sign-in comes from, as the embedder names it: one line, 100 characters at most, or nothing."""
    require_short(text, "source", LONGEST_SOURCE)
    line = one_line(text)
    if line is None:
        raise NameMalformed("source")
    if len(line) > LONGEST_SOURCE:
        raise NameTooLong("source", LONGEST_SOURCE)
    return line


def _digest(source: str) -> str:
    return hashlib.sha256(source.encode()).hexdigest()
