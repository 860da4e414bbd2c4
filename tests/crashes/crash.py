"""Kills whoever writes, at any moment, again and again; and looks at what is left each time (I8–I10).

python3 dev.py crash [TIMES]      200 times, if nothing is said

Two processes act on one organization, each as fast as it can, and each sends its messages after each act. Both are
killed (SIGKILL) at a random moment. Then the file is opened anew: each act that was acknowledged is there, each other
one is there whole or not at all, and can be asked for again under its key, and each message leaves.
"""

from __future__ import annotations

import multiprocessing
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

from attrs import define, evolve, field

from habilitation.adapters.outbox import OutboxNotifier
from habilitation.adapters.sql import SqlStore
from habilitation.adapters.system import TimeOrderedIds
from habilitation.application import Habilitation
from habilitation.testing.contract.stories import siret_number
from habilitation.testing.fakes import SettableClock
from habilitation.testing.world import World
from tests.crashes.aftermath import Aftermath, Found
from tests.crashes.client import Lines, Posting, Task, portal_by, work

CLIENTS = 2
PATIENCE = 30.0
"""Seconds that a client may take to begin."""
SOON, LATE = 0.0, 0.25
"""Seconds after the first act that was acknowledged: when the kill comes."""
SEED = 20261123


@define
class Crashes:
    """A database, and one organization in it after the other, in which somebody is killed."""

    url: str
    folder: Path
    work: Callable[[Task], None] = work
    """The life of a client."""
    found: Found = field(factory=Found)
    _world: World = field(init=False)
    _random: Random = field(factory=lambda: Random(SEED))
    _context: Any = field(factory=lambda: multiprocessing.get_context("forkserver"))

    def __attrs_post_init__(self) -> None:
        self._context.set_forkserver_preload(["tests.crashes.client"])
        self._world = World.over(SqlStore.open(self.url))
        ids = TimeOrderedIds()
        self._world.portal = Habilitation(
            evolve(self._world.portal.ports, identifiers=ids, notifier=OutboxNotifier(ids))
        )

    def crash(self, number: int) -> None:
        """One crash, and what it left."""
        tasks = self._prepared(number)
        clients = [self._context.Process(target=self.work, args=(task,), daemon=True) for task in tasks]
        for client in clients:
            client.start()
        try:
            self._await(tasks)
            time.sleep(self._random.uniform(SOON, LATE))
        finally:
            for client in clients:
                client.kill()
        for client in clients:
            client.join()
        self._look(tasks)

    def _prepared(self, number: int) -> list[Task]:
        """A new organization, whose administrator each client acts for."""
        world = self._world
        world.organization = world.open_organization(siret_number(1_000 + number))
        world.agreement = world.open_agreement(world.organization)
        world.admin = world.claim(world.organization).actor
        names = [f"client-{number}-{each}" for each in range(CLIENTS)]
        return [Task(self.url, name, world.admin, world.agreement.id, self.folder) for name in names]

    def _await(self, tasks: list[Task]) -> None:
        """Until each has been told of an act."""
        deadline = time.monotonic() + PATIENCE
        while not all(task.diary.exists() and "done" in task.diary.read_text() for task in tasks):
            assert time.monotonic() < deadline, "the clients act"
            time.sleep(0.002)

    def _look(self, tasks: list[Task]) -> None:
        store, clock = SqlStore.open(self.url), SettableClock()
        with Lines.of(tasks[0].posted) as posted:
            portal = portal_by(store, Posting(posted), clock)
            Aftermath(portal, clock, tasks[0].admin.organization, tasks, self.found).look()
        store.close()


def main(times: int = 200) -> None:
    """Crash so often, and print what was found."""
    with tempfile.TemporaryDirectory() as folder:
        crashes = Crashes(f"sqlite:///{folder}/portal.db", Path(folder))
        for number in range(times):
            crashes.crash(number)
        print(f"SQLite, the clients killed: {crashes.found}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
