"""The answer to R38 by trying: every path at every instant at which something changes (I6)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

from habilitation.domain.values import GroupCode, Permission, Place
from habilitation.testing.model.facts import Convention, Group, Held, Human, Partner

OPERATOR, ADMINISTRATOR, GRANTERS = {"operator"}, {"administrator"}, {"administrator", "manager"}
REPAIRERS: Mapping[str, set[str]] = {
    "granted": set(),
    "account-pending": GRANTERS,
    "organization-closed": set(),
    "account-closed": ADMINISTRATOR,
    "account-suspended": ADMINISTRATOR,
    "not-a-member": GRANTERS,
    "membership-not-started": GRANTERS,
    "membership-over": GRANTERS,
}
"""Who can put a missing link in place while the seat is held; any other link is the operator's."""
AGREEMENTS = {"draft": "agreement-not-validated", "suspended": "agreement-suspended", "ended": "agreement-over"}


class Answer(NamedTuple):
    """Whether, why, until when, and who can repair it."""

    allowed: bool
    why: str
    until: datetime | None
    repair: set[str]


class Path(NamedTuple):
    """A way to a permission, through an agreement and perhaps a membership."""

    convention: Convention
    group: GroupCode
    held: Held | None


def answer(
    partner: Partner, groups: Mapping[GroupCode, Group], user: Human, permission: Permission, at: datetime
) -> Answer:
    """Whether the user may, why, until when, and who can repair it."""
    giving = [code for code, group in groups.items() if group.gives(permission, at)]
    if not giving:
        return _no(partner, "no-group-gives-it")
    if partner.standing != "open":
        return _no(partner, f"organization-{partner.standing}")
    paths = list(_paths(partner, giving, user))
    if not paths:
        return _no(partner, "no-agreement")
    if any(_holds(path, user, at) for path in paths):
        return Answer(True, "granted", _until(paths, user, at), set())
    return _no(partner, _furthest(paths, user, at))


def _no(partner: Partner, why: str) -> Answer:
    """Where nobody holds the seat the operator stands in for the administrator, and for all under control (R34)."""
    repair = REPAIRERS.get(why, OPERATOR)
    if partner.controlled and repair:
        repair = OPERATOR
    elif partner.seat != "held" and "administrator" in repair:
        repair = repair - {"administrator"} | OPERATOR
    return Answer(False, why, None, repair)


def _paths(partner: Partner, groups: list[GroupCode], user: Human) -> Iterator[Path]:
    for group in groups:
        for id, convention in partner.conventions.items():
            there = [held for held in user.stint.held.values() if held.place == Place(id, group)]
            yield from (Path(convention, group, held) for held in there)
            if not there:
                yield Path(convention, group, None)


def _holds(path: Path, user: Human, at: datetime) -> bool:
    return next(_links(path, user, at), None) is None and (
        path.held is not None and (path.held.given is None or path.held.given <= at)
    )


def _until(paths: list[Path], user: Human, at: datetime) -> datetime | None:
    """The first instant from now on at which no path holds, trying all those at which one ends."""
    ends = {user.stint.span.end}
    for path in paths:
        ends |= {path.convention.span.end, path.held.span.end if path.held else None}
    for instant in sorted(end for end in ends if end and end > at):
        if not any(_holds(path, user, instant) for path in paths):
            return instant
    return None


def _furthest(paths: list[Path], user: Human, at: datetime) -> str:
    """The first missing link of the path that has most links before it; ties go to the agreement, then the group.

    Of two memberships in one place, the one to come says more than the one that is over.
    """
    walked = []
    for path in paths:
        step, why = next(_links(path, user, at))
        walked.append((-step, path.convention.reference, path.group, why == "membership-over", why))
    return min(walked)[-1]


def _links_of_the_operator(convention: Convention, group: GroupCode, at: datetime) -> Iterator[tuple[int, str]]:
    if convention.state in AGREEMENTS:
        yield 1, AGREEMENTS[convention.state]
    if not convention.span.has(at):
        yield 1, "agreement-over" if convention.span.gone(at) else "agreement-not-started"
    if not convention.opens(group):
        yield 2, "group-not-opened"
    elif convention.groups[group] == "suspended":
        yield 2, "group-suspended"


def _links(path: Path, user: Human, at: datetime) -> Iterator[tuple[int, str]]:
    """The links that are missing, in order, each with its rank on the path."""
    convention, held = path.convention, path.held
    yield from _links_of_the_operator(convention, path.group, at)
    if user.status(at) == "suspended":
        yield 3, "account-suspended" if "organization" in user.suspended else "account-suspended-by-operator"
    elif user.status(at) != "open":
        yield 3, f"account-{user.status(at)}"
    if held is None:
        yield 4, "not-a-member"
    elif not held.span.has(at):
        yield 4, "membership-over" if held.span.gone(at) else "membership-not-started"
    elif held.waiting:
        yield 5, "role-not-assigned"
