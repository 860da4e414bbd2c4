"""R21: whoever forgot a password is sent a link; whoever forgot a login, the login; nobody learns what exists."""

from __future__ import annotations

from datetime import timedelta

import pytest
from attrs import evolve, field, frozen

from habilitation import Habilitation, Limits
from habilitation.domain.messages import MessageKind
from habilitation.domain.period import Dates
from habilitation.domain.requests import PasswordByLink, PasswordChoice
from habilitation.ports.outbox import MessageState
from habilitation.ports.transport import DeliveryDelayed
from habilitation.testing.world import PASSWORD, SIRETS
from tests.steps import (
    Instead,
    choose_by,
    close,
    create,
    day,
    deliveries,
    erase,
    link_to,
    operate,
    own,
    records,
    refused,
    reinstate,
    remove,
    reopen,
    reserved,
    show,
    suspend,
    unchanged,
)

OTHER = "another long password"
LINKS = (MessageKind.PASSWORD_LINK,)


@pytest.fixture
def user(world):
    return world.user()


@pytest.fixture
def login(world, user):
    return own(world, user)[0]


@pytest.fixture
def email(world, user):
    return show(world, user).person.email.text


@pytest.fixture
def token(world, login, email):
    world.portal.forgot_password(login)
    return link_to(world, email)


def links(world):
    return [delivery for delivery in deliveries(world) if delivery.message.notice.kind in LINKS]


# The password


def test_whoever_forgot_a_password_chooses_another_by_the_link_that_arrives(world, login, token):
    choose_by(world, token)
    assert world.portal.sign_in(login, OTHER)


def test_the_password_in_use_stays_good_until_then(world, login, token):
    assert world.portal.sign_in(login, PASSWORD)
    choose_by(world, token)
    with refused(world, "sign-in-refused"):
        world.portal.sign_in(login, PASSWORD)


def test_a_session_goes_on_until_then(world, user, login, email):
    """R23."""
    session = world.portal.sign_in(login, PASSWORD)
    world.portal.forgot_password(login)
    assert show(world, user, by=session)
    choose_by(world, link_to(world, email))
    with refused(world, "session-ended"):
        show(world, user, by=session)


def test_choosing_opens_no_session_since_the_link_came_without_the_login(world, token):
    """R12."""
    assert choose_by(world, token) is None


def test_whoever_never_chose_one_may_lose_the_provisional_one(world):
    """R19: and it is dead once another is chosen."""
    create(world)
    world.portal.deliver_notifications()
    login, provisional = world.letters_to("luc.petit@oliviers.example")
    world.portal.forgot_password(login)
    token = link_to(world, "luc.petit@oliviers.example")
    assert world.portal.sign_in(login, provisional)
    choose_by(world, token)
    assert world.portal.sign_in(login, OTHER)
    with refused(world, "sign-in-refused"):
        world.portal.sign_in(login, provisional)


def test_a_link_is_good_for_24_hours_after_its_delivery_to_the_second(world, login, email):
    world.portal.forgot_password(login)
    world.clock.move(hours=5)
    token = link_to(world, email)
    world.clock.move(hours=24)
    with refused(world, "link-expired"):
        choose_by(world, token)
    world.clock.move(seconds=-1)
    choose_by(world, token)


def test_the_message_says_until_when(world, token, email):
    assert world.mailbox.to(email)[-1].expires == world.clock.now() + timedelta(hours=24)


def test_how_long_it_is_good_for_is_the_operators_choice(world, login, email):
    world.portal = Habilitation(evolve(world.portal.ports, limits=Limits(password_link=timedelta(hours=1))))
    world.portal.forgot_password(login)
    token = link_to(world, email)
    world.clock.move(hours=1)
    with refused(world, "link-expired"):
        choose_by(world, token)


def test_a_link_works_once(world, login, token):
    choose_by(world, token)
    with refused(world, "link-used"):
        choose_by(world, token, "a third long password")
    assert world.portal.sign_in(login, OTHER)


