"""Setting letters and supporting documents as PDF: tagged (PDF/UA-1), in French or English (R4, R12, R26).

The templates are typst; what people wrote reaches them as JSON strings, so that nothing in it is ever read as markup.
Only the fonts that come with typst are used: a page is the same on every machine.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import typst
from attrs import Attribute, field, frozen

from habilitation.domain.messages import LINK_KINDS, LOGIN_KINDS, Letter
from habilitation.domain.values import POSTAL_CHARACTERS, POSTAL_LINES, PhoneNumber, PostalAddress
from habilitation.ports.clock import Clock
from habilitation.ports.notices import OperatorTexts
from habilitation.ports.transport import DeliveryRefused
from habilitation.use_cases.documents import SupportingDocument

LANGUAGES = ("fr", "en")
TOKEN, PURPOSE = "{token}", "{purpose}"
ACCESSIBLE = "ua-1"
_TEMPLATES = Path(__file__).parent / "templates"


def _is_language(typesetter: Typesetter, attribute: Attribute[str], value: str) -> None:
    if value not in LANGUAGES:
        raise ValueError(f"there are no letters in the language {value!r}: choose one of {', '.join(LANGUAGES)}")


def _is_letterhead(typesetter: Typesetter, attribute: Attribute[tuple[str, ...]], value: tuple[str, ...]) -> None:
    if len(value) > POSTAL_LINES or any(len(line) > POSTAL_CHARACTERS for line in value):
        raise ValueError(f"a letterhead has at most {POSTAL_LINES} lines of {POSTAL_CHARACTERS} characters")


@frozen
class Typesetter:
    """Makes PDF files of letters and documents: whose they are, in which language, about which portal."""

    clock: Clock
    texts: OperatorTexts
    """Gives the operator's information notice, which goes with each login (R12)."""
    language: str = field(default="fr", validator=_is_language)
    portal: str = "Mon Compte Partenaire"
    address: str = ""
    """Where to sign in, if people are to be told."""
    operator: str = ""
    """Whom a supporting document is returned to, as a sentence says it; the guides' *votre caf* if empty (R26)."""
    named: str = ""
    """What that document is called; the guides' *pièce justificative n° 3* if empty."""
    letterhead: tuple[str, ...] = field(default=(), validator=_is_letterhead)
    """Who sends letters, and where documents are returned to: the lines of an envelope; the portal's name if none."""
    link: str = ""
    """The page that one-time links lead to, with ``{token}`` in it, and ``{purpose}`` if there is one for each."""
    spoken: Callable[[PhoneNumber], str] = str
    """How a telephone number is written for people."""

    def letter(self, letter: Letter) -> bytes:
        """The letter, ready to be printed, folded in three and put into a window envelope (DL).

        Raises ``DeliveryRefused`` where it has no postal address, is of a kind that nobody gets by post, or brings a
        link where no page was named.
        """
        if not isinstance(letter.to, PostalAddress):
            raise DeliveryRefused("it goes by mail: it has no postal address")
        if letter.kind.value not in self._words["letter"]:
            raise DeliveryRefused("nothing of its kind goes by post")
        return self._set("letter.typ", self._letter_data(letter, letter.to))

    def document(self, asked: SupportingDocument) -> bytes:
        """The supporting document of a waiting membership, to be completed and returned (R26)."""
        return self._set("document.typ", self._document_data(asked))

    # Letters

    def _letter_data(self, letter: Letter, to: PostalAddress) -> dict[str, Any]:
        words = self._words["letter"][letter.kind.value]
        values = {
            "portal": self.portal,
            "organization": letter.organization,
            "person": letter.person.full_name if letter.person else words.get("somebody", ""),
            "until": self._until(letter.expires),
        }
        return {
            "title": words["title"].format(**values),
            "address": [*to.lines[:-1], to.lines[-1].upper()],
            "letterhead": self.letterhead or (self.portal,),
            "date": self._date(),
            "greeting": self._words["greeting"],
            "before": [paragraph.format(**values) for paragraph in words["before"]],
            "secret": letter.login or letter.password or self._link(letter),
            "after": [paragraph.format(**values) for paragraph in words["after"]] + self._where(),
            "small": [self.texts.first_authentication().notice] if letter.kind in LOGIN_KINDS else [],
        }

    def _where(self) -> list[str]:
        """Where to sign in."""
        return [self._words["address"].format(portal=self.portal, address=self.address)] if self.address else []

    def _link(self, letter: Letter) -> str | None:
        if letter.token is None:
            return None
        if TOKEN not in self.link:
            raise DeliveryRefused("the address of the page that links lead to is not set")
        return self.link.replace(PURPOSE, LINK_KINDS[letter.kind].value).replace(TOKEN, letter.token)

    # Supporting documents

    def _document_data(self, asked: SupportingDocument) -> dict[str, Any]:
        words, named = self._words["supporting"], self.named or self._words["document"]
        returned = {"operator": self.operator or self._words["operator"]}
        return {
            "title": named[:1].upper() + named[1:],
            "purpose": words["purpose"].format(**returned),
            "sections": [
                {
                    "title": words[section],
                    "rows": [(words["label"][name], value) for name, value in rows.items() if value],
                }
                for section, rows in self._known(asked).items()
            ],
            "missing": {"title": words["missing"], "fields": words["fields"], "signature": words["signature"]},
            "back": words["back"].format(**returned),
            "letterhead": self.letterhead,
        }

    def _known(self, asked: SupportingDocument) -> Mapping[str, Mapping[str, str]]:
        """What the portal fills in; what it does not know stays empty."""
        person, held = asked.user.person, asked.membership
        return {
            "organization": {
                "name": asked.organization.name,
                "siret": _grouped(asked.organization.siret.digits),
                "agreement": " – ".join(filter(None, (asked.agreement.reference, asked.agreement.name))),
                "administrator": asked.administrator.name or "",
            },
            "user": {
                "last_name": str(person.last_name) if person else "",
                "first_name": str(person.first_name) if person else "",
                "login": str(asked.user.login or ""),
                "email": str(person.email) if person else "",
                "phone": self.spoken(person.phone) if person and person.phone else "",
            },
            "group": {
                "code": f"{held.place.group} – {held.group}",
                "service": asked.service,
                "opening": self._day(held.opening),
                "closing": self._day(held.closing),
                "membership": str(held.number),
            },
        }

    # Words

    @property
    def _words(self) -> Mapping[str, Any]:
        return _catalog(self.language)

    def _date(self) -> str:
        today = self.clock.now().astimezone(self.clock.zone)
        month = self._words["months"][today.month - 1]
        return str(self._words["date"].format(day=today.day, month=month, year=today.year))

    def _day(self, day: date | None) -> str:
        return str(self._words["day"].format(day)) if day else ""

    def _until(self, expires: datetime | None) -> str:
        if expires is None:
            return ""
        at = expires.astimezone(self.clock.zone)
        return str(self._words["until"].format(day=self._day(at.date()), at=at))

    def _set(self, template: str, data: Mapping[str, Any]) -> bytes:
        common = {"lang": self.language, "region": self._words["region"], "author": self.portal}
        given = json.dumps({**common, **data})
        try:
            return _compiled(template, given, self.clock.now(), ACCESSIBLE)
        except (
            typst.TypstError
        ):  # a name in a script that the fonts lack leaves too, with a box where a sign is missing
            return _compiled(template, given, self.clock.now())


def _compiled(template: str, data: str, at: datetime, *standards: Any) -> bytes:
    return typst.compile(
        str(_TEMPLATES / template),
        root=str(_TEMPLATES),
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"data": data},
        pdf_standards=list(standards),
        timestamp=at.replace(microsecond=0),
    )


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False)


@cache
def _catalog(language: str) -> Mapping[str, Any]:
    return tomllib.loads((files(__package__) / f"{language}.toml").read_text("utf-8"))


def _grouped(siret: str) -> str:
    return f"{siret[:3]}\u00a0{siret[3:6]}\u00a0{siret[6:9]}\u00a0{siret[9:]}"
