"""Small values, each with one way in: ``parse`` refuses what is not valid.

Constructors check nothing: what was valid when it was stored stays loadable, whatever the rules become.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from typing import NewType

from attrs import evolve, field, frozen

from habilitation.domain.refusals import (
    LoginMalformed,
    NameMalformed,
    NameMissing,
    NameTooLong,
    PostalAddressMalformed,
    ReferenceMalformed,
    SiretMalformed,
    SiretRefused,
)

OrganizationId = NewType("OrganizationId", str)
"""An organization's opaque id; its SIRETs may change, this never does (R1)."""
AgreementId = NewType("AgreementId", str)
"""An agreement's opaque id."""
UserId = NewType("UserId", str)
"""A user's opaque id, in one organization; the only thing about a person that the journal names (R41)."""
MessageId = NewType("MessageId", str)
"""A message's opaque id, by which a second copy of it can be known."""
ServiceCode = NewType("ServiceCode", str)
"""A service of the operator's catalog, such as ``AFAS``."""
GroupCode = NewType("GroupCode", str)
"""An access group of the operator's catalog, such as ``AFAS-DEC``."""
Permission = NewType("Permission", str)
"""What a group gives, such as ``afas:declare``."""
Seal = NewType("Seal", str)
"""The hash by which the journal commits to an erasable text (R41)."""

LONGEST_NAME = 250
POSTAL_LINES, POSTAL_CHARACTERS = 6, 38
"""What NF Z 10-011 leaves to an address: so many lines, and so many characters in each."""
LONGEST_NOTE = 2000
LA_POSTE = "356000000"
CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LOGIN_LENGTH = 8

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,63}")
_REFERENCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ./_-]{0,63}")
_UNPRINTABLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_AS_TYPED = str.maketrans({"O": "0", "I": "1", "L": "1"})


@frozen
class Siret:
    """The fourteen digits by which France knows an establishment (R1)."""

    digits: str

    @classmethod
    def parse(cls, text: str) -> Siret:
        """Read what was typed; ordinary spaces are dropped, anything else but 14 ASCII digits is refused."""
        digits = text.replace(" ", "")
        if len(digits) != 14 or not (digits.isascii() and digits.isdigit()):
            raise SiretMalformed()
        if not _checks(digits):
            raise SiretRefused()
        return cls(digits)

    def __str__(self) -> str:
        return self.digits


def _checks(digits: str) -> bool:
    """Luhn over the SIREN and over the whole; La Poste's own establishments may add up to a multiple of five."""
    siren = digits[:9]
    if siren == "0" * 9 or _luhn(siren) % 10:
        return False
    return _luhn(digits) % 10 == 0 or (siren == LA_POSTE and sum(map(int, digits)) % 5 == 0)


def _luhn(digits: str) -> int:
    doubled = (int(digit) * (2 if place % 2 else 1) for place, digit in enumerate(reversed(digits)))
    return sum(value - 9 if value > 9 else value for value in doubled)


@frozen
class Identity:
    """Whom an identity provider says that somebody is: ``subject`` is unique among those of ``issuer`` (R44)."""

    issuer: str
    subject: str = field(repr=False)

    @property
    def digest(self) -> str:
        """What is kept of it, in hexadecimal: enough to know it again, and to tell nobody who it was (R41)."""
        return hashlib.sha256(f"{self.issuer}\0{self.subject}".encode(errors="surrogatepass")).hexdigest()


@frozen
class EmailAddress:
    """An e-mail address as it is written to, and the normal form that decides who has it already (R11)."""

    text: str
    normal: str

    def __str__(self) -> str:
        return self.text


@frozen
class PhoneNumber:
    """A telephone number in its international form, such as ``+33123456789``."""

    e164: str

    def __str__(self) -> str:
        return self.e164


def require_short(text: str, label: str, most: int) -> None:
    """Refuse a text that is too long whatever its normal form: normalizing takes a time that grows with its square."""
    if len(text) > 4 * most:
        raise NameTooLong(label, most)


def one_line(text: str) -> str | None:
    """The text in NFC, trimmed, if all of it can be printed on one line; else None."""
    if not text.isprintable() and any(unicodedata.category(character) in _UNPRINTABLE for character in text):
        return None
    return unicodedata.normalize("NFC", text).strip()


@frozen
class PostalAddress:
    """Where a letter goes: the lines of its envelope, from whom it is for to the postcode and the town (R4)."""

    lines: tuple[str, ...]

    @classmethod
    def parse(cls, typed: Iterable[str], label: str) -> PostalAddress | None:
        """Read the lines that stood in the field ``label``; blank ones are dropped, and all blank are no address.

        As the postal norm NF Z 10-011 has it, there are six at most, of 38 characters each; one alone leads nowhere.
        """
        split = [line for text in typed for line in text.splitlines() if line.strip()]
        if not split:
            return None
        lines = tuple(filter(None, map(_postal_line, split[: POSTAL_LINES + 1])))
        if len(lines) != len(split) or not 1 < len(lines) <= POSTAL_LINES:
            raise PostalAddressMalformed(label, POSTAL_LINES, POSTAL_CHARACTERS)
        return cls(lines)

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    def __str__(self) -> str:
        return self.text


