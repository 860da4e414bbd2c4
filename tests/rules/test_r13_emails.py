"""R13: an address changes once the new one confirmed and the old one could object, and makes nobody somebody else."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from habilitation import Habilitation, Limits
from habilitation.adapters.memory import MemoryStore
from habilitation.domain.acts import Act
from habilitation.domain.email_change import EmailChange, EmailState
from habilitation.domain.events import EmailChangeAsked, EmailChanged, EmailConfirmed, EmailCorrected, EmailKept
from habilitation.domain.journal import replay
from habilitation.domain.messages import MessageKind
from habilitation.domain.period import Dates
from habilitation.domain.refusals import Refusal
from habilitation.domain.requests import DeadLetterSearch, NewManager
from habilitation.domain.scope import Scope
from habilitation.domain.security import LineKind
from habilitation.domain.values import Place
from habilitation.ports.outbox import MessageState
from habilitation.ports.transport import DeliveryDelayed, DeliveryRefused
from habilitation.testing.world import AGENT, CONSULT, OPERATOR_MAILBOX, PASSWORD, World
from tests.steps import (
    NEW_EMAIL,
    add,
    change_email,
    choose_by,
    close,
    confirm,
    create,
    day,
    deliveries,
    email_of,
    erase,
    force,
    link_to,
    logged,
    modify,
    object_to,
    offered,
    operate,
    own,
    records,
    refused,
    reinstate,
    reopen,
    replace,
    resend,
    show,
    suspend,
    vacate,
)

OTHER = "another long password"
SOON, DELAY = timedelta(hours=1), Limits().email_objection


@pytest.fixture
def user(world):
    return world.user()


@pytest.fixture
def session(world, user):
    """The user signed in, and chose a password."""
    return world.sign_in(user)


@pytest.fixture
def login(world, user, session):
    return show(world, user).login.text


@pytest.fixture
def old(world, user, session):
    return email_of(world, user)


@pytest.fixture
def asked(world, user, session):
    """The administrator asked for another address; its reader and the old one's have their links."""
    change_email(world, user)
    world.portal.deliver_notifications()


def told(world, email):
    return [letter.kind for letter in world.mailbox.to(email)]


def wait(world, time=DELAY):
    world.clock.instant += time
    world.portal.deliver_notifications()


def events(world, *kinds):
    return [record.event for record in records(world) if isinstance(record.event, kinds)]


# Who asks


def test_the_owner_changes_it_at_once_by_confirming_from_the_new_address(world, user, session, old):
    change_email(world, user, by=session)
    assert email_of(world, user) == old
    assert confirm(world, link_to(world, NEW_EMAIL)) is EmailState.CHANGED
    assert email_of(world, user) == NEW_EMAIL


def test_the_owner_is_asked_no_objection_but_the_old_address_is_told(world, user, session, old):
    change_email(world, user, by=session)
    confirm(world, link_to(world, NEW_EMAIL))
    world.portal.deliver_notifications()
    assert told(world, old)[-1] is MessageKind.EMAIL_CHANGED
    assert MessageKind.EMAIL_OBJECTION not in told(world, old)


def test_the_owner_stays_signed_in_and_keeps_the_password(world, user, session, login):
    """R23: it is none of what ends a session."""
    change_email(world, user, by=session)
    confirm(world, link_to(world, NEW_EMAIL))
    assert show(world, user, by=session)
    assert world.portal.sign_in(login, PASSWORD)


def test_the_owner_goes_on_while_control_is_taken(world, user, session):
    """R34: it administers nothing."""
    operate(world, "take_back_control")
    change_email(world, user, by=session)
    with refused(world, "control-taken"):
        change_email(world, user)


def test_a_manager_changes_their_own_and_nobody_elses(world, user):
    """R29."""
    manager = world.manager(CONSULT)
    member = world.user(CONSULT)
    for target in (member, world.admin):
        with refused(world, "act-forbidden"):
            change_email(world, target, by=manager)
    assert Act.CHANGE_EMAIL not in offered(world, member, manager)
    assert Act.CHANGE_EMAIL in offered(world, member, world.admin)
    assert change_email(world, manager, by=manager).email_change.own


