"""Visits every state that a few acts can lead to, breadth first, and looks at each (I1–I8).

python3 dev.py walk [MINUTES]      for ten minutes, if nothing is said

The acts are those of ``alphabet``: each use case, asked by each actor of each target, and a day that passes. They are
the real use cases; only the store is another, which holds one state and no journal. Whatever is wrong is told with the
acts that lead there, and ends the walk.
"""

from __future__ import annotations

import sys
import time
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from inspect import unwrap

from attrs import define, evolve, field

from habilitation import Habilitation
from habilitation.adapters.memory_transport import MemoryMailbox
from habilitation.domain.actors import Session
from habilitation.domain.refusals import Refusal
from habilitation.domain.values import Login
from habilitation.testing.fakes import SettableClock
from habilitation.testing.world import portal_over
from tests.small_scope.alphabet import A_DAY, Ask, asks
from tests.small_scope.offences import in_act, in_situation
from tests.small_scope.situation import OneAct, Situation
from tests.small_scope.start import starts

A_NIGHT = "a day passes"
Step = tuple[Situation, str]


@define
class Ids:
    """Ids that depend on the situation alone: two ways to it give the same ones."""

    first: int = 0
    given: int = 0

    def new(self) -> str:
        self.given += 1
        return f"new-{self.first:02}-{self.given:02}"


@define
class Secrets:
    """Nothing is secret here, and whatever is minted is alike."""

    ids: Ids

    def login(self) -> Login:
        return Login(f"L{self.ids.first:02}{self.ids.given:02}")

    def token(self) -> str:
        return "token"

    password = token

    def salt(self) -> bytes:
        return bytes(16)


class Offence(AssertionError):
    """What is wrong, and how one gets there."""


@define
class Walk:
    """What was visited, and what waits."""

    starts: list[Situation]
    store: OneAct
    clock: SettableClock = field(factory=SettableClock)
    ids: Ids = field(factory=Ids)
    seen: dict[Situation, Step | None] = field(init=False)
    """Every situation that was found, and where it was reached from first."""
    waiting: deque[tuple[Situation, int]] = field(init=False)
    visited: Counter[int] = field(factory=Counter)
    """How many were visited, by how many acts lead there."""
    accepted: Counter[str] = field(factory=Counter)
    refused: Counter[str] = field(factory=Counter)
    _portal: Habilitation = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.seen, self.waiting = dict.fromkeys(self.starts), deque((start, 0) for start in self.starts)
        ports = portal_over(self.store, self.clock, MemoryMailbox()).ports  # type: ignore[arg-type]
        self._portal = Habilitation(evolve(ports, identifiers=self.ids, secrets=Secrets(self.ids)))

    @classmethod
    def anew(cls) -> Walk:
        """One that has visited nothing yet."""
        return cls(*starts())

    def visit(self) -> None:
        """Try everything in the next situation, and look at wherever that leads."""
        now, depth = self.waiting.popleft()
        for after, how in self._from(now):
            if after not in self.seen:
                self.seen[after] = (now, how)
                self._blame(in_situation(after, self.store.catalog, now), after)
                self.waiting.append((after, depth + 1))
        self.visited[depth] += 1

    def _from(self, now: Situation) -> Iterator[Step]:
        yield now.at(now.now + A_DAY), A_NIGHT
        for ask in asks(now):
            if self._is_accepted(ask, now):
                yield self.store.situation, str(ask)

    def _is_accepted(self, ask: Ask, now: Situation) -> bool:
        self.clock.instant = now.now
        self.ids.first, self.ids.given = len(now.credentials), 0
        self.store.begin(now)
        try:
            unwrap(getattr(self._portal, ask.act))(ask.asked, by=ask.by)
        except Refusal as refusal:
            self.refused[ask.act] += 1
            self._blame(self._left_behind(ask, refusal), now)
            return False
        self.accepted[ask.act] += 1
        by = ask.by.actor if isinstance(ask.by, Session) else ask.by
        self._blame((f"{each}, by {ask}" for each in in_act(now, by, self.store.events)), now)
        return True

    @property
    def complete(self) -> int:
        """The number of acts of which every sequence was tried."""
        return self.waiting[0][1]

    def _left_behind(self, ask: Ask, refusal: Refusal) -> Iterator[str]:
        """I8: what is refused leaves nothing."""
        if self.store.events:
            yield f"I8: {refusal.code} was said, and something done, by {ask}"

    def _blame(self, offences: Iterable[str], now: Situation) -> None:
        for offence in offences:
            raise Offence("\n".join([*self.way_to(now), offence]))

    def way_to(self, now: Situation) -> list[str]:
        """The acts that lead there."""
        way: list[str] = []
        while (step := self.seen[now]) is not None:
            now, how = step
            way.insert(0, how)
        return way


def main(minutes: float = 10) -> None:
    """Walk for so long, and say how far."""
    walk, end = Walk.anew(), time.monotonic() + minutes * 60
    while time.monotonic() < end:
        walk.visit()
    print(f"{len(walk.seen):,} states found and looked at, all that k = {walk.complete} acts lead to among them")
    for depth, many in sorted(walk.visited.items()):
        print(f"  all acts were tried in {many:,} that {depth} acts lead to")
    print(f"{walk.accepted.total():,} acts accepted, {walk.refused.total():,} refused; every invariant held")
    for act in sorted(walk.accepted | walk.refused):
        print(f"  {act}: {walk.accepted[act]:,} accepted, {walk.refused[act]:,} refused")


if __name__ == "__main__":
    main(*map(float, sys.argv[1:2]))
