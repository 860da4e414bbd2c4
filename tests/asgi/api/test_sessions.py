"""Signing in by cookie, and whom the embedder vouches for (R5, R19, R22, R23, R35)."""

import pytest
from starlette.requests import HTTPConnection
from starlette.testclient import TestClient

from habilitation import OperatorAgent, Session
from habilitation.adapters.asgi.api import api
from habilitation.adapters.asgi.sessions import SessionCookie
from habilitation.adapters.asgi.sources import behind
from habilitation.domain.refusals import Busy
from habilitation.domain.requests import SecurityQuestion
from habilitation.domain.security import LineKind
from habilitation.testing.world import AGENT, PASSWORD, World

ADMIN = "anne.martin@oliviers.example"
CHOSEN = "another long enough password"


def login(world: World, client: TestClient, name: str, password: str = PASSWORD):
    return client.post("/sessions", json={"login": name, "password": password})


@pytest.fixture
def name(world) -> str:
    """The administrator's login: the issued one (R5)."""
    with world.portal.ports.store.reading(world.organization.id) as rows:
        row = rows.find_row(world.admin.user)
    return str(row.login)


def test_signing_in_sets_the_cookie_and_tells_nobody_its_token(world, client, name):
    """R23, I10."""
    answer = login(world, client, name)
    assert answer.status_code == 200
    assert answer.json()["session"] == {
        "organization": world.organization.id,
        "user": world.admin.user,
        "stage": "own-password",
        "expires": "2026-11-22T21:30:00+00:00",
    }
    token = client.cookies["habilitation"]
    assert token not in answer.text
    assert client.get(f"/organizations/{world.organization.id}").status_code == 200
    assert client.get("/sessions").json()["session"] == answer.json()["session"]


def test_the_cookie_is_out_of_scripts_reach_and_of_this_host_alone(world, name):
    """R23."""
    client = TestClient(api(world.portal), base_url="https://portal.example")
    cookie = login(world, client, name).headers["set-cookie"]
    assert cookie.startswith("__Host-habilitation=")
    assert {"HttpOnly", "Secure", "Path=/", "SameSite=lax"} <= set(cookie.split("; "))


def test_signing_out_ends_the_session_and_twice_changes_nothing(world, client, name):
    """R23."""
    login(world, client, name)
    token = client.cookies["habilitation"]
    assert client.delete("/sessions").status_code == 204
    assert client.delete("/sessions").status_code == 204
    assert "habilitation" not in client.cookies
    client.cookies.set("habilitation", token, domain="testserver.local")
    answer = client.get(f"/organizations/{world.organization.id}")
    assert (answer.status_code, answer.json()["code"]) == (401, "session-ended")
    assert answer.headers["www-authenticate"]


def test_a_new_sign_in_gives_another_token_whatever_was_planted_in_the_browser(world, client, name):
    """R23: no fixation."""
    client.cookies.set("habilitation", "planted", domain="testserver.local")
    assert login(world, client, name).status_code == 200
    assert client.cookies["habilitation"] != "planted"
    assert client.get("/sessions").status_code == 200


def test_the_first_person_is_told_so_and_claims_and_is_signed_in(world, client):
    """R5."""
    other = world.open_organization("13002526500013", "AUTRE")
    world.portal.deliver_notifications()
    first = login(world, client, *world.letters_to("contact-13002526500013@oliviers.example")).json()
    assert first["session"]["stage"] == "first-credentials"
    form = first["first_authentication"]
    assert (form["organization"], form["text"]["message"]) == ("AUTRE", "You are the first.")
    demanded = client.get(f"/organizations/{other.id}")
    assert (demanded.status_code, demanded.json()["code"]) == (403, "claim-demanded")
    claim = {
        "last_name": "Petit",
        "first_name": "Luc",
        "email": "luc.petit@autre.example",
        "password": CHOSEN,
        "acknowledged": form["text"]["version"],
    }
    refused = client.post("/claims", json={**claim, "email": "contact@autre.example"})
    assert (refused.json()["code"], refused.json()["field"]) == ("email-not-nominative", "email")
    claimed = client.post("/claims", json=claim)
    assert claimed.json()["session"]["stage"] == "own-password"
    assert client.get(f"/organizations/{other.id}/administrator").json()["name"] == "Luc Petit"


