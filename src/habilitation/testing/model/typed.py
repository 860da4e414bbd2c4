"""What the model makes of typed text: good unless it stands among the known bad ones."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence

from habilitation.testing.model.facts import No
from habilitation.testing.strategies import (
    BAD_CODES,
    BAD_DOCUMENTS,
    BAD_EMAILS,
    BAD_LABELS,
    BAD_NAMES,
    BAD_PASSWORDS,
    BAD_PHONES,
    BAD_POSTALS,
    BAD_SIRETS,
)


def _good(text: str, bad: Mapping[str, str]) -> str:
    if text in bad:
        raise No(bad[text])
    return unicodedata.normalize("NFC", text).strip()


def name(text: str) -> str:
    """A person's last or first name."""
    return _good(text, BAD_NAMES)


def label(text: str) -> str:
    """The name of an organization, of an agreement, of a group."""
    return _good(text, BAD_LABELS)


def email(text: str) -> str:
    """The form in which two addresses are the same."""
    return _good(text, BAD_EMAILS).lower()


def contact(email_text: str, postal: Sequence[str]) -> tuple[str, str]:
    """Both addresses of an organization's contact, as typed; empty where there is none."""
    if email_text.strip():
        email(email_text)
    return email_text.strip(), _good("\n".join(postal), BAD_POSTALS)


def phone(text: str) -> str | None:
    """None where nothing was typed."""
    return _good(text, BAD_PHONES).replace(" ", "") or None


def siret(text: str) -> str:
    """Fourteen digits, in which spaces may stand."""
    return _good(text, BAD_SIRETS).replace(" ", "")


def code(text: str) -> str:
    """A code of the catalog, of a reason, of an agent."""
    return _good(text, BAD_CODES)


def document(text: str) -> str:
    """The reference of a supporting document."""
    return _good(text, BAD_DOCUMENTS)


def password(text: str) -> str:
    """A password of one's own."""
    return _good(text, BAD_PASSWORDS)