@pytest.mark.parametrize("one", [0, 1, 2])
def test_of_several_links_each_works_until_one_was_used(world, login, email, one):
    tokens = []
    for _ in range(3):
        world.portal.forgot_password(login)
        tokens.append(link_to(world, email))
    assert len(set(tokens)) == 3
    choose_by(world, tokens[one])
    for token in tokens:
        with refused(world, "link-used"):
            choose_by(world, token, "a third long password")


@frozen
class LosesAnswers:
    """Takes a letter and says, the first time, that it did not."""

    tokens: list[str | None] = field(factory=list)

    def send(self, letter):
        self.tokens.append(letter.token)
        if len(self.tokens) == 1:
            raise DeliveryDelayed("lost")


@pytest.mark.parametrize("one", [0, 1])
def test_a_retried_delivery_makes_another_link_up_and_both_work(world, login, one):
    """R20."""
    transport = LosesAnswers()
    world.portal = Habilitation(evolve(world.portal.ports, transport=transport))
    world.portal.forgot_password(login)
    for _ in range(2):
        world.portal.deliver_notifications()
        world.clock.move(hours=1)
    assert len(set(transport.tokens)) == 2
    choose_by(world, transport.tokens[one])


def test_a_link_that_would_be_good_for_nothing_by_now_is_not_sent(world, login, token):
    """R20: asked for again, and overtaken by the first before it left."""
    world.portal.forgot_password(login)
    choose_by(world, token)
    world.portal.deliver_notifications()
    assert [delivery.state for delivery in links(world)] == [MessageState.DELIVERED, MessageState.DROPPED]


@pytest.mark.parametrize("token", ["", "another", "\ud800", "x" * 10_000])
def test_a_link_that_nobody_sent_is_unknown(world, login, token):
    with refused(world, "link-unknown"):
        choose_by(world, token)


def test_a_link_that_is_over_is_told_to_be_so_for_a_month_and_is_then_unknown(world, login, token):
    """As others are sent theirs: what is over never piles up."""
    lifetime, month, instant = timedelta(hours=24), timedelta(days=30), timedelta(microseconds=1)
    others = [own(world, world.user())[0] for _ in range(2)]
    world.clock.instant += lifetime + month
    for other, told in zip(others, ("link-expired", "link-unknown"), strict=True):
        world.portal.forgot_password(other)
        world.portal.deliver_notifications()
        with refused(world, told):
            choose_by(world, token)
        world.clock.instant += instant


def test_a_session_is_no_link(world, user):
    """R37: nor is any other secret."""
    session = world.sign_in(user)
    with refused(world, "link-unknown"):
        choose_by(world, session.token)


@pytest.mark.parametrize("password", [PASSWORD, "too short"])
def test_a_password_that_is_in_use_or_refused_by_the_policy_is_not_chosen_and_the_link_is_not_used_up(
    world, login, token, password
):
    """R19."""
    with refused(world, "password-unchanged" if password == PASSWORD else "password-too-short"):
        choose_by(world, token, password)
    choose_by(world, token)


def test_the_provisional_one_is_not_chosen_either(world):
    """R19."""
    create(world)
    world.portal.deliver_notifications()
    login, provisional = world.letters_to("luc.petit@oliviers.example")
    world.portal.forgot_password(login)
    token = link_to(world, "luc.petit@oliviers.example")
    with refused(world, "password-unchanged"):
        choose_by(world, token, provisional)


def test_a_link_is_dead_once_the_account_is_closed_and_for_good(world, user, token):
    """R14, I3."""
    close(world, user)
    with refused(world, "account-is-closed"):
        choose_by(world, token)
    reopen(world, user)
    with refused(world, "link-used"):
        choose_by(world, token)


def test_a_link_is_dead_once_the_account_is_removed(world, user, token):
    """R18, I3."""
    remove(world, user)
    with refused(world, "account-is-closed"):
        choose_by(world, token)


