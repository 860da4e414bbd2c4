"""Facts in plain sentences: who did what to whom, when, why, and for whom, as far as the reader may know (R36, R40)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from attrs import Factory, define, fields

from habilitation.adapters.cli.speech import Speech
from habilitation.adapters.cli.tables import full_name
from habilitation.application import Habilitation
from habilitation.domain.actors import Actor, Author, OperatorAgent
from habilitation.domain.acts import Role
from habilitation.domain.deeds import Deed
from habilitation.domain.events import Event, MemberAdded
from habilitation.domain.period import Term
from habilitation.domain.refusals import UserUnknown
from habilitation.domain.requests import OrganizationQuestion, UserQuestion
from habilitation.domain.scope import Scope
from habilitation.domain.values import OrganizationId, Place, UserId
from habilitation.use_cases.views import SOME_AGENT


@define
class Names:
    """Puts names to the journal's ids, as far as the reader may know them."""

    portal: Habilitation
    organization: OrganizationId
    reader: Actor
    speech: Speech
    _known: dict[UserId, str] = Factory(dict)
    _agreements: dict[str, str] = Factory(dict)
    _memberships: dict[tuple[UserId, int], Place] = Factory(dict)

    def author(self, by: Author) -> str:
        if by == SOME_AGENT:
            return self.speech.say("operator")
        return self.speech.say("agent", agent=by.agent) if isinstance(by, OperatorAgent) else self.user(by.user)

    def user(self, id: UserId) -> str:
        """The user's name, the id of one who was erased, or that it is somebody whom the reader may not know."""
        if id not in self._known:
            self._known[id] = self._asked(id)
        return self._known[id]

    def _asked(self, id: UserId) -> str:
        try:
            return full_name(self.portal.show_user(UserQuestion(self.organization, id), by=self.reader))
        except UserUnknown:
            return self._of_administrator(id) or self.speech.say("somebody")

    def _of_administrator(self, id: UserId) -> str | None:
        """The one name that everybody may know (R7)."""
        seen = self.portal.who_is_administrator(OrganizationQuestion(self.organization), by=self.reader)
        return seen.name if seen.user == id else None

    def agreement(self, id: str) -> str:
        """The agreement's reference."""
        if not self._agreements:
            listed = self.portal.list_agreements(OrganizationQuestion(self.organization), by=self.reader)
            self._agreements = {agreement.id: agreement.reference for agreement in listed}
        return self._agreements.get(id, id)

    def remember(self, event: Event) -> None:
        """Where the membership is that later events name by its number."""
        if isinstance(event, MemberAdded):
            self._memberships[event.user, event.number] = event.place

    def membership(self, user: UserId, number: int) -> str:
        place = self._memberships.get((user, number))
        return self.place(place) if place else str(number)

    def term(self, term: Term) -> str:
        if term.closing is None:
            return self.speech.say("from", opening=self.speech.day(term.opening))
        return self.speech.say("from-to", opening=self.speech.day(term.opening), closing=self.speech.day(term.closing))

    def scope(self, scope: Scope) -> str:
        if scope.places is None:
            return self.speech.say("all-groups")
        return ", ".join(sorted(map(self.place, scope.places)))

    def place(self, place: Place) -> str:
        return f"{place.group} ({self.agreement(place.agreement)})"


def told(deed: Deed, names: Names) -> str:
    """The fact as a sentence; facts are told in their order, since later ones name a membership by its number."""
    event = deed.fact.event
    names.remember(event)
    said = {"by": _author(deed, names), **_said(event, names)}
    sentence = names.speech.words.sentence(event, **said)
    reason = getattr(event, "reason", None)
    why = names.speech.say("because", reason=reason) if reason else ""
    return f"{sentence[0].upper()}{sentence[1:]}{why}."


def _author(deed: Deed, names: Names) -> str:
    name, say = names.author(deed.fact.by), names.speech.say
    if deed.instead:
        return say("instead", name=name)
    if deed.mandate:
        return say("under", name=name, scope=names.scope(deed.mandate.scope))
    return say("under-some", name=name) if deed.role is Role.MANAGER else name


def _said(event: Event, names: Names) -> dict[str, str]:
    """What the event says, in words; a membership that it names by number, by its place."""
    values = {field.name: getattr(event, field.name) for field in fields(type(event))}
    if "number" in values and "place" not in values:
        values["place"] = names.membership(values["user"], values["number"])
    return {name: _IN_WORDS.get(name, _as_it_is)(names, value) for name, value in values.items() if value is not None}


def _as_it_is(names: Names, value: Any) -> str:
    return str(value)


_IN_WORDS: Mapping[str, Callable[[Names, Any], str]] = {
    "user": lambda names, value: names.user(value),
    "agreement": lambda names, value: names.agreement(value),
    "place": lambda names, value: value if isinstance(value, str) else names.place(value),
    "scope": lambda names, value: names.scope(value),
    "term": lambda names, value: names.term(value),
    "closing": lambda names, value: names.speech.day(value),
    "details": lambda names, value: ", ".join(map(names.speech.words.label, value)),
}
