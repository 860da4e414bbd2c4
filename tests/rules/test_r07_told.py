"""R7: the claim is told to the operator and to the organization's contact, and anybody can see who administers."""

from habilitation.domain.messages import MessageKind
from habilitation.domain.organization import SeatState
from habilitation.domain.requests import OrganizationQuestion
from habilitation.testing.world import AGENT, OPERATOR_MAILBOX, SIRETS
from tests.steps import refused, replace, vacate

CONTACT = f"contact-{SIRETS[0]}@oliviers.example"


def named(world, address):
    world.portal.deliver_notifications()
    return [letter for letter in world.mailbox.to(address) if letter.kind is MessageKind.ADMINISTRATOR_NAMED]


def who(world, by):
    return world.portal.who_is_administrator(OrganizationQuestion(world.organization.id), by=by)


def test_the_contact_is_told_who_claimed(world):
    [letter] = named(world, CONTACT)
    assert (letter.organization, letter.person.full_name) == ("LES OLIVIERS", "Anne Martin")


def test_the_operator_is_told_who_claimed(world):
    [letter] = named(world, OPERATOR_MAILBOX.text)
    assert letter.person.full_name == "Anne Martin"


def test_both_are_told_of_a_replacement(world):
    replace(world, world.user())
    assert [letter.person.full_name for letter in named(world, CONTACT)] == ["Anne Martin", "Zoé Durand-1"]
    assert len(named(world, OPERATOR_MAILBOX.text)) == 2


def test_both_are_told_of_a_vacancy(world):
    vacate(world)
    world.portal.deliver_notifications()
    for address in (CONTACT, OPERATOR_MAILBOX.text):
        assert world.mailbox.to(address)[-1].kind is MessageKind.SEAT_VACATED


def test_any_user_can_see_who_the_administrator_is(world):
    shown = who(world, by=world.as_member(world.user()))
    assert (shown.seat, shown.name) == (SeatState.HELD, "Anne Martin")


def test_and_that_the_seat_is_vacant(world):
    user = world.user()
    vacate(world)
    shown = who(world, by=world.as_member(user))
    assert (shown.seat, shown.user, shown.name) == (SeatState.VACANT, None, None)


def test_another_organizations_user_cannot_see_it(world):
    """R37."""
    user = world.as_member(world.user())
    world.organization = world.open_organization(SIRETS[1])
    with refused(world, "organization-unknown"):
        who(world, by=user)
    assert who(world, by=AGENT).seat is SeatState.UNCLAIMED
