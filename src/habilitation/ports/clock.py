"""The time, and the zone in which civil days are counted."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo


class Clock(Protocol):
    """Tells the instant; ``zone`` is the portal's, ``tolerance`` how far behind the last event it may be (R15, R40)."""

    @property
    def zone(self) -> ZoneInfo: ...

    @property
    def tolerance(self) -> timedelta: ...

    def now(self) -> datetime:
        """The instant, aware and in UTC."""
        ...
