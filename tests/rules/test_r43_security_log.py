"""R43: beside the journal, a log of what was tried; the operator's alone, kept for a time, and in nobody's way."""

from __future__ import annotations

import logging
import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest
from attrs import evolve

from habilitation import Habilitation, LineKind, Member, OperatorAgent, SecurityFact, SecurityQuestion
from habilitation.adapters.sql import SqlStore
from habilitation.domain.actors import Asking
from habilitation.domain.limits import Limits
from habilitation.domain.refusals import DatabaseLocked, Refusal
from habilitation.domain.requests import Closing, NewService
from habilitation.domain.values import MessageId, OrganizationId, ServiceCode, UserId
from habilitation.testing.world import AFAS, AGENT, SIRETS, World
from habilitation.use_cases.witnessing import Witness
from tests.steps import Instead, assign, close, create, generalize, logged, over, refused
from tests.stores import sqlite_url

READ = SecurityFact(LineKind.READ)


log = logged


def last(world: World) -> SecurityFact:
    return log(world)[-1]


def shown(world: World, **asked) -> list[SecurityFact]:
    """What a page of it shows to the operator, oldest first."""
    return [line.fact for line in world.portal.security_log(SecurityQuestion(**asked), by=AGENT).items][::-1]


def witness(world: World, **limits) -> Witness:
    ports = world.portal.ports
    return Witness(ports.store, ports.clock, ports.identifiers, Limits(**limits))


def unwritable(world: World) -> Habilitation:
    """The same portal, but its security log takes no line."""

    def write(*_):
        raise DatabaseLocked()

    return over(world, security_log=Instead(world.portal.ports.store.security_log, {"write": write}))


# What is kept


def test_a_refused_act_is_kept_with_who_asked_what_and_why_not(world):
    user = world.user()
    with refused(world, "act-forbidden"):
        create(world, by=world.as_member(user))
    assert last(world) == SecurityFact(
        LineKind.ACT_REFUSED, world.organization.id, world.as_member(user), act="create-user", refusal="act-forbidden"
    )


def test_an_act_that_is_done_leaves_no_line(world):
    """I8: the journal has it."""
    before = log(world)
    close(world, world.user())
    assert log(world) == before


@pytest.mark.parametrize(
    ("code", "act"),
    {
        "define-service": lambda world, by: world.portal.define_service(NewService(ServiceCode("X"), "X"), by=by),
        "generalize-to-all": lambda world, by: generalize(world, world.admin, by=by),
        "assign-role": lambda world, by: assign(world, world.admin, by=by),
        "retry-delivery": lambda world, by: world.portal.retry_delivery(MessageId("id-000001"), by=by),
        "prune-security-log": lambda world, by: world.portal.prune_security_log(by=by),
        "security-log": lambda world, by: world.portal.security_log(SecurityQuestion(), by=by),
    }.items(),
)
def test_every_administrative_act_is_watched(world, code, act):
    user = world.as_member(world.user())
    with refused(world, "act-forbidden"):
        act(world, user)
    assert (last(world).act, last(world).actor) == (code, user)


def test_a_session_is_told_as_its_user_and_what_it_says_of_itself_counts_for_nothing(world):
    user = world.user()
    session = world.sign_in(user)
    with refused(world, "act-forbidden"):
        create(world, by=evolve(session, user=world.admin.user))
    assert (last(world).organization, last(world).actor) == (world.organization.id, world.as_member(user))


def test_a_forged_session_names_nobody(world):
    session = world.sign_in(world.user())
    with refused(world, "session-ended"):
        create(world, by=evolve(session, token="made up"))
    assert last(world) == SecurityFact(LineKind.ACT_REFUSED, act="create-user", refusal="session-ended")


@pytest.mark.parametrize("organization", ["made-up", "\ud800"])
def test_an_organization_that_is_none_is_not_written_down(world, organization):
    """It may be any text at all."""
    with refused(world, "organization-unknown"):
        create(world, by=AGENT, organization=OrganizationId(organization))
    assert last(world) == SecurityFact(
        LineKind.ACT_REFUSED, None, AGENT, act="create-user", refusal="organization-unknown"
    )


@pytest.mark.parametrize("actor", [OperatorAgent("no code\ud800"), Asking(ServiceCode("made up"))])
def test_an_actor_that_is_none_is_not_written_down(world, actor):
    with pytest.raises(Refusal):
        create(world, by=actor)
    assert last(world).actor is None


def test_a_member_of_nowhere_is_not_written_down(world):
    with refused(world, "actor-unknown"):
        create(world, by=Member(world.organization.id, UserId("made-up")))
    assert last(world).actor is None


def test_whoever_tries_another_organization_is_told_in_their_own(world):
    """R37: the other one is missing to them."""
    other = world.open_organization(SIRETS[1])
    with refused(world, "organization-unknown"):
        create(world, organization=other.id)
    assert (last(world).organization, last(world).actor) == (world.organization.id, world.admin)


def test_a_service_that_tries_to_act_is_named(world):
    with refused(world, "act-forbidden"):
        create(world, by=Asking(AFAS))
    assert (last(world).organization, last(world).actor) == (world.organization.id, Asking(AFAS))


def test_an_agents_attempt_is_told_in_the_organization_that_it_was_made_on(world):
    with refused(world, "seat-held"):
        create(world, by=AGENT)
    assert (last(world).organization, last(world).actor) == (world.organization.id, AGENT)


