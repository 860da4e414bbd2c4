"""What CreateUser costs on PostgreSQL, against the same statements sent by hand.

python3 dev.py benchmark create_user_on_postgresql

As in ``create_user``: what the library sends is recorded once, the raw side sends the very same statements with the
same values through plain ``psycopg``, and makes the same ids and hashes; both run in turn on copies of one database,
and the median of the pairs' ratios counts. What a creation writes is one statement on both sides: so the raw side is
the limit that the targets speak of. A third side sends what it is made of one by one, to show what is gained.

The server is one like the tests', on a socket of this machine; nothing is flushed, so that the processor's share is
left. It looks at its tables while they grow, as any server does (autovacuum).
"""

from __future__ import annotations

import hashlib
import statistics
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import psycopg
from attrs import define, field
from psycopg.types.numeric import Int8BinaryDumper

from benchmarks.create_user import ALREADY, Library, report, timed
from habilitation.adapters.sql import SqlStore
from habilitation.adapters.sql.at_once import Part, Writes
from habilitation.adapters.sql.schema import metadata
from habilitation.adapters.system import SystemSecrets, TimeOrderedIds
from habilitation.testing.world import CONSULT, World
from tests import postgres
from tests.stores import prepare

PAIRS = 41
BATCH = 50

Sent = tuple[str, Any]
"""A statement and its values."""


@define
class Recorder:
    """A cursor that writes down what it is sent."""

    cursor: Any
    sent: list[Sent] = field(factory=list)

    def execute(self, statement: str, values: Any = (), **how: Any) -> Any:
        self.sent.append((statement, list(values)))
        return self.cursor.execute(statement, values, **how)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.cursor, name)


@define
class Raw:
    """The recorded statements, act by act, on the driver's cursor, and the ids and hashes that they need."""

    connection: psycopg.Connection
    acts: Iterator[list[Sent]]
    ids: TimeOrderedIds = field(factory=TimeOrderedIds)
    secrets: SystemSecrets = field(factory=SystemSecrets)

    def create(self) -> None:
        for _ in range(3):
            self.ids.new()
        hashlib.sha256(self.secrets.login().text.encode()).hexdigest()
        cursor = psycopg.RawCursor(self.connection)
        for statement, values in next(self.acts):
            cursor.execute(statement.encode(), values)
            if cursor.description:
                cursor.fetchall()
            for value in values:
                if isinstance(value, bytes):
                    hashlib.sha256(b"0" * 64 + value).hexdigest()
        self.connection.commit()


def record(store: SqlStore, library: Library, acts: int) -> tuple[list[list[Sent]], list[list[Sent]]]:
    """What the library sends for each of that many creations: as it does, and with the writes one by one."""
    line = store._database.borrow()
    recorder, apart = Recorder(line.cursor), Apart()
    line.cursor, line._waiting = recorder, apart  # type: ignore[attr-defined]
    store._database.give_back(line)
    composed, single = [], []
    for _ in range(acts):
        recorder.sent.clear()
        apart.parts.clear()
        library.create()
        composed.append(list(recorder.sent))
        single.append([*recorder.sent[:-1], *apart.parts])
    return composed, single


@define
class Apart(Writes):
    """The same, which also writes down each statement by itself."""

    parts: list[Sent] = field(factory=list)

    def _add(self, part: Part) -> None:
        self.parts += [(part.statement.postgresql, row) for row in part.rows]
        super()._add(part)


def connected(address: str) -> psycopg.Connection:
    """The driver, with the settings that the library uses."""
    connection = psycopg.connect(address, autocommit=True)
    connection.adapters.register_dumper(int, Int8BinaryDumper)
    return connection


def contents(address: str) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of a database."""
    with psycopg.connect(address) as connection:
        return {name: sorted(connection.execute(f"SELECT {name}::text FROM {name}")) for name in metadata.tables}


def main() -> None:
    """Print the medians of the sides, and of their ratios pair by pair."""
    started = postgres.start(autovacuum="on", autovacuum_naptime="1s")
    server = postgres.Server(started.address)
    base = server.create()
    prepare(server.at(base))
    store = SqlStore.open(server.at(base))
    world = World.administered(store)
    for _ in range(ALREADY):
        world.user(CONSULT)
    store.close()
    with ExitStack() as lent:
        recorded, ours, raw, single = (lent.enter_context(server.database(like=base)) for _ in range(4))
        recording = SqlStore.open(recorded)
        composed_acts, single_acts = record(recording, Library.over(world, recording), PAIRS * BATCH)
        recording.close()
        mine = SqlStore.open(ours)
        library = Library.over(world, mine)
        by_hand, one_by_one = Raw(connected(raw), iter(composed_acts)), Raw(connected(single), iter(single_acts))
        sides = [
            [timed(BATCH, side) for side in (library.create, by_hand.create, one_by_one.create)] for _ in range(PAIRS)
        ]
        mine.close()
        by_hand.connection.close()
        one_by_one.connection.close()
        if not contents(recorded) == contents(raw) == contents(single):
            raise SystemExit("The raw sides did not do the same work: nothing was measured.")
    print(f"PostgreSQL, {PAIRS} turns of {BATCH} creations, {len(composed_acts[-1])} statements each:")
    for place, side in enumerate(("library", "raw, writes in one statement", "raw, statement by statement")):
        report([turn[place] for turn in sides], side)
    for place, side in ((1, "raw, writes in one statement"), (2, "raw, statement by statement")):
        ratios = [100 * turn[place] / turn[0] for turn in sides]
        print(f"  library / {side}: {statistics.median(ratios):.0f} % of its rate")
    started.stop()


if __name__ == "__main__":
    main()