def test_an_ordinary_user_changes_nobody_elses(world, user):
    """R37."""
    other = world.as_member(world.user())
    with refused(world, "user-unknown"):
        change_email(world, user, by=other)
    with refused(world, "act-forbidden"):
        change_email(world, world.admin, by=other)


def test_the_operator_does_it_only_in_place(world, user):
    """R34."""
    with refused(world, "seat-held"):
        change_email(world, user, by=AGENT)
    vacate(world)
    assert change_email(world, user, by=AGENT)


def test_whoever_signs_in_with_a_provisional_password_asks_for_nothing(world):
    """R23."""
    user = create(world)
    world.portal.deliver_notifications()
    session = world.portal.sign_in(*world.letters_to("luc.petit@oliviers.example"))
    with refused(world, "password-choice-demanded"):
        change_email(world, user, by=session)


# What is asked


def test_the_confirmation_that_differs_is_refused_and_one_in_another_case_is_the_same(world, user):
    """R10."""
    with refused(world, "email-confirmation-differs"):
        change_email(world, user, email_confirmation="other@oliviers.example")
    assert change_email(world, user, email_confirmation=NEW_EMAIL.upper())


def test_another_users_address_is_refused_as_it_is_asked_for(world, user):
    """R11."""
    other = world.user()
    with refused(world, "email-taken"):
        change_email(world, user, email_of(world, other))


@pytest.mark.parametrize("who", ["plain", "manager of another agreement"])
def test_nobody_learns_by_asking_whose_addresses_they_may_not_read(world, user, session, who):
    """R11, R37: it is answered like a free one, and refused to whoever reads what arrives there."""
    other = world.user(CONSULT)
    if who != "plain":
        second = world.open_agreement(world.organization, "CONV-2")
        asked = NewManager(world.organization.id, user.id, Scope(frozenset({Place(second.id, CONSULT)})))
        world.portal.delegate_manager(asked, by=world.admin)
    free = change_email(world, user, NEW_EMAIL, by=session)
    taken = change_email(world, user, email_of(world, other), by=session)
    assert evolve(taken, email_change=None) == evolve(free, email_change=None)
    token = link_to(world, email_of(world, other))
    with refused(world, "email-taken"):
        confirm(world, token)
    assert email_of(world, user) != email_of(world, other)


def test_the_address_that_the_user_has_is_refused_but_its_spelling_can_change(world, user, session, old):
    with refused(world, "email-unchanged"):
        change_email(world, user, old)
    change_email(world, user, old.upper(), by=session)
    confirm(world, link_to(world, old.upper()))
    assert email_of(world, user) == old.upper()


def test_the_holders_is_a_persons_at_the_request(world):
    """R6."""
    with refused(world, "email-not-nominative"):
        change_email(world, world.admin, "mairie@oliviers.example")


def test_and_again_as_it_takes_effect(world, user, session, asked):
    """R6: whoever asked for a role's mailbox may hold the seat by then."""
    change_email(world, user, "mairie@oliviers.example", by=session)
    token = link_to(world, "mairie@oliviers.example")
    replace(world, user)
    with refused(world, "email-not-nominative"):
        confirm(world, token)


def test_an_address_asked_for_is_nobodys_yet(world, user, session, asked):
    """R11: else whoever types addresses would keep others from theirs."""
    assert create(world, email=NEW_EMAIL)


# Confirmed, and not objected to


def test_what_somebody_else_asked_waits_until_48_hours_after_the_old_address_was_told(world, user, old, asked):
    assert confirm(world, link_to(world, NEW_EMAIL)) is EmailState.CONFIRMED
    wait(world, DELAY - timedelta(microseconds=1))
    assert email_of(world, user) == old
    wait(world, timedelta(microseconds=1))
    assert email_of(world, user) == NEW_EMAIL
    assert told(world, old)[-1] is MessageKind.EMAIL_CHANGED


def test_confirmed_after_that_it_takes_effect_at_once(world, user, old, asked):
    wait(world)
    assert email_of(world, user) == old
    assert confirm(world, link_to(world, NEW_EMAIL)) is EmailState.CHANGED
    assert email_of(world, user) == NEW_EMAIL


def test_without_a_confirmation_it_never_does(world, user, old, asked):
    wait(world, timedelta(days=400))
    assert email_of(world, user) == old


