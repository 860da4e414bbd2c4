"""R19: a provisional password dies, and the first sign-in demands one of one's own."""

from __future__ import annotations

import pytest
from attrs import evolve

from habilitation import Habilitation
from habilitation.domain.actors import Session, Stage
from habilitation.domain.period import Dates
from habilitation.domain.requests import OrganizationQuestion, PasswordChoice, UserSearch
from habilitation.testing.world import PASSWORD
from tests.steps import close, create, day, refused, reopen

EMAIL = "luc.petit@oliviers.example"


def letter(world):
    world.portal.deliver_notifications()
    return world.letters_to(EMAIL)


def choose(world, session, password=PASSWORD):
    return world.portal.choose_password(PasswordChoice(password), by=session)


def own_agreements(world, by):
    return world.portal.list_agreements(OrganizationQuestion(world.organization.id), by=by)


def test_the_first_sign_in_demands_a_password_of_ones_own(world):
    create(world)
    session = world.portal.sign_in(*letter(world))
    assert session.stage is Stage.PROVISIONAL
    with refused(world, "password-choice-demanded"):
        own_agreements(world, by=session)


def test_choosing_one_opens_the_portal(world):
    create(world)
    session = choose(world, world.portal.sign_in(*letter(world)))
    assert session.stage is Stage.OWN
    assert own_agreements(world, by=session)


def test_it_is_good_from_then_on(world):
    create(world)
    login, provisional = letter(world)
    choose(world, world.portal.sign_in(login, provisional))
    session = world.portal.sign_in(login, PASSWORD)
    assert isinstance(session, Session)
    assert session.stage is Stage.OWN


def test_the_provisional_one_is_dead_once_one_is_chosen(world):
    create(world)
    login, provisional = letter(world)
    choose(world, world.portal.sign_in(login, provisional))
    with refused(world, "sign-in-refused"):
        world.portal.sign_in(login, provisional)


def test_until_then_it_goes_on_opening_the_form(world):
    create(world)
    for _ in range(3):
        assert world.portal.sign_in(*letter(world)).stage is Stage.PROVISIONAL


def test_the_provisional_one_cannot_be_chosen(world):
    create(world)
    login, provisional = letter(world)
    session = world.portal.sign_in(login, provisional)
    with refused(world, "password-unchanged"):
        choose(world, session, provisional)


def test_a_password_that_the_policy_refuses_is_not_chosen(world):
    create(world)
    session = world.portal.sign_in(*letter(world))
    with refused(world, "password-too-short"):
        choose(world, session, "eleven char")
    assert choose(world, session, "twelve chars")


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("elevenchars", "password-too-short"),
        ("x7!" * 43, "password-too-long"),
        ("aaaaaaaaaaaa", "password-too-weak"),
        ("luc.petit@oliviers.example", "password-too-weak"),
    ],
)
def test_the_shipped_policy_wants_12_to_128_characters_that_nobody_guesses(world, password, code):
    passwords = pytest.importorskip("habilitation.adapters.passwords")
    world.portal = Habilitation(evolve(world.portal.ports, policy=passwords.StrengthPolicy()))
    create(world)
    session = world.portal.sign_in(*letter(world))
    with refused(world, code):
        choose(world, session, password)
    assert choose(world, session, "correct horse battery staple")


# When it dies


def test_it_opens_up_to_thirty_days_after_delivery(world):
    create(world)
    delivered = letter(world)
    world.clock.move(days=30, seconds=-1)
    assert world.portal.sign_in(*delivered)


def test_it_is_dead_thirty_days_after_delivery_to_the_second(world):
    create(world)
    delivered = letter(world)
    world.clock.move(days=30)
    with refused(world, "password-expired"):
        world.portal.sign_in(*delivered)


def test_the_days_count_from_the_delivery_and_not_from_the_act(world):
    create(world)
    world.clock.move(days=20)
    delivered = letter(world)
    world.clock.move(days=29)
    assert world.portal.sign_in(*delivered)


def test_the_days_count_from_the_opening_where_that_is_later(world):
    create(world, dates=Dates(day(60)))
    delivered = letter(world)
    world.clock.move(days=89)
    assert world.portal.sign_in(*delivered)
    world.clock.move(hours=13, minutes=30)
    with refused(world, "password-expired"):
        world.portal.sign_in(*delivered)


def test_having_signed_in_once_does_not_lengthen_its_life(world):
    create(world)
    delivered = letter(world)
    world.clock.move(days=29)
    world.portal.sign_in(*delivered)
    world.clock.move(days=1)
    with refused(world, "password-expired"):
        world.portal.sign_in(*delivered)


def test_a_chosen_one_does_not_die_of_age(world):
    create(world)
    login, provisional = letter(world)
    choose(world, world.portal.sign_in(login, provisional))
    world.clock.move(days=4000)
    assert world.portal.sign_in(login, PASSWORD)


def test_reopening_counts_anew(world):
    """R14."""
    user = create(world)
    letter(world)
    close(world, user)
    world.clock.move(days=100)
    reopen(world, user, Dates(day(160)))
    delivered = letter(world)
    world.clock.move(days=80)
    assert world.portal.sign_in(*delivered)


# Who is let in


def test_a_wrong_password_and_an_unknown_login_are_refused_alike(world):
    """R22."""
    create(world)
    login, _ = letter(world)
    for attempt in ((login, "wrong"), (login, ""), ("AAAAAAAA", "wrong"), ("no login at all", "wrong"), ("", "")):
        with refused(world, "sign-in-refused"):
            world.portal.sign_in(*attempt)


def test_another_users_password_opens_nothing(world):
    create(world)
    login, _ = letter(world)
    create(world, email="other@oliviers.example")
    world.portal.deliver_notifications()
    with refused(world, "sign-in-refused"):
        world.portal.sign_in(login, world.mailbox.password_for("other@oliviers.example"))


def test_a_pending_account_is_told_when_it_opens_to_whoever_has_the_right_password(world):
    """R15, R22."""
    create(world, dates=Dates(day(3)))
    login, provisional = letter(world)
    with refused(world, "account-not-open-yet"):
        world.portal.sign_in(login, provisional)
    with refused(world, "sign-in-refused"):
        world.portal.sign_in(login, "wrong")
    world.clock.move(days=3)
    assert world.portal.sign_in(login, provisional)


def test_a_closed_account_is_told_so_to_whoever_has_the_right_password(world):
    """R22, I3."""
    user = create(world)
    delivered = letter(world)
    close(world, user)
    with refused(world, "account-is-closed"):
        world.portal.sign_in(*delivered)
    with refused(world, "sign-in-refused"):
        world.portal.sign_in(delivered[0], "wrong")


def test_a_session_of_ones_own_password_has_nothing_to_choose(world):
    create(world)
    session = choose(world, world.portal.sign_in(*letter(world)))
    with refused(world, "password-chosen-already"):
        choose(world, session)


def test_the_letter_of_an_organization_chooses_no_password_but_by_claiming(world):
    """R23."""
    first = world.first_authentication(world.open_organization("13002526500013"))
    with refused(world, "claim-demanded"):
        choose(world, first.session)
    with refused(world, "organization-unknown"):
        world.portal.list_users(UserSearch(world.organization.id), by=first.session)