def test_a_link_is_dead_once_the_person_was_erased(world, user, token, login, email):
    """R18: nothing is known of it, and nothing is sent any more."""
    erase(world, close(world, user))
    with refused(world, "link-unknown"):
        choose_by(world, token)
    with unchanged(world):
        world.portal.forgot_password(login)
        ask_login(world, email)


def test_a_link_is_dead_once_a_password_was_chosen_otherwise(world):
    """R19, R21."""
    create(world)
    world.portal.deliver_notifications()
    login, provisional = world.letters_to("luc.petit@oliviers.example")
    world.portal.forgot_password(login)
    token = link_to(world, "luc.petit@oliviers.example")
    world.portal.choose_password(PasswordChoice(PASSWORD), by=world.portal.sign_in(login, provisional))
    with refused(world, "link-used"):
        choose_by(world, token)


# To whom nothing is sent


def test_nothing_is_sent_for_a_login_that_is_nobodys_or_none(world):
    with unchanged(world):
        for login in ("00000000", "", "no login", "\ud800", "x" * 10_000):
            assert world.portal.forgot_password(login) is None


def test_nothing_is_sent_for_an_account_that_is_closed(world, user, login):
    close(world, user)
    with unchanged(world):
        world.portal.forgot_password(login)


def test_nothing_is_sent_for_an_account_that_is_suspended(world, user, login, email):
    """R17: reinstated, it is again."""
    suspend(world, user)
    with unchanged(world):
        world.portal.forgot_password(login)
        ask_login(world, email)
    reinstate(world, user)
    world.portal.forgot_password(login)
    assert len(links(world)) == 1


def test_a_link_opens_nothing_while_the_account_is_suspended(world, user, token):
    """R17, R33."""
    suspend(world, user)
    with refused(world, "account-is-suspended"):
        choose_by(world, token)
    reinstate(world, user)
    choose_by(world, token)


def test_nothing_is_sent_in_an_organization_that_is_closed_and_its_links_are_dead(world, login, email, token):
    """R1."""
    operate(world, "close_organization")
    with unchanged(world):
        world.portal.forgot_password(login)
        ask_login(world, email)
    with refused(world, "account-is-closed"):
        choose_by(world, token)


def test_people_of_a_suspended_organization_read_on_and_so_may_have_forgotten_their_password(world, token, login):
    """R2, R33."""
    operate(world, "suspend_organization")
    choose_by(world, token)
    assert world.portal.sign_in(login, OTHER)


def test_nothing_is_sent_for_an_account_that_is_not_open_yet(world):
    user = world.user(dates=Dates(day(2)))
    with unchanged(world):
        world.portal.forgot_password(show(world, user).login.text)


def test_nothing_is_sent_for_the_first_credentials_of_an_organization(world):
    """R4."""
    organization = world.open_organization(SIRETS[1])
    world.portal.deliver_notifications()
    login, _ = world.letters_to(f"contact-{SIRETS[1]}@oliviers.example")
    assert reserved(world)
    with unchanged(world):
        world.portal.forgot_password(login)
    assert organization


def test_nothing_is_sent_to_whoever_is_closed_before_it_leaves(world, user, login):
    world.portal.forgot_password(login)
    close(world, user)
    world.portal.deliver_notifications()
    assert [delivery.state for delivery in links(world)] == [MessageState.DROPPED]


def test_three_messages_a_day_leave_for_an_account_and_no_fourth(world, login):
    for _ in range(3):
        world.portal.forgot_password(login)
        world.clock.move(hours=7)
    with unchanged(world):
        world.portal.forgot_password(login)
    world.clock.move(hours=3)
    world.portal.forgot_password(login)
    with unchanged(world):
        world.portal.forgot_password(login)
    assert len(links(world)) == 4


