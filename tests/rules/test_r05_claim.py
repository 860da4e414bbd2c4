"""R5: the first person who signs in with the letter becomes the administrator; once, and only once."""

from __future__ import annotations

from threading import Barrier, Thread

import pytest

from habilitation.domain.actors import Member, Session, Stage
from habilitation.domain.events import SeatClaimed
from habilitation.domain.organization import SeatState
from habilitation.domain.refusals import Refusal
from habilitation.domain.requests import AdministratorClaim, OrganizationQuestion, Reissue, UserSearch
from habilitation.domain.user import Status
from habilitation.testing.fakes import FixedTexts
from habilitation.testing.world import AGENT, PASSWORD, SIRETS
from tests.steps import create, records, refused, show, status, vacate

CONTACT = f"contact-{SIRETS[1]}@oliviers.example"


@pytest.fixture
def organization(world):
    world.organization = world.open_organization(SIRETS[1])
    return world.organization


@pytest.fixture
def first(world, organization):
    return world.first_authentication(organization)


def form(**fields):
    filled = {
        "last_name": "D'Arc",
        "first_name": "Jeanne",
        "email": "jeanne.darc@oliviers.example",
        "password": PASSWORD,
        "acknowledged": FixedTexts().version,
        "phone": "0102030405",
    }
    return AdministratorClaim(**(filled | fields))


def claim(world, first, **fields):
    return world.portal.claim_administrator(form(**fields), by=first.session)


def seat(world):
    return world.portal.who_is_administrator(OrganizationQuestion(world.organization.id), by=AGENT)


# What the first person is shown


def test_whoever_signs_in_first_is_told_so_and_shown_the_form(world, first):
    assert first.organization == "LES OLIVIERS"
    assert first.text == FixedTexts().first_authentication()


def test_signing_in_makes_nobody_administrator_yet(world, first):
    assert seat(world).seat is SeatState.UNCLAIMED


def test_the_first_person_can_come_back_to_the_form(world, first):
    again = world.first_authentication(world.organization)
    assert claim(world, again)


def test_with_the_letter_one_can_do_nothing_but_claim(world, first):
    """R23."""
    with refused(world, "claim-demanded"):
        world.portal.list_users(UserSearch(world.organization.id), by=first.session)


# Submitting it


def test_submitting_it_makes_that_person_the_administrator(world, first):
    session = claim(world, first)
    shown = seat(world)
    assert (shown.seat, shown.user) == (SeatState.HELD, session.user)
    person = show(world, shown).person
    assert (shown.name, person.email.text) == ("Jeanne D'Arc", "jeanne.darc@oliviers.example")
    assert person.phone.e164 == "0102030405"


def test_the_administrator_is_an_open_user_of_the_organization(world, first):
    session = claim(world, first)
    assert status(world, session.actor) is Status.OPEN
    assert show(world, session.actor).administrator


def test_the_session_that_claiming_gives_can_act(world, first):
    session = claim(world, first)
    assert session.stage is Stage.OWN
    world.agreement = world.open_agreement(world.organization)
    assert create(world, by=session)


def test_the_issued_login_becomes_theirs_with_their_own_password(world, first):
    login, _ = world.letters_to(CONTACT)
    claimed = claim(world, first)
    session = world.portal.sign_in(login, PASSWORD)
    assert isinstance(session, Session)
    assert session.user == claimed.user


def test_the_provisional_password_is_dead_after_the_claim(world, first):
    letter = world.letters_to(CONTACT)
    claim(world, first)
    with refused(world, "sign-in-refused"):
        world.portal.sign_in(*letter)


def test_the_version_of_the_text_that_was_acknowledged_is_recorded(world, first):
    claim(world, first)
    [claimed] = [record for record in records(world) if isinstance(record.event, SeatClaimed)]
    assert claimed.event.acknowledged == FixedTexts().version
    assert isinstance(claimed.by, Member)


