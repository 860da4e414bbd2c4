"""The machine's clock, ids and randomness."""

from __future__ import annotations

import os
import secrets
import time
from datetime import UTC, datetime, timedelta
from random import getrandbits
from threading import Lock
from zoneinfo import ZoneInfo

from attrs import Factory, define, frozen

from habilitation.domain.values import CROCKFORD, LOGIN_LENGTH, Login

PASSWORD_GROUPS = 6
"""Six groups of four characters of five bits: 120 random bits (R19)."""

PAIRS = [one + other for one in CROCKFORD for other in CROCKFORD]
RANDOM_BITS = 74
LOW_BITS = (1 << 62) - 1
VARIANT = 0b10 << 62
"""The bits that say which variant of UUID this is."""


@frozen
class SystemClock:
    """The machine's time, in a portal's zone."""

    zone: ZoneInfo = ZoneInfo("Europe/Paris")
    tolerance: timedelta = timedelta(minutes=5)

    def now(self) -> datetime:
        return datetime.now(UTC)


@define
class TimeOrderedIds:
    """UUIDs of version 7 (RFC 9562): the milliseconds first, then random bits, each id greater than the one before.

    So rows are stored in the order in which they are made, and the messages of an act leave in theirs. Ids are opaque,
    not secret: nothing is allowed to whoever guesses one.
    """

    _last: int = 0
    _lock: Lock = Factory(Lock)

    def new(self) -> str:
        with self._lock:
            drawn = time.time_ns() // 1_000_000 << RANDOM_BITS | getrandbits(RANDOM_BITS)
            if drawn <= self._last:
                drawn = self._last + getrandbits(32) + 1
            self._last = drawn
        high, low = drawn >> 62, drawn & LOW_BITS
        digits = f"{high >> 12:012x}7{high & 0xFFF:03x}{VARIANT | low:016x}"
        return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


@frozen
class SystemSecrets:
    """Drawn from the operating system."""

    def login(self) -> Login:
        return Login(_drawn(LOGIN_LENGTH))

    def password(self) -> str:
        return "-".join(_drawn(4) for _ in range(PASSWORD_GROUPS))

    def token(self) -> str:
        return secrets.token_urlsafe(32)

    def salt(self) -> bytes:
        return secrets.token_bytes(16)


def _drawn(length: int) -> str:
    """So many characters of five random bits, two by two: a table of pairs is read half as often."""
    bits = int.from_bytes(os.urandom(length))
    return "".join([PAIRS[bits >> place & 1023] for place in range(0, 5 * length, 10)])
