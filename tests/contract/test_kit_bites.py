"""The contract finds stores that are broken: each in one way, and by the test that is there for it."""

from __future__ import annotations

import pytest

from tests.contract import broken

pytest_plugins = ["pytester"]

FOUND_BY = {
    broken.BringsBackWhatWasDropped: "test_a_delivery_that_was_under_way_brings_nothing_back",
    broken.ComparesEmailsAsTyped: "test_an_email_is_found_by_its_normal_form_only",
    broken.CountsAfterwards: "test_of_many_attempts_at_once_exactly_as_many_as_may_fail_go_on",
    broken.ErasesBeforeItCommits: "test_an_erasure_that_is_stopped_leaves_everything",
    broken.FreesDeadLogins: "test_a_dead_login_is_never_given_again",
    broken.GivesAMessageTwice: "test_what_is_taken_is_nobody_elses_while_its_lease_lasts",
    broken.HandsOutItsOwn: "test_spoiling_what_was_read_changes_nothing",
    broken.KeepsEveryLink: "test_links_that_are_over_go_oldest_first_and_few_at_a_time",
    broken.KeepsEverySession: "test_sessions_that_are_over_go_oldest_first_and_few_at_a_time",
    broken.KeepsKeysAtOnce: "test_an_act_that_raises_keeps_no_key",
    broken.KeepsTheLastKey: "test_a_key_that_is_kept_is_not_kept_again",
    broken.KeepsThePapers: "test_the_texts_that_the_erasure_names_are_gone",
    broken.LosesUpdates: "test_nobody_writes_over_what_he_has_not_read",
    broken.NeverForgets: "test_each_line_takes_old_ones_away_but_few",
    broken.RemembersWhatItRead: "test_another_handle_sees_an_act_at_once",
    broken.SaysThatAllIsWell: "test_a_commit_that_fails_is_not_reported_as_success",
    broken.SendsAtOnce: "test_an_act_that_raises_leaves_nothing",
    broken.StartsEachChainAnew: "test_each_fact_is_an_entry_with_its_place_its_instant_and_its_author",
    broken.TakesTheHeadForTheVersion: "test_a_version_is_the_place_of_the_last_event_about_it",
    broken.WritesAtOnce: "test_a_snapshot_does_not_show_what_is_not_committed",
}

ITS_TESTS = """
import pytest
from tests.contract.broken import {name}
from tests.contract.test_memory import TestMemoryStore as Sound

class TestBroken(Sound):
    @pytest.fixture
    def store(self):
        return {name}()

del Sound
"""


@pytest.mark.parametrize(("store", "test"), FOUND_BY.items(), ids=lambda named: getattr(named, "__name__", None))
def test_a_store_that_is_broken_fails_the_test_that_is_there_for_it(
    pytester: pytest.Pytester, store: type, test: str
) -> None:
    pytester.makepyfile(ITS_TESTS.format(name=store.__name__))
    outcome = pytester.runpytest_inprocess("-k", test, "--import-mode=importlib").parseoutcomes()
    assert outcome.get("failed") == 1, "the contract lets the broken store pass"
    assert set(outcome) <= {"failed", "deselected"}


def test_a_store_that_is_not_broken_passes_the_same_tests(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(ITS_TESTS.format(name="MemoryStore"))
    tests = " or ".join(sorted(FOUND_BY.values()))
    outcome = pytester.runpytest_inprocess("-k", tests, "--import-mode=importlib").parseoutcomes()
    assert outcome.pop("passed") == len(FOUND_BY)
    assert set(outcome) <= {"deselected"}
