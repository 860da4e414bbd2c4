"""R41: a journal that was dropped whole leaves its head, and nothing else that anybody could ask about."""

from __future__ import annotations

from typing import Any

import pytest
from attrs import frozen

from habilitation.domain.actors import Session
from habilitation.domain.journal import Entry, verify
from habilitation.domain.requests import OrganizationQuestion, UserSearch
from habilitation.domain.user import User
from habilitation.domain.values import Login
from habilitation.testing.invariants import everything_kept
from habilitation.testing.world import AGENT, CONSULT, PASSWORD, SIRETS, TO_CONSULT, World
from tests.steps import check, create, deliveries, refused, show


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
    kept = Gone(user, show(world, user).login, session, list(store.entries(world.organization.id)))
    with store.writing(world.organization.id) as rows:
        rows.drop()
    store.wipe()
    return kept


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
