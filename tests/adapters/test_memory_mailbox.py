"""Letters kept in the process, as the README's first lines read them."""

import pytest

from habilitation.adapters.memory_transport import MemoryMailbox
from habilitation.domain.messages import MessageKind
from habilitation.domain.values import EmailAddress
from tests.adapters.letters import JOSE, LOGIN, MARIE, PASSWORD, a_letter


def test_what_was_sent_to_somebody_is_found_by_either_form_of_the_address():
    mailbox = MemoryMailbox()
    to = EmailAddress("Marie@olivier.example", "marie@olivier.example")
    for kind in (MessageKind.LOGIN, MessageKind.PASSWORD, MessageKind.ROLE_ASSIGNED):
        mailbox.send(a_letter(kind, to=to))
        mailbox.send(a_letter(kind, to=JOSE))
    assert [letter.kind for letter in mailbox.to("marie@olivier.example")] == [
        MessageKind.LOGIN,
        MessageKind.PASSWORD,
        MessageKind.ROLE_ASSIGNED,
    ]
    assert mailbox.login_for(to.text) == mailbox.login_for(to.normal) == LOGIN
    assert mailbox.password_for(to.text) == PASSWORD


def test_the_last_password_sent_is_the_one_that_is_told():
    """R20: a retried delivery mints another."""
    from attrs import evolve

    mailbox = MemoryMailbox()
    mailbox.send(a_letter(MessageKind.PASSWORD))
    mailbox.send(evolve(a_letter(MessageKind.PASSWORD), password="another"))
    assert mailbox.password_for(MARIE.text) == "another"


def test_nobody_else_s_secrets_are_told_nor_shown():
    mailbox = MemoryMailbox()
    mailbox.send(a_letter(MessageKind.PASSWORD))
    with pytest.raises(LookupError):
        mailbox.login_for(MARIE.text)
    with pytest.raises(LookupError):
        mailbox.password_for(JOSE.text)
    assert PASSWORD not in repr(mailbox) + repr(mailbox.letters)
