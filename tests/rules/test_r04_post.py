"""R4: an organization's first credentials leave by mail or by letter, as its contact can be reached."""

from __future__ import annotations

import pytest

from habilitation.domain.messages import MessageKind
from habilitation.domain.requests import ContactChange, NewOrganization, OrganizationQuestion, Reissue
from habilitation.domain.values import PostalAddress
from habilitation.testing.world import AGENT, SIRETS
from tests.steps import records, refused

MAIL = "direction@clamart.example"
ENVELOPE = ("MAIRIE DE CLAMART", "Direction générale", "1 PLACE MAURICE GUNSBOURG", "92140 CLAMART")
POST = "\n".join(ENVELOPE)
FIRST = [MessageKind.FIRST_LOGIN, MessageKind.FIRST_PASSWORD]


def opened(world, **reached):
    asked = NewOrganization(SIRETS[1], "Clamart", **reached)
    world.organization = world.portal.open_organization(asked, by=AGENT)
    world.portal.deliver_notifications()
    return world.organization


def kinds(world, address):
    return [letter.kind for letter in world.mailbox.to(address)]


def change(world, by=AGENT, **reached):
    world.portal.change_contact(ContactChange(world.organization.id, **reached), by=by)


def test_without_an_e_mail_address_they_leave_by_letter_the_login_in_one_and_the_password_in_the_other(world):
    opened(world, postal=ENVELOPE)
    login, password = world.mailbox.to(POST)
    assert login.to == password.to == PostalAddress(ENVELOPE)
    assert (bool(login.login), bool(login.password)) == (True, False)
    assert (bool(password.login), bool(password.password)) == (False, True)


def test_with_both_addresses_they_leave_by_letter_and_nothing_by_mail(world):
    opened(world, contact=MAIL, postal=ENVELOPE)
    assert kinds(world, POST) == FIRST
    assert kinds(world, MAIL) == []


def test_what_else_the_contact_is_told_leaves_by_mail(world):
    """R7: who became the administrator."""
    world.claim(opened(world, contact=MAIL, postal=ENVELOPE))
    world.portal.deliver_notifications()
    assert kinds(world, MAIL) == [MessageKind.ADMINISTRATOR_NAMED]


def test_without_an_e_mail_address_that_leaves_by_letter_too(world):
    """R7."""
    world.claim(opened(world, postal=ENVELOPE))
    world.portal.deliver_notifications()
    assert kinds(world, POST) == [*FIRST, MessageKind.ADMINISTRATOR_NAMED]


def test_letters_open_the_first_authentication_as_mail_does(world):
    """R5: whoever holds both letters becomes the administrator."""
    assert world.claim(opened(world, postal=ENVELOPE)).actor.organization == world.organization.id


@pytest.mark.parametrize(
    ("reached", "there"), [({"postal": ENVELOPE}, POST), ({"contact": "", "postal": ENVELOPE}, POST)]
)
def test_a_contact_that_moves_to_the_post_gets_what_is_reissued_there(world, reached, there):
    opened(world, contact=MAIL)
    change(world, **reached)
    world.portal.reissue_credentials(Reissue(world.organization.id), by=AGENT)
    world.portal.deliver_notifications()
    assert kinds(world, there) == FIRST


def test_a_contact_that_leaves_the_post_gets_them_by_mail(world):
    """R1, R4: even what was on its way."""
    world.organization = world.portal.open_organization(NewOrganization(SIRETS[1], "Clamart", MAIL, ENVELOPE), by=AGENT)
    change(world, postal=())
    world.portal.deliver_notifications()
    assert (kinds(world, MAIL), kinds(world, POST)) == (FIRST, [])


@pytest.mark.parametrize("left_out", ["contact", "postal"])
def test_the_address_that_a_change_leaves_out_stays(world, left_out):
    opened(world, contact=MAIL, postal=ENVELOPE)
    given = {"contact": "accueil@clamart.example", "postal": ("CLAMART", "92141 CLAMART CEDEX")}
    stays = given.pop(left_out)
    change(world, **given)
    shown = world.portal.show_organization(OrganizationQuestion(world.organization.id), by=AGENT)
    now = {"contact": shown.contact.text, "postal": shown.postal.lines}
    assert now == given | {left_out: MAIL if isinstance(stays, str) else ENVELOPE}


def test_an_organization_that_nothing_reaches_is_not_opened(world):
    """R1."""
    with refused(world, "contact-missing"):
        opened(world, contact=" ", postal=("", " "))


@pytest.mark.parametrize(
    ("before", "change_to"), [({"contact": MAIL}, {"contact": ""}), ({"postal": ENVELOPE}, {"postal": ()})]
)
def test_the_last_address_of_a_contact_is_not_taken_away(world, before, change_to):
    """R1."""
    opened(world, **before)
    with refused(world, "contact-missing"):
        change(world, **change_to)


@pytest.mark.parametrize("reached", [{}, {"contact": MAIL}, {"postal": ENVELOPE}])
def test_the_same_contact_changes_nothing(world, reached):
    opened(world, contact=MAIL, postal=ENVELOPE)
    before = records(world)
    change(world, **reached)
    assert records(world) == before


@pytest.mark.parametrize("postal", [("CLAMART",), ("x" * 39, "92140 CLAMART"), ("x",) * 7])
def test_lines_that_no_envelope_has_are_refused(world, postal):
    """By their field."""
    with refused(world, "postal-address-malformed", field="postal"):
        opened(world, contact=MAIL, postal=postal)
    with refused(world, "postal-address-malformed", field="postal"):
        change(world, postal=postal)


def test_nothing_of_the_envelope_stands_in_the_journal(world):
    """R41."""
    opened(world, postal=ENVELOPE)
    change(world, postal=(*ENVELOPE[:3], "92141 CLAMART CEDEX"))
    written = b"\n".join(entry.body for entry in world.portal.ports.store.entries(world.organization.id)).decode()
    assert records(world)[-1].event.__class__.__name__ == "ContactChanged"
    assert not [line for line in (*ENVELOPE, "CLAMART", "92141") if line in written]


def test_the_envelope_is_shown_to_whoever_reads_all_of_the_organization(world):
    """R36."""
    change(world, postal=ENVELOPE)
    question = OrganizationQuestion(world.organization.id)
    assert world.portal.show_organization(question, by=world.admin).postal.lines == ENVELOPE
    user = world.as_member(world.user())
    assert world.portal.show_organization(question, by=user).postal is None
