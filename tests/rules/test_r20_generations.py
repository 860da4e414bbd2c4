"""R20: a message names a generation; what is delivered twice never kills what was chosen meanwhile."""

from __future__ import annotations

import pytest
from attrs import evolve, field, frozen

from habilitation import Habilitation
from habilitation.domain.messages import PASSWORD_KINDS, Letter, MessageKind
from habilitation.domain.requests import DeadLetterSearch, PasswordChoice, UserQuestion
from habilitation.ports.outbox import MessageState
from habilitation.ports.transport import DeliveryDelayed, DeliveryRefused
from habilitation.testing.world import AGENT, PASSWORD, SIRETS
from tests.steps import close, create, deliveries, refused, remove, reopen, unchanged

EMAIL = "luc.petit@oliviers.example"


@frozen
class LosesAnswers:
    """A server that takes each letter and says, the first times, that it did not."""

    letters: list[Letter] = field(factory=list)
    failures: list[Exception] = field(factory=list)

    def send(self, letter: Letter) -> None:
        self.letters.append(letter)
        if self.failures and letter.kind in PASSWORD_KINDS:
            raise self.failures.pop()

    @property
    def passwords(self) -> list[str]:
        return [letter.password for letter in self.letters if letter.password]

    @property
    def login(self) -> str:
        return next(letter.login for letter in reversed(self.letters) if letter.login)


def losing(world, *failures):
    world.portal.deliver_notifications()
    transport = LosesAnswers(failures=list(failures))
    world.portal = Habilitation(evolve(world.portal.ports, transport=transport))
    return transport


def deliver_again(world):
    world.clock.move(hours=7)
    return world.portal.deliver_notifications()


def state_of(world, user, kind=MessageKind.PASSWORD):
    return [d.state for d in deliveries(world) if d.message.notice.about == user.id and d.message.notice.kind is kind]


def twice_delivered(world):
    """A user whose password left twice, the first time unbeknownst to the portal."""
    transport = losing(world, DeliveryDelayed("lost"))
    user = create(world)
    world.portal.deliver_notifications()
    deliver_again(world)
    return user, transport


def test_a_retried_delivery_mints_another_password(world):
    _, transport = twice_delivered(world)
    assert len(set(transport.passwords)) == 2


@pytest.mark.parametrize("one", [0, 1])
def test_every_password_of_one_generation_works(world, one):
    _, transport = twice_delivered(world)
    assert world.portal.sign_in(transport.login, transport.passwords[one])


@pytest.mark.parametrize("one", [0, 1])
def test_until_one_of_them_is_used_which_goes_on_working(world, one):
    _, transport = twice_delivered(world)
    world.portal.sign_in(transport.login, transport.passwords[one])
    with refused(world, "sign-in-refused"):
        world.portal.sign_in(transport.login, transport.passwords[1 - one])
    assert world.portal.sign_in(transport.login, transport.passwords[one])


def test_a_late_retry_never_kills_what_the_user_chose_meanwhile(world):
    transport = losing(world, DeliveryDelayed("lost"))
    user = create(world)
    world.portal.deliver_notifications()
    session = world.portal.sign_in(transport.login, transport.passwords[0])
    world.portal.choose_password(PasswordChoice(PASSWORD), by=session)
    deliver_again(world)
    assert len(transport.passwords) == 1
    assert state_of(world, user) == [MessageState.DROPPED]
    assert world.portal.sign_in(transport.login, PASSWORD)


def test_nor_is_one_minted_once_the_first_was_used(world):
    transport = losing(world, DeliveryDelayed("lost"))
    user = create(world)
    world.portal.deliver_notifications()
    world.portal.sign_in(transport.login, transport.passwords[0])
    deliver_again(world)
    assert (len(transport.passwords), state_of(world, user)) == (1, [MessageState.DROPPED])


def test_nothing_is_minted_for_a_user_closed_meanwhile(world):
    user = create(world)
    close(world, user)
    world.portal.deliver_notifications()
    assert world.mailbox.to(EMAIL) == []
    assert state_of(world, user) == state_of(world, user, MessageKind.LOGIN) == [MessageState.DROPPED]


def test_nor_for_one_removed(world):
    user = create(world)
    remove(world, user)
    world.portal.deliver_notifications()
    assert state_of(world, user) == [MessageState.DROPPED]


