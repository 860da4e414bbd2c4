"""What a page says, in one language: the domain's texts, and the pages' own from a catalog beside this."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

from attrs import frozen

from habilitation.adapters.asgi.described import own_words
from habilitation.adapters.assembly import Texts, spoken, texts
from habilitation.domain.refusals import Refusal
from habilitation.domain.values import PhoneNumber

NAMED = ("document", "operator", "agency")


@frozen
class Wording:
    """Says everything in one language; called with the key of a sentence: ``say("users.title")``."""

    language: str
    words: Texts
    own: Mapping[str, Any]
    zone: ZoneInfo
    named: Mapping[str, str]
    """What the operator calls things and itself: ``document``, ``operator``, ``agency``; else as in the guides."""

    @classmethod
    def in_language(cls, language: str, zone: ZoneInfo, named: Mapping[str, str]) -> Wording:
        own = _own(language)
        return cls(
            language, texts(language), own, zone, {name: named.get(name) or own["named"][name] for name in NAMED}
        )

    def __call__(self, key: str, **values: object) -> str:
        section, _, name = key.partition(".")
        sentence = str(self.own[section][name])
        return sentence.format(**{**self.named, **values}) if "{" in sentence else sentence

    def has(self, key: str) -> bool:
        section, _, name = key.partition(".")
        return name in self.own.get(section, {})

    def title(self, use_case: str) -> str:
        """What a use case is called, by its code: ``create-user``."""
        return own_words(self.language)["title"][use_case]

    def refusal(self, refusal: Refusal) -> str:
        sentence = self.own["refusals"].get(refusal.code)
        return str(sentence).format(**refusal.data) if sentence else self.words.refusal(refusal)

    def code(self, code: str) -> str:
        """A refusal of which only the code is known, as a sentence."""
        own = {kind.code: kind.sentence for kind in Refusal.__subclasses__()}
        sentence = self.words.words["refusals"].get(code) or own.get(code, code)
        return self("general.refused") if "{" in sentence else sentence

    def label(self, field: str) -> str:
        return self.words.label(field)

    def day(self, day: date | None) -> str:
        return self.words.day(day) if day else ""

    def instant(self, at: datetime) -> str:
        """A civil day and a time of day, in the portal's zone."""
        local = at.astimezone(self.zone)
        return self("general.instant", day=self.words.day(local.date()), time=f"{local:%H:%M}")

    def phone(self, phone: PhoneNumber | None) -> str:
        return spoken(phone) if phone else ""

    def listed(self, items: Iterable[str]) -> str:
        return ", ".join(items)


@cache
def _own(language: str) -> Mapping[str, Any]:
    return tomllib.loads((files(__package__) / f"{language}.toml").read_text("utf-8"))
