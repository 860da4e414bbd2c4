"""schemathesis reads the document and tries what it says, and what it does not, on every operation.

Bounded, and the same each time where ``CI`` is set. It is an agent of the operator by a cookie, or nobody by any other.
"""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance
from starlette.requests import Request

from habilitation import Actor
from habilitation.adapters.asgi.api import api
from habilitation.adapters.asgi.sessions import SessionCookie
from habilitation.adapters.memory import MemoryStore
from habilitation.testing.world import AGENT, World
from tests.provider import signed_in_by_a_provider

COOKIE = SessionCookie(secure=False)
FEW = settings(max_examples=4, phases=[Phase.generate], suppress_health_check=list(HealthCheck), deadline=None)
UNPROMISED: list[Any] = [positive_data_acceptance]
"""The document does not promise that a text of the right form names something: many a SIRET has a wrong checksum."""


def by_cookie(request: Request) -> Actor | None:
    return AGENT if request.cookies.get(COOKIE.name) == "an-agent" else None


@pytest.fixture(scope="module")
def schema() -> Any:
    world = signed_in_by_a_provider(World.administered(MemoryStore()))
    app = api(world.portal, authenticate=by_cookie, cookie=COOKIE)
    return schemathesis.openapi.from_asgi("/openapi.json", app)


def test_whatever_is_sent_is_answered_as_the_document_says(schema: Any, subtests: Any) -> None:
    """The statuses, types, schemas of answers; nothing malformed accepted, nothing without a session."""
    for found in schema.get_all_operations():
        operation = found.ok()
        for mode in GenerationMode:
            with subtests.test(operation.label, mode=mode.value):
                tried(operation, mode)


def asking(case: Any) -> dict[str, Any]:
    """As the agent; but as nobody where the session is what was left out."""
    return {"cookies": {COOKIE.name: "an-agent"}} if COOKIE.name in case.cookies else {}


def tried(operation: Any, mode: GenerationMode) -> None:
    @FEW
    @given(case=operation.as_strategy(generation_mode=mode))
    def trial(case: Any) -> None:
        case.call_and_validate(**asking(case), excluded_checks=UNPROMISED)

    try:
        trial()
    except Unsatisfiable:
        assert mode is GenerationMode.NEGATIVE, "where anything may be sent, nothing is malformed"


def test_what_was_made_can_be_gone_on_with(schema: Any) -> None:
    """Stateful: by the document's links, from what was opened and created to whatever can be done with it."""

    class Workflow(schema.as_state_machine()):  # type: ignore[misc]
        def get_call_kwargs(self, case: Any) -> dict[str, Any]:
            return asking(case)

        def validate_response(self, response: Any, case: Any, **more: Any) -> None:
            case.validate_response(response, excluded_checks=UNPROMISED)

    Workflow.run(settings=settings(FEW, max_examples=15, stateful_step_count=8))