def test_a_phone_is_not_required(world, first):
    claim(world, first, phone="")
    assert show(world, seat(world)).person.phone is None


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"last_name": ""}, "name-missing"),
        ({"first_name": " "}, "name-missing"),
        ({"last_name": "Ar\u200bc"}, "name-malformed"),
        ({"first_name": "J" * 251}, "name-too-long"),
        ({"email": ""}, "email-malformed"),
        ({"email": "jeanne@nowhere"}, "email-malformed"),
        ({"email": "mairie@oliviers.example"}, "email-not-nominative"),
        ({"phone": "call me"}, "phone-malformed"),
        ({"password": "short"}, "password-too-short"),
        ({"acknowledged": "2019-1"}, "text-not-acknowledged"),
        ({"acknowledged": ""}, "text-not-acknowledged"),
    ],
)
def test_a_form_that_is_not_filled_in_right_is_refused_and_can_be_sent_again(world, first, fields, code):
    with refused(world, code):
        claim(world, first, **fields)
    assert claim(world, first)


def test_the_provisional_password_cannot_be_kept(world, first):
    """R19."""
    _, provisional = world.letters_to(CONTACT)
    with refused(world, "password-unchanged"):
        claim(world, first, password=provisional)


def test_an_e_mail_that_an_open_user_has_is_refused(world):
    """R11: at a claim of a vacant seat."""
    vacate(world)
    world.portal.reissue_credentials(Reissue(world.organization.id), by=AGENT)
    first = world.first_authentication(world.organization)
    with refused(world, "email-taken"):
        claim(world, first, email="Anne.Martin@oliviers.example")


# Who comes too late


def test_a_second_claim_is_told_that_the_organization_is_claimed(world, first):
    other = world.first_authentication(world.organization)
    claim(world, first)
    with refused(world, "organization-claimed"):
        claim(world, other)


def test_the_same_session_cannot_claim_twice(world, first):
    claim(world, first)
    with refused(world, "organization-claimed"):
        claim(world, first)


def test_a_claim_after_the_credentials_were_replaced_is_told_so(world, first):
    world.portal.reissue_credentials(Reissue(world.organization.id), by=AGENT)
    with refused(world, "credentials-reissued"):
        claim(world, first)


def test_a_claim_after_the_credentials_expired_is_told_so(world, organization):
    world.portal.deliver_notifications()
    world.clock.move(days=60, minutes=-1)
    first = world.first_authentication(organization)
    world.clock.move(minutes=1)
    with refused(world, "credentials-expired"):
        claim(world, first)


def test_that_it_is_claimed_is_said_before_anything_else_about_the_credentials(world, first):
    """R5: each refusal has its code; of several the one that says most."""
    other = world.first_authentication(world.organization)
    claim(world, first)
    world.clock.move(hours=11)
    with refused(world, "organization-claimed"):
        claim(world, other, acknowledged="2019-1")


def test_a_session_that_was_not_opened_with_the_letter_claims_nothing(world):
    session = world.sign_in(world.user())
    with refused(world, "act-forbidden"):
        world.portal.claim_administrator(form(), by=session)


def test_a_session_too_old_claims_nothing(world, first):
    """R23."""
    world.clock.move(hours=12)
    with refused(world, "session-ended"):
        claim(world, first)


def test_a_session_that_was_signed_out_claims_nothing(world, first):
    """R23."""
    world.portal.sign_out(by=first.session)
    with refused(world, "session-ended"):
        claim(world, first)


def test_of_people_who_claim_at_the_same_moment_one_succeeds_and_the_others_are_told(world, organization):
    """I2: eight of them, each with a session of their own."""
    firsts = [world.first_authentication(organization) for _ in range(8)]
    barrier, outcomes = Barrier(len(firsts)), []

    def attempt(number, first):
        barrier.wait()
        try:
            outcomes.append(claim(world, first, email=f"person{number}@oliviers.example"))
        except Refusal as refusal:
            outcomes.append(refusal.code)

    threads = [Thread(target=attempt, args=pair) for pair in enumerate(firsts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    [winner] = [outcome for outcome in outcomes if isinstance(outcome, Session)]
    assert outcomes.count("organization-claimed") == len(firsts) - 1
    assert seat(world).user == winner.user
    assert sum(isinstance(record.event, SeatClaimed) for record in records(world)) == 1
