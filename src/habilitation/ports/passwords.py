"""Keeping and judging passwords."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol


class PasswordHasher(Protocol):
    """Turns passwords into hashes that tell by themselves how they were made.

    What is slow (``keep``, ``waste``, ``matches`` against a chosen password) is never called inside a transaction.
    """

    def keep(self, password: str) -> str:
        """The slow hash of a password that a person chose. Raises ``Busy`` when too many are being made.

        A text that no person can have typed is refused: ``PasswordTooLong``, or ``NameMalformed``.
        """
        ...

    def keep_minted(self, password: str) -> str:
        """The quick, salted hash of a password of 100 random bits or more."""
        ...

    def matches(self, password: str, kept: str) -> bool:
        """Whether the hash, of either kind, is that password's; compared in constant time. May raise ``Busy``."""
        ...

    def waste(self, password: str) -> None:
        """Spend the time that verifying a chosen password takes, for a login that does not exist (R22)."""
        ...


class PasswordPolicy(Protocol):
    """What a chosen password must be (R19)."""

    def check(self, password: str, about: Sequence[str]) -> None:
        """Raise ``PasswordTooShort``, ``PasswordTooLong`` or ``PasswordTooWeak``.

        ``about`` holds words that a guesser would try first: the person's names, the login.
        """
        ...
