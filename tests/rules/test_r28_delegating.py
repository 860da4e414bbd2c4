"""R28: the administrator delegates to an open user, over all groups or some, and may end it."""

from __future__ import annotations

import pytest

from habilitation.domain.period import Dates
from habilitation.domain.refusals import ActForbidden, OutsideScope
from habilitation.domain.requests import GroupOpening, NewGroup, NewManager, OrganizationQuestion
from habilitation.domain.scope import Scope
from habilitation.domain.values import AgreementId, GroupCode, Place
from habilitation.testing.world import (
    AFAS,
    AGENT,
    CONSULT,
    DECLARE,
    PRIVATE,
    SIRETS,
    TO_CONSULT,
)
from tests.steps import (
    add,
    check,
    close,
    create,
    day,
    delegate,
    ident,
    records,
    refused,
    remove,
    reopen,
    replace,
    revoke,
    show,
    vacate,
)


def may_act(world, manager, group=CONSULT):
    """Whether the manager can create a user with that group ticked."""
    try:
        remove(world, create(world, by=manager, groups=(group,)))
    except (ActForbidden, OutsideScope):
        return False
    return True


def test_a_delegation_makes_a_manager_at_once(world):
    user = world.user()
    manager = world.as_member(user)
    assert not may_act(world, manager)
    delegate(world, user, CONSULT)
    assert may_act(world, manager)
    assert show(world, user).manages == Scope(frozenset({world.place(CONSULT)}))


def test_over_some_groups_it_reaches_those_and_no_other(world):
    manager = world.manager(CONSULT, DECLARE)
    assert may_act(world, manager, DECLARE)
    assert not may_act(world, manager, PRIVATE)


def test_over_all_groups_it_reaches_present_and_future_ones(world):
    manager = world.manager()
    world.portal.define_group(NewGroup("NEW", AFAS, "New", ("afas:new",)), by=AGENT)
    world.portal.open_group(GroupOpening(world.organization.id, world.agreement.id, "NEW"), by=AGENT)
    assert may_act(world, manager, PRIVATE)
    assert may_act(world, manager, "NEW")


def test_a_scope_is_made_of_pairs_of_agreement_and_group(world):
    manager = world.manager(CONSULT)
    world.agreement = world.open_agreement(world.organization, "CONV-2")
    assert not may_act(world, manager)


def test_a_new_delegation_replaces_the_former(world):
    user = world.user()
    delegate(world, user, CONSULT)
    delegate(world, user, PRIVATE)
    assert not may_act(world, world.as_member(user), CONSULT)
    assert may_act(world, world.as_member(user), PRIVATE)


def test_shrinking_it_leaves_what_was_granted_under_it(world):
    manager, user = world.manager(CONSULT, PRIVATE), world.user()
    add(world, user, CONSULT, by=manager)
    delegate(world, manager, PRIVATE)
    assert check(world, user, TO_CONSULT).allowed


def test_ending_it_leaves_what_was_granted_under_it(world):
    manager, user = world.manager(CONSULT), world.user()
    add(world, user, CONSULT, by=manager)
    revoke(world, manager)
    assert not may_act(world, manager)
    assert check(world, user, TO_CONSULT).allowed


def test_dates_bound_it(world):
    user = world.user()
    delegate(world, user, CONSULT, dates=Dates(day(1), day(2)))
    seen = []
    for _ in range(3):
        seen.append(may_act(world, world.as_member(user)))
        world.clock.move(days=1)
    assert seen == [False, True, False]


def test_one_to_come_can_be_revoked(world):
    user = world.user()
    delegate(world, user, CONSULT, dates=Dates(day(1)))
    revoke(world, user)
    world.clock.move(days=2)
    assert not may_act(world, world.as_member(user))


def test_it_ends_with_the_account(world):
    """R14."""
    manager = world.manager(CONSULT)
    close(world, manager)
    reopen(world, manager)
    assert show(world, manager).manages is None


@pytest.mark.parametrize(
    ("dates", "code"),
    [
        (Dates(day(-1)), "opening-in-past"),
        (Dates(day(3), day(3)), "closing-not-after-opening"),
        (Dates(None, day(0)), "closing-not-after-opening"),
        (Dates(day(9)), "dates-outside-account"),
        (Dates(None, day(10)), "dates-outside-account"),
    ],
)
def test_dates_that_are_past_or_outside_the_account_are_refused(world, dates, code):
    user = world.user(dates=Dates(None, day(9)))
    with refused(world, code):
        delegate(world, user, dates=dates)


