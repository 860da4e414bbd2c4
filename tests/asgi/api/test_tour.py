"""Every operation, done once over HTTP: each answers with its status, and what its schema says."""

import re
from typing import Any

import pytest
from attrs import define, field
from pydantic import TypeAdapter

from habilitation import Asking, DeliveryRefused
from habilitation.adapters.asgi.api.answers import answer_model
from habilitation.adapters.asgi.api.operations import operations
from habilitation.adapters.asgi.api.results import answered
from habilitation.testing.world import AFAS, AGENT, CONSULT, DECLARE, PASSWORD, PRIVATE, SIRETS, TO_CONSULT
from tests.provider import NONCE, Provider, signed_in_by_a_provider

ORGANIZATION = "/organizations/{organization}"
AGREEMENT = f"{ORGANIZATION}/agreements/{{agreement}}"
WHY = {"reason": {"code": "audit", "text": "Contrôle annuel."}}
CHOSEN = "another long enough password"


def matching(method, path):
    """The operation at that address; what stands in braces counts for less than what is said."""
    found = [
        each
        for each in operations()
        if each.method == method and re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", each.path), path.partition("?")[0])
    ]
    return min(found, key=lambda each: len(each.given))


@define
class Tour:
    """Calls the API, and holds each answer against what the operation declares."""

    call: Any
    done: set[str] = field(factory=set)
    people: int = 0

    def __call__(self, method, path, by=None, **sent):
        answer = self.call(method, path, by, **sent)
        operation = matching(method, path)
        assert answer.status_code == operation.status, answer.text
        if answer.content:
            TypeAdapter(answer_model(answered(operation.asked.answer))).validate_json(answer.content)
        self.done.add(operation.asked.code)
        return answer.json() if answer.content else None

    def user(self, world, *groups):
        self.people += 1
        person = {"last_name": "Durand", "first_name": "Zoé", "email": f"person-{self.people}@o.example"}
        asked = {"agreement": world.agreement.id, **person, "groups": groups}
        made = self("POST", f"{ORGANIZATION}/users", world.admin, json=asked)
        return f"{ORGANIZATION}/users/{made['id']}", made["id"]


@pytest.fixture
def tour(call):
    return Tour(call)


def letters(world, address):
    world.portal.deliver_notifications()
    return dict(zip(("login", "password"), world.letters_to(address), strict=True))


def of_the_catalog(tour):
    """R3."""
    tour("POST", "/catalog/services", AGENT, json={"code": "NEW", "label": "Nouveau"})
    group = {"code": "NEW-1", "service": "NEW", "label": "Groupe", "permissions": ["new:do"], "needs_document": True}
    tour("POST", "/catalog/groups", AGENT, json=group)
    changed = tour("PATCH", "/catalog/groups/NEW-1", AGENT, json={"label": "Autre"})
    assert (changed["label"], changed["permissions"]) == ("Autre", ["new:do"])
    assert tour("POST", "/catalog/groups/NEW-1/retire", AGENT)["retired"]
    assert tour("GET", "/catalog", AGENT)["groups"]["NEW-1"]["service"] == "NEW"
    head = tour("GET", "/catalog/head", AGENT)
    assert tour("POST", "/catalog/verify", AGENT, json={"kept": head})["sound"]


def of_organizations(tour, world):
    """R1, R4, R8, R33, R34."""
    asked = {"siret": SIRETS[1], "name": "AUTRE", "contact": "contact@autre.example"}
    id = tour("POST", "/organizations", AGENT, json=asked)["id"]
    other = f"/organizations/{id}"
    assert tour("GET", "/organizations?size=1", AGENT)["next"]
    assert tour("POST", "/organizations/search", AGENT, json={"siret": SIRETS[1]})["id"] == id
    assert tour("POST", "/organizations/search-by-name", AGENT, json={"text": "oliviers"})["items"]
    assert tour("GET", other, AGENT)["name"] == "AUTRE"
    tour("PUT", f"{other}/siret", AGENT, json={"siret": SIRETS[2], **WHY})
    tour("PUT", f"{other}/contact", AGENT, json={"contact": "courrier@autre.example"})
    assert tour("POST", f"{other}/suspend", AGENT, json=WHY)["state"] == "suspended"
    assert tour("POST", f"{other}/resume", AGENT)["state"] == "open"
    assert tour("POST", f"{other}/take-back-control", AGENT, json=WHY)["control"] == "taken"
    assert tour("POST", f"{other}/return-control", AGENT)["control"] == "own"
    tour("POST", f"{other}/reissue-credentials", AGENT)
    assert tour("POST", f"{other}/close", AGENT, json=WHY)["state"] == "closed"
    assert tour("GET", f"{ORGANIZATION}/administrator", world.admin)["name"] == "Anne Martin"


