"""Whatever goes wrong is told as a problem, and nothing more than that is told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from habilitation.adapters.asgi.api.endpoints import ASKED
from habilitation.adapters.asgi.described import own_words
from habilitation.adapters.asgi.forms import field_of
from habilitation.adapters.asgi.languages import language_of
from habilitation.adapters.asgi.problems import FieldFlaw, Flawed, problem
from habilitation.adapters.asgi.refusals import AddressUnknown, BodyNotJson, Failed, MethodRefused, RequestMalformed
from habilitation.domain.refusals import Refusal

UNREAD = "json_invalid"
SAID: Mapping[str, Flawed] = {"missing": Flawed.MISSING, "extra_forbidden": Flawed.UNKNOWN}
"""What is wrong with a field, by pydantic's name for it; anything else is mistyped."""


def add_failures(app: FastAPI) -> None:
    """One answer for each way to go wrong."""
    app.add_exception_handler(Refusal, _refused)
    app.add_exception_handler(RequestValidationError, _malformed)
    app.add_exception_handler(HTTPException, _not_there)
    app.add_exception_handler(Exception, _failed)


def _refused(request: Request, refusal: Any) -> Response:
    return problem(refusal, request, field=_field(refusal, getattr(request.state, ASKED, {})))


def _field(refusal: Refusal, asked: Mapping[str, Any]) -> str:
    """The field that the refusal is about, by its place in the request."""
    places = {_name(place): place for place in asked}
    days = {_name(place): day for place, day in asked.items() if _is_day(day)}
    found = field_of(refusal, places, days)
    return places[found] if found else ""


def _name(place: str) -> str:
    """What forms call the field."""
    return {"reason.code": "reason", "reason.text": "text", "scope.places": "scope"}.get(
        place, place.rpartition(".")[2]
    )


def _is_day(value: object) -> bool:
    return isinstance(value, date) and not isinstance(value, datetime)


def _malformed(request: Request, error: Any) -> Response:
    """Where and what, and never what was sent: it may be a password."""
    errors = error.errors()
    if any(each["type"] == UNREAD for each in errors):
        return problem(BodyNotJson(), request)
    flaws = list(_flaws(errors, own_words(language_of(request))["flaw"]))
    return problem(RequestMalformed(), request, flaws[0].field if len(flaws) == 1 else "", flaws)


def _flaws(errors: Any, words: Mapping[str, str]) -> Iterator[FieldFlaw]:
    """One for each place; the first part of a place says whether it is the body, which nobody needs to know."""
    for place, kind in {_place(each["loc"]): each["type"] for each in reversed(errors)}.items():
        code = SAID.get(kind, Flawed.MISTYPED)
        yield FieldFlaw(place, code, words[code.value])


def _place(location: Any) -> str:
    return ".".join(str(part) for part in location[1:])


def _not_there(request: Request, error: Any) -> Response:
    refusals: Mapping[int, Refusal] = {404: AddressUnknown(), 405: MethodRefused()}
    return problem(refusals.get(error.status_code, BodyNotJson()), request, headers=error.headers)


def _failed(request: Request, _: Any) -> Response:
    """What it was stands in the server's log; that log names no value of the request."""
    return problem(Failed(), request)