def _postal_line(line: str) -> str | None:
    read = one_line(line) if len(line) <= 4 * POSTAL_CHARACTERS else None
    return read if read and len(read) <= POSTAL_CHARACTERS else None


Address = EmailAddress | PostalAddress
"""Where somebody is reached: which of the two it is decides how."""


@frozen
class PersonName:
    """A last or a first name, in NFC, free of control and format characters, at most 250 characters long."""

    text: str

    @classmethod
    def parse(cls, text: str, label: str) -> PersonName:
        """Read the name that stood in the field ``label``, which the refusal names (R5, R10)."""
        require_short(text, label, LONGEST_NAME)
        name = one_line(text)
        if name is None:
            raise NameMalformed(label)
        if not name:
            raise NameMissing(label)
        if len(name) > LONGEST_NAME:
            raise NameTooLong(label, LONGEST_NAME)
        if not any(character.isalpha() for character in name):
            raise NameMalformed(label)
        return cls(name)

    def __str__(self) -> str:
        return self.text


@frozen
class Login:
    """Eight characters of Crockford's base 32, drawn at random and never used again (R11)."""

    text: str

    @classmethod
    def parse(cls, text: str) -> Login:
        """Read what was typed as Crockford meant it: any case, O for 0, I and L for 1, spaces and dashes dropped."""
        typed = text.replace(" ", "").replace("-", "").upper().translate(_AS_TYPED)
        if len(typed) != LOGIN_LENGTH or any(character not in CROCKFORD for character in typed):
            raise LoginMalformed()
        return cls(typed)

    @property
    def digest(self) -> str:
        """What the registry keeps forever, so that a dead login is never given again (R11, R41)."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    def __str__(self) -> str:
        return self.text


@frozen
class Person:
    """Who a user is: what the journal must never hold (R41)."""

    last_name: PersonName
    first_name: PersonName
    email: EmailAddress
    phone: PhoneNumber | None = None
    wanted: EmailAddress | None = None
    """The address that is to take the place of ``email`` (R13)."""
    former: EmailAddress | None = None
    """The address that ``email`` took the place of, which is told of it (R13)."""

    def wanting(self, email: EmailAddress | None) -> Person:
        """The same person, to whom that address is to be given; None if nothing is to change any more."""
        return evolve(self, wanted=email)

    def moving(self) -> Person:
        """The same person, at the address that was wanted."""
        assert self.wanted is not None, "only to an address that was asked for"
        return evolve(self, email=self.wanted, wanted=None, former=self.email)

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}"


@frozen
class Particulars:
    """What identifies an organization: beside its journal, as a person stands beside a user (R1, R41)."""

    siret: Siret
    name: str
    contact: EmailAddress | None
    """By mail; by post alone, if there is none."""
    postal: PostalAddress | None = None


@frozen
class Place:
    """A group of an agreement: where a membership is, and what a manager's scope is made of (R28)."""

    agreement: AgreementId
    group: GroupCode


@frozen
class Paper:
    """A free text or a document's reference, erasable, to which the journal commits by its seal (R41)."""

    text: str
    salt: bytes = field(repr=False)

    @property
    def seal(self) -> Seal:
        return Seal(hashlib.sha256(self.salt + self.text.encode()).hexdigest())


def sealed(paper: Paper | None) -> Seal | None:
    """What a journal holds of a text, if there is one (R41)."""
    return paper.seal if paper else None


def reference(text: str, label: str) -> str:
    """Read a document's reference: ASCII letters, digits, spaces and ``. / _ -``, 64 at most."""
    if not _REFERENCE.fullmatch(text):
        raise ReferenceMalformed(label)
    return text


def code(text: str, label: str) -> str:
    """Read a code that may stand in a journal: ASCII letters, digits and ``. _ : -``, 64 at most."""
    if not _CODE.fullmatch(text):
        raise ReferenceMalformed(label)
    return text


def free_text(text: str, label: str) -> str:
    """Read a note of a few lines, for people: no control character but line ends and tabs, 2,000 characters at most."""
    require_short(text, label, LONGEST_NOTE)
    lines = [one_line(line) for line in text.replace("\t", " ").splitlines()]
    if None in lines:
        raise NameMalformed(label)
    if len(text) > LONGEST_NOTE:
        raise NameTooLong(label, LONGEST_NOTE)
    return "\n".join(line or "" for line in lines).strip()


def label_text(text: str, label: str) -> str:
    """Read a short text for people to see, on one line: an organization's name, a group's label."""
    require_short(text, label, LONGEST_NAME)
    line = one_line(text)
    if line is None:
        raise NameMalformed(label)
    if not line:
        raise NameMissing(label)
    if len(line) > LONGEST_NAME:
        raise NameTooLong(label, LONGEST_NAME)
    return line