def test_how_many_is_the_operators_choice(world, login):
    world.portal = Habilitation(evolve(world.portal.ports, limits=Limits(forgotten_a_day=1)))
    world.portal.forgot_password(login)
    with unchanged(world):
        world.portal.forgot_password(login)


def test_choosing_a_password_does_not_make_the_count_start_again(world, login, email):
    for number in range(3):
        world.portal.forgot_password(login)
        choose_by(world, link_to(world, email), f"long password number {number}")
    with unchanged(world):
        world.portal.forgot_password(login)


# The login


def ask_login(world, email, siret=SIRETS[0]):
    return world.portal.forgot_login(siret, email)


def test_whoever_forgot_a_login_is_sent_it_and_nothing_else_changes(world, login, email):
    before = len(world.mailbox.to(email))
    assert ask_login(world, f" {email.upper()} ") is None
    world.portal.deliver_notifications()
    [letter] = world.mailbox.to(email)[before:]
    assert (letter.kind, letter.login, letter.password, letter.token) == (MessageKind.LOGIN_REMINDER, login, None, None)
    assert world.portal.sign_in(login, PASSWORD)


def test_no_login_is_sent_where_the_siret_or_the_address_is_nobodys_or_none(world, login, email):
    world.open_organization(SIRETS[1])
    with unchanged(world):
        for siret, address in (
            (SIRETS[0], "nobody@oliviers.example"),
            (SIRETS[1], email),
            (SIRETS[2], email),
            ("", ""),
            ("not a siret", email),
            (SIRETS[0], "not an address"),
            (SIRETS[0], "\ud800@x.example"),
        ):
            assert ask_login(world, address, siret) is None


def test_no_login_is_sent_to_an_account_that_is_closed_or_to_come(world, user, login, email):
    close(world, user)
    pending = world.user(dates=Dates(day(2)))
    with unchanged(world):
        ask_login(world, email)
        ask_login(world, show(world, pending).person.email.text)


def test_no_login_is_sent_to_the_contact_of_an_organization(world):
    """R4."""
    with unchanged(world):
        ask_login(world, f"contact-{SIRETS[0]}@oliviers.example")


def test_of_two_who_had_an_address_the_one_who_has_it_now_is_sent_the_login(world, user, email):
    """R11."""
    close(world, user)
    other = create(world, email=email)
    world.portal.deliver_notifications()
    ask_login(world, email)
    world.portal.deliver_notifications()
    assert world.mailbox.login_for(email) == show(world, other).login.text


def test_logins_and_passwords_that_were_forgotten_are_counted_together(world, login, email):
    ask_login(world, email)
    world.portal.forgot_password(login)
    ask_login(world, email)
    with unchanged(world):
        ask_login(world, email)
        world.portal.forgot_password(login)


# From one source (R22)


HERE, THERE = "192.0.2.7", "192.0.2.8"


def few(world):
    """The same portal, where whoever tries a fourth time from one source is shut out."""
    return Habilitation(evolve(world.portal.ports, limits=Limits(failures_per_source=3)))


def asking(portal, which, login, email):
    """What was forgotten, asked for from somewhere."""
    if which == "password":
        return lambda source: portal.forgot_password(login, source)
    return lambda source: portal.forgot_login(SIRETS[0], email, source)


@pytest.mark.parametrize("which", ["password", "login"])
def test_a_source_that_asks_too_often_gets_nothing_more_sent_whoever_it_asks_for(world, login, email, which):
    portal = few(world)
    for number in range(3):
        portal.forgot_password(f"{number:08}", HERE)
    before = len(deliveries(world))
    ask = asking(portal, which, login, email)
    ask(HERE)
    assert len(deliveries(world)) == before
    ask(THERE)
    assert len(deliveries(world)) == before + 1


@pytest.mark.parametrize("which", ["password", "login"])
def test_asking_from_one_source_counts_there_and_locks_no_login(world, login, email, which):
    portal = few(world)
    for _ in range(3):
        asking(portal, which, login, email)(HERE)
    with refused(world, "sign-in-refused"):
        portal.sign_in(login, PASSWORD, HERE)
    assert portal.sign_in(login, PASSWORD, THERE)


