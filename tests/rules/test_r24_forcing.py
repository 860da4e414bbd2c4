"""R24: the operator has a password changed: what opened the account opens it no more."""

from __future__ import annotations

from contextlib import contextmanager

import pytest
from attrs import define, evolve

from habilitation import Habilitation
from habilitation.domain.actors import Asking, Stage
from habilitation.domain.events import PasswordForced
from habilitation.domain.messages import MessageKind
from habilitation.domain.period import Dates
from habilitation.domain.refusals import Refusal
from habilitation.domain.requests import PasswordChange, PasswordChoice, Reason
from habilitation.ports.outbox import MessageState
from habilitation.testing.world import AFAS, AGENT, PASSWORD, SIRETS
from tests.steps import (
    choose_by,
    close,
    create,
    day,
    deliveries,
    erase,
    force,
    force_all,
    link_to,
    operate,
    over,
    own,
    records,
    refused,
    reinstate,
    remove,
    reserved,
    show,
    suspend,
    unchanged,
)

THEFT = Reason("theft", "A laptop was stolen on the train")
OTHER = "another long password"


@pytest.fixture
def user(world):
    return world.user()


@pytest.fixture
def login(world, user):
    return own(world, user)[0]


@pytest.fixture
def email(world, user):
    return show(world, user).person.email.text


def test_the_password_in_use_opens_nothing_any_more(world, user, login):
    force(world, user)
    with refused(world, "sign-in-refused"):
        world.portal.sign_in(login, PASSWORD)


def test_every_session_is_over(world, user, login):
    """R23."""
    session = world.portal.sign_in(login, PASSWORD)
    force(world, user)
    with refused(world, "session-ended"):
        show(world, user, by=session)


def test_a_provisional_password_arrives_with_which_another_is_chosen(world, user, login, email):
    """R12, R19: the login stays, and is not sent again."""
    before = len(world.mailbox.to(email))
    force(world, user)
    world.portal.deliver_notifications()
    [letter] = world.mailbox.to(email)[before:]
    assert (letter.kind, letter.login) == (MessageKind.PASSWORD_FORCED, None)
    session = world.portal.sign_in(login, letter.password)
    assert session.stage is Stage.PROVISIONAL
    assert world.portal.choose_password(PasswordChoice(OTHER), by=session)
    assert world.portal.sign_in(login, OTHER)


def test_a_provisional_password_is_voided_too(world):
    """A letter that was stolen."""
    user = create(world)
    world.portal.deliver_notifications()
    stolen = world.letters_to("luc.petit@oliviers.example")
    force(world, user)
    with refused(world, "sign-in-refused"):
        world.portal.sign_in(*stolen)
    world.portal.deliver_notifications()
    assert world.portal.sign_in(stolen[0], world.mailbox.password_for("luc.petit@oliviers.example"))


def test_a_password_still_on_its_way_is_not_made_up(world):
    """R20."""
    user = create(world)
    force(world, user)
    world.portal.deliver_notifications()
    states = {d.message.notice.kind: d.state for d in deliveries(world) if d.message.notice.about == user.id}
    assert states[MessageKind.PASSWORD] is MessageState.DROPPED
    assert states[MessageKind.PASSWORD_FORCED] is MessageState.DELIVERED


def test_a_link_that_was_sent_before_is_dead(world, user, login, email):
    """R21: whoever forces does not trust what was sent before."""
    world.portal.forgot_password(login)
    token = link_to(world, email)
    force(world, user)
    with refused(world, "link-used"):
        choose_by(world, token)


def test_the_journal_says_who_forced_it_and_why_but_for_the_words(world, user):
    """R40, R41."""
    force(world, user, THEFT)
    last = records(world)[-1].event
    assert isinstance(last, PasswordForced)
    assert (last.user, last.reason) == (user.id, "theft")
    with world.portal.ports.store.reading(world.organization.id) as rows:
        assert rows.papers([last.note]) == {last.note: THEFT.text}


def test_why_everybody_was_forced_stays_told_of_the_others_when_one_is_erased(world, user):
    """R18, R41: each fact has a text of its own."""
    other = world.user()
    force_all(world, THEFT)
    remove(world, user)
    erase(world, user)
    notes = {
        record.event.user: record.event.note for record in records(world) if isinstance(record.event, PasswordForced)
    }
    with world.portal.ports.store.reading(world.organization.id) as rows:
        assert rows.papers([notes[user.id]]) == {}
        assert rows.papers([notes[other.id]]) == {notes[other.id]: THEFT.text}


def test_an_account_to_come_is_forced_like_any_other(world):
    user = world.user(dates=Dates(day(3)))
    world.portal.deliver_notifications()
    login, stolen = world.letters_to(show(world, user).person.email.text)
    force(world, user)
    world.clock.move(days=3)
    with refused(world, "sign-in-refused"):
        world.portal.sign_in(login, stolen)


def test_a_suspended_account_is_forced_too_and_stays_suspended(world, user, login):
    """R17, R33: both precautions at once."""
    suspend(world, user, by=AGENT)
    force(world, user)
    reinstate(world, user, by=AGENT)
    with refused(world, "sign-in-refused"):
        world.portal.sign_in(login, PASSWORD)


