"""R39: who had access then, and why, as it was known then or at another time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from habilitation.domain.access import Why
from habilitation.domain.actors import Asking
from habilitation.domain.period import Dates, Period
from habilitation.domain.refusals import Refusal
from habilitation.domain.requests import GroupOpening, GroupRetirement, NewGroup, PastQuestion, PastSearch
from habilitation.domain.values import GroupCode
from habilitation.testing.world import (
    AFAS,
    AGENT,
    BAILLEUR,
    CONSULT,
    DECLARE,
    PRIVATE,
    TO_CONSULT,
    TO_DECLARE,
    TO_SEE,
    World,
)
from habilitation.use_cases import past
from tests.steps import (
    TODAY,
    add,
    assign,
    change,
    check,
    close,
    create,
    day,
    erase,
    ident,
    modify,
    operate,
    refuse_role,
    refused,
    reinstate,
    remove,
    reopen,
    suspend,
    take_out,
    vacate,
)
from tests.stores import KINDS, opened

MORNING = datetime(2026, 11, 21, 23, tzinfo=UTC)
"""When today began in Paris."""


def as_of(world, who, at, permission=TO_CONSULT, known=None, by=AGENT):
    return world.portal.as_of(PastQuestion(world.organization.id, ident(who), permission, at, known), by=by)


def had_access(world, at, permission=TO_CONSULT, by=AGENT, **more):
    return world.portal.who_had_access(PastSearch(world.organization.id, permission, at, **more), by=by)


def everybody(world, at, **more):
    found, after = [], None
    while True:
        page = had_access(world, at, after=after, **more)
        found += [one.user.id for one in page.items]
        after = page.next
        if after is None:
            return found


# Whatever happens later


@pytest.fixture(params=KINDS)
def new_world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], World]]:
    """Makes worlds one after another, each over a store of its own."""
    numbers = count()
    with ExitStack() as stores:

        def make() -> World:
            folder = tmp_path / str(next(numbers))
            folder.mkdir()
            return World.administered(stores.enter_context(opened(request.param, folder)))

        yield make


def gives_more(world: World, group: GroupCode) -> None:
    """A new group of the catalog, opened and given to nobody yet."""
    code = GroupCode(f"NEW-{group}")
    world.portal.define_group(NewGroup(code, AFAS, "New", (TO_CONSULT, TO_DECLARE)), by=AGENT)
    world.portal.open_group(GroupOpening(world.organization.id, world.agreement.id, code), by=AGENT)
    add(world, world.admin, code)


def operated(world: World, act: str, *groups: GroupCode) -> None:
    """On the organization, its agreement or a group of it."""
    operate(world, act, *groups)


def retire(world: World, group: GroupCode) -> None:
    """The group gives nothing any more."""
    world.portal.retire_group(GroupRetirement(group), by=AGENT)


ACTS = {
    "add": lambda world, user, group, dates: add(world, user, group, dates),
    "add now": lambda world, user, group, dates: add(world, user, group),
    "assign": lambda world, user, group, dates: assign(world, user, len(user.account.memberships)),
    "change": lambda world, user, group, dates: change(world, user, dates),
    "take out": lambda world, user, group, dates: take_out(world, user),
    "refuse": lambda world, user, group, dates: refuse_role(world, user),
    "close": lambda world, user, group, dates: close(world, user, dates.closing),
    "reopen": lambda world, user, group, dates: reopen(world, user, dates),
    "remove": lambda world, user, group, dates: remove(world, user),
    "vacate": lambda world, user, group, dates: vacate(world),
    "catalog": lambda world, user, group, dates: gives_more(world, group),
    "suspend": lambda world, user, group, dates: suspend(world, user),
    "reinstate": lambda world, user, group, dates: reinstate(world, user),
    "organization off": lambda world, user, group, dates: operated(world, "suspend_organization"),
    "organization on": lambda world, user, group, dates: operated(world, "resume_organization"),
    "agreement off": lambda world, user, group, dates: operated(world, "suspend_agreement"),
    "agreement on": lambda world, user, group, dates: operated(world, "resume_agreement"),
    "group off": lambda world, user, group, dates: operated(world, "suspend_group", group),
    "group on": lambda world, user, group, dates: operated(world, "resume_group", group),
    "withdraw": lambda world, user, group, dates: operated(world, "withdraw_group", group),
    "open again": lambda world, user, group, dates: operated(world, "open_group", group),
    "retire": lambda world, user, group, dates: retire(world, group),
}
offsets = st.none() | st.integers(0, 3)
steps = st.lists(
    st.tuples(
        st.sampled_from(sorted(ACTS)),
        st.integers(0, 1),
        st.sampled_from((CONSULT, DECLARE)),
        offsets,
        offsets,
        st.sampled_from((timedelta(microseconds=1), timedelta(hours=7), timedelta(days=1))),
    ),
    min_size=3,
    max_size=9,
)


@settings(max_examples=25)
@given(lived=steps)
def test_what_was_answered_then_is_answered_later_whatever_was_done_since(new_world, lived):
    """R39, R16: for each instant on the way; on each day; and forecasts as they were made."""
    world = new_world()
    people = [world.user(CONSULT), world.user(DECLARE, dates=Dates(None, day(2)))]
    told, foretold = {}, {}
    for act, who, group, opening, closing, pause in lived:
        dates = Dates(*(None if n is None else world.clock.instant.date() + timedelta(n) for n in (opening, closing)))
        with suppress(Refusal):
            people[who] = ACTS[act](world, people[who], group, dates) or people[who]
        world.clock.move(microseconds=1)
        now = world.clock.instant
        told[now] = [check(world, user, permission) for user in people for permission in (TO_CONSULT, TO_DECLARE)]
        foretold[now] = as_of(world, people[0], now + timedelta(days=2))
        world.clock.instant += pause
    for at, answers in told.items():
        asked_again = [as_of(world, user, at, permission) for user in people for permission in (TO_CONSULT, TO_DECLARE)]
        assert [then.answer for then in asked_again] == answers
        on_the_day = as_of(world, people[0], at.astimezone(world.clock.zone).date())
        assert any(stretch.contains(at) for stretch in on_the_day.stretches) == answers[0].allowed
        assert on_the_day.answer.allowed == bool(on_the_day.stretches)
    for known, forecast in foretold.items():
        assert as_of(world, people[0], known + timedelta(days=2), known=known) == forecast


# An instant


def test_before_there_was_such_a_user_there_was_no_account(world):
    before = world.clock.instant
    world.clock.move(hours=1)
    user = world.user(CONSULT)
    assert as_of(world, user, before).answer.why is Why.NO_ACCOUNT
    assert as_of(world, user, before - timedelta(days=900)).answer.why is Why.NO_GROUP_GIVES_IT
    assert as_of(world, user, world.clock.instant).answer.allowed


def test_before_the_organization_was_opened_it_had_no_agreement(world):
    before = world.clock.instant
    world.clock.move(hours=1)
    world.organization = world.open_organization("13002526500013")
    world.clock.move(hours=1)
    claimed = world.claim(world.organization, "marie@dinum.example").actor
    assert as_of(world, claimed, before).answer.why is Why.NO_AGREEMENT


def test_an_act_holds_from_its_own_instant_on(world):
    user = world.user(CONSULT)
    world.clock.move(hours=1)
    take_out(world, user)
    ended = world.clock.instant
    world.clock.move(days=30)
    assert as_of(world, user, ended - timedelta(microseconds=1)).answer.allowed
    assert as_of(world, user, ended).answer.why is Why.MEMBERSHIP_OVER


def test_a_document_seen_later_gives_nothing_earlier(world):
    """R26, I4."""
    user = world.user(DECLARE)
    waiting = world.clock.instant
    world.clock.move(days=2)
    assign(world, user)
    assert as_of(world, user, waiting).answer.why is Why.ROLE_NOT_ASSIGNED
    assert as_of(world, user, world.clock.instant).answer.allowed


def test_who_can_repair_is_told_as_it_was(world):
    """R34: the seat was held then, and is vacant now."""
    user = world.user()
    world.clock.move(hours=1)
    then = check(world, user, TO_CONSULT).repair
    world.clock.move(hours=1)
    vacate(world)
    assert check(world, user, TO_CONSULT).repair != then
    assert as_of(world, user, world.clock.instant - timedelta(hours=1)).answer.repair == then


def test_what_a_group_gives_since_today_it_did_not_give_yesterday(world):
    """R3."""
    world.clock.move(days=1)
    world.portal.define_group(NewGroup(GroupCode("NEW"), AFAS, "New", ("afas:new",)), by=AGENT)
    user = world.user()
    told = as_of(world, user, world.clock.instant - timedelta(hours=1), "afas:new")
    assert told.answer.why is Why.NO_GROUP_GIVES_IT


# As it was known


def test_what_was_known_of_a_day_to_come_is_what_had_been_recorded(world):
    user = world.user(CONSULT)
    known = world.clock.instant
    noon = known + timedelta(days=3)
    world.clock.move(days=1)
    close(world, user)
    world.clock.move(days=9)
    assert as_of(world, user, noon, known=known).answer.allowed
    assert as_of(world, user, noon).answer.why is Why.ACCOUNT_CLOSED


def test_a_group_of_the_catalog_was_not_known_before_its_definition(world):
    """R3."""
    user, known = world.user(), world.clock.instant
    world.clock.move(days=1)
    world.portal.define_group(NewGroup(GroupCode("NEW"), AFAS, "New", ("afas:new",)), by=AGENT)
    world.clock.move(days=1)
    asked = world.clock.instant
    assert as_of(world, user, asked, "afas:new", known=known).answer.why is Why.NO_GROUP_GIVES_IT
    assert as_of(world, user, asked, "afas:new").answer.why is Why.GROUP_NOT_OPENED


def test_an_instant_to_come_is_answered_as_far_as_is_known(world):
    user = world.user(CONSULT, dates=Dates(None, day(5)))
    assert as_of(world, user, world.clock.instant + timedelta(days=2)).answer.allowed
    assert as_of(world, user, day(5)).answer.why is Why.ACCOUNT_CLOSED


def test_nobody_knows_what_will_be_known(world):
    with refused(world, "known-in-future"):
        as_of(world, world.admin, TODAY, known=world.clock.instant + timedelta(microseconds=1))


# A day


def test_on_a_day_means_at_any_instant_of_it(world):
    world.clock.move(hours=2)
    user = world.user(CONSULT)
    opened = world.clock.instant
    world.clock.move(hours=1)
    take_out(world, user)
    world.clock.move(hours=1)
    add(world, user, CONSULT)
    world.clock.move(days=3)
    told = as_of(world, user, TODAY)
    tomorrow = MORNING + timedelta(days=1)
    assert told.answer.allowed
    assert told.stretches == (
        Period(opened, opened + timedelta(hours=1)),
        Period(opened + timedelta(hours=2), tomorrow),
    )
    assert not as_of(world, user, day(-1)).stretches


def test_a_day_is_the_portals_own(world):
    """R15: the closing day is the first without access, from midnight in Paris."""
    user = world.user(CONSULT, dates=Dates(None, day(1)))
    assert as_of(world, user, TODAY).stretches[-1].end == MORNING + timedelta(days=1)
    assert as_of(world, user, day(1)).answer.why is Why.ACCOUNT_CLOSED
    with refused(world, "day-skipped"):
        as_of(world, user, TODAY.max)


def test_a_boundary_within_the_day_that_nobody_acted_on_is_seen(world):
    """Two memberships that follow each other at a midnight make one stretch; of a day, up to its end."""
    user = world.user(dates=Dates(None, day(9)))
    add(world, user, CONSULT, Dates(day(2), day(3)))
    add(world, user, CONSULT, Dates(day(3), day(4)))
    second = MORNING + timedelta(days=2)
    assert as_of(world, user, day(2)).stretches == (Period(second, second + timedelta(days=1)),)
    assert not as_of(world, user, day(4)).answer.allowed


def test_a_role_assigned_at_noon_and_an_act_that_changes_nothing(world):
    """R26: from noon on, in one stretch."""
    user = world.user(DECLARE)
    world.clock.move(hours=2)
    assign(world, user)
    noon = world.clock.instant
    world.clock.move(hours=1)
    modify(world, user, phone="0123456789")
    assert as_of(world, user, TODAY).stretches == (Period(noon, MORNING + timedelta(days=1)),)


def test_days_that_were_another_zones_end_within_this_ones(world):
    """R15: instants stand as they were meant, wherever the portal has moved."""
    user = world.user(CONSULT, dates=Dates(None, day(1)))
    world.clock.zone = ZoneInfo("America/Santiago")
    assert as_of(world, user, TODAY).stretches[-1].end == MORNING + timedelta(days=1)


def test_of_a_day_without_access_the_last_reason_is_told(world):
    world.clock.move(hours=1)
    user = world.user(DECLARE)
    world.clock.move(hours=1)
    refuse_role(world, user)
    assert as_of(world, user, TODAY, TO_DECLARE).answer.why is Why.MEMBERSHIP_OVER


# Who may ask


def test_whoever_may_ask_of_now_may_ask_of_then(world):
    """R36."""
    user, other = world.user(CONSULT), world.user()
    me, manager = world.as_member(user), world.manager(PRIVATE)
    for by in (AGENT, world.admin, manager, me, Asking(AFAS)):
        assert as_of(world, user, TODAY, by=by).answer.allowed
    with refused(world, "user-unknown"):
        as_of(world, other, TODAY, by=me)
    with refused(world, "permission-unknown"):
        as_of(world, user, TODAY, by=Asking(BAILLEUR))
    elsewhere = world.open_agreement(world.organization, "CONV-2")
    stranger = create(world, agreement=elsewhere.id)
    with refused(world, "user-unknown"):
        as_of(world, stranger, TODAY, by=manager)


def test_an_instant_without_an_offset_is_no_instant(world):
    with pytest.raises(TypeError, match="offset"):
        as_of(world, world.admin, datetime(2026, 11, 22))  # noqa: DTZ001


def test_what_was_known_on_a_day_is_known_at_no_one_instant(world):
    with pytest.raises(TypeError, match="not a date"):
        as_of(world, world.admin, TODAY, known=TODAY)


# Everybody


def test_everybody_who_had_access_is_listed_and_nobody_else(world):
    gone, member, waiting, late = (world.user(CONSULT), world.user(CONSULT), world.user(DECLARE), world.user())
    world.clock.move(hours=1)
    remove(world, gone)
    world.clock.move(days=1)
    add(world, late, CONSULT)
    assert everybody(world, TODAY) == [gone.id, member.id]
    assert everybody(world, day(1)) == [member.id, late.id]
    assert everybody(world, TODAY, permission=TO_SEE) == []
    assert everybody(world, TODAY, permission="afas:nothing") == []
    assert waiting.id not in everybody(world, TODAY, permission=TO_DECLARE)


def test_with_the_reason_and_the_hours(world):
    user = world.user(CONSULT)
    [found] = had_access(world, TODAY).items
    assert (found.user.id, found.then) == (user.id, as_of(world, user, TODAY))


@pytest.mark.parametrize("size", [1, 2, 500])
def test_pages_hold_everybody_once(world, size, monkeypatch):
    """However few are looked for at once."""
    monkeypatch.setattr(past, "AT_ONCE", 2)
    users = [world.user(*groups) for groups in ((CONSULT,), (), (CONSULT, PRIVATE), (DECLARE,), (CONSULT,))]
    expected = [users[0].id, users[2].id, users[4].id]
    assert everybody(world, TODAY, size=size) == expected


def test_pages_go_on_after_somebody_who_was_erased(world):
    """R18: the order is by id, and ids stay."""
    erased, other = world.user(CONSULT), world.user(CONSULT)
    world.clock.move(hours=1)
    close(world, erased)
    erase(world, erased)
    assert everybody(world, TODAY, size=1) == [erased.id, other.id]


def test_a_day_that_the_zone_skipped_is_refused_whoever_was_there(world):
    """R15"""
    skipped = date(2011, 12, 30)
    world.clock.zone = ZoneInfo("Pacific/Apia")
    for permission in (TO_CONSULT, TO_SEE):
        with refused(world, "day-skipped"):
            had_access(world, skipped, permission)


def test_a_manager_is_told_of_those_whom_the_manager_may_read(world):
    """R36."""
    elsewhere = world.open_agreement(world.organization, "CONV-2")
    manager, near = world.manager(PRIVATE), world.user(CONSULT)
    stranger = create(world, agreement=elsewhere.id)
    add(world, stranger, CONSULT, agreement=elsewhere.id)
    assert everybody(world, TODAY) == [near.id, stranger.id]
    assert everybody(world, TODAY, by=manager, size=1) == [near.id]


def test_others_may_not_ask_who(world):
    """R36."""
    for by in (world.as_member(world.user()), Asking(AFAS)):
        with refused(world, "act-forbidden"):
            had_access(world, TODAY, by=by)


def test_a_page_of_nothing_and_a_cursor_of_nobody_are_refused(world):
    with refused(world, "page-size-refused"):
        had_access(world, TODAY, size=0)
    with refused(world, "cursor-malformed"):
        had_access(world, TODAY, after="nobody")


def test_who_fill_a_page_are_all_there_are(world):
    for _ in range(2):
        world.user(CONSULT)
    page = had_access(world, world.clock.instant, size=2)
    assert (len(page.items), page.next) == (2, None)
