"""R4: an organization's first credentials: two messages, sixty days, reissued while nobody holds the seat."""

from __future__ import annotations

from datetime import timedelta

import pytest

from habilitation.domain.messages import MessageKind
from habilitation.domain.requests import AdministratorClaim, Reissue
from habilitation.testing.world import AGENT, PASSWORD, SIRETS
from tests.steps import create, refused, replace, vacate

CONTACT = f"contact-{SIRETS[1]}@oliviers.example"


@pytest.fixture
def organization(world):
    world.organization = world.open_organization(SIRETS[1])
    return world.organization


def claim(world, first, email="marie@dinum.example"):
    asked = AdministratorClaim("Curie", "Marie", email, PASSWORD, first.text.version)
    return world.portal.claim_administrator(asked, by=first.session)


def reissue(world, by=AGENT):
    world.portal.reissue_credentials(Reissue(world.organization.id), by=by)
    world.portal.deliver_notifications()


def letters(world):
    world.portal.deliver_notifications()
    return world.mailbox.to(CONTACT)


def test_the_contact_gets_the_login_and_the_password_in_two_messages(world, organization):
    one, other = letters(world)
    assert (one.kind, other.kind) == (MessageKind.FIRST_LOGIN, MessageKind.FIRST_PASSWORD)
    assert one.login is not None
    assert one.password is None
    assert other.login is None
    assert other.password is not None


def test_they_open_up_to_sixty_days_after_issue(world, organization):
    letters(world)
    world.clock.move(days=60, seconds=-1)
    assert world.first_authentication(organization).organization == "LES OLIVIERS"


def test_they_are_dead_sixty_days_after_issue_to_the_second(world, organization):
    letters(world)
    world.clock.move(days=60)
    letters(world)  # what left long ago is forgotten with it
    with refused(world, "credentials-expired"):
        world.first_authentication(organization)


def test_a_late_delivery_does_not_lengthen_their_life(world, organization):
    """R19 does not apply to them."""
    world.clock.move(days=59)
    assert world.first_authentication(organization)
    world.clock.move(days=1)
    with refused(world, "credentials-expired"):
        world.first_authentication(organization)


def test_nothing_is_sent_any_more_once_they_are_dead(world, organization):
    world.clock.move(days=60)
    assert letters(world) == []


def test_reissuing_gives_another_login_and_another_password(world, organization):
    before = letters(world)
    reissue(world)
    after = letters(world)[2:]
    assert [letter.kind for letter in after] == [MessageKind.FIRST_LOGIN, MessageKind.FIRST_PASSWORD]
    assert after[0].login != before[0].login
    assert after[1].password != before[1].password


def test_reissuing_kills_the_earlier_ones(world, organization):
    login, password = letters(world)[0].login, letters(world)[1].password
    reissue(world)
    with refused(world, "sign-in-refused"):
        world.portal.sign_in(login, password)


def test_messages_still_on_their_way_are_not_sent_once_reissued(world, organization):
    reissue(world)
    assert len(letters(world)) == 2
    assert claim(world, world.first_authentication(organization))


def test_those_who_sign_in_before_a_reissue_cannot_claim_after_it(world, organization):
    """R5."""
    first = world.first_authentication(organization)
    reissue(world)
    with refused(world, "credentials-reissued"):
        claim(world, first)
    assert claim(world, world.first_authentication(organization))


def test_reissued_ones_live_sixty_days_of_their_own(world, organization):
    world.clock.move(days=59)
    reissue(world)
    world.clock.move(days=59)
    assert world.first_authentication(organization)


def test_expired_ones_can_be_reissued(world, organization):
    world.clock.move(days=90)
    reissue(world)
    assert claim(world, world.first_authentication(organization))


def test_they_are_not_reissued_while_the_seat_is_held(world):
    with refused(world, "seat-taken"):
        reissue(world)


def test_they_are_reissued_while_the_seat_is_vacant(world):
    """R8: for a newcomer."""
    vacate(world)
    reissue(world)
    newcomer = claim(world, world.first_authentication(world.organization), "marie@oliviers.example")
    assert newcomer.user != world.admin.user


def test_filling_the_seat_otherwise_kills_them(world):
    """R8: an appointment while they are on their way."""
    vacate(world)
    reissue(world)
    first = world.first_authentication(world.organization)
    letter = world.letters_to(f"contact-{SIRETS[0]}@oliviers.example")
    replace(world, create(world, by=AGENT))
    with refused(world, "sign-in-refused"):
        world.portal.sign_in(*letter)
    with refused(world, "organization-claimed"):
        claim(world, first, "marie@oliviers.example")


def test_only_the_operator_reissues(world):
    with refused(world, "act-forbidden"):
        reissue(world, by=world.admin)


def test_their_life_is_a_setting(world):
    assert world.portal.ports.limits.first_credentials == timedelta(days=60)
