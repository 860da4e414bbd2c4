"""Fakes of the ports that ask the machine or cost time: each under twenty lines, passed by constructor."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from attrs import Factory, define, frozen

from habilitation.domain.refusals import (
    EmailMalformed,
    EmailNotNominative,
    IdentityTokenRefused,
    PasswordTooShort,
    PhoneMalformed,
)
from habilitation.domain.requests import IdentityProof
from habilitation.domain.values import EmailAddress, Identity, PhoneNumber
from habilitation.ports.notices import FirstAuthenticationText

A_SUNDAY_IN_PARIS = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


@define
class SettableClock:
    """Stands still until somebody moves it."""

    instant: datetime = A_SUNDAY_IN_PARIS
    zone: ZoneInfo = ZoneInfo("Europe/Paris")
    tolerance: timedelta = timedelta(minutes=5)

    def now(self) -> datetime:
        return self.instant

    def move(self, **by: float) -> None:
        """Let time pass: ``clock.move(days=1)``."""
        self.instant += timedelta(**by)


@frozen
class NumberedIds:
    """Ids that count: easy to read in a failure, and in order."""

    prefix: str = "id"
    numbers: count[int] = Factory(lambda: count(1))

    def new(self) -> str:
        return f"{self.prefix}-{next(self.numbers):06}"


@frozen
class QuickHasher:
    """Hashes at once: never for real passwords."""

    def keep(self, password: str) -> str:
        return hashlib.sha256(password.encode(errors="surrogatepass")).hexdigest()

    keep_minted = keep

    def matches(self, password: str, kept: str) -> bool:
        return self.keep(password) == kept

    def waste(self, password: str) -> None:
        self.keep(password)


@frozen
class LengthOnly:
    """A policy that counts characters."""

    least: int = 12

    def check(self, password: str, about: Sequence[str]) -> None:
        if len(password) < self.least:
            raise PasswordTooShort(self.least)


@frozen
class PlainContact:
    """Reads what is plainly an address or a number; the normal form is in lower case."""

    def email(self, text: str) -> EmailAddress:
        name, _, domain = text.strip().partition("@")
        if not name or "." not in domain:
            raise EmailMalformed()
        return EmailAddress(text.strip(), text.strip().lower())

    def phone(self, text: str) -> PhoneNumber:
        digits = text.replace(" ", "")
        if not digits.removeprefix("+").isdigit():
            raise PhoneMalformed()
        return PhoneNumber(digits)


@frozen
class FewRoles:
    """Knows two role mailboxes."""

    def check(self, email: EmailAddress) -> None:
        if email.normal.startswith(("contact@", "mairie@")):
            raise EmailNotNominative()


@frozen
class PlainTokens:
    """Believes tokens that anybody can write: a subject, and the nonce that it was asked for with."""

    issuer: str = "https://provider.example"

    def proof(self, subject: str, nonce: str = "nonce", given: str = "nonce") -> IdentityProof:
        """What the provider's callback brings to whoever was ``given`` that nonce."""
        return IdentityProof(f"{subject} {nonce}", given)

    def verify(self, token: str, nonce: str) -> Identity:
        subject, _, asked = token.partition(" ")
        if asked != nonce:
            raise IdentityTokenRefused("nonce")
        return Identity(self.issuer, subject)


@frozen
class FixedTexts:
    """The texts of the first-authentication form."""

    version: str = "2026-1"

    def first_authentication(self) -> FirstAuthenticationText:
        return FirstAuthenticationText(self.version, "You are the first.", "How data is used.", "What you answer for.")
