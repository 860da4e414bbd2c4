"""R19: whoever knows the password in use puts another in its place, and no other session goes on (R23)."""

from __future__ import annotations

import pytest

from habilitation.domain.actors import Stage
from habilitation.domain.refusals import Refusal
from habilitation.domain.requests import PasswordChange
from habilitation.testing.world import PASSWORD, SIRETS
from tests.steps import choose_by, close, create, link_to, operate, own, refused, reopen, show

OTHER = "another long password"


@pytest.fixture
def user(world):
    return world.user()


@pytest.fixture
def login(world, user):
    return own(world, user)[0]


@pytest.fixture
def session(world, login):
    return world.portal.sign_in(login, PASSWORD)


def change(world, session, current=PASSWORD, password=OTHER):
    return world.portal.change_own_password(PasswordChange(current, password), by=session)


def test_the_new_one_opens_the_portal_and_the_former_one_does_not(world, login, session):
    change(world, session)
    assert world.portal.sign_in(login, OTHER).stage is Stage.OWN
    with refused(world, "sign-in-refused"):
        world.portal.sign_in(login, PASSWORD)


def test_whoever_changes_it_goes_on_in_a_new_session_and_every_other_is_over(world, user, login, session):
    """R23."""
    elsewhere = world.portal.sign_in(login, PASSWORD)
    goes_on = change(world, session)
    assert show(world, user, by=goes_on)
    for over in (session, elsewhere):
        with refused(world, "session-ended"):
            show(world, user, by=over)


@pytest.mark.parametrize("current", ["wrong", "", OTHER, "\ud800"])
def test_whoever_does_not_know_the_one_in_use_changes_nothing(world, user, session, current):
    """A screen left open is not enough."""
    with refused(world, "current-password-wrong"):
        change(world, session, current)
    assert show(world, user, by=session)


def test_wrong_ones_count_like_sign_ins_that_fail(world, login, session):
    """R22: a screen left open is no way around the lock."""
    for _ in range(5):
        with pytest.raises(Refusal):
            change(world, session, "wrong")
        world.clock.move(seconds=60)
    with pytest.raises(Refusal) as told:
        change(world, session)
    assert told.value.code == "current-password-wrong"
    with pytest.raises(Refusal):
        world.portal.sign_in(login, PASSWORD)
    world.clock.move(minutes=15)
    assert change(world, session)


def test_the_right_one_forgives_what_failed_from_there(world, session):
    """R22."""
    for _ in range(4):
        for _ in range(2):
            with pytest.raises(Refusal):
                change(world, session, "wrong")
            world.clock.move(seconds=60)
        session = change(world, session, PASSWORD, OTHER)
        session = change(world, session, OTHER, PASSWORD)


def test_the_one_in_use_is_not_chosen_again(world, session):
    with refused(world, "password-unchanged"):
        change(world, session, password=PASSWORD)


def test_what_the_policy_refuses_is_not_chosen(world, session):
    with refused(world, "password-too-short"):
        change(world, session, password="eleven char")


def test_a_provisional_session_chooses_first(world):
    """R23."""
    create(world)
    world.portal.deliver_notifications()
    login, provisional = world.letters_to("luc.petit@oliviers.example")
    session = world.portal.sign_in(login, provisional)
    with refused(world, "password-choice-demanded"):
        change(world, session, provisional)


def test_a_session_of_first_credentials_claims_first(world):
    """R23."""
    first = world.first_authentication(world.open_organization(SIRETS[1]))
    with refused(world, "claim-demanded"):
        change(world, first.session)


def test_a_session_that_is_over_changes_nothing(world, user, session):
    """R14, R23."""
    close(world, user)
    with refused(world, "session-ended"):
        change(world, session)
    reopen(world, user)
    with refused(world, "session-ended"):
        change(world, session)


def test_a_session_that_is_too_old_or_signed_out_changes_nothing(world, login, session):
    """R23."""
    world.portal.sign_out(by=session)
    with refused(world, "session-ended"):
        change(world, session)
    again = world.portal.sign_in(login, PASSWORD)
    world.clock.move(hours=12)
    with refused(world, "session-ended"):
        change(world, again)


def test_a_link_on_its_way_is_dead_once_the_password_was_changed(world, user, login, session):
    """R21."""
    world.portal.forgot_password(login)
    token = link_to(world, show(world, user).person.email.text)
    change(world, session)
    with refused(world, "link-used"):
        choose_by(world, token)


def test_nobody_changes_a_password_in_an_organization_that_is_closed(world, session):
    """R1."""
    operate(world, "close_organization")
    with refused(world, "account-is-closed"):
        change(world, session)
