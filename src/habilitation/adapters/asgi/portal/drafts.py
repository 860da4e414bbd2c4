"""A form as it is shown: its fields, what was typed into them, and what was refused of each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date, datetime
from typing import Any, ClassVar, TypeVar

from attrs import Factory, define, evolve
from starlette.responses import Response

from habilitation.adapters.asgi.declared import Declared, declared_fields
from habilitation.adapters.asgi.described import TYPED_TWICE
from habilitation.adapters.asgi.forms import NESTED, Field, Format, field_of, fields_of
from habilitation.adapters.asgi.portal.failures import with_delay
from habilitation.adapters.asgi.portal.seen import Seen, user_seen
from habilitation.adapters.asgi.portal.sentences import Line
from habilitation.adapters.asgi.portal.visit import Visit
from habilitation.adapters.asgi.statuses import STATUS
from habilitation.domain.period import Dates
from habilitation.domain.refusals import (
    ActorUnknown,
    ChangedMeanwhile,
    ClaimDemanded,
    DoneAlready,
    KeyMalformed,
    KeyReused,
    Kind,
    LinkUnknown,
    NameMissing,
    PasswordChoiceDemanded,
    Refusal,
    SessionEnded,
)
from habilitation.domain.requests import Reason
from habilitation.domain.terms import Terms
from habilitation.use_cases.undertaking import UnderTerms
from habilitation.use_cases.views import UserView

A = TypeVar("A")
R = TypeVar("R")

WRITTEN = ("%Y-%m-%d", "%d/%m/%Y")
"""How a day may be typed: as browsers send it, and as the guides write it."""
LONGEST_VERSION = 18
"""Digits."""
ELSEWHERE = (SessionEnded, ActorUnknown, ClaimDemanded, PasswordChoiceDemanded)
"""Refusals that lead to another page, whatever form was sent."""


@define(slots=False)
class DayMalformed(Refusal):
    """What was typed is no day of the calendar."""

    code: ClassVar[str] = "day-malformed"
    kind: ClassVar[Kind] = Kind.INVALID
    sentence: ClassVar[str] = "The {field} is not a date of the form 2019-06-03."

    field: str


@define(slots=False)
class PasswordConfirmationDiffers(Refusal):
    """The two passwords typed are not the same."""

    code: ClassVar[str] = "password-confirmation-differs"
    kind: ClassVar[Kind] = Kind.INVALID
    sentence: ClassVar[str] = "The password and its confirmation differ."

    field: ClassVar[str] = "password_confirmation"


PASSWORD_CONFIRMATION = Field("password_confirmation", Format.PASSWORD, required=True)


@define
class Draft:
    """What a template draws a form from; ``refusals`` are sentences, by field."""

    visit: Visit
    fields: Mapping[str, Field]
    shown: Mapping[str, object]
    """What stands in the fields before anybody types."""
    refusals: dict[str, str] = Factory(dict)
    whole: str | None = None
    """What was refused of the form as a whole."""
    status: int = 200
    refusal: Refusal | None = None
    seen: Seen | None = None
    """What it is about, as whoever fills it in is shown it."""
    changes: tuple[Line, ...] = ()
    """What somebody else did to that meanwhile."""

    @classmethod
    def of(cls, visit: Visit, *requests: type, extra: tuple[Field, ...] = (), **shown: object) -> Draft:
        """The form of these requests."""
        fields = {field.name: field for request in requests for field in fields_of(request)}
        fields |= {name: evolve(fields[name], required=True) for name in TYPED_TWICE & set(fields)}
        return cls(visit, fields | {field.name: field for field in extra}, shown)

    def without(self, *names: str) -> Draft:
        """The same form, where some of its fields are not asked."""
        return evolve(self, fields={name: field for name, field in self.fields.items() if name not in names})

    def on(self, seen: Seen | None) -> Draft:
        """The same form, which is sent on the terms that nobody changes what it is about meanwhile."""
        return evolve(self, seen=seen)

    def about(self, user: UserView) -> Draft:
        """The same, about a user."""
        return self.on(user_seen(self.visit, user))

    # On which terms

    @property
    def key(self) -> str:
        """What tells one filling in from another: sent twice, it is done once."""
        used = isinstance(self.refusal, KeyReused | KeyMalformed)
        return (not used and self.text("key")) or self.visit.portal.ports.identifiers.new()

    @property
    def version(self) -> int | None:
        """That of what the form shows."""
        if isinstance(self.refusal, ChangedMeanwhile):
            return self.refusal.version
        if not self.visit.sent:
            return self.seen.unchanged.version if self.seen else None
        typed = self.text("version")
        return int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= LONGEST_VERSION else None

    @property
    def terms(self) -> Terms:
        version = self.version
        unchanged = evolve(self.seen.unchanged, version=version) if self.seen and version is not None else None
        return Terms(unchanged, self.text("key") or None)

    def ask(self, act: UnderTerms[A, R], asked: A) -> R | DoneAlready:
        """Ask for it on the form's terms; what the same form did before is done."""
        try:
            return act(asked, by=self.visit.actor, terms=self.terms)
        except DoneAlready as done:
            return done

    # What was typed

    def value(self, name: str) -> str:
        """What stands in a field; never a password."""
        if self.fields[name].format is Format.PASSWORD:
            return ""
        if self.visit.sent:
            return self.text(name)
        found = self.shown.get(name)
        if isinstance(found, tuple):
            return "\n".join(map(str, found))
        return found.isoformat() if isinstance(found, date) else str(found or "")

    def text(self, name: str) -> str:
        typed = self.visit.form.get(name, "")
        return typed if isinstance(typed, str) else ""

    def ticked(self, name: str) -> bool:
        return bool(self.value(name))

    def chosen(self, name: str) -> tuple[str, ...]:
        """The choices that are ticked."""
        if self.visit.sent:
            return tuple(each for each in self.visit.form.getlist(name) if isinstance(each, str))
        found = self.shown.get(name, ())
        return tuple(map(str, found)) if isinstance(found, tuple | list | frozenset) else ()

    def day(self, name: str) -> date | None:
        """The civil day typed, if one was."""
        typed = self.text(name).strip()
        for form in WRITTEN if typed else ():
            with suppress(ValueError):
                return datetime.strptime(typed, form).date()  # noqa: DTZ007 (a civil day has no zone)
        if typed:
            raise DayMalformed(name)
        return None

    @property
    def dates(self) -> Dates:
        """Those typed; an opening that is not asked stays as it is."""
        return Dates(self.day("opening") if "opening" in self.fields else None, self.day("closing"))

    @property
    def reason(self) -> Reason:
        return Reason(self.text("reason"), self.text("text"))

    def lines(self, name: str) -> tuple[str, ...]:
        """What stands in a field of several lines."""
        return tuple(line.strip() for line in self.text(name).splitlines() if line.strip())

    def asked(self, request: type[A], **known: object) -> A:
        """The request filled in; ``known`` is what the form's place says, and what is not asked is left out."""
        asked = {name: each for name, each in declared_fields(request).items() if name not in known}
        return request(**known, **{name: self._given(each) for name, each in asked.items() if self._asks(each)})

    def _asks(self, declared: Declared) -> bool:
        return declared.bare in NESTED or declared.name in self.fields

    def _given(self, declared: Declared) -> Any:
        if declared.bare is Dates:
            return self.dates
        if declared.bare is Reason:
            return self.reason
        return GIVEN.get(self.fields[declared.name].format, Draft.text)(self, declared.name)

    @property
    def new_password(self) -> str:
        """The password, typed twice alike."""
        if self.text("password") != self.text("password_confirmation"):
            raise PasswordConfirmationDiffers()
        return self.text("password")

    # What becomes of it

    def sent(self, act: Callable[[], Response]) -> Response | None:
        """What the act answers, if the form was sent and nothing is refused; else the form is to be shown."""
        if not self.visit.sent or self._lacks():
            return None
        try:
            return act()
        except Refusal as refusal:
            self._take(refusal)
            return None

    def show(self, template: str, **values: object) -> Response:
        """The page with the form on it, and when to come back if the service was busy."""
        response = self.visit.show(template, self.status, draft=self, **values)
        return with_delay(response, self.refusal) if self.refusal else response

    def _lacks(self) -> bool:
        """Every field that must be filled in and is not is told at once."""
        for name, field in self.fields.items():
            if field.required and not self._is_filled(field):
                self._take(NameMissing(name))
                own = f"missing.{name}"
                self.refusals[name] = self.visit.say(own) if self.visit.say.has(own) else self.refusals[name]
        return bool(self.refusals)

    def _is_filled(self, field: Field) -> bool:
        return any(typed.strip() for typed in self.visit.form.getlist(field.name) if isinstance(typed, str))

    def _take(self, refusal: Refusal) -> None:
        """Show the refusal by its field, or above the form; one that is not about the form is somebody else's."""
        field = field_of(refusal, self.fields, self._days())
        if isinstance(refusal, ELSEWHERE) or (field is None and _is_nowhere(refusal)):
            raise refusal
        sentence = self.visit.say.refusal(refusal)
        if isinstance(refusal, ChangedMeanwhile) and self.seen:
            self.changes = tuple(self.seen.since(self.version or 0))
            sentence = self.visit.say(f"changed.{self.seen.what}")
        self.refusal, self.status = refusal, STATUS[refusal.kind]
        if field is None:
            self.whole = sentence
        else:
            self.refusals[field] = sentence

    def _days(self) -> dict[str, date | None]:
        days: dict[str, date | None] = {}
        for name, field in self.fields.items():
            if field.format is Format.DAY:
                with suppress(DayMalformed):
                    days[name] = self.day(name)
        return days


def _is_nowhere(refusal: Refusal) -> bool:
    """Whether what the page is about may not be known of; a link was brought by whoever is told of it (R37)."""
    return refusal.kind is Kind.MISSING and not isinstance(refusal, LinkUnknown)


GIVEN: Mapping[Format, Callable[[Draft, str], object]] = {
    Format.DAY: Draft.day,
    Format.YES_NO: Draft.ticked,
    Format.SEVERAL: Draft.chosen,
    Format.LINES: Draft.lines,
}
"""How what was typed into a field is read for a request; the rest is text."""
