"""200 people at once on ``habilitation serve`` with two workers: how many requests a second, how slow the slowest.

python3 dev.py benchmark clients

One organization of 1,000 users on SQLite, on the disk; 200 managers more, each with an address of their own, behind a
proxy. All of them sign in first, together: each takes a slow hash, of which a worker computes one a core at once, so
that many are told to come back (503, ``Retry-After``), and do. Then, for 30 seconds, each asks for one thing after
another, without a pause, of the mix below. The clients run in this process, on the same machine: its cores are shared.
Any answer but the one expected, or *busy* with a ``Retry-After``, is an error, and any error makes this fail.
"""

from __future__ import annotations

import asyncio
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2 as httpx
from attrs import define, field, frozen

from habilitation import (
    ALL_GROUPS,
    AdministratorClaim,
    AgreementValidation,
    FirstAuthentication,
    NewAgreement,
    NewManager,
    NewOrganization,
    NewService,
    NewUser,
    OperatorAgent,
    OrganizationId,
    PasswordChoice,
    Session,
    UserId,
)
from habilitation.adapters.assembly import CatalogData, open_database
from habilitation.adapters.memory_transport import MemoryMailbox
from habilitation.testing.world import AFAS, BAILLEUR, CONSULT, GROUPS, SIRETS

CLIENTS, USERS, WORKERS, SECONDS = 200, 1_000, 2, 30
AGENT = OperatorAgent("agent-1")
ADMIN, PASSWORD = "anne.martin@oliviers.example", "three frogs at the market"
CATALOG = CatalogData((NewService(AFAS, "AFAS"), NewService(BAILLEUR, "Espace bailleur")), GROUPS)
MIX = {
    "a page of users": 35,
    "a user's page": 20,
    "a search": 15,
    "a page of the API": 20,
    "a change": 8,
    "signing in": 2,
}
"""Of 100 requests."""
SIGNING_IN = "signing in"
SETTINGS = f"""
database = "sqlite:///{{folder}}/portal.db"
port = {{port}}
workers = {WORKERS}
secure = false
proxies = ["127.0.0.1"]
"""


@frozen
class Populated:
    """Who is in the database: users, and the logins of those who manage them."""

    organization: OrganizationId
    users: tuple[UserId, ...]
    logins: tuple[str, ...]


def populated(url: str) -> Populated:
    """LES OLIVIERS, with so many users and managers."""
    mailbox = MemoryMailbox()
    portal = open_database(url, catalog=CATALOG, transport=mailbox)
    organization = portal.open_organization(NewOrganization(SIRETS[0], "LES OLIVIERS", ADMIN), by=AGENT).id
    agreed = NewAgreement(organization, "CONV-1", "LES OLIVIERS", (AFAS, BAILLEUR), (CONSULT,))
    agreement = portal.open_agreement(agreed, by=AGENT).id
    portal.validate_agreement(AgreementValidation(organization, agreement), by=AGENT)
    first = portal.sign_in(mailbox.login_for(ADMIN), mailbox.password_for(ADMIN))
    assert isinstance(first, FirstAuthentication)
    claim = AdministratorClaim("Martin", "Anne", ADMIN, PASSWORD, first.text.version)
    admin = portal.claim_administrator(claim, by=first.session)

    def user(name: str, email: str) -> UserId:
        asked = NewUser(organization, agreement, name, "Luc", email, groups=(CONSULT,))
        return portal.create_user(asked, by=admin).id

    def manager(number: int) -> str:
        email = f"zoe{number}@oliviers.example"
        portal.delegate_manager(NewManager(organization, user(f"Morel{number}", email), ALL_GROUPS), by=admin)
        login = mailbox.login_for(email)
        session = portal.sign_in(login, mailbox.password_for(email))
        assert isinstance(session, Session)
        portal.choose_password(PasswordChoice(PASSWORD), by=session)
        return login

    users = tuple(user(f"Durand{number}", f"luc{number}@oliviers.example") for number in range(USERS))
    there = Populated(organization, users, tuple(map(manager, range(CLIENTS))))
    portal.close()
    return there


@define
class Tally:
    """What became of the requests, by what was asked."""

    taken: dict[str, list[float]] = field(factory=dict)
    busy: Counter[str] = field(factory=Counter)
    errors: Counter[str] = field(factory=Counter)

    def count(self, what: str, seconds: float, answer: httpx.Response, expected: int) -> None:
        if answer.status_code == expected:
            self.taken.setdefault(what, []).append(seconds * 1000)
        elif answer.status_code == 503 and "retry-after" in answer.headers:
            self.busy[what] += 1
        else:
            self.errors[f"{what}: {answer.status_code}"] += 1


