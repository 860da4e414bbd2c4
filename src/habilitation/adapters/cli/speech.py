"""What the command says, in the language asked: the domain's texts, and its own from a catalog beside it."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

from attrs import frozen

from habilitation.adapters.assembly import LANGUAGES as LANGUAGES
from habilitation.adapters.assembly import SetupRefused, Texts, texts
from habilitation.domain.refusals import Refusal


@frozen
class Speech:
    """Says everything in one language."""

    language: str
    words: Texts
    own: Mapping[str, Any]

    @classmethod
    def in_language(cls, language: str) -> Speech:
        own = tomllib.loads((files(__package__) / f"{language}.toml").read_text("utf-8"))
        return cls(language, texts(language), own)

    def say(self, key: str, **values: object) -> str:
        """The command's own sentence of that name."""
        return str(self.own["sentences"][key]).format(**values)

    def refusal(self, refusal: Refusal) -> str:
        """The refusal as a sentence; one that names where another came from says both."""
        if isinstance(refusal, SetupRefused) and isinstance(refusal.__cause__, Refusal):
            return self.say("refused-there", what=refusal.what, refusal=self.refusal(refusal.__cause__))
        spoken = self._with_detail(refusal)
        sentence = self.own["refusals"].get(refusal.code)
        return sentence.format(**spoken.data) if sentence else self.words.refusal(spoken)

    def _with_detail(self, refusal: Refusal) -> Refusal:
        """The same, with what it says of the database in this language too."""
        detail = self.own["details"].get(getattr(refusal, "detail", None))
        return type(refusal)(detail) if detail else refusal  # a detail is all that such a refusal has

    def day(self, day: date | None) -> str:
        return self.words.day(day) if day else ""

    def instant(self, at: datetime, zone: ZoneInfo) -> str:
        """A civil day and a time of day, in the portal's zone."""
        local = at.astimezone(zone)
        return f"{self.words.day(local.date())} {local:%H:%M}"

    def listed(self, items: Iterable[str]) -> str:
        return ", ".join(items) or self.say("none")
