"""The machine's clock, ids and randomness."""

from __future__ import annotations

import os
import secrets
import time
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from attrs import frozen

from habilitation.domain.values import CROCKFORD, LOGIN_LENGTH, Login

PASSWORD_GROUPS = 6
"""Six groups of four characters of five bits: 120 random bits (R19)."""

PAIRS = [one + other for one in CROCKFORD for other in CROCKFORD]
_FIXED = 0xF << 76 | 0b11 << 62
_VERSION_7 = 0x7 << 76 | 0b10 << 62
"""The bits of a UUID that say its version and variant (RFC 9562)."""


@frozen
class SystemClock:
    """The machine's time, in a portal's zone."""

    zone: ZoneInfo = ZoneInfo("Europe/Paris")
    tolerance: timedelta = timedelta(minutes=5)

    def now(self) -> datetime:
        return datetime.now(UTC)


@frozen
class TimeOrderedIds:
    """UUIDs of version 7: the milliseconds first, so that rows are stored in the order they are made in."""

    def new(self) -> str:
        moment = time.time_ns() // 1_000_000 << 80
        drawn = int.from_bytes(os.urandom(10)) & ~_FIXED
        digits = f"{moment | drawn | _VERSION_7:032x}"
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
