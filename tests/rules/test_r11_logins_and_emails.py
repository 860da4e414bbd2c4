"""R11: logins are random and never given twice; an e-mail is one live user's of its organization."""

from __future__ import annotations

import pytest
from attrs import evolve, frozen

from habilitation import Habilitation
from habilitation.adapters.system import SystemSecrets
from habilitation.domain.period import Dates
from habilitation.domain.requests import Reissue
from habilitation.domain.values import CROCKFORD, Login
from habilitation.testing.world import AGENT, SIRETS
from tests.steps import close, create, day, modify, refused, remove, reopen, show

EMAIL = "luc.petit@oliviers.example"


def test_a_login_has_eight_characters_of_crockfords_alphabet(world):
    login = show(world, create(world)).login.text
    assert len(login) == 8
    assert set(login) <= set(CROCKFORD)


def test_two_users_never_have_the_same(world):
    logins = {show(world, world.user()).login.text for _ in range(20)}
    assert len(logins) == 20


def test_a_login_is_not_derived_from_a_name(world):
    """Two portals give the same person two logins."""
    one = show(world, create(world, last_name="Aaaaaaaa", first_name="Aaaaaaaa")).login.text
    other = show(world, create(world, last_name="Aaaaaaaa", first_name="Aaaaaaaa", email="a@b.example")).login.text
    assert one != other
    assert "AAAAAAAA" not in (one, other)


@frozen
class Drawing(SystemSecrets):
    """Draws these logins, in this order."""

    logins: list[str]

    def login(self) -> Login:
        return Login(self.logins.pop(0))


def drawing(world, *logins):
    world.portal = Habilitation(evolve(world.portal.ports, secrets=Drawing(list(logins))))


def test_a_login_drawn_twice_is_drawn_again(world):
    """I7: unique over the whole portal, and the user notices nothing."""
    drawing(world, "7K3MQ0XZ", "7K3MQ0XZ", "AAAAAAAA")
    assert show(world, create(world)).login.text == "7K3MQ0XZ"
    assert show(world, world.user()).login.text == "AAAAAAAA"


def test_a_login_is_unique_over_all_organizations(world):
    drawing(world, "7K3MQ0XZ", "7K3MQ0XZ", "AAAAAAAA")
    create(world)
    other = world.open_organization(SIRETS[1])
    world.portal.deliver_notifications()
    assert world.mailbox.login_for(f"contact-{SIRETS[1]}@oliviers.example") == "AAAAAAAA"
    assert other.seat.first_credentials


def test_the_login_of_a_removed_user_is_never_given_again(world):
    drawing(world, "7K3MQ0XZ", "7K3MQ0XZ", "AAAAAAAA")
    remove(world, create(world))
    assert show(world, world.user()).login.text == "AAAAAAAA"


def test_the_login_of_replaced_credentials_is_never_given_again(world):
    """R4, R41: the registry keeps its hash."""
    drawing(world, "7K3MQ0XZ", "BBBBBBBB", "7K3MQ0XZ", "AAAAAAAA")
    other = world.open_organization(SIRETS[1])
    world.portal.reissue_credentials(Reissue(other.id), by=AGENT)
    assert show(world, world.user()).login.text == "AAAAAAAA"


@pytest.mark.parametrize("typed", ["{}", " {} ", "{l}", "{o}"])
def test_a_login_is_found_however_it_is_typed(world, typed):
    drawing(world, "7K3MQ0XZ")
    create(world)
    world.portal.deliver_notifications()
    password = world.mailbox.password_for(EMAIL)
    written = typed.format("7K3M-Q0XZ", l="7k3mq0xz", o="7K3MQOXZ")
    assert world.portal.sign_in(written, password)


# E-mail addresses


def test_two_live_users_cannot_have_the_same_e_mail(world):
    create(world)
    with refused(world, "email-taken"):
        create(world, last_name="Other")


@pytest.mark.parametrize("email", ["LUC.petit@oliviers.example", " luc.petit@OLIVIERS.example"])
def test_whatever_the_case_it_is_typed_in(world, email):
    create(world)
    with refused(world, "email-taken"):
        create(world, email=email)


def test_the_normal_form_is_the_contact_ports(world):
    """Internationalized domains, and accents composed or not."""
    contact = pytest.importorskip("habilitation.adapters.contact")
    world.portal = Habilitation(evolve(world.portal.ports, contact=contact.Contact()))
    create(world, email="josé@bücher.example")
    for same in ("JOSE\u0301@bücher.example", "josé@xn--bcher-kva.example", "josé@BÜCHER.example"):
        with refused(world, "email-taken"):
            create(world, email=same)


def test_a_plus_tag_makes_another_address(world):
    create(world)
    assert create(world, email="luc.petit+2@oliviers.example")


def test_a_pending_user_has_theirs_already(world):
    create(world, dates=Dates(day(5)))
    with refused(world, "email-taken"):
        create(world)


def test_the_administrators_is_taken_too(world):
    with refused(world, "email-taken"):
        create(world, email="anne.martin@oliviers.example")


def test_another_organization_may_have_it(world):
    create(world)
    world.organization = world.open_organization(SIRETS[1])
    world.agreement = world.open_agreement(world.organization)
    world.admin = world.claim(world.organization, EMAIL).actor
    assert world.admin


def test_a_closed_users_is_free(world):
    close(world, create(world))
    assert create(world)


def test_it_is_free_as_of_the_closing_date_and_not_before(world):
    """As of the instant of the act."""
    create(world, dates=Dates(None, day(1)))
    with refused(world, "email-taken"):
        create(world)
    world.clock.move(days=1)
    assert create(world)


def test_a_canceled_users_is_free(world):
    """R16."""
    close(world, create(world, dates=Dates(day(5))))
    assert create(world)


def test_a_user_whose_e_mail_was_taken_meanwhile_is_not_reopened(world):
    user = close(world, create(world))
    create(world)
    with refused(world, "email-taken"):
        reopen(world, user)


def test_it_can_be_reopened_once_the_e_mail_is_free_again(world):
    user = close(world, create(world))
    close(world, create(world))
    assert reopen(world, user)


def test_changing_a_name_does_not_free_the_e_mail(world):
    modify(world, create(world), last_name="Grand")
    with refused(world, "email-taken"):
        create(world)
