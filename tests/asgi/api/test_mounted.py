"""The API inside another application: its addresses say where it is mounted."""

import pytest
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.testclient import TestClient

from habilitation.adapters.asgi.serving import front
from habilitation.testing.world import SIRETS


@pytest.fixture
def mounted(served, client, monkeypatch):
    _, app = served
    return TestClient(Starlette(routes=[Mount("/deep/api", app)]), headers={"asking": "operator agent-1"})


def test_what_is_made_is_found_at_the_address_that_was_told(mounted):
    asked = {"siret": SIRETS[1], "name": "AUTRE", "contact": "contact@autre.example"}
    made = mounted.post("/deep/api/organizations", json=asked)
    assert made.headers["location"] == f"/deep/api/organizations/{made.json()['id']}"
    assert mounted.get(made.headers["location"]).json()["name"] == "AUTRE"


def test_the_next_page_is_where_it_is_said_to_be(mounted, world):
    first = mounted.get(f"/deep/api/organizations/{world.organization.id}/history?size=1").json()
    second = mounted.get(first["next"]["href"]).json()
    assert second["items"][0]["sequence"] == 2


def test_a_problem_s_type_leads_to_its_meaning(mounted):
    problem = mounted.get("/deep/api/organizations/none").json()
    assert mounted.get(problem["type"]).json()["code"] == problem["code"] == "organization-unknown"
    assert mounted.get("/deep/api/nowhere").json()["code"] == "address-unknown"


def test_the_portal_as_it_is_served_has_the_api_at_its_own_address_with_the_same_cookie(world):
    client = TestClient(front(world.portal), base_url="https://portal.example")
    user = world.user()
    world.portal.deliver_notifications()
    login, password = world.letters_to("zoe1@oliviers.example")
    answer = client.post("/api/sessions", json={"login": login, "password": password})
    assert (answer.status_code, answer.json()["session"]["user"]) == (200, user.id)
    assert "__Host-habilitation" in client.cookies
    assert client.get("/api/nowhere").json()["type"] == "/api/problems/address-unknown"
