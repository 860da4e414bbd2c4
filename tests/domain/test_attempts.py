"""R22: what failed before says whether an attempt goes on; pure, so it is tried with any numbers at any instants."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from habilitation.domain.attempts import (
    DECOYS,
    Attempt,
    Key,
    Tally,
    Verdict,
    count,
    forgotten_before,
    judge,
    read_source,
    take_back,
)
from habilitation.domain.limits import Limits
from habilitation.domain.refusals import NameMalformed, NameTooLong
from habilitation.domain.values import Login

AT = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
FEW = Limits(
    failures_per_login_and_source=2,
    failures_per_login=3,
    failures_per_source=5,
    failures_window=MINUTE,
    lock=MINUTE,
    delay=timedelta(0),
)
LOGINS = [None, *(Login(f"0000000{number}") for number in range(3))]
SOURCES = ["192.0.2.1", "192.0.2.2", ""]
PAUSES = [0, 0, 1, 20]
TRIES = st.lists(
    st.tuples(st.sampled_from(PAUSES), st.sampled_from(LOGINS), st.sampled_from([*SOURCES, SOURCES[0]])), max_size=60
)


def failing(tries, limits):
    """Every attempt, its pauses in seconds, with what became of it: none of them right."""
    kept, at, done = {}, AT, []
    for pause, login, source in tries:
        at += pause * SECOND
        attempt = Attempt.of(login, source, at)
        verdict, after = count(attempt, kept, limits)
        kept |= after
        done.append((attempt, verdict))
    return done, kept


@given(TRIES)
def test_within_any_quarter_of_an_hour_no_more_go_on_than_may_fail(tries):
    """A login from a source, a login from anywhere, a source with anything."""
    done, _ = failing(tries, FEW)
    most = {"both": FEW.failures_per_login_and_source, "login": FEW.failures_per_login}
    for first, _ in done:
        admitted, tried = Counter(), Counter()
        for attempt, verdict in done:
            if not first.at <= attempt.at < first.at + FEW.failures_window:
                continue
            source, login, both = attempt.keys
            if verdict is Verdict.ADMITTED:
                admitted.update({("login", login): 1, ("both", both): 1})
            if verdict is not Verdict.SHUT_OUT:
                tried[source] += 1
        assert all(times <= most[of] for (of, key), times in admitted.items() if key not in DECOYS)
        assert all(times <= FEW.failures_per_source for key, times in tried.items() if key not in DECOYS)


@given(TRIES)
def test_whoever_was_quiet_long_enough_is_let_through(tries):
    """A lock ends, whatever was tried while it stood."""
    _, kept = failing(tries, FEW)
    last = AT + sum(pause for pause, _, _ in tries) * SECOND
    for login in LOGINS:
        assert judge(Attempt.of(login, SOURCES[0], last + MINUTE), kept, FEW) is Verdict.ADMITTED


@given(TRIES)
def test_a_login_that_does_not_exist_and_a_source_that_is_not_said_leave_decoys_only(tries):
    """So that nothing that was typed is kept, and nobody is refused for what strangers failed."""
    _, kept = failing(tries, FEW)
    digests = {login.digest for login in LOGINS if login}
    for key, tally in kept.items():
        assert (key in DECOYS and not tally.failures) or key.login in digests | {""}


@given(TRIES, st.sampled_from(LOGINS), st.sampled_from(SOURCES))
def test_every_attempt_writes_three_tallies(tries, login, source):
    """The same cost, whatever exists and whatever was tried."""
    _, kept = failing(tries, FEW)
    last = AT + sum(pause for pause, _, _ in tries) * SECOND
    assert len(count(Attempt.of(login, source, last), kept, FEW)[1]) == 3


@given(TRIES, st.sampled_from(LOGINS), st.sampled_from(SOURCES))
def test_taking_an_attempt_back_leaves_the_failures_as_they_were(tries, login, source):
    _, kept = failing(tries, FEW)
    attempt = Attempt.of(login, source, AT + sum(pause for pause, _, _ in tries) * SECOND + SECOND)
    verdict, after = count(attempt, kept, FEW)
    back = kept | after | take_back(attempt, verdict, kept | after)

    def alive(tallies):
        since = attempt.at - FEW.failures_window
        lists = {key: [one for one in tally.failures if one > since] for key, tally in tallies.items()}
        return {key: failures for key, failures in lists.items() if failures}

    assert alive(back) == alive(kept)


@pytest.mark.parametrize(("failures", "wait"), [(1, 0), (2, 2), (3, 4), (4, 8), (5, 900)])
def test_each_failure_is_waited_for_longer_than_the_one_before(failures, wait):
    """R22: the rule's own numbers, for one login from one source."""
    attempt = Attempt.of(LOGINS[1], SOURCES[0], AT)
    kept = {attempt.keys[2]: Tally((AT,) * failures, AT)}

    def after(seconds):
        return judge(evolve(attempt, at=AT + seconds * SECOND), kept, Limits())

    assert after(wait) is Verdict.ADMITTED
    assert wait == 0 or after(wait - 1) is Verdict.TURNED_AWAY