def test_until_then_messages_go_to_the_old_address(world, user, login, old, asked):
    confirm(world, link_to(world, NEW_EMAIL))
    world.portal.forgot_password(login)
    world.portal.deliver_notifications()
    assert told(world, old)[-1] is MessageKind.PASSWORD_LINK
    assert told(world, NEW_EMAIL) == [MessageKind.EMAIL_CONFIRMATION]


def test_the_delay_is_the_operators_choice(world, user, session):
    world.portal = Habilitation(evolve(world.portal.ports, limits=Limits(email_objection=SOON)))
    change_email(world, user)
    confirm(world, link_to(world, NEW_EMAIL))
    wait(world, SOON)
    assert email_of(world, user) == NEW_EMAIL


def test_a_link_to_confirm_is_good_for_a_week(world, user, asked):
    token = link_to(world, NEW_EMAIL)
    world.clock.move(days=7)
    with refused(world, "link-expired"):
        confirm(world, token)
    world.clock.move(microseconds=-1)
    assert confirm(world, token)


class Away:
    """A transport that gives nothing to the old address, for as long as it is said."""

    def __init__(self, mailbox, refused, problem):
        self.mailbox, self.refused, self.problem = mailbox, refused, problem

    def send(self, letter):
        if letter.kind in self.refused:
            raise self.problem("away")
        self.mailbox.send(letter)


def away(world, problem=DeliveryDelayed):
    transport = Away(world.mailbox, {MessageKind.EMAIL_OBJECTION}, problem)
    world.portal = Habilitation(evolve(world.portal.ports, transport=transport))
    return transport


def test_the_48_hours_begin_as_the_old_address_is_told_not_as_it_is_asked(world, user, session, old):
    transport = away(world)
    change_email(world, user)
    confirm(world, link_to(world, NEW_EMAIL))
    wait(world, timedelta(hours=40))
    transport.refused.clear()
    wait(world, timedelta(hours=7))
    assert told(world, old)[-1] is MessageKind.EMAIL_OBJECTION
    wait(world, DELAY - timedelta(microseconds=1))
    assert email_of(world, user) == old
    wait(world, timedelta(microseconds=1))
    assert email_of(world, user) == NEW_EMAIL


def test_an_old_address_that_takes_no_mail_cannot_keep_its_owner_for_ever(world, user, session):
    """The message is a dead letter in sight of the operator, and the delay runs from the attempt."""
    away(world, DeliveryRefused)
    change_email(world, user)
    confirm(world, link_to(world, NEW_EMAIL))
    wait(world)
    dead = world.portal.list_dead_letters(DeadLetterSearch(), by=AGENT).items
    assert [delivery.message.notice.kind for delivery in dead] == [MessageKind.EMAIL_OBJECTION]
    assert email_of(world, user) == NEW_EMAIL


def test_while_nothing_could_be_tried_it_does_not_take_effect(world, user, session, old):
    """Whoever confirms is then the quicker of the two: the message that gives effect looks again later."""
    store = world.portal.ports.store
    change_email(world, user)
    [objecting] = [each for each in deliveries(world) if each.message.notice.kind is MessageKind.EMAIL_OBJECTION]
    store.outbox.settle(evolve(objecting, due=world.clock.now() + timedelta(days=3)))
    confirm(world, link_to(world, NEW_EMAIL))
    wait(world, timedelta(days=3) - SOON)
    assert email_of(world, user) == old
    wait(world, SOON)
    wait(world)
    assert email_of(world, user) == NEW_EMAIL


def test_when_the_old_address_was_told_is_known_however_late_the_new_one_confirms(world, user, old):
    """The message to confirm was given up and tried again; links that are over are taken away meanwhile."""
    logins = [own(world, world.user())[0] for _ in range(3)]
    change_email(world, user)
    [confirming] = [each for each in deliveries(world) if each.message.notice.kind is MessageKind.EMAIL_CONFIRMATION]
    world.portal.ports.store.outbox.settle(evolve(confirming, due=world.clock.now() + timedelta(days=400)))
    world.portal.deliver_notifications()
    wait(world, timedelta(days=400))
    for login in logins:
        world.portal.forgot_password(login)
        world.portal.deliver_notifications()
    assert confirm(world, link_to(world, NEW_EMAIL)) is EmailState.CHANGED


