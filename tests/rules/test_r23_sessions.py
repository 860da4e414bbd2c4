"""R23: a session names a generation; what happens to the account ends it, and authority is never kept in it."""

from __future__ import annotations

import pytest
from attrs import evolve

from habilitation.domain.actors import Stage
from habilitation.domain.period import Dates
from habilitation.domain.requests import OrganizationQuestion, PasswordChoice, UserSearch
from habilitation.testing.world import CONSULT, PASSWORD, SIRETS
from habilitation.use_cases.actors import digest
from tests.steps import (
    close,
    create,
    day,
    delegate,
    refused,
    remove,
    reopen,
    replace,
    revoke,
    show,
)


def use(world, session):
    return world.portal.list_agreements(OrganizationQuestion(world.organization.id), by=session)


@pytest.fixture
def user(world):
    return world.user()


@pytest.fixture
def session(world, user):
    return world.sign_in(user)


def test_a_session_stands_for_its_user(world, user, session):
    assert use(world, session)
    assert session.actor == world.as_member(user)


def test_closing_ends_it(world, user, session):
    close(world, user)
    with refused(world, "session-ended"):
        use(world, session)


def test_a_closing_date_ends_it_as_it_comes(world, user, session):
    close(world, user, on=day(1))
    world.clock.move(hours=11)
    assert use(world, session)
    world.clock.instant = world.clock.instant.replace(hour=23, minute=0)
    with refused(world, "session-ended"):
        use(world, session)


def test_removal_ends_it(world, user, session):
    remove(world, user)
    with refused(world, "session-ended"):
        use(world, session)


def test_reopening_does_not_bring_it_back(world, user, session):
    """R14."""
    close(world, user)
    reopen(world, user)
    with refused(world, "session-ended"):
        use(world, session)


def test_a_new_password_ends_the_session_that_chose_it_and_its_siblings(world):
    create(world)
    world.portal.deliver_notifications()
    letters = world.letters_to("luc.petit@oliviers.example")
    one, other = world.portal.sign_in(*letters), world.portal.sign_in(*letters)
    chosen = world.portal.choose_password(PasswordChoice(PASSWORD), by=one)
    for dead in (one, other):
        with refused(world, "session-ended"):
            use(world, dead)
        with refused(world, "session-ended"):
            world.portal.choose_password(PasswordChoice("another long password"), by=dead)
    assert use(world, chosen)


def test_signing_out_ends_it_and_twice_changes_nothing(world, session):
    world.portal.sign_out(by=session)
    world.portal.sign_out(by=session)
    with refused(world, "session-ended"):
        use(world, session)


def test_it_ends_by_itself_after_twelve_hours(world, session):
    world.clock.move(hours=12, seconds=-1)
    assert use(world, session)
    world.clock.move(seconds=1)
    with refused(world, "session-ended"):
        use(world, session)


def test_what_is_over_since_a_day_is_forgotten_as_others_sign_in(world, session):
    """So that sessions never pile up."""
    world.clock.move(hours=2)
    over = world.sign_in(world.user())
    world.clock.move(hours=34)
    going_on = world.sign_in(world.user())
    world.clock.move(hours=1)
    world.sign_in(world.user())
    sessions = world.portal.ports.store.credentials
    assert sessions.session(digest(session.token)) is None
    assert sessions.session(digest(over.token))
    assert use(world, going_on)


def test_signing_in_again_opens_another_and_leaves_the_first(world, user, session):
    again = world.portal.sign_in(show(world, user).login.text, PASSWORD)
    world.portal.sign_out(by=again)
    assert use(world, session)


def test_what_a_session_says_of_itself_counts_for_nothing(world, session):
    """Only the token does: nothing else in it can be forged."""
    forged = evolve(
        session, user=world.admin.user, organization=world.organization.id, generation=9, stage=Stage.OWN, spell=7
    )
    with refused(world, "act-forbidden"):
        create(world, by=forged)
    with refused(world, "session-ended"):
        use(world, evolve(session, token=session.token[:-1]))
    with refused(world, "session-ended"):
        use(world, evolve(session, token="\ud800"))


def test_a_session_is_found_again_by_its_token(world, session):
    """As a cookie brings it back."""
    assert world.portal.resume_session(session.token) == session


def test_a_token_that_is_none_or_too_old_or_signed_out_is_not_resumed(world, session):
    with refused(world, "session-ended"):
        world.portal.resume_session("another")
    world.portal.sign_out(by=session)
    with refused(world, "session-ended"):
        world.portal.resume_session(session.token)
    again = world.portal.sign_in(world.mailbox.login_for("zoe1@oliviers.example"), PASSWORD)
    world.clock.move(hours=12)
    with refused(world, "session-ended"):
        world.portal.resume_session(again.token)


def test_resuming_a_session_does_not_bring_its_authority_back(world, user, session):
    """Whether it is still accepted is found at each act."""
    close(world, user)
    with refused(world, "session-ended"):
        use(world, world.portal.resume_session(session.token))


def test_a_longer_life_cannot_be_claimed_for_it(world, session):
    world.clock.move(hours=13)
    with refused(world, "session-ended"):
        use(world, evolve(session, expires=world.clock.now().replace(year=2100)))


def test_a_provisional_session_that_claims_to_be_more_still_chooses_a_password(world):
    create(world)
    world.portal.deliver_notifications()
    session = world.portal.sign_in(*world.letters_to("luc.petit@oliviers.example"))
    with refused(world, "password-choice-demanded"):
        use(world, evolve(session, stage=Stage.OWN))


def test_a_session_is_of_one_organization(world, session):
    """R37."""
    world.organization = world.open_organization(SIRETS[1])
    with refused(world, "organization-unknown"):
        use(world, session)


def test_authority_is_read_again_at_each_act(world, user, session):
    """R32: delegated after the session was opened, and revoked before its end."""
    with refused(world, "act-forbidden"):
        create(world, by=session)
    delegate(world, user)
    create(world, by=session)
    revoke(world, user)
    with refused(world, "act-forbidden"):
        create(world, by=session, email="other@oliviers.example")


def test_an_administrator_replaced_a_moment_ago_no_longer_administers(world):
    organization = world.open_organization(SIRETS[1])
    session = world.claim(organization, "marie@dinum.example")
    world.organization, world.admin = organization, session.actor
    world.agreement = world.open_agreement(organization)
    replace(world, world.user(CONSULT))
    with refused(world, "act-forbidden"):
        world.portal.list_users(UserSearch(organization.id), by=session)
    assert use(world, session)


def test_a_password_is_not_chosen_once_the_account_is_closed(world):
    user = create(world)
    world.portal.deliver_notifications()
    session = world.portal.sign_in(*world.letters_to("luc.petit@oliviers.example"))
    close(world, user)
    with refused(world, "session-ended"):
        world.portal.choose_password(PasswordChoice(PASSWORD), by=session)


def test_a_provisional_session_dies_with_the_account_period(world):
    user = create(world, dates=Dates())
    world.portal.deliver_notifications()
    session = world.portal.sign_in(*world.letters_to("luc.petit@oliviers.example"))
    close(world, user)
    reopen(world, user)
    with refused(world, "session-ended"):
        world.portal.choose_password(PasswordChoice(PASSWORD), by=session)