def test_reopening_names_another_generation_and_the_earlier_message_says_nothing_more(world):
    """R14: the password of the first message would open nothing."""
    user = create(world)
    close(world, user)
    reopen(world, user)
    world.portal.deliver_notifications()
    assert state_of(world, user) == [MessageState.DROPPED, MessageState.DELIVERED]
    assert world.portal.sign_in(*world.letters_to(EMAIL))


def test_a_password_minted_before_a_reopening_is_dead(world):
    user = create(world)
    world.portal.deliver_notifications()
    old = world.letters_to(EMAIL)
    close(world, user)
    reopen(world, user)
    with refused(world, "sign-in-refused"):
        world.portal.sign_in(*old)


def test_the_first_credentials_follow_the_same_rule(world):
    """R4: their letter may be delivered twice too."""
    transport = losing(world, DeliveryDelayed("lost"))
    world.open_organization(SIRETS[1])
    world.portal.deliver_notifications()
    deliver_again(world)
    one, other = transport.passwords
    world.portal.sign_in(transport.login, other)
    with refused(world, "sign-in-refused"):
        world.portal.sign_in(transport.login, one)


# What becomes of a message


def test_what_cannot_pass_now_is_tried_again_later(world):
    transport = losing(world, DeliveryDelayed("greylisted"))
    user = create(world)
    assert world.portal.deliver_notifications().delayed == 1
    assert world.portal.deliver_notifications().delivered == 0
    world.clock.move(minutes=1)
    assert world.portal.deliver_notifications().delivered == 1
    assert state_of(world, user) == [MessageState.DELIVERED]
    assert len(transport.passwords) == 2


def test_pauses_grow_and_after_ten_attempts_it_is_a_dead_letter(world):
    losing(world, *(DeliveryDelayed("away") for _ in range(30)))
    user = create(world)
    for _ in range(9):
        world.portal.deliver_notifications()
        assert state_of(world, user) == [MessageState.WAITING]
        world.clock.move(hours=7)
    assert world.portal.deliver_notifications().dead == 1
    [dead] = world.portal.list_dead_letters(DeadLetterSearch(), by=AGENT).items
    assert (dead.problem, dead.attempts) == ("away", 10)


def test_what_is_refused_for_good_is_a_dead_letter_at_once(world):
    losing(world, DeliveryRefused("no such mailbox"))
    create(world)
    world.portal.deliver_notifications()
    [dead] = world.portal.list_dead_letters(DeadLetterSearch(world.organization.id), by=AGENT).items
    assert dead.problem == "no such mailbox"
    assert world.portal.list_dead_letters(DeadLetterSearch(world.open_organization(SIRETS[1]).id), by=AGENT).items == ()


def test_what_is_being_sent_is_not_sent_by_another_worker_too(world):
    portal, sent = world.portal, []

    class Slow:
        def send(self, letter):
            sent.append(letter.id)
            assert slow.deliver_notifications().delivered <= 1  # of the other letter

    slow = Habilitation(evolve(portal.ports, transport=Slow()))
    portal.deliver_notifications()
    create(world)
    slow.deliver_notifications()
    assert len(sent) == len(set(sent)) == 2


def test_a_problem_is_forgotten_once_the_letter_is_delivered(world):
    losing(world, DeliveryDelayed("away"))
    user = create(world)
    world.portal.deliver_notifications()
    deliver_again(world)
    assert {d.problem for d in deliveries(world) if d.message.notice.about == user.id} == {""}


def test_a_dead_letter_is_tried_again_when_the_operator_says_so(world):
    transport = losing(world, DeliveryRefused("no such mailbox"))
    user = create(world)
    world.portal.deliver_notifications()
    [dead] = world.portal.list_dead_letters(DeadLetterSearch(), by=AGENT).items
    world.portal.retry_delivery(dead.message.id, by=AGENT)
    world.portal.deliver_notifications()
    assert state_of(world, user) == [MessageState.DELIVERED]
    assert world.portal.sign_in(transport.login, transport.passwords[-1])


def tries_of(world, transport):
    """How many minutes pass before each try, until the letter is dead."""
    pauses, minutes, before = [], 0, len(transport.letters)
    while not world.portal.list_dead_letters(DeadLetterSearch(), by=AGENT).items:
        world.portal.deliver_notifications()
        if len(transport.letters) > before:
            pauses.append(minutes)
            minutes, before = 0, len(transport.letters)
        world.clock.move(minutes=1)
        minutes += 1
    return pauses