@pytest.mark.parametrize(("failures", "wait"), [(3, 4 * SECOND), (5, 15 * MINUTE)])
def test_one_waits_from_the_latest_failure_on(failures, wait):
    """A delay, and a lock; the failures before it were minutes apart."""
    attempt = Attempt.of(LOGINS[1], SOURCES[0], AT)
    kept = {attempt.keys[2]: Tally(tuple(AT - MINUTE * ago for ago in reversed(range(failures))), AT)}
    assert judge(evolve(attempt, at=AT + wait - SECOND), kept, Limits()) is Verdict.TURNED_AWAY
    assert judge(evolve(attempt, at=AT + wait), kept, Limits()) is Verdict.ADMITTED


def test_a_delay_is_never_longer_than_the_lock_whatever_the_settings():
    attempt = Attempt.of(LOGINS[1], SOURCES[0], AT)
    limits = Limits(failures_per_login_and_source=10**6, delay=timedelta(days=1))
    kept = {attempt.keys[2]: Tally((AT,) * 10**4, AT)}
    assert judge(evolve(attempt, at=AT + 15 * MINUTE), kept, limits) is Verdict.ADMITTED


@pytest.mark.parametrize("back", [timedelta(minutes=3), timedelta(hours=3), timedelta(days=400)])
def test_when_the_clock_goes_back_nobody_is_locked_for_longer_than_window_and_lock(back):
    """R22: though somebody keeps trying."""
    attempt = Attempt.of(LOGINS[1], SOURCES[0], AT)
    kept = {attempt.keys[2]: Tally((AT,) * 5, AT)}
    for minutes in range(30):
        kept |= count(evolve(attempt, at=AT - back + minutes * MINUTE), kept, Limits(failures_per_login_and_source=5))[
            1
        ]
        if judge(evolve(attempt, at=AT - back + minutes * MINUTE), kept, Limits()) is Verdict.ADMITTED:
            break
    else:
        assert judge(evolve(attempt, at=AT - back + 30 * MINUTE), kept, Limits()) is Verdict.ADMITTED


def test_a_failure_that_another_thread_counted_a_moment_ahead_counts():
    attempt = Attempt.of(LOGINS[1], SOURCES[0], AT)
    kept = {attempt.keys[2]: Tally((*[AT - MINUTE] * 4, AT + SECOND / 1000), AT)}
    assert judge(attempt, kept, Limits()) is Verdict.TURNED_AWAY


def test_and_is_taken_back_by_that_one_all_the_same():
    ahead, attempt = (Attempt.of(LOGINS[1], SOURCES[0], AT + delay) for delay in (SECOND / 1000, 0 * SECOND))
    kept = count(ahead, {}, Limits())[1]
    kept |= count(attempt, kept, Limits())[1]
    kept |= take_back(ahead, Verdict.ADMITTED, kept)
    assert {tally.failures for tally in kept.values()} == {(AT,)}


def test_a_failure_that_is_ahead_by_the_window_counts_no_more():
    """A clock set right again locks nobody out for what failed before."""
    attempt = Attempt.of(LOGINS[1], SOURCES[0], AT)
    kept = {attempt.keys[2]: Tally((AT + Limits().failures_window,) * 5, AT)}
    assert judge(attempt, kept, Limits()) is Verdict.ADMITTED


@given(TRIES, st.integers(0, 90))
def test_what_is_forgotten_had_nothing_more_to_say_and_nothing_else_is(tries, later):
    _, kept = failing(tries, FEW)
    at = AT + sum(pause for pause, _, _ in tries) * SECOND + later * SECOND
    left = {key: tally for key, tally in kept.items() if tally.seen >= forgotten_before(at, FEW)}
    assert not kept or bool(left) is (later <= 60)
    for login in LOGINS:
        attempt = Attempt.of(login, SOURCES[0], at)
        assert judge(attempt, left, FEW) is judge(attempt, kept, FEW)


def test_a_right_password_leaves_nothing_of_what_its_login_failed_from_there():
    attempt = Attempt.of(LOGINS[1], SOURCES[0], AT)
    kept = {attempt.keys[2]: Tally((AT - MINUTE, AT), AT)}
    assert take_back(attempt, Verdict.ADMITTED, kept, proved=True)[attempt.keys[2]].failures == ()


@pytest.mark.parametrize("text", ["192.0.2.1", "2001:db8::1", "mairie, poste 3", "x" * 100, ""])
def test_a_source_is_any_short_line(text):
    assert read_source(f" {text} ") == text


@pytest.mark.parametrize(
    ("text", "refusal"),
    [("x" * 101, NameTooLong), ("x" * 10**6, NameTooLong), ("a\nb", NameMalformed), ("\ud800", NameMalformed)],
)
def test_anything_else_is_refused(text, refusal):
    with pytest.raises(refusal) as refused:
        read_source(text)
    assert refused.value.field == "source"


def test_keys_hold_digests_only():
    attempt = Attempt.of(LOGINS[1], SOURCES[0], AT)
    assert attempt.keys == (Key("", attempt.source), Key(LOGINS[1].digest, ""), Key(LOGINS[1].digest, attempt.source))
    assert SOURCES[0] not in repr(attempt)
    assert set(Attempt.of(None, "", AT).keys) == set(DECOYS)
