"""Failed sign-ins: counted and judged in one step, whoever else is counting (R22)."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
from attrs import evolve

from habilitation.domain.attempts import Attempt, Verdict
from habilitation.domain.limits import Limits
from habilitation.domain.values import Login
from habilitation.ports.store import Store
from habilitation.testing.contract.bench import StoreBench
from habilitation.testing.contract.concurrency import together
from habilitation.testing.contract.seeds import ANNE, AT, ORGANIZATION, Seeds

LOGIN, OTHER_LOGIN = Login("00000001"), Login("00000002")
HERE, THERE = "192.0.2.1", "192.0.2.2"
AT_ONCE = Limits(delay=timedelta(0))
"""The limits of the rule, without delays."""
RIVALS = 12
SECOND = timedelta(seconds=1)


class CountsAttempts(StoreBench):
    """Each attempt is counted before it is let through, and no more are than may fail."""

    def fail(self, store: Store, times: int, login: Login | None = LOGIN, source: str = HERE) -> list[Verdict]:
        """What becomes of that many attempts, a second apart."""
        instants = (AT + number * SECOND for number in range(times))
        return [store.attempts.count(Attempt.of(login, source, at), AT_ONCE) for at in instants]

    def judged(self, store: Store, login: Login | None = LOGIN, source: str = HERE) -> Verdict:
        """What becomes of one more, a minute later."""
        return store.attempts.count(Attempt.of(login, source, AT + 60 * SECOND), AT_ONCE)

    def test_of_many_attempts_at_once_exactly_as_many_as_may_fail_go_on(self, store: Store, second: Store) -> None:
        """R22: counted, atomically and before verifying."""
        attempt = Attempt.of(LOGIN, HERE, AT)
        handles = [(store, second)[number % 2] for number in range(RIVALS)]
        verdicts = together([partial(handle.attempts.count, attempt, AT_ONCE) for handle in handles])
        assert verdicts.count(Verdict.ADMITTED) == AT_ONCE.failures_per_login_and_source

    def test_of_two_fifth_attempts_at_once_one_goes_on(self, store: Store, second: Store) -> None:
        """R22"""
        self.fail(store, 4)
        fifth = Attempt.of(LOGIN, HERE, AT + 5 * SECOND)
        verdicts = together([partial(handle.attempts.count, fifth, AT_ONCE) for handle in (store, second)])
        assert sorted(verdicts) == [Verdict.TURNED_AWAY, Verdict.ADMITTED]

    def test_what_is_counted_is_seen_from_everywhere(self, store: Store, second: Store) -> None:
        """R22"""
        assert self.fail(store, 5) == [Verdict.ADMITTED] * 5
        assert self.judged(second) is Verdict.TURNED_AWAY
        assert self.judged(second, source=THERE) is Verdict.ADMITTED
        assert self.judged(second, OTHER_LOGIN) is Verdict.ADMITTED

    def test_an_attempt_that_was_taken_back_was_never_made(self, store: Store) -> None:
        """R22"""
        self.fail(store, 4)
        for number in range(10):
            attempt = Attempt.of(LOGIN, HERE, AT + (10 + number) * SECOND)
            assert store.attempts.count(attempt, AT_ONCE) is Verdict.ADMITTED
            store.attempts.take_back(attempt, Verdict.ADMITTED)
        assert [self.judged(store), self.judged(store)] == [Verdict.ADMITTED, Verdict.TURNED_AWAY]

    def test_a_right_one_makes_what_the_login_failed_from_its_source_forgotten(self, store: Store) -> None:
        """R22"""
        self.fail(store, 4)
        attempt = Attempt.of(LOGIN, HERE, AT + 10 * SECOND)
        store.attempts.take_back(attempt, store.attempts.count(attempt, AT_ONCE), proved=True)
        assert self.fail(store, 5) == [Verdict.ADMITTED] * 5

    def test_and_nothing_that_failed_elsewhere(self, store: Store) -> None:
        """R22: who signs in hides nobody's attempts on other logins, or from other places."""
        limits = evolve(AT_ONCE, failures_per_login=4, failures_per_source=6)
        for login, source in ((LOGIN, THERE), (LOGIN, THERE), (OTHER_LOGIN, HERE)):
            store.attempts.count(Attempt.of(login, source, AT), limits)
        right = Attempt.of(LOGIN, HERE, AT + SECOND)
        store.attempts.take_back(right, store.attempts.count(right, limits), proved=True)
        later = [Attempt.of(LOGIN, HERE, AT + number * SECOND) for number in range(2, 8)]
        assert [store.attempts.count(attempt, limits) for attempt in later] == [
            *[Verdict.ADMITTED] * 2,
            *[Verdict.TURNED_AWAY] * 3,
            Verdict.SHUT_OUT,
        ]

    def test_what_is_forgiven_was_never_tried_with_that_login(self, store: Store) -> None:
        """R22: a completed reset, the administrator, the operator."""
        for source in (HERE, THERE):
            self.fail(store, 5, source=source)
        self.fail(store, 5, OTHER_LOGIN)
        store.attempts.forgive(LOGIN)
        assert [self.judged(store, source=source) for source in (HERE, THERE)] == [Verdict.ADMITTED] * 2
        assert self.judged(store, OTHER_LOGIN) is Verdict.TURNED_AWAY

    def test_forgiving_what_was_never_tried_changes_nothing(self, store: Store) -> None:
        """R22"""
        store.attempts.forgive(LOGIN)
        assert self.judged(store) is Verdict.ADMITTED

    @pytest.mark.parametrize("login", [None, LOGIN])
    def test_a_source_is_shut_out_whatever_it_tries(self, store: Store, login: Login | None) -> None:
        """R22"""
        limits = evolve(AT_ONCE, failures_per_source=3)
        attempts = [Attempt.of(login, HERE, AT + number * SECOND) for number in range(5)]
        verdicts = [store.attempts.count(attempt, limits) for attempt in attempts]
        assert verdicts == [*[Verdict.ADMITTED] * 3, *[Verdict.SHUT_OUT] * 2]

    def test_a_login_that_is_hammered_is_in_nobodys_way(self, store: Store, seeds: Seeds) -> None:
        """R22: no act on the organization meets it."""
        seeds.organization()
        seeds.user(ANNE, login=LOGIN.text)
        with store.reading(ORGANIZATION) as rows:
            head = rows.head
        self.fail(store, 10)
        with store.reading(ORGANIZATION) as rows:
            assert rows.head == head
