"""R9: no act of the organization's own people leaves a held seat without its holder, by any path."""

import pytest

from habilitation.domain.acts import Act
from habilitation.domain.period import Dates
from habilitation.domain.requests import NewManager, OrganizationQuestion
from habilitation.testing.world import AGENT, CONSULT
from tests.steps import (
    add,
    close,
    day,
    delegate,
    generalize,
    modify,
    offered,
    refused,
    remove,
    reopen,
    replace,
    revoke,
    show,
    status,
    vacate,
)

PATHS = {
    "closing now": lambda world, by: close(world, world.admin, by=by),
    "closing at a date": lambda world, by: close(world, world.admin, on=day(9), by=by),
    "closing by its dates": lambda world, by: modify(world, world.admin, dates=Dates(None, day(9)), by=by),
    "removing": lambda world, by: remove(world, world.admin, by=by),
    "reopening": lambda world, by: reopen(world, world.admin, by=by),
    "revoking": lambda world, by: revoke(world, world.admin, by=by),
    "delegating": lambda world, by: delegate(world, world.admin, by=by),
    "replacing": lambda world, by: replace(world, world.as_member(world.user()), by=by),
    "vacating": lambda world, by: vacate(world, by=by),
}
BY_THE_ADMINISTRATOR = {
    "closing now": "holder-protected",
    "closing at a date": "holder-protected",
    "closing by its dates": "holder-protected",
    "removing": "holder-protected",
    "reopening": "user-not-closed",
    "revoking": "delegation-unknown",
    "delegating": "holder-has-all-groups",
    "vacating": "act-forbidden",
}
BY_A_MANAGER_OF_ALL = {
    "closing now": "holder-protected",
    "closing at a date": "holder-protected",
    "closing by its dates": "on-administrator",
    "removing": "act-forbidden",
    "reopening": "act-forbidden",
    "revoking": "act-forbidden",
    "delegating": "act-forbidden",
    "vacating": "act-forbidden",
}
BY_THE_OPERATOR = {
    "closing now": "seat-held",
    "closing at a date": "seat-held",
    "closing by its dates": "seat-held",
    "removing": "seat-held",
    "reopening": "seat-held",
    "revoking": "seat-held",
    "delegating": "seat-held",
}


@pytest.mark.parametrize(("path", "code"), BY_THE_ADMINISTRATOR.items())
def test_the_administrator_cannot_leave_the_seat_empty(world, path, code):
    with refused(world, code):
        PATHS[path](world, world.admin)


@pytest.mark.parametrize(("path", "code"), BY_A_MANAGER_OF_ALL.items())
def test_nor_can_a_manager_of_all_groups(world, path, code):
    manager = world.manager()
    with refused(world, code):
        PATHS[path](world, manager)


@pytest.mark.parametrize("path", PATHS)
def test_nor_can_an_ordinary_user(world, path):
    user = world.as_member(world.user())
    if path == "replacing":
        other = world.user()
        with refused(world, "act-forbidden"):
            replace(world, other, by=user)
        return
    with refused(world, "act-forbidden"):
        PATHS[path](world, user)


@pytest.mark.parametrize(("path", "code"), BY_THE_OPERATOR.items())
def test_nor_can_the_operator_but_by_replacing_or_vacating(world, path, code):
    """R8, R34."""
    with refused(world, code):
        PATHS[path](world, AGENT)


def test_the_holder_is_still_there_whatever_was_tried(world):
    """I1."""
    for by in (world.admin, world.manager(), AGENT):
        for path in set(PATHS) - {"replacing", "vacating"}:
            with pytest.raises(Exception):  # noqa: B017, PT011 - each is named above
                PATHS[path](world, by)
    held = world.portal.who_is_administrator(OrganizationQuestion(world.organization.id), by=AGENT)
    assert held.user == world.admin.user
    assert status(world, world.admin).value == "open"


def test_no_page_offers_to_close_or_remove_the_administrator(world):
    manager = world.manager()
    for by in (world.admin, manager, AGENT):
        assert not offered(world, world.admin, by) & {Act.CLOSE, Act.REMOVE, Act.DELEGATE}


def test_generalizing_and_groups_take_nothing_from_the_administrator(world):
    add(world, world.admin, CONSULT)
    generalize(world, world.user(CONSULT))
    assert [held.group for held in show(world, world.admin).memberships] == ["AFAS-Consulter"]


def test_the_administrator_may_still_change_their_own_name_and_groups(world):
    """R14, R25: what does not touch the seat is not forbidden."""
    modify(world, world.admin, last_name="Martin-Petit", phone="0102030405")
    assert show(world, world.admin).person.last_name.text == "Martin-Petit"


def test_once_replaced_the_former_can_be_closed(world):
    """R8."""
    user = world.user()
    former = world.admin
    replace(world, user)
    close(world, former, by=world.as_member(user))
    assert status(world, former).value == "closed"


def test_a_delegation_cannot_be_given_to_the_holder_by_another_door(world):
    """R28: not even with an empty scope, or dates."""
    asked = NewManager(world.organization.id, world.admin.user, dates=Dates(day(2), day(3)))
    with refused(world, "holder-has-all-groups"):
        world.portal.delegate_manager(asked, by=world.admin)
