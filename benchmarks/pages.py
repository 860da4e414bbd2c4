"""What a page of 50 users costs: the store's query, the use case, the API's answer, the portal's page.

python3 dev.py benchmark pages
.venv/bin/python benchmarks/pages.py 2000      another number of users

One organization of 100,000 users on SQLite, in a file in memory (``/dev/shm``). One page in the middle of the list is
asked for in turn of the store, of ``list_users``, of the API and of the portal, by the administrator. The last two are
called as a server calls them (ASGI, a session by its cookie, every header), without a socket. The median over the
rounds of the processor's time counts, and that of each round's ratio to the store's query.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from attrs import define, evolve

from habilitation import Habilitation, NewUser, UserSearch
from habilitation.adapters.asgi.api import api
from habilitation.adapters.asgi.api.wire import cursor_told
from habilitation.adapters.asgi.portal import pages
from habilitation.adapters.outbox import OutboxNotifier
from habilitation.adapters.sql import SqlStore
from habilitation.adapters.system import TimeOrderedIds
from habilitation.domain.actors import Session
from habilitation.ports.queries import UserFilter
from habilitation.testing.world import CONSULT, PASSWORD, World

USERS, PAGE, ROUNDS, WARMING = 100_000, 50, 100, 10
SHARED_MEMORY = Path("/dev/shm")
HOST = b"portal.example"
Ask = Callable[[], Awaitable[None]]


@define
class Middle:
    """An organization of so many users, its administrator's session, and a user in the middle of the list."""

    world: World
    session: Session
    after: Any

    @classmethod
    def of(cls, store: SqlStore, users: int) -> Middle:
        world = World.administered(store)
        ids = TimeOrderedIds()
        ports = evolve(world.portal.ports, identifiers=ids, notifier=OutboxNotifier(ids), delivery=None)
        world.portal = Habilitation(ports)
        created = [world.portal.create_user(_user(world, number), by=world.admin).id for number in range(users)]
        with store.reading(world.organization.id) as rows:
            login = rows.find_row(world.admin.user).login  # type: ignore[union-attr]
        session = world.portal.sign_in(str(login), PASSWORD)
        assert isinstance(session, Session)
        return cls(world, session, created[-1])

    async def of_the_store(self) -> None:
        store, wanted = self.world.portal.ports.store, UserFilter(self.world.clock.now())
        with store.reading(self.world.organization.id) as rows:
            assert len(rows.users(wanted, self.after, PAGE + 1)) == PAGE + 1

    async def of_the_use_case(self) -> None:
        asked = UserSearch(self.world.organization.id, after=self.after, size=PAGE)
        assert len(self.world.portal.list_users(asked, by=self.session).items) == PAGE

    def of_the_api(self) -> Ask:
        body = json.dumps({"size": PAGE, "after": cursor_told(self.after)}).encode()
        return Call(api(self.world.portal), "POST", self._path("/users/search"), self.session, body).once

    def of_the_portal(self) -> Ask:
        query = f"after={self.after}"
        return Call(pages(self.world.portal), "GET", self._path("/users"), self.session, query=query).once

    def _path(self, of: str) -> str:
        return f"/organizations/{self.world.organization.id}{of}"


@define
class Call:
    """One request, made again and again of an ASGI application."""

    app: Callable[..., Any]
    method: str
    path: str
    session: Session
    body: bytes = b""
    query: str = ""

    async def once(self) -> None:
        status, answer = await self._answered()
        assert status == 200, answer[:500]

    async def _answered(self) -> tuple[int, bytes]:
        parts: list[Any] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": self.body, "more_body": False}

        async def send(message: Any) -> None:
            parts.append(message)

        await self.app(self._scope(), receive, send)
        return parts[0]["status"], b"".join(part.get("body", b"") for part in parts[1:])

    def _scope(self) -> dict[str, Any]:
        cookie = f"__Host-habilitation={self.session.token}".encode()
        told = {b"host": HOST, b"cookie": cookie, b"accept-language": b"fr", b"content-type": b"application/json"}
        scope = {"type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "scheme": "https", "root_path": ""}
        asked = {"method": self.method, "path": self.path, "raw_path": self.path.encode(), "headers": [*told.items()]}
        return scope | asked | {"query_string": self.query.encode(), "client": ("127.0.0.1", 1), "server": ("x", 443)}


async def measured(middle: Middle, rounds: int = ROUNDS) -> dict[str, list[float]]:
    """Milliseconds of each, round by round; in one loop, whose threads wait for the next request as a server's do."""
    asked: dict[str, Ask] = {
        "the store's query": middle.of_the_store,
        "list_users": middle.of_the_use_case,
        "the API": middle.of_the_api(),
        "the portal": middle.of_the_portal(),
    }
    taken = {name: [await _taken(ask) for _ in range(WARMING)] and [] for name, ask in asked.items()}
    for _ in range(rounds):
        for name, ask in asked.items():
            taken[name].append(await _taken(ask))
    return taken


async def _taken(ask: Ask) -> float:
    began = time.process_time()
    await ask()
    return (time.process_time() - began) * 1000


def _user(world: World, number: int) -> NewUser:
    name = f"Durand{number * 7919 % 100_003:06}"
    email = f"zoe{number}@oliviers.example"
    return NewUser(world.organization.id, world.agreement.id, name, "Zoé", email, groups=(CONSULT,))


def main(users: int = USERS) -> None:
    with tempfile.TemporaryDirectory(dir=SHARED_MEMORY if SHARED_MEMORY.is_dir() else None) as directory:
        store = SqlStore.open(f"sqlite:///{directory}/pages.db")
        middle = Middle.of(store, users)
        taken = asyncio.run(measured(middle))
        queries = taken["the store's query"]
        print(f"A page of {PAGE} of {users:,} users")
        for name, each in taken.items():
            ratio = statistics.median(one / query for one, query in zip(each, queries, strict=True))
            print(f"  {name}: {statistics.median(each):.2f} ms, {ratio:.1f} × the store's query")
        store.close()


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
