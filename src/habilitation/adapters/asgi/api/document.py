"""The OpenAPI document: what FastAPI reads in the endpoints, with problems and what leads from one to the next."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI

from habilitation.adapters.asgi.api.answers import answer_model
from habilitation.adapters.asgi.api.extras import KNOWN
from habilitation.adapters.asgi.api.operations import Operation, operations
from habilitation.adapters.asgi.api.wire import Nothing
from habilitation.adapters.asgi.problems import MEDIA_TYPE, Problem

ANY_PROBLEM = {
    "description": "What was refused, and why (RFC 9457).",
    "headers": {"Retry-After": {"description": "Seconds, where the service is busy.", "schema": {"type": "integer"}}},
    "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
}
CODES = {"type": "string", "enum": sorted(KNOWN), "description": "What was refused: a code never changes its meaning."}
IDS = {"open_organization": "organization", "create_user": "user", "open_agreement": "agreement"}
"""Which field of other requests the id of what was made is."""


def describe(app: FastAPI) -> None:
    """Complete what the application says of itself."""
    plain = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            _complete(plain())
        return plain()

    app.openapi = openapi  # type: ignore[method-assign]


def _complete(document: dict[str, Any]) -> None:
    problem = answer_model(Problem).model_json_schema(mode="serialization", ref_template="#/components/schemas/{model}")
    schemas = document["components"]["schemas"]
    own = {**problem.pop("$defs", {}), "Problem": problem, "ProblemCode": CODES}
    assert all(schemas.get(name, each) == each for name, each in own.items()), "one name for two schemas would be one"
    schemas |= own
    for told in ("Problem", "ProblemMeaning"):
        schemas[told]["properties"]["code"] = {"$ref": "#/components/schemas/ProblemCode"}
    for unused in ("HTTPValidationError", "ValidationError", Nothing.__name__):
        schemas.pop(unused, None)
    described = {each["operationId"]: each for path in document["paths"].values() for each in path.values()}
    for each in described.values():
        each["responses"].pop("422", None)
        if Nothing.__name__ in json.dumps(each.get("requestBody", {})):
            del each["requestBody"]
        each["responses"]["default"] = ANY_PROBLEM
    for operation in operations():
        if operation.asked.attribute in IDS:
            links = dict(_links(operation, IDS[operation.asked.attribute]))
            described[operation.asked.attribute]["responses"][str(operation.status)]["links"] = links


def _links(maker: Operation, id: str) -> Iterator[tuple[str, Any]]:
    """What can be done with what was made: its id is a part of their addresses."""
    for operation in operations():
        if id in operation.given and set(operation.given) <= {*maker.given, id, "permission", "group", "membership"}:
            known = {f"path.{name}": f"$request.path.{name}" for name in maker.given}
            yield (
                operation.asked.attribute,
                {
                    "operationId": operation.asked.attribute,
                    "parameters": {**known, f"path.{id}": "$response.body#/id"},
                },
            )