def test_waiting_is_no_failed_attempt(world, user, asked):
    confirm(world, link_to(world, NEW_EMAIL))
    for _ in range(12):
        wait(world, timedelta(hours=3))
    [waiting] = [each for each in deliveries(world) if each.message.notice.kind is MessageKind.EMAIL_CHANGED]
    assert (waiting.state, waiting.attempts) == (MessageState.WAITING, 0)


# Strangers' mailboxes


def ask_often(world, user, times=3, **by):
    for number in range(times):
        change_email(world, user, f"stranger{number}@elsewhere.example", **by)


def test_no_fourth_address_is_written_to_within_a_day_whoever_asks(world, user, session):
    ask_often(world, user, 2, by=session)
    world.clock.move(hours=1)
    change_email(world, user)
    for by in (world.admin, session):
        with refused(world, "email-changes-too-many"):
            change_email(world, user, "stranger@elsewhere.example", by=by)
    world.portal.deliver_notifications()
    assert told(world, "stranger@elsewhere.example") == []


def test_a_day_later_it_can_be_asked_for_again_as_often_as_that_day_left(world, user, session):
    change_email(world, user)
    world.clock.move(hours=1)
    ask_often(world, user, 2)
    world.clock.move(hours=23, microseconds=-1)
    with refused(world, "email-changes-too-many"):
        change_email(world, user, "again@oliviers.example")
    world.clock.move(microseconds=1)
    change_email(world, user, "again@oliviers.example")
    with refused(world, "email-changes-too-many"):
        change_email(world, user, "once.more@oliviers.example")


def test_nor_are_more_credentials_sent_to_addresses_that_are_corrected(world):
    """Of a person who never signed in, what is asked for takes effect at once, and writes as well."""
    never = world.user()
    ask_often(world, never)
    with refused(world, "email-changes-too-many"):
        change_email(world, never)


def test_a_change_can_be_ended_however_often_one_was_asked_for(world, user, session, old):
    """By asking for the present address: nobody is to be stuck with what somebody else asked for."""
    ask_often(world, user)
    change_email(world, user, old, by=session)
    assert [event.reason for event in events(world, EmailKept)] == ["withdrawn"]


def test_each_account_has_its_own_count(world, user, session):
    ask_often(world, user)
    assert change_email(world, world.user(), "another@oliviers.example")


def test_how_often_is_the_operators_choice(world, user, session):
    world.portal = Habilitation(evolve(world.portal.ports, limits=Limits(email_changes_a_day=1)))
    change_email(world, user)
    with refused(world, "email-changes-too-many", most=1):
        change_email(world, user, "another@oliviers.example")


# Somebody objects


@pytest.mark.parametrize("early", [True, False])
def test_the_old_address_objects_whether_or_not_the_new_one_confirmed(world, user, old, asked, early):
    token = link_to(world, NEW_EMAIL)
    if early:
        confirm(world, token)
    object_to(world, link_to(world, old))
    wait(world, timedelta(days=3))
    assert email_of(world, user) == old
    with refused(world, "link-used"):
        confirm(world, token)
    assert events(world, EmailKept) == [EmailKept(user.id, 1, "objected")]
    assert show(world, user).person.wanted is None
    assert MessageKind.EMAIL_CHANGED not in told(world, old)
    assert world.portal.list_dead_letters(DeadLetterSearch(), by=AGENT).items == ()


@pytest.mark.parametrize("early", [True, False])
def test_the_operator_who_took_back_control_undoes_what_the_administrator_had_asked(world, user, old, asked, early):
    """R34: whoever asks for the present address wants no other."""
    token = link_to(world, NEW_EMAIL)
    if early:
        confirm(world, token)
    operate(world, "take_back_control")
    change_email(world, user, old, by=AGENT)
    wait(world, timedelta(days=3))
    assert email_of(world, user) == old
    with refused(world, "link-used"):
        confirm(world, token)
    assert events(world, EmailKept) == [EmailKept(user.id, 1, "withdrawn")]
    with refused(world, "email-unchanged"):
        change_email(world, user, old, by=AGENT)


