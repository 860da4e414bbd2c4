"""What every answer says to the browser, and what no other site's page can do (R23)."""

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from habilitation.adapters.asgi.languages import chosen_language
from habilitation.adapters.asgi.protection import HEADERS, Protected


def endpoint(request: Request) -> PlainTextResponse:
    return PlainTextResponse(chosen_language(request))


def client(secure: bool = True) -> TestClient:
    app = Starlette(routes=[Route("/", endpoint, methods=["GET", "POST"])])
    return TestClient(Protected(app, secure), base_url="https://portal.example")


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "https://portal.example"},
        {"Origin": "https://elsewhere.example"},
        {"Origin": "https://portal.example.elsewhere.example"},
        {"Origin": "https://elsewhere.portal.example"},
        {"Origin": "null"},
        {"Origin": "https://[not-an-address"},
    ],
)
def test_a_page_of_another_site_can_act_for_nobody(headers):
    assert client().post("/", headers=headers).status_code == 403


@pytest.mark.parametrize(
    "headers",
    [{}, {"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}, {"Origin": "https://portal.example"}],
)
def test_our_own_pages_and_programs_act(headers):
    assert client().post("/", headers=headers).status_code == 200


def test_a_link_from_another_site_opens_a_page():
    assert client().get("/", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 200


@pytest.mark.parametrize("method", ["get", "post"])
def test_every_answer_has_the_headers_refusals_too(method):
    answer = getattr(client(), method)("/", headers={"Sec-Fetch-Site": "cross-site"})
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["strict-transport-security"].startswith("max-age=31536000")


def test_loopback_without_https_promises_none():
    assert "strict-transport-security" not in client(secure=False).get("/").headers


@pytest.mark.parametrize(
    ("accepted", "cookie", "language"),
    [
        ("", "", "fr"),
        ("en-GB,en;q=0.9", "", "en"),
        ("de, en;q=0.5, fr;q=0.9", "", "fr"),
        ("de, en;q=0", "", "fr"),
        ("en;q=nonsense, ;;;", "", "fr"),
        ("fr", "en", "en"),
        ("en", "klingon", "en"),
    ],
)
def test_pages_speak_the_language_that_the_person_chose_or_the_browser_prefers(accepted, cookie, language):
    cookies = {"cookie": f"language={cookie}"} if cookie else {}
    assert client().get("/", headers={"accept-language": accepted} | cookies).text == language
