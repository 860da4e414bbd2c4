"""R25: users are added to groups, their memberships changed and removed, at any time; days are civil days."""

from __future__ import annotations

import pytest

from habilitation.domain.access import Why
from habilitation.domain.events import MembershipChanged
from habilitation.domain.period import Dates
from habilitation.testing.world import CONSULT, DECLARE, PRIVATE, SIRETS, TO_CONSULT
from tests.steps import (
    add,
    assign,
    change,
    check,
    close,
    create,
    day,
    modify,
    records,
    refused,
    remove,
    show,
    take_out,
    unchanged,
)


def held(world, user):
    return [(m.place.group, m.opening, m.closing) for m in show(world, user).memberships]


# Adding


def test_a_user_added_to_a_group_has_access_at_once(world):
    user = world.user()
    add(world, user, CONSULT)
    assert check(world, user, TO_CONSULT).allowed


def test_without_an_end_it_lasts_as_long_as_the_account(world):
    user = world.user(dates=Dates(None, day(9)))
    add(world, user, CONSULT)
    assert held(world, user) == [(CONSULT, day(0), None)]
    assert check(world, user, TO_CONSULT).until == user.account.term.end


def test_it_goes_on_where_the_account_is_lengthened(world):
    user = world.user(dates=Dates(None, day(9)))
    add(world, user, CONSULT)
    modify(world, user, dates=Dates())
    assert check(world, user, TO_CONSULT).until is None


def test_it_may_begin_and_end_on_days_of_its_own(world):
    user = world.user()
    add(world, user, CONSULT, Dates(day(1), day(2)))
    seen = []
    for _ in range(3):
        seen.append(check(world, user, TO_CONSULT).why)
        world.clock.move(days=1)
    assert seen == [Why.MEMBERSHIP_NOT_STARTED, Why.GRANTED, Why.MEMBERSHIP_OVER]


def test_a_user_to_come_is_added_ahead(world):
    user = world.user(dates=Dates(day(3)))
    add(world, user, CONSULT)
    assert held(world, user) == [(CONSULT, day(3), None)]


def test_the_administrator_may_add_himself_or_herself(world):
    add(world, world.admin, CONSULT)
    assert check(world, world.admin, TO_CONSULT).allowed


@pytest.mark.parametrize(
    ("dates", "code"),
    [
        (Dates(day(-1)), "opening-in-past"),
        (Dates(day(-2), day(-1)), "opening-in-past"),
        (Dates(None, day(0)), "closing-not-after-opening"),
        (Dates(None, day(-1)), "closing-not-after-opening"),
        (Dates(day(3), day(3)), "closing-not-after-opening"),
        (Dates(day(3), day(2)), "closing-not-after-opening"),
        (Dates(None, day(10)), "dates-outside-account"),
        (Dates(day(9)), "dates-outside-account"),
        (Dates(day(20), day(30)), "dates-outside-account"),
    ],
)
def test_dates_that_are_past_or_outside_the_account_are_refused(world, dates, code):
    user = world.user(dates=Dates(None, day(9)))
    with refused(world, code):
        add(world, user, CONSULT, dates)


def test_dates_before_a_pending_account_are_outside_it(world):
    user = world.user(dates=Dates(day(5)))
    with refused(world, "dates-outside-account"):
        add(world, user, CONSULT, Dates(day(4)))


@pytest.mark.parametrize("closing", [day(4), day(5)])
def test_nor_may_a_membership_end_before_its_account_opens(world, closing):
    user = world.user(dates=Dates(day(5)))
    with refused(world, "dates-outside-account"):
        add(world, user, CONSULT, Dates(None, closing))


def test_a_membership_given_ahead_follows_the_account_wherever_its_opening_is_moved(world):
    user = world.user(CONSULT, dates=Dates(day(5)))
    modify(world, user, dates=Dates(day(2)))
    world.clock.move(days=2)
    assert check(world, user, TO_CONSULT).allowed


@pytest.mark.parametrize(
    "again", [Dates(), Dates(day(2)), Dates(None, day(4)), Dates(day(4), day(5)), Dates(day(3), day(9))]
)
def test_a_second_add_over_part_of_the_same_time_is_refused_as_such(world, again):
    user = world.user()
    add(world, user, CONSULT, Dates(day(3), day(5)))
    with refused(world, "already-member"):
        add(world, user, CONSULT, again)


