"""The security log: beside the organizations, found by whom it names, and never longer than its setting (R43)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial

import pytest

from habilitation.domain.actors import Asking, Member, OperatorAgent
from habilitation.domain.security import LineKind, SecurityFact, SecurityLine
from habilitation.domain.values import OrganizationId, UserId
from habilitation.ports.security_log import PRUNED_BY_EACH, LineFilter
from habilitation.ports.store import Store
from habilitation.testing.contract.bench import StoreBench
from habilitation.testing.contract.concurrency import together
from habilitation.testing.contract.seeds import AFAS, ANNE, AT, DAY, ORGANIZATION, OTHER, ZOE, Seeds

ALL = LineFilter()
LONG_AGO = AT - 365 * DAY
RIVALS, EACH = 4, 5

SIGNED_IN = SecurityFact(LineKind.SIGNED_IN, ORGANIZATION, Member(ORGANIZATION, ANNE), source="192.0.2.1")
FAILED = SecurityFact(LineKind.SIGN_IN_FAILED, source="2001:db8::1")
REFUSED = SecurityFact(LineKind.ACT_REFUSED, OTHER, Member(OTHER, ZOE), act="create-user", refusal="act-forbidden")
READ = SecurityFact(
    LineKind.READ, ORGANIZATION, OperatorAgent("agent-1"), frozenset({ANNE, ZOE}), "list-users", "support-call"
)
ASKED = SecurityFact(LineKind.READ, ORGANIZATION, Asking(AFAS), frozenset({ZOE}), "check-access")
OVER_ALL = SecurityFact(
    LineKind.READ,
    actor=OperatorAgent("agent-1"),
    act="security-log",
    elsewhere=frozenset({OTHER, Member(OTHER, ANNE), Member(ORGANIZATION, ZOE)}),
)
"""The organization, a user of it, and one of another."""
FACTS = (SIGNED_IN, FAILED, REFUSED, READ, ASKED, OVER_ALL)


def line(number: int, fact: SecurityFact = FAILED, at: datetime = AT) -> SecurityLine:
    """A line, by its number."""
    return SecurityLine(f"line-{number:04}", at, fact)


def ids(lines: Sequence[SecurityLine]) -> list[int]:
    """The numbers of the lines."""
    return [int(kept.id.removeprefix("line-")) for kept in lines]


class KeepsASecurityLog(StoreBench):
    """Lines are found as they were written, until they are too old."""

    @pytest.fixture
    def lines(self, store: Store) -> list[SecurityLine]:
        """One of each sort, written in order."""
        lines = [line(number, fact, AT + number * DAY) for number, fact in enumerate(FACTS)]
        for one in lines:
            store.security_log.write(one, LONG_AGO)
        return lines

    def test_lines_are_read_as_they_were_written_newest_first(self, store: Store, lines: list[SecurityLine]) -> None:
        """R43"""
        assert list(store.security_log.lines(ALL, None, 10)) == lines[::-1]

    def test_a_page_goes_on_where_the_former_ended(self, store: Store, lines: list[SecurityLine]) -> None:
        """R43: though the line of the cursor may have gone since."""
        assert ids(store.security_log.lines(ALL, None, 2)) == [5, 4]
        assert ids(store.security_log.lines(ALL, "line-0003", 2)) == [2, 1]
        assert ids(store.security_log.lines(ALL, "line-0002-and-a-half", 10)) == [2, 1, 0]
        assert ids(store.security_log.lines(ALL, "line-0000", 10)) == []

    @pytest.mark.parametrize(
        ("wanted", "found"),
        [
            (LineFilter(ORGANIZATION), [4, 3, 0]),
            (LineFilter(OTHER), [2]),
            (LineFilter(OrganizationId("nobody's")), []),
            (LineFilter(kind=LineKind.READ), [5, 4, 3]),
            (LineFilter(user=ANNE), [5, 3, 0]),
            (LineFilter(user=ZOE), [5, 4, 3, 2]),
            (LineFilter(subject=Member(ORGANIZATION, ANNE)), [3]),
            (LineFilter(subject=Member(ORGANIZATION, ZOE)), [5, 4, 3]),
            (LineFilter(subject=Member(OTHER, ANNE)), [5]),
            (LineFilter(subject=Member(OTHER, ZOE)), []),
            (LineFilter(ORGANIZATION, user=ZOE), [4, 3]),
            (LineFilter(ORGANIZATION, user=ZOE, kind=LineKind.ACT_REFUSED), []),
            (LineFilter(ORGANIZATION, user=ANNE, subject=Member(ORGANIZATION, ZOE), kind=LineKind.READ), [3]),
            (LineFilter(user=UserId("\ud800")), []),
            (LineFilter(user=UserId("")), []),
            (LineFilter(subject=Member(OTHER, UserId(""))), []),
        ],
    )
    def test_lines_are_found_by_what_they_say(
        self, store: Store, lines: list[SecurityLine], wanted: LineFilter, found: list[int]
    ) -> None:
        """R36, R43: so that whoever was read about can be told."""
        assert ids(store.security_log.lines(wanted, None, 10)) == found
        assert ids(store.security_log.lines(wanted, "line-0003", 10)) == [number for number in found if number < 3]

    def test_what_is_too_old_goes_oldest_first_and_no_more_than_was_asked(self, store: Store) -> None:
        """R43: whatever the order in which a clock that went back had it written."""
        for number, days in enumerate((3, 1, 2, 5)):
            store.security_log.write(line(number, READ, AT + days * DAY), LONG_AGO)
        assert store.security_log.prune(AT + 5 * DAY, 2) == 2
        assert ids(store.security_log.lines(ALL, None, 10)) == [3, 0]
        assert store.security_log.prune(AT + 5 * DAY, 2) == 1
        assert store.security_log.prune(AT + 5 * DAY, 2) == 0
        assert ids(store.security_log.lines(LineFilter(subject=Member(ORGANIZATION, ANNE)), None, 10)) == [3]

    def test_each_line_takes_old_ones_away_but_few(self, store: Store) -> None:
        """R43: it shrinks while it is written to, and no write is long."""
        for number in range(10):
            store.security_log.write(line(number), LONG_AGO)
        store.security_log.write(line(10, at=AT + DAY), AT + DAY)
        assert ids(store.security_log.lines(ALL, None, 20)) == list(range(10, PRUNED_BY_EACH - 1, -1))

    def test_lines_written_at_once_are_all_kept(self, store: Store, second: Store) -> None:
        """R43"""

        def write(handle: Store, numbers: range) -> None:
            for number in numbers:
                handle.security_log.write(line(number, READ), LONG_AGO)

        lots = [range(rival * EACH, rival * EACH + EACH) for rival in range(RIVALS)]
        together([partial(write, (store, second)[rival % 2], lot) for rival, lot in enumerate(lots)])
        assert ids(store.security_log.lines(ALL, None, 100)) == list(range(RIVALS * EACH))[::-1]

    def test_a_line_is_in_nobodys_way(self, store: Store, seeds: Seeds) -> None:
        """R43: no act on the organization meets it."""
        seeds.organization()
        with store.reading(ORGANIZATION) as rows:
            head = rows.head
        store.security_log.write(line(1, READ), LONG_AGO)
        with store.reading(ORGANIZATION) as rows:
            assert rows.head == head
