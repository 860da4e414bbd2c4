"""Every use case is reached over HTTP, or stands in a list that says why not; the table is what the document says."""

import re

import pytest

from habilitation import Habilitation
from habilitation.adapters.asgi.api.operations import ELSEWHERE, operation_of, operations
from habilitation.adapters.memory import MemoryStore
from habilitation.adapters.memory_transport import MemoryMailbox
from habilitation.testing.fakes import SettableClock
from habilitation.testing.world import portal_over

ADDRESS = re.compile(r"(/(\{[a-z_]+\}|[a-z][a-z-]*))+")
TELLING = {"siret", "email", "contact", "text", "login", "password", "last_name", "first_name", "phone", "token"}
"""Fields that may tell who somebody is, or that open something."""


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
