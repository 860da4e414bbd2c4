"""Keeping passwords, and judging those that people choose (R12, R19, R22).

A password is always taken in Unicode's NFC, so that it is the same from every keyboard; nothing else is changed in it.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from hmac import compare_digest
from threading import BoundedSemaphore

import argon2
from argon2.exceptions import Argon2Error, VerifyMismatchError
from argon2.low_level import error_to_str
from attrs import Factory, field, frozen
from zxcvbn_rs_py import zxcvbn

from habilitation.domain.folding import folded
from habilitation.domain.refusals import (
    Busy,
    DatabaseDamaged,
    NameMalformed,
    PasswordTooLong,
    PasswordTooShort,
    PasswordTooWeak,
    Refusal,
)

LONGEST = 1024
"""Characters beyond which nothing is even read: no policy allows as many."""

_MINTED = "$sha256$"
_SALT_BYTES = 16
_OUT_OF_MEMORY = error_to_str(-22)


@frozen
class Passwords:
    """The ``PasswordHasher``: argon2id for chosen passwords, salted SHA-256 for minted ones.

    ``argon2`` defaults to RFC 9106's second profile, of 64 MB and about 100 ms; a hash tells what it was made with, so
    it may change. At most ``slots`` are computed at once; whoever waits longer than ``patience`` is told ``Busy``.
    """

    argon2: argon2.PasswordHasher = field(factory=argon2.PasswordHasher)
    slots: int = field(factory=lambda: os.cpu_count() or 1)
    patience: timedelta = timedelta(seconds=2)
    _turns: BoundedSemaphore = field(
        init=False, eq=False, repr=False, default=Factory(lambda self: BoundedSemaphore(self.slots), takes_self=True)
    )

    def keep(self, password: str) -> str:
        """The argon2id hash. Raises ``Busy``, or a refusal of what is no password at all."""
        secret = _bytes(password)
        with self._turn():
            return self.argon2.hash(secret)

    def keep_minted(self, password: str) -> str:
        """The salted SHA-256 of a password of 100 random bits or more, which needs no slow hash."""
        return _kept_minted(_bytes(password), secrets.token_hex(_SALT_BYTES))

    def matches(self, password: str, kept: str) -> bool:
        """Whether the hash is that password's. Raises ``Busy``, or ``DatabaseDamaged`` if the hash is no hash."""
        secret = _bytes_or_none(password)
        if secret is None:
            return False
        if kept.startswith(_MINTED):
            return compare_digest(kept, _kept_minted(secret, _salt(kept)))
        return self._verified(secret, kept)

    def waste(self, password: str) -> None:
        """Do what ``matches`` does with a chosen password, for nobody (R22)."""
        secret = _bytes_or_none(password)
        if secret is not None:
            with self._turn():
                self.argon2.hash(secret)

    def _verified(self, secret: bytes, kept: str) -> bool:
        with self._turn():
            try:
                return self.argon2.verify(kept, secret)
            except VerifyMismatchError:
                return False

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if not self._turns.acquire(timeout=self.patience.total_seconds()):
            raise Busy()
        try:
            yield
        except (Argon2Error, ValueError) as error:
            raise _explained(error) from None
        finally:
            self._turns.release()


def _explained(error: Exception) -> Refusal:
    return Busy() if str(error) == _OUT_OF_MEMORY else DatabaseDamaged("a password's hash cannot be read")


def _kept_minted(secret: bytes, salt: str) -> str:
    return f"{_MINTED}{salt}${hashlib.sha256(salt.encode() + secret).hexdigest()}"


def _salt(kept: str) -> str:
    salt, _, digest = kept.removeprefix(_MINTED).partition("$")
    if not (kept.isascii() and salt and digest):
        raise DatabaseDamaged("a password's hash cannot be read")
    return salt


def _normal(password: str) -> str:
    return unicodedata.normalize("NFC", password)


def _bytes(password: str) -> bytes:
    """What is hashed; lone surrogates, which are no characters, are refused."""
    if len(password) > LONGEST:
        raise PasswordTooLong(LONGEST)
    try:
        return _normal(password).encode()
    except UnicodeEncodeError:
        raise NameMalformed("password") from None


def _bytes_or_none(password: str) -> bytes | None:
    try:
        return _bytes(password)
    except Refusal:
        return None


@frozen
class StrengthPolicy:
    """The ``PasswordPolicy`` of R19: a length, counted in characters of the NFC form, and zxcvbn's score, 0 to 4."""

    least: int = 12
    most: int = 128
    score: int = 3
    words: tuple[str, ...] = ()
    """What a guesser tries first at this portal, besides the person's own names: the portal's and the operator's."""

    def check(self, password: str, about: Sequence[str]) -> None:
        """Raise ``PasswordTooShort``, ``PasswordTooLong``, ``PasswordTooWeak``, or ``NameMalformed`` (surrogates)."""
        chosen = _bytes(password).decode()
        if len(chosen) < self.least:
            raise PasswordTooShort(self.least)
        if len(chosen) > self.most:
            raise PasswordTooLong(self.most)
        if int(zxcvbn(chosen, _guesses([*self.words, *about])).score) < self.score:  # an int to its stubs only
            raise PasswordTooWeak()


def _guesses(about: Sequence[str]) -> list[str]:
    """The words that a guesser would try first: whole, and piece by piece, with and without accents."""
    readable = (word.encode(errors="ignore").decode() for word in about)
    pieces = (piece for word in readable for piece in [word, *_pieces(word)])
    return list(dict.fromkeys(form for piece in pieces for form in (piece.casefold(), folded(piece))))


def _pieces(word: str) -> list[str]:
    return "".join(character if character.isalnum() else " " for character in word).split()
