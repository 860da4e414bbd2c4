"""The texts of one language, found by the domain's own codes."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Any, Self

from attrs import frozen

from habilitation.domain.access import Why
from habilitation.domain.acts import Act, Role
from habilitation.domain.events import CatalogEvent, Event
from habilitation.domain.explanation import Link
from habilitation.domain.messages import MessageKind
from habilitation.domain.organization import AgreementState, Control, GroupState, OrganizationState, SeatState
from habilitation.domain.refusals import Refusal
from habilitation.domain.user import Status
from habilitation.ports.outbox import MessageState

LANGUAGES: Mapping[str, str] = {
    "fr": "{0.day:02}/{0.month:02}/{0.year:04}",
    "en": "{0.year:04}-{0.month:02}-{0.day:02}",
}
"""The languages that there are catalogs for, and how each writes a civil day."""

Words = Mapping[str, Mapping[str, str]]


@frozen
class Texts:
    """What people read in one language; made by ``Texts.in_language("fr")``."""

    language: str
    words: Words

    @classmethod
    def in_language(cls, language: str) -> Self:
        """The catalog of ``fr`` or ``en``; any other raises ``ValueError``."""
        return cls(language, _read(language))

    def refusal(self, refusal: Refusal) -> str:
        """The refusal as a sentence; in English, and wherever a catalog has none, it is the refusal's own."""
        sentence = self.words["refusals"].get(refusal.code)
        if sentence is None:
            return str(refusal)
        return sentence.format(**{name: self._readable(name, value) for name, value in refusal.data.items()})

    def why(self, why: Why) -> str:
        return self.words["why"][why.value]

    def status(self, status: Status) -> str:
        return self.words["status"][status.value]

    def act(self, act: Act) -> str:
        return self.words["act"][act.value]

    def role(self, role: Role) -> str:
        return self.words["role"][role.value]

    def seat(self, seat: SeatState) -> str:
        return self.words["seat"][seat.value]

    def organization(self, state: OrganizationState) -> str:
        return self.words["organization"][state.value]

    def control(self, control: Control) -> str:
        return self.words["control"][control.value]

    def group(self, state: GroupState) -> str:
        return self.words["group-state"][state.value]

    def agreement(self, state: AgreementState) -> str:
        return self.words["agreement"][state.value]

    def message(self, kind: MessageKind) -> str:
        return self.words["message"][kind.value]

    def delivery(self, state: MessageState) -> str:
        return self.words["delivery"][state.value]

    def event(self, event: Event | CatalogEvent) -> str:
        return self.words["event"][type(event).__name__]

    def link(self, link: Link) -> str:
        return self.words["link"][link.value]

    def sentence(self, event: Event | CatalogEvent, **said: str) -> str:
        """What happened, with who did it (``by``) and what the event says of it, in words."""
        return self.words["sentence"][type(event).__name__].format(**said)

    def label(self, field: str) -> str:
        """The label of a request's or a view's field; one that has none is shown by its own name."""
        return self.words["label"].get(field, field.replace("_", " "))

    def day(self, day: date) -> str:
        """A civil day: 03/06/2019 in French, 2019-06-03 in English."""
        return LANGUAGES[self.language].format(day)

    def _readable(self, name: str, value: Any) -> Any:
        match name, value:
            case "field", str():
                return self.label(value)
            case "side", str():
                return self.words["side"].get(value, value)
            case "act", str():
                return self.words["act"].get(value, value)
            case _, date():
                return self.day(value)
            case _, timedelta():
                return f"{value / timedelta(minutes=1):.0f}\u00a0min"
        return value


@cache
def _read(language: str) -> Words:
    if language not in LANGUAGES:
        raise ValueError(f"there are no texts in the language {language!r}: choose one of {', '.join(LANGUAGES)}")
    return tomllib.loads((files(__package__) / f"{language}.toml").read_text("utf-8"))