def test_what_fails_because_of_the_machine_is_nobodys_attempt(world):
    def writing(_):
        raise DatabaseLocked()

    before = log(world)
    with refused(world, "database-locked"):
        over(world, writing=writing).close_user(Closing(world.organization.id, world.admin.user), by=world.admin)
    assert log(world) == before


# Who reads it


def test_anybody_but_the_operator_is_refused(world):
    user = world.user()
    for actor in (world.admin, world.as_member(user), world.sign_in(user), Asking(AFAS)):
        with refused(world, "act-forbidden"):
            world.portal.security_log(SecurityQuestion(world.organization.id), by=actor)
        with refused(world, "act-forbidden"):
            world.portal.prune_security_log(by=actor)


@pytest.mark.parametrize("size", [1, 2, 3, 500])
def test_it_is_read_page_by_page_newest_first(world, size):
    for _ in range(6):
        witness(world).record(READ)
    there = len(log(world))
    pages, after = [], None
    for _ in range(there):
        page = world.portal.security_log(SecurityQuestion(after=after, size=size), by=AGENT)
        pages.append(page.items)
        after = page.next
        if after is None:
            break
    seen = [line for lines in pages for line in lines]
    assert (len(seen), after) == (there, None)
    assert {len(lines) for lines in pages[:-1]} <= {size}
    assert pages[-1]
    assert [line.id for line in seen] == sorted((line.id for line in seen), reverse=True)


def test_it_is_read_by_organization_user_and_kind(world):
    user, other = world.user(), world.user()
    with refused(world, "act-forbidden"):
        create(world, by=world.as_member(user))
    where = world.organization.id
    read = SecurityFact(LineKind.READ, where, AGENT, frozenset({user.id}), "show-user", "support-call")
    witness(world).record(read)
    assert shown(world, kind=LineKind.READ) == [read]
    kinds = [fact.kind for fact in shown(world, organization=where, user=user.id)]
    assert kinds[:2] == [LineKind.ACT_REFUSED, LineKind.READ]
    assert shown(world, user=other.id) == []
    assert shown(world, organization=OrganizationId("another")) == []


@pytest.mark.parametrize("size", [0, 501])
def test_a_page_has_a_size(world, size):
    with refused(world, "page-size-refused"):
        shown(world, size=size)


# How long it is kept


def test_a_line_is_kept_for_a_year_and_then_pruned(world):
    witness(world).record(READ)
    world.clock.move(days=365)
    assert world.portal.prune_security_log(by=AGENT) == 0
    assert READ in log(world)
    world.clock.move(seconds=1)
    assert world.portal.prune_security_log(by=AGENT) > 0
    assert log(world) == []


def test_the_setting_says_how_long(world):
    witness(world).record(READ)
    world.clock.move(days=30, seconds=1)
    short = Habilitation(evolve(world.portal.ports, limits=Limits(security_log=timedelta(days=30))))
    assert world.portal.prune_security_log(by=AGENT) == 0
    assert short.prune_security_log(by=AGENT) > 0


def test_a_log_that_is_written_to_shrinks_without_anybody_pruning_it(world):
    """Each line takes two old ones away: a flood of a year ago is gone as new lines come."""
    for _ in range(20):
        witness(world).record(READ)
    world.clock.move(days=366)
    for _ in range(20):
        witness(world).record(READ)
    assert len(log(world, kind=LineKind.READ)) == 20


def test_more_lines_than_one_lot_are_pruned_at_once(world, monkeypatch):
    monkeypatch.setattr("habilitation.use_cases.security.LOT", 3)
    for _ in range(10):
        witness(world).record(READ)
    world.clock.move(days=366)
    assert world.portal.prune_security_log(by=AGENT) >= 10


def test_of_a_line_that_was_pruned_nothing_stays_in_the_file(tmp_path):
    """Neither whom it was about."""
    store = SqlStore.open(sqlite_url(tmp_path))
    world = World.administered(store)
    witness(world).record(evolve(READ, organization=world.organization.id, subjects=frozenset({world.admin.user})))
    world.clock.move(days=366)
    world.portal.prune_security_log(by=AGENT)
    with closing(sqlite3.connect(tmp_path / "portal.db")) as file:
        for table in ("security_lines", "security_people"):
            assert file.execute(f"SELECT COUNT(*) FROM {table}").fetchone() == (0,)
    store.close()


# In nobody's way


def test_an_act_is_refused_as_ever_when_the_log_cannot_be_written_and_the_process_warns(world, caplog):
    user = world.as_member(world.user())
    portal = unwritable(world)
    with caplog.at_level(logging.WARNING, "habilitation.security"), refused(world, "act-forbidden"):
        portal.close_user(Closing(world.organization.id, user.user), by=user)
    assert caplog.messages == ["the security log lost a line (act-refused): DatabaseLocked"]


def test_what_may_not_happen_unlogged_is_told_that_it_was_not(world):
    """R36: an agent's reading."""
    ports = unwritable(world).ports
    strict = Witness(ports.store, ports.clock, ports.identifiers, ports.limits)
    with refused(world, "database-locked"):
        strict.record(READ)


def test_a_clock_that_goes_back_loses_no_line_and_keeps_their_order(world):
    witness(world).record(READ)
    world.clock.move(hours=-3)
    later = evolve(READ, act="afterwards")
    witness(world).record(later)
    assert log(world, kind=LineKind.READ) == [READ, later]
