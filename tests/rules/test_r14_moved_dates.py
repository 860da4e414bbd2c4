"""R14, R29, R32: an account's dates moved out and back give nothing back of what they left no day of."""

from datetime import timedelta

import pytest

from habilitation import (
    ALL_GROUPS,
    AccessQuestion,
    Closing,
    Dates,
    GroupAddition,
    GroupRemoval,
    NewManager,
    Reason,
    Replacement,
    UserChanges,
)
from habilitation.domain.events import AccountRescheduled, DelegationEnded, MembershipEnded
from habilitation.domain.moment import Moment
from habilitation.testing.world import AGENT, CONSULT, PRIVATE, TO_SEE
from tests.steps import records


def in_days(world, number):
    return Moment(world.clock.now(), world.clock.zone).today + timedelta(days=number)


def reschedule(world, user, dates, by=None):
    asked = UserChanges(world.organization.id, user.id, dates=dates)
    return world.portal.modify_user(asked, by=by or world.admin)


def to_come(world, user, group=PRIVATE):
    """A membership from the twentieth to the sixtieth day."""
    dates = Dates(in_days(world, 20), in_days(world, 60))
    asked = GroupAddition(world.organization.id, user.id, world.agreement.id, group, dates)
    return world.portal.add_to_group(asked, by=world.admin)


def sees(world, user):
    world.clock.move(days=21)
    asked = AccessQuestion(world.organization.id, user.id, TO_SEE)
    return world.portal.check_access(asked, by=world.admin).allowed


@pytest.mark.parametrize(
    "prolong",
    [
        lambda world, user, by: reschedule(world, user, Dates(closing=in_days(world, 90)), by),
        lambda world, user, by: world.portal.close_user(
            Closing(world.organization.id, user.id, in_days(world, 90)), by=by
        ),
    ],
    ids=["modifying", "closing later"],
)
def test_a_manager_brings_no_membership_outside_the_scope_back_by_prolonging_an_account(world, prolong):
    user, manager = world.user(CONSULT), world.manager(CONSULT)
    to_come(world, user)
    reschedule(world, user, Dates(closing=in_days(world, 10)))
    prolong(world, user, manager)
    assert not sees(world, user)


def test_nor_a_delegation(world):
    user, manager = world.user(CONSULT), world.manager(CONSULT)
    asked = NewManager(world.organization.id, user.id, ALL_GROUPS, Dates(in_days(world, 20)))
    world.portal.delegate_manager(asked, by=world.admin)
    reschedule(world, user, Dates(closing=in_days(world, 10)))
    after = reschedule(world, user, Dates(), manager)
    world.clock.move(days=21)
    assert after.scope(world.clock.now()) is None


def test_memberships_and_a_delegation_end_in_the_same_act(world, store):
    user = world.user(CONSULT)
    to_come(world, user)
    asked = NewManager(world.organization.id, user.id, ALL_GROUPS, Dates(in_days(world, 20)))
    world.portal.delegate_manager(asked, by=world.admin)
    before = len(records(world))
    reschedule(world, user, Dates(closing=in_days(world, 10)))
    assert [type(record.event) for record in records(world)[before:]] == [
        *(MembershipEnded, DelegationEnded, AccountRescheduled)
    ]


def test_nor_what_a_later_opening_left_out(world):
    user = world.user(CONSULT, dates=Dates(in_days(world, 5)))
    to_come(world, user)
    reschedule(world, user, Dates(in_days(world, 70)))
    reschedule(world, user, Dates(in_days(world, 5)))
    assert not sees(world, user)


def test_the_journal_says_what_was_lost(world, store):
    user = world.user(CONSULT)
    to_come(world, user)
    reschedule(world, user, Dates(closing=in_days(world, 10)))
    events = [type(store.decode(entry).event).__name__ for entry in store.entries(world.organization.id)]
    assert events[-2:] == ["MembershipEnded", "AccountRescheduled"]


def test_what_the_new_dates_only_shorten_stays(world):
    user = world.user(PRIVATE)
    reschedule(world, user, Dates(closing=in_days(world, 30)))
    assert sees(world, user)


def test_two_memberships_of_one_group_never_overlap_once_the_account_is_prolonged(world):
    """R25."""
    user = world.user()
    to_come(world, user)
    reschedule(world, user, Dates(closing=in_days(world, 10)))
    asked = GroupAddition(world.organization.id, user.id, world.agreement.id, PRIVATE)
    again = world.portal.add_to_group(asked, by=world.admin)
    reschedule(world, user, Dates())
    number = again.account.memberships[-1].number
    world.portal.remove_from_group(GroupRemoval(world.organization.id, user.id, number), by=world.admin)
    assert not sees(world, user)


def test_no_delegation_sleeps_under_the_holder_of_the_seat(world):
    """R8."""
    user = world.user()
    asked = NewManager(world.organization.id, user.id, ALL_GROUPS, Dates(in_days(world, 20)))
    world.portal.delegate_manager(asked, by=world.admin)
    world.portal.close_user(Closing(world.organization.id, user.id, in_days(world, 10)), by=world.admin)
    world.portal.replace_administrator(Replacement(world.organization.id, user.id, Reason("asked")), by=AGENT)
    with world.portal.ports.store.reading(world.organization.id) as rows:
        holder = rows.find_user(user.id)
    assert holder.delegation(world.clock.now()) is None
    world.clock.move(days=21)
    assert holder.delegation(world.clock.now()) is None


def test_an_instant_is_no_civil_day(world):
    """R15."""
    with pytest.raises(TypeError, match="a date, not a datetime"):
        Dates(world.clock.now())
    with pytest.raises(TypeError, match="a date, not a datetime"):
        Closing(world.organization.id, world.admin.user, world.clock.now())
