"""R41: a journal that was dropped whole leaves its head, and nothing else that anybody could ask about."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from attrs import evolve, frozen

from habilitation import Habilitation
from habilitation.domain.actors import Session
from habilitation.domain.acts import Act
from habilitation.domain.journal import Entry, verify
from habilitation.domain.limits import Limits
from habilitation.domain.requests import DueErasure, OrganizationClosing, OrganizationQuestion, Reason, UserSearch
from habilitation.domain.user import User
from habilitation.domain.values import Login
from habilitation.testing.invariants import everything_kept
from habilitation.testing.world import AGENT, CONSULT, PASSWORD, SIRETS, TO_CONSULT, World
from tests.steps import check, close, create, day, deliveries, erase, offered, operate, refused, show


@frozen
class Gone:
    """What there was, and the journal as somebody kept it elsewhere."""

    user: User
    login: Login | None
    session: Session
    archive: list[Entry]


@pytest.fixture
def gone(world: World) -> Gone:
    """An organization of which much was told, dropped as its retention would have it."""
    store = world.portal.ports.store
    user = create(world, last_name="Œuvrard", groups=(CONSULT,))
    session = world.sign_in(user)
    login = show(world, user).login
    operate(world, "close_organization")
    archive = list(store.entries(world.organization.id))
    world.clock.move(days=1826)
    done = world.portal.erase_due(DueErasure(), by=AGENT)
    assert (done.organizations, done.users, done.refused, done.residue) == ((world.organization.id,), (), (), None)
    return Gone(user, login, session, archive)


def question(world: World) -> Any:
    return OrganizationQuestion(world.organization.id)


def test_the_operator_is_told_its_head_and_can_verify_a_copy_against_it(world, gone):
    head = world.portal.journal_head(question(world), by=AGENT)
    assert verify(gone.archive, head) is None
    assert verify(gone.archive[:-1], head) is not None


def test_to_anybody_else_it_is_missing(world, gone):
    """R37"""
    with refused(world, "organization-unknown"):
        world.portal.journal_head(question(world), by=world.admin)


def test_whatever_else_is_asked_of_it_is_missing_even_to_the_operator(world, gone):
    asked = UserSearch(world.organization.id)
    for ask in (
        lambda: world.portal.list_users(asked, by=AGENT),
        lambda: world.portal.verify_journal(question(world), by=AGENT),
        lambda: show(world, gone.user),
        lambda: check(world, gone.user, TO_CONSULT),
        lambda: create(world, by=AGENT),
    ):
        with refused(world, "organization-unknown"):
            ask()


def test_nobody_signs_in_any_more(world, gone):
    """R23"""
    with refused(world, "sign-in-refused"):
        world.portal.sign_in(gone.login.text, PASSWORD)
    with refused(world, "session-ended"):
        world.portal.resume_session(gone.session.token)


def test_nothing_is_sent_any_more(world, gone):
    """R20"""
    assert deliveries(world) == []


def test_its_siret_is_free(world, gone):
    """R1"""
    assert world.open_organization(SIRETS[0]).id != world.organization.id


def test_nothing_in_the_process_tells_who_was_in_it(world, gone):
    kept = everything_kept(world.portal.ports.store).decode(errors="replace")
    assert [text for text in ("Œuvrard", "luc.petit@", gone.login.text, "LES OLIVIERS") if text in kept] == []


# When


def erase_due(world: World, portal: Habilitation | None = None, **asked: Any) -> Any:
    return (portal or world.portal).erase_due(DueErasure(**asked), by=AGENT)


def test_it_is_dropped_five_years_after_the_closing_and_no_sooner(world):
    operate(world, "close_organization")
    world.clock.move(days=1826, microseconds=-1)
    assert erase_due(world).organizations == ()
    assert erase_due(world, organization=world.organization.id).organizations == ()
    world.clock.move(microseconds=1)
    assert erase_due(world).organizations == (world.organization.id,)
    assert erase_due(world).organizations == ()


def test_its_retention_is_a_setting(world):
    operate(world, "close_organization")
    world.clock.move(days=30)
    month = Habilitation(evolve(world.portal.ports, limits=Limits(closed_journal=timedelta(days=30))))
    assert erase_due(world).organizations == ()
    assert erase_due(world, month).organizations == (world.organization.id,)


@pytest.mark.parametrize("act", [None, "suspend_organization"])
def test_one_that_is_not_closed_is_kept(world, act):
    if act:
        operate(world, act)
    world.clock.move(days=9999)
    assert erase_due(world).organizations == ()
    assert erase_due(world, organization=world.organization.id).organizations == ()
    assert world.portal.verify_journal(question(world), by=AGENT).sound


def test_one_alone_is_dropped_if_it_is_due(world):
    first = world.organization
    operate(world, "close_organization")
    world.organization = other = world.open_organization(SIRETS[1])
    operate(world, "close_organization")
    world.clock.move(days=1826)
    assert erase_due(world, organization=other.id).organizations == (other.id,)
    assert erase_due(world).organizations == (first.id,)


def test_its_people_are_erased_before(world):
    """R18: a year after the closing, by which everything in it ended."""
    user = world.user(CONSULT)
    operate(world, "close_organization")
    world.clock.move(days=364)
    assert erase_due(world).users == ()
    world.clock.move(days=1)
    everybody = {(world.organization.id, id) for id in (user.id, world.admin.user)}
    assert set(erase_due(world).users) == everybody
    assert erase_due(world).users == ()
    assert world.portal.verify_journal(question(world), by=AGENT).sound


def test_or_at_once_by_the_operators_decision(world):
    """R1, R18: the account that was open ended with its organization, and so did the seat."""
    user = world.user()
    operate(world, "close_organization")
    assert Act.ERASE in offered(world, user, by=AGENT)
    assert erase(world, user).erased
    assert erase(world, world.admin).erased


def test_a_day_of_closing_that_was_still_to_come_came_with_it(world):
    user = close(world, world.user(), on=day(200))
    operate(world, "close_organization")
    world.clock.move(days=365)
    assert (world.organization.id, user.id) in erase_due(world).users


def test_one_that_cannot_be_dropped_is_told_and_keeps_no_other_back(world):
    """R40: here its last event is ahead of the clock."""
    ahead, user = world.organization, world.user()
    operate(world, "close_organization")
    world.organization = other = world.open_organization(SIRETS[1])
    operate(world, "close_organization")
    world.clock.move(days=1826, minutes=6)
    world.organization = ahead
    erase(world, user)
    world.clock.move(minutes=-6)
    done = erase_due(world)
    assert done.organizations == (other.id,)
    assert (ahead.id, None, "clock-behind") in [(id, user, refusal.code) for id, user, refusal in done.refused]


def test_all_that_are_due_are_told(world):
    organizations = [world.organization.id, world.open_organization(SIRETS[1]).id]
    for organization in organizations:
        world.portal.close_organization(OrganizationClosing(organization, Reason("closed")), by=AGENT)
    world.clock.move(days=1826)
    assert set(world.portal.erase_due(DueErasure(), by=AGENT).organizations) == set(organizations)