@define
class Client:
    """One of the people: signs in, then asks for one thing after another."""

    number: int
    there: Populated
    http: httpx.AsyncClient
    tally: Tally
    chance: random.Random

    async def sign_in(self) -> None:
        """Again and again as long as it is busy, and as it is told to wait."""
        while True:
            answer = await self._ask(SIGNING_IN)
            if answer.status_code != 503:
                return
            await asyncio.sleep(float(answer.headers.get("retry-after", 1)))

    async def work(self, until: float) -> None:
        while time.monotonic() < until:
            await self._ask(self.chance.choices([*MIX], [*MIX.values()])[0])

    async def _ask(self, what: str) -> httpx.Response:
        method, path, sent, expected = self._request(what)
        began = time.monotonic()
        answer = await self.http.request(method, path, **sent)
        self.tally.count(what, time.monotonic() - began, answer, expected)
        return answer

    def _request(self, what: str) -> tuple[str, str, dict[str, Any], int]:
        here, user = f"/organizations/{self.there.organization}", self.chance.choice(self.there.users)
        own = self.there.users[self.number]
        match what:
            case "a page of users":
                return "GET", f"{here}/users?after={user}", {}, 200
            case "a user's page":
                return "GET", f"{here}/users/{user}", {}, 200
            case "a search":
                return "POST", f"{here}/users", {"data": {"text": f"Durand{self.chance.randrange(USERS)}"}}, 200
            case "a page of the API":
                return "POST", f"/api{here}/users/search", {"json": {"size": 50}}, 200
            case "a change":
                changed = {"mobile": self.chance.choice((True, False))}
                return "PATCH", f"/api{here}/users/{own}", {"json": changed}, 200
            case _:
                entering = {"login": self.there.logins[self.number], "password": PASSWORD}
                return "POST", "/api/sessions", {"json": entering}, 200


async def run(address: str, there: Populated) -> Tally:
    tally = Tally()
    https = [httpx.AsyncClient(base_url=address, timeout=120, headers=_from(number)) for number in range(CLIENTS)]
    clients = [Client(number, there, http, tally, random.Random(number)) for number, http in enumerate(https)]
    began = time.monotonic()
    await asyncio.gather(*(client.sign_in() for client in clients))
    print(f"{CLIENTS} sign-ins at once: {time.monotonic() - began:.1f} s, {tally.busy[SIGNING_IN]} told to come back")
    _told(tally, time.monotonic() - began)
    tally.taken.clear()
    tally.busy.clear()
    began = time.monotonic()
    await asyncio.gather(*(client.work(began + SECONDS) for client in clients))
    print(f"Then, for {SECONDS} seconds: {', '.join(f'{share} % {what}' for what, share in MIX.items())}")
    _told(tally, time.monotonic() - began)
    for http in https:
        await http.aclose()
    return tally


def _from(number: int) -> dict[str, str]:
    """What a proxy would say: each is somewhere else."""
    return {"x-forwarded-for": f"203.0.113.{number % 250}"}


def _told(tally: Tally, seconds: float) -> None:
    everything = sorted(taken for each in tally.taken.values() for taken in each)
    tally.busy["all"] = tally.busy.total()
    for what, taken in [*tally.taken.items(), ("all", everything)]:
        print(
            f"  {what}: {len(taken)} answers, {len(taken) / seconds:.0f} a second, "
            f"p50 {_at(taken, 50):.0f} ms, p99 {_at(taken, 99):.0f} ms, {tally.busy[what]} busy"
        )


def _at(taken: list[float], percent: int) -> float:
    return sorted(taken)[min(len(taken) * percent // 100, len(taken) - 1)]


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """``habilitation serve``, stopped at the end."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = folder / "portal.toml"
    settings.write_text(SETTINGS.format(folder=folder, port=port), encoding="utf-8")
    command = [sys.executable, "-m", "habilitation.adapters.cli", "serve", "--settings", str(settings)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait(f"http://127.0.0.1:{port}")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(60)


def _wait(address: str) -> None:
    for _ in range(300):
        try:
            httpx.get(f"{address}/sign-in")
            return
        except httpx.TransportError:
            time.sleep(0.1)
    raise TimeoutError(address)


def main() -> int:
    with tempfile.TemporaryDirectory() as directory:
        folder = Path(directory)
        there = populated(f"sqlite:///{folder}/portal.db")
        with serving(folder) as address:
            tally = asyncio.run(run(address, there))
    print(f"Errors: {dict(tally.errors) or 'none'}")
    return 1 if tally.errors else 0


if __name__ == "__main__":
    sys.exit(main())