@pytest.mark.parametrize(
    ("who", "code"),
    [
        (lambda world: world.admin, "holder-has-all-groups"),
        (lambda world: world.user(dates=Dates(day(1))), "user-not-open"),
        (lambda world: close(world, world.user()), "user-closed"),
        (lambda world: remove(world, world.user()), "user-closed"),
    ],
)
def test_only_an_open_user_other_than_the_holder_can_be_delegated_to(world, who, code):
    user = who(world)
    with refused(world, code):
        delegate(world, user)


def test_a_scope_of_nothing_is_refused(world):
    user = world.user()
    with refused(world, "scope-empty"):
        world.portal.delegate_manager(NewManager(world.organization.id, user.id, Scope(frozenset())), by=world.admin)


@pytest.mark.parametrize(
    ("place", "code"),
    [
        (lambda world: Place(world.agreement.id, GroupCode("NONE")), "group-unknown"),
        (lambda world: Place(AgreementId("none"), CONSULT), "agreement-unknown"),
        (
            lambda world: Place(world.open_agreement(world.open_organization(SIRETS[1])).id, CONSULT),
            "agreement-unknown",
        ),
        (
            lambda world: Place(world.open_agreement(world.organization, "C2", validated=False).id, CONSULT),
            "agreement-not-validated",
        ),
    ],
)
def test_a_scope_over_what_is_not_there_is_refused_whole(world, place, code):
    """R2, R37."""
    user = world.user()
    scope = Scope(frozenset({world.place(CONSULT), place(world)}))
    with refused(world, code):
        world.portal.delegate_manager(NewManager(world.organization.id, user.id, scope), by=world.admin)


def test_over_all_groups_it_needs_an_agreement_in_force(world):
    """R2."""
    world.organization = world.open_organization(SIRETS[1])
    world.agreement = world.open_agreement(world.organization, dates=Dates(None, day(5)))
    world.admin = world.claim(world.organization, "marie@dinum.example").actor
    user = world.user()
    delegate(world, user)
    world.clock.move(days=5)
    with refused(world, "no-agreement-current"):
        delegate(world, user)
    world.open_agreement(world.organization, "CONV-2", validated=False)
    with refused(world, "no-agreement-current"):
        delegate(world, user)
    world.open_agreement(world.organization, "CONV-3", dates=Dates(day(9)))
    assert delegate(world, user)


def test_who_has_no_delegation_has_none_to_be_revoked(world):
    user, manager = world.user(), world.manager(CONSULT)
    with refused(world, "delegation-unknown"):
        revoke(world, user)
    revoke(world, manager)
    with refused(world, "delegation-unknown"):
        revoke(world, manager)


def test_managers_go_on_acting_while_the_seat_is_vacant(world):
    manager = world.manager(CONSULT)
    vacate(world)
    assert create(world, by=manager, groups=(CONSULT,))


def test_the_operator_delegates_only_while_nobody_holds_the_seat(world):
    """R34."""
    user = world.user()
    with refused(world, "seat-held"):
        delegate(world, user, by=AGENT)
    vacate(world)
    delegate(world, user, CONSULT, by=AGENT)
    assert create(world, by=world.as_member(user))


def test_a_former_administrator_may_become_a_manager(world):
    former = world.admin
    user = world.user()
    replace(world, user)
    delegate(world, former, CONSULT, by=world.as_member(user))
    assert show(world, former).manages


def test_the_delegation_is_recorded_with_its_scope_and_dates(world):
    user = world.user()
    delegate(world, user, CONSULT, dates=Dates(None, day(9)))
    event = records(world)[-1].event
    assert (event.user, event.scope.places, event.term.closing) == (
        ident(user),
        frozenset({world.place(CONSULT)}),
        day(9),
    )


def test_each_delegation_is_listed_with_its_own_dates_and_giver(world):
    first, second = world.user(), world.user()
    delegate(world, first, CONSULT, dates=Dates(None, day(9)))
    given = world.clock.instant
    world.clock.move(hours=1)
    delegate(world, second, CONSULT)
    listed = world.portal.list_delegations(OrganizationQuestion(world.organization.id), by=world.admin)
    told = {view.user.id: (view.closing, view.at) for view in listed}
    assert told == {first.id: (day(9), given), second.id: (None, world.clock.instant)}
