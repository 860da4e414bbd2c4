"""E-mail addresses and telephone numbers as people type them, read without asking any network (R5, R10, R11)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

import phonenumbers
from attrs import frozen
from email_validator import EmailNotValidError, validate_email
from phonenumbers import NumberParseException, PhoneNumberFormat

from habilitation.domain.refusals import EmailMalformed, PhoneMalformed
from habilitation.domain.values import EmailAddress, PhoneNumber

REGIONS = ("FR", "GP", "MQ", "GF", "RE", "YT", "PM", "BL", "MF")
"""The regions whose numbers are written nationally, as ten digits. Any other begins with ``+``."""

HOME: Mapping[str, str] = {
    "0262": "RE",
    "0263": "RE",
    "0269": "YT",
    "0590": "GP",
    "0594": "GF",
    "0596": "MQ",
}
"""The overseas regions that own a prefix which the numbering plan, as the library knows it, would also give to FR."""

LONGEST_TYPED = 1000
"""Characters beyond which nothing is even read; an address has 254 at most."""

_NO_DIGIT = re.compile(r"[^0-9]+")
_TYPED_NUMBER = re.compile(r"\+?[0-9 \u00a0\u202f.()/-]{3,40}")


@frozen
class Contact:
    """The ``ContactDetails`` of a French portal."""

    def email(self, text: str) -> EmailAddress:
        """The address as it was typed, trimmed and in NFC; what mail cannot be sent to raises ``EmailMalformed``.

        The normal form has an ASCII domain (IDNA 2008), fit for the wire, and the local part in NFC and lower case;
        plus-tags stay. Reserved domains, such as ``.test``, are refused, all but ``.example``.
        """
        if len(text) > LONGEST_TYPED:
            raise EmailMalformed()
        try:
            known = validate_email(text.strip(), check_deliverability=False)
        except EmailNotValidError:
            raise EmailMalformed() from None
        local = unicodedata.normalize("NFC", known.local_part.lower())
        return EmailAddress(known.normalized, f"{local}@{known.ascii_domain}")

    def phone(self, text: str) -> PhoneNumber:
        """The number in its international form (E.164); what no region knows raises ``PhoneMalformed``.

        Digits are ASCII; spaces, dots, dashes, slashes and parentheses may stand between them. Extensions and short
        numbers are refused.
        """
        typed = text.strip()
        if not _TYPED_NUMBER.fullmatch(typed):
            raise PhoneMalformed()
        for region in _regions(typed):
            number = _parsed(typed, region)
            if number and phonenumbers.is_valid_number(number):
                return PhoneNumber(phonenumbers.format_number(number, PhoneNumberFormat.E164))
        raise PhoneMalformed()


def for_people(phone: PhoneNumber) -> str:
    """The number in groups, such as ``+33 1 23 45 67 89``."""
    number = _parsed(phone.e164, None)
    return phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL) if number else phone.e164


def _regions(typed: str) -> tuple[str, ...]:
    """Where to look for the number: at home first, then in France, then overseas."""
    prefix = _NO_DIGIT.sub("", typed)[:4]
    return (HOME[prefix], *REGIONS) if prefix in HOME and typed[0] != "+" else REGIONS


def _parsed(typed: str, region: str | None) -> phonenumbers.PhoneNumber | None:
    try:
        return phonenumbers.parse(typed, region)
    except NumberParseException:
        return None