def test_a_provisional_password_opens_the_choice_of_another_and_no_more(world, client):
    """R19, R23."""
    user = world.user()
    world.portal.deliver_notifications()
    assert login(world, client, *world.letters_to("zoe1@oliviers.example")).status_code == 200
    own_file = f"/organizations/{world.organization.id}/own-file"
    assert client.get(own_file).json()["code"] == "password-choice-demanded"
    weak = client.post("/own-password/choose", json={"password": "short"}).json()
    assert (weak["code"], weak["field"]) == ("password-too-short", "password")
    assert client.post("/own-password/choose", json={"password": PASSWORD}).status_code == 200
    assert client.get(own_file).json()["user"]["id"] == user.id
    wrong = client.post("/own-password/change", json={"current": "no", "password": CHOSEN}).json()
    assert (wrong["code"], wrong["field"]) == ("current-password-wrong", "current")
    assert client.post("/own-password/change", json={"current": PASSWORD, "password": CHOSEN}).status_code == 200
    assert client.get(own_file).status_code == 200


def test_a_forgotten_password_is_answered_alike_and_done_afterwards(world, client, name):
    """R21."""
    for typed in (name, "00000000", "nonsense"):
        answer = client.post("/own-password/forgotten", json={"login": typed})
        assert (answer.status_code, answer.content) == (202, b"")
    asked = {"siret": "21920023500014", "email": ADMIN}
    assert client.post("/own-login/forgotten", json=asked).status_code == 202
    world.portal.deliver_notifications()
    token = world.mailbox.token_for(ADMIN)
    by_link = client.post("/own-password/choose-by-link", json={"token": token, "password": CHOSEN})
    assert (by_link.status_code, by_link.content) == (204, b"")
    assert login(world, client, name, CHOSEN).status_code == 200
    again = client.post("/own-password/choose-by-link", json={"token": token, "password": CHOSEN})
    assert (again.status_code, again.json()["code"]) == (410, "link-used")


@pytest.mark.parametrize("refuses", [True, False])
def test_what_was_asked_for_is_done_after_the_answer_left(world, client, refuses, monkeypatch, caplog):
    """R21: nobody measures it."""
    asked = []

    def forgot(login, source):
        asked.append((login, source))
        if refuses:
            raise Busy()

    monkeypatch.setattr(world.portal, "forgot_password", forgot)
    assert client.post("/own-password/forgotten", json={"login": "x"}).status_code == 202
    assert asked == [("x", "testclient")]
    told = [record.getMessage() for record in caplog.records if record.name == "habilitation.asgi"]
    assert told == (["what was asked for could not be done afterwards: busy"] if refuses else [])


def test_whoever_is_told_to_come_back_is_told_when(world, client, monkeypatch):
    """R22."""

    def busy(*_, **__):
        raise Busy()

    monkeypatch.setattr(world.portal, "sign_in", busy)
    answer = login(world, client, "x")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")


def test_signing_in_again_ends_the_session_that_the_browser_had(world, client, name):
    """R23."""
    login(world, client, name)
    former = client.cookies["habilitation"]
    login(world, client, name)
    assert client.get("/sessions").status_code == 200
    client.cookies.clear()
    client.cookies.set("habilitation", former)
    assert client.get("/sessions").json()["code"] == "session-ended"


# The embedder's second proof


@pytest.fixture
def guarded(world):
    """A browser at an API that asks administrators for a second proof, and those who have given it."""
    proved: set[str] = set()

    def second(request, session):
        return None if session.token in proved else "/second-proof"

    app = api(world.portal, cookie=SessionCookie(secure=False), second_factor=second)
    return TestClient(app), proved


def test_whoever_signed_in_does_nothing_before_the_second_proof_is_given(world, guarded, name):
    client, proved = guarded
    login(world, client, name)
    for answer in (client.get("/sessions"), client.get(f"/organizations/{world.organization.id}/own-file")):
        told = answer.json()
        assert (answer.status_code, told["code"], told["data"]) == (
            *(401, "second-factor-demanded"),
            {"address": "/second-proof"},
        )
    proved.add(client.cookies["habilitation"])
    assert client.get("/sessions").status_code == 200


def test_whoever_cannot_give_the_second_proof_can_still_sign_out(world, guarded, name):
    """R23."""
    client, proved = guarded
    login(world, client, name)
    token = client.cookies["habilitation"]
    assert client.delete("/sessions").status_code == 204
    proved.add(token)
    client.cookies.set("habilitation", token)
    assert client.get("/sessions").json()["code"] == "session-ended"


def test_a_provisional_password_is_replaced_before_any_second_proof(world, guarded):
    """R19."""
    client, _ = guarded
    world.user()
    world.portal.deliver_notifications()
    login(world, client, *world.letters_to("zoe1@oliviers.example"))
    assert client.post("/own-password/choose", json={"password": CHOSEN}).status_code == 200
    assert client.get("/sessions").json()["code"] == "second-factor-demanded"


