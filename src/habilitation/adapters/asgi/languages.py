"""The language of an answer: what the browser prefers, of those that the catalogs have."""

from __future__ import annotations

from starlette.requests import HTTPConnection

from habilitation.adapters.assembly import LANGUAGES

COOKIE = "language"
"""Where a person's own choice is kept for the pages: it identifies nobody."""


def language_of(request: HTTPConnection, default: str = "fr") -> str:
    """What the request says, else the portal's: whoever calls the API has the language that they ask for."""
    return _first(_preferred(request.headers.get("accept-language", "")), default)


def chosen_language(request: HTTPConnection, default: str = "fr") -> str:
    """The person's own choice on the pages, else what the request says."""
    return _first([request.cookies.get(COOKIE, "")], language_of(request, default))


def _first(wanted: list[str], default: str) -> str:
    return next((language for language in wanted if language in LANGUAGES), default)


def _preferred(header: str) -> list[str]:
    """The languages of an ``Accept-Language``, the best first; what cannot be read counts for nothing."""
    weighed = []
    for place, part in enumerate(header.split(",")):
        language, _, weight = part.strip().partition(";q=")
        try:
            quality = float(weight or 1)
        except ValueError:
            continue
        weighed.append((-quality, place, language.partition("-")[0].lower()))
    return [language for quality, _, language in sorted(weighed) if quality]
