"""What people type, good and bad, as hypothesis strategies; each bad text stands beside the code that refuses it."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from habilitation.domain.period import Dates
from habilitation.domain.requests import NewUser
from habilitation.domain.scope import Scope
from habilitation.domain.values import AgreementId, GroupCode, OrganizationId, Place

T = TypeVar("T")

LAST_NAMES = (
    "Martin",
    "D'Arc",
    "N'Guyen",
    "Œuvrard",
    "Le Goff",
    "Saint-Exupéry",
    "d’Ormesson",
    "Nuñez",
    "Łuczak",
    "李",
)
FIRST_NAMES = ("Anne", "José María", "Jeanne", "Zoé", "Thị Minh", "Øyvind", "Anne-Laure", "Élodie")
FULL_WIDTH_SIRET = "".join(chr(0xFF10 + int(digit)) for digit in "21920023500014")
LONGEST_NAME = "Wolfeschlegelsteinhausen" * 10 + "bergerdorff"[:10]

BAD_NAMES: Mapping[str, str] = {
    "": "name-missing",
    " \u00a0 ": "name-missing",
    "Mar\u200btin": "name-malformed",
    "Mar\ntin": "name-malformed",
    "42": "name-malformed",
    LONGEST_NAME + "x": "name-too-long",
}
BAD_LABELS: Mapping[str, str] = {"": "name-missing", "LES\tOLIVIERS": "name-malformed", "L" * 251: "name-too-long"}
BAD_EMAILS: Mapping[str, str] = {"": "email-malformed", "anne": "email-malformed", "@portal.example": "email-malformed"}
BAD_POSTALS: Mapping[str, str] = dict.fromkeys(
    ("LES CHENES", f"LES CHENES\n{'x' * 39}", "\n".join("1234567"), "LES\tCHENES\n92140 CLAMART"),
    "postal-address-malformed",
)
"""Addresses whose lines are no envelope's (R4)."""
BAD_PHONES: Mapping[str, str] = {"twelve": "phone-malformed", "+33 (0)1": "phone-malformed"}
BAD_SIRETS: Mapping[str, str] = {
    "35600000049838": "siret-refused",
    "00000000000000": "siret-refused",
    "2192002350001": "siret-malformed",
    FULL_WIDTH_SIRET: "siret-malformed",
    "219-200-235-00014": "siret-malformed",
}
BAD_CODES: Mapping[str, str] = dict.fromkeys(("", "é", "two words", "-x", "x" * 65), "reference-malformed")
BAD_DOCUMENTS: Mapping[str, str] = dict.fromkeys(("", "n°3", " 3", "x" * 65), "reference-malformed")
BAD_MAILBOXES = ("contact", "mairie")
"""What the fake policy of nominative mailboxes refuses (R6)."""
BAD_PASSWORDS: Mapping[str, str] = {"short": "password-too-short", "": "password-too-short"}

EMAILS = (
    "anne.martin@oliviers.example",
    "Anne.Martin@Oliviers.Example",
    "anne.martin+afas@oliviers.example",
    "élodie@oliviers.example",
    "ÉLODIE@oliviers.example",
    "jeanne@oliviers.example",
    "mairie@oliviers.example",
)
"""Few, so that they meet: some differ by case only, one is a role's, one has a plus sign, one an accent."""
PHONES = ("", "0123456789", "01 23 45 67 89", "+33 1 23 45 67 89", "0590 12 34 56", "0262 12 34 56")
REAL_SIRETS = ("21920023500014", "130 025 265 00013", "12002701600357", "35600000009075", "35600000000048")

CLOCKS: Mapping[str, tuple[ZoneInfo, datetime]] = {
    "summer time begins": (ZoneInfo("Europe/Paris"), datetime(2026, 3, 27, 9, 30, tzinfo=UTC)),
    "summer time ends": (ZoneInfo("Europe/Paris"), datetime(2026, 10, 23, 21, 45, tzinfo=UTC)),
    "no midnight": (ZoneInfo("America/Santiago"), datetime(2026, 9, 4, 12, 0, tzinfo=UTC)),
    "no Friday": (ZoneInfo("Pacific/Apia"), datetime(2011, 12, 26, 11, 0, tzinfo=UTC)),
}
"""Where and when civil days are unlike others within a few days."""

