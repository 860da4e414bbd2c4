"""What a request may hold, field by field: models of pydantic, made from what the use case declares, and read strictly.

No number passes for a text, no text for a number, and nothing that is not known is passed over. What stands in an
address's query is a text by nature: numbers alone are read out of it.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Collection, Mapping
from datetime import date, datetime
from functools import cache
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from attrs import has
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StrictInt,
    StrictStr,
    create_model,
)
from pydantic import WithJsonSchema as Described

from habilitation.adapters.asgi.declared import Declaration, Declared, declared_fields
from habilitation.adapters.assembly import texts
from habilitation.domain.period import in_utc
from habilitation.domain.refusals import CursorMalformed
from habilitation.use_cases.directory import LARGEST_PAGE

STRICT = ConfigDict(extra="forbid")
CURSOR = "after"
"""The field that a page's cursor is passed in."""
_DIGITS = re.compile(r"[0-9]{1,18}")


class Nothing(BaseModel):
    """What is sent where all is said by the address: nothing, or an object with nothing in it."""

    model_config = STRICT


def _encodable(text: str) -> str:
    """Half of a character is none: no store could keep it."""
    text.encode()
    return text


def _day(value: object) -> date:
    """A civil day as ISO 8601 writes it in full (R15)."""
    if isinstance(value, str):
        day = date.fromisoformat(value)
        if day.isoformat() == value:
            return day
    raise ValueError("a day is written 2026-11-22")


def _instant(value: object) -> datetime:
    if not isinstance(value, str):
        raise ValueError("an instant is a text")
    try:
        return in_utc(datetime.fromisoformat(value.replace(" ", "+")))  # a plus sign in a query is a space
    except (TypeError, OverflowError) as problem:
        raise ValueError("an instant has an offset, and lies within the calendar") from problem


def _day_or_instant(value: object) -> date:
    try:
        return _day(value)
    except ValueError:
        return _instant(value)


def _number(value: object) -> int:
    if isinstance(value, str) and _DIGITS.fullmatch(value):
        return int(value)
    raise ValueError("a whole number is written in digits")


DAY = {"type": "string", "format": "date"}
INSTANT = {"type": "string", "format": "date-time"}
Day = Annotated[Any, BeforeValidator(_day), Described(DAY)]
Instant = Annotated[Any, BeforeValidator(_instant), Described(INSTANT)]
DayOrInstant = Annotated[Any, BeforeValidator(_day_or_instant), Described({"anyOf": [DAY, INSTANT]})]
Text = Annotated[StrictStr, AfterValidator(_encodable)]
NumberInText = Annotated[Any, BeforeValidator(_number), Described({"type": "integer", "minimum": 0})]
SHAPES: Mapping[str, dict[str, Any]] = {
    "size": {"minimum": 1, "maximum": LARGEST_PAGE},
    "password": {"format": "password"},
    "current": {"format": "password"},
}
"""What the document says besides of fields of that name; the use case alone refuses by it."""
SIMPLE: Mapping[Any, Any] = {str: Text, int: StrictInt, bool: StrictBool, date: Day, datetime: Instant}


def body_model(asked: Declaration, given: Collection[str]) -> type[BaseModel]:
    """What the body holds: all that is asked but what is given already; ``Nothing``, if nothing is left."""
    left = _left(asked, given)
    return _model(_name(asked), left, SIMPLE) if left else Nothing


def query_model(asked: Declaration, given: Collection[str]) -> type[BaseModel]:
    """The same, in the query of an address."""
    return _model(f"{_name(asked)}Query", _left(asked, given), {**SIMPLE, int: NumberInText})


def _name(asked: Declaration) -> str:
    return asked.code.title().replace("-", "")


def path_type(field: Declared) -> Any:
    """What may stand in the path."""
    return NumberInText if field.bare is int else str


def _left(asked: Declaration, given: Collection[str]) -> list[Declared]:
    return [field for name, field in asked.fields.items() if name not in given]


