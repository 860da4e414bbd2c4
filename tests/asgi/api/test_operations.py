"""Every use case is reached over HTTP, or stands in a list that says why not; the table is what the document says."""

import re

import pytest

from habilitation import Habilitation
from habilitation.adapters.asgi.api.extras import form_at
from habilitation.adapters.asgi.api.operations import ELSEWHERE, operation_of, operations
from habilitation.adapters.asgi.forms import Format
from habilitation.adapters.memory import MemoryStore
from habilitation.adapters.memory_transport import MemoryMailbox
from habilitation.testing.fakes import SettableClock
from habilitation.testing.world import portal_over

ADDRESS = re.compile(r"(/(\{[a-z_]+\}|[a-z][a-z-]*))+")
TELLING = {"siret", "email", "contact", "text", "login", "password", "last_name", "first_name", "phone", "token"}
"""Fields that may tell who somebody is, or that open something."""
CHOSEN = {Format.ONE, Format.SEVERAL, Format.PLACES}


def test_every_use_case_has_an_operation_or_a_reason_to_have_none():
    portal: Habilitation = portal_over(MemoryStore(), SettableClock(), MemoryMailbox())
    offered = [operation.asked.attribute for operation in operations()]
    assert sorted([*offered, *ELSEWHERE]) == sorted(name for name in vars(portal) if name != "ports")


def test_no_two_operations_have_the_same_address():
    assert len({(each.method, re.sub(r"\{\w+\}", "{}", each.path)) for each in operations()}) == len(operations())


@pytest.mark.parametrize("operation", operations(), ids=lambda operation: operation.asked.code)
def test_an_address_names_fields_of_its_request_and_holds_nothing_that_tells_who_somebody_is(operation):
    """R41: what is in an address is in every log."""
    assert ADDRESS.fullmatch(operation.path)
    assert set(operation.given) <= set(operation.asked.fields)
    in_address = operation.asked.fields if operation.method == "GET" else operation.given
    assert TELLING & set(in_address) == set()


def test_an_operation_is_found_by_its_act():
    operation = operation_of("create-user")
    assert operation is not None
    assert (operation.method, operation.given) == ("POST", ("organization",))
    assert operation_of("sign-out") is None


# The document


@pytest.fixture
def document(client):
    return client.get("/openapi.json").json()


def described(document):
    return {each["operationId"]: each for path in document["paths"].values() for each in path.values()}


def test_the_document_describes_every_operation_with_its_request_and_its_answer(document):
    assert document["openapi"].startswith("3.1")
    known = described(document)
    for operation in operations():
        told = known[operation.asked.attribute]
        assert told["summary"]
        assert str(operation.status) in told["responses"]
        assert "application/problem+json" in told["responses"]["default"]["content"]
        assert ("requestBody" in told) == (
            operation.method != "GET" and bool(set(operation.asked.fields) - set(operation.given))
        )


def test_everything_that_the_document_refers_to_is_in_it(document):
    names = set(re.findall(r'"#/components/schemas/([^"]+)"', str(document).replace("'", '"')))
    assert names == set(document["components"]["schemas"])


def test_a_body_is_strict_in_the_document_too(document):
    new_user = document["components"]["schemas"]["CreateUser"]
    assert new_user["additionalProperties"] is False
    assert new_user["required"] == ["agreement", "last_name", "first_name", "email"]
    assert new_user["properties"]["last_name"]["type"] == "string"


def test_no_answer_has_a_field_for_a_secret(document):
    """R23, I10."""
    for each in described(document).values():
        for name in re.findall(r"schemas/(\w+)", str(each["responses"])):
            properties = document["components"]["schemas"][name].get("properties", {})
            assert {"token", "password"} & set(properties) == set()


def test_a_program_knows_every_code_of_a_problem_and_every_sort_of_flaw(document):
    """So that a client generated from the document finds a code that is misspelled."""
    schemas = document["components"]["schemas"]
    problem = schemas["Problem"]["properties"]
    assert problem["code"] == {"$ref": "#/components/schemas/ProblemCode"}
    assert {"email-taken", "sign-in-demanded", "changed-meanwhile"} <= set(schemas["ProblemCode"]["enum"])
    assert "conflict" in schemas["Kind"]["enum"]
    assert schemas["Flawed"]["enum"] == ["missing", "unknown", "mistyped"]


def test_the_headers_that_come_with_an_answer_are_described(document):
    known = described(document)
    headers = {name: set(known[name]["responses"].get("200", {}).get("headers", {})) for name in known}
    assert headers["show_user"] == headers["show_organization"] == {"ETag"}
    assert headers["list_agreements"] == set()
    assert set(known["create_user"]["responses"]["201"]["headers"]) == {"Location"}
    assert set(known["create_user"]["responses"]["default"]["headers"]) == {"Retry-After"}


@pytest.mark.parametrize("operation", operations(), ids=lambda operation: operation.asked.code)
def test_what_may_be_chosen_stands_where_the_form_says(operation, document):
    for field in form_at(operation.asked.code, "en").fields:
        if field.source:
            told = described(document)[field.source.query.replace("-", "_")]
            answer = told["responses"]["200"]["content"]["application/json"]["schema"]
            for place in (field.source.value, *field.source.label):
                assert "type" in at(place, answer, document), place
            for place, value in field.source.only.items():
                assert value in at(place, answer, document)["enum"], place
        assert (field.format in CHOSEN) == bool(field.choices or field.source), field.name


def at(place, schema, document):
    """The schema there; a list, a mapping, or what may be missing is passed through."""
    while True:
        parts = [part for part in schema.get("anyOf", []) if part != {"type": "null"}]
        if parts:
            [schema] = parts
        elif "$ref" in schema:
            schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
        elif "items" in schema:
            schema = schema["items"]
        elif isinstance(schema.get("additionalProperties"), dict):
            schema = schema["additionalProperties"]
        elif place:
            name, _, place = place.partition(".")
            schema = schema["properties"][name]
        else:
            return schema
