"""R16: no act takes effect before its own instant."""

from habilitation.domain.access import decide
from habilitation.domain.period import Dates
from habilitation.domain.user import Status
from habilitation.testing.world import CONSULT, TO_CONSULT
from tests.steps import add, check, close, day, delegate, reopen, show, status, take_out


def at_instant(world, user, at):
    """What the state as it is now says of another instant."""
    with world.portal.ports.store.reading(world.organization.id) as rows:
        return decide(rows.organization, rows.catalog, rows.find_user(user.id), TO_CONSULT, at)


def test_an_account_that_opens_today_opens_now_and_not_this_morning(world):
    user = world.user(CONSULT, dates=Dates(day(0)))
    now = world.clock.now()
    assert status(world, user) is Status.OPEN
    assert user.account.term.start == now
    assert not at_instant(world, user, now.replace(hour=8)).allowed


def test_closing_now_does_not_rewrite_the_morning(world):
    user = world.user(CONSULT)
    world.clock.move(hours=3)
    close(world, user)
    shown = show(world, user)
    assert (shown.opening, shown.closing) == (day(0), day(0))
    closed = world.clock.now()
    world.clock.move(hours=-1, minutes=-1)
    assert at_instant(world, user, world.clock.now()).allowed
    assert not at_instant(world, user, closed).allowed


def test_closing_today_is_closing_now(world):
    user = world.user()
    close(world, user, on=day(0))
    assert status(world, user) is Status.CLOSED


def test_closing_a_pending_account_cancels_it(world):
    user = world.user(CONSULT, dates=Dates(day(5)))
    close(world, user)
    world.clock.move(days=6)
    assert status(world, user) is Status.CLOSED
    assert not check(world, user, TO_CONSULT).allowed


def test_closing_a_pending_account_today_cancels_it_too(world):
    user = world.user(dates=Dates(day(5)))
    close(world, user, on=day(0))
    assert status(world, user) is Status.CLOSED


def test_a_canceled_account_can_be_reopened(world):
    user = close(world, world.user(dates=Dates(day(5))))
    reopen(world, user)
    assert status(world, user) is Status.OPEN


def test_a_group_given_today_is_given_now(world):
    user = world.user()
    world.clock.move(hours=2)
    changed = add(world, user, CONSULT, Dates(day(0)))
    assert changed.account.memberships[0].term.start == world.clock.now()


def test_a_group_taken_today_was_there_until_now(world):
    user = world.user(CONSULT)
    world.clock.move(hours=2)
    take_out(world, user)
    assert not check(world, user, TO_CONSULT).allowed
    world.clock.move(minutes=-1)
    assert at_instant(world, user, world.clock.now()).allowed


def test_a_group_to_come_that_is_taken_never_comes(world):
    user = world.user()
    add(world, user, CONSULT, Dates(day(2)))
    take_out(world, user)
    world.clock.move(days=3)
    assert not check(world, user, TO_CONSULT).allowed
    assert show(world, user).memberships == ()


def test_a_delegation_given_today_begins_now(world):
    user = world.user()
    world.clock.move(hours=2)
    changed = delegate(world, user)
    assert changed.account.delegation.term.start == world.clock.now()