def _model(name: str, fields: Collection[Declared], simple: Mapping[Any, Any]) -> type[BaseModel]:
    made: Any = {field.name: (_wired(field, simple), _described(field)) for field in fields}
    return create_model(name, __config__=STRICT, **made)


def _described(field: Declared) -> Any:
    """With the label that people read; what may be left out is so in the schema too."""
    told: Any = {"title": texts("en").label(field.name), "json_schema_extra": SHAPES.get(field.name)}
    if field.required:
        return Field(**told)
    if field.default is None or isinstance(field.default, str | int | bool):
        return Field(field.default, **told)
    return Field(default_factory=lambda: None, **told)  # never read: what was not given, the request fills in


def _wired(field: Declared, simple: Mapping[Any, Any]) -> Any:
    if field.any_instant and field.bare is date:
        return DayOrInstant if field.hint is date else DayOrInstant | None
    return _typed(field.hint, simple)


def _typed(hint: Any, simple: Mapping[Any, Any]) -> Any:
    origin = get_origin(hint)
    if origin in (Union, UnionType):
        parts = [None if part is type(None) else _typed(part, simple) for part in get_args(hint)]
        return Union[tuple(parts)]  # noqa: UP007 - of parts that are only known here
    if origin in (tuple, frozenset):
        return list[_typed(get_args(hint)[0], simple)]  # type: ignore[misc]
    plain = getattr(hint, "__supertype__", hint)
    if has(plain):
        return _nested(plain)
    return simple.get(plain, plain)


@cache
def _nested(kind: type) -> type[BaseModel]:
    return _model(f"{kind.__name__}Asked", tuple(declared_fields(kind).values()), SIMPLE)


# From what was sent to what is asked


def read(asked: Declaration, sent: Mapping[str, Any]) -> tuple[list[Any], dict[str, Any]]:
    """How the use case is called with what was sent: what was left out is as its request has it."""
    values = {name: _plain(field.bare, sent[name]) for name, field in asked.fields.items() if name in sent}
    if values.get(CURSOR) is not None:
        values[CURSOR] = cursor_read(values[CURSOR])
    if asked.request is None:
        return [], values
    request = asked.request(**{name: value for name, value in values.items() if name in asked.own})
    return [request], {name: value for name, value in values.items() if name not in asked.own}


def sent_in(model: BaseModel | None) -> dict[str, Any]:
    """What was given, by the names of the fields."""
    return {name: getattr(model, name) for name in model.model_fields_set} if model else {}


def _plain(kind: Any, value: Any) -> Any:
    """The library's own value, of what pydantic read."""
    if isinstance(value, BaseModel):
        inner = declared_fields(kind)
        return kind(**{name: _plain(inner[name].bare, each) for name, each in sent_in(value).items()})
    if isinstance(value, list):
        [item, *_] = get_args(kind)
        return get_origin(kind)(_plain(item, each) for each in value)
    return value


def flattened(sent: Mapping[str, Any]) -> dict[str, Any]:
    """What was given, what is inside others named with a dot: ``dates.opening``."""
    flat: dict[str, Any] = {}
    for name, value in sent.items():
        if isinstance(value, BaseModel):
            flat |= {f"{name}.{inner}": each for inner, each in flattened(sent_in(value)).items()}
        else:
            flat[name] = value
    return flat


# Cursors


def cursor_told(cursor: str) -> str:
    """The cursor as a text that says nothing to whoever reads it."""
    return base64.urlsafe_b64encode(cursor.encode()).decode().rstrip("=")


def cursor_read(told: str) -> str:
    """Back again; what no page gave is refused."""
    try:
        cursor = base64.urlsafe_b64decode(told.encode("ascii") + b"=" * (-len(told) % 4)).decode()
    except (binascii.Error, UnicodeError):
        raise CursorMalformed() from None
    if cursor_told(cursor) != told:
        raise CursorMalformed()
    return cursor