def test_a_source_that_was_shut_out_may_ask_again_a_quarter_of_an_hour_later(world, login):
    portal = few(world)
    for number in range(3):
        portal.forgot_password(f"{number:08}", HERE)
    world.clock.move(minutes=15)
    before = len(deliveries(world))
    portal.forgot_password(login, HERE)
    assert len(deliveries(world)) == before + 1


def test_where_no_source_is_said_none_is_shut_out(world, login):
    portal = few(world)
    for number in range(5):
        portal.forgot_password(f"{number:08}")
    before = len(deliveries(world))
    portal.forgot_password(login)
    assert len(deliveries(world)) == before + 1


# What is told, and what is not


def test_asking_is_no_act_of_administration(world, login):
    """R40: nothing is in the journal, nor is anything in the way of whoever administers."""
    before = records(world)
    world.portal.forgot_password(login)
    assert records(world) == before


@frozen
class Counting:
    """Counts what is asked of a store."""

    kept: object
    calls: list[str]

    def __getattr__(self, name):
        found = getattr(self.kept, name)
        if not callable(found):
            return Counting(found, self.calls)
        self.calls.append(name)
        return found


@pytest.mark.parametrize("typed", ["known", "closed", "nobody", "malformed", "too often"])
def test_as_much_is_asked_of_the_store_whatever_exists(world, user, login, typed):
    """One count, two readings and one transaction that writes: no more can be told from outside."""
    if typed == "closed":
        close(world, user)
    for _ in range(3 if typed == "too often" else 0):
        world.portal.forgot_password(login)
    calls = []
    ports = world.portal.ports
    counted = Habilitation(evolve(ports, store=Counting(ports.store, calls)))
    calls.clear()
    counted.forgot_password({"nobody": "00000000", "malformed": "no login"}.get(typed, login))
    writes = {"save_telling", "end_session"}
    assert ["write" if call in writes else call for call in calls] == ["count", "by_login", "reading", "write"]


@pytest.mark.parametrize("typed", ["known", "closed", "nobody", "no organization", "malformed", "too often"])
def test_as_much_is_asked_for_a_login_whatever_exists(world, user, email, typed):
    if typed == "closed":
        close(world, user)
    for _ in range(3 if typed == "too often" else 0):
        ask_login(world, email)
    calls = []
    ports = world.portal.ports
    counted = Habilitation(evolve(ports, store=Counting(ports.store, calls)))
    siret = {"no organization": SIRETS[1], "malformed": "none"}.get(typed, SIRETS[0])
    counted.forgot_login(siret, "nobody@oliviers.example" if typed == "nobody" else email)
    writes = {"save_telling", "end_session"}
    assert ["write" if call in writes else call for call in calls] == ["count", "siret_holder", "reading", "write"]


def test_nothing_leaves_while_somebody_waits_for_the_answer(world, login, email):
    """Not even where acts deliver at once: who waits longer would know more."""
    world.portal.deliver_notifications()
    prompt = Habilitation(evolve(world.portal.ports, delivery=timedelta(seconds=5)))
    prompt.forgot_password(login)
    with pytest.raises(LookupError):
        world.mailbox.token_for(email)
    prompt.deliver_notifications()
    assert world.mailbox.token_for(email)


def test_a_password_chosen_by_a_link_is_measured_against_the_persons_own_names(world):
    """R19."""
    user = world.user()
    login, email = own(world, user)
    world.portal.forgot_password(login)
    asked = []

    def check(password, words):
        asked.extend(words)

    portal = Habilitation(evolve(world.portal.ports, policy=Instead(world.portal.ports.policy, {"check": check})))
    portal.choose_password_by_link(PasswordByLink(link_to(world, email), "another long password"))
    assert show(world, user).person.last_name.text in asked
