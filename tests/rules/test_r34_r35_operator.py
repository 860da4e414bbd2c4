"""R34, R35: ordinary administration is the operator's only while no seat is held; no agent bypasses a rule."""

from __future__ import annotations

import pytest

from habilitation.domain.actors import OperatorAgent
from habilitation.domain.acts import Act
from habilitation.domain.period import Dates
from habilitation.domain.requests import DeadLetterSearch
from habilitation.testing.world import AGENT, CONSULT, DECLARE, PRIVATE, SIRETS
from tests.steps import (
    add,
    change,
    close,
    create,
    day,
    delegate,
    generalize,
    modify,
    offered,
    picture,
    records,
    refused,
    remove,
    reopen,
    revoke,
    take_out,
    vacate,
)

ACTS = {
    "create": lambda world, user: create(world, by=AGENT),
    "modify": lambda world, user: modify(world, user, by=AGENT, last_name="Grand"),
    "close": lambda world, user: close(world, user, by=AGENT),
    "remove": lambda world, user: remove(world, user, by=AGENT),
    "add": lambda world, user: add(world, user, PRIVATE, by=AGENT),
    "change": lambda world, user: change(world, user, Dates(None, day(3)), by=AGENT),
    "take out": lambda world, user: take_out(world, user, by=AGENT),
    "generalize": lambda world, user: generalize(world, user, by=AGENT),
    "delegate": lambda world, user: delegate(world, user, by=AGENT),
    "revoke": lambda world, user: revoke(world, user, by=AGENT),
}


@pytest.fixture
def user(world):
    """A manager who is in a group, beside an ordinary user."""
    world.user()
    user = world.user(CONSULT)
    delegate(world, user, DECLARE)
    return user


@pytest.mark.parametrize("act", ACTS)
def test_while_the_seat_is_held_the_operator_does_not_administer(world, user, act):
    """R34."""
    with refused(world, "seat-held"):
        ACTS[act](world, user)


@pytest.mark.parametrize("act", ACTS)
def test_while_it_is_vacant_the_operator_does(world, user, act):
    """R34."""
    vacate(world)
    before = picture(world)
    ACTS[act](world, user)
    assert picture(world) != before


def test_reopening_follows_the_same_rule(world, user):
    """R34."""
    close(world, user)
    with refused(world, "seat-held"):
        reopen(world, user, by=AGENT)
    vacate(world)
    assert reopen(world, user, by=AGENT)


def test_an_organization_that_nobody_claimed_is_administered_by_the_operator(world):
    """R34."""
    world.organization = world.open_organization(SIRETS[1])
    world.agreement = world.open_agreement(world.organization)
    assert create(world, by=AGENT, groups=(CONSULT,))


def test_a_page_offers_the_operator_a_suspension_an_unlocking_and_no_more_while_the_seat_is_held(world, user):
    """R22, R33, R34."""
    assert offered(world, user, by=AGENT) == {Act.SUSPEND, Act.UNLOCK}
    vacate(world)
    assert offered(world, user, by=AGENT) > {Act.SUSPEND, Act.UNLOCK}


def test_what_an_agent_does_is_in_the_same_journal_under_the_agents_name(world):
    """R35."""
    world.open_agreement(world.organization, "CONV-2", validated=False)
    vacate(world, by=OperatorAgent("agent-2"))
    assert [record.by for record in records(world)[-2:]] == [AGENT, OperatorAgent("agent-2")]


def test_an_agent_is_refused_like_anybody_where_a_rule_says_no(world):
    """R35: no bypass."""
    vacate(world)
    with refused(world, "opening-in-past"):
        create(world, by=AGENT, dates=Dates(day(-1)))
    with refused(world, "email-taken"):
        create(world, by=AGENT, email="anne.martin@oliviers.example")


@pytest.mark.parametrize("name", ["", "Anne Martin", "anne@caf.example", "é", "a" * 65])
def test_an_agent_is_named_by_a_code(world, name):
    """R35, R41: the journal would keep anything else forever."""
    with refused(world, "reference-malformed", field="agent"):
        vacate(world, by=OperatorAgent(name))
    with refused(world, "reference-malformed", field="agent"):
        world.portal.list_dead_letters(DeadLetterSearch(), by=OperatorAgent(name))