@pytest.mark.parametrize("again", [Dates(None, day(3)), Dates(day(5))])
def test_an_add_beside_it_is_another_membership(world, again):
    user = world.user()
    add(world, user, CONSULT, Dates(day(3), day(5)))
    add(world, user, CONSULT, again)
    assert len(held(world, user)) == 2


def test_who_waits_is_not_added_again(world):
    """R26."""
    user = world.user(DECLARE)
    with refused(world, "already-member"):
        add(world, user, DECLARE)


def test_who_was_taken_out_can_be_added_again_the_same_day(world):
    user = world.user(CONSULT)
    take_out(world, user)
    add(world, user, CONSULT)
    assert check(world, user, TO_CONSULT).allowed


def test_the_same_group_of_two_agreements_is_two_places(world):
    other = world.open_agreement(world.organization, "CONV-2")
    user = world.user(CONSULT)
    add(world, user, CONSULT, agreement=other.id)
    assert len(held(world, user)) == 2


def test_a_group_or_an_agreement_that_is_not_there_is_missing(world):
    user = world.user()
    elsewhere = world.open_agreement(world.open_organization(SIRETS[1]))
    with refused(world, "group-unknown"):
        add(world, user, "NONE")
    for agreement in ("none", elsewhere.id):
        with refused(world, "agreement-unknown"):
            add(world, user, CONSULT, agreement=agreement)


def test_a_user_who_is_not_there_is_missing(world):
    """R37."""
    user = world.user()
    world.organization = world.open_organization(SIRETS[1])
    world.agreement = world.open_agreement(world.organization)
    world.admin = world.claim(world.organization, "marie@dinum.example").actor
    with refused(world, "user-unknown"):
        add(world, user, CONSULT)


# Changing


def test_the_end_of_a_membership_is_set_moved_and_taken_off(world):
    user = world.user(CONSULT)
    for closing in (day(9), day(3), None):
        change(world, user, Dates(None, closing))
        assert held(world, user) == [(CONSULT, day(0), closing)]


def test_one_to_come_may_begin_on_another_day(world):
    user = world.user()
    add(world, user, CONSULT, Dates(day(3), day(9)))
    change(world, user, Dates(day(5), day(7)))
    assert held(world, user) == [(CONSULT, day(5), day(7))]
    change(world, user, Dates(None, day(6)))
    assert held(world, user) == [(CONSULT, day(5), day(6))]
    change(world, user, Dates(day(0)))
    assert check(world, user, TO_CONSULT).allowed


def test_one_that_has_begun_keeps_its_beginning(world):
    """R16."""
    user = world.user(CONSULT)
    world.clock.move(days=2)
    for opening in (day(-1), day(1), day(2), day(5)):
        with refused(world, "membership-begun-already"):
            change(world, user, Dates(opening))
    change(world, user, Dates(day(0), day(9)))
    assert held(world, user) == [(CONSULT, day(0), day(9))]


@pytest.mark.parametrize(
    ("dates", "code"),
    [
        (Dates(None, day(0)), "closing-in-past"),
        (Dates(None, day(-1)), "closing-in-past"),
        (Dates(None, day(10)), "dates-outside-account"),
    ],
)
def test_a_change_to_the_past_or_outside_the_account_is_refused(world, dates, code):
    user = world.user(CONSULT, dates=Dates(None, day(9)))
    with refused(world, code):
        change(world, user, dates)


@pytest.mark.parametrize(
    ("dates", "code"),
    [
        (Dates(day(-1)), "opening-in-past"),
        (Dates(day(9)), "dates-outside-account"),
        (Dates(None, day(3)), "closing-not-after-opening"),
        (Dates(day(5), day(5)), "closing-not-after-opening"),
        (Dates(None, day(10)), "dates-outside-account"),
    ],
)
def test_so_it_is_for_one_to_come(world, dates, code):
    user = world.user(dates=Dates(None, day(9)))
    add(world, user, CONSULT, Dates(day(3)))
    with refused(world, code):
        change(world, user, dates)


def test_a_change_into_the_time_of_another_is_refused(world):
    user = world.user()
    add(world, user, CONSULT, Dates(None, day(3)))
    add(world, user, CONSULT, Dates(day(5)))
    change(world, user, Dates(None, day(5)), number=1)
    with refused(world, "already-member"):
        change(world, user, Dates(None, day(6)), number=1)
    with refused(world, "already-member"):
        change(world, user, Dates(day(4)), number=2)


