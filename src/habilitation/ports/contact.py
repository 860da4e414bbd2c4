"""Reading e-mail addresses and telephone numbers as people type them."""

from __future__ import annotations

from typing import Protocol

from habilitation.domain.values import EmailAddress, PhoneNumber


class ContactDetails(Protocol):
    """Knows what can be written to and called; it asks no network."""

    def email(self, text: str) -> EmailAddress:
        """The address, with its normal form: IDNA 2008 domain, local part in NFC and lower case (R11).

        Raises ``EmailMalformed``.
        """
        ...

    def phone(self, text: str) -> PhoneNumber:
        """The number, in its international form. Raises ``PhoneMalformed``."""
        ...


class NominativeMailboxes(Protocol):
    """Tells a person's mailbox from a role's (R6)."""

    def check(self, email: EmailAddress) -> None:
        """Raise ``EmailNotNominative`` for a role's mailbox, such as ``mairie@``."""
        ...
