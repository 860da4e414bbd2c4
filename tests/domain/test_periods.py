"""Half-open periods: every property is checked against looking at one instant after another."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from habilitation.domain.period import Period, Term, earliest, unbroken

ORIGIN = datetime(2026, 1, 1, tzinfo=UTC)
LAST = 12


def hour(number: int) -> datetime:
    return ORIGIN + timedelta(hours=number)


hours = st.integers(0, LAST).map(hour)
periods = st.builds(Period, hours, st.none() | hours)
INSTANTS = [ORIGIN + timedelta(minutes=30 * step) for step in range(-1, 2 * LAST + 3)]


def covered(period: Period) -> list[bool]:
    return [period.start <= at and (period.end is None or at < period.end) for at in INSTANTS]


@given(periods)
def test_a_period_contains_its_start_and_not_its_end(period):
    assert [period.contains(at) for at in INSTANTS] == covered(period)


@given(periods, periods)
def test_what_two_periods_have_in_common_is_where_both_hold(one, other):
    both = [a and b for a, b in zip(covered(one), covered(other), strict=True)]
    assert covered(one.meet(other)) == both


@given(periods, periods)
def test_two_periods_overlap_if_some_instant_is_in_both(one, other):
    assert one.overlaps(other) is any(a and b for a, b in zip(covered(one), covered(other), strict=True))


@given(periods, periods)
def test_a_period_lies_within_another_that_contains_all_of_it(one, other):
    inside = all(b for a, b in zip(covered(one), covered(other), strict=True) if a)
    if not one.empty:
        assert one.within(other) is inside


@given(periods)
def test_an_empty_period_contains_nothing(period):
    assert period.empty is not any(covered(period))


@given(periods, hours)
def test_a_period_is_over_when_nothing_of_it_is_left(period, at):
    """And a canceled one at any time (R16)."""
    left = any(inside for inside, later in zip(covered(period), INSTANTS, strict=True) if later >= at)
    assert period.over(at) is not left


@given(st.lists(periods, max_size=5), hours)
def test_the_unbroken_stretch_is_what_one_can_walk_without_a_gap(several, at):
    """R38."""
    held = [any(column) for column in zip(*map(covered, several), strict=True)] if several else [False] * len(INSTANTS)
    here = INSTANTS.index(at)
    stretch = unbroken(several, at)
    if not held[here]:
        assert stretch is None
        return
    assert stretch is not None
    end = here
    while end < len(INSTANTS) and held[end]:
        end += 1
    assert stretch.end == (INSTANTS[end] if end < len(INSTANTS) else None)


def test_two_periods_that_touch_leave_no_gap():
    """R38."""
    stretch = unbroken([Period(hour(0), hour(2)), Period(hour(2), hour(4))], hour(1))
    assert stretch == Period(hour(0), hour(4))


def test_a_gap_of_a_moment_ends_the_stretch():
    """R38."""
    later = Period(hour(2) + timedelta(microseconds=1), None)
    stretch = unbroken([Period(hour(0), hour(2)), later], hour(1))
    assert stretch == Period(hour(0), hour(2))


@given(st.none() | hours, st.none() | hours)
def test_no_end_is_later_than_any_end(one, other):
    assert earliest(one, other) == min((end for end in (one, other) if end), default=None)


def test_a_stretch_without_an_end_begins_where_the_first_of_its_periods_does():
    """R38."""
    assert unbroken([Period(hour(1), hour(3)), Period(hour(2), None)], hour(2)) == Period(hour(1), None)


@given(st.none() | hours, hours)
def test_ending_a_term_never_lengthens_it(end, now):
    """R25: what ends sooner, or just then, keeps its end and the day that was said."""
    first, last, said = date(2026, 1, 1), date(2026, 1, 3), date(2026, 1, 2)
    term = Term(hour(0), end, first, last)
    sooner = end is not None and end <= now
    assert term.ending(now, said) == (term if sooner else Term(hour(0), now, first, said))
