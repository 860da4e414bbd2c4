"""R15: status is derived at an instant; dates are civil days of the portal's zone."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from habilitation.adapters.memory import MemoryStore
from habilitation.domain.period import Dates
from habilitation.domain.requests import UserSearch
from habilitation.domain.user import Status
from habilitation.testing.world import World
from tests.steps import close, create, day, delegate, refused, remove, show, status


def utc(year: int, month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, second, tzinfo=UTC)


def test_a_user_is_pending_then_open_then_closed_as_days_pass(world):
    user = world.user(dates=Dates(day(1), day(2)))
    seen = []
    for _ in range(3):
        seen.append(status(world, user))
        world.clock.move(days=1)
    assert seen == [Status.PENDING, Status.OPEN, Status.CLOSED]


def test_nothing_is_recorded_as_a_day_comes(world):
    """R15: derived, never stored; so the lists say it too."""
    user = world.user(dates=Dates(None, day(1)))
    world.clock.move(days=1)
    asked = UserSearch(world.organization.id, status=Status.CLOSED)
    assert [view.id for view in world.portal.list_users(asked, by=world.admin).items] == [user.id]


def test_the_closing_date_is_the_first_day_without_access(world):
    user = world.user(dates=Dates(None, day(1)))
    world.clock.instant = utc(2026, 11, 22, 22, 59, 59)
    assert status(world, user) is Status.OPEN
    world.clock.instant = utc(2026, 11, 22, 23, 0, 0)
    assert status(world, user) is Status.CLOSED


def test_the_day_of_an_act_is_the_portals_and_not_utcs(world):
    """At 23:30 UTC it is tomorrow in Paris."""
    world.clock.instant = utc(2026, 11, 22, 23, 30)
    assert show(world, world.user()).opening == day(1)
    with refused(world, "opening-in-past"):
        create(world, dates=Dates(day(0)))


@pytest.mark.parametrize(
    ("zone", "now", "on", "opens"),
    [
        ("Europe/Paris", utc(2027, 3, 20, 12), date(2027, 3, 28), utc(2027, 3, 27, 23)),
        ("Europe/Paris", utc(2027, 3, 20, 12), date(2027, 3, 29), utc(2027, 3, 28, 22)),
        ("Europe/Paris", utc(2027, 10, 20, 12), date(2027, 10, 31), utc(2027, 10, 30, 22)),
        ("Europe/Paris", utc(2027, 10, 20, 12), date(2027, 11, 1), utc(2027, 10, 31, 23)),
        ("Asia/Beirut", utc(2027, 3, 20, 12), date(2027, 3, 28), utc(2027, 3, 27, 22)),  # begins at 1:00
        ("Africa/Cairo", utc(2027, 4, 20, 12), date(2027, 4, 30), utc(2027, 4, 29, 22)),  # begins at 1:00
    ],
)
def test_a_day_on_which_the_clocks_change_starts_at_its_first_instant(world, zone, now, on, opens):
    world.clock.zone = ZoneInfo(zone)
    world.clock.instant = now
    user = world.user(dates=Dates(on))
    world.clock.instant = opens
    world.clock.move(microseconds=-1)
    assert status(world, user) is Status.PENDING
    world.clock.move(microseconds=1)
    assert status(world, user) is Status.OPEN


@pytest.mark.parametrize(
    "act",
    [
        lambda world, user: create(world, dates=Dates(date.max)),
        lambda world, user: create(world, dates=Dates(None, date.max)),
        lambda world, user: close(world, user, on=date.max),
        lambda world, user: delegate(world, user, dates=Dates(None, date.max)),
    ],
)
def test_the_end_of_the_calendar_is_refused_or_kept_but_never_breaks(world, act):
    """Far days exist in Paris up to the last one."""
    assert act(world, world.user())


def test_a_day_that_the_zone_skipped_is_refused():
    """Samoa skipped 30 December 2011: nobody opens, closes or delegates on it (see tests/domain/test_days.py)."""
    world = World.over(MemoryStore())
    world.clock.zone = ZoneInfo("Pacific/Apia")
    world.clock.instant = utc(2011, 12, 29, 12)
    world.organization = world.open_organization()
    world.agreement = world.open_agreement(world.organization)
    world.admin = world.claim(world.organization).actor
    user = world.user()
    skipped = date(2011, 12, 30)
    for act in (
        lambda: create(world, dates=Dates(skipped)),
        lambda: create(world, dates=Dates(None, skipped)),
        lambda: close(world, user, on=skipped),
        lambda: delegate(world, user, dates=Dates(skipped)),
        lambda: world.open_agreement(world.organization, "CONV-2", dates=Dates(skipped)),
    ):
        with refused(world, "day-skipped"):
            act()


def test_a_removed_user_is_closed(world):
    """R18."""
    assert status(world, remove(world, world.user(dates=Dates(day(3))))) is Status.CLOSED
