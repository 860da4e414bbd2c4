"""What is sent is read strictly, and whatever is refused is a problem with a code (RFC 9457)."""

import asyncio
import json

import pytest

from habilitation.adapters.asgi.api.bodies import LARGEST, SmallJson
from habilitation.testing.world import AGENT, CONSULT

USERS = "/organizations/{organization}/users"
NEW = {"last_name": "Durand", "first_name": "Zoé", "email": "zoe@oliviers.example"}


def new_user(world, **more):
    return {"agreement": world.agreement.id, **NEW, **more}


def problem(answer, status, code):
    """The problem that was answered, which has the shape that all have."""
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    told = answer.json()
    assert set(told) == {"type", "title", "status", "detail", "code", "kind", "data", "field", "errors"}
    assert (told["status"], told["code"], told["type"]) == (status, code, f"/problems/{code}")
    assert told["title"]
    assert told["detail"]
    return told


def test_a_user_is_created_found_and_shown(world, call):
    """R10."""
    made = call("POST", USERS, world.admin, json=new_user(world, groups=[CONSULT], mobile=True))
    assert (made.status_code, made.json()["status"], made.json()["mobile"]) == (201, "open", True)
    assert [each["place"]["group"] for each in made.json()["memberships"]] == [CONSULT]
    shown = call("GET", made.headers["location"], world.admin).json()
    assert (shown["id"], shown["person"]["last_name"]) == (made.json()["id"], "Durand")
    found = call("POST", f"{USERS}/search", world.admin, json={"text": "dur"}).json()
    assert [each["id"] for each in found["items"]] == [made.json()["id"]]


@pytest.mark.parametrize(
    ("more", "field", "code"),
    [
        ({"last_name": 3}, "last_name", "mistyped"),
        ({"mobile": "true"}, "mobile", "mistyped"),
        ({"mobile": 1}, "mobile", "mistyped"),
        ({"groups": {}}, "groups", "mistyped"),
        ({"groups": "AFAS-CON"}, "groups", "mistyped"),
        ({"groups": [3]}, "groups.0", "mistyped"),
        ({"dates": {"opening": 20261122}}, "dates.opening", "mistyped"),
        ({"dates": {"opening": "20261122"}}, "dates.opening", "mistyped"),
        ({"dates": {"opening": "2026-11-22T00:00:00Z"}}, "dates.opening", "mistyped"),
        ({"dates": {"until": "2026-11-22"}}, "dates.until", "unknown"),
        ({"dates": []}, "dates", "mistyped"),
        ({"last_name": None}, "last_name", "mistyped"),
        ({"last_name": "\ud800"}, "last_name", "mistyped"),
        ({"role": "administrator"}, "role", "unknown"),
        ({"organization": "another"}, "organization", "unknown"),
    ],
)
def test_no_type_passes_for_another_and_nothing_unknown_is_passed_over(world, call, more, field, code):
    body = json.dumps(new_user(world, **more))
    answer = call("POST", USERS, world.admin, content=body, headers={"content-type": "application/json"})
    told = problem(answer, 422, "request-malformed")
    assert told["field"] == field
    assert [(each["field"], each["code"]) for each in told["errors"]] == [(field, code)]
    assert told["errors"][0]["detail"].startswith("Ce champ")


def test_each_field_that_is_missing_is_named_and_nothing_that_was_sent_is_told_back(client):
    """I10: what was sent may be a password."""
    answer = client.post("/sessions", json={"password": {"value": "secret-3"}})
    told = problem(answer, 422, "request-malformed")
    assert {each["field"]: each["code"] for each in told["errors"]} == {"login": "missing", "password": "mistyped"}
    assert told["field"] is None
    assert "secret-3" not in answer.text


@pytest.mark.parametrize(
    ("method", "path", "sent", "status", "code"),
    [
        ("GET", "/nowhere", {}, 404, "address-unknown"),
        ("GET", "/forms/fly", {}, 404, "address-unknown"),
        ("GET", "/problems/none", {}, 404, "address-unknown"),
        ("PUT", "/sessions", {}, 405, "method-refused"),
        ("TRACE", "/sessions", {}, 405, "method-refused"),
        ("POST", "/sessions", {"content": "{"}, 415, "content-type-refused"),
        ("POST", "/sessions", {"data": {"login": "x"}}, 415, "content-type-refused"),
        ("POST", "/sessions", {}, 422, "request-malformed"),
        ("POST", "/sessions", {"json": []}, 422, "request-malformed"),
        ("POST", "/sessions", {"json": {"login": "x" * 70_000, "password": ""}}, 413, "body-too-large"),
        ("POST", "/organizations/{organization}/resume", {"json": {"reason": "x"}}, 422, "request-malformed"),
        ("GET", "/organizations?size=many", {}, 422, "request-malformed"),
        ("GET", "/organizations?page=2", {}, 422, "request-malformed"),
        ("GET", "/organizations?size=0", {}, 422, "page-size-refused"),
        ("GET", "/organizations?after=!", {}, 422, "cursor-malformed"),
        ("GET", "/organizations/{organization}/history?after=YWJj", {}, 422, "cursor-malformed"),
        ("GET", "/organizations/{organization}/users/none", {}, 404, "user-unknown"),
        ("DELETE", "/organizations/{organization}/users/x/memberships/y", {}, 422, "request-malformed"),
    ],
)
def test_whatever_cannot_be_read_is_a_problem_with_a_code(call, method, path, sent, status, code):
    problem(call(method, path, AGENT, **sent), status, code)


