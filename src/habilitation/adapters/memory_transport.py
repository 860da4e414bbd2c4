"""A transport that keeps its letters, for tests and trials: read them as their addressees would."""

from __future__ import annotations

from attrs import Factory, define

from habilitation.domain.messages import Letter


@define
class MemoryMailbox:
    """Every letter sent, oldest first, in this process."""

    letters: list[Letter] = Factory(list)

    def send(self, letter: Letter) -> None:
        self.letters.append(letter)

    def to(self, address: str) -> list[Letter]:
        """The letters sent to that address, oldest first."""
        return [letter for letter in self.letters if letter.to.text == address]

    def credentials_of(self, address: str) -> tuple[str, str]:
        """The latest login and the latest password sent to that address, from its two letters (R12)."""
        letters = self.to(address)
        logins = [letter.login for letter in letters if letter.login]
        passwords = [letter.password for letter in letters if letter.password]
        return logins[-1], passwords[-1]
