"""Since when and until when a user has what: as bars over days, for a picture (R14, R25)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from attrs import frozen

from habilitation.domain.user import Status
from habilitation.use_cases.views import UserView

WIDTH, LEFT, TOP, ROW, BAR = 820, 220, 34, 34, 18
"""Of the picture, its labels, the axis above, one row and its bar; in the picture's own units."""
MARGIN = timedelta(days=30)
"""What is shown before the first day and behind the last."""
MOST_TICKS = 8


@frozen
class Bar:
    """One row of the picture."""

    label: str
    kind: str
    """``account``, ``group`` or ``waiting``: how it is colored."""
    opening: date
    closing: date | None
    x: float
    width: float
    y: int
    endless: bool


@frozen
class Tick:
    """The first day of a month, on the axis."""

    day: date
    x: float


@frozen
class Timeline:
    """The bars, and what they are measured against."""

    bars: tuple[Bar, ...]
    ticks: tuple[Tick, ...]
    today: float
    height: int
    width: int = WIDTH
    left: int = LEFT
    top: int = TOP
    bar: int = BAR


@frozen
class _Line:
    label: str
    kind: str
    opening: date
    closing: date | None


@frozen
class _Scale:
    first: date
    last: date

    def x(self, day: date) -> float:
        share = (min(max(day, self.first), self.last) - self.first) / (self.last - self.first)
        return round(LEFT + share * (WIDTH - LEFT), 1)


def timeline(user: UserView, account: str, today: date) -> Timeline:
    """Of the latest account period, and what was given in it."""
    lines = [_Line(account, "account", user.opening, user.closing), *_memberships(user)]
    scale = _scale(lines, today)
    bars = (_bar(line, row, scale, user.status) for row, line in enumerate(lines))
    return Timeline(tuple(bars), tuple(_ticks(scale)), scale.x(today), TOP + ROW * len(lines))


def _memberships(user: UserView) -> Iterable[_Line]:
    for held in user.memberships:
        kind = "waiting" if held.waiting else "group"
        closing = min(filter(None, (held.closing, user.closing)), default=None)
        yield _Line(held.group, kind, held.opening, closing)


def _scale(lines: list[_Line], today: date) -> _Scale:
    days = [day for line in lines for day in (line.opening, line.closing) if day]
    return _Scale(min(*days, today) - MARGIN, max(*days, today + 5 * MARGIN) + MARGIN)


def _bar(line: _Line, row: int, scale: _Scale, status: Status) -> Bar:
    kind = f"{line.kind} {status.value}" if line.kind == "account" else line.kind
    start = scale.x(line.opening)
    end = scale.x(line.closing) if line.closing else float(WIDTH)
    y = TOP + ROW * row
    return Bar(line.label, kind, line.opening, line.closing, start, round(max(end - start, 2), 1), y, not line.closing)


def _ticks(scale: _Scale) -> Iterable[Tick]:
    """The first days of months, so many that they can be read."""
    months = (scale.last.year - scale.first.year) * 12 + scale.last.month - scale.first.month
    step = next(each for each in (1, 2, 3, 6, 12, 24, 60, 120, 1200, 100_000) if months <= MOST_TICKS * each)
    for number in range(months + 1):
        year, month = divmod(scale.first.month - 1 + number, 12)
        day = date(scale.first.year + year, month + 1, 1)
        if day >= scale.first and (day.year * 12 + month) % step == 0:
            yield Tick(day, scale.x(day))
