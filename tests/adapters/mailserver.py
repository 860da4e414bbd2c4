"""A real mail server on loopback, with TLS by an authority of its own, that can be told to misbehave."""

import socket
import ssl
from asyncio import Transport
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from attrs import define, field

ACCEPTED = "250 OK"
USER, WORD = "portal", "sesame-of-the-portal"


@define
class Mailboxes:
    """Keeps what it accepts; ``answers`` to RCPT and to DATA are used up one by one, then everything is accepted."""

    to_recipients: list[str] = field(factory=list)
    to_messages: list[str] = field(factory=list)
    hang_up: int = 0
    """How many times to drop the connection once the message is there."""
    recipients: list[str] = field(factory=list)
    messages: list[bytes] = field(factory=list)
    options: list[list[str]] = field(factory=list)
    known: list[bool] = field(factory=list)
    """Whether the sender had signed in."""
    encrypted: list[bool] = field(factory=list)

    async def handle_RCPT(  # noqa: N802 (aiosmtpd finds it by this name)
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.to_recipients:
            return self.to_recipients.pop(0)
        envelope.rcpt_tos.append(address)
        return ACCEPTED

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        assert isinstance(server.transport, Transport)
        if self.hang_up:
            self.hang_up -= 1
            server.transport.abort()
            return "421 gone"
        if self.to_messages:
            return self.to_messages.pop(0)
        assert isinstance(envelope.original_content, bytes)
        self.messages.append(envelope.original_content)
        self.recipients += envelope.rcpt_tos
        self.options.append(envelope.mail_options)
        self.known.append(bool(session.authenticated))
        self.encrypted.append(server.transport.get_extra_info("sslcontext") is not None)
        return ACCEPTED


def _knows(server: SMTP, session: Session, envelope: Envelope, mechanism: str, given: Any) -> AuthResult:
    known = isinstance(given, LoginPassword) and (given.login, given.password) == (USER.encode(), WORD.encode())
    return AuthResult(success=known, handled=known, auth_data=USER)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def serving(
    mailboxes: Mailboxes,
    *,
    starttls: ssl.SSLContext | None = None,
    tls: ssl.SSLContext | None = None,
    smtputf8: bool = True,
    with_users: bool = False,
) -> Iterator[int]:
    """Serve while the block runs; gives the port."""
    controller = Controller(
        mailboxes,
        hostname="127.0.0.1",
        port=free_port(),
        ssl_context=tls,
        tls_context=starttls,
        require_starttls=starttls is not None,
        enable_SMTPUTF8=smtputf8,
        authenticator=_knows if with_users else None,
        auth_required=with_users,
    )
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()
