"""Those who act at the same moment: threads that share a store, or processes that share a file."""

from __future__ import annotations

import multiprocessing
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier as ProcessBarrier
from random import random
from threading import Barrier
from time import sleep
from typing import Any, Protocol

from attrs import define, evolve, frozen

from habilitation.adapters.memory_transport import MemoryMailbox
from habilitation.adapters.outbox import OutboxNotifier
from habilitation.adapters.sql import SqlStore
from habilitation.adapters.system import TimeOrderedIds
from habilitation.application import Habilitation
from habilitation.domain.refusals import Refusal
from habilitation.domain.terms import NO_TERMS, Terms
from habilitation.ports.store import Store
from habilitation.testing.fakes import SettableClock
from habilitation.testing.world import portal_over

PATIENCE = 30.0
"""Seconds after which a race is given up."""
HEAD_START = 0.0003
"""Seconds by which one may be ahead of another: about as long as an act takes."""
RIVALS = 3
"""How many act at once, at most."""
ACCEPTED = "accepted"


@frozen
class Move:
    """One act: the portal's use case of that name, what it is asked, by whom, and on what terms if on any."""

    act: str
    asked: Any
    by: Any
    terms: Terms = NO_TERMS

    def on(self, portal: Habilitation) -> str:
        """``accepted``, or the code of the refusal."""
        try:
            getattr(portal, self.act)(self.asked, by=self.by, **self._terms)
        except Refusal as refusal:
            return refusal.code
        return ACCEPTED

    @property
    def _terms(self) -> dict[str, Terms]:
        return {} if self.terms == NO_TERMS else {"terms": self.terms}


class Crew(Protocol):
    """Makes moves at the same moment, and tells what became of each."""

    def race(self, *moves: Move) -> list[str]: ...

    def close(self) -> None: ...


def rival(store: Store) -> Habilitation:
    """A portal over that store, whose ids are nobody else's."""
    portal = portal_over(store, SettableClock(), MemoryMailbox())
    identifiers = TimeOrderedIds()
    return Habilitation(evolve(portal.ports, identifiers=identifiers, notifier=OutboxNotifier(identifiers)))


class Threads:
    """Threads of this process, each with a portal of its own, over the stores given in turn."""

    def __init__(self, *stores: Store) -> None:
        self._portals = [rival(stores[number % len(stores)]) for number in range(RIVALS)]
        self._pool = ThreadPoolExecutor(RIVALS)

    def race(self, *moves: Move) -> list[str]:
        start = Barrier(len(moves), timeout=PATIENCE)

        def made(move: Move, portal: Habilitation) -> str:
            start.wait()
            sleep(random() * HEAD_START)
            return move.on(portal)

        with interleaved():
            return list(self._pool.map(made, moves, self._portals, timeout=PATIENCE))

    def close(self) -> None:
        self._pool.shutdown()


@contextmanager
def interleaved() -> Iterator[None]:
    """Threads take turns after a few steps: an act takes less time than Python lets a thread run alone."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        yield
    finally:
        sys.setswitchinterval(before)


@define
class Worker:
    """Another process, which has the file open for itself."""

    process: Any
    line: Connection


class Processes:
    """Processes of their own, started afresh, that open the file each for themselves."""

    def __init__(self, url: str) -> None:
        context = multiprocessing.get_context("spawn")
        self._starts = {number: context.Barrier(number) for number in range(2, RIVALS + 1)}
        self._workers = [self._hired(context, url) for _ in range(RIVALS)]
        for worker in self._workers:
            assert worker.line.poll(PATIENCE), "the process has started"
            worker.line.recv()

    def _hired(self, context: Any, url: str) -> Worker:
        ours, theirs = context.Pipe()
        process = context.Process(target=work, args=(url, theirs, self._starts), daemon=True)
        process.start()
        return Worker(process, ours)

    def race(self, *moves: Move) -> list[str]:
        racing = list(zip(self._workers, moves, strict=False))
        for worker, move in racing:
            worker.line.send((len(moves), move))
        return [self._answer(worker) for worker, _ in racing]

    def _answer(self, worker: Worker) -> str:
        assert worker.line.poll(PATIENCE), "the process answers"
        answer: str = worker.line.recv()
        return answer

    def close(self) -> None:
        for worker in self._workers:
            worker.line.send(None)
        for worker in self._workers:
            worker.process.join(PATIENCE)
            worker.line.close()


def work(url: str, line: Connection, starts: dict[int, ProcessBarrier]) -> None:
    """The life of a process: moves, one after the other, until there are no more."""
    store = SqlStore.open(url)
    portal = rival(store)
    line.send("ready")
    with suppress(EOFError):  # whoever hired it is gone
        while asked := line.recv():
            rivals, move = asked
            starts[rivals].wait(PATIENCE)
            sleep(random() * HEAD_START)
            line.send(_told(move, portal))
    store.close()


def _told(move: Move, portal: Habilitation) -> str:
    try:
        return move.on(portal)
    except Exception as crash:  # noqa: BLE001  (told to the test, which knows no such answer)
        return repr(crash)
