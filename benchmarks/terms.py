"""What terms cost: an act with a key, with a version, with both; and finding versions in a long journal.

python3 dev.py benchmark terms

Acts change one user's workstation to and fro, on a file in memory (``/dev/shm``) and in memory; kinds of terms take
turns, and the median over the rounds of the processor's time for one act is what counts. The journal is made long
behind the store's back: rows like its own, half of them about one user.
"""

from __future__ import annotations

import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any
from uuid import uuid4

from habilitation import Terms, Unchanged, UserChanges
from habilitation.adapters.memory import MemoryStore
from habilitation.adapters.sql import SqlStore
from habilitation.ports.queries import UserFilter
from habilitation.ports.store import Store
from habilitation.testing.world import World

ROUNDS, EACH, USERS = 7, 300, 20
PAGE = 50
LONG = 1_000_000
SHARED_MEMORY = Path("/dev/shm")

KINDS: dict[str, Callable[[Unchanged], dict[str, Terms]]] = {
    "no terms": lambda seen: {},
    "a key": lambda seen: {"terms": Terms(key=str(uuid4()))},
    "a version": lambda seen: {"terms": Terms(seen)},
    "both": lambda seen: {"terms": Terms(seen, str(uuid4()))},
}


def acts(store: Store) -> dict[str, float]:
    """Microseconds of one act, by the kind of terms."""
    world = World.administered(store)
    users = [world.user().id for _ in range(USERS)]
    turns = count()

    def act(kind: str) -> float:
        turn = next(turns)
        user = users[turn % USERS]
        with store.reading(world.organization.id) as rows:
            seen = Unchanged(rows.version(user), user)
        asked = UserChanges(world.organization.id, user, mobile=turn // USERS % 2 == 0)
        terms = KINDS[kind](seen)
        return taken(lambda: world.portal.modify_user(asked, by=world.admin, **terms))

    rounds = [{kind: statistics.mean(act(kind) for _ in range(EACH)) for kind in KINDS} for _ in range(ROUNDS)]
    return {kind: statistics.median(one[kind] for one in rounds) for kind in KINDS}


def taken(act: Callable[[], object], times: int = 1) -> float:
    """Microseconds of the processor's time."""
    began = time.process_time()
    for _ in range(times):
        act()
    return (time.process_time() - began) / times * 1e6


def looks(world: World, store: SqlStore) -> dict[str, float]:
    """Microseconds of finding each version, and of a page of users with theirs."""
    at = UserFilter(world.clock.now())
    with store.reading(world.organization.id) as rows:
        first = rows.users(at, None, 1)[0].user.id
        asked: dict[str, Callable[[], Any]] = {
            "a user's": lambda: rows.version(first),
            "an agreement's": lambda: rows.version(agreement=world.agreement.id),
            "the organization's": rows.version,
            f"a page of {PAGE} users": lambda: rows.users(at, None, PAGE),
        }
        for look in asked.values():
            look()
        return {name: statistics.median(taken(look, 200) for _ in range(ROUNDS)) for name, look in asked.items()}


def lengthen(path: Path, world: World, user: str) -> None:
    """``LONG`` events more: every second one about that user, every twentieth about the agreement."""
    with sqlite3.connect(path) as behind:
        [(head,)] = behind.execute("SELECT max(sequence) FROM entries").fetchall()
        behind.executemany("INSERT INTO entries VALUES (?, ?, 0, ?, ?, ?, ?, ?)", _rows(head, world, user))
    behind.close()


def _rows(head: int, world: World, user: str) -> Iterator[tuple[Any, ...]]:
    organization, agreement = world.organization.id, world.agreement.id
    for number in range(LONG):
        about = user if number % 2 else f"somebody-{number % 5000}"
        subject = (None, True, agreement) if number % 20 == 0 else (about, None, None)
        yield (organization, head + 1 + number, subject[0], b"x" * 200, "h" * 64, *subject[1:])


def told(title: str, figures: dict[str, float]) -> None:
    print(f"{title}: " + ", ".join(f"{name} {figure:,.1f}" for name, figure in figures.items()) + " µs")


def main() -> None:
    told("An act in memory", acts(MemoryStore()))
    with tempfile.TemporaryDirectory(dir=SHARED_MEMORY if SHARED_MEMORY.is_dir() else None) as directory:
        path = Path(directory) / "acts.db"
        store = SqlStore.open(f"sqlite:///{path}")
        told("An act on SQLite", acts(store))
        store.close()
        path = Path(directory) / "journal.db"
        store = SqlStore.open(f"sqlite:///{path}")
        world = World.administered(store)
        for _ in range(PAGE):
            world.user()
        told("Versions in a short journal", looks(world, store))
        store.close()
        lengthen(path, world, world.admin.user)
        store = SqlStore.open(f"sqlite:///{path}")
        told(f"With {LONG:,} events more", looks(world, store))
        store.close()


if __name__ == "__main__":
    main()
