"""Each program as its users meet it: a contract and its organization are there together, or neither is."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from habilitation import OperatorAgent, OrganizationSearch, SiretQuestion
from habilitation.adapters.assembly import open_database
from hosts import django_host, fastapi_host, flask_host

CONTRACT = {
    "number": "C-17",
    "siret": "130 025 265 00013",
    "name": "LES TILLEULS",
    "contact": "courrier@tilleuls.example",
}
AGENT = OperatorAgent("whoever-looks")


def opened(file: Path) -> list[str]:
    """The names of the portal's organizations."""
    portal = open_database(f"sqlite:///{file}")
    names = [found.name for found in portal.list_organizations(OrganizationSearch(), by=AGENT).items]
    portal.close()
    return names


def signed(file: Path) -> list[str]:
    with closing(sqlite3.connect(file)) as connection:
        there = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'contracts'").fetchall()
        return [number for (number,) in connection.execute("SELECT number FROM contracts")] if there else []


class Answered:
    """A status and a body, whatever the framework calls them."""

    def __init__(self, status: int, body: Any) -> None:
        self.status, self.body = status, body


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "program.db"


@pytest.fixture(params=["fastapi", "flask"])
def sign(request: pytest.FixtureRequest, file: Path) -> Iterator[Any]:
    yield from {"fastapi": on_fastapi, "flask": on_flask}[request.param](file)


def on_fastapi(file: Path) -> Iterator[Any]:
    def sign(contract: dict[str, str]) -> Answered:
        response = client.post("/contracts", json=contract)
        return Answered(response.status_code, response.json())

    with TestClient(fastapi_host.program(str(file))) as client:
        yield sign


def on_flask(file: Path) -> Iterator[Any]:
    program = flask_host.program(str(file))

    def sign(contract: dict[str, str]) -> Answered:
        response = program.test_client().post("/contracts", json=contract)
        return Answered(response.status_code, response.get_json())

    yield sign
    for close in program.extensions["closing"]:
        close()


def test_a_contract_is_kept_with_its_organization(sign: Any, file: Path) -> None:
    answered = sign(CONTRACT)
    assert answered.status == 201
    assert answered.body["organization"]
    assert (signed(file), opened(file)) == (["C-17"], ["LES TILLEULS"])


def test_of_a_refused_organization_no_contract_is_kept(sign: Any, file: Path) -> None:
    answered = sign({**CONTRACT, "siret": "130 025 265 00014"})
    assert (answered.status, answered.body["code"]) == (422, "siret-refused")
    assert (signed(file), opened(file)) == ([], [])


def test_of_a_refused_contract_no_organization_is_opened(sign: Any, file: Path) -> None:
    sign(CONTRACT)
    answered = sign({**CONTRACT, "siret": "120 027 016 00357", "name": "LES CHENES"})
    assert (answered.status, answered.body["code"]) == (409, "signed-already")
    assert opened(file) == ["LES TILLEULS"]


def test_the_pages_stand_beside_the_programs_own(file: Path) -> None:
    with TestClient(fastapi_host.program(str(file)), base_url="https://portal.example") as client:
        assert "Authentification" in client.get("/portal/sign-in", headers={"accept-language": "fr"}).text
        assert client.get("/api/openapi.json").json()["openapi"].startswith("3.1")


def test_on_django_what_was_not_opened_is_asked_for_again_and_done_once(tmp_path: Path) -> None:
    portal = django_host.program(str(tmp_path / "program.db"), str(tmp_path / "portal.db"))
    from django.db import connection
    from django.test import Client

    def sign(contract: dict[str, str]) -> Answered:
        response = Client().post("/contracts", json.dumps(contract), content_type="application/json")
        return Answered(response.status_code, json.loads(response.content))

    first = sign(CONTRACT)
    assert first.status == 201
    assert first.body["organization"]
    assert sign(CONTRACT).status == 409
    assert sign({**CONTRACT, "number": "C-18"}).body["problem"] == "siret-taken"
    with connection.cursor() as cursor:  # as if the program had ended before it knew
        cursor.execute("UPDATE contracts SET organization = NULL WHERE number = 'C-17'")
    django_host.open_missing(portal)
    assert django_host._outcome("C-17") == (first.body["organization"], None)
    found = portal.find_organization(SiretQuestion(CONTRACT["siret"]), by=AGENT)
    assert found.id == first.body["organization"]
    portal.close()
    connection.close()
