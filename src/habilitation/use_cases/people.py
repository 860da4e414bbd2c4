"""Reading what was typed about a person (R5, R10)."""

from __future__ import annotations

from attrs import evolve

from habilitation.domain.refusals import EmailConfirmationDiffers, PhoneConfirmationDiffers, Refusal
from habilitation.domain.requests import AdministratorClaim, EmailChanging, NewUser, UserChanges
from habilitation.domain.values import EmailAddress, Person, PersonName, PhoneNumber
from habilitation.ports.contact import ContactDetails


def read_new(asked: NewUser, contact: ContactDetails) -> Person:
    """The person of a creation, whose confirmations, where given, must be the same (R10)."""
    person = _read(asked, contact)
    _require_confirmed(person.email, asked.email_confirmation, contact)
    if asked.phone_confirmation is not None and _number(asked.phone_confirmation, contact) != person.phone:
        raise PhoneConfirmationDiffers()
    return person


def read_claimant(asked: AdministratorClaim, contact: ContactDetails) -> Person:
    """The person of a claim (R5)."""
    return _read(asked, contact)


def _read(asked: NewUser | AdministratorClaim, contact: ContactDetails) -> Person:
    return Person(
        PersonName.parse(asked.last_name, "last_name"),
        PersonName.parse(asked.first_name, "first_name"),
        contact.email(asked.email),
        read_phone(asked.phone, contact),
    )


def read_phone(text: str, contact: ContactDetails) -> PhoneNumber | None:
    """None where nothing was typed: a telephone number is never required."""
    return contact.phone(text) if text.strip() else None


def read_changes(before: Person, asked: UserChanges, contact: ContactDetails) -> Person:
    """The person with what was changed; what was left out stays as it is (R14)."""
    last, first, phone = asked.last_name, asked.first_name, asked.phone
    return evolve(
        before,
        last_name=before.last_name if last is None else PersonName.parse(last, "last_name"),
        first_name=before.first_name if first is None else PersonName.parse(first, "first_name"),
        phone=before.phone if phone is None else read_phone(phone, contact),
    )


def read_email(asked: EmailChanging, contact: ContactDetails) -> EmailAddress:
    """The address asked for, whose confirmation, where given, must be the same (R10, R13)."""
    email = contact.email(asked.email)
    _require_confirmed(email, asked.email_confirmation, contact)
    return email


def _require_confirmed(email: EmailAddress, confirmation: str | None, contact: ContactDetails) -> None:
    if confirmation is not None and _normal(confirmation, contact) != email.normal:
        raise EmailConfirmationDiffers()


def _normal(text: str, contact: ContactDetails) -> str | None:
    """The normal form of a confirmation; one that cannot be read is simply different."""
    try:
        return contact.email(text).normal
    except Refusal:
        return None


def _number(text: str, contact: ContactDetails) -> PhoneNumber | str | None:
    try:
        return read_phone(text, contact)
    except Refusal:
        return text