# Whom the embedder vouches for


def test_nobody_known_is_asked_to_sign_in(client, world):
    """R35."""
    answer = client.get(f"/organizations/{world.organization.id}")
    assert (answer.status_code, answer.json()["code"]) == (401, "sign-in-demanded")


def test_who_asks_is_found_out_before_anything_is_said_of_the_request(client):
    assert client.post("/organizations", json={"nonsense": True}).json()["code"] == "sign-in-demanded"


@pytest.mark.parametrize("waiting", [True, False])
def test_the_embedder_says_who_it_is_in_a_coroutine_or_not(world, waiting):
    """R35."""

    async def later(request):
        return OperatorAgent(request.headers["agent"])

    def at_once(request):
        return OperatorAgent(request.headers["agent"])

    client = TestClient(api(world.portal, authenticate=later if waiting else at_once))
    assert client.get("/catalog", headers={"agent": "agent-9"}).status_code == 200


def test_where_the_embedder_knows_nobody_the_session_counts(world, client, name):
    login(world, client, name)
    assert client.get(f"/organizations/{world.organization.id}").json()["contact"]


def test_whom_the_embedder_knows_comes_before_the_session(world, client, call, name):
    login(world, client, name)
    assert call("GET", "/catalog").status_code == 403
    assert call("GET", "/catalog", AGENT).status_code == 200


@pytest.mark.parametrize("path", ["/claims", "/own-password/choose", "/own-password/change"])
def test_what_takes_a_session_is_nothing_for_whoever_has_none(call, world, path):
    """R23."""
    body = {"password": PASSWORD, "current": PASSWORD}
    claim = {"last_name": "A", "first_name": "B", "email": ADMIN, "password": PASSWORD, "acknowledged": "1"}
    sent = {"/claims": claim, "/own-password/choose": {"password": PASSWORD}}.get(path, body)
    answer = call("POST", path, world.admin, json=sent)
    assert (answer.status_code, answer.json()["code"]) == (403, "session-demanded")


# Where it comes from


def source(peer, forwarded, proxies):
    headers = [(b"x-forwarded-for", each.encode()) for each in forwarded]
    scope = {"type": "http", "headers": headers, "client": (peer, 1) if peer else None}
    return behind(*proxies)(HTTPConnection(scope))


@pytest.mark.parametrize(
    ("peer", "forwarded", "proxies", "known"),
    [
        ("192.0.2.7", [], (), "192.0.2.7"),
        ("192.0.2.7", ["203.0.113.1"], (), "192.0.2.7"),
        ("192.0.2.7", ["203.0.113.1"], ("10.0.0.1",), "192.0.2.7"),
        ("10.0.0.1", ["203.0.113.1"], ("10.0.0.1",), "203.0.113.1"),
        ("10.0.0.1", ["6.6.6.6, 203.0.113.1"], ("10.0.0.1",), "203.0.113.1"),
        ("10.0.0.1", ["6.6.6.6", "203.0.113.1"], ("10.0.0.1",), "203.0.113.1"),
        ("10.0.0.1", ["6.6.6.6", "203.0.113.1, 10.0.0.2"], ("10.0.0.1", "10.0.0.2"), "203.0.113.1"),
        ("10.0.0.1", ["2001:db8:1:2:3:4:5:6"], ("10.0.0.1",), "2001:db8:1:2::/64"),
        ("10.0.0.1", [], ("10.0.0.1",), ""),
        ("10.0.0.1", ["10.0.0.1, "], ("10.0.0.1",), ""),
        ("2001:db8:1:2:3:4:5:6", [], (), "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", [], (), "192.0.2.7"),
        ("testclient", [], (), "testclient"),
        ("", [], (), ""),
    ],
)
def test_a_sign_in_comes_from_the_peer_or_from_what_a_trusted_proxy_saw(peer, forwarded, proxies, known):
    """R22: nobody may write their own source."""
    assert source(peer, forwarded, proxies) == known


def test_the_source_is_what_failures_are_counted_by(world, name):
    """R22, R43."""
    client = TestClient(api(world.portal, cookie=SessionCookie(secure=False)), client=("192.0.2.7", 4))
    login(world, client, name, "wrong")
    [line, *_] = world.portal.security_log(SecurityQuestion(kind=LineKind.SIGN_IN_FAILED), by=AGENT).items
    assert line.fact.source == "192.0.2.7"


def test_a_session_s_answer_is_never_its_token(world, client, name):
    """I10."""
    assert isinstance(world.portal.sign_in(name, PASSWORD), Session)
    assert "token" not in login(world, client, name).text
