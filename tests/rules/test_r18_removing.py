"""R18: removing closes and takes off the lists."""

import pytest

from habilitation.domain.acts import Act
from habilitation.domain.events import AccountClosed, UserRemoved
from habilitation.domain.period import Dates
from habilitation.domain.requests import HistoryQuestion, UserSearch, WaitingSearch
from habilitation.domain.user import Status
from habilitation.testing.world import AGENT, CONSULT, DECLARE, TO_CONSULT
from tests.steps import (
    check,
    close,
    create,
    day,
    generalize,
    offered,
    records,
    refused,
    remove,
    show,
    status,
)


def listed(world, **filters):
    asked = UserSearch(world.organization.id, **filters)
    return {view.id for view in world.portal.list_users(asked, by=world.admin).items}


def test_a_removed_user_is_closed_and_off_the_lists(world):
    user = world.user(CONSULT)
    remove(world, user)
    assert status(world, user) is Status.CLOSED
    assert not check(world, user, TO_CONSULT).allowed
    assert user.id not in listed(world)
    assert user.id not in listed(world, status=Status.CLOSED)
    assert user.id not in listed(world, agreement=world.agreement.id)


def test_a_closed_user_stays_on_the_lists(world):
    assert close(world, world.user()).id in listed(world)


def test_an_open_user_is_closed_by_the_same_act(world):
    user = world.user()
    before = len(records(world))
    remove(world, user)
    assert [type(record.event) for record in records(world)[before:]] == [AccountClosed, UserRemoved]


def test_a_closed_one_is_not_closed_twice(world):
    user = close(world, world.user())
    before = len(records(world))
    remove(world, user)
    assert [type(record.event) for record in records(world)[before:]] == [UserRemoved]


def test_a_pending_one_is_canceled(world):
    """R16."""
    user = world.user(dates=Dates(day(3)))
    remove(world, user)
    world.clock.move(days=4)
    assert status(world, user) is Status.CLOSED


def test_the_history_keeps_the_id(world):
    user = remove(world, world.user())
    asked = HistoryQuestion(world.organization.id, user=user.id)
    told = world.portal.history(asked, by=world.admin).items
    assert [type(record.event).__name__ for record in told] == ["UserCreated", "AccountClosed", "UserRemoved"]


def test_nobody_is_removed_twice(world):
    user = remove(world, world.user())
    with refused(world, "user-removed-already"):
        remove(world, user)


def test_no_page_offers_anything_on_a_removed_user(world):
    user = remove(world, world.user())
    assert offered(world, user, by=world.admin) == set()


@pytest.mark.parametrize("group", [CONSULT, DECLARE])
def test_a_removed_user_is_skipped_by_whatever_goes_through_the_lists(world, group):
    """R26, R27."""
    gone = remove(world, world.user(DECLARE))
    source = world.user(group)
    assert gone.id not in generalize(world, source)
    waiting = world.portal.list_waiting_roles(WaitingSearch(world.organization.id), by=AGENT).items
    assert gone.id not in {role.user.id for role in waiting}


def test_a_removed_user_cannot_sign_in(world):
    """I3."""
    user = create(world)
    world.sign_in(user)
    login = show(world, user).login.text
    remove(world, user)
    with refused(world, "account-is-closed"):
        world.portal.sign_in(login, "a long enough password")


def test_only_the_administrator_removes(world):
    """R29."""
    user, manager = world.user(CONSULT), world.manager()
    with refused(world, "act-forbidden"):
        remove(world, user, by=manager)
    assert Act.REMOVE not in offered(world, user, by=manager)
