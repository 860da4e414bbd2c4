"""Tallies of sign-ins that let too many pass, or too few."""

from __future__ import annotations

from time import sleep

from habilitation.adapters.memory.attempts import MemoryAttempts
from habilitation.domain import attempts
from habilitation.domain.attempts import NOBODY, Key, Verdict
from tests.contract.broken.breaking import breaks


@breaks(
    MemoryAttempts,
    "count",
    "test_of_many_attempts_at_once_exactly_as_many_as_may_fail_go_on",
    "test_of_two_fifth_attempts_at_once_one_goes_on",
)
def counts_afterwards(original, kept, attempt, limits):
    """Judges an attempt, and counts it once it was let through."""
    verdict, after = attempts.count(attempt, dict(kept._tallies), limits)
    sleep(0.01)  # others have every chance
    kept._put(after)
    return verdict


@breaks(MemoryAttempts, "count", "test_what_is_counted_is_seen_from_everywhere")
def counts_nothing(original, kept, attempt, limits):
    return Verdict.ADMITTED


@breaks(MemoryAttempts, "take_back", "test_an_attempt_that_was_taken_back_was_never_made")
def takes_nothing_back(original, kept, attempt, verdict, *, proved=False):
    pass


@breaks(MemoryAttempts, "take_back", "test_a_right_one_makes_what_the_login_failed_from_its_source_forgotten")
def remembers_failures_after_a_right_one(original, kept, attempt, verdict, *, proved=False):
    original(kept, attempt, verdict)


@breaks(MemoryAttempts, "take_back", "test_and_nothing_that_failed_elsewhere")
def forgives_a_source_after_a_right_one(original, kept, attempt, verdict, *, proved=False):
    original(kept, attempt, verdict, proved=proved)
    if proved:
        kept._tallies.clear()


@breaks(MemoryAttempts, "forgive", "test_what_is_forgiven_was_never_tried_with_that_login")
def forgives_one_source_of_a_login(original, kept, login):
    for key in [key for key in kept._tallies if key.login == login.digest][:1]:
        del kept._tallies[key]


@breaks(MemoryAttempts, "forgive", "test_forgiving_what_was_never_tried_changes_nothing", raising=KeyError)
def expects_something_to_forgive(original, kept, login):
    del kept._tallies[Key(login.digest, "")]


@breaks(MemoryAttempts, "count", "test_a_source_is_shut_out_whatever_it_tries[None]")
def counts_logins_that_exist_alone(original, kept, attempt, limits):
    return original(kept, attempt, limits) if attempt.login != NOBODY else Verdict.ADMITTED
