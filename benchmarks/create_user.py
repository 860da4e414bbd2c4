"""What CreateUser costs: on SQLite against the same reads and rows by hand, and in memory.

python3 dev.py benchmark create_user

The library creates users, each in one group, in one organization. What it sends to the driver is recorded once; the raw
side sends the very same statements with the same values through plain ``sqlite3``, fetches what they find, and makes
the same ids and hashes. Both run in turn on copies of one database, a batch each (A B A B …), and the median of the
pairs' ratios is what counts. Before that, the database that the raw side leaves is compared with the recorded one, byte
for byte of every row: it did the same work, or nothing is timed.

Contact checks and delivery are apart: the library reads addresses with a fake, and leaves its messages to a worker.

It runs twice: on the disk, as an embedder's portal does, each commit flushed before it is told; and on a file in memory
(``/dev/shm``), where nothing is flushed and only the processor's share is left.
"""

from __future__ import annotations

import gc
import hashlib
import shutil
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

from attrs import define, evolve, field

from habilitation import Habilitation, NewUser
from habilitation.adapters.memory import MemoryStore
from habilitation.adapters.outbox import OutboxNotifier
from habilitation.adapters.sql import SqlStore
from habilitation.adapters.system import SystemClock, SystemSecrets, TimeOrderedIds
from habilitation.ports.store import Store
from habilitation.testing.world import CONSULT, World

PAIRS = 41
BATCH = 100
ALREADY = 10
"""The *small* data set: one organization of ten users."""
FORGIVING = timedelta(days=36500)
"""The world is set up at a fixed instant; the timed acts run by the machine's clock."""

Statement = tuple[str, str, Any]
"""The cursor's method, the statement, its values."""


@define
class Library:
    """CreateUser as an embedder calls it."""

    world: World
    portal: Habilitation
    numbers: Iterator[int] = field(factory=lambda: count(1))

    @classmethod
    def over(cls, world: World, store: Store) -> Library:
        ids = TimeOrderedIds()
        clock = SystemClock(tolerance=FORGIVING)
        ports = evolve(
            world.portal.ports, store=store, clock=clock, identifiers=ids, notifier=OutboxNotifier(ids), delivery=None
        )
        return cls(world, Habilitation(ports))

    def create(self) -> None:
        asked = NewUser(
            self.world.organization.id,
            self.world.agreement.id,
            "Durand",
            "Zoé",
            f"zoe.durand{next(self.numbers)}@oliviers.example",
            groups=(CONSULT,),
        )
        self.portal.create_user(asked, by=self.world.admin)


@define
class Raw:
    """The recorded statements, act by act, on the driver's cursor, and the ids and hashes that they need."""

    connection: sqlite3.Connection
    acts: Iterator[list[Statement]]
    ids: TimeOrderedIds = field(factory=TimeOrderedIds)
    secrets: SystemSecrets = field(factory=SystemSecrets)

    def create(self) -> None:
        for _ in range(3):
            self.ids.new()
        hashlib.sha256(self.secrets.login().text.encode()).hexdigest()
        cursor = self.connection.cursor()
        for method, statement, values in next(self.acts):
            if method == "executemany":
                _hash_bodies(values)
                cursor.executemany(statement, values)
            else:
                cursor.execute(statement, values).fetchall()
        self.connection.commit()


def _hash_bodies(rows: list[tuple[Any, ...]]) -> None:
    """Chain the journal's entries, as whoever writes them must."""
    link = ""
    for row in rows:
        if isinstance(row[4], bytes):
            link = hashlib.sha256(link.encode() + row[4]).hexdigest()


@define
class Recorder:
    """A cursor that writes down what it is sent."""

    cursor: sqlite3.Cursor
    sent: list[Statement] = field(factory=list)

    def execute(self, statement: str, values: Any = ()) -> sqlite3.Cursor:
        self.sent.append(("execute", statement, values))
        return self.cursor.execute(statement, values)

    def executemany(self, statement: str, values: Any) -> sqlite3.Cursor:
        self.sent.append(("executemany", statement, list(values)))
        return self.cursor.executemany(statement, values)

    def fetchall(self) -> list[Any]:
        return self.cursor.fetchall()

    @property
    def rowcount(self) -> int:
        return self.cursor.rowcount

    def close(self) -> None:
        self.cursor.close()