def of_agreements(tour, world):
    """R2, R33."""
    asked = {"reference": "CONV-2", "name": "DEUX", "services": [AFAS], "groups": [CONSULT]}
    id = tour("POST", f"{ORGANIZATION}/agreements", AGENT, json=asked)["id"]
    two = f"{ORGANIZATION}/agreements/{id}"
    dates = {"opening": "2026-12-01", "closing": "2027-12-01"}
    assert tour("PUT", f"{two}/period", AGENT, json={"dates": dates})["closing"] == "2027-12-01"
    assert tour("POST", f"{two}/validate", AGENT)["state"] == "validated"
    assert tour("PUT", f"{two}/groups/{DECLARE}", AGENT)["groups"] == {CONSULT: "open", DECLARE: "open"}
    assert tour("POST", f"{two}/groups/{DECLARE}/suspend", AGENT, json=WHY)["groups"][DECLARE] == "suspended"
    tour("POST", f"{two}/groups/{DECLARE}/resume", AGENT)
    tour("POST", f"{two}/groups/{DECLARE}/withdraw", AGENT, json=WHY)
    assert tour("POST", f"{two}/suspend", AGENT, json=WHY)["state"] == "suspended"
    tour("POST", f"{two}/resume", AGENT)
    assert tour("POST", f"{two}/end", AGENT, json=WHY)["state"] == "ended"
    assert len(tour("GET", f"{ORGANIZATION}/agreements", world.admin)["items"]) == 2


def of_users(tour, world):
    """R10, R13, R14, R17–R19, R22, R24."""
    path, id = tour.user(world, PRIVATE)
    found = tour("POST", f"{ORGANIZATION}/users/search", world.admin, json={"status": "open", "size": 1})
    assert len(found["items"]) == 1
    assert tour("GET", path, world.admin)["id"] == id
    tour("PATCH", path, world.admin, json={"phone": "+33123456789", "dates": {"closing": "2027-01-01"}})
    tour("PUT", f"{path}/email", world.admin, json={"email": "other@o.example"})
    tour("POST", f"{path}/unlock", world.admin)
    tour("POST", f"{path}/resend-credentials", world.admin)
    tour("POST", f"{path}/force-password-change", AGENT, json=WHY)
    tour("POST", f"{ORGANIZATION}/force-password-changes", AGENT, json=WHY)
    assert tour("POST", f"{path}/suspend", world.admin, json=WHY)["suspended_by"] == ["organization"]
    assert tour("POST", f"{path}/reinstate", world.admin)["suspended_by"] == []
    assert tour("POST", f"{path}/close", world.admin, json={})["status"] == "closed"
    assert tour("POST", f"{path}/reopen", world.admin, json={"dates": {"closing": "2028-01-01"}})["status"] == "open"
    assert tour("DELETE", path, world.admin)["status"] == "closed"
    assert tour("POST", f"{path}/erase", AGENT, json={"reason": "request"})["user"]["erased"]
    assert tour("POST", "/erase-due", AGENT, json={"size": 5}) == tour("POST", "/erase-due", AGENT)


