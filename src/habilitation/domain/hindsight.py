"""Access as it was: the question of R38 about any instant or day, as it was known at any instant (R39).

Nothing takes effect before its own act (R16): what was recorded after an instant says nothing about it. So what is
known of an instant is what was recorded until then, or until the knowledge asked for ends, if that is sooner; of an
instant that lies beyond that knowledge, the answer is a forecast.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from attrs import evolve, frozen

from habilitation.domain import access
from habilitation.domain.access import Answer, Path
from habilitation.domain.catalog import Catalog
from habilitation.domain.events import Event
from habilitation.domain.journal import Record, state_as_of
from habilitation.domain.organization import Organization
from habilitation.domain.period import Period
from habilitation.domain.user import User
from habilitation.domain.values import OrganizationId, Permission, UserId


@frozen
class Facts:
    """What the journals tell of one user, of their organization and of the catalog."""

    organization: OrganizationId
    user: UserId
    records: tuple[Record[Event], ...]
    catalog: Catalog

    @classmethod
    def gathered(
        cls, organization: OrganizationId, user: UserId, records: Iterable[Record[Event]], catalog: Catalog
    ) -> Facts:
        """Records in any order, some of them perhaps twice: some are about the user and the organization both."""
        told = {record.sequence: record for record in records}
        return cls(organization, user, tuple(told[sequence] for sequence in sorted(told)), catalog)

    def until(self, instant: datetime) -> Facts:
        """Those that had been recorded by then."""
        return evolve(self, records=tuple(record for record in self.records if record.at <= instant))


@frozen
class Hindsight:
    """Whether there was access, and why: at an instant, or at any instant of a period."""

    answer: Answer
    """Of a period, the first yes; with none, the last no. What it says is what could be said at its own instant."""
    stretches: tuple[Period, ...] = ()
    """When in the period there was access; none are told of an instant."""


@frozen
class Known:
    """What had been recorded by an instant: all that a question is put to."""

    organization: Organization
    catalog: Catalog
    user: User | None

    @classmethod
    def by(cls, instant: datetime, facts: Facts) -> Known:
        """An organization that was not opened yet had nothing."""
        state = state_as_of(facts.records, instant)
        organization = state.organization or Organization(facts.organization)
        return cls(organization, facts.catalog.as_of(instant), state.users.get(facts.user))

    def answer(self, permission: Permission, at: datetime) -> Answer:
        return access.decide(self.organization, self.catalog, self.user, permission, at)

    def paths(self, permission: Permission, at: datetime) -> list[Path]:
        """Every candidate path, first the one that gives the answer."""
        return access.ranked(access.paths(self.organization, self.catalog, self.user, permission, at))


def at_instant(facts: Facts, permission: Permission, at: datetime, known: datetime) -> Answer:
    """The answer at that instant, as it was known at the other."""
    return Known.by(min(at, known), facts).answer(permission, at)


def within(facts: Facts, permission: Permission, period: Period, known: datetime) -> Hindsight:
    """Whether there was access at any instant of the period, as it was known at that instant, and when."""
    answers = _answers(facts, permission, period, known)
    spans = map(Period, answers, [*list(answers)[1:], period.end])
    granted = [span for span, answer in zip(spans, answers.values(), strict=True) if answer.allowed]
    return Hindsight(answers[_telling(answers)], tuple(_joined(granted)))


def telling(facts: Facts, permission: Permission, period: Period, known: datetime) -> datetime:
    """The instant whose answer ``within`` gives for the period."""
    return _telling(_answers(facts, permission, period, known))


def _answers(facts: Facts, permission: Permission, period: Period, known: datetime) -> dict[datetime, Answer]:
    """From each instant at which it may change, in their order."""
    return {turn: at_instant(facts, permission, turn, known) for turn in _turning_points(facts, period)}


def _telling(answers: Mapping[datetime, Answer]) -> datetime:
    return next((turn for turn, answer in answers.items() if answer.allowed), max(answers))


def _turning_points(facts: Facts, period: Period) -> list[datetime]:
    """Every instant of the period at which the answer may change: an act's, or one that an act named."""
    points = {definition.since for group in facts.catalog.groups.values() for definition in group.definitions}
    for record in facts.records:
        points |= {record.at, *_named(record.event)}
    return sorted({period.start, *filter(period.contains, points)})


def _named(fact: object) -> Iterator[datetime]:
    if isinstance(fact, datetime):
        yield fact
    for field in getattr(type(fact), "__attrs_attrs__", ()):
        yield from _named(getattr(fact, field.name))


def _joined(spans: Iterable[Period]) -> Iterator[Period]:
    """Spans in order, each with those that follow it without a gap."""
    whole: Period | None = None
    for span in spans:
        if whole and whole.end != span.start:
            yield whole
            whole = None
        whole = Period(whole.start, span.end) if whole else span
    if whole:
        yield whole
