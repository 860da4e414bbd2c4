"""How an organization's contact is reached: by mail, by post, or by both (R1, R4)."""

from __future__ import annotations

from collections.abc import Iterable

from habilitation.domain.refusals import ContactMissing
from habilitation.domain.values import EmailAddress, Particulars, PostalAddress
from habilitation.ports.contact import ContactDetails


def read_contact(
    email: str, postal: Iterable[str], contact: ContactDetails
) -> tuple[EmailAddress | None, PostalAddress | None]:
    """Read both addresses; an empty one is none."""
    return contact.email(email) if email.strip() else None, PostalAddress.parse(postal, "postal")


def reachable(particulars: Particulars) -> Particulars:
    """The same, if its contact can be sent anything at all."""
    if not (particulars.contact or particulars.postal):
        raise ContactMissing()
    return particulars
