"""``habilitation history``: who did what to whom, when, as far as whoever asks may read it (R36, R40)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import click
from attrs import Factory, define, fields

from habilitation.adapters.cli.asking import Asked, asking, console, print_json, user_named
from habilitation.adapters.cli.finding import every, name_of
from habilitation.adapters.cli.speech import Speech
from habilitation.adapters.cli.tables import full_name, plain_table
from habilitation.adapters.serialization import encode
from habilitation.application import Habilitation
from habilitation.domain.actors import Actor, Author, OperatorAgent
from habilitation.domain.events import (
    Event,
    MemberAdded,
    MembershipChanged,
    MembershipEnded,
    RoleAssigned,
    RoleRefused,
)
from habilitation.domain.journal import Record
from habilitation.domain.period import Term
from habilitation.domain.refusals import UserUnknown
from habilitation.domain.requests import HistoryQuestion, OrganizationQuestion, UserQuestion
from habilitation.domain.scope import Scope
from habilitation.domain.values import OrganizationId, Place, UserId
from habilitation.use_cases.directory import LARGEST_PAGE
from habilitation.use_cases.views import SOME_AGENT


@click.command()
@asking
@click.option("--user", metavar="WHO", help="Only what was done to this user: a login, or an id.")
def history(asked: Asked, user: str | None) -> None:
    """Print an organization's journal: who did what to whom, when."""
    with asked.portal() as portal:
        actor = asked.actor(portal)
        organization = asked.organization_of(portal, actor)
        about = user_named(portal, user) if user else None
        records = list(every(portal.history, HistoryQuestion(organization, about, size=LARGEST_PAGE), actor))
        if asked.as_json:
            print_json([record_as_data(record) for record in records])
        else:
            _print(portal, asked, records, Names(portal, organization, actor, asked.speech))


def record_as_data(record: Record[Event]) -> dict[str, Any]:
    """The record as the journal has it."""
    data: dict[str, Any] = json.loads(encode(record.sequence, record.at, record.by, record.event))
    return data


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

    def scope(self, scope: Scope) -> str:
        if scope.places is None:
            return self.speech.say("all-groups")
        return ", ".join(sorted(map(self.place, scope.places)))

    def place(self, place: Place) -> str:
        return f"{place.group} ({self.agreement(place.agreement)})"


def _print(portal: Habilitation, asked: Asked, records: list[Record[Event]], names: Names) -> None:
    out, speech, zone = console(), asked.speech, portal.ports.clock.zone
    named = name_of(portal, names.organization, names.reader)
    out.print(speech.say("history-of", organization=named), style="bold")
    labels = (speech.say("number"), speech.words.label("at"), speech.words.label("by"))
    table = plain_table(*labels, speech.say("event"), speech.say("to-whom"), speech.say("detail"))
    for record in records:
        event = record.event
        names.remember(event)
        about = getattr(event, "user", None)
        table.add_row(
            str(record.sequence),
            speech.instant(record.at, zone),
            names.author(record.by),
            speech.words.event(event),
            names.user(about) if about else "",
            "; ".join(_details(event, names)),
        )
    out.print(table)


def _details(event: Event, names: Names) -> Iterator[str]:
    """What the event says besides what happened and to whom: groups, agreements, dates, reasons."""
    if isinstance(event, MembershipChanged | MembershipEnded | RoleAssigned | RoleRefused):
        yield names.membership(event.user, event.number)
    for field in fields(type(event)):
        value = getattr(event, field.name)
        if value is not None and field.name in _SAID:
            yield _SAID[field.name](names, value)


_SAID: Mapping[str, Callable[[Names, Any], str]] = {
    "agreement": lambda names, value: names.agreement(value),
    "group": lambda names, value: str(value),
    "place": lambda names, value: names.place(value),
    "scope": lambda names, value: names.scope(value),
    "term": lambda names, value: _term(value, names.speech),
    "closing": lambda names, value: names.speech.day(value),
    "reason": lambda names, value: str(value),
    "details": lambda names, value: ", ".join(map(names.speech.words.label, value)),
}


def _term(term: Term, speech: Speech) -> str:
    if term.closing is None:
        return speech.say("from", opening=speech.day(term.opening))
    return speech.say("from-to", opening=speech.day(term.opening), closing=speech.day(term.closing))
