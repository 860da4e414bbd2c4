"""Facts in plain sentences: who did what to whom, when, why, and for whom, as far as the reader may know (R36, R40)."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from itertools import chain, islice
from typing import Any

from attrs import Factory, define, field, fields

from habilitation.adapters.texts.catalog import Texts
from habilitation.domain.actors import Author, Member, OperatorAgent
from habilitation.domain.acts import Role
from habilitation.domain.deeds import Deed
from habilitation.domain.events import Event, MemberAdded, UserEvent
from habilitation.domain.period import Term
from habilitation.domain.scope import Scope
from habilitation.domain.values import AgreementId, Place, UserId
from habilitation.use_cases.directory import LARGEST_PAGE
from habilitation.use_cases.views import SOME_AGENT


@define
class Telling(ABC):
    """Tells an organization's facts to one reader, in one language; who looks names up says what that reader may know.

    Facts are told in their order, since later ones name a membership by its number.
    """

    words: Texts
    _people: dict[UserId, str] = field(init=False, default=Factory(dict))
    _references: Mapping[AgreementId, str] | None = field(init=False, default=None)
    _memberships: dict[tuple[UserId, int], Place] = field(init=False, default=Factory(dict))

    @abstractmethod
    def find_names(self, users: frozenset[UserId]) -> Mapping[UserId, str]:
        """What those of a page of users are called whom the reader may know; the id, of one who was erased."""

    @abstractmethod
    def find_references(self) -> Mapping[AgreementId, str]:
        """The references of the organization's agreements."""

    def say(self, key: str, **said: str) -> str:
        return self.words.words["told"][key].format(**said)

    def author(self, by: Author) -> str:
        if by == SOME_AGENT:
            return self.say("operator")
        return self.say("agent", agent=by.agent) if isinstance(by, OperatorAgent) else self.user(by.user)

    def learn(self, users: Iterable[UserId]) -> None:
        """Find the names of all of them at once: to ask is a reading, and leaves a line each time (R36)."""
        unknown = iter(sorted(frozenset(users) - self._people.keys()))
        while some := frozenset(islice(unknown, LARGEST_PAGE)):
            found = self.find_names(some)
            self._people |= {id: found.get(id, self.say("somebody")) for id in some}

    def hear(self, deeds: Iterable[Deed], *besides: UserId) -> None:
        """Learn at once who everybody is whom they name, and whoever else will be, before they are told."""
        self.learn([*besides, *chain.from_iterable(map(_named, deeds))])

    def user(self, id: UserId) -> str:
        """The user's name, or that it is somebody whom the reader may not know."""
        self.learn([id])
        return self._people[id]

    def agreement(self, id: AgreementId) -> str:
        """The agreement's reference."""
        if self._references is None:
            self._references = self.find_references()
        return self._references.get(id, id)

    def term(self, term: Term) -> str:
        """From when to when, in days."""
        return self.dates(term.opening, term.closing)

    def dates(self, opening: date, closing: date | None) -> str:
        if closing is None:
            return self.say("from", opening=self.words.day(opening))
        return self.say("from-to", opening=self.words.day(opening), closing=self.words.day(closing))

    def scope(self, scope: Scope) -> str:
        if scope.places is None:
            return self.say("all-groups")
        return ", ".join(sorted(map(self.place, scope.places)))

    def place(self, place: Place) -> str:
        return f"{place.group} ({self.agreement(place.agreement)})"

    def reason(self, code: str) -> str:
        """Why something was done: the code, unless whoever tells has words for it."""
        return code

    def told(self, deed: Deed) -> str:
        """The fact as a sentence."""
        event = deed.fact.event
        if isinstance(event, MemberAdded):
            self._memberships[event.user, event.number] = event.place
        sentence = self.words.sentence(event, by=self._author(deed), **self._said(event))
        reason = getattr(event, "reason", None)
        why = self.say("because", reason=self.reason(reason)) if reason else ""
        return f"{sentence[0].upper()}{sentence[1:]}{why}."

    def _author(self, deed: Deed) -> str:
        name = self.author(deed.fact.by)
        if deed.instead:
            return self.say("instead", name=name)
        if deed.mandate:
            return self.say("under", name=name, scope=self.scope(deed.mandate.scope))
        return self.say("under-some", name=name) if deed.role is Role.MANAGER else name

    def _said(self, event: Event) -> dict[str, str]:
        """What the event says, in words; a membership that it names by number, by its place."""
        values = {field.name: getattr(event, field.name) for field in fields(type(event))}
        if "number" in values and "place" not in values:
            place = self._memberships.get((values["user"], values["number"]))
            values["place"] = place or str(values["number"])
        return {
            name: _IN_WORDS.get(name, _as_it_is)(self, value) for name, value in values.items() if value is not None
        }


def _named(deed: Deed) -> Iterator[UserId]:
    if isinstance(deed.fact.by, Member):
        yield deed.fact.by.user
    if isinstance(deed.fact.event, UserEvent):
        yield deed.fact.event.user


def _as_it_is(telling: Telling, value: Any) -> str:
    return str(value)


_IN_WORDS: Mapping[str, Callable[[Telling, Any], str]] = {
    "user": lambda telling, value: telling.user(value),
    "agreement": lambda telling, value: telling.agreement(value),
    "place": lambda telling, value: value if isinstance(value, str) else telling.place(value),
    "scope": lambda telling, value: telling.scope(value),
    "term": lambda telling, value: telling.term(value),
    "closing": lambda telling, value: telling.words.day(value),
    "details": lambda telling, value: ", ".join(map(telling.words.label, value)),
}
