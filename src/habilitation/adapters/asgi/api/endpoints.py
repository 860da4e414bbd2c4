"""From a line of the table to an endpoint: read what was sent, call the use case, show what it answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from inspect import Parameter, Signature
from typing import Annotated, Any
from urllib.parse import urlencode

from attrs import fields_dict, frozen, has
from fastapi import Depends, FastAPI, Header, Query, Request, Response, Security
from fastapi.responses import JSONResponse
from fastapi.security import APIKeyCookie
from pydantic import BaseModel

from habilitation.adapters.asgi.afterwards import afterwards
from habilitation.adapters.asgi.api.actors import Askers
from habilitation.adapters.asgi.api.answers import answer_model
from habilitation.adapters.asgi.api.conditions import IF_MATCH, KEY, etag, takes_terms, terms
from habilitation.adapters.asgi.api.operations import OPERATIONS, Operation
from habilitation.adapters.asgi.api.results import Next, Telling, answered, session_in, shown
from habilitation.adapters.asgi.api.wire import (
    CURSOR,
    body_model,
    cursor_told,
    flattened,
    path_type,
    query_model,
    read,
    sent_in,
)
from habilitation.adapters.asgi.sessions import SessionCookie
from habilitation.adapters.asgi.sources import Source
from habilitation.adapters.serialization import unstructured
from habilitation.application import Habilitation
from habilitation.domain.actors import Session
from habilitation.use_cases.disclosure import Disclosed

ASKED = "asked"
"""Where a request's state keeps what was sent, for a refusal to name the field that it is about."""
PURPOSE = "reading-purpose"
"""The header in which whoever reads others' data says what for, as a code (R36)."""


@frozen
class Counter:
    """Where requests are answered."""

    portal: Habilitation
    askers: Askers
    cookie: SessionCookie
    source: Source

    def add_all(self, app: FastAPI) -> None:
        """Every operation of the table."""
        for tag, several in OPERATIONS.items():
            for operation in several:
                self.add(app, tag, operation)

    def add(self, app: FastAPI, tag: str, operation: Operation) -> None:
        """The operation at its address, described by what its use case declares."""
        asked = operation.asked
        model = answer_model(answered(asked.answer)) if asked.answer is not type(None) else None
        app.add_api_route(
            operation.path,
            self._endpoint(operation),
            methods=[operation.method],
            operation_id=asked.attribute,
            status_code=operation.status,
            response_class=JSONResponse if model else Response,
            response_model=None,
            responses={operation.status: {"model": model, "headers": dict(_told_of(operation))}} if model else {},
            summary=asked.help.partition("\n")[0],
            description=asked.help,
            tags=[tag],
            dependencies=[door(self.cookie)] if asked.actor is not None else [],
        )

    def _endpoint(self, operation: Operation) -> Callable[..., Response]:
        def endpoint(request: Request, **sent: Any) -> Response:
            return Answering(self, operation, request, sent).answer()

        endpoint.__signature__ = Signature(list(self._parameters(operation)))  # type: ignore[attr-defined]
        return endpoint

    def _parameters(self, operation: Operation) -> Iterator[Parameter]:
        """What FastAPI reads for the endpoint, and describes."""
        asked, given = operation.asked, operation.given
        yield _parameter("request", Request)
        for name in given:
            yield _parameter(name, path_type(asked.fields[name]))
        if operation.method == "GET":
            yield _parameter("query", Annotated[query_model(asked, given), Query()])
        else:
            needed = any(asked.fields[name].required for name in asked.fields if name not in given)
            model = body_model(asked, given)
            yield _parameter("body", model) if needed else _parameter("body", model | None, default=None)
        if asked.actor is not None:
            asker = self.askers.session if asked.actor is Session else self.askers.actor
            yield _parameter("by", Annotated[Any, Depends(asker)])
        act = getattr(self.portal, asked.attribute)
        if isinstance(act, Disclosed):
            yield _header("purpose", PURPOSE)
        if takes_terms(act):
            yield from (_header("if_match", IF_MATCH), _header("key", KEY))


def door(cookie: SessionCookie) -> Any:
    """That a session, or whatever the embedder takes for one, is needed: for the document alone."""
    return Security(APIKeyCookie(name=cookie.name, scheme_name="session", auto_error=False))


def _told_of(operation: Operation) -> Iterator[tuple[str, Any]]:
    """The headers that come with the answer, as the document has them."""
    if operation.located:
        yield "Location", {"description": "Where what was made is shown.", "schema": {"type": "string"}}
    if _is_versioned(operation):
        yield "ETag", {"description": "The version, for `If-Match`.", "schema": {"type": "string"}}


def _is_versioned(operation: Operation) -> bool:
    answer = operation.asked.answer
    return operation.method == "GET" and isinstance(answer, type) and has(answer) and "version" in fields_dict(answer)


def _parameter(name: str, kind: Any, default: Any = Parameter.empty) -> Parameter:
    return Parameter(name, Parameter.KEYWORD_ONLY, annotation=kind, default=default)


def _header(name: str, alias: str) -> Parameter:
    """One that may be left out; where it is given it is a text, and the document says no more of it."""
    return _parameter(name, Annotated[str, Header(alias=alias)], default=None)


@frozen
class Answering:
    """One request on its way to its answer."""

    counter: Counter
    operation: Operation
    request: Request
    sent: dict[str, Any]

    def answer(self) -> Response:
        asked = self._asked()
        setattr(self.request.state, ASKED, flattened(asked))
        arguments, named = read(self.operation.asked, asked)
        act = getattr(self.counter.portal, self.operation.asked.attribute)
        if self.operation.later:
            return Response(None, self.operation.status, background=afterwards(act, **named, **self._beside()))
        return self._told(act(*arguments, **named, **self._beside()))

    def _asked(self) -> dict[str, Any]:
        """All that is asked, by the names of the fields, wherever in the request it stood."""
        models = [model for name in ("query", "body") if isinstance(model := self.sent.get(name), BaseModel)]
        given = {name: self.sent[name] for name in self.operation.given}
        return {name: value for model in models for name, value in sent_in(model).items()} | given

    def _beside(self) -> dict[str, Any]:
        """What is told besides what is asked."""
        beside = {name: self.sent[name] for name in ("by", "purpose") if self.sent.get(name) is not None}
        if "key" in self.sent:
            given = {name: self.sent[name] for name in self.operation.given}
            beside["terms"] = terms(self.sent["if_match"], self.sent["key"], given)
        if self.operation.asked.wants_source:
            beside["source"] = self.counter.source(self.request)
        return beside

    def _told(self, result: Any) -> Response:
        session = session_in(result)
        telling = Telling(self.counter.portal.ports.clock.now(), self._next)
        told = unstructured(shown(result, telling))
        empty = self.operation.status == 204
        response = Response(status_code=204) if empty else JSONResponse(told, self.operation.status)
        if session:
            self.counter.cookie.end(self.request, self.counter.portal)
            self.counter.cookie.keep(response, session)
        if self.operation.located:
            response.headers["location"] = f"{self.request.url.path}/{told['id']}"
        if _is_versioned(self.operation):
            response.headers["etag"] = etag(result.version)
        return response

    def _next(self, cursor: str) -> Next:
        """The same address, with the cursor in its query; where a body is sent, it goes into that."""
        after, path = cursor_told(cursor), self.request.url.path
        if self.operation.method != "GET":
            return Next(after, self.operation.method, path)
        others = [(name, value) for name, value in self.request.query_params.multi_items() if name != CURSOR]
        return Next(after, self.operation.method, f"{path}?{urlencode([*others, (CURSOR, after)])}")
