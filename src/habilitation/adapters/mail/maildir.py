"""Messages put into a Maildir, and read back: for a demonstration, and wherever another program takes them on."""

from __future__ import annotations

import mailbox
import re
from email import message_from_string
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from attrs import field, frozen

from habilitation.adapters.mail.composing import KIND_HEADER, MARGIN, Composer
from habilitation.domain.messages import LINK_KINDS, LOGIN_KINDS, PASSWORD_KINDS, Letter, MessageKind
from habilitation.ports.transport import DeliveryDelayed

_ALONE = re.compile(rf"^{MARGIN}(\S+)$", re.MULTILINE)


@frozen
class MaildirTransport:
    """The ``Transport`` that puts every message into one Maildir, made if need be, which only its owner can open."""

    path: Path
    composer: Composer

    def send(self, letter: Letter) -> None:
        """Return once the message is on the disk; whatever the disk answers is ``DeliveryDelayed``."""
        message = self.composer.compose(letter)
        written = message.as_bytes(policy=message.policy.clone(linesep="\n"))
        try:
            mailbox.Maildir(self.path, create=True).add(written)
        except OSError as error:
            raise DeliveryDelayed(f"the Maildir cannot be written: {error.strerror}") from None


@frozen
class ReceivedLetter:
    """A message as its recipient finds it. Its secrets, and the texts that hold them, are never shown."""

    kind: MessageKind
    to: str
    subject: str
    text: str = field(repr=False)
    html: str = field(repr=False)
    login: str | None = field(default=None, repr=False)
    password: str | None = field(default=None, repr=False)
    link: str | None = field(default=None, repr=False)


def read_letters(path: Path, to: str | None = None, kind: MessageKind | None = None) -> list[ReceivedLetter]:
    """The messages of a Maildir, oldest first: all, or those to an address or of a kind."""
    letters = [received(file.read_bytes()) for file in _oldest_first(path)]
    return [letter for letter in letters if to in (None, letter.to) and kind in (None, letter.kind)]


def received(written: bytes) -> ReceivedLetter:
    """What one of our messages says, with the login, password or link that it brings; its headers may be UTF-8."""
    message = message_from_string(written.decode().replace("\r\n", "\n"), policy=default)
    kind, text = MessageKind(message[KIND_HEADER]), _part(message, "plain")
    found = _ALONE.search(text)
    return ReceivedLetter(
        kind,
        message["To"].addresses[0].addr_spec,
        message["Subject"],
        text,
        _part(message, "html"),
        login=found[1] if found and kind in LOGIN_KINDS else None,
        password=found[1] if found and kind in PASSWORD_KINDS else None,
        link=found[1] if found and kind in LINK_KINDS else None,
    )


def _part(message: EmailMessage, subtype: str) -> str:
    body = message.get_body((subtype,))
    return body.get_content() if body else ""


def _oldest_first(path: Path) -> list[Path]:
    files = [file for folder in ("new", "cur") for file in (path / folder).glob("*")]
    return sorted(files, key=lambda file: file.stat().st_mtime_ns)
