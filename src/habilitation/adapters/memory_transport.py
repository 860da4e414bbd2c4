"""Letters that stay in the process: for a first try, and for tests."""

from __future__ import annotations

from attrs import field, frozen

from habilitation.domain.messages import Letter
from habilitation.domain.values import Address, EmailAddress


@frozen
class MemoryMailbox:
    """The ``Transport`` that keeps every letter, secrets included, oldest first; nothing else has them."""

    letters: list[Letter] = field(factory=list, repr=False)

    def send(self, letter: Letter) -> None:
        self.letters.append(letter)

    def to(self, email: str) -> list[Letter]:
        """The letters to that address, oldest first; a postal address is its lines."""
        return [letter for letter in self.letters if email in _texts(letter.to)]

    def login_for(self, email: str) -> str:
        """The login that was sent to that address last; ``LookupError`` if none was."""
        return _last(email, [letter.login for letter in self.to(email)])

    def password_for(self, email: str) -> str:
        """The provisional password that was sent to that address last; ``LookupError`` if none was."""
        return _last(email, [letter.password for letter in self.to(email)])

    def token_for(self, email: str) -> str:
        """The secret of the one-time link that was sent to that address last; ``LookupError`` if none was."""
        return _last(email, [letter.token for letter in self.to(email)])


def _texts(address: Address) -> tuple[str, ...]:
    return (address.text, address.normal) if isinstance(address, EmailAddress) else (address.text,)


def _last(email: str, sent: list[str | None]) -> str:
    for secret in reversed(sent):
        if secret is not None:
            return secret
    raise LookupError(f"no such letter was sent to {email}")
