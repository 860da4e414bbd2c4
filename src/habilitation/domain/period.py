"""Half-open periods of time, and civil terms: the days that somebody wrote and the instants that they meant."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime

from attrs import field, frozen


@frozen
class Period:
    """From ``start``, included, to ``end``, excluded; no end means open-ended. Instants are aware and in UTC."""

    start: datetime
    end: datetime | None

    def contains(self, at: datetime) -> bool:
        return self.start <= at and (self.end is None or at < self.end)

    def over(self, at: datetime) -> bool:
        """Whether nothing of the period is left at that instant: it ended, or it was canceled before it began."""
        return self.end is not None and (self.end <= at or self.end <= self.start)

    def overlaps(self, other: Period) -> bool:
        return not self.meet(other).empty

    @property
    def empty(self) -> bool:
        return self.end is not None and self.end <= self.start

    def meet(self, other: Period) -> Period:
        """What the two have in common; effective periods are always computed so, never stored."""
        return Period(max(self.start, other.start), earliest(self.end, other.end))

    def within(self, other: Period) -> bool:
        return other.start <= self.start and earliest(self.end, other.end) == self.end


@frozen
class Term(Period):
    """A period that people set by civil days. The closing date is the first day outside it (R15).

    Dates and instants are kept together and never computed anew one from the other: closing *now* is an instant in
    the middle of a day that had access in the morning (R16).
    """

    opening: date
    closing: date | None

    def ending(self, end: datetime, closing: date) -> Term:
        """The same term, ended at that instant unless it ends sooner."""
        if self.end is not None and self.end <= end:
            return self
        return Term(self.start, end, self.opening, closing)


def civil_day(_: object, __: object, value: date | None) -> None:
    """Refuse an instant where a civil day is asked: which day it is depends on the zone."""
    if isinstance(value, datetime):
        raise TypeError("a civil day is a date, not a datetime")


def in_utc(value: datetime) -> datetime:
    """The same instant in UTC. A civil day is none, nor is a time of day without an offset."""
    if not isinstance(value, datetime):
        raise TypeError("an instant is a datetime, not a date")
    if value.utcoffset() is None:
        raise TypeError("an instant has an offset")
    return value.astimezone(UTC)


def instant_or_day(value: date) -> date:
    """An instant, in UTC, or a civil day as it is."""
    return in_utc(value) if isinstance(value, datetime) else value


@frozen
class Dates:
    """The civil days that somebody asks for: none for the opening means now, none for the closing no end."""

    opening: date | None = field(default=None, validator=civil_day)
    closing: date | None = field(default=None, validator=civil_day)


AS_LONG_AS_THE_ACCOUNT = Dates()


def earliest(one: datetime | None, other: datetime | None) -> datetime | None:
    """The sooner of two ends, where none means never."""
    if one is None or other is None:
        return one if other is None else other
    return min(one, other)


def unbroken(periods: Iterable[Period], at: datetime) -> Period | None:
    """The stretch around ``at`` that the periods cover without a gap, if any of them holds then (R38)."""
    start, end, found = at, at, False
    for period in sorted((p for p in periods if not p.empty), key=lambda period: period.start):
        if period.contains(at):
            start, found = min(start, period.start), True
        if found and period.start <= end:
            if period.end is None:
                return Period(start, None)
            end = max(end, period.end)
    return Period(start, end) if found else None
