"""R14: an account is modified, closed, reopened; reopening starts anew and gives nothing back."""

from __future__ import annotations

import pytest

from habilitation.domain.access import Why
from habilitation.domain.events import AccountRescheduled, UserModified, WorkstationChanged
from habilitation.domain.period import Dates
from habilitation.domain.user import Status
from habilitation.testing.world import CONSULT, DECLARE, TO_CONSULT
from tests.steps import (
    add,
    assign,
    change,
    check,
    close,
    create,
    day,
    delegate,
    modify,
    records,
    refused,
    remove,
    reopen,
    show,
    status,
    take_out,
    unchanged,
)

# Modifying


def test_a_name_a_phone_and_a_workstation_are_modified(world):
    user = create(world)
    modify(world, user, last_name="Grand", first_name="Lucie", phone="0102030405", mobile=True)
    shown = show(world, user)
    assert shown.person.full_name == "Lucie Grand"
    assert (shown.person.phone.e164, shown.mobile) == ("0102030405", True)


@pytest.mark.parametrize("field", ["last_name", "first_name"])
def test_a_name_that_is_none_is_refused_by_its_field(world, field):
    user = create(world)
    with refused(world, "name-missing", field=field):
        modify(world, user, **{field: " "})


def test_what_is_left_out_stays(world):
    user = create(world, phone="0102030405", mobile=True, dates=Dates(None, day(9)))
    modify(world, user, first_name="Lucie")
    shown = show(world, user)
    assert (shown.person.full_name, shown.person.email.text) == ("Lucie Petit", "luc.petit@oliviers.example")
    assert (shown.person.phone.e164, shown.mobile, shown.closing) == ("0102030405", True, day(9))


def test_an_empty_phone_is_none_any_more(world):
    user = create(world, phone="0102030405")
    modify(world, user, phone="")
    assert show(world, user).person.phone is None


def test_what_changed_is_recorded_by_its_name_only(world):
    """R40, R41."""
    user = create(world)
    before = len(records(world))
    modify(world, user, last_name="Grand", phone="0102030405", mobile=True, dates=Dates(None, day(9)))
    events = [record.event for record in records(world)[before:]]
    assert [type(event) for event in events] == [AccountRescheduled, UserModified, WorkstationChanged]
    assert events[1].details == ("last_name", "phone")


def test_modifying_nothing_records_nothing(world):
    user = create(world, phone="0102030405", dates=Dates(None, day(9)))
    with unchanged(world):
        modify(world, user)
        modify(world, user, last_name="Petit", phone="01 02 03 04 05", mobile=False, dates=Dates(day(0), day(9)))


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"last_name": ""}, "name-missing"),
        ({"first_name": "L\u202euc"}, "name-malformed"),
        ({"last_name": "x" * 251}, "name-too-long"),
        ({"phone": "number"}, "phone-malformed"),
        ({"dates": Dates(None, day(0))}, "closing-in-past"),
        ({"dates": Dates(None, day(-1))}, "closing-in-past"),
        ({"dates": Dates(day(3), day(9))}, "account-opened-already"),
        ({"dates": Dates(day(-3), None)}, "account-opened-already"),
    ],
)
def test_a_modification_that_makes_no_sense_is_refused_whole(world, fields, code):
    user = world.user()
    with refused(world, code):
        modify(world, user, **({"mobile": True} | fields))


# Dates


def test_a_closing_date_is_set_moved_and_taken_off(world):
    user = world.user()
    modify(world, user, dates=Dates(None, day(9)))
    assert show(world, user).closing == day(9)
    modify(world, user, dates=Dates(None, day(5)))
    assert show(world, user).closing == day(5)
    modify(world, user, dates=Dates())
    assert show(world, user).closing is None


def test_a_pending_account_may_open_sooner_or_later_or_now(world):
    user = world.user(dates=Dates(day(5)))
    modify(world, user, dates=Dates(day(9)))
    assert show(world, user).opening == day(9)
    modify(world, user, dates=Dates(day(3), day(4)))
    assert (show(world, user).opening, show(world, user).closing) == (day(3), day(4))
    modify(world, user, dates=Dates(day(0)))
    assert status(world, user) is Status.OPEN


def test_a_pending_account_keeps_its_opening_where_only_the_closing_is_given(world):
    user = world.user(dates=Dates(day(5)))
    modify(world, user, dates=Dates(None, day(9)))
    assert (show(world, user).opening, show(world, user).closing) == (day(5), day(9))


@pytest.mark.parametrize(
    ("dates", "code"),
    [
        (Dates(day(-1)), "opening-in-past"),
        (Dates(day(5), day(5)), "closing-not-after-opening"),
        (Dates(None, day(4)), "closing-not-after-opening"),
        (Dates(day(7), day(6)), "closing-not-after-opening"),
    ],
)
def test_dates_of_a_pending_account_that_make_no_sense_are_refused(world, dates, code):
    user = world.user(dates=Dates(day(5)))
    with refused(world, code):
        modify(world, user, dates=dates)


def test_a_closing_date_that_has_passed_cannot_be_changed_only_reopened(world):
    user = world.user(dates=Dates(None, day(1)))
    world.clock.move(days=1)
    with refused(world, "user-closed"):
        modify(world, user, dates=Dates(None, day(9)))
    assert reopen(world, user)


# Closing


def test_closing_now_ends_the_account_now(world):
    user = world.user(CONSULT)
    close(world, user)
    assert status(world, user) is Status.CLOSED
    assert check(world, user, TO_CONSULT).why is Why.ACCOUNT_CLOSED


def test_closing_at_a_date_ends_it_as_that_day_starts(world):
    """R15."""
    user = world.user(CONSULT)
    close(world, user, on=day(1))
    world.clock.move(hours=13, minutes=30, microseconds=-1)
    assert status(world, user) is Status.OPEN
    world.clock.move(microseconds=1)
    assert status(world, user) is Status.CLOSED


