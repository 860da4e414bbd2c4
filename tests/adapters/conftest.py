"""A real mail server on loopback, an authority that it is certified by, and a transport that trusts it."""

import ssl
from datetime import timedelta

import pytest
import trustme

from habilitation.adapters.mail import Security, SmtpSettings, SmtpTransport
from tests.adapters.letters import COMPOSER
from tests.adapters.mailserver import Mailboxes


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def ca_file(authority, tmp_path_factory):
    path = tmp_path_factory.mktemp("authority") / "ca.pem"
    authority.cert_pem.write_to_path(path)
    return path


@pytest.fixture(scope="module")
def tls(authority) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    return context


@pytest.fixture
def mailboxes() -> Mailboxes:
    return Mailboxes()


@pytest.fixture
def mailer(ca_file):
    """A transport to that port of this machine, which trusts the authority."""

    def made(port: int, security: Security = Security.STARTTLS, **settings) -> SmtpTransport:
        asked = {"timeout": timedelta(seconds=2), "ca_file": ca_file, **settings}
        return SmtpTransport(SmtpSettings("127.0.0.1", port, security, **asked), COMPOSER)

    return made
