"""What a request asks, field by field: read from its one declaration, for pages to draw and for an API to describe.

Labels are those of the texts' catalogs, by the fields' names: ``texts(language).label(field.name)``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime
from enum import Enum
from functools import cache
from typing import Any, get_origin

from attrs import frozen

from habilitation.adapters.asgi.declared import Declared, declared_fields
from habilitation.domain.period import Dates
from habilitation.domain.refusals import DaySkipped, Refusal
from habilitation.domain.requests import Reason
from habilitation.domain.scope import Scope
from habilitation.domain.values import LONGEST_NAME, LONGEST_NOTE


class Format(Enum):
    """How a field is typed."""

    TEXT = "text"
    LINES = "lines"
    EMAIL = "email"
    PHONE = "phone"
    DAY = "date"
    PASSWORD = "password"
    YES_NO = "boolean"
    ONE = "choice"
    SEVERAL = "choices"
    INSTANT = "instant"
    """With its offset; one that may be a civil day too is ``DAY_OR_INSTANT``."""
    DAY_OR_INSTANT = "date-or-instant"
    NUMBER = "number"
    PLACES = "places"
    """Groups of agreements: each has the names of both."""
    TOKEN = "token"
    """What a link or an identity provider brought: nobody types it."""


@frozen
class Field:
    """One thing to type or to choose."""

    name: str
    format: Format
    required: bool
    most: int | None = None
    """The longest text that is read."""
    confirms: str | None = None
    """The field that it repeats (R10)."""


BY_PLACE = frozenset({"organization", "agreement", "user", "membership"})
"""What a form's own place says, and nobody types."""
TYPED: Mapping[str, Format] = {
    "email": Format.EMAIL,
    "email_confirmation": Format.EMAIL,
    "contact": Format.EMAIL,
    "postal": Format.LINES,
    "phone": Format.PHONE,
    "phone_confirmation": Format.PHONE,
    "password": Format.PASSWORD,
    "current": Format.PASSWORD,
    "group": Format.ONE,
    "service": Format.ONE,
    "incoming": Format.ONE,
    "acknowledged": Format.YES_NO,
    "token": Format.TOKEN,
    "link": Format.TOKEN,
    "id_token": Format.TOKEN,
    "nonce": Format.TOKEN,
}
"""What is not typed as plain text, by name."""
NESTED: Mapping[type, Mapping[str, Field]] = {
    Dates: {
        "opening": Field("opening", Format.DAY, required=False),
        "closing": Field("closing", Format.DAY, required=False),
    },
    Reason: {
        "code": Field("reason", Format.ONE, required=True),
        "text": Field("text", Format.LINES, required=False, most=LONGEST_NOTE),
    },
    Scope: {"places": Field("scope", Format.SEVERAL, required=False)},
}
"""What stands in a request as one value, and in a form as several fields: by their names in that value."""
BY_TYPE: Mapping[Any, Format] = {
    bool: Format.YES_NO,
    date: Format.DAY,
    datetime: Format.INSTANT,
    int: Format.NUMBER,
}
CONFIRMATION = "_confirmation"


@cache
def fields_of(request: type) -> tuple[Field, ...]:
    """The request's fields in the order of its declaration, but for those that the form's place says."""
    return tuple(_fields_of(request))


def _fields_of(request: type) -> Iterator[Field]:
    for declared in declared_fields(request).values():
        if declared.name not in BY_PLACE:
            inner = NESTED.get(declared.bare)
            yield from inner.values() if inner else (field(declared),)


def field(declared: Declared) -> Field:
    """The field of what is declared as one value."""
    name, format = declared.name, _format(declared)
    written = format in (Format.TEXT, Format.EMAIL, Format.PHONE)
    confirms = name.removesuffix(CONFIRMATION) if name.endswith(CONFIRMATION) else None
    return Field(name, format, declared.required, LONGEST_NAME if written else None, confirms)


def _format(declared: Declared) -> Format:
    if declared.any_instant and declared.bare is date:
        return Format.DAY_OR_INSTANT
    if get_origin(declared.bare) is tuple and declared.name not in TYPED:
        return Format.SEVERAL
    return BY_TYPE.get(declared.bare) or TYPED.get(declared.name, Format.TEXT)


# Where a refusal stands

FIELD: Mapping[str, tuple[str, ...]] = {
    "siret-malformed": ("siret", "text"),
    "siret-refused": ("siret", "text"),
    "siret-taken": ("siret",),
    "siret-unchanged": ("siret",),
    "email-malformed": ("email", "contact"),
    "contact-missing": ("contact", "postal"),
    "email-not-nominative": ("email",),
    "email-taken": ("email",),
    "email-unchanged": ("email",),
    "email-changes-too-many": ("email",),
    "email-confirmation-differs": ("email_confirmation",),
    "phone-malformed": ("phone",),
    "phone-confirmation-differs": ("phone_confirmation",),
    "opening-in-past": ("opening",),
    "account-opened-already": ("opening",),
    "agreement-begun-already": ("opening",),
    "membership-begun-already": ("opening",),
    "closing-in-past": ("closing", "on"),
    "closing-not-after-opening": ("closing", "on"),
    "dates-outside-account": ("closing", "opening"),
    "day-skipped": ("opening", "closing", "on"),
    "scope-empty": ("scope",),
    "already-member": ("group", "groups"),
    "group-not-opened": ("group", "groups"),
    "group-suspended": ("group", "groups"),
    "group-unknown": ("group", "groups"),
    "group-retired": ("group", "groups"),
    "group-opened-already": ("group", "groups"),
    "service-not-opened": ("groups", "group"),
    "outside-scope": ("groups", "group"),
    "service-unknown": ("service", "services"),
    "reference-taken": ("reference",),
    "permissions-missing": ("permissions",),
    "permission-of-another-service": ("permissions",),
    "password-too-short": ("password",),
    "password-too-long": ("password",),
    "password-too-weak": ("password",),
    "password-unchanged": ("password",),
    "password-not-asked": ("password",),
    "current-password-wrong": ("current",),
    "text-not-acknowledged": ("acknowledged",),
    "service-defined-already": ("code",),
    "group-defined-already": ("code",),
    "agreement-unknown": ("scope", "agreement"),
    "user-unknown": ("incoming",),
    "holds-seat-already": ("incoming",),
    "permission-unknown": ("permission",),
    "known-in-future": ("known",),
    "cursor-malformed": ("after",),
    "page-size-refused": ("size",),
}
"""The fields that a refusal may be about, by its code, the likeliest first; most others are about the whole."""


def field_of(refusal: Refusal, asked: Collection[str], days: Mapping[str, date | None] | None = None) -> str | None:
    """The field, of those that were asked, which the refusal is about; none if it is about the whole.

    ``days`` are those that were typed: the one that the zone skipped is found by it (R15).
    """
    named = getattr(refusal, "field", None)
    if named is not None:
        return named if named in asked else None
    if isinstance(refusal, DaySkipped):
        asked = [name for name, day in (days or {}).items() if day == refusal.day and name in asked] or asked
    return next((name for name in FIELD.get(refusal.code, ()) if name in asked), None)