@pytest.mark.parametrize("body", ["{", "", "\x00", "[" * 20_000, '{"login": ' + "1" * 5_000 + "}", "nonsense", b"\xff"])
def test_what_is_no_json_is_a_problem_and_no_traceback(client, body):
    answer = client.post("/sessions", content=body, headers={"content-type": "application/json"})
    assert answer.status_code in (400, 422)
    assert answer.json()["code"] in ("body-not-json", "request-malformed")


def test_a_body_that_never_ends_is_refused_once_it_is_too_large():
    """Without a length, and whoever sends it: nothing keeps more of it than a request may have."""
    sent, answered = [], []

    async def never_reached(scope, receive, send):
        raise AssertionError("nobody reads it")

    async def receive():
        sent.append(1024)
        return {"type": "http.request", "body": b" " * 1024, "more_body": len(sent) < 10_000}

    async def send(message):
        answered.append(message)

    scope = {"type": "http", "method": "POST", "path": "/", "headers": [], "query_string": b""}
    asyncio.run(SmallJson(never_reached)(scope, receive, send))
    assert answered[0]["status"] == 413
    assert sum(sent) <= LARGEST + 1024


def test_a_refusal_stands_by_the_field_that_it_is_about(world, call):
    """R10."""
    told = problem(call("POST", USERS, world.admin, json=new_user(world, email="zoe")), 422, "email-malformed")
    assert (told["field"], told["kind"]) == ("email", "invalid")
    dates = {"dates": {"closing": "2020-01-01"}}
    told = problem(call("POST", USERS, world.admin, json=new_user(world, **dates)), 422, "closing-not-after-opening")
    assert told["field"] == "dates.closing"
    assert told["data"] == {"opening": "2026-11-22", "closing": "2020-01-01"}
    bad = {"reason": {"code": "not a code", "text": ""}}
    told = problem(call("POST", "/organizations/{organization}/suspend", AGENT, json=bad), 422, "reference-malformed")
    assert told["field"] == "reason.code"


@pytest.mark.parametrize(("language", "detail"), [("fr", "Un autre utilisateur"), ("en-GB,fr;q=0.5", "Another user")])
def test_a_refusal_is_told_in_the_language_asked(world, call, language, detail):
    call("POST", USERS, world.admin, json=new_user(world))
    again = call("POST", USERS, world.admin, json=new_user(world), headers={"accept-language": language})
    told = problem(again, 409, "email-taken")
    assert told["detail"].startswith(detail)
    assert again.headers["content-language"] == language[:2]


def test_a_front_end_has_the_language_that_it_asks_for_whatever_was_chosen_on_the_pages(client):
    asked = {"accept-language": "en", "cookie": "language=fr"}
    assert client.get("/forms/create-user", headers=asked).json()["fields"][1]["label"] == "Last name"


def test_unknown_and_forbidden_look_alike(world, call):
    """R37: the whole answer, not its status alone."""
    other = world.open_organization("13002526500013", "AUTRE")
    nobody = call("GET", "/organizations/none/users/none", world.admin)
    known = call("GET", f"/organizations/{other.id}/users/none", world.admin)
    assert problem(nobody, 404, "organization-unknown") == problem(known, 404, "organization-unknown")
    assert dict(nobody.headers) == dict(known.headers)


def test_a_problem_s_type_leads_to_what_it_means(client):
    meaning = client.get("/problems/email-taken", headers={"accept-language": "en"}).json()
    assert meaning == {
        "code": "email-taken",
        "kind": "conflict",
        "status": 409,
        "sentence": "Another user of the organization has this e-mail address.",
    }
    assert meaning in client.get("/problems", headers={"accept-language": "en"}).json()["items"]


def test_what_nobody_foresaw_is_a_problem_too(world, client, monkeypatch):
    def broken(*_, **__):
        raise ZeroDivisionError("a secret")

    monkeypatch.setattr(world.portal, "sign_in", broken)
    answer = client.post("/sessions", json={"login": "x", "password": "y"})
    problem(answer, 500, "failed")
    assert "secret" not in answer.text


@pytest.mark.parametrize("headers", [{"origin": "https://elsewhere.example"}, {"sec-fetch-site": "cross-site"}])
def test_no_other_site_s_page_can_act(client, headers):
    """R23."""
    problem(client.delete("/sessions", headers=headers), 403, "request-foreign")
