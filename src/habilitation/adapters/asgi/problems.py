"""Refusals as problem details (RFC 9457), in the language asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum

from attrs import frozen
from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse

from habilitation.adapters.asgi.described import own_words
from habilitation.adapters.asgi.languages import language_of
from habilitation.adapters.asgi.refusals import (
    BodyNotJson,
    BodyTooLarge,
    ContentTypeRefused,
    EtagUnknown,
    Failed,
    MethodRefused,
)
from habilitation.adapters.asgi.statuses import RETRY_AFTER, STATUS
from habilitation.adapters.assembly import texts
from habilitation.adapters.serialization import unstructured
from habilitation.domain.refusals import ChangedMeanwhile, Kind, Refusal

MEDIA_TYPE = "application/problem+json"
STATUS_OF: Mapping[str, int] = {
    BodyNotJson.code: 400,
    MethodRefused.code: 405,
    ChangedMeanwhile.code: 412,
    EtagUnknown.code: 412,
    BodyTooLarge.code: 413,
    ContentTypeRefused.code: 415,
    Failed.code: 500,
}
"""Of those whose status is not their kind's."""
CHALLENGE = 'Session realm="habilitation"'
"""What a 401 must ask for by HTTP's own rules; no browser answers to it with a box of its own."""


class Flawed(Enum):
    """What may be wrong with one field of a request's form."""

    MISSING = "missing"
    UNKNOWN = "unknown"
    MISTYPED = "mistyped"


@frozen
class FieldFlaw:
    """One thing that is wrong with a request's form."""

    field: str
    """Where, with dots: ``dates.opening``; empty if it is the whole."""
    code: Flawed
    """What."""
    detail: str


@frozen
class Problem:
    """What was refused (RFC 9457)."""

    type: str
    """An address that tells what such a problem is."""
    title: str
    status: int
    detail: str
    """One sentence, for people, in the language of the request."""
    code: str
    """What was refused, for programs: it never changes."""
    kind: Kind
    """What sort of *no* it is."""
    data: Mapping[str, str | int | float | None]
    """What the sentence speaks of."""
    field: str | None
    """The field of the request that it is about, if it is one."""
    errors: tuple[FieldFlaw, ...]
    """Where the request does not have its form."""


def status_of(refusal: Refusal | type[Refusal]) -> int:
    """The HTTP status of the refusal."""
    return STATUS_OF.get(refusal.code, STATUS[refusal.kind])


def sentence(refusal: Refusal, language: str) -> str:
    """The refusal as people read it."""
    own = own_words(language)["refusals"].get(refusal.code)
    return own.format(**refusal.data) if own else texts(language).refusal(refusal)


def sentence_of(kind: type[Refusal], language: str) -> str:
    """The same of any refusal of that class, with what it speaks of in braces."""
    known = {**own_words(language)["refusals"], **texts(language).words["refusals"]}
    return known.get(kind.code, kind.sentence)


def problem(
    refusal: Refusal,
    request: HTTPConnection,
    field: str = "",
    flaws: Sequence[FieldFlaw] = (),
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    """The answer that tells of the refusal; ``field`` is what it is about, if that is one field."""
    language = language_of(request)
    told = Problem(
        f"{request.scope.get('root_path', '')}/problems/{refusal.code}",
        own_words(language)["kind"][refusal.kind.value],
        status_of(refusal),
        sentence(refusal, language),
        refusal.code,
        refusal.kind,
        refusal.data,
        field or None,
        tuple(flaws),
    )
    more = {**_headers(refusal, language), **(headers or {})}
    return JSONResponse(unstructured(told), told.status, more, MEDIA_TYPE)


def _headers(refusal: Refusal, language: str) -> dict[str, str]:
    always = {"content-language": language, "vary": "accept-language, cookie"}
    match refusal.kind:
        case Kind.BUSY:
            return {**always, "retry-after": str(round(RETRY_AFTER.total_seconds()))}
        case Kind.UNAUTHENTICATED:
            return {**always, "www-authenticate": CHALLENGE}
    return always
