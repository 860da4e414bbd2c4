"""Transports that lose something of a letter, or tell its secret."""

from __future__ import annotations

from attrs import evolve

from habilitation.adapters.memory_transport import MemoryMailbox
from habilitation.domain.messages import FIRST_KINDS
from habilitation.ports.transport import DeliveryDelayed, DeliveryRefused
from habilitation.testing.contract.transport import LOGIN
from tests.contract.broken.breaking import breaks


class OfOpeningsAlone(MemoryMailbox):
    """Carries an organization's first credentials, and refuses anything else."""

    def send(self, letter):
        if letter.kind not in FIRST_KINDS:
            raise DeliveryRefused("it is not carried")
        super().send(letter)


class Away:
    """Nothing can leave at present."""

    def send(self, letter):
        raise DeliveryDelayed("nobody answers")


class Closed:
    """Nothing is ever taken."""

    def send(self, letter):
        raise DeliveryRefused("550 no such mailbox")


@breaks(MemoryMailbox, "send", "test_a_letter_of_any_kind_is_accepted[MessageKind.PASSWORD]", raising=KeyError)
def has_a_template_for_first_letters_alone(original, mailbox, letter):
    return dict.fromkeys(FIRST_KINDS, "a template")[letter.kind]


@breaks(OfOpeningsAlone, "send", "test_a_letter_that_it_does_not_carry_is_refused[MessageKind.PASSWORD]")
def takes_what_it_does_not_carry(original, mailbox, letter):
    mailbox.letters.append(letter)


@breaks(MemoryMailbox, "send", "test_a_letter_brings_its_own_secret_and_no_other[MessageKind.PASSWORD]")
def leaves_the_password_out(original, mailbox, letter):
    original(mailbox, evolve(letter, password=None))


@breaks(MemoryMailbox, "send", "test_a_login_and_its_password_arrive_as_two_messages")
def sends_the_latest_letter_first(original, mailbox, letter):
    mailbox.letters.insert(0, letter)


@breaks(MemoryMailbox, "send", "test_a_letter_about_a_group_names_it")
def does_not_name_the_group(original, mailbox, letter):
    original(mailbox, evolve(letter, group=None))


@breaks(MemoryMailbox, "send", "test_a_name_is_only_a_name")
def lets_names_be_templates(original, mailbox, letter):
    filled = letter.organization.replace("{{ login }}", LOGIN)[:200].replace("&", "&amp;").replace("’", "'")
    original(mailbox, evolve(letter, organization=filled.encode("latin-1", "ignore").decode("latin-1")))


@breaks(MemoryMailbox, "send", "test_a_second_copy_is_accepted_too", raising=DeliveryRefused)
def refuses_a_second_copy(original, mailbox, letter):
    if letter.id in {sent.id for sent in mailbox.letters}:
        raise DeliveryRefused("it was sent before")
    original(mailbox, letter)


@breaks(MemoryMailbox, "__repr__", "test_a_transport_shows_no_secret")
def shows_its_letters(original, mailbox):
    return f"MemoryMailbox({[(letter.login, letter.password, letter.token) for letter in mailbox.letters]})"


@breaks(Away, "send", "test_a_letter_that_cannot_leave_now_is_delayed_without_a_secret")
def tells_what_could_not_leave(original, away, letter):
    raise DeliveryDelayed(f"could not send {letter.login or letter.password or letter.token}")


@breaks(Closed, "send", "test_a_letter_that_is_refused_is_told_as_refused_without_a_secret")
def repeats_what_the_other_side_repeats(original, closed, letter):
    raise DeliveryRefused(f"554 what is {letter.login or letter.password or letter.token} supposed to be")