def test_the_administrator_and_the_operator_are_told_and_the_security_log_keeps_it(world, user, old, asked):
    """R43: as the administrator may be the one who asked."""
    object_to(world, link_to(world, old))
    world.portal.deliver_notifications()
    for reader in (email_of(world, world.admin), OPERATOR_MAILBOX.text):
        assert told(world, reader)[-1] is MessageKind.EMAIL_KEPT
    [fact] = logged(world, kind=LineKind.EMAIL_OBJECTED)
    assert fact.subjects == {user.id}


def test_after_48_hours_it_is_too_late_to_object(world, user, old, asked):
    token = link_to(world, old)
    world.clock.instant += DELAY
    with refused(world, "link-expired"):
        object_to(world, token)


def test_48_hours_are_48_hours_even_while_the_account_is_yet_to_open(world, user, old):
    """R14: of a user who signed in before the account was closed and opened again for a later day."""
    reopen(world, close(world, user), Dates(day(5)))
    change_email(world, user)
    world.portal.deliver_notifications()
    token = link_to(world, old)
    world.clock.move(days=5)
    with refused(world, "link-expired"):
        object_to(world, token)
    assert confirm(world, link_to(world, NEW_EMAIL)) is EmailState.CHANGED


def test_a_suspended_user_objects_or_whoever_suspends_could_take_over(world, user, old, asked):
    """R17."""
    confirm(world, link_to(world, NEW_EMAIL))
    suspend(world, user)
    object_to(world, link_to(world, old))
    reinstate(world, user)
    wait(world)
    assert email_of(world, user) == old


# Links


def test_each_link_works_once(world, user, old, asked):
    new = link_to(world, NEW_EMAIL)
    confirm(world, new)
    with refused(world, "link-used"):
        confirm(world, new)
    object_to(world, link_to(world, old))
    with refused(world, "link-used"):
        object_to(world, world.mailbox.token_for(old))


def test_a_link_is_good_for_its_own_purpose_only(world, user, old, asked):
    """R37."""
    new, kept = link_to(world, NEW_EMAIL), link_to(world, old)
    for act, token in ((confirm, kept), (object_to, new), (confirm, "guessed"), (object_to, "guessed")):
        with refused(world, "link-unknown"):
            act(world, token)
    with refused(world, "link-unknown"):
        choose_by(world, new)


def test_another_request_takes_the_place_of_the_former_whose_links_are_dead(world, user, old, asked):
    new, kept = link_to(world, NEW_EMAIL), link_to(world, old)
    confirm(world, new)
    change_email(world, user, "third@oliviers.example")
    world.portal.deliver_notifications()
    for act, token in ((confirm, new), (object_to, kept)):
        with refused(world, "link-used"):
            act(world, token)
    wait(world)
    assert email_of(world, user) == old
    confirm(world, link_to(world, "third@oliviers.example"))
    assert email_of(world, user) == "third@oliviers.example"


@pytest.mark.parametrize(
    ("happened", "confirming", "objecting"),
    [
        (close, "account-is-closed", "account-is-closed"),
        (suspend, "account-is-suspended", None),
        (lambda world, user: erase(world, close(world, user)), "link-unknown", "link-unknown"),
        (lambda world, user: reopen(world, close(world, user)), "link-used", "link-used"),
        (lambda world, user: operate(world, "close_organization"), "account-is-closed", "account-is-closed"),
    ],
)
def test_what_became_of_the_account_meanwhile_is_told(world, user, old, asked, happened, confirming, objecting):
    """R1, R14, R17, R18."""
    new, kept = link_to(world, NEW_EMAIL), link_to(world, old)
    happened(world, user)
    with refused(world, confirming):
        confirm(world, new)
    if objecting:
        with refused(world, objecting):
            object_to(world, kept)
    else:
        object_to(world, kept)


@pytest.mark.parametrize(
    "happened",
    [
        close,
        lambda world, user: reopen(world, close(world, user)),
        lambda world, user: operate(world, "close_organization"),
    ],
)
def test_what_was_confirmed_does_not_take_effect_on_an_account_that_ended(world, user, old, asked, happened):
    """R14."""
    confirm(world, link_to(world, NEW_EMAIL))
    happened(world, user)
    wait(world)
    assert email_of(world, user) == old
    assert not events(world, EmailChanged)


