"""R37: groups and agreements of one's own organization are known; all else that one may not know of is missing."""

from __future__ import annotations

import pytest

from habilitation.domain.actors import Member
from habilitation.domain.period import Dates
from habilitation.domain.refusals import Refusal
from habilitation.domain.requests import (
    AccessQuestion,
    AgreementValidation,
    HistoryQuestion,
    NewGroup,
    OrganizationQuestion,
    Reissue,
    UserQuestion,
    UserSearch,
)
from habilitation.testing.world import AFAS, AGENT, CONSULT, DECLARE, PRIVATE, SIRETS, TO_CONSULT, World
from tests.steps import (
    add,
    change,
    close,
    create,
    delegate,
    generalize,
    modify,
    refused,
    remove,
    reopen,
    revoke,
    take_out,
)

ACTS = {
    "add": lambda world, who, by: add(world, who, CONSULT, by=by),
    "change": lambda world, who, by: change(world, who, Dates(), by=by),
    "take out": lambda world, who, by: take_out(world, who, by=by),
    "modify": lambda world, who, by: modify(world, who, by=by),
    "close": lambda world, who, by: close(world, who, by=by),
    "reopen": lambda world, who, by: reopen(world, who, by=by),
    "remove": lambda world, who, by: remove(world, who, by=by),
    "delegate": lambda world, who, by: delegate(world, who, by=by),
    "revoke": lambda world, who, by: revoke(world, who, by=by),
    "generalize": lambda world, who, by: generalize(world, who, by=by),
}


def verdict(act, *arguments):
    with pytest.raises(Refusal) as caught:
        act(*arguments)
    return type(caught.value), caught.value.data


@pytest.mark.parametrize("act", ACTS)
def test_a_user_learns_no_more_of_one_who_exists_than_of_one_who_does_not(world, act):
    me, other = world.as_member(world.user()), world.user(CONSULT)
    ghost = Member(world.organization.id, "nobody")
    with refused(world, "user-unknown"):
        ACTS[act](world, other, me)
    assert verdict(ACTS[act], world, other, me) == verdict(ACTS[act], world, ghost, me)


@pytest.mark.parametrize("act", ACTS)
def test_nor_does_a_manager_out_of_sight(world, act):
    elsewhere = world.open_agreement(world.organization, "CONV-2")
    manager, stranger = world.manager(CONSULT), create(world, agreement=elsewhere.id)
    with refused(world, "user-unknown"):
        ACTS[act](world, stranger, manager)


@pytest.mark.parametrize("act", ACTS)
def test_of_the_administrator_whom_everybody_knows_it_is_forbidden(world, act):
    """R7."""
    me = world.as_member(world.user())
    with refused(world, "act-forbidden"):
        ACTS[act](world, world.admin, me)


@pytest.mark.parametrize("act", ACTS)
def test_and_of_oneself(world, act):
    user = world.user(CONSULT)
    with refused(world, "act-forbidden"):
        ACTS[act](world, user, world.as_member(user))


def test_another_organization_is_missing_whether_or_not_it_exists(world):
    other = world.open_organization(SIRETS[1])
    me = world.admin
    for organization in (other.id, "none"):
        for act in (
            lambda id=organization: world.portal.list_users(UserSearch(id), by=me),
            lambda id=organization: world.portal.list_agreements(OrganizationQuestion(id), by=me),
            lambda id=organization: world.portal.history(HistoryQuestion(id), by=me),
            lambda id=organization: world.portal.show_user(UserQuestion(id, me.user), by=me),
            lambda id=organization: world.portal.check_access(AccessQuestion(id, me.user, TO_CONSULT), by=me),
            lambda id=organization: world.portal.validate_agreement(AgreementValidation(id, "a"), by=me),
        ):
            with refused(world, "organization-unknown"):
                act()


def test_an_organization_that_is_not_there_is_missing_to_the_operator_too(world):
    with refused(world, "organization-unknown"):
        world.portal.reissue_credentials(Reissue("none"), by=AGENT)
    with refused(world, "organization-unknown"):
        world.portal.list_agreements(OrganizationQuestion("none"), by=AGENT)


def test_a_group_that_some_agreement_of_ones_own_opens_is_known(world: World):
    """What one may not do with it is forbidden, or not possible: never missing."""
    manager, user = world.manager(CONSULT), world.user()
    with refused(world, "outside-scope"):
        add(world, user, PRIVATE, by=manager)


def test_a_group_that_none_opens_is_missing_though_the_catalog_has_it(world):
    world.portal.define_group(NewGroup("NEW", AFAS, "New", ("afas:new",)), by=AGENT)
    user = world.user()
    for group in ("NEW", "NONE"):
        with refused(world, "group-unknown"):
            add(world, user, group)
        with refused(world, "group-unknown"):
            create(world, groups=(group,))


def test_to_a_manager_a_group_that_is_not_there_is_missing_before_it_is_forbidden(world):
    manager, user = world.manager(CONSULT), world.user()
    with refused(world, "group-unknown"):
        add(world, user, "NONE", by=manager)
    with refused(world, "agreement-unknown"):
        create(world, by=manager, agreement="none")


def test_an_agreement_of_ones_own_organization_is_known_to_a_manager_outside_it(world):
    elsewhere = world.open_agreement(world.organization, "CONV-2")
    manager, user = world.manager(CONSULT), world.user()
    with refused(world, "outside-scope"):
        add(world, user, DECLARE, by=manager, agreement=elsewhere.id)
