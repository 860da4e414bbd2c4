"""Fifty who write to one organization at the same time, against one who writes alone.

python3 dev.py benchmark writers

Each writer has a thread of its own and creates users, one after the other; all share one store. For a few seconds one
writes alone, then fifty do, then one again, in turn. Printed are acts per second, how long one act takes, and what was
refused: a stale write is tried again by the library, so nobody should be told of a conflict. On SQLite, in a file on
the disk, each commit is flushed; PostgreSQL is the one in the wheel, which flushes nothing (``tests/postgres.py``).
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path

from attrs import define, evolve, field

from habilitation import Habilitation, NewUser
from habilitation.adapters.outbox import OutboxNotifier
from habilitation.adapters.sql import SqlStore
from habilitation.adapters.system import TimeOrderedIds
from habilitation.domain.refusals import Refusal
from habilitation.testing.world import CONSULT, World
from tests.postgres import server
from tests.stores import prepare

MANY, SECONDS, TURNS = 50, 3.0, 3
numbers = count(1)


@define
class Spell:
    """So many writers for some seconds, and what became of their acts."""

    writers: int
    taken: list[float] = field(factory=list)
    refused: Counter[str] = field(factory=Counter)
    seconds: float = 0.0

    @property
    def rate(self) -> float:
        return len(self.taken) / self.seconds


def spell(world: World, writers: int) -> Spell:
    """Let them write."""
    done = Spell(writers)
    began = time.perf_counter()
    with ThreadPoolExecutor(writers) as pool:
        writing = [pool.submit(_write, world, done, began + SECONDS) for _ in range(writers)]
        for each in writing:
            each.result()
    done.seconds = time.perf_counter() - began
    return done


def _write(world: World, done: Spell, until: float) -> None:
    while (began := time.perf_counter()) < until:
        email = f"zoe{next(numbers)}@oliviers.example"
        asked = NewUser(world.organization.id, world.agreement.id, "Durand", "Zoé", email, groups=(CONSULT,))
        try:
            world.portal.create_user(asked, by=world.admin)
        except Refusal as refusal:
            done.refused[refusal.code] += 1
        else:
            done.taken.append(time.perf_counter() - began)


def measured(engine: str, url: str) -> None:
    """Print both, and the ratio of the rates."""
    print(engine)
    store = SqlStore.open(url)
    world, ids = World.administered(store), TimeOrderedIds()
    ports = evolve(world.portal.ports, identifiers=ids, notifier=OutboxNotifier(ids), delivery=None)
    world.portal = Habilitation(ports)
    turns = [(spell(world, 1), spell(world, MANY)) for _ in range(TURNS)]
    for spells in zip(*turns, strict=True):
        told(list(spells))
    print(f"  {100 * statistics.median(many.rate / one.rate for one, many in turns):.0f} % of the rate of one")
    store.close()


def told(spells: list[Spell]) -> None:
    """What became of the acts of so many writers."""
    taken = sorted(each * 1000 for one in spells for each in one.taken)
    refused = sum((one.refused for one in spells), Counter[str]())
    rate = statistics.median(one.rate for one in spells)
    print(f"  {spells[0].writers} writing: {rate:,.0f} acts a second; refused: {dict(refused) or 'none'}")
    print(f"    one takes {taken[len(taken) // 2]:.1f} ms (median), {taken[len(taken) * 99 // 100]:.1f} ms (p99)")


def main() -> None:
    """On each engine."""
    print(f"{MANY} writers on one organization, {TURNS} turns of {SECONDS:.0f} s")
    with tempfile.TemporaryDirectory() as folder:
        measured("SQLite", f"sqlite:///{Path(folder) / 'writers.db'}")
    with server().database() as url:
        prepare(url)
        measured("PostgreSQL", url)


if __name__ == "__main__":
    main()