def test_of_an_address_that_was_on_its_way_nothing_is_left_once_the_account_is_reopened(world, user, asked):
    """R14, R41."""
    reopen(world, close(world, user))
    assert show(world, user).person.wanted is None


# Somebody else took the address meanwhile


@pytest.mark.parametrize("who", ["owner", "administrator"])
def test_whoever_confirms_is_told(world, user, session, who):
    """R11."""
    change_email(world, user, by=session if who == "owner" else None)
    token = link_to(world, NEW_EMAIL)
    wait(world)
    create(world, email=NEW_EMAIL)
    with refused(world, "email-taken"):
        confirm(world, token)


def test_what_was_confirmed_early_ends_and_the_administrator_is_told(world, user, old, asked):
    """R11."""
    confirm(world, link_to(world, NEW_EMAIL))
    create(world, email=NEW_EMAIL)
    wait(world)
    assert email_of(world, user) == old
    assert events(world, EmailKept) == [EmailKept(user.id, 1, "email-taken")]
    world.portal.deliver_notifications()
    assert told(world, email_of(world, world.admin))[-1] is MessageKind.EMAIL_KEPT
    assert MessageKind.EMAIL_CHANGED not in told(world, old)


# Of a person who never signed in, at once


@pytest.fixture
def created(world):
    """With two letters on their way to an address that was typed wrongly."""
    return create(world, email="luk.petit@oliviers.example")


def test_it_takes_effect_at_once_and_the_credentials_leave_for_the_new_address(world, created):
    change_email(world, created, "luc.petit@oliviers.example")
    assert email_of(world, created) == "luc.petit@oliviers.example"
    world.portal.deliver_notifications()
    assert world.portal.sign_in(*world.letters_to("luc.petit@oliviers.example"))
    assert told(world, "luk.petit@oliviers.example") == [MessageKind.EMAIL_CHANGED]
    assert events(world, EmailCorrected) == [EmailCorrected(created.id, 1)]


def test_what_arrived_at_the_old_address_is_void(world, created):
    world.portal.deliver_notifications()
    letters = world.letters_to("luk.petit@oliviers.example")
    world.portal.forgot_password(letters[0])
    link = link_to(world, "luk.petit@oliviers.example")
    change_email(world, created, "luc.petit@oliviers.example")
    with refused(world, "sign-in-refused"):
        world.portal.sign_in(*letters)
    with refused(world, "link-used"):
        choose_by(world, link)


def test_a_second_correction_is_as_quick(world, created):
    change_email(world, created, "luq.petit@oliviers.example")
    change_email(world, created, "luc.petit@oliviers.example")
    resend(world, created)
    change_email(world, created, "luc@oliviers.example")
    world.portal.deliver_notifications()
    assert world.portal.sign_in(*world.letters_to("luc@oliviers.example"))


def test_whoever_signed_in_once_is_somebody_even_before_choosing_a_password(world, created):
    world.portal.deliver_notifications()
    world.portal.sign_in(*world.letters_to("luk.petit@oliviers.example"))
    change_email(world, created)
    assert email_of(world, created) == "luk.petit@oliviers.example"


def test_whoever_chose_a_password_by_a_link_is_somebody_without_ever_having_signed_in(world, created):
    """R21."""
    world.portal.deliver_notifications()
    world.portal.forgot_password(world.letters_to("luk.petit@oliviers.example")[0])
    choose_by(world, link_to(world, "luk.petit@oliviers.example"))
    change_email(world, created)
    assert email_of(world, created) == "luk.petit@oliviers.example"


@pytest.mark.parametrize(
    "anew",
    [
        lambda world, user: reopen(world, close(world, user)),
        lambda world, user: force(world, user),
    ],
)
def test_whoever_signed_in_once_stays_somebody_whatever_was_sent_again(world, user, old, session, anew):
    """R14, R24: or closing and reopening would be the way around."""
    anew(world, user)
    change_email(world, user)
    assert email_of(world, user) == old


# What was on its way


