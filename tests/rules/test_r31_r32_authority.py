"""R31, R32: administering gives no access; nobody confers beyond their own scope; only open users act."""

from __future__ import annotations

import pytest

from habilitation.domain.access import Why
from habilitation.domain.actors import Asking, Member
from habilitation.domain.period import Dates
from habilitation.domain.requests import GroupAddition, OrganizationQuestion
from habilitation.domain.values import UserId
from habilitation.testing.world import AFAS, CONSULT, DECLARE, PRIVATE, TO_CONSULT, TO_DECLARE, TO_SEE
from tests.steps import (
    add,
    change,
    check,
    close,
    create,
    day,
    delegate,
    generalize,
    modify,
    refused,
    remove,
    revoke,
    show,
)


def test_administering_gives_no_access_to_services(world):
    """R31."""
    for permission in (TO_CONSULT, TO_DECLARE, TO_SEE):
        assert check(world, world.admin, permission).why is Why.NOT_A_MEMBER


def test_managing_gives_no_access_to_services(world):
    """R31."""
    assert check(world, world.manager(), TO_CONSULT).why is Why.NOT_A_MEMBER


# R32: whatever the path

PATHS = {
    "adding": lambda world, user, by: add(world, user, PRIVATE, by=by),
    "creating": lambda world, user, by: create(world, groups=(PRIVATE,), by=by),
    "lengthening": lambda world, user, by: change(world, user, Dates(None, day(30)), by=by),
    "withdrawing": lambda world, user, by: change(world, user, Dates(None, day(2)), by=by),
    "lengthening the account": lambda world, user, by: modify(world, user, dates=Dates(), by=by),
}


@pytest.mark.parametrize("path", sorted(set(PATHS) - {"adding"}))
def test_a_manager_confers_nothing_outside_the_scope_by_any_path(world, path):
    """I5."""
    manager, user = world.manager(CONSULT), world.user()
    add(world, user, PRIVATE, Dates(None, day(9)))
    with refused(world, "outside-scope"):
        PATHS[path](world, user, manager)


def test_nor_by_adding(world):
    manager, user = world.manager(CONSULT), world.user()
    with refused(world, "outside-scope"):
        add(world, user, PRIVATE, by=manager)


def test_nor_by_generalizing_from_a_user_who_has_more(world):
    manager, source, other = world.manager(CONSULT), world.user(CONSULT, PRIVATE), world.user()
    generalize(world, source, by=manager)
    assert [held.place.group for held in show(world, other).memberships] == [CONSULT]


def test_nor_by_delegating(world):
    manager, user = world.manager(CONSULT), world.user()
    with refused(world, "act-forbidden"):
        delegate(world, user, PRIVATE, by=manager)


def test_the_scope_is_the_one_of_that_instant(world):
    """A manager revoked, shrunk or over a moment ago no longer grants."""
    user, manager = world.user(), world.manager(CONSULT, PRIVATE)
    delegate(world, manager, CONSULT)
    with refused(world, "outside-scope"):
        add(world, user, PRIVATE, by=manager)
    revoke(world, manager)
    with refused(world, "user-unknown"):
        add(world, user, CONSULT, by=manager)


def test_a_delegation_that_is_to_come_or_over_confers_nothing(world):
    manager = world.user()
    delegate(world, manager, dates=Dates(day(1), day(2)))
    with refused(world, "act-forbidden"):
        create(world, by=world.as_member(manager))
    world.clock.move(days=2)
    with refused(world, "act-forbidden"):
        create(world, by=world.as_member(manager))


# Only an open user acts


@pytest.mark.parametrize(
    "prepare",
    [
        lambda world: world.user(dates=Dates(day(1))),
        lambda world: close(world, world.user()),
        lambda world: remove(world, world.user()),
    ],
)
def test_a_user_who_is_not_open_neither_acts_nor_reads(world, prepare):
    actor = world.as_member(prepare(world))
    with refused(world, "actor-not-open"):
        create(world, by=actor)
    with refused(world, "actor-not-open"):
        show(world, actor, by=actor)
    with refused(world, "actor-not-open"):
        world.portal.list_agreements(OrganizationQuestion(world.organization.id), by=actor)


def test_a_manager_closed_a_moment_ago_no_longer_acts(world):
    manager = world.manager()
    close(world, manager)
    with refused(world, "actor-not-open"):
        create(world, by=manager)


def test_nobody_acts_under_an_id_that_is_no_users(world):
    nobody = Member(world.organization.id, UserId("nobody"))
    with refused(world, "actor-unknown"):
        create(world, by=nobody)


def test_whoever_has_not_claimed_yet_is_no_user(world):
    """R5: the id that is reserved is not an account."""
    organization = world.open_organization("13002526500013")
    waiting = Member(organization.id, organization.seat.first_credentials.user)
    world.organization = organization
    with refused(world, "actor-unknown"):
        create(world, by=waiting)


def test_a_service_does_nothing(world):
    """R36."""
    user = world.user()
    asked = GroupAddition(world.organization.id, user.id, world.agreement.id, DECLARE)
    with refused(world, "user-unknown"):
        world.portal.add_to_group(asked, by=Asking(AFAS))
    with refused(world, "act-forbidden"):
        create(world, by=Asking(AFAS))
