"""What a transaction writes on PostgreSQL, in as few statements as it can be sent in: a round trip each.

Statements that write to different tables do not see each other there, and become one, a ``WITH`` of them all. What
writes to a table that was written to already comes after, in another; but rows that one statement inserts stand in one
list.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from attrs import define, field, frozen

from habilitation.adapters.sql.rows import Row
from habilitation.adapters.sql.statement import Statement

MOST = 50
"""How many rows one statement inserts, at most: each number of them is a text of its own."""
_PLACE = re.compile(r"\$(\d+)")


Shape = tuple[Statement, int, bool]
"""A statement, of how many rows it is, and whether it must find the one row that it changes."""


@frozen
class Sending:
    """A text with its parameters; or with several rows of them, of which each is sent by itself."""

    text: str
    parameters: Sequence[object]
    must_find: int = 0
    """How many of its statements must find their row: as many ones are answered."""
    rows: Sequence[Row] = ()


@define
class Part:
    """A statement, with the rows that it writes."""

    statement: Statement
    rows: list[Row]
    must_find: bool

    @property
    def shape(self) -> Shape:
        return self.statement, len(self.rows), self.must_find

    @property
    def is_one_text(self) -> bool:
        return len(self.rows) == 1 or self.statement.inserts

    def takes(self, statement: Statement, rows: Sequence[Row]) -> bool:
        """Whether it can write those rows too."""
        return statement is self.statement and statement.inserts and len(self.rows) + len(rows) <= MOST


@define
class Writes:
    """What is still to be written: by table, as often as a table is written to anew."""

    _batches: list[dict[str, Part]] = field(factory=lambda: [{}])

    def add(self, statement: Statement, rows: Sequence[Row], must_find: bool = False) -> None:
        """After what was added before."""
        for first in range(0, len(rows), MOST):
            self._add(Part(statement, list(rows[first : first + MOST]), must_find))

    def _add(self, part: Part) -> None:
        latest, table = self._batches[-1], part.statement.table
        already = latest.get(table)
        if not part.is_one_text:
            self._batches += [{table: part}, {}]
        elif already is None:
            latest[table] = part
        elif already.takes(part.statement, part.rows):
            already.rows += part.rows
        else:
            self._batches.append({table: part})

    def taken(self) -> Iterator[Sending]:
        """All of it, in order; nothing waits from then on."""
        batches, self._batches = self._batches, [{}]
        return (_sending(list(batch.values())) for batch in batches if batch)


def _sending(parts: list[Part]) -> Sending:
    if not parts[0].is_one_text:
        return Sending(parts[0].statement.postgresql, (), rows=parts[0].rows)
    values = [value for part in parts for row in part.rows for value in row]
    return Sending(_text(tuple([part.shape for part in parts])), values, sum([part.must_find for part in parts]))


@lru_cache(maxsize=1024)
def _text(shapes: tuple[Shape, ...]) -> str:
    """One statement that does what they all do; it answers with the number of rows that each found that must."""
    if len(shapes) == 1:
        return _returning(*shapes[0])
    parts, counts, before = [], [], 0
    for number, (statement, rows, must_find) in enumerate(shapes):
        parts.append(f"w{number} AS ({_further(_returning(statement, rows, must_find), before)})")
        if must_find:
            parts.append(f"n{number} AS (SELECT count(*) FROM w{number})")  # noqa: S608  (our own texts)
            counts.append(f"(TABLE n{number})")
        before += rows * len(statement.parameters)
    return f"WITH {', '.join(parts)} SELECT {', '.join(counts) or '1'}"


def _returning(statement: Statement, rows: int, must_find: bool) -> str:
    text = statement.of_rows(rows) if statement.inserts else statement.postgresql
    return f"{text} RETURNING 1" if must_find else text


def _further(text: str, by: int) -> str:
    """With its parameters that many places further."""
    return _PLACE.sub(lambda place: f"${int(place[1]) + by}", text)
