"""On what terms an act is asked for, as HTTP says it: ``If-Match`` and ``Idempotency-Key``.

The entity tag of something is its version, the sequence of the last event about it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from habilitation.adapters.asgi.refusals import EtagUnknown
from habilitation.domain.terms import Terms, Unchanged
from habilitation.use_cases.undertaking import Undertaken

IF_MATCH, KEY = "if-match", "idempotency-key"
_TAG = re.compile(r'"([0-9]{1,18})"')
_WHOSE = ("user", "agreement")
"""Whose version it may be, by the fields of an address; else it is the organization's, or the catalog's."""


def etag(version: int) -> str:
    """The entity tag of that version."""
    return f'"{version}"'


def terms(if_match: str | None, key: str | None, given: Mapping[str, Any]) -> Terms:
    """What the two headers ask for, of what the address names; ``*`` is any version."""
    return Terms(_unchanged(if_match, given), key)


def _unchanged(if_match: str | None, given: Mapping[str, Any]) -> Unchanged | None:
    if if_match is None or if_match.strip() == "*":
        return None
    tag = _TAG.fullmatch(if_match.strip())
    if tag is None:
        raise EtagUnknown()
    whose = next(({name: given[name]} for name in _WHOSE if name in given), {})
    return Unchanged(int(tag[1]), **whose)


def takes_terms(act: Callable[..., object]) -> bool:
    """Whether the act can be asked for under terms."""
    return any(isinstance(each, Undertaken) for each in _unwrapped(act))


def _unwrapped(act: Any) -> Iterator[Any]:
    while act is not None:
        yield act
        act = getattr(act, "__wrapped__", None)
