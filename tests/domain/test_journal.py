"""The journal (R40, R42, I9): whatever is done to it shows, and replaying it gives the state."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from habilitation.domain.actors import OperatorAgent
from habilitation.domain.events import OrganizationOpened, UserCreated, UserRemoved
from habilitation.domain.journal import NOTHING_YET, Entry, Flaw, Head, Record, State, extend, replay, verify
from habilitation.domain.organization import Organization
from habilitation.domain.period import Term
from habilitation.domain.user import Account, User
from habilitation.domain.values import OrganizationId, UserId

AT = datetime(2026, 1, 1, tzinfo=UTC)
bodies = st.lists(st.binary(max_size=20), min_size=1, max_size=8)


def chain(*texts: bytes) -> list[Entry]:
    return extend(NOTHING_YET, AT, texts)


def head_of(entries: list[Entry]) -> Head:
    last = entries[-1]
    return Head(last.sequence, last.hash, last.at)


@given(bodies, st.integers(0, 8))
def test_a_journal_left_alone_is_sound(texts, kept):
    """R40: against any head that was kept on the way, the empty one included."""
    entries = chain(*texts)
    head = head_of(entries[:kept]) if entries[:kept] else NOTHING_YET
    assert verify(entries) is None
    assert verify(entries, head) is None


@given(bodies, bodies)
def test_a_journal_written_in_two_goes_is_the_one_written_in_one(first, second):
    """R40."""
    whole = chain(*first, *second)
    begun = chain(*first)
    assert begun + extend(head_of(begun), AT, second) == whole


@given(bodies, st.data())
def test_one_altered_byte_is_found_where_it_is(texts, data):
    """I9."""
    entries = chain(*texts)
    place = data.draw(st.integers(0, len(entries) - 1))
    altered = data.draw(st.binary(max_size=20).filter(lambda body: body != entries[place].body))
    entries[place] = evolve(entries[place], body=altered)
    assert verify(entries) == Flaw(place + 1, "altered")


@given(bodies, st.data())
def test_an_entry_dropped_from_the_middle_is_found(texts, data):
    """I9."""
    entries = chain(*texts, b"the last one")
    place = data.draw(st.integers(0, len(entries) - 2))
    del entries[place]
    assert verify(entries) == Flaw(place + 1, "missing")


@given(bodies, st.data())
def test_an_entry_dropped_and_the_rest_renumbered_is_found(texts, data):
    """I9."""
    entries = chain(*texts, b"another", b"the last one")
    del entries[data.draw(st.integers(0, len(entries) - 2))]
    renumbered = [evolve(entry, sequence=number) for number, entry in enumerate(entries, 1)]
    assert verify(renumbered) is not None


@given(st.lists(st.binary(max_size=9), min_size=2, max_size=8, unique=True), st.data())
def test_two_entries_swapped_are_found(texts, data):
    """I9: whether their numbers were swapped with them or not."""
    entries = chain(*texts)
    one, other = data.draw(st.permutations(range(len(entries))))[:2]
    entries[one], entries[other] = entries[other], entries[one]
    renumbered = [evolve(entry, sequence=number) for number, entry in enumerate(entries, 1)]
    assert verify(entries) is not None
    assert verify(renumbered) is not None


@given(bodies, st.data())
def test_a_dropped_tail_is_found_against_a_head_that_was_kept(texts, data):
    """I9: the chain alone cannot tell."""
    entries = chain(*texts)
    head = head_of(entries)
    cut = entries[: data.draw(st.integers(0, len(entries) - 1))]
    assert verify(cut) is None
    assert verify(cut, head) == Flaw(len(cut) + 1, "dropped")


@given(bodies, bodies)
def test_a_rewrite_from_the_beginning_is_found_against_a_head_that_was_kept(texts, others):
    """R40: also where the new one is longer."""
    entries, rewritten = chain(*texts), chain(*others)
    flaw = verify(rewritten, head_of(entries))
    if others[: len(texts)] == texts:
        assert flaw is None
    elif len(others) < len(texts):
        assert flaw == Flaw(len(others) + 1, "dropped")
    else:
        assert flaw == Flaw(len(texts), "rewritten")


def test_a_kept_head_of_nothing_is_not_a_hash_of_something():
    """R40."""
    assert verify(chain(b"a"), Head(0, "f" * 64)) == Flaw(0, "rewritten")


TERM = Term(AT, None, AT.date(), None)
ORG, U = OrganizationId("o"), UserId("u")


def test_replaying_the_facts_gives_the_state():
    """R42."""
    facts = [OrganizationOpened(ORG), UserCreated(U, None, TERM, mobile=True), UserRemoved(U)]
    told = [Record(number, AT, OperatorAgent("a"), fact) for number, fact in enumerate(facts, 1)]
    assert replay(told) == State(Organization(ORG), {U: User(U, None, True, (Account(TERM),), removed=True)})


def test_replaying_nothing_gives_nothing():
    """R42."""
    assert replay([]) == State()


@pytest.mark.parametrize("fact", [UserRemoved(U)])
def test_a_fact_about_a_user_who_was_never_created_cannot_be_replayed(fact):
    """R42: a journal that does not begin at the beginning is no journal."""
    with pytest.raises(AssertionError):
        replay([Record(1, AT, OperatorAgent("a"), fact)])
