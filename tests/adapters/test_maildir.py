"""Letters put into a Maildir and read back, as the demonstration does."""

import mailbox
import os
import stat

import pytest
from attrs import evolve

from habilitation.adapters.mail import MaildirTransport, read_letters
from habilitation.domain.messages import MessageKind
from habilitation.domain.values import PostalAddress
from habilitation.ports.transport import DeliveryDelayed, DeliveryRefused
from tests.adapters.letters import COMPOSER, JOSE, LOGIN, MARIE, PASSWORD, a_letter


@pytest.fixture
def maildir(tmp_path):
    return MaildirTransport(tmp_path / "mail", COMPOSER)


def test_letters_are_read_back_in_the_order_they_were_sent_in(maildir):
    """R12."""
    for kind in MessageKind:
        maildir.send(a_letter(kind))
    assert [letter.kind for letter in read_letters(maildir.path)] == list(MessageKind)


def test_the_login_and_the_password_of_somebody_are_found_in_their_messages(maildir):
    """R12: two messages."""
    for to in (MARIE, JOSE):
        maildir.send(a_letter(MessageKind.LOGIN, to=to))
        maildir.send(a_letter(MessageKind.PASSWORD, to=to))
    for to in (MARIE, JOSE):
        login, password = read_letters(maildir.path, to=to.text)
        assert (login.login, login.password) == (LOGIN, None)
        assert (password.login, password.password) == (None, PASSWORD)
    assert len(read_letters(maildir.path, kind=MessageKind.LOGIN)) == 2


def test_of_two_copies_the_last_one_is_the_newest(maildir):
    """R20: a retried delivery mints another password."""
    for password in ("FIRST", "SECOND", "THIRD"):
        maildir.send(evolve(a_letter(MessageKind.PASSWORD), password=password))
    assert read_letters(maildir.path, MARIE.text, MessageKind.PASSWORD)[-1].password == "THIRD"


def test_any_mail_program_can_read_it(maildir):
    maildir.send(a_letter())
    [message] = mailbox.Maildir(maildir.path, create=False)
    assert message["To"] == MARIE.text
    assert message.is_multipart()
    [file] = (maildir.path / "new").iterdir()
    assert b"\r" not in file.read_bytes()


def test_nobody_else_on_the_machine_can_open_it(maildir):
    """R12: passwords stand in it."""
    maildir.send(a_letter(MessageKind.PASSWORD))
    assert stat.S_IMODE(maildir.path.stat().st_mode) == 0o700


def test_a_disk_that_cannot_be_written_delays_the_letter_and_says_why(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    with pytest.raises(DeliveryDelayed, match=r"Maildir cannot be written: .*[Dd]irectory"):
        MaildirTransport(blocked / "mail", COMPOSER).send(a_letter(MessageKind.PASSWORD))


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # the mailbox module's open file
def test_a_full_disk_delays_the_letter_and_leaves_no_half_of_it(maildir, monkeypatch):
    def full(descriptor):
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(DeliveryDelayed, match="No space left"):
        maildir.send(a_letter())
    assert read_letters(maildir.path) == []


def test_an_address_that_no_header_can_hold_is_refused(maildir):
    with pytest.raises(DeliveryRefused):
        maildir.send(a_letter(to=evolve(MARIE, text="a@b.example\nBcc: eve@c.example")))


def test_a_maildir_without_mail_or_that_is_not_there_is_empty(maildir):
    assert read_letters(maildir.path) == []


def test_a_letter_that_goes_by_post_is_no_mail(maildir):
    """R4: without a folder for letters it becomes a dead letter, which says so."""
    with pytest.raises(DeliveryRefused, match="by post"):
        maildir.send(evolve(a_letter(MessageKind.FIRST_LOGIN), to=PostalAddress(("OLIVIERS", "92140 CLAMART"))))
    assert read_letters(maildir.path) == []
