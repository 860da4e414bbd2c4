"""An act is done once for one key, and only on what is still as it was seen (I8, R37)."""

import pytest

from habilitation.adapters.asgi.api.conditions import takes_terms
from habilitation.adapters.asgi.api.operations import operations
from habilitation.testing.world import AGENT

USERS = "/organizations/{organization}/users"
WITHOUT_TERMS = {
    "sign-in",
    "sign-in-externally",
    "activate",
    "claim-administrator",
    "choose-password",
    "choose-password-by-link",
    "change-own-password",
    "forgot-password",
    "forgot-login",
    "confirm-email",
    "object-to-email",
    "link-identity",
    "retry-delivery",
    "prune-security-log",
    "erase-due",
}
"""What gives a session or follows a link is done once by itself; the rest of these may be done again."""


def tag(call, path, by):
    shown = call("GET", path, by)
    assert shown.headers["etag"] == f'"{shown.json()["version"]}"'
    return shown.headers["etag"]


def test_every_act_takes_terms_but_those_that_are_done_once_by_themselves(world, client):
    document = client.get("/openapi.json").json()["paths"]
    for operation in operations():
        told = document[operation.path][operation.method.lower()].get("parameters", [])
        headers = {each["name"].lower() for each in told if each["in"] == "header"}
        expected = not operation.reads and operation.asked.code not in WITHOUT_TERMS
        assert takes_terms(getattr(world.portal, operation.asked.attribute)) == expected, operation
        assert ({"if-match", "idempotency-key"} <= headers) == expected, operation


def test_what_somebody_else_changed_meanwhile_is_not_changed_unseen(world, call):
    user = world.user()
    seen = tag(call, call.user(user), world.admin)
    first = call("PATCH", call.user(user), world.admin, json={"last_name": "Petit"}, headers={"if-match": seen})
    assert first.status_code == 200
    late = call("PATCH", call.user(user), world.admin, json={"last_name": "Grand"}, headers={"if-match": seen})
    assert (late.status_code, late.json()["code"]) == (412, "changed-meanwhile")
    assert f'"{late.json()["data"]["version"]}"' == tag(call, call.user(user), world.admin)
    assert call("GET", call.user(user), world.admin).json()["person"]["last_name"] == "Petit"


@pytest.mark.parametrize("told", [{}, {"if-match": "*"}])
def test_whoever_names_no_version_changes_what_is_there(world, call, told):
    user = world.user()
    answer = call("PATCH", call.user(user), world.admin, json={"mobile": True}, headers=told)
    assert (answer.status_code, answer.json()["mobile"]) == (200, True)


@pytest.mark.parametrize("named", ["x", '"x"', 'W/"3"', '"1", "2"', "", '"-1"', '"99999999999999999999"'])
def test_a_version_that_was_never_told_matches_nothing(world, call, named):
    user = world.user()
    answer = call("PATCH", call.user(user), world.admin, json={"mobile": True}, headers={"if-match": named})
    assert (answer.status_code, answer.json()["code"]) == (412, "etag-unknown")


def test_an_organization_and_an_agreement_have_versions_of_their_own(world, call):
    reason = {"json": {"reason": {"code": "audit"}}}
    [agreement] = call("GET", "/organizations/{organization}/agreements", world.admin).json()["items"]
    organization = tag(call, "/organizations/{organization}", AGENT)
    seen = {"if-match": f'"{agreement["version"]}"'}
    world.user()
    path = "/organizations/{organization}/agreements/{agreement}/suspend"
    assert call("POST", path, AGENT, headers=seen, **reason).status_code == 200
    late = call("POST", "/organizations/{organization}/suspend", AGENT, headers={"if-match": organization}, **reason)
    assert late.json()["code"] == "changed-meanwhile"


def test_the_catalog_has_a_version_too(call, world):
    """R3."""
    seen = call("GET", "/catalog", AGENT).headers["etag"]
    service = {"json": {"code": "NEW", "label": "New"}, "headers": {"if-match": seen}}
    assert call("POST", "/catalog/services", AGENT, **service).status_code == 201
    assert call("POST", "/catalog/services", AGENT, **service).json()["code"] == "changed-meanwhile"


def test_asking_twice_with_one_key_does_one_thing_and_says_where(world, call):
    """I8."""
    asked = {"agreement": world.agreement.id, "last_name": "Roux", "first_name": "Eve", "email": "eve@oliviers.example"}
    key = {"idempotency-key": "k-1"}
    made = call("POST", USERS, world.admin, json=asked, headers=key)
    again = call("POST", USERS, world.admin, json=asked, headers=key)
    assert (made.status_code, again.status_code, again.json()["code"]) == (201, 409, "done-already")
    assert again.json()["data"]["user"] == made.json()["id"]
    assert "Roux" not in again.text
    other = call("POST", USERS, world.admin, json={**asked, "email": "other@oliviers.example"}, headers=key)
    assert (other.status_code, other.json()["code"]) == (422, "key-reused")


def test_a_key_that_nobody_can_read_is_refused(world, call):
    answer = call("DELETE", call.user(world.user()), world.admin, headers={"idempotency-key": "k" * 300})
    assert (answer.status_code, answer.json()["code"]) == (422, "key-malformed")
