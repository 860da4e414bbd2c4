"""R38: may this user do this, now; why not, and who can repair it; until when. The paths are in tests/domain."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from habilitation.domain.access import REPAIR, Why
from habilitation.domain.acts import Role
from habilitation.domain.period import Dates
from habilitation.domain.requests import AgreementValidation, GroupOpening, NewAgreement, NewGroup
from habilitation.testing.world import (
    AFAS,
    AGENT,
    CONSULT,
    DECLARE,
    SIRETS,
    TO_CONSULT,
    TO_DECLARE,
    TO_SEE,
)
from tests.steps import add, assign, check, close, create, day, refuse_role


def alone(world, **fields):
    """An organization of its own with one agreement, administered by the operator."""
    world.organization = world.open_organization(SIRETS[1])
    filled = {"reference": "C", "name": "C", "services": (AFAS,), "groups": (CONSULT, DECLARE)} | fields
    world.agreement = world.portal.open_agreement(NewAgreement(world.organization.id, **filled), by=AGENT)
    return world


def validated(world):
    asked = AgreementValidation(world.organization.id, world.agreement.id)
    world.agreement = world.portal.validate_agreement(asked, by=AGENT)
    return world


def test_a_member_may_and_nobody_says_until_when_where_there_is_no_end(world):
    told = check(world, world.user(CONSULT), TO_CONSULT)
    assert (told.allowed, told.why, told.until, told.repair) == (True, Why.GRANTED, None, frozenset())


def test_a_yes_says_until_when(world):
    user = world.user(dates=Dates(None, day(9)))
    add(world, user, CONSULT, Dates(None, day(3)))
    assert check(world, user, TO_CONSULT).until == datetime(2026, 11, 24, 23, tzinfo=UTC)


def test_two_ways_that_follow_each_other_make_one_until(world):
    user = world.user(dates=Dates(None, day(9)))
    add(world, user, CONSULT, Dates(None, day(3)))
    add(world, user, CONSULT, Dates(day(3), day(5)))
    add(world, user, CONSULT, Dates(day(6)))
    assert check(world, user, TO_CONSULT).until == datetime(2026, 11, 26, 23, tzinfo=UTC)


def test_a_way_that_waits_for_its_role_makes_no_until_longer(world):
    """R26."""
    user = world.user()
    add(world, user, CONSULT, Dates(None, day(3)))
    add(world, user, DECLARE)
    assert check(world, user, TO_CONSULT).until == datetime(2026, 11, 24, 23, tzinfo=UTC)


def test_a_yes_names_the_way(world):
    path = check(world, world.user(CONSULT), TO_CONSULT).path
    assert (path.reference, path.group, path.missing) == ("CONV-1", CONSULT, ())


def test_a_permission_given_by_two_groups_is_reached_by_either(world):
    user = world.user(DECLARE)
    assert check(world, user, TO_CONSULT).why is Why.ROLE_NOT_ASSIGNED
    assign(world, user)
    assert check(world, user, TO_CONSULT).allowed
    assert check(world, user, TO_DECLARE).allowed


def test_no_group_gives_it(world):
    told = check(world, world.user(CONSULT), "afas:nothing")
    assert (told.why, told.repair) == (Why.NO_GROUP_GIVES_IT, frozenset({Role.OPERATOR}))


def test_no_agreement(world):
    world.organization = world.open_organization(SIRETS[1])
    claimed = world.claim(world.organization, "marie@dinum.example")
    assert check(world, claimed.actor, TO_CONSULT).why is Why.NO_AGREEMENT


def test_no_agreement_opens_the_group(world):
    validated(alone(world, groups=(CONSULT,)))
    user = create(world, by=AGENT)
    assert check(world, user, TO_DECLARE).why is Why.GROUP_NOT_OPENED
    asked = GroupOpening(world.organization.id, world.agreement.id, DECLARE)
    world.portal.open_group(asked, by=AGENT)
    assert check(world, user, TO_DECLARE).why is Why.NOT_A_MEMBER


def test_a_draft(world):
    alone(world)
    claimed = world.claim(world.organization, "marie@dinum.example")
    assert check(world, claimed.actor, TO_CONSULT).why is Why.AGREEMENT_NOT_VALIDATED


def test_an_agreement_to_come_and_one_that_is_over(world):
    validated(alone(world, dates=Dates(day(1), day(2))))
    user = create(world, by=AGENT, groups=(CONSULT,))
    seen = []
    for _ in range(3):
        seen.append(check(world, user, TO_CONSULT).why)
        world.clock.move(days=1)
    assert seen == [Why.AGREEMENT_NOT_STARTED, Why.GRANTED, Why.AGREEMENT_OVER]


@pytest.mark.parametrize(
    ("prepare", "why"),
    [
        (lambda world: world.user(CONSULT, dates=Dates(day(1))), Why.ACCOUNT_PENDING),
        (lambda world: close(world, world.user(CONSULT)), Why.ACCOUNT_CLOSED),
        (lambda world: world.user(), Why.NOT_A_MEMBER),
    ],
)
def test_what_the_administrator_can_repair(world, prepare, why):
    told = check(world, prepare(world), TO_CONSULT)
    assert told.why is why
    assert Role.ADMINISTRATOR in told.repair == REPAIR[why]


def test_a_role_refused_is_a_membership_that_is_over(world):
    user = world.user(DECLARE)
    refuse_role(world, user)
    assert check(world, user, TO_DECLARE).why is Why.MEMBERSHIP_OVER


def test_the_reason_is_of_the_path_that_got_furthest_then_by_reference_then_by_code(world):
    world.open_agreement(world.organization, "A-CONV")
    user = world.user()
    told = check(world, user, TO_CONSULT)
    assert (told.path.reference, told.path.group) == ("A-CONV", CONSULT)
    add(world, user, DECLARE)
    told = check(world, user, TO_CONSULT)
    assert (told.why, told.path.reference, told.path.group) == (Why.ROLE_NOT_ASSIGNED, "CONV-1", DECLARE)


def test_the_long_explanation_lists_every_missing_link(world):
    alone(world, dates=Dates(day(5)), groups=())
    user = world.claim(world.organization, "marie@dinum.example").actor
    assert check(world, user, TO_CONSULT).path.missing == (
        Why.AGREEMENT_NOT_VALIDATED,
        Why.AGREEMENT_NOT_STARTED,
        Why.GROUP_NOT_OPENED,
        Why.NOT_A_MEMBER,
    )


def test_what_a_group_gives_is_what_the_catalog_says_at_that_instant(world):
    """R3."""
    world.portal.define_group(NewGroup("NEW", AFAS, "New", (TO_CONSULT,)), by=AGENT)
    world.portal.open_group(GroupOpening(world.organization.id, world.agreement.id, "NEW"), by=AGENT)
    user = world.user("NEW")
    assert check(world, user, TO_CONSULT).allowed
    assert not check(world, user, TO_SEE).allowed


def test_the_answer_follows_the_clock_and_nothing_else(world):
    user = world.user(dates=Dates(None, day(1)))
    add(world, user, CONSULT)
    told = check(world, user, TO_CONSULT)
    world.clock.instant = told.until
    world.clock.move(microseconds=-1)
    assert check(world, user, TO_CONSULT).allowed
    world.clock.move(microseconds=1)
    assert check(world, user, TO_CONSULT).why is Why.ACCOUNT_CLOSED
