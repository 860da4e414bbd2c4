"""Facts told on a page: names and references are what whoever comes may know (R7, R36, R40)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from attrs import define, field, frozen

from habilitation.adapters.asgi.portal.visit import Visit
from habilitation.adapters.assembly import Telling, Texts
from habilitation.domain.deeds import Deed
from habilitation.domain.requests import NamesQuestion
from habilitation.domain.values import AgreementId, UserId


@frozen
class Line:
    """A fact in words."""

    at: str
    sentence: str


@define
class Sentences(Telling):
    """Tells one visitor what happened in an organization."""

    words: Texts = field(init=False)
    visit: Visit

    def __attrs_post_init__(self) -> None:
        self.words = self.visit.say.words

    def find_names(self, users: frozenset[UserId]) -> Mapping[UserId, str]:
        found = self.visit.portal.name_users(NamesQuestion(self.visit.organization, users), by=self.visit.actor)
        return {id: name or id for id, name in found.items()}

    def find_references(self) -> Mapping[AgreementId, str]:
        return {each.id: each.reference for each in self.visit.agreements}

    def reason(self, code: str) -> str:
        key = f"reason.{code}"
        return self.visit.say(key) if self.visit.say.has(key) else code

    def lines(self, deeds: Iterable[Deed]) -> list[Line]:
        """Each with when it was, in their order."""
        deeds = tuple(deeds)
        self.hear(deeds)
        return [Line(self.visit.say.instant(deed.fact.at), self.told(deed)) for deed in deeds]
