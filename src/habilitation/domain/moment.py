"""The instant of an act, in the portal's time zone, and what civil days mean in it (R15, R16, R40)."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from attrs import frozen

from habilitation.domain.period import Dates, Period, Term
from habilitation.domain.refusals import (
    ClockBehind,
    ClosingInPast,
    ClosingNotAfterOpening,
    DatesOutsideAccount,
    DaySkipped,
    OpeningInPast,
)

ONE_SECOND = timedelta(seconds=1)


@frozen
class Moment:
    """An aware instant in UTC and the zone in which its day is counted."""

    instant: datetime
    zone: ZoneInfo

    @classmethod
    def following(cls, now: datetime, last: datetime | None, zone: ZoneInfo, tolerance: timedelta) -> Moment:
        """The later of the clock and the last event; refused when that is too far ahead of the clock (R40)."""
        if last is None or last <= now:
            return cls(now, zone)
        if last - now > tolerance:
            raise ClockBehind(last - now)
        return cls(last, zone)

    @property
    def today(self) -> date:
        return self.instant.astimezone(self.zone).date()

    def start_of(self, day: date) -> datetime:
        """The first instant of the day that exists in the zone; a day that the zone skipped is refused (R15)."""
        return start_of_day(day, self.zone)

    def term(self, dates: Dates) -> Term:
        """What the dates mean if asked now: today opens at this very instant, the past is refused (R10, R16)."""
        today = self.today
        opening = dates.opening or today
        if opening < today:
            raise OpeningInPast(opening)
        start = self.instant if opening == today else self.start_of(opening)
        if dates.closing is None:
            return Term(start, None, opening, None)
        if dates.closing <= opening:
            raise ClosingNotAfterOpening(opening, dates.closing)
        return Term(start, self.start_of(dates.closing), opening, dates.closing)

    def within(self, account: Term, dates: Dates) -> Term:
        """What dates mean inside an account (R25, R28).

        An opening that is not said is now: it has effect once the account opens, whatever day that is moved to.
        """
        opening = dates.opening or self.today
        if opening < self.today:
            raise OpeningInPast(opening)
        if dates.closing is not None and dates.closing <= opening:
            raise ClosingNotAfterOpening(opening, dates.closing)
        if _outside(account, opening, dates):
            raise DatesOutsideAccount()
        start = self.start_of(opening) if opening > self.today else self.instant
        end = None if dates.closing is None else self.start_of(dates.closing)
        return Term(start, end, opening, dates.closing)

    def require_inside(self, account: Term, closing: date) -> None:
        """Refuse a closing date beyond the account's own (R25)."""
        if _passes(account.closing, closing):
            raise DatesOutsideAccount()

    def reaching(self, term: Term, closing: date) -> Term:
        """The same term with another closing date, which must come after today and after the opening (R14)."""
        if closing <= self.today:
            raise ClosingInPast(closing)
        self.require_after_opening(term, closing)
        return Term(term.start, self.start_of(closing), term.opening, closing)

    def require_after_opening(self, term: Term, closing: date | None) -> None:
        """Refuse a closing date that would leave no day at all (R10)."""
        if closing is not None and closing <= term.opening:
            raise ClosingNotAfterOpening(term.opening, closing)

    def end_on(self, day: date | None) -> tuple[datetime, date]:
        """When something asked to end on that day ends: now if no day, or today, is named; the past is refused."""
        today = self.today
        if day is None or day == today:
            return self.instant, today
        if day < today:
            raise ClosingInPast(day)
        return self.start_of(day), day


def _outside(account: Term, opening: date, dates: Dates) -> bool:
    """Whether nothing would be left in the account, or a day that was said is not one of it."""
    begins_before = dates.opening is not None and dates.opening < account.opening
    ends_before = _reaches(dates.closing, account.opening)
    return begins_before or ends_before or _reaches(account.closing, opening) or _passes(account.closing, dates.closing)


def _reaches(end: date | None, day: date) -> bool:
    return end is not None and day >= end


def _passes(end: date | None, day: date | None) -> bool:
    return end is not None and day is not None and day > end


def whole_day(day: date, zone: ZoneInfo) -> Period:
    """The civil day, up to the start of the next one that the zone did not skip."""
    start = start_of_day(day, zone)
    for days in (1, 2):
        with suppress(DaySkipped):
            return Period(start, start_of_day(_later(day, days), zone))
    raise DaySkipped(day)


def _later(day: date, days: int) -> date:
    try:
        return day + timedelta(days)
    except OverflowError:
        raise DaySkipped(day) from None


@lru_cache(maxsize=4096)
def start_of_day(day: date, zone: ZoneInfo) -> datetime:
    """The first instant of that civil day, in UTC; where midnight does not exist, the day starts after the gap."""
    midnight = datetime.combine(day, time(), tzinfo=zone)
    try:
        start = midnight.astimezone(UTC)
        if start.astimezone(zone).replace(tzinfo=None) != midnight.replace(tzinfo=None):
            start = _end_of_gap(midnight)
        local = start.astimezone(zone).date()
    except OverflowError:
        raise DaySkipped(day) from None
    if local != day:
        raise DaySkipped(day)
    return start


def _end_of_gap(midnight: datetime) -> datetime:
    """The instant of the transition that swallowed this midnight, found by halving between the two readings of it."""
    before = midnight.replace(fold=1).astimezone(UTC)
    after = midnight.replace(fold=0).astimezone(UTC)
    offset = after.astimezone(midnight.tzinfo).utcoffset()
    while after - before > ONE_SECOND:
        middle = before + (after - before) // 2 // ONE_SECOND * ONE_SECOND
        if middle.astimezone(midnight.tzinfo).utcoffset() == offset:
            after = middle
        else:
            before = middle
    return after