def test_a_letter_is_tried_ten_times_ever_more_seldom_and_ten_times_again_if_the_operator_says_so(world):
    """I10."""
    away, slow = DeliveryDelayed("the server is away"), DeliveryDelayed("the server is slow")
    transport = losing(world, *[slow] * 10, away, *[slow] * 9)
    user = create(world)
    doubling = [0, 1, 2, 4, 8, 16, 32, 64, 128, 256]
    assert tries_of(world, transport) == doubling
    [dead] = world.portal.list_dead_letters(DeadLetterSearch(), by=AGENT).items
    assert (dead.message.notice.about, dead.problem) == (user.id, "the server is away")
    world.portal.retry_delivery(dead.message.id, by=AGENT)
    assert tries_of(world, transport) == doubling


def test_only_a_dead_letter_is_tried_again_and_only_by_the_operator(world):
    user = create(world)
    message = next(d.message.id for d in deliveries(world) if d.message.notice.about == user.id)
    with refused(world, "message-not-dead"):
        world.portal.retry_delivery(message, by=AGENT)
    with refused(world, "message-unknown"):
        world.portal.retry_delivery("none", by=AGENT)
    with refused(world, "act-forbidden"):
        world.portal.retry_delivery(message, by=world.admin)
    with refused(world, "act-forbidden"):
        world.portal.list_dead_letters(DeadLetterSearch(), by=world.admin)


def test_no_password_is_in_what_is_said_of_a_failure(world):
    """R12: whatever the transport raises."""

    class Careless:
        def send(self, letter):
            raise RuntimeError(f"could not send {letter.password}")

    world.portal.deliver_notifications()
    world.portal = Habilitation(evolve(world.portal.ports, transport=Careless()))
    user = create(world)
    world.portal.deliver_notifications()
    problems = {d.problem for d in deliveries(world) if d.message.notice.about == user.id}
    assert problems == {"RuntimeError"}


def test_without_an_operators_mailbox_the_message_is_a_visible_dead_letter(world):
    world.portal = Habilitation(evolve(world.portal.ports, operator=None))
    world.portal.deliver_notifications()
    [dead] = world.portal.list_dead_letters(DeadLetterSearch(), by=AGENT).items
    assert "mailbox is not set" in dead.problem


def test_delivering_changes_no_organization(world):
    """Design: a delivery never makes an administrator's act conflict."""
    user = create(world)
    store = world.portal.ports.store
    before = (store.entries(world.organization.id), world.portal.show_user)
    world.portal.deliver_notifications()
    assert store.entries(world.organization.id) == before[0]
    assert world.portal.show_user(UserQuestion(world.organization.id, user.id), by=AGENT)


def test_with_nothing_to_deliver_nothing_happens(world):
    world.portal.deliver_notifications()
    with unchanged(world):
        tally = world.portal.deliver_notifications()
    assert (tally.delivered, tally.delayed, tally.dropped, tally.dead) == (0, 0, 0, 0)


def test_a_delivery_may_be_for_one_organization(world):
    world.portal.deliver_notifications()
    create(world)
    other = world.open_organization(SIRETS[1])
    assert world.portal.deliver_notifications(other.id).delivered == 2
    assert world.mailbox.to(EMAIL) == []


def test_dead_letters_are_read_page_by_page(world):
    losing(world, *[DeliveryRefused("no such mailbox")] * 2)
    create(world)
    create(world, email="another@oliviers.example")
    world.portal.deliver_notifications()
    first = world.portal.list_dead_letters(DeadLetterSearch(size=1), by=AGENT)
    rest = world.portal.list_dead_letters(DeadLetterSearch(after=first.next, size=1), by=AGENT)
    assert (len(first.items), len(rest.items), rest.next) == (1, 1, None)
    assert first.items != rest.items
    with refused(world, "page-size-refused"):
        world.portal.list_dead_letters(DeadLetterSearch(size=0), by=AGENT)


def test_what_left_long_ago_is_kept_thirty_days_and_what_waits_or_is_dead_for_good(world):
    """I10."""
    losing(world, DeliveryRefused("no such mailbox"))
    create(world)
    world.portal.deliver_notifications()
    left = len(deliveries(world))
    world.clock.move(days=29)
    world.portal.deliver_notifications()
    assert len(deliveries(world)) == left
    world.clock.move(days=2)
    world.portal.deliver_notifications()
    assert [kept.state for kept in deliveries(world)] == [MessageState.DEAD]
