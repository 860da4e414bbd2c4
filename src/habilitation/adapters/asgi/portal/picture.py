"""A picture of who administers what: the seat, the managers, and the groups that each of them reaches (R28)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from attrs import frozen

from habilitation.adapters.asgi.portal.acts import name_of
from habilitation.adapters.asgi.portal.visit import Visit
from habilitation.domain.scope import Scope
from habilitation.domain.values import Place
from habilitation.use_cases.views import DelegationView

COLUMNS = (0, 290, 580)
"""Where the seat, the managers and the groups stand, in the picture's own units."""
BOX, HEIGHT, ROW, WIDTH = 230, 44, 60, 810
LONGEST = 30
"""Of a text in a box, in characters."""


@frozen
class Box:
    """Somebody, or a group."""

    kind: str
    title: str
    detail: str
    x: int
    y: int


@frozen
class Line:
    """That somebody reaches a group, or was delegated by the seat."""

    kind: str
    x1: int
    y1: int
    x2: int
    y2: int


@frozen
class Picture:
    """What is drawn, and the same in words."""

    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]
    words: tuple[str, ...]
    height: int
    width: int = WIDTH
    box: int = BOX
    tall: int = HEIGHT


@frozen
class _Somebody:
    """A row of the middle: whom, and what they reach."""

    name: str
    scope: Scope


def drawn(visit: Visit, administrator: str | None, delegations: Sequence[DelegationView]) -> Picture:
    """The organization's own: the holder of the seat reaches every group."""
    places = [
        (Place(each.id, group.code), f"{group.code} - {group.label}", each.reference)
        for each in visit.agreements
        for group in each.groups
    ]
    managers = [_Somebody(name_of(each.user), each.scope) for each in delegations]
    rows = max(len(places), len(managers), 1)
    seat_y = (rows - 1) * ROW // 2
    seat = Box("seat", _short(administrator or visit.say("managers.nobody")), _role(visit, "administrator"), 0, seat_y)
    people = [
        Box("manager", _short(each.name), _role(visit, "manager"), COLUMNS[1], _y(row, len(managers), rows))
        for row, each in enumerate(managers)
    ]
    groups = [
        Box("group", _short(label), reference, COLUMNS[2], _y(row, len(places), rows))
        for row, (_, label, reference) in enumerate(places)
    ]
    lines = list(_joined("given", seat, people) if people else _joined("whole", seat, groups))
    for person, manager in zip(people, managers, strict=True):
        reached = [box for box, (place, _, _) in zip(groups, places, strict=True) if manager.scope.covers(place)]
        lines += _joined("part", person, reached)
    words = tuple(_words(visit, administrator, managers, places))
    return Picture((seat, *people, *groups), tuple(lines), words, rows * ROW)


def _role(visit: Visit, role: str) -> str:
    return visit.say(f"users.{role}")


def _y(row: int, count: int, rows: int) -> int:
    """Each column is centered beside the longest."""
    return row * ROW + (rows - count) * ROW // 2


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _joined(kind: str, somebody: Box, others: Sequence[Box]) -> Iterator[Line]:
    for other in others:
        yield _line(kind, somebody, other)


def _line(kind: str, one: Box, other: Box) -> Line:
    half = HEIGHT // 2
    return Line(kind, one.x + BOX, one.y + half, other.x, other.y + half)


def _words(
    visit: Visit, administrator: str | None, managers: Sequence[_Somebody], places: Sequence[tuple[Place, str, str]]
) -> Iterator[str]:
    say = visit.say
    yield say("managers.seat", name=administrator) if administrator else say("managers.no-seat")
    for each in managers:
        if each.scope.places is None:
            yield say("managers.over-all", name=each.name)
        else:
            reached = [f"{label} ({reference})" for place, label, reference in places if each.scope.covers(place)]
            yield say("managers.over", name=each.name, groups=", ".join(reached))
