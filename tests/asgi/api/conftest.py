"""The API over a small world, on each kind of store; who asks is said in a header, as an embedder's gateway might."""

from __future__ import annotations

from typing import Any, cast

import pytest
from attrs import define, frozen
from fastapi import FastAPI
from starlette.requests import Request
from starlette.testclient import TestClient

from habilitation import Actor, Asking, Habilitation, Member, OperatorAgent
from habilitation.adapters.asgi.api import api
from habilitation.adapters.asgi.sessions import SessionCookie
from habilitation.adapters.memory import MemoryStore
from habilitation.adapters.memory_transport import MemoryMailbox
from habilitation.domain.user import User
from habilitation.domain.values import OrganizationId, ServiceCode, UserId
from habilitation.testing.fakes import SettableClock
from habilitation.testing.world import World, portal_over


def said(request: Request) -> Actor | None:
    """Whoever the test says: ``operator agent-1``, ``user ORGANIZATION USER``, ``service AFAS``."""
    match request.headers.get("asking", "").split():
        case ["operator", agent]:
            return OperatorAgent(agent)
        case ["user", organization, user]:
            return Member(OrganizationId(organization), UserId(user))
        case ["service", service]:
            return Asking(ServiceCode(service))
    return None


def written(actor: Actor) -> str:
    match actor:
        case OperatorAgent(agent):
            return f"operator {agent}"
        case Member(organization, user):
            return f"user {organization} {user}"
        case Asking(service):
            return f"service {service}"
    raise AssertionError("a session comes in its cookie")


@frozen
class Caller:
    """Asks the API in the place of somebody."""

    world: World
    client: TestClient

    def __call__(self, method: str, path: str, by: Actor | None = None, *, headers: Any = None, **sent: Any) -> Any:
        """The answer; ``{organization}`` and ``{agreement}`` in the path are the world's."""
        ids = {"{organization}": self.world.organization.id, "{agreement}": self.world.agreement.id}
        for name, id in ids.items():
            path = path.replace(name, id)
        who = {"asking": written(by)} if by else {}
        return self.client.request(method, path, headers={**who, **(headers or {})}, **sent)

    def user(self, user: User, rest: str = "") -> str:
        return f"/organizations/{{organization}}/users/{user.id}{rest}"


@define
class Current:
    """The portal of the test that runs: making an API takes longer than most tests of it."""

    portal: Any = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self.portal, name)


@pytest.fixture(scope="session")
def served() -> tuple[Current, FastAPI]:
    current = Current(portal_over(MemoryStore(), SettableClock(), MemoryMailbox()))
    return current, api(cast(Habilitation, current), authenticate=said, cookie=SessionCookie(secure=False))


@pytest.fixture
def client(world: World, served: tuple[Current, FastAPI]) -> TestClient:
    current, app = served
    current.portal = world.portal
    return TestClient(app, raise_server_exceptions=False)


@pytest.fixture
def call(world: World, client: TestClient) -> Caller:
    return Caller(world, client)