_LETTERS = st.characters(categories=("Lu", "Ll", "Lo"))
_IN_NAMES = st.one_of(_LETTERS, st.sampled_from(" '-’"))


def good_or_bad(good: SearchStrategy[str], bad: Collection[str], one_in: int = 12) -> SearchStrategy[str]:
    """Mostly what is good; one time in so many, something that is refused."""
    return st.integers(1, one_in).flatmap(lambda drawn: st.sampled_from(sorted(bad)) if drawn == one_in else good)


def names() -> SearchStrategy[str]:
    """Last or first names that are valid: the known difficult ones, the longest one, and any other."""
    invented = st.builds(lambda first, rest: first + rest, _LETTERS, st.text(_IN_NAMES, max_size=30))
    fitting = invented.filter(lambda name: len(unicodedata.normalize("NFC", name)) <= 250)
    return st.sampled_from((*LAST_NAMES, *FIRST_NAMES, LONGEST_NAME)) | fitting


def emails() -> SearchStrategy[str]:
    """Addresses that any contact port reads; few enough for two users to want the same."""
    return st.sampled_from(EMAILS)


def phones() -> SearchStrategy[str]:
    """Telephone numbers, none included; mainland and overseas ones."""
    return st.sampled_from(PHONES)


@st.composite
def sirets(draw: st.DrawFn) -> str:
    """SIRETs: those that exist, and others whose two checksums hold."""
    if draw(st.booleans()):
        return draw(st.sampled_from(REAL_SIRETS))
    siren = _checked(f"{draw(st.integers(1, 99_999_999)):08}")
    return _checked(siren + f"{draw(st.integers(0, 9999)):04}")


def _checked(digits: str) -> str:
    """The digits and the one that makes Luhn's sum a multiple of ten."""
    doubled = [int(digit) * (2 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(digits))]
    return f"{digits}{-sum(value - 9 if value > 9 else value for value in doubled) % 10}"


def day_offsets() -> SearchStrategy[int | None]:
    """Days from today, or none said: mostly near, so that a change of summer time or a skipped day is met."""
    return st.sampled_from((None, None, 0, 1, 2, 3, 5, 40, -1))


@st.composite
def dates(draw: st.DrawFn, today: date) -> Dates:
    """Opening and closing days around today, good and bad."""
    return Dates(_after(today, draw(day_offsets())), _after(today, draw(day_offsets())))


def _after(today: date, days: int | None) -> date | None:
    return None if days is None else today + timedelta(days=days)


def scopes(places: Sequence[Place]) -> SearchStrategy[Scope]:
    """All groups, or some of those places."""
    return st.just(Scope()) | subsets(places).map(lambda chosen: Scope(frozenset(chosen)))


def subsets(items: Sequence[T], most: int = 3) -> SearchStrategy[tuple[T, ...]]:
    """A few of the items, once each."""
    if not items:
        return st.just(())
    return st.lists(st.sampled_from(items), unique=True, max_size=most).map(tuple)


@st.composite
def new_users(
    draw: st.DrawFn, organization: OrganizationId, agreement: AgreementId, groups: Sequence[GroupCode], today: date
) -> NewUser:
    """The form of R10, mostly filled in well, with confirmations that mostly agree."""
    email, phone = draw(good_or_bad(emails(), BAD_EMAILS)), draw(good_or_bad(phones(), BAD_PHONES))
    return NewUser(
        organization,
        agreement,
        draw(good_or_bad(names(), BAD_NAMES)),
        draw(good_or_bad(names(), BAD_NAMES)),
        email,
        draw(st.sampled_from((None, email, email.upper(), email, "other@oliviers.example"))),
        phone,
        draw(st.sampled_from((None, phone, phone, "0199999999"))),
        draw(dates(today)),
        draw(st.booleans()),
        draw(subsets(groups)),
    )
