"""Who had access, by keeping every state there was and asking the one of then (R39)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from attrs import define, field

from habilitation.domain.values import GroupCode, Permission, UserId
from habilitation.testing.model.answers import Answer, answer
from habilitation.testing.model.facts import Group, No, Partner, first_instant

Groups = Mapping[GroupCode, Group]
Stretch = tuple[datetime, datetime | None]


class Looked(NamedTuple):
    """What is asked: the permission, at which instant or on which day, and what was known when."""

    permission: Permission
    at: date
    known: datetime


@define
class Chronicle:
    """An organization as each of its facts left it, by the instant of the fact."""

    states: dict[datetime, Partner] = field(factory=dict)

    def keep(self, partner: Partner) -> None:
        """As it is now: of all that happened at one instant, what it came to counts."""
        same = self.states.get(partner.last)
        if same is None or same.portrait() != partner.portrait():
            self.states[partner.last] = deepcopy(partner)

    def who(self, groups: Groups, asked: Looked, zone: ZoneInfo) -> dict[UserId, tuple[Answer, list[Stretch]]]:
        """Everybody who had access: the first yes and, of a day, all the time that there was any."""
        spans = self._spans(groups, asked.at, zone)
        found = {}
        for user in {user for state in self.states.values() for user in state.users}:
            answers = [(span, self._answer(groups, asked, span[0], user)) for span in spans]
            yes = [(span, one) for span, one in answers if one is not None and one.allowed]
            if yes:
                found[user] = yes[0][1], _joined([span for span, _ in yes if span[1]])
        return found

    def _spans(self, groups: Groups, at: date, zone: ZoneInfo) -> list[Stretch]:
        """The instant by itself; of a day all spans in which nothing changes."""
        if isinstance(at, datetime):
            return [(at, None)]
        start, end = _whole_day(at, zone)
        turns = sorted({start, *(turn for turn in self.turns(groups) if start <= turn < end)})
        return list(zip(turns, [*turns[1:], end], strict=True))

    def _answer(self, groups: Groups, asked: Looked, at: datetime, user: UserId) -> Answer | None:
        """Of whoever was there then, as far as was recorded then and by the time that is asked for."""
        then = min(at, asked.known)
        before = [instant for instant in self.states if instant <= then]
        state = self.states[max(before)] if before else None
        if state is None or user not in state.users:
            return None
        return answer(state, _defined(groups, then), state.users[user], asked.permission, at)

    def turns(self, groups: Groups) -> Iterator[datetime]:
        """Every instant at which something was recorded, begins or ends, or was to."""
        yield from (given.since for group in groups.values() for given in group.history)
        for instant, state in self.states.items():
            yield instant
            stints = [stint for user in state.users.values() for stint in user.stints]
            spans = [
                *(convention.span for convention in state.conventions.values()),
                *(stint.span for stint in stints),
                *(held.span for stint in stints for held in stint.held.values()),
            ]
            yield from (turn for span in spans for turn in (span.start, span.end) if turn)


def _defined(groups: Groups, by: datetime) -> Groups:
    """The catalog as far as it was recorded by then."""
    return {
        code: Group(group.service, [given for given in group.history if given.since <= by])
        for code, group in groups.items()
    }


def _whole_day(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Up to the first instant of the next day, or of the one after where the zone skipped that."""
    start, tomorrow = first_instant(day, zone), day + timedelta(days=1)
    try:
        return start, first_instant(tomorrow, zone)
    except No:
        return start, first_instant(tomorrow + timedelta(days=1), zone)


def _joined(spans: list[Stretch]) -> list[Stretch]:
    """One where the next begins as the one before ends."""
    whole: list[Stretch] = []
    for start, end in spans:
        if whole and whole[-1][1] == start:
            whole[-1] = (whole[-1][0], end)
        else:
            whole.append((start, end))
    return whole
