"""R12: the login and the provisional password leave at once, in two messages; no password is kept in clear."""

from __future__ import annotations

from datetime import timedelta

from attrs import evolve, fields

from habilitation import Habilitation
from habilitation.domain.messages import MessageKind
from habilitation.ports.outbox import MessageState
from habilitation.testing.world import CONSULT, DECLARE, PASSWORD
from tests.steps import assign, close, create, delegate, deliveries, generalize, picture, reopen, replace, vacate

EMAIL = "luc.petit@oliviers.example"


def letters(world, address=EMAIL):
    world.portal.deliver_notifications()
    return world.mailbox.to(address)


def test_a_new_user_gets_the_login_and_the_password_in_two_messages(world):
    create(world)
    one, other = letters(world)
    assert (one.kind, one.login is None, one.password) == (MessageKind.LOGIN, False, None)
    assert (other.kind, other.login, other.password is None) == (MessageKind.PASSWORD, None, False)


def test_they_are_addressed_to_that_person_from_that_organization(world):
    create(world)
    assert {(letter.person.full_name, letter.organization) for letter in letters(world)} == {
        ("Luc Petit", "LES OLIVIERS")
    }


def test_the_two_messages_open_the_account(world):
    create(world)
    letters(world)
    assert world.portal.sign_in(*world.letters_to(EMAIL))


def test_they_leave_with_the_act_itself(world):
    """At once: nobody has to ask for a delivery."""
    world.portal = Habilitation(evolve(world.portal.ports, delivery=timedelta(seconds=5)))
    create(world)
    assert len(world.mailbox.to(EMAIL)) == 2


def test_they_wait_for_a_worker_where_the_portal_leaves_them_to_one(world):
    user = create(world)
    assert world.mailbox.to(EMAIL) == []
    states = [delivery.state for delivery in deliveries(world) if delivery.message.notice.about == user.id]
    assert states == [MessageState.WAITING, MessageState.WAITING]


def test_each_message_leaves_once(world):
    create(world)
    letters(world)
    assert len(letters(world)) == 2


def test_whoever_claims_gets_neither_having_both(world):
    """I10."""
    assert letters(world, "anne.martin@oliviers.example") == []


def test_no_message_ever_holds_both(world):
    """I10: after all that sends messages."""
    user, manager = world.user(CONSULT, DECLARE), world.manager()
    assign(world, user, 2)
    generalize(world, user)
    reopen(world, close(world, user))
    delegate(world, user)
    replace(world, manager)
    vacate(world)
    letters(world)
    assert len(world.mailbox.letters) > 10
    assert not [letter for letter in world.mailbox.letters if letter.login and letter.password]


def test_no_password_is_kept_in_clear(world):
    """I10: not in the state, the journal or the outbox, before or after it is used."""
    create(world)
    letters(world)
    provisional = world.mailbox.password_for(EMAIL)
    assert provisional not in repr(picture(world))
    session = world.sign_in(world.user())
    assert PASSWORD not in repr(picture(world))
    assert PASSWORD not in repr(session)
    assert session.token not in repr(session)


def test_no_message_waits_with_a_secret_in_it(world):
    """R20: an outbox row names a user and a generation."""
    create(world)
    for delivery in deliveries(world):
        assert {field.name for field in fields(type(delivery.message.notice))} == {
            "kind",
            "to",
            "about",
            "generation",
            "place",
        }


def test_a_provisional_password_has_a_hundred_random_bits_or_more(world):
    """R19: six groups of four characters of five bits."""
    create(world)
    letters(world)
    password = world.mailbox.password_for(EMAIL)
    assert len(password.replace("-", "")) * 5 >= 100


def test_two_users_get_two_passwords(world):
    world.user()
    world.user()
    letters(world)
    passwords = [letter.password for letter in world.mailbox.letters if letter.kind is MessageKind.PASSWORD]
    assert len(set(passwords)) == 2
