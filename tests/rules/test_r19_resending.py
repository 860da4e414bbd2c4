"""R19: whoever may modify a user has first credentials sent again; the former ones are dead."""

from __future__ import annotations

import pytest

from habilitation.domain.actors import Member
from habilitation.domain.events import CredentialsIssued
from habilitation.domain.messages import MessageKind
from habilitation.domain.period import Dates
from habilitation.domain.requests import PasswordChoice
from habilitation.testing.world import AGENT, CONSULT, PASSWORD, PRIVATE, SIRETS
from tests.steps import (
    close,
    create,
    day,
    deliveries,
    records,
    refused,
    reinstate,
    remove,
    resend,
    reserved,
    suspend,
    vacate,
)

EMAIL = "luc.petit@oliviers.example"


def letters(world):
    world.portal.deliver_notifications()
    return world.letters_to(EMAIL)


def test_the_login_is_the_same_and_the_password_new_in_two_messages(world):
    """R12."""
    user = create(world)
    login, lost = letters(world)
    resend(world, user)
    again, password = letters(world)
    assert again == login
    assert password != lost
    kinds = [d.message.notice.kind for d in deliveries(world) if d.message.notice.about == user.id]
    assert kinds == [MessageKind.LOGIN, MessageKind.PASSWORD] * 2


def test_the_new_password_opens_the_account_and_the_former_one_does_not(world):
    user = create(world)
    login, lost = letters(world)
    resend(world, user)
    with refused(world, "sign-in-refused"):
        world.portal.sign_in(login, lost)
    assert world.portal.sign_in(*letters(world))


def test_a_password_that_died_of_age_is_replaced(world):
    user = create(world)
    letters(world)
    world.clock.move(days=40)
    resend(world, user)
    assert world.portal.sign_in(*letters(world))


def test_a_session_of_the_former_password_chooses_nothing_any_more(world):
    """R23."""
    user = create(world)
    session = world.portal.sign_in(*letters(world))
    resend(world, user)
    with refused(world, "session-ended"):
        world.portal.choose_password(PasswordChoice(PASSWORD), by=session)


def test_the_journal_tells_of_it(world):
    """R40, I8."""
    user = create(world)
    resend(world, user)
    assert records(world)[-1].event == CredentialsIssued(user.id, 2)


def test_whoever_chose_a_password_keeps_it(world):
    """R24: voiding it is the operator's."""
    user = world.user()
    world.sign_in(user)
    with refused(world, "credentials-in-use"):
        resend(world, user)


def test_an_account_to_come_may_have_them_again(world):
    user = create(world, dates=Dates(day(5)))
    resend(world, user)
    letters(world)
    world.clock.move(days=5)
    assert world.portal.sign_in(*world.letters_to(EMAIL))


@pytest.mark.parametrize("end", [close, remove])
def test_an_account_that_is_closed_has_none(world, end):
    """R14, R18."""
    user = end(world, create(world))
    with refused(world, "user-closed"):
        resend(world, user)


def test_a_manager_does_for_the_users_of_the_scope_alone(world):
    """R29."""
    manager = world.manager(CONSULT)
    ours, mixed, bare = world.user(CONSULT), world.user(CONSULT, PRIVATE), world.user()
    resend(world, ours, by=manager)
    for user in (mixed, bare):
        with refused(world, "outside-scope"):
            resend(world, user, by=manager)


def test_a_manager_does_not_for_those_above(world):
    """R30."""
    manager, other = world.manager(), world.manager(CONSULT)
    with refused(world, "on-self"):
        resend(world, manager, by=manager)
    with refused(world, "on-manager"):
        resend(world, other, by=manager)
    with refused(world, "on-administrator"):
        resend(world, world.admin, by=manager)


def test_another_user_does_not_and_a_stranger_learns_nothing(world):
    """R37."""
    user, other = world.user(), world.user()
    with refused(world, "act-forbidden"):
        resend(world, user, by=world.as_member(user))
    with refused(world, "user-unknown"):
        resend(world, other, by=world.as_member(user))


def test_the_operator_does_only_where_nobody_holds_the_seat(world):
    """R34."""
    user = world.user()
    with refused(world, "seat-held"):
        resend(world, user, by=AGENT)
    vacate(world)
    resend(world, user, by=AGENT)


def test_whoever_has_not_claimed_is_no_user(world):
    """R4: first credentials of an organization are issued again, login included."""
    world.organization = world.open_organization(SIRETS[1])
    [claimant] = reserved(world)
    with refused(world, "user-unknown"):
        resend(world, Member(world.organization.id, claimant), by=AGENT)


def test_an_account_that_is_suspended_has_none_until_it_is_reinstated(world):
    """R17."""
    user = create(world)
    suspend(world, user)
    with refused(world, "user-suspended"):
        resend(world, user)
    reinstate(world, user)
    resend(world, user)