def test_a_provisional_password_on_its_way_is_void_and_leaves_anew_for_the_new_address(world, user, old, session):
    force(world, user)
    world.portal.deliver_notifications()
    login, provisional = show(world, user).login.text, world.mailbox.password_for(old)
    change_email(world, user)
    confirm(world, link_to(world, NEW_EMAIL))
    assert world.portal.sign_in(login, provisional)
    wait(world)
    with refused(world, "sign-in-refused"):
        world.portal.sign_in(login, provisional)
    world.portal.deliver_notifications()
    assert world.portal.sign_in(*world.letters_to(NEW_EMAIL))


def test_a_link_on_its_way_is_void_and_leaves_anew_for_the_new_address(world, user, login, old, session):
    """R21."""
    change_email(world, user, by=session)
    token = link_to(world, NEW_EMAIL)
    world.portal.forgot_password(login)
    link = link_to(world, old)
    confirm(world, token)
    with refused(world, "link-used"):
        choose_by(world, link)
    choose_by(world, link_to(world, NEW_EMAIL))
    assert world.portal.sign_in(login, OTHER)


def test_where_none_was_on_its_way_none_leaves(world, user, login):
    world.portal.forgot_password(login)
    wait(world, timedelta(hours=24))
    change_email(world, user, by=world.as_member(user))
    confirm(world, link_to(world, NEW_EMAIL))
    world.portal.deliver_notifications()
    assert told(world, NEW_EMAIL) == [MessageKind.EMAIL_CONFIRMATION]


# Nobody becomes somebody else


def test_whoever_changes_anothers_address_cannot_become_that_person_before_it_could_object(
    world, user, login, old, asked
):
    """The attack that the rule is for: the administrator reads the new address."""
    confirm(world, link_to(world, NEW_EMAIL))
    for _ in range(3):
        wait(world, timedelta(hours=15))
        world.portal.forgot_password(login)
        world.portal.forgot_login("21920023500014", NEW_EMAIL)
        modify(world, user, last_name=f"X{world.clock.now().hour}")
        world.portal.deliver_notifications()
    assert told(world, NEW_EMAIL) == [MessageKind.EMAIL_CONFIRMATION]
    object_to(world, next(each.token for each in world.mailbox.to(old) if each.kind is MessageKind.EMAIL_OBJECTION))
    wait(world, timedelta(days=9))
    world.portal.forgot_password(login)
    world.portal.deliver_notifications()
    assert told(world, NEW_EMAIL) == [MessageKind.EMAIL_CONFIRMATION]


# What is kept of it


def test_replaying_the_journal_gives_the_change_as_it_stands(world, user, session, old):
    """R42."""
    store = world.portal.ports.store

    def replayed():
        with store.reading(world.organization.id) as rows:
            assert replay(records(world)).users[user.id] == rows.find_user(user.id)

    for step in (
        lambda: change_email(world, user),
        lambda: object_to(world, link_to(world, old)),
        lambda: change_email(world, user),
        lambda: confirm(world, link_to(world, NEW_EMAIL)),
        lambda: wait(world),
        lambda: change_email(world, world.as_member(user), "third@oliviers.example"),
        lambda: reopen(world, close(world, user)),
    ):
        step()
        replayed()
    assert len(events(world, EmailChangeAsked, EmailConfirmed, EmailChanged, EmailKept)) == 6


def test_no_address_stands_in_the_journal_or_the_outbox(world, user, session, old, asked):
    """R41."""
    confirm(world, link_to(world, NEW_EMAIL))
    wait(world)
    store = world.portal.ports.store
    everything = repr([entry.body for entry in store.entries(world.organization.id)]) + repr(deliveries(world))
    assert old not in everything
    assert NEW_EMAIL not in everything


def test_erasing_takes_the_address_that_was_wanted_and_the_one_that_was(world, user, session, old, asked):
    """R18, R41."""
    confirm(world, link_to(world, NEW_EMAIL))
    wait(world)
    change_email(world, user, "third@oliviers.example")
    erase(world, close(world, user))
    store = world.portal.ports.store
    with store.reading(world.organization.id) as rows:
        assert rows.find_row(user.id).person is None
    if not isinstance(store, MemoryStore):
        return
    assert not any(address in repr(store) for address in (old, NEW_EMAIL, "third@oliviers.example"))


