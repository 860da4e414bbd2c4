"""Civil days in the portal's zone, and what dates mean when they are asked for (R10, R14, R15, R16, R25, R40)."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from habilitation.domain.moment import Moment, start_of_day
from habilitation.domain.period import Dates, Period, Term
from habilitation.domain.refusals import (
    ClockBehind,
    ClosingInPast,
    ClosingNotAfterOpening,
    DatesOutsideAccount,
    DaySkipped,
    OpeningInPast,
    Refusal,
)

PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
TODAY = date(2026, 11, 22)
MOMENT = Moment(NOW, PARIS)


def day(number: int) -> date:
    return TODAY + timedelta(days=number)


def midnight(number: int) -> datetime:
    return datetime(2026, 11, 21, 23, tzinfo=UTC) + timedelta(days=number)


@pytest.mark.parametrize(
    ("zone", "on", "start"),
    [
        ("Europe/Paris", date(2026, 11, 22), datetime(2026, 11, 21, 23, tzinfo=UTC)),
        ("Europe/Paris", date(2026, 3, 29), datetime(2026, 3, 28, 23, tzinfo=UTC)),  # summer time begins at 2
        ("Europe/Paris", date(2026, 3, 30), datetime(2026, 3, 29, 22, tzinfo=UTC)),
        ("Europe/Paris", date(2026, 10, 25), datetime(2026, 10, 24, 22, tzinfo=UTC)),  # and ends at 3
        ("Europe/Paris", date(2026, 10, 26), datetime(2026, 10, 25, 23, tzinfo=UTC)),
        ("Europe/Paris", date(1900, 1, 1), datetime(1899, 12, 31, 23, 50, 39, tzinfo=UTC)),  # an offset with seconds
        ("America/Sao_Paulo", date(2018, 11, 4), datetime(2018, 11, 4, 3, tzinfo=UTC)),  # midnight did not exist
        ("America/Sao_Paulo", date(2019, 2, 17), datetime(2019, 2, 17, 3, tzinfo=UTC)),
        ("Asia/Beirut", date(2024, 3, 31), datetime(2024, 3, 30, 22, tzinfo=UTC)),
        ("Africa/Cairo", date(2024, 4, 26), datetime(2024, 4, 25, 22, tzinfo=UTC)),
        ("America/Havana", date(2025, 11, 2), datetime(2025, 11, 2, 4, tzinfo=UTC)),  # midnight came twice
        ("America/Toronto", date(1919, 3, 31), datetime(1919, 3, 31, 4, 30, tzinfo=UTC)),  # from 23:30 to 0:30
        ("Pacific/Apia", date(2011, 12, 29), datetime(2011, 12, 29, 10, tzinfo=UTC)),
        ("Pacific/Apia", date(2011, 12, 31), datetime(2011, 12, 30, 10, tzinfo=UTC)),
        ("Pacific/Kiritimati", date(2026, 11, 22), datetime(2026, 11, 21, 10, tzinfo=UTC)),
    ],
)
def test_a_day_starts_at_its_first_existing_instant(zone, on, start):
    """R15."""
    assert start_of_day(on, ZoneInfo(zone)) == start


@pytest.mark.parametrize(
    ("zone", "on"),
    [
        ("Pacific/Apia", date(2011, 12, 30)),
        ("Pacific/Kwajalein", date(1993, 8, 21)),
        ("Europe/Paris", date.min),
        ("Pacific/Kiritimati", date(1994, 12, 31)),
    ],
)
def test_a_day_that_does_not_exist_is_refused(zone, on):
    """R15: the zone skipped it, or it has no instant that can be written."""
    with pytest.raises(DaySkipped):
        start_of_day(on, ZoneInfo(zone))


ZONES = [
    "Europe/Paris",
    "America/Sao_Paulo",
    "Asia/Beirut",
    "Africa/Cairo",
    "Pacific/Apia",
    "America/Havana",
    "America/St_Johns",
    "Australia/Lord_Howe",
    "Asia/Tehran",
    "Atlantic/Azores",
    "America/Asuncion",
]


@given(st.sampled_from(ZONES), st.dates(date(1970, 1, 1), date(2037, 12, 30)))
def test_no_instant_before_the_start_of_a_day_is_of_that_day_or_a_later_one(zone, on):
    """R15: the start is the first instant whose local date is the day."""
    place = ZoneInfo(zone)
    try:
        start = start_of_day(on, place)
    except DaySkipped:
        assert not any(
            _local(datetime(on.year, on.month, on.day, tzinfo=UTC), place, hours) == on for hours in range(-36, 60)
        )
        return
    assert start.astimezone(place).date() == on
    for step in (
        timedelta(microseconds=1),
        timedelta(seconds=1),
        timedelta(minutes=31),
        timedelta(hours=2),
        timedelta(hours=26),
    ):
        assert (start - step).astimezone(place).date() < on


def _local(origin, place, hours):
    return (origin + timedelta(hours=hours)).astimezone(place).date()


@given(st.sampled_from(ZONES), st.integers(0, 2**31).map(lambda seconds: datetime.fromtimestamp(seconds, UTC)))
def test_every_instant_comes_after_the_start_of_its_own_day(zone, at):
    """R15."""
    moment = Moment(at, ZoneInfo(zone))
    assert moment.start_of(moment.today) <= at


# What dates mean


def test_what_opens_today_opens_now():
    """R16."""
    assert MOMENT.term(Dates(TODAY)) == MOMENT.term(Dates()) == Term(NOW, None, TODAY, None)


def test_what_opens_another_day_opens_as_that_day_starts():
    """R15."""
    assert MOMENT.term(Dates(day(1), day(3))) == Term(midnight(1), midnight(3), day(1), day(3))


def test_the_day_is_the_zones_and_not_utcs():
    """R15: at 23:30 UTC it is tomorrow in Paris."""
    late = Moment(datetime(2026, 11, 22, 23, 30, tzinfo=UTC), PARIS)
    assert late.today == date(2026, 11, 23)
    with pytest.raises(OpeningInPast):
        late.term(Dates(date(2026, 11, 22)))


@pytest.mark.parametrize(
    ("dates", "refusal"),
    [
        (Dates(day(-1)), OpeningInPast),
        (Dates(day(-2), day(-1)), OpeningInPast),
        (Dates(None, TODAY), ClosingNotAfterOpening),
        (Dates(None, day(-1)), ClosingNotAfterOpening),
        (Dates(day(2), day(2)), ClosingNotAfterOpening),
        (Dates(day(2), day(1)), ClosingNotAfterOpening),
    ],
)
def test_dates_of_an_account_that_make_no_sense_are_refused(dates, refusal):
    """R10."""
    with pytest.raises(refusal):
        MOMENT.term(dates)


ACCOUNT = Term(midnight(2), midnight(10), day(2), day(10))
RUNNING = Term(midnight(-5), midnight(10), day(-5), day(10))
ENDLESS = Term(midnight(-5), None, day(-5), None)


def test_a_membership_without_dates_is_there_as_soon_as_an_account_to_come_opens():
    """R25: on whatever day that will be; it can have no effect before."""
    assert MOMENT.within(ACCOUNT, Dates()).meet(ACCOUNT) == Period(ACCOUNT.start, ACCOUNT.end)


def test_a_membership_without_dates_begins_now_in_an_account_that_is_open():
    """R16, R25."""
    assert MOMENT.within(RUNNING, Dates()) == Term(NOW, None, TODAY, None)


def test_a_membership_may_fill_its_account_to_the_day():
    """R25."""
    assert MOMENT.within(ACCOUNT, Dates(day(2), day(10))) == ACCOUNT


@pytest.mark.parametrize(
    ("account", "dates", "refusal"),
    [
        (RUNNING, Dates(day(-1)), OpeningInPast),
        (ENDLESS, Dates(day(-1), day(5)), OpeningInPast),
        (ACCOUNT, Dates(day(1)), DatesOutsideAccount),
        (ACCOUNT, Dates(TODAY), DatesOutsideAccount),
        (ACCOUNT, Dates(day(10)), DatesOutsideAccount),
        (ACCOUNT, Dates(day(3), day(11)), DatesOutsideAccount),
        (RUNNING, Dates(None, day(11)), DatesOutsideAccount),
        (ACCOUNT, Dates(None, day(2)), DatesOutsideAccount),
        (ACCOUNT, Dates(None, day(1)), DatesOutsideAccount),
        (RUNNING, Dates(day(3), day(3)), ClosingNotAfterOpening),
        (RUNNING, Dates(None, TODAY), ClosingNotAfterOpening),
        (ENDLESS, Dates(None, day(-3)), ClosingNotAfterOpening),
    ],
)
def test_dates_of_a_membership_that_are_past_or_outside_the_account_are_refused(account, dates, refusal):
    """R25."""
    with pytest.raises(refusal):
        MOMENT.within(account, dates)


days = st.integers(-3, 14).map(day)


@given(st.sampled_from([ACCOUNT, RUNNING, ENDLESS]), st.builds(Dates, st.none() | days, st.none() | days))
def test_a_membership_never_begins_before_now_nor_reaches_beyond_its_account(account, dates):
    """R16, R25."""
    try:
        term = MOMENT.within(account, dates)
    except Refusal:
        return
    assert term.start >= NOW
    assert not term.meet(account).empty
    if dates.opening and dates.closing:
        assert term.within(account)


def test_ending_today_or_without_a_day_ends_now():
    """R16: the morning stays as it was."""
    assert MOMENT.end_on(None) == MOMENT.end_on(TODAY) == (NOW, TODAY)


def test_ending_another_day_ends_as_it_starts():
    """R15: the closing date is the first day without access."""
    assert MOMENT.end_on(day(1)) == (midnight(1), day(1))


def test_nothing_ends_in_the_past():
    """R14."""
    with pytest.raises(ClosingInPast):
        MOMENT.end_on(day(-1))


@pytest.mark.parametrize("closing", [TODAY, day(-1)])
def test_another_closing_date_comes_after_today(closing):
    """R14."""
    with pytest.raises(ClosingInPast):
        MOMENT.reaching(RUNNING, closing)


def test_another_closing_date_comes_after_the_opening():
    """R10."""
    with pytest.raises(ClosingNotAfterOpening):
        MOMENT.reaching(ACCOUNT, day(2))
    assert MOMENT.reaching(ACCOUNT, day(3)) == Term(midnight(2), midnight(3), day(2), day(3))


# The instant of an act


@pytest.mark.parametrize("behind", [0, 1, 300])
def test_an_act_never_comes_before_the_last_event(behind):
    """R40: up to five minutes behind, the act is at the last event's instant."""
    last = NOW + timedelta(seconds=behind)
    assert Moment.following(NOW, last, PARIS, timedelta(minutes=5)).instant == last


def test_an_act_is_at_the_clock_when_that_is_later():
    """R40."""
    assert Moment.following(NOW, NOW - timedelta(days=1), PARIS, timedelta(minutes=5)).instant == NOW
    assert Moment.following(NOW, None, PARIS, timedelta(minutes=5)).instant == NOW


def test_a_clock_more_than_five_minutes_behind_is_refused():
    """R40."""
    with pytest.raises(ClockBehind) as caught:
        Moment.following(NOW, NOW + timedelta(seconds=301), PARIS, timedelta(minutes=5))
    assert caught.value.behind == timedelta(seconds=301)
