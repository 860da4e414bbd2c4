"""Messages sent by SMTP, over a connection whose certificate is always verified.

What is wrong between the portal and its mail server (nobody answers, a certificate that is not trusted, a login that
the server does not take) is ``DeliveryDelayed``: once somebody has repaired it, the same letter passes, so none is
lost. What the server says of the letter itself counts by its code: 4xx is ``DeliveryDelayed``, 5xx ``DeliveryRefused``.
"""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Iterable
from contextlib import suppress
from datetime import timedelta
from enum import Enum
from ipaddress import ip_address
from pathlib import Path

from attrs import Attribute, Factory, field, frozen

from habilitation.adapters.mail.composing import Composer, wire_address
from habilitation.domain.messages import Letter
from habilitation.domain.values import EmailAddress
from habilitation.ports.transport import DeliveryDelayed, DeliveryRefused

LONGEST_ANSWER = 200


class Security(Enum):
    """How the connection is kept from others' eyes."""

    STARTTLS = "starttls"
    """In clear at first, then encrypted before anything is said; refused if the server does not offer it."""
    TLS = "tls"
    """Encrypted from the first byte on."""
    NONE = "none"
    """Not at all: only to this very machine."""


def _only_here_in_clear(settings: SmtpSettings, attribute: Attribute[Security], value: Security) -> None:
    if value is Security.NONE and not _is_loopback(settings.host):
        raise ValueError(f"mail holds passwords: it goes unencrypted to this very machine only, not to {settings.host}")


def _a_port(settings: SmtpSettings, attribute: Attribute[int], value: int) -> None:
    if not 0 < value < 65536:
        raise ValueError(f"a mail server's port is a number from 1 to 65535, not {value}")


def _ascii(settings: SmtpSettings, attribute: Attribute[str], value: str | None) -> None:
    if value is not None and not value.isascii():
        raise ValueError(f"the mail server's {attribute.name} must be in ASCII")


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    with suppress(ValueError):
        return ip_address(host).is_loopback
    return False


@frozen
class SmtpSettings:
    """Which server, and how to speak to it; what cannot be is refused by ``ValueError``."""

    host: str
    port: int = field(validator=_a_port)
    security: Security = field(default=Security.STARTTLS, validator=_only_here_in_clear)
    user: str | None = field(default=None, validator=_ascii)
    password: str = field(default="", repr=False, validator=_ascii)
    ca_file: Path | None = None
    """Certificates to trust instead of the system's."""
    timeout: timedelta = timedelta(seconds=5)
    """For each answer of the server."""


@frozen
class SmtpTransport:
    """The ``Transport`` that hands each letter to a mail server, over a connection of its own."""

    settings: SmtpSettings
    composer: Composer
    _tls: ssl.SSLContext = field(
        init=False,
        repr=False,
        eq=False,
        default=Factory(lambda self: ssl.create_default_context(cafile=self.settings.ca_file), takes_self=True),
    )

    def send(self, letter: Letter) -> None:
        """Return once the server has accepted the message; if it answers no more, a second copy may follow."""
        message = self.composer.compose(letter)
        server = self._connected()
        try:
            server.send_message(message, self.composer.sender, [wire_address(letter)])
        except (smtplib.SMTPException, OSError) as error:
            raise _judged(error, letter) from None  # the cause would tell the address to whatever logs it
        finally:
            _leave(server)

    def _connected(self) -> smtplib.SMTP:
        """A server ready for a message; no secret has been told yet but the settings' own, over what they allow."""
        host, port, timeout = self.settings.host, self.settings.port, self.settings.timeout.total_seconds()
        try:
            if self.settings.security is Security.TLS:
                return self._introduced(smtplib.SMTP_SSL(host, port, timeout=timeout, context=self._tls))
            return self._introduced(smtplib.SMTP(host, port, timeout=timeout))
        except (smtplib.SMTPException, OSError, ValueError) as error:  # a host that can be none is a ValueError
            answer = _without([self.settings.user, self.settings.password], _answer(error))
            raise DeliveryDelayed(f"the mail server cannot be used: {answer}") from None

    def _introduced(self, server: smtplib.SMTP) -> smtplib.SMTP:
        try:
            if self.settings.security is Security.STARTTLS:
                server.starttls(context=self._tls)
            if self.settings.user is not None:
                server.login(self.settings.user, self.settings.password)
        except BaseException:
            server.close()
            raise
        return server


def _leave(server: smtplib.SMTP) -> None:
    with suppress(smtplib.SMTPException, OSError):  # the letter's fate is known: no goodbye changes it
        server.quit()
    server.close()


def _judged(error: Exception, letter: Letter) -> DeliveryDelayed | DeliveryRefused:
    """What the server's answer means for the letter."""
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return DeliveryRefused("the mail server does not take addresses with accents (SMTPUTF8)")
    normal = letter.to.normal if isinstance(letter.to, EmailAddress) else None
    hidden = [letter.to.text, normal, wire_address(letter), letter.login, letter.password, letter.token]
    answer = _without(hidden, _answer(error))
    if isinstance(error, smtplib.SMTPRecipientsRefused | smtplib.SMTPResponseException) and answer.startswith("5"):
        return DeliveryRefused(f"the mail server refused the message: {answer}")
    return DeliveryDelayed(f"the mail server did not take the message: {answer}")


def _answer(error: Exception) -> str:
    """The server's code and words, or what kept it from answering."""
    match error:
        case smtplib.SMTPRecipientsRefused(recipients=refused):
            return _coded(*next(iter(refused.values())))
        case smtplib.SMTPResponseException(smtp_code=code, smtp_error=text):
            return _coded(code, text)
        case ssl.SSLCertVerificationError(verify_message=message):
            return f"its certificate is not trusted ({message})"
        case TimeoutError():
            return "it did not answer in time"
    return str(error)


def _coded(code: int, text: bytes | str) -> str:
    words = text.decode(errors="replace") if isinstance(text, bytes) else text
    return f"{code} {' '.join(words.split())}"


def _without(hidden: Iterable[str | None], text: str) -> str:
    """A bounded answer, without what a server may have repeated of a letter or of the settings."""
    for secret in filter(None, hidden):
        text = re.sub(re.escape(secret), "…", text, flags=re.IGNORECASE)
    return text[:LONGEST_ANSWER]
