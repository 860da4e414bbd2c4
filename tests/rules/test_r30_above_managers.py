"""R30: a manager appoints no manager, and acts on no manager, not on the administrator, nor on himself or herself."""

import pytest

from habilitation.domain.period import Dates
from habilitation.testing.world import CONSULT
from tests.steps import (
    add,
    change,
    close,
    create,
    day,
    delegate,
    modify,
    offered,
    refused,
    revoke,
    take_out,
)

ACTS = {
    "add": lambda world, who, by: add(world, who, CONSULT, Dates(day(20)), by=by),
    "change": lambda world, who, by: change(world, who, Dates(None, day(5)), by=by),
    "take out": lambda world, who, by: take_out(world, who, by=by),
    "modify": lambda world, who, by: modify(world, who, last_name="Grand", by=by),
    "close": lambda world, who, by: close(world, who, by=by),
}


@pytest.fixture
def manager(world):
    """A manager of all groups who is in one."""
    manager = world.manager()
    add(world, manager, CONSULT, Dates(None, day(10)))
    return manager


@pytest.fixture
def colleague(world):
    """Another manager, in one of the groups, of a smaller scope."""
    colleague = world.manager(CONSULT)
    add(world, colleague, CONSULT, Dates(None, day(10)))
    return colleague


@pytest.mark.parametrize("act", ACTS)
def test_a_manager_does_not_act_on_himself_or_herself(world, manager, act):
    with refused(world, "on-self"):
        ACTS[act](world, manager, by=manager)


@pytest.mark.parametrize("act", ACTS)
def test_nor_on_another_manager(world, manager, colleague, act):
    with refused(world, "on-manager"):
        ACTS[act](world, colleague, by=manager)


@pytest.mark.parametrize("act", ACTS)
def test_nor_on_one_whose_delegation_is_to_come(world, manager, act):
    user = world.user()
    add(world, user, CONSULT, Dates(None, day(10)))
    delegate(world, user, CONSULT, dates=Dates(day(5)))
    with refused(world, "on-manager"):
        ACTS[act](world, user, by=manager)


@pytest.mark.parametrize("act", sorted(set(ACTS) - {"close"}))
def test_nor_on_the_administrator(world, manager, act):
    add(world, world.admin, CONSULT, Dates(None, day(10)))
    with refused(world, "on-administrator"):
        ACTS[act](world, world.admin, by=manager)


def test_one_whose_delegation_is_over_is_an_ordinary_user_again(world, manager, colleague):
    revoke(world, colleague)
    assert close(world, colleague, by=manager)


def test_a_manager_appoints_and_revokes_no_manager(world, manager, colleague):
    user = create(world, by=manager)
    with refused(world, "act-forbidden"):
        delegate(world, user, CONSULT, by=manager)
    with refused(world, "act-forbidden"):
        revoke(world, colleague, by=manager)
    with refused(world, "act-forbidden"):
        delegate(world, manager, by=manager)


def test_no_page_offers_it(world, manager, colleague):
    for spared in (manager, colleague, world.admin):
        assert {act.value for act in offered(world, spared, by=manager)} <= {"generalize"}


def test_the_administrator_acts_on_managers(world, manager, colleague):
    modify(world, manager, last_name="Grand")
    assert close(world, colleague)