def of_groups_and_delegation(tour, world):
    """R25–R28."""
    path, id = tour.user(world)
    other, _ = tour.user(world, CONSULT)
    asked = {"agreement": world.agreement.id, "group": DECLARE}
    [waiting] = tour("POST", f"{path}/memberships", world.admin, json=asked)["memberships"]
    assert waiting["waiting"]
    dates = {"dates": {"closing": "2027-01-01"}}
    tour("PATCH", f"{path}/memberships/1", world.admin, json=dates)
    assert len(tour("GET", f"{ORGANIZATION}/waiting-roles", AGENT)["items"]) == 1
    assert tour("POST", f"{ORGANIZATION}/users/names", AGENT, json={"users": [id]})
    assert tour("GET", f"{path}/memberships/1/document", world.admin)["membership"]["waiting"]
    tour("POST", f"{path}/memberships/1/assign-role", AGENT, json={"document": "PJ3-1"})
    tour("POST", f"{other}/memberships", world.admin, json=asked)
    tour("POST", f"{other}/memberships/2/refuse-role", AGENT, json=WHY)
    tour("DELETE", f"{other}/memberships/1", world.admin)
    general = f"{AGREEMENT}/users/{id}/generalization"
    assert tour("GET", general, world.admin) == tour("POST", general, world.admin)
    scope = {"places": [{"agreement": world.agreement.id, "group": CONSULT}]}
    assert tour("PUT", f"{path}/delegation", world.admin, json={"scope": scope})["manages"] == scope
    assert len(tour("GET", f"{ORGANIZATION}/delegations", world.admin)["items"]) == 1
    assert tour("DELETE", f"{path}/delegation", world.admin)["manages"] is None
    return path, id


def of_access_and_journal(tour, world, path):
    """R36, R38–R40, R43."""
    access = f"{path}/access/{TO_CONSULT}"
    assert tour("GET", access, Asking(AFAS))["allowed"]
    assert tour("GET", f"{access}/explanation", world.admin)["paths"]
    assert tour("GET", f"{access}/past?at=2026-11-22&known=2026-11-22T09:30:00Z", world.admin)["answer"]["allowed"]
    who = tour("GET", f"{ORGANIZATION}/who-had-access/{TO_CONSULT}?at=2026-11-22T10:30:00%2B01:00", AGENT)
    assert [each["user"]["id"] for each in who["items"]] == [path.rpartition("/")[2]]
    assert tour("GET", f"{ORGANIZATION}/history?size=500", AGENT)["items"]
    assert tour("GET", f"{ORGANIZATION}/deeds?size=500", AGENT)["items"]
    head = tour("GET", f"{ORGANIZATION}/journal/head", AGENT)
    assert tour("POST", f"{ORGANIZATION}/journal/verify", AGENT, json={"kept": head})["sound"]
    followed = tour("GET", f"{ORGANIZATION}/journal/events?position={head['sequence'] - 1}", AGENT)["items"]
    assert [record["sequence"] for record in followed] == [head["sequence"]]
    ends = {each["organization"]: each["sequence"] for each in tour("GET", "/versions", AGENT)["items"]}
    assert ends[world.organization.id] == head["sequence"]
    assert [each["sequence"] for each in tour("GET", "/catalog/events?position=1&size=1", AGENT)["items"]] == [2]
    assert tour("GET", "/security-log?size=3&kind=read", AGENT)["items"]
    assert tour("POST", "/security-log/prune", AGENT) == {"lines": 0}


def of_the_administrator(tour, world, id):
    """R8."""
    replaced = tour("PUT", f"{ORGANIZATION}/administrator", AGENT, json={"incoming": id, **WHY})
    assert replaced["holder"] == id
    vacant = tour("POST", f"{ORGANIZATION}/administrator/declare-vacancy", AGENT, json={"close_former": True, **WHY})
    assert vacant["seat"] == "vacant"