def record(store: SqlStore, library: Library, acts: int) -> list[list[Statement]]:
    """What the library sends for each of that many creations."""
    database = store._database
    line = database.borrow()
    recorder = Recorder(line.cursor)
    line.cursor = recorder
    database.give_back(line)
    recorded = []
    for _ in range(acts):
        recorder.sent.clear()
        library.create()
        recorded.append(list(recorder.sent))
    return recorded


def timed(batch: int, create: Callable[[], None]) -> float:
    """Seconds per creation."""
    gc.collect()
    gc.freeze()
    start = time.perf_counter()
    for _ in range(batch):
        create()
    return (time.perf_counter() - start) / batch


def contents(path: Path) -> list[str]:
    """Every row of a database."""
    connection = sqlite3.connect(path)
    try:
        return sorted(connection.iterdump())
    finally:
        connection.close()


@contextmanager
def scratch(where: Path) -> Iterator[Path]:
    """A folder that is gone afterwards."""
    folder = Path(tempfile.mkdtemp(dir=where))
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def prepared(folder: Path) -> World:
    """An administered organization of ten users, in ``base.db``."""
    store = SqlStore.open(f"sqlite:///{folder}/base.db")
    world = World.administered(store)
    for _ in range(ALREADY):
        world.user(CONSULT)
    store.close()
    return world


def opened(folder: Path, name: str) -> SqlStore:
    """A store on a copy of the base."""
    shutil.copy(folder / "base.db", folder / name)
    return SqlStore.open(f"sqlite:///{folder}/{name}")


def opened_raw(folder: Path) -> sqlite3.Connection:
    """The driver on a copy of the base, with the settings that the library uses."""
    shutil.copy(folder / "base.db", folder / "raw.db")
    connection = sqlite3.connect(folder / "raw.db", isolation_level=None)
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    return connection


def on_sqlite(folder: Path) -> None:
    """Print the medians of both sides, and of their ratio pair by pair."""
    world = prepared(folder)
    recording, ours = opened(folder, "recorded.db"), opened(folder, "ours.db")
    acts = record(recording, Library.over(world, recording), PAIRS * BATCH)
    recording.close()
    raw = Raw(opened_raw(folder), iter(acts))
    library = Library.over(world, ours)
    pairs = [(timed(BATCH, library.create), timed(BATCH, raw.create)) for _ in range(PAIRS)]
    ours.close()
    raw.connection.close()
    require_same_work(folder)
    statements = sum(len(values) if method == "executemany" else 1 for method, _, values in acts[-1])
    print(f"SQLite under {folder.parent}, {PAIRS} pairs of {BATCH} creations, {statements} statements each:")
    report([one for one, _ in pairs], "library")
    report([other for _, other in pairs], "raw driver")
    ratios = [100 * other / one for one, other in pairs]
    print(
        f"  library / raw: {statistics.median(ratios):.0f} % of its rate (from {min(ratios):.0f} to {max(ratios):.0f})"
    )


def require_same_work(folder: Path) -> None:
    """The raw side must have left every row as recorded, and the library as many of each kind."""
    raw, recorded, ours = (contents(folder / name) for name in ("raw.db", "recorded.db", "ours.db"))
    if raw != recorded:
        raise SystemExit("The raw side did not do the same work: nothing was measured.")
    if kinds(ours) != kinds(raw):
        raise SystemExit("The library left other rows than were recorded: nothing was measured.")


def kinds(dump: list[str]) -> dict[str, int]:
    """How many rows each table got."""
    rows = [line.split("VALUES")[0] for line in dump if line.startswith("INSERT")]
    return {kind: rows.count(kind) for kind in set(rows)}


def report(seconds: list[float], side: str) -> None:
    microseconds = statistics.median(seconds) * 1e6
    print(f"  {side}: {microseconds:.0f} µs a creation, {1e6 / microseconds:,.0f} a second")


def in_memory() -> None:
    """Print the median of creations in memory."""
    world = World.administered(MemoryStore())
    library = Library.over(world, world.portal.ports.store)
    batches = [timed(BATCH, library.create) for _ in range(PAIRS)]
    print(f"In memory, {PAIRS} batches of {BATCH} creations:")
    report(batches, "library")
    print(f"  fastest batch: {min(batches) * 1e6:.0f} µs a creation")


MEMORY = Path("/dev/shm")

if __name__ == "__main__":
    for where in [Path(tempfile.gettempdir()), MEMORY]:
        if where.is_dir():
            with scratch(where) as folder:
                on_sqlite(folder)
    in_memory()
