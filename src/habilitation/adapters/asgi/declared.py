"""What a use case declares: what it is asked, who may ask, what it answers. Endpoints and forms are made of it."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from functools import cache
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from attrs import NOTHING, Attribute, fields, frozen

from habilitation.domain.period import civil_day
from habilitation.use_cases.witnessing import code_of

ACTOR, SOURCE = "by", "source"
"""What a use case is told besides what it is asked: who acts, and where a sign-in comes from."""


@frozen
class Declared:
    """A field, as its one declaration has it."""

    name: str
    hint: Any
    """Its type; where it may be left out as None, that is part of it."""
    default: Any = NOTHING
    any_instant: bool = False
    """Of a date: whether an instant may be given as well as a civil day."""

    @property
    def required(self) -> bool:
        return self.default is NOTHING

    @property
    def bare(self) -> Any:
        """The type of what is given, where it is."""
        return bare(self.hint)


@frozen
class Declaration:
    """A use case, as its signature has it."""

    code: str
    """``create-user``, for ``CreateUser``."""
    help: str
    request: type[Any] | None
    """The class of what it is asked as a whole; None where it takes nothing, or texts alone."""
    fields: Mapping[str, Declared]
    """Of the request, and of what is asked beside it."""
    own: frozenset[str]
    """The names of those that are the request's."""
    actor: Any
    """The type of whoever may act; None where nobody needs to be known."""
    wants_source: bool
    answer: Any

    @property
    def attribute(self) -> str:
        """What it is on ``Habilitation``."""
        return self.code.replace("-", "_")


@cache
def declared(use_case: type) -> Declaration:
    """What the use case declares."""
    hints = get_type_hints(use_case.__call__)
    signature = inspect.signature(use_case.__call__).parameters
    asked = {name: each for name, each in signature.items() if name not in ("self", ACTOR, SOURCE)}
    request = hints["asked"] if "asked" in asked else None
    own = declared_fields(request) if request else {}
    beside = {name: Declared(name, hints[name], _default(each)) for name, each in asked.items() if name != "asked"}
    return Declaration(
        code_of(use_case),
        inspect.getdoc(use_case) or "",
        request,
        own | beside,
        frozenset(own),
        hints.get(ACTOR),
        SOURCE in signature,
        hints["return"],
    )


def declared_fields(kind: type[Any]) -> dict[str, Declared]:
    """The fields of an attrs class, in their order."""
    hints = get_type_hints(kind)
    return {each.name: _declared(each, hints[each.name]) for each in fields(kind)}


def _declared(field: Attribute[Any], hint: Any) -> Declared:
    """A date that is not held to be a civil day may be an instant: its own converter reads both."""
    any_instant = field.converter is not None and field.validator is not civil_day
    return Declared(field.name, hint, field.default, any_instant)


def _default(parameter: inspect.Parameter) -> Any:
    return NOTHING if parameter.default is inspect.Parameter.empty else parameter.default


def bare(hint: Any) -> Any:
    """The type that is asked for, where it may be left out."""
    if get_origin(hint) in (Union, UnionType) and NoneType in get_args(hint):
        [hint] = (each for each in get_args(hint) if each is not NoneType)
    return hint