def test_modifying_other_details_leaves_the_change_on_its_way(world, user, asked):
    """R14."""
    modify(world, user, last_name="Petit")
    wait(world)
    confirm(world, link_to(world, NEW_EMAIL))
    assert email_of(world, user) == NEW_EMAIL


def test_the_next_change_tells_the_address_of_the_one_before(world, user, session, old):
    for email in (NEW_EMAIL, "third@oliviers.example"):
        change_email(world, user, email, by=session)
        confirm(world, link_to(world, email))
        world.portal.deliver_notifications()
    assert told(world, NEW_EMAIL)[-1] is MessageKind.EMAIL_CHANGED
    assert told(world, old).count(MessageKind.EMAIL_CHANGED) == 1


# Whatever the order


class Letters:
    """What happened, as far as letters tell: what was asked for last, who answered, since when nobody can object."""

    def __init__(self):
        self.world = World.administered(MemoryStore())
        self.user = self.world.user()
        self.world.sign_in(self.user)
        self.present = email_of(self.world, self.user)
        self.wanted, self.asked, self.confirmed, self.kept = "nobody@oliviers.example", 0, False, False
        self.ready = self.world.clock.now()

    def ask(self, by=None):
        wanted = f"a{self.asked}@oliviers.example"
        change_email(self.world, self.user, wanted, by=by)
        self.world.portal.deliver_notifications()
        self.wanted, self.asked, self.confirmed, self.kept = wanted, self.asked + 1, False, False
        self.ready = self.world.clock.now() + (timedelta() if by else DELAY)

    def ask_own(self):
        self.ask(self.world.as_member(self.user))

    def confirm(self):
        confirm(self.world, self.world.mailbox.token_for(self.wanted))
        self.confirmed = True

    def object(self):
        object_to(self.world, self.world.mailbox.token_for(self.present))
        self.kept = True

    def take(self):
        create(self.world, email=self.wanted)

    def hours(self):
        wait(self.world, timedelta(hours=17))

    def days(self):
        wait(self.world, DELAY)

    def suspend(self):
        suspend(self.world, self.user)

    def reinstate(self):
        reinstate(self.world, self.user)

    def look(self):
        """No address but what was asked for last, was confirmed, and was not objected to in time."""
        after = email_of(self.world, self.user)
        if after != self.present:
            assert (after, self.confirmed, self.kept) == (self.wanted, True, False)
            assert self.world.clock.now() >= self.ready
            self.present = after


STEPS = ["ask", "ask_own", "confirm", "object", "take", "hours", "days", "suspend", "reinstate"]


@settings(max_examples=60)
@given(steps=st.lists(st.sampled_from(STEPS), max_size=14))
def test_whatever_the_order_no_address_counts_that_was_not_confirmed_or_was_objected_to(steps):
    """R11, R17 too: others take addresses, and suspensions come and go."""
    letters = Letters()
    for step in steps:
        with suppress(Refusal, LookupError):
            getattr(letters, step)()
        letters.look()


def test_joining_a_group_leaves_the_change_on_its_way(world, user, asked):
    """R25."""
    add(world, user, CONSULT)
    wait(world)
    confirm(world, link_to(world, NEW_EMAIL))
    assert email_of(world, user) == NEW_EMAIL


def test_joining_a_group_leaves_the_old_address_to_be_told(world, user, session, old):
    """R25."""
    change_email(world, user, by=session)
    confirm(world, link_to(world, NEW_EMAIL))
    add(world, user, CONSULT)
    world.portal.deliver_notifications()
    assert told(world, old)[-1] is MessageKind.EMAIL_CHANGED


def test_a_corrected_address_is_a_change_that_took_effect(world, created):
    after = change_email(world, created, "luc.petit@oliviers.example")
    assert (after.email_change, after.address) == (EmailChange(1, own=False, state=EmailState.CHANGED), 1)
    assert show(world, created).person.wanted is None


def test_the_security_log_says_who_objected_and_where(world, user, old, asked):
    """R43."""
    object_to(world, link_to(world, old))
    [fact] = logged(world, kind=LineKind.EMAIL_OBJECTED)
    assert (fact.organization, fact.actor) == (world.organization.id, world.as_member(user))
