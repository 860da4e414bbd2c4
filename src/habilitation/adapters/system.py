"""The machine's clock, ids and randomness."""

from __future__ import annotations

import secrets
import time
from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from attrs import frozen

from habilitation.domain.values import CROCKFORD, LOGIN_LENGTH, Login

PASSWORD_GROUPS = 6
"""Six groups of four characters of five bits: 120 random bits (R19)."""


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
        drawn = secrets.randbits(74)
        return str(UUID(int=moment | 0x7 << 76 | drawn >> 62 << 64 | 0b10 << 62 | drawn & (1 << 62) - 1))


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
    bits = secrets.randbits(5 * length)
    return "".join(CROCKFORD[bits >> 5 * place & 31] for place in range(length))
