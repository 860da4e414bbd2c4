"""R29: what a manager may do to users, and under which conditions; the rest is the administrator's."""

from __future__ import annotations

import pytest

from habilitation.domain.acts import Act
from habilitation.domain.period import Dates
from habilitation.testing.world import CONSULT, DECLARE, PRIVATE
from tests.steps import (
    add,
    assign,
    close,
    create,
    day,
    modify,
    offered,
    refuse_role,
    refused,
    remove,
    reopen,
    show,
    take_out,
)


@pytest.fixture
def manager(world):
    """Over AFAS-CON and AFAS-DEC, not LOG-PRI."""
    return world.manager(CONSULT, DECLARE)


# Creating


@pytest.mark.parametrize("groups", [(), (CONSULT,), (CONSULT, DECLARE)])
def test_a_manager_creates_users_with_or_without_groups_of_the_scope(world, manager, groups):
    user = create(world, by=manager, groups=groups)
    assert [held.place.group for held in show(world, user).memberships] == list(groups)


def test_a_manager_ticks_no_group_outside_the_scope(world, manager):
    with refused(world, "outside-scope"):
        create(world, by=manager, groups=(CONSULT, PRIVATE))


def test_a_manager_creates_nobody_under_an_agreement_out_of_the_scope(world, manager):
    elsewhere = world.open_agreement(world.organization, "CONV-2")
    with refused(world, "outside-scope"):
        create(world, by=manager, agreement=elsewhere.id)


def test_a_manager_of_all_groups_creates_under_any_agreement(world):
    manager, elsewhere = world.manager(), world.open_agreement(world.organization, "CONV-2")
    assert create(world, by=manager, agreement=elsewhere.id, groups=(PRIVATE,))


# Modifying and closing: all memberships in scope, and at least one

WAYS = ["modify", "close"]


def do(way, world, user, by):
    return modify(world, user, by=by, last_name="Grand") if way == "modify" else close(world, user, by=by)


@pytest.mark.parametrize("way", WAYS)
def test_a_manager_modifies_or_closes_a_user_whose_groups_are_all_in_scope(world, manager, way):
    assert do(way, world, world.user(CONSULT, DECLARE), manager)


@pytest.mark.parametrize("way", WAYS)
def test_but_not_a_user_without_any_group(world, manager, way):
    user = world.user()
    with refused(world, "outside-scope"):
        do(way, world, user, manager)


@pytest.mark.parametrize("way", WAYS)
def test_nor_one_who_is_also_in_a_group_outside(world, manager, way):
    user = world.user(CONSULT, PRIVATE)
    with refused(world, "outside-scope"):
        do(way, world, user, manager)


@pytest.mark.parametrize("way", WAYS)
def test_nor_one_who_will_be_in_a_group_outside(world, manager, way):
    user = world.user(CONSULT)
    add(world, user, PRIVATE, Dates(day(9)))
    with refused(world, "outside-scope"):
        do(way, world, user, manager)


@pytest.mark.parametrize("way", WAYS)
def test_nor_one_who_waits_in_a_group_outside(world, way):
    """R26."""
    manager, user = world.manager(CONSULT), world.user(CONSULT, DECLARE)
    with refused(world, "outside-scope"):
        do(way, world, user, manager)


@pytest.mark.parametrize("way", WAYS)
def test_nor_one_who_is_in_the_same_group_of_another_agreement(world, manager, way):
    elsewhere = world.open_agreement(world.organization, "CONV-2")
    user = world.user(CONSULT)
    add(world, user, CONSULT, agreement=elsewhere.id)
    with refused(world, "outside-scope"):
        do(way, world, user, manager)


@pytest.mark.parametrize("way", WAYS)
def test_a_membership_that_is_over_does_not_count(world, manager, way):
    user = world.user(CONSULT, PRIVATE)
    take_out(world, user, 2)
    assert do(way, world, user, manager)


@pytest.mark.parametrize("way", WAYS)
def test_nor_does_one_that_is_over_make_the_user_the_managers(world, manager, way):
    user = world.user(CONSULT)
    take_out(world, user)
    with refused(world, "outside-scope"):
        do(way, world, user, manager)


@pytest.mark.parametrize("way", WAYS)
def test_a_membership_to_come_or_waiting_in_scope_makes_the_user_the_managers(world, manager, way):
    later, waiting = world.user(), world.user(DECLARE)
    add(world, later, CONSULT, Dates(day(9)))
    assert do(way, world, later, manager)
    assert do(way, world, waiting, manager)


def test_a_manager_may_change_dates_and_workstation_of_such_a_user(world, manager):
    user = world.user(CONSULT)
    modify(world, user, by=manager, mobile=True, dates=Dates(None, day(9)))
    assert (show(world, user).mobile, show(world, user).closing) == (True, day(9))


def test_closing_at_a_date_is_closing(world, manager):
    user = world.user(CONSULT, PRIVATE)
    with refused(world, "outside-scope"):
        close(world, user, on=day(9), by=manager)


# What is the administrator's, and the operator's


def test_reopening_and_removing_are_the_administrators(world, manager):
    user, closed = world.user(CONSULT), close(world, world.user(CONSULT))
    with refused(world, "act-forbidden"):
        remove(world, user, by=manager)
    with refused(world, "act-forbidden"):
        reopen(world, closed, by=manager)


def test_assigning_roles_is_the_operators(world, manager):
    """R26."""
    user = world.user(DECLARE)
    for act in (assign, refuse_role):
        with refused(world, "act-forbidden"):
            act(world, user, by=manager)


def test_a_page_offers_a_manager_what_the_manager_may_do(world, manager):
    ours, mixed, bare, closed = (
        world.user(CONSULT),
        world.user(CONSULT, PRIVATE),
        world.user(),
        close(world, world.user(CONSULT)),
    )
    assert offered(world, ours, by=manager) == {Act.MODIFY, Act.CLOSE, Act.GRANT, Act.GENERALIZE}
    assert offered(world, mixed, by=manager) == {Act.GRANT, Act.GENERALIZE}
    assert offered(world, bare, by=manager) == {Act.GRANT, Act.GENERALIZE}
    assert offered(world, closed, by=manager) == set()


def test_and_the_administrator_all_that_the_status_admits(world):
    pending = world.user(dates=Dates(day(3)))
    opened, closed, manager = world.user(), close(world, world.user()), world.manager(CONSULT)
    ahead = {Act.MODIFY, Act.CLOSE, Act.REMOVE, Act.GRANT, Act.SUSPEND, Act.CHANGE_EMAIL}
    assert offered(world, pending, by=world.admin) == ahead
    whoever_is_open = ahead | {Act.GENERALIZE, Act.DELEGATE, Act.UNLOCK}
    assert offered(world, opened, by=world.admin) == whoever_is_open
    assert offered(world, manager, by=world.admin) == whoever_is_open | {Act.REVOKE}
    assert offered(world, closed, by=world.admin) == {Act.REOPEN, Act.REMOVE}
    assert offered(world, world.admin, by=world.admin) == {
        *(Act.MODIFY, Act.CHANGE_EMAIL, Act.GRANT, Act.GENERALIZE, Act.UNLOCK),
    }