def test_nobody_is_forced_in_an_organization_that_is_closed(world, user):
    """R1."""
    operate(world, "close_organization")
    with refused(world, "organization-closed"):
        force(world, user)
    with refused(world, "organization-closed"):
        force_all(world)


def test_the_administrator_is_forced_like_anybody(world):
    """R9: the seat stays held."""
    force(world, world.admin)
    login = show(world, world.admin).login.text
    with refused(world, "sign-in-refused"):
        world.portal.sign_in(login, PASSWORD)
    with world.portal.ports.store.reading(world.organization.id) as rows:
        assert rows.organization.is_held_by(world.admin.user)


def test_a_closed_or_a_removed_account_has_nothing_to_force(world, user):
    close(world, user)
    with refused(world, "user-closed"):
        force(world, user)
    remove(world, user)
    with refused(world, "user-closed"):
        force(world, user)


@pytest.mark.parametrize("who", ["administrator", "manager", "user"])
def test_nobody_but_the_operator_forces(world, user, who):
    actor = {"administrator": world.admin, "manager": world.manager(), "user": world.as_member(user)}[who]
    with refused(world, "act-forbidden"):
        force(world, user, by=actor)
    with refused(world, "act-forbidden"):
        force_all(world, by=actor)


def test_whoever_has_not_claimed_is_no_user_to_be_forced(world):
    """R4: their credentials are issued again."""
    world.organization = world.open_organization(SIRETS[1])
    [claimant] = reserved(world)
    with refused(world, "user-unknown"):
        force(world, evolve(world.admin, user=claimant))
    with unchanged(world):
        assert force_all(world) == {}


def test_a_service_forces_nobody_not_even_where_there_is_nobody(world):
    """R36."""
    world.organization = world.open_organization(SIRETS[1])
    with refused(world, "act-forbidden"):
        force_all(world, by=Asking(AFAS))


def test_a_reason_without_a_proper_code_is_refused(world, user):
    with refused(world, "reference-malformed"):
        force(world, user, Reason("no code"))
    with refused(world, "reference-malformed"):
        force_all(world, Reason("no code"))


# A whole organization


def test_everybody_who_is_not_closed_is_forced(world, user, login):
    closed, pending = close(world, world.user()), world.user(dates=Dates(day(3)))
    assert force_all(world) == dict.fromkeys([world.admin.user, user.id, pending.id])
    assert closed.id not in [record.event.user for record in records(world)[-3:]]
    for name in (login, show(world, world.admin).login.text):
        with refused(world, "sign-in-refused"):
            world.portal.sign_in(name, PASSWORD)


def test_nobody_of_another_organization_is(world, user, login):
    world.organization = world.open_organization(SIRETS[1])
    force_all(world)
    assert world.portal.sign_in(login, PASSWORD)


def test_each_is_decided_anew_and_whoever_was_closed_meanwhile_keeps_nobody_else_from_it(world, user):
    other, portal = world.user(), world.portal
    left = [other]

    @contextmanager
    def writing(organization):
        if left:
            world.portal = portal
            close(world, left.pop())
        with portal.ports.store.writing(organization) as rows:
            yield rows

    world.portal = over(world, writing=writing)
    assert force_all(world) == {world.admin.user: None, user.id: None, other.id: "user-closed"}


def test_more_than_one_lot_is_forced(world, monkeypatch):
    monkeypatch.setattr("habilitation.use_cases.issuing.CHUNK", 2)
    users = [world.user() for _ in range(4)]
    assert set(force_all(world)) == {world.admin.user, *(user.id for user in users)}
    assert sum(isinstance(record.event, PasswordForced) for record in records(world)) == 5


# Two at once


def test_whoever_chooses_by_a_link_while_the_change_is_forced_is_told(world, user, login, email):
    """R21: one of the two wins; the link was for what is void now."""
    world.portal.forgot_password(login)
    token = link_to(world, email)
    meanwhile(world, lambda: force(world, user))
    with pytest.raises(Refusal) as told:
        choose_by(world, token)
    assert told.value.code == "link-used"
    with refused(world, "sign-in-refused"):
        world.portal.sign_in(login, OTHER)


def test_whoever_changes_the_own_password_while_the_change_is_forced_is_told(world, user, login):
    """R23."""
    session = world.portal.sign_in(login, PASSWORD)
    meanwhile(world, lambda: force(world, user))
    with pytest.raises(Refusal) as told:
        world.portal.change_own_password(PasswordChange(PASSWORD, OTHER), by=session)
    assert told.value.code == "session-ended"


@define
class Interrupted:
    """A hasher during whose slow work something else happens, once."""

    kept: object
    happens: object

    def keep(self, password):
        if self.happens:
            happens, self.happens = self.happens, None
            happens()
        return self.kept.keep(password)

    def __getattr__(self, name):
        return getattr(self.kept, name)


def meanwhile(world, happens):
    """While the next password is being hashed, that happens."""
    hasher = Interrupted(world.portal.ports.hasher, happens)
    world.portal = Habilitation(evolve(world.portal.ports, hasher=hasher))
