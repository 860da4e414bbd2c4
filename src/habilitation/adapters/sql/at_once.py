"""What a transaction writes on PostgreSQL, in as few statements as it can be sent in: a round trip each.

Statements that write to different tables do not see each other there, and become one, a ``WITH`` of them all. What
writes to a table that was written to already comes after, in another; but rows that one statement inserts stand in one
list.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import chain

from attrs import define, field, frozen

from habilitation.adapters.sql.rows import Row
from habilitation.adapters.sql.statement import Statement

MOST = 50
"""How many rows one statement inserts, at most: each number of them is a text of its own."""
_PLACE = re.compile(r"\$(\d+)")


@frozen
class Shape:
    """A statement, of how many rows it is, and whether it must find the one row that it changes."""

    statement: Statement
    rows: int
    must_find: bool


@frozen
class Sending:
    """A text with its parameters; or with several rows of them, of which each is sent by itself."""

    text: str
    parameters: Sequence[object]
    must_find: int
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
        return Shape(self.statement, len(self.rows), self.must_find)

    @property
    def is_one_text(self) -> bool:
        return len(self.rows) == 1 or self.statement.inserts

    def takes(self, statement: Statement, rows: Sequence[Row]) -> bool:
        """Whether it can write those rows too."""
        return statement is self.statement and statement.inserts and len(self.rows) + len(rows) <= MOST


@define
class Writes:
    """What is still to be written: by table, as often as a table is written to anew."""

    _batches: list[dict[str, Part]] = field(factory=list)

    def add(self, statement: Statement, rows: Sequence[Row], must_find: bool = False) -> None:
        """After what was added before."""
        for first in range(0, len(rows), MOST):
            self._add(statement, rows[first : first + MOST], must_find)

    def _add(self, statement: Statement, rows: Sequence[Row], must_find: bool) -> None:
        latest = self._batches[-1] if self._batches else {}
        already = latest.get(statement.table)
        if already and already.takes(statement, rows):
            already.rows.extend(rows)
            return
        part = Part(statement, list(rows), must_find)
        alone = not part.is_one_text or any(not other.is_one_text for other in latest.values())
        if already or alone or not latest:
            self._batches.append({statement.table: part})
        else:
            latest[statement.table] = part

    def taken(self) -> Iterator[Sending]:
        """All of it, in order; nothing waits from then on."""
        batches, self._batches = self._batches, []
        return map(_sending, batches)


def _sending(batch: dict[str, Part]) -> Sending:
    parts = list(batch.values())
    if not parts[0].is_one_text:
        return Sending(parts[0].statement.postgresql, (), 0, parts[0].rows)
    values = list(chain.from_iterable(chain.from_iterable(part.rows for part in parts)))
    return Sending(_text(tuple(part.shape for part in parts)), values, sum(part.must_find for part in parts))


@lru_cache(maxsize=1024)
def _text(shapes: tuple[Shape, ...]) -> str:
    """One statement that does what they all do; it answers with the number of rows that each found that must."""
    if len(shapes) == 1:
        return _returning(shapes[0])
    parts, before = [], 0
    for number, shape in enumerate(shapes):
        parts.append(f"w{number} AS ({_further(_returning(shape), before)})")
        parts += [f"n{number} AS (SELECT count(*) FROM w{number})"] if shape.must_find else []  # noqa: S608  (our own texts)
        before += shape.rows * len(shape.statement.parameters)
    counts = [f"(TABLE n{number})" for number, shape in enumerate(shapes) if shape.must_find]
    return f"WITH {', '.join(parts)} SELECT {', '.join(counts) or '1'}"


def _returning(shape: Shape) -> str:
    text = shape.statement.of_rows(shape.rows) if shape.statement.inserts else shape.statement.postgresql
    return f"{text} RETURNING 1" if shape.must_find else text


def _further(text: str, by: int) -> str:
    """With its parameters that many places further."""
    return _PLACE.sub(lambda place: f"${int(place[1]) + by}", text)
