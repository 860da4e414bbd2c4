"""Letters sent to a real mail server, kind or unkind, over real TLS (R12, R20, I10)."""

import socket
import ssl
import time
from datetime import timedelta
from threading import Thread

import pytest
import trustme
from attrs import evolve

from habilitation.adapters.mail import Security, SmtpSettings, SmtpTransport, received
from habilitation.domain.messages import MessageKind
from habilitation.ports.transport import DeliveryDelayed, DeliveryRefused
from tests.adapters.letters import COMPOSER, JOSE, LOGIN, MARIE, PASSWORD, a_letter
from tests.adapters.mailserver import USER, WORD, free_port, serving

# The server's own loop may be collected with a connection that a test made it drop.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore::DeprecationWarning")


@pytest.mark.parametrize("kind", MessageKind)
def test_a_letter_arrives_as_it_was_written(mailboxes, mailer, tls, kind):
    """R12."""
    with serving(mailboxes, starttls=tls) as port:
        mailer(port).send(a_letter(kind))
    [message] = mailboxes.messages
    assert received(message) == received(COMPOSER.compose(a_letter(kind)).as_bytes())
    assert mailboxes.recipients == [MARIE.text]


@pytest.mark.parametrize("security", Security)
def test_starttls_and_tls_encrypt_and_nothing_else_does(mailboxes, mailer, tls, security):
    contexts = {Security.STARTTLS: {"starttls": tls}, Security.TLS: {"tls": tls}, Security.NONE: {}}
    with serving(mailboxes, **contexts[security]) as port:
        mailer(port, security).send(a_letter())
    assert mailboxes.encrypted == [security is not Security.NONE]


@pytest.mark.parametrize("security", [Security.STARTTLS, Security.TLS])
def test_a_certificate_of_nobody_we_trust_gets_nothing_and_the_letter_waits(mailboxes, mailer, tls, tmp_path, security):
    """Once the certificate is repaired the same letter passes: it is delayed, not lost."""
    stranger = tmp_path / "stranger.pem"
    trustme.CA().cert_pem.write_to_path(stranger)
    contexts = {Security.STARTTLS: {"starttls": tls}, Security.TLS: {"tls": tls}}
    with serving(mailboxes, **contexts[security]) as port:
        for ca_file in (stranger, None):
            with pytest.raises(DeliveryDelayed, match="certificate is not trusted"):
                mailer(port, security, ca_file=ca_file).send(a_letter())
    assert mailboxes.messages == []


def test_a_certificate_for_another_host_gets_nothing(mailboxes, mailer, authority):
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("mail.olivier.example").configure_cert(context)
    with serving(mailboxes, tls=context) as port, pytest.raises(DeliveryDelayed, match="certificate is not trusted"):
        mailer(port, Security.TLS).send(a_letter())


def test_a_server_that_stopped_offering_starttls_gets_nothing(mailboxes, mailer):
    """Else whoever sits between could read passwords by dropping one word."""
    with serving(mailboxes) as port, pytest.raises(DeliveryDelayed, match="STARTTLS"):
        mailer(port).send(a_letter(MessageKind.PASSWORD))
    assert mailboxes.messages == []


@pytest.mark.parametrize("host", ["mail.olivier.example", "192.0.2.1", "", "localhost.olivier.example"])
def test_mail_in_clear_leaves_this_machine_for_nowhere(host):
    """R12."""
    with pytest.raises(ValueError, match="unencrypted"):
        SmtpSettings(host, 25, Security.NONE)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.1.2.3", "::1"])
def test_mail_in_clear_may_stay_on_this_machine(host):
    assert SmtpSettings(host, 25, Security.NONE).host == host


def test_a_server_that_wants_a_login_gets_it_over_tls(mailboxes, mailer, tls):
    with serving(mailboxes, starttls=tls, with_users=True) as port:
        mailer(port, user=USER, password=WORD).send(a_letter())
    assert mailboxes.known == [True]


def test_a_login_that_the_server_does_not_take_delays_the_letter_and_is_told_to_no_log(mailboxes, mailer, tls):
    """I10. It is the portal's setting that is wrong, not the letter."""
    with serving(mailboxes, starttls=tls, with_users=True) as port:
        transport = mailer(port, user=USER, password="not-the-word")
        with pytest.raises(DeliveryDelayed, match="535") as delayed:
            transport.send(a_letter())
    assert "not-the-word" not in str(delayed.value) + repr(transport)
    assert delayed.value.__suppress_context__


def test_a_greylisted_letter_is_delayed_and_passes_when_it_comes_back(mailboxes, mailer, tls):
    """R20: what can arrive arrives."""
    mailboxes.to_recipients = ["450 4.2.0 greylisted, come back later"]
    with serving(mailboxes, starttls=tls) as port:
        with pytest.raises(DeliveryDelayed, match=r"450 .* greylisted"):
            mailer(port).send(a_letter())
        assert mailboxes.messages == []
        mailer(port).send(a_letter())
    assert len(mailboxes.messages) == 1


