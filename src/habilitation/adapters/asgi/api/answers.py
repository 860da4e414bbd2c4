"""What the API's document says of answers: a schema for each class, made from the fields that it declares.

Answers themselves are written by the serialization adapter; a test holds them against these schemas.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from attrs import fields, has
from pydantic import BaseModel, ConfigDict, create_model

from habilitation.adapters.serialization import KINDS, VALUES, WITHHELD

SHOWN = ConfigDict(extra="forbid")


def answer_model(hint: Any) -> type[BaseModel]:
    """The schema of that class's answers."""
    model: type[BaseModel] = _typed(hint, {})
    return model


def _typed(hint: Any, variables: Mapping[TypeVar, Any]) -> Any:
    origin, arguments = get_origin(hint), get_args(hint)
    if isinstance(hint, TypeVar):
        return _typed(variables[hint], {})
    if origin in (Union, UnionType):
        return Union[tuple(_typed(each, variables) for each in arguments)]  # noqa: UP007 - only known here
    if origin in (tuple, frozenset):
        return list[_typed(arguments[0], variables)]  # type: ignore[misc]
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return dict[str, _typed(arguments[1], variables)]  # type: ignore[misc]
    plain = getattr(origin or hint, "__supertype__", origin or hint)
    if plain in VALUES:
        return str
    return _model(plain, arguments) if has(plain) else plain


@cache
def _model(kind: type, arguments: tuple[Any, ...]) -> type[BaseModel]:
    variables = dict(zip(getattr(kind, "__parameters__", ()), arguments, strict=True))
    hints = get_type_hints(kind)
    told = [each.name for each in fields(kind) if each.name not in WITHHELD.get(kind, ())]
    made: Any = {name: (_typed(hints[name], variables), ...) for name in told}
    if kind in KINDS:
        made = {"kind": (Literal[KINDS[kind]], ...), **made}
    return create_model(_name(kind, arguments), __config__=SHOWN, __doc__=kind.__doc__, **made)


def _name(kind: type, arguments: tuple[Any, ...]) -> str:
    """``PagedUserView``; what is of any of many classes needs no name for each."""
    return kind.__name__ + "".join(_argument(each) for each in arguments)


def _argument(hint: Any) -> str:
    if get_origin(hint) in (Union, UnionType):
        return ""
    return _name(get_origin(hint) or hint, get_args(hint))
