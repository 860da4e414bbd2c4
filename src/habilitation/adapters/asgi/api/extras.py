"""Beside the use cases: one's session, forms, and what each problem means."""

from __future__ import annotations

from inspect import getmembers, isclass
from typing import Any

from attrs import frozen
from fastapi import Depends, FastAPI, Request, Response
from fastapi.responses import JSONResponse

from habilitation.adapters.asgi import refusals as own_refusals
from habilitation.adapters.asgi.api.actors import Askers
from habilitation.adapters.asgi.api.answers import answer_model
from habilitation.adapters.asgi.api.endpoints import door
from habilitation.adapters.asgi.api.operations import operation_of, operations
from habilitation.adapters.asgi.api.results import Items, SignedIn
from habilitation.adapters.asgi.described import DescribedField, form
from habilitation.adapters.asgi.languages import language_of
from habilitation.adapters.asgi.problems import sentence_of, status_of
from habilitation.adapters.asgi.refusals import AddressUnknown
from habilitation.adapters.asgi.sessions import SessionCookie
from habilitation.adapters.serialization import unstructured
from habilitation.application import Habilitation
from habilitation.domain import refusals
from habilitation.domain.actors import Session
from habilitation.domain.refusals import Kind, Refusal


@frozen
class OperationForm:
    """What to fill in for an operation, and where to send it. ``path`` has in braces what is known before."""

    act: str
    title: str
    submit: str
    method: str
    path: str
    fields: tuple[DescribedField, ...]


@frozen
class ProblemMeaning:
    """A sort of problem."""

    code: str
    kind: Kind
    status: int
    sentence: str
    """As people read it; in braces, what its ``data`` says."""


KNOWN = {
    kind.code: kind
    for module in (refusals, own_refusals)
    for _, kind in getmembers(module, isclass)
    if issubclass(kind, Refusal) and kind is not Refusal
}
"""Every refusal that an operation may meet, by its code."""


def add_extras(app: FastAPI, portal: Habilitation, askers: Askers, cookie: SessionCookie) -> None:
    """The addresses that are no use case's."""
    _add_sessions(app, portal, askers, cookie)
    _add_forms(app)
    _add_problems(app)


def _add_sessions(app: FastAPI, portal: Habilitation, askers: Askers, cookie: SessionCookie) -> None:
    @app.get(
        "/sessions",
        operation_id="show_session",
        tags=["first access"],
        dependencies=[door(cookie)],
        **_answering(SignedIn),
    )
    def show_session(by: Session = Depends(askers.session)) -> Response:
        """Whose session the cookie names, and until when it goes on at most (R23)."""
        return JSONResponse(unstructured(SignedIn(by)))

    @app.delete("/sessions", operation_id="sign_out", tags=["first access"], status_code=204, response_class=Response)
    def sign_out(request: Request) -> Response:
        """The session is over, and its cookie gone; signing out twice changes nothing (R23)."""
        response = Response(status_code=204)
        cookie.end(request, portal)
        cookie.forget(response)
        return response


def _add_forms(app: FastAPI) -> None:
    @app.get("/forms", operation_id="list_forms", tags=["forms"], **_answering(Items[OperationForm]))
    def list_forms(request: Request) -> Response:
        """Every form there is, in the language of the request."""
        forms = tuple(form_at(operation.asked.code, language_of(request)) for operation in operations())
        return JSONResponse(unstructured(Items(forms)))

    @app.get("/forms/{act}", operation_id="show_form", tags=["forms"], **_answering(OperationForm))
    def show_form(act: str, request: Request) -> Response:
        """What to fill in for an act, such as ``create-user``, in the language of the request."""
        return JSONResponse(unstructured(form_at(act, language_of(request))))


def form_at(act: str, language: str) -> OperationForm:
    """The form of that act, less what its address says."""
    operation = operation_of(act)
    if operation is None:
        raise AddressUnknown()
    drawn = form(operation.use_case, language).without(*operation.given)
    return OperationForm(act, drawn.title, drawn.submit, operation.method, operation.path, drawn.fields)


def _add_problems(app: FastAPI) -> None:
    @app.get("/problems", operation_id="list_problems", tags=["problems"], **_answering(Items[ProblemMeaning]))
    def list_problems(request: Request) -> Response:
        """Every sort of problem, in the language of the request."""
        meanings = tuple(_meaning(KNOWN[code], language_of(request)) for code in sorted(KNOWN))
        return JSONResponse(unstructured(Items(meanings)))

    @app.get("/problems/{code}", operation_id="show_problem", tags=["problems"], **_answering(ProblemMeaning))
    def show_problem(code: str, request: Request) -> Response:
        """What a problem of that code means: its ``type`` leads here."""
        if code not in KNOWN:
            raise AddressUnknown()
        return JSONResponse(unstructured(_meaning(KNOWN[code], language_of(request))))


def _meaning(kind: type[Refusal], language: str) -> ProblemMeaning:
    return ProblemMeaning(kind.code, kind.kind, status_of(kind), sentence_of(kind, language))


def _answering(hint: Any) -> dict[str, Any]:
    return {"response_model": None, "responses": {200: {"model": answer_model(hint)}}}