def test_a_closing_to_come_can_be_moved_or_made_now(world):
    user = world.user()
    close(world, user, on=day(5))
    close(world, user, on=day(3))
    assert show(world, user).closing == day(3)
    close(world, user)
    assert status(world, user) is Status.CLOSED


def test_nobody_is_closed_in_the_past(world):
    user = world.user()
    world.clock.move(days=3)
    with refused(world, "closing-in-past"):
        close(world, user, on=day(2))


def test_a_pending_account_is_not_closed_on_or_before_its_opening_day(world):
    user = world.user(dates=Dates(day(5)))
    with refused(world, "closing-not-after-opening"):
        close(world, user, on=day(5))
    close(world, user, on=day(6))
    assert show(world, user).closing == day(6)


def test_a_closed_account_is_not_closed_again(world):
    user = close(world, world.user())
    with refused(world, "user-closed"):
        close(world, user)


def test_closing_is_one_fact_by_which_all_in_it_ends(world):
    manager = world.manager(CONSULT)
    add(world, manager, CONSULT)
    before = len(records(world))
    close(world, manager)
    assert len(records(world)) == before + 1
    shown = show(world, manager)
    assert (shown.memberships, shown.manages) == ((), None)


def test_nothing_is_added_to_or_changed_in_a_closed_account(world):
    user = world.user(CONSULT, DECLARE)
    close(world, user)
    acts = (
        lambda: add(world, user, CONSULT),
        lambda: modify(world, user, last_name="Grand"),
        lambda: delegate(world, user),
    )
    for act in acts:
        with refused(world, "user-closed"):
            act()
    for act in (lambda: change(world, user, Dates()), lambda: take_out(world, user), lambda: assign(world, user, 2)):
        with refused(world, "membership-over"):
            act()


# Reopening


def test_reopening_starts_a_new_period_today(world):
    user = close(world, world.user())
    world.clock.move(days=3)
    reopen(world, user)
    shown = show(world, user)
    assert (shown.status, shown.opening, shown.closing) == (Status.OPEN, day(3), None)


def test_reopening_may_be_for_later_and_for_a_time(world):
    user = close(world, world.user())
    reopen(world, user, Dates(day(2), day(4)))
    shown = show(world, user)
    assert (shown.status, shown.opening, shown.closing) == (Status.PENDING, day(2), day(4))


@pytest.mark.parametrize(
    ("dates", "code"),
    [(Dates(day(-1)), "opening-in-past"), (Dates(day(2), day(2)), "closing-not-after-opening")],
)
def test_reopening_at_dates_that_make_no_sense_is_refused(world, dates, code):
    user = close(world, world.user())
    with refused(world, code):
        reopen(world, user, dates)


def stored(world, user):
    with world.portal.ports.store.reading(world.organization.id) as rows:
        return rows.find_user(user.id)


def test_whatever_comes_after_takes_nothing_away_from_past_periods(world):
    """R42: the journal tells of all of them."""
    user = world.user()
    for _ in range(3):
        close(world, user)
        reopen(world, user)
    past = stored(world, user).accounts[:-1]
    add(world, user, CONSULT)
    take_out(world, user)
    assert (len(past), stored(world, user).accounts[:-1]) == (3, past)


def test_reopening_gives_no_membership_back(world):
    user = close(world, world.user(CONSULT))
    reopen(world, user)
    assert show(world, user).memberships == ()
    assert check(world, user, TO_CONSULT).why is Why.NOT_A_MEMBER


def test_reopening_gives_no_delegation_back(world):
    manager = world.manager(CONSULT)
    close(world, manager)
    reopen(world, manager)
    assert show(world, manager).manages is None
    with refused(world, "act-forbidden"):
        create(world, by=manager)


def test_memberships_of_the_new_period_are_not_those_of_the_former(world):
    """Numbers are never used twice."""
    user = close(world, world.user(CONSULT))
    reopen(world, user)
    add(world, user, CONSULT)
    assert [held.number for held in show(world, user).memberships] == [2]
    with refused(world, "membership-unknown"):
        take_out(world, user, 1)


def test_first_credentials_are_sent_again(world):
    """R19: two messages, and the password of before opens nothing."""
    user = create(world)
    world.sign_in(user)
    close(world, user)
    reopen(world, user)
    with refused(world, "sign-in-refused"):
        world.portal.sign_in(show(world, user).login.text, "a long enough password")
    sent = len(world.mailbox.to("luc.petit@oliviers.example"))
    assert world.sign_in(user)
    assert len(world.mailbox.to("luc.petit@oliviers.example")) == sent + 2


def test_only_a_closed_account_is_reopened(world):
    user = world.user()
    with refused(world, "user-not-closed"):
        reopen(world, user)


def test_a_removed_one_is_not_reopened(world):
    """R18."""
    user = remove(world, world.user())
    with refused(world, "user-removed-already"):
        reopen(world, user)


def test_details_and_dates_are_modified_in_one_act(world):
    user = world.user()
    modify(world, user, last_name="Grand", dates=Dates(None, day(9)))
    view = show(world, user)
    assert (view.person.last_name.text, view.closing) == ("Grand", day(9))


def test_a_membership_and_a_delegation_to_come_both_end_with_an_account_that_ends_before(world):
    """R25, R28."""
    user = world.user()
    add(world, user, CONSULT, Dates(day(10)))
    delegate(world, user, CONSULT, dates=Dates(day(10)))
    after = modify(world, user, dates=Dates(None, day(5)))
    world.clock.move(days=3)
    assert (after.account.live(world.clock.instant), after.delegation(world.clock.instant)) == ([], None)