def of_oneself(tour, world):
    """R5, R13, R14, R19, R21."""
    user = world.user()
    tour("POST", "/sessions", json=letters(world, "zoe1@oliviers.example"))
    tour("POST", "/own-password/choose", json={"password": PASSWORD})
    tour("POST", "/own-password/change", json={"current": PASSWORD, "password": CHOSEN})
    tour("PATCH", f"{ORGANIZATION}/own-details", json={"first_name": "Zoë"})
    assert tour("GET", f"{ORGANIZATION}/own-file")["user"]["person"]["first_name"] == "Zoë"
    for _ in range(2):
        tour("PUT", f"{ORGANIZATION}/users/{user.id}/email", world.admin, json={"email": "zoe@o.example"})
        world.portal.deliver_notifications()
        if "object-to-email" not in tour.done:
            tour("POST", "/emails/object", json={"token": world.mailbox.token_for("zoe1@oliviers.example")})
    confirmed = tour("POST", "/emails/confirm", json={"token": world.mailbox.token_for("zoe@o.example")})
    assert confirmed == {"state": "confirmed"}
    login = world.mailbox.login_for("zoe1@oliviers.example")
    tour("POST", "/own-password/forgotten", json={"login": login})
    tour("POST", "/own-login/forgotten", json={"siret": SIRETS[0], "email": "zoe1@oliviers.example"})
    world.portal.deliver_notifications()
    link = {"token": world.mailbox.token_for("zoe1@oliviers.example"), "password": PASSWORD}
    tour("POST", "/own-password/choose-by-link", json=link)


def of_claiming(tour, world):
    """R5."""
    contact = "contact@troisieme.example"
    tour("POST", "/organizations", AGENT, json={"siret": SIRETS[3], "name": "TROIS", "contact": contact})
    first = tour("POST", "/sessions", json=letters(world, contact))["first_authentication"]
    claim = {"last_name": "Petit", "first_name": "Luc", "email": "luc@trois.example", "password": PASSWORD}
    tour("POST", "/claims", json={**claim, "acknowledged": first["text"]["version"]})


def of_dead_letters(tour, world, refusing):
    """R20."""
    refusing()
    world.user()
    world.portal.deliver_notifications()
    [dead, *_] = tour("GET", f"/dead-letters?organization={world.organization.id}", AGENT)["items"]
    assert tour("POST", f"/dead-letters/{dead['id']}/retry", AGENT)["state"] == "waiting"


def with_a_provider(tour, world, served):
    """R44."""
    signed_in_by_a_provider(world)
    current, _ = served
    current.portal = world.portal
    contact, proof = "contact@quatrieme.example", proof_of(world, "luc")
    id = tour("POST", "/organizations", AGENT, json={"siret": SIRETS[4], "name": "QUATRE", "contact": contact})["id"]
    world.portal.deliver_notifications()
    activation = {"link": world.mailbox.token_for(contact), "proof": proof}
    first = tour("POST", "/activations", json=activation)["first_authentication"]
    claim = {"last_name": "Petit", "first_name": "Luc", "email": "luc@quatre.example", "password": ""}
    user = tour("POST", "/claims", json={**claim, "acknowledged": first["text"]["version"]})["session"]["user"]
    assert tour("POST", "/sessions/external", json={**proof, "organization": id})["session"]["user"] == user
    tour("POST", f"/organizations/{id}/own-identity/link", json={"proof": proof_of(world, "luc-2")})
    tour("DELETE", f"/organizations/{id}/users/{user}/identity")


def proof_of(world, subject):
    return {"id_token": Provider(world.clock).token(subject), "nonce": NONCE}


def test_every_operation_is_done_and_answers_what_its_schema_says(world, tour, served, monkeypatch):
    def refused(self, letter):
        raise DeliveryRefused("no such mailbox")

    def refusing():
        monkeypatch.setattr(type(world.mailbox), "send", refused)

    of_the_catalog(tour)
    of_organizations(tour, world)
    of_agreements(tour, world)
    of_users(tour, world)
    of_oneself(tour, world)
    of_claiming(tour, world)
    with_a_provider(tour, world, served)
    path, id = of_groups_and_delegation(tour, world)
    of_access_and_journal(tour, world, path)
    of_dead_letters(tour, world, refusing)
    of_the_administrator(tour, world, id)
    assert {each.asked.code for each in operations()} - tour.done == set()