def test_changing_nothing_records_nothing(world):
    user = world.user()
    add(world, user, CONSULT, Dates(None, day(9)))
    with unchanged(world):
        change(world, user, Dates(None, day(9)))
        change(world, user, Dates(day(0), day(9)))


def test_a_change_says_which_membership_and_its_dates(world):
    user = world.user(CONSULT)
    change(world, user, Dates(None, day(3)))
    event = records(world)[-1].event
    assert isinstance(event, MembershipChanged)
    assert (event.number, event.term.closing) == (1, day(3))


def test_a_role_that_was_assigned_stays_assigned(world):
    """R26: the role is of that very membership."""
    user = world.user(DECLARE)
    assign(world, user)
    change(world, user, Dates(None, day(9)))
    assert not show(world, user).memberships[0].waiting


# Removing


def test_a_membership_removed_ends_now(world):
    user = world.user(CONSULT, PRIVATE)
    take_out(world, user, 1)
    assert [group for group, _, _ in held(world, user)] == [PRIVATE]
    assert not check(world, user, TO_CONSULT).allowed


def test_one_that_is_over_is_neither_changed_nor_removed(world):
    user = world.user(CONSULT)
    take_out(world, user)
    for act in (lambda: take_out(world, user), lambda: change(world, user, Dates())):
        with refused(world, "membership-over"):
            act()


def test_one_that_ended_by_its_date_is_over(world):
    user = world.user()
    add(world, user, CONSULT, Dates(None, day(1)))
    world.clock.move(days=1)
    with refused(world, "membership-over"):
        take_out(world, user)


def test_one_that_never_was_is_missing(world):
    user = world.user(CONSULT)
    with refused(world, "membership-unknown"):
        take_out(world, user, 2)
    with refused(world, "membership-unknown"):
        change(world, user, Dates(), number=0)


def test_closing_the_account_ends_it(world):
    """R14: in its own journal no line says so, since the account's says it all."""
    user = world.user(CONSULT)
    before = len(records(world))
    close(world, user)
    assert len(records(world)) == before + 1
    assert not check(world, user, TO_CONSULT).allowed


def test_a_removed_users_memberships_are_over(world):
    user = world.user(CONSULT)
    remove(world, user)
    with refused(world, "membership-over"):
        take_out(world, user)


# Who may


def test_a_manager_adds_to_changes_in_and_removes_from_the_groups_of_the_scope(world):
    manager, user = world.manager(CONSULT), world.user()
    add(world, user, CONSULT, by=manager)
    change(world, user, Dates(None, day(3)), by=manager)
    take_out(world, user, by=manager)
    assert held(world, user) == []


def test_a_manager_does_nothing_of_it_outside_the_scope(world):
    manager, user = world.manager(CONSULT), world.user(PRIVATE)
    for act in (
        lambda: add(world, user, PRIVATE, Dates(), by=manager),
        lambda: change(world, user, Dates(None, day(3)), by=manager),
        lambda: take_out(world, user, by=manager),
    ):
        with refused(world, "outside-scope"):
            act()


def test_an_ordinary_user_adds_nobody_not_even_himself_or_herself(world):
    user = world.user(CONSULT)
    actor = world.as_member(user)
    for act in (
        lambda: add(world, user, PRIVATE, by=actor),
        lambda: change(world, user, Dates(None, day(3)), by=actor),
        lambda: take_out(world, user, by=actor),
    ):
        with refused(world, "act-forbidden"):
            act()


def test_a_form_that_is_sent_twice_changes_nothing_the_second_time(world):
    user = create(world)
    add(world, user, CONSULT)
    with refused(world, "already-member"):
        add(world, user, CONSULT)


def test_a_membership_older_than_its_account_now_is_can_still_be_changed(world):
    """R14: the account was moved to a later day, and with it what its memberships confer."""
    user = world.user(dates=Dates(day(5)))
    add(world, user, CONSULT)
    modify(world, user, dates=Dates(day(10)))
    world.clock.move(days=6)
    assert change(world, user, Dates(None, day(20))).account.memberships[0].term.closing == day(20)
