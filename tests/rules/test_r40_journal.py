"""R40: every act leaves events, chained, at an instant that never goes back."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import timedelta

import pytest
from attrs import evolve

from habilitation.domain.journal import Flaw, Head
from habilitation.domain.requests import AdministratorClaim, OrganizationQuestion
from habilitation.testing.world import AGENT, CONSULT
from tests.steps import Instead, add, close, create, generalize, over, records, refused, replace, show


def head(world, by=None):
    return world.portal.journal_head(OrganizationQuestion(world.organization.id), by=by or world.admin)


def verify(world, kept=None, by=None):
    asked = OrganizationQuestion(world.organization.id)
    return world.portal.verify_journal(asked, by=by or world.admin, kept=kept)


def test_every_act_leaves_at_least_one_event_with_who_and_when(world):
    """I8."""
    before = len(records(world))
    world.clock.move(hours=1)
    user = world.user(CONSULT)
    told = records(world)[before:]
    assert [type(record.event).__name__ for record in told] == ["UserCreated", "MemberAdded"]
    assert {(record.at, record.by) for record in told} == {(world.clock.now(), world.admin)}
    assert {record.event.user for record in told} == {user.id}


def test_events_are_numbered_without_a_gap(world):
    world.user(CONSULT)
    assert [record.sequence for record in records(world)] == list(range(1, len(records(world)) + 1))


def test_the_journal_of_a_portal_in_use_is_sound(world):
    user = world.user(CONSULT)
    close(world, user)
    replace(world, world.user())
    found = verify(world, by=AGENT)
    assert found.sound
    assert found.entries == len(records(world))


def test_a_head_that_was_kept_verifies_later(world):
    kept = head(world)
    world.user(CONSULT)
    assert verify(world, kept).sound
    assert head(world).sequence > kept.sequence


# A store that somebody tampered with


def tampered(world, change):
    store = world.portal.ports.store

    @contextmanager
    def reading(organization):
        with store.reading(organization) as rows:
            entries = change(list(rows.entries()))
            yield Instead(rows, {"entries": lambda: entries})

    return over(world, reading=reading)


def flaw(world, change, kept=None):
    asked = OrganizationQuestion(world.organization.id)
    return tampered(world, change).verify_journal(asked, by=world.admin, kept=kept).flaw


def test_an_altered_entry_is_found(world):
    """I9."""
    world.user()
    number = next(n for n, r in enumerate(records(world)) if type(r.event).__name__ == "UserCreated")

    def alter(entries):
        body = entries[number].body.replace(b'"mobile":false', b'"mobile":true')
        assert body != entries[number].body
        return [*entries[:number], evolve(entries[number], body=body), *entries[number + 1 :]]

    assert flaw(world, alter) == Flaw(number + 1, "altered")


def test_a_dropped_or_swapped_entry_is_found(world):
    """I9."""
    assert flaw(world, lambda entries: entries[:2] + entries[3:]) == Flaw(3, "missing")
    assert flaw(world, lambda entries: [*entries[:2], entries[3], entries[2], *entries[4:]]) == Flaw(3, "missing")


def test_a_dropped_tail_is_found_against_a_head_that_was_kept(world):
    """I9."""
    kept = head(world)
    assert flaw(world, lambda entries: entries[:-1], kept) == Flaw(kept.sequence, "dropped")


def test_a_head_of_another_journal_shows_a_rewrite(world):
    kept = head(world)
    other = Head(kept.sequence, "0" * 64, kept.at)
    assert verify(world, other).flaw == Flaw(kept.sequence, "rewritten")


def test_a_flaw_is_never_sound(world):
    asked = OrganizationQuestion(world.organization.id)
    found = tampered(world, lambda entries: entries[1:]).verify_journal(asked, by=world.admin)
    assert not found.sound
    assert not found.replayed


def test_an_entry_whose_instant_is_not_what_its_bytes_say_is_found(world):
    """I9: what stands beside the bytes is not in the chain, and must agree with them."""

    def later(entries):
        return [*entries[:2], evolve(entries[2], at=entries[2].at + timedelta(days=1)), *entries[3:]]

    assert flaw(world, later) == Flaw(3, "altered")


def test_acts_that_come_while_it_is_verified_are_no_flaw(world):
    """The journal is read as the snapshot has it."""

    def meanwhile(entries):
        create(world)
        return entries

    asked = OrganizationQuestion(world.organization.id)
    assert tampered(world, meanwhile).verify_journal(asked, by=world.admin).sound


# The instant of an act


def test_recorded_time_never_goes_back(world):
    user = world.user()
    last = records(world)[-1].at
    world.clock.move(minutes=-5)
    add(world, user, CONSULT)
    assert records(world)[-1].at == last > world.clock.now()


def test_what_an_act_sends_waits_for_no_clock_that_is_behind(world):
    """R12: the messages leave by the clock, not by the act's own instant."""
    world.portal.deliver_notifications()
    world.clock.move(minutes=-3)
    create(world)
    assert world.portal.deliver_notifications().delivered == 2


@pytest.mark.parametrize(
    "act",
    [
        lambda world, user: add(world, user, CONSULT),
        lambda world, user: create(world),
        lambda world, user: close(world, user),
        lambda world, user: generalize(world, user),
        lambda world, user: replace(world, user),
    ],
)
def test_an_act_is_refused_where_the_clock_is_more_than_five_minutes_behind(world, act):
    user = world.user()
    world.clock.move(minutes=-5, microseconds=-1)
    with refused(world, "clock-behind"):
        act(world, user)


def test_a_claim_too(world):
    organization = world.open_organization("13002526500013")
    first = world.first_authentication(organization)
    world.clock.move(minutes=-6)
    asked = AdministratorClaim("Curie", "Marie", "marie@b.example", "a long enough password", first.text.version)
    with refused(world, "clock-behind"):
        world.portal.claim_administrator(asked, by=first.session)


def test_reading_goes_on_as_of_the_last_event(world):
    user = world.user(CONSULT)
    world.clock.move(hours=-1)
    assert show(world, user, by=world.admin).status.value == "open"


def test_once_the_clock_is_right_again_acts_go_on(world):
    world.clock.move(minutes=-6)
    with refused(world, "clock-behind"):
        create(world)
    world.clock.move(minutes=6)
    assert create(world)


def test_the_tolerance_is_a_setting(world):
    world.clock.tolerance = timedelta(0)
    world.clock.move(microseconds=-1)
    with refused(world, "clock-behind"):
        create(world)


def test_one_organizations_clock_is_not_anothers(world):
    """The chain is per organization."""
    world.clock.move(minutes=-30)
    other = world.open_organization("13002526500013")
    assert records(world, other.id)[0].at == world.clock.now()