@pytest.mark.parametrize("stage", ["to_recipients", "to_messages"])
@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        ("450 later", DeliveryDelayed),
        ("451 later", DeliveryDelayed),
        ("421 closing", DeliveryDelayed),
        ("550 no such mailbox", DeliveryRefused),
        ("552 too big", DeliveryRefused),
        ("554 no", DeliveryRefused),
    ],
)
def test_the_server_s_code_says_whether_trying_again_may_help(mailboxes, mailer, tls, stage, answer, verdict):
    setattr(mailboxes, stage, [answer])
    with serving(mailboxes, starttls=tls) as port, pytest.raises(verdict, match=answer):
        mailer(port).send(a_letter())
    assert mailboxes.messages == []


def test_a_dropped_connection_delays_the_letter(mailboxes, mailer, tls):
    """R20."""
    mailboxes.hang_up = 1
    with serving(mailboxes, starttls=tls) as port:
        with pytest.raises(DeliveryDelayed):
            mailer(port).send(a_letter())
        mailer(port).send(a_letter())
    assert len(mailboxes.messages) == 1


def test_a_server_that_is_not_there_delays_the_letter(mailer):
    with pytest.raises(DeliveryDelayed, match="refused"):
        mailer(free_port()).send(a_letter())


@pytest.mark.parametrize("greeting", [b"", b"220 ready\r\n", b"SSH-2.0-OpenSSH\r\n", b"554 no service here\r\n"])
def test_a_server_that_says_nothing_more_or_nonsense_delays_the_letter_within_bounds(mailer, greeting):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        connections = []

        def greet():
            connection, _ = listener.accept()
            connection.sendall(greeting)
            connections.append(connection)

        Thread(target=greet, daemon=True).start()
        began = time.monotonic()
        with pytest.raises(DeliveryDelayed):
            mailer(listener.getsockname()[1], timeout=timedelta(seconds=0.2)).send(a_letter())
        assert time.monotonic() - began < 2
        for connection in connections:
            connection.close()


def test_an_address_with_accents_arrives_where_the_server_takes_it(mailboxes, mailer, tls):
    """R11: an accented local part has no ASCII form."""
    with serving(mailboxes, starttls=tls) as port:
        mailer(port).send(a_letter(to=JOSE))
    assert mailboxes.recipients == [JOSE.text]
    assert "SMTPUTF8" in mailboxes.options[0]
    assert received(mailboxes.messages[0]).to == JOSE.text


def test_and_is_refused_for_good_where_the_server_does_not(mailboxes, mailer, tls):
    with serving(mailboxes, starttls=tls, smtputf8=False) as port:
        with pytest.raises(DeliveryRefused, match="SMTPUTF8"):
            mailer(port).send(a_letter(to=JOSE))
        mailer(port).send(a_letter())
    assert mailboxes.recipients == [MARIE.text]


@pytest.mark.parametrize("stage", ["to_recipients", "to_messages"])
@pytest.mark.parametrize("code", [450, 550])
def test_a_server_that_repeats_what_it_was_sent_puts_no_secret_into_our_words(mailboxes, mailer, tls, stage, code):
    """R12, I10: a problem is stored, listed and logged."""
    for kind, secret in ((MessageKind.LOGIN, LOGIN), (MessageKind.PASSWORD, PASSWORD)):
        setattr(mailboxes, stage, [f"{code} <{MARIE.text.upper()}> may not have {secret}, {'x' * 300}"])
        verdict = pytest.raises((DeliveryDelayed, DeliveryRefused), match="may not have")
        with serving(mailboxes, starttls=tls) as port, verdict as problem:
            mailer(port).send(a_letter(kind))
        words = str(problem.value)
        assert secret not in words
        assert MARIE.text not in words.lower()
        assert len(words) < 300
        assert "\n" not in words
        assert problem.value.__cause__ is None
        assert problem.value.__suppress_context__


@pytest.mark.parametrize("port", [0, -1, 65536])
def test_a_port_that_cannot_be_is_refused_at_once(port):
    with pytest.raises(ValueError, match="port"):
        SmtpSettings("mail.olivier.example", port)


@pytest.mark.parametrize("host", ["", "a..b", "x" * 64, "\ud800"])
def test_a_host_that_cannot_be_delays_the_letter(host):
    with pytest.raises(DeliveryDelayed, match="cannot be used"):
        SmtpTransport(SmtpSettings(host, free_port(), timeout=timedelta(seconds=1)), COMPOSER).send(a_letter())


def test_a_password_that_the_protocol_has_no_letters_for_is_refused_without_being_told():
    """I10."""
    with pytest.raises(ValueError, match="must be in ASCII") as refused:
        SmtpSettings("mail.olivier.example", 587, user=USER, password="sésame")
    assert "sésame" not in str(refused.value)


def test_the_settings_show_no_password_and_a_missing_authority_is_told_at_once(tmp_path):
    settings = SmtpSettings("mail.olivier.example", 587, user=USER, password=WORD)
    assert WORD not in repr(settings) + repr(SmtpTransport(settings, COMPOSER))
    with pytest.raises(FileNotFoundError):
        SmtpTransport(evolve(settings, ca_file=tmp_path / "missing.pem"), COMPOSER)


def test_what_cannot_be_written_is_refused_without_asking_the_server(mailer):
    with pytest.raises(DeliveryRefused):
        mailer(1).send(a_letter(to=evolve(MARIE, text="a@b.example\nBcc: eve@c.example")))
