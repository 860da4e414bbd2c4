"""Kills whoever writes, at any moment, again and again; and looks at what is left each time (I8–I10).

python3 dev.py crash [TIMES]      200 times on each engine, if nothing is said

Two processes act on one organization, each as fast as it can, and each sends its messages after each act. At a random
moment both are killed (SIGKILL) or, every other time on PostgreSQL, the server is, with all its processes. Then the
database is opened anew: each act that was acknowledged is there, each other one is there whole or not at all, as was
said of it, and can be asked for again under its key, and each message leaves.
"""

from __future__ import annotations

import multiprocessing
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any, Protocol

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
from tests.postgres import Embedded, start
from tests.stores import prepare

CLIENTS = 2
PATIENCE = 30.0
"""Seconds that a client may take to begin."""
SOON, LATE = 0.0, 0.25
"""Seconds after the first act that was acknowledged: when the kill comes."""
SEED = 20261123


class Machine(Protocol):
    """What the database runs on."""

    url: str

    def kill(self, clients: Sequence[Any]) -> None:
        """End somebody, in the middle of whatever it does."""

    def recover(self) -> None:
        """Have it run again."""


@define
class AFile:
    """SQLite: there is nobody but the clients."""

    url: str

    def kill(self, clients: Sequence[Any]) -> None:
        for client in clients:
            client.kill()

    def recover(self) -> None:
        """There is nothing to start."""


@define
class AServer:
    """PostgreSQL, as careful as it is by default: every other time it is the server that ends."""

    server: Embedded
    url: str
    kills: int = 0
    _again: subprocess.Popen[bytes] | None = None

    @classmethod
    @contextmanager
    def started(cls) -> Iterator[AServer]:
        server = start(fsync="on", full_page_writes="on", synchronous_commit="on")
        url = server.address.render_as_string(hide_password=False)
        prepare(url)
        machine = cls(server, url)
        try:
            yield machine
        finally:
            machine._end()

    def kill(self, clients: Sequence[Any]) -> None:
        self.kills += 1
        if self.kills % 2:
            for client in clients:
                client.kill()
        else:
            self.server.kill()

    def _end(self) -> None:
        if self._again:
            self.server.kill()
            self._again.wait()
        self.server.stop()

    def recover(self) -> None:
        if self.server.answers():
            return
        if self._again:
            self._again.wait()
        self._again = self.server.restart()


@define
class Crashes:
    """A database, and one organization in it after the other, in which somebody is killed."""

    machine: Machine
    folder: Path
    work: Callable[[Task], None] = work
    """The life of a client."""
    found: Found = field(factory=Found)
    _world: World = field(init=False)
    _random: Random = field(factory=lambda: Random(SEED))
    _context: Any = field(factory=lambda: multiprocessing.get_context("forkserver"))

    def __attrs_post_init__(self) -> None:
        self._context.set_forkserver_preload(["tests.crashes.client"])
        self._world = World.over(SqlStore.open(self.machine.url))
        ids = TimeOrderedIds()
        ports = evolve(self._world.portal.ports, identifiers=ids, notifier=OutboxNotifier(ids))
        self._world.portal = Habilitation(ports)

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
            self.machine.kill(clients)
        for client in clients:
            client.join(PATIENCE)
            assert not client.is_alive(), "whoever loses its server ends"
        self.machine.recover()
        self._look(tasks)

    def _prepared(self, number: int) -> list[Task]:
        """A new organization, whose administrator each client acts for."""
        world = self._world
        world.organization = world.open_organization(siret_number(1_000 + number))
        world.agreement = world.open_agreement(world.organization)
        world.admin = world.claim(world.organization).actor
        names = [f"client-{number}-{each}" for each in range(CLIENTS)]
        return [Task(self.machine.url, name, world.admin, world.agreement.id, self.folder) for name in names]

    def _await(self, tasks: list[Task]) -> None:
        """Until each has been told of an act."""
        deadline = time.monotonic() + PATIENCE
        while not all(task.diary.exists() and "done" in task.diary.read_text() for task in tasks):
            assert time.monotonic() < deadline, "the clients act"
            time.sleep(0.002)

    def _look(self, tasks: list[Task]) -> None:
        store, clock = SqlStore.open(self.machine.url), SettableClock()
        with Lines.of(tasks[0].posted) as posted:
            portal = portal_by(store, Posting(posted), clock)
            Aftermath(portal, clock, tasks[0].admin.organization, tasks, self.found).look()
        store.close()


def crashed(engine: str, machine: Machine, times: int) -> None:
    """Crash so often, and print what was found."""
    with tempfile.TemporaryDirectory() as folder:
        crashes = Crashes(machine, Path(folder))
        for number in range(times):
            crashes.crash(number)
    print(f"{engine}: {crashes.found}")


def main(times: int = 200) -> None:
    """On each engine."""
    with tempfile.TemporaryDirectory() as folder:
        crashed("SQLite", AFile(f"sqlite:///{folder}/portal.db"), times)
    with AServer.started() as server:
        crashed("PostgreSQL", server, times)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
