"""What nobody may guess."""

from __future__ import annotations

from typing import Protocol

from habilitation.domain.values import Login


class Secrets(Protocol):
    """Draws from a cryptographic source of randomness."""

    def login(self) -> Login:
        """A login, not derived from anything (R11)."""
        ...

    def password(self) -> str:
        """A provisional password of at least 100 random bits, easy to copy from a letter (R19)."""
        ...

    def token(self) -> str:
        """A session's token, of at least 128 random bits."""
        ...

    def salt(self) -> bytes:
        """Sixteen bytes for an erasable text's seal (R41)."""
        ...
