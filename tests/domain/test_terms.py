"""What is kept of a key, and of what was asked with it: digests that tell apart, and tell nothing (I8, R37, R41)."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from habilitation.domain.actors import Member, OperatorAgent
from habilitation.domain.period import Dates
from habilitation.domain.requests import NewManager, NewUser, Unlocking, UserChanges, UserQuestion
from habilitation.domain.scope import Scope
from habilitation.domain.terms import Done, errand, spelled
from habilitation.domain.values import AgreementId, GroupCode, OrganizationId, Place, UserId
from habilitation.testing.contract.seeds import AT

ORGANIZATION, USER = OrganizationId("o"), UserId("u")
SOMEBODY = Member(ORGANIZATION, USER)
places = st.frozensets(st.builds(Place, st.sampled_from(["a", "b"]), st.sampled_from(["G", "H", "I"])))
requests = st.builds(
    NewManager, st.just(ORGANIZATION), st.just(USER), st.builds(Scope, st.none() | places)
) | st.builds(
    UserChanges,
    st.just(ORGANIZATION),
    st.just(USER),
    st.none() | st.sampled_from(["Zoé", "Zoé)", "None", "", "a,b"]),
    st.none() | st.sampled_from(["Zoé", "b"]),
    dates=st.just(Dates()) | st.builds(Dates, st.dates(), st.none() | st.dates()),
)


@given(requests, requests)
def test_what_is_asked_is_the_same_if_and_only_if_it_reads_the_same(one, other):
    """I8: fields run together for nobody."""
    assert (spelled(one) == spelled(other)) is (one == other)


def test_groups_are_the_same_in_another_form_of_list():
    """I8: an edge gives a list here, and a tuple there."""
    asked = (ORGANIZATION, AgreementId("a"), "Durand", "Zoé", "zoe@oliviers.example")
    groups = [GroupCode("G"), GroupCode("H")]
    assert spelled(NewUser(*asked, groups=groups)) == spelled(NewUser(*asked, groups=tuple(groups)))


SPELLING = """
from habilitation.domain.terms import spelled
print(spelled(frozenset("abcdefgh")))
"""


def test_two_requests_of_the_same_fields_are_not_the_same():
    both = (ORGANIZATION, USER)
    assert spelled(UserQuestion(*both)) != spelled(Unlocking(*both))


def test_it_reads_the_same_in_any_process():
    """I8: sets have no order, and each process another one."""
    environments = [{"PYTHONPATH": ":".join(sys.path), "PYTHONHASHSEED": seed} for seed in ("1", "2")]
    runs = [
        subprocess.run([sys.executable, "-c", SPELLING], env=os.environ | one, capture_output=True, check=True)
        for one in environments
    ]
    assert runs[0].stdout == runs[1].stdout


OTHERS = {
    "another key": ("other", SOMEBODY, "modify-user", "asked"),
    "another user": ("key", Member(ORGANIZATION, UserId("v")), "modify-user", "asked"),
    "another organization": ("key", Member(OrganizationId("p"), USER), "modify-user", "asked"),
    "an agent": ("key", OperatorAgent("o u"), "modify-user", "asked"),
}


@pytest.mark.parametrize("other", OTHERS.values(), ids=OTHERS)
def test_no_digest_of_it_is_anothers(other):
    """R37, R41: nor can what was asked be looked for without the key."""
    mine, theirs = errand("key", SOMEBODY, "modify-user", "asked"), errand(*other)
    assert (mine.key == theirs.key, mine.asked == theirs.asked) == (False, False)


@pytest.mark.parametrize(("act", "asked"), [("close-user", "asked"), ("modify-user", "something else")])
def test_the_key_is_known_again_and_that_it_was_for_something_else(act, asked):
    """I8"""
    mine, other = errand("key", SOMEBODY, "modify-user", "asked"), errand("key", SOMEBODY, act, asked)
    assert mine.key == other.key
    assert Done(mine, AT, 1).refusal(other).code == "key-reused"
    assert Done(mine, AT, 1).refusal(mine).code == "done-already"


def test_nothing_of_what_was_asked_can_be_read():
    """R41"""
    kept = errand("key", SOMEBODY, "modify-user", UserChanges(ORGANIZATION, USER, "Durand"))
    assert [len(digest) for digest in (kept.key, kept.asked)] == [64, 64]
    assert "Durand" not in repr(kept)
