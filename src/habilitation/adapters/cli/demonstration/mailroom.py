"""The messages of the demonstration, read back from the Maildir that they were delivered to."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from attrs import define

from habilitation.adapters.assembly import read_letters
from habilitation.adapters.cli.refusals import MessageMissing
from habilitation.domain.messages import Letter, MessageKind
from habilitation.ports.contact import ContactDetails
from habilitation.ports.transport import DeliveryDelayed, DeliveryRefused, Transport

if TYPE_CHECKING:
    from habilitation.adapters.assembly import ReceivedLetter


@define
class Copying:
    """The ``Transport`` that keeps a copy where it can be read back of whatever the server, if there is one, took."""

    copy: Transport
    server: Transport | None
    problem: str = ""
    """What was met last; without any secret."""

    def send(self, letter: Letter) -> None:
        try:
            if self.server:
                self.server.send(letter)
            self.copy.send(letter)
        except (DeliveryDelayed, DeliveryRefused) as problem:
            self.problem = str(problem)
            raise


@define
class Mailroom:
    """The Maildir, and how much of it was read."""

    path: Path
    contact: ContactDetails
    transport: Copying
    _read: int = 0

    def news(self) -> list[ReceivedLetter]:
        """What was delivered since the last time, oldest first, logins before passwords."""
        letters = self.everything()
        fresh, self._read = letters[self._read :], len(letters)
        return _by_recipient(fresh)

    def credentials_of(self, email: str) -> tuple[str, str]:
        """The login and the provisional password last delivered to that address, from its two messages (R12)."""
        letters = self.to(email)
        logins = [letter.login for letter in letters if letter.login]
        passwords = [letter.password for letter in letters if letter.password]
        if not logins or not passwords:
            raise self._missing()
        return logins[-1], passwords[-1]

    def last(self, email: str, kind: MessageKind) -> ReceivedLetter:
        """The last message of that kind to that address."""
        found = [letter for letter in self.to(email) if letter.kind is kind]
        if not found:
            raise self._missing()
        return found[-1]

    def _missing(self) -> MessageMissing:
        return MessageMissing(self.transport.problem or "–")

    def to(self, email: str) -> list[ReceivedLetter]:
        """Every message to that address, oldest first, logins before passwords."""
        wanted = self.contact.email(email).normal
        found = [letter for letter in self.everything() if self.contact.email(letter.to).normal == wanted]
        return _by_recipient(found)

    def everything(self) -> list[ReceivedLetter]:
        """Every message, oldest first."""
        return read_letters(self.path) if self.path.exists() else []


def _by_recipient(letters: list[ReceivedLetter]) -> list[ReceivedLetter]:
    """Whoever was written to first comes first; of two messages, the login before the password."""
    first = {letter.to: place for place, letter in reversed(list(enumerate(letters)))}
    return sorted(letters, key=lambda letter: (first[letter.to], letter.password is not None))
