"""Data files: what a parser of TOML or JSON gives, as the classes that the library is asked with."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar, get_origin
from zoneinfo import ZoneInfo

from attrs import has
from cattrs import Converter, ForbiddenExtraKeysError, transform_error
from cattrs.gen import make_dict_structure_fn

T = TypeVar("T")

files = Converter(forbid_extra_keys=True)
"""Reads what people wrote: lists are lists, tables are tables, and each field is of its own type."""

_EXPECTED = {str: "a text", int: "a whole number", bool: "true or false"}
_DURATION = re.compile(r"(\d{1,6}) (seconds|minutes|hours|days)")


def structured(data: Any, kind: type[T]) -> T:
    """What a file says, as that class. Raises ``ValueError``: one sentence that begins with the field's name."""
    try:
        return files.structure(data, kind)
    except Exception as error:  # noqa: BLE001 (whatever a field's own reader raises, transform_error says where)
        problem, _, place = transform_error(error, "", _problem)[0].rpartition(" @ ")
        raise ValueError(f"{place.removeprefix('.') or 'it'} {problem}") from None


def _problem(error: BaseException, _: type | None) -> str:
    match error:
        case KeyError():
            return "is missing"
        case ForbiddenExtraKeysError(extra_fields=unknown):
            return f"has a field that is not known ({', '.join(sorted(unknown))})"
    return str(error)


def _exactly(kind: type) -> Callable[[Any, Any], Any]:
    def structure(value: Any, _: Any) -> Any:
        if type(value) is not kind:
            raise TypeError(f"must be {_EXPECTED[kind]}")
        return value

    return structure


def _table(kind: type) -> Callable[[Any, Any], Any]:
    read: Callable[[Any, Any], Any] = make_dict_structure_fn(kind, files, _cattrs_forbid_extra_keys=True)

    def structure(value: Any, _: Any) -> Any:
        if not isinstance(value, Mapping):
            raise TypeError("must be a table")
        return read(value, kind)

    return structure


_read_items = files.get_structure_hook(tuple[str, ...])


def _list(value: Any, kind: Any) -> Any:
    if not isinstance(value, list):
        raise TypeError("must be a list")
    return _read_items(value, kind)


def _is_tuple(kind: Any) -> bool:
    return get_origin(kind) is tuple


def _duration(text: Any, _: Any) -> timedelta:
    found = _DURATION.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        raise ValueError('must be a duration, such as "30 days" or "5 seconds"')
    return timedelta(**{found[2]: int(found[1])})


def _zone(text: Any, _: Any) -> ZoneInfo:
    try:
        return ZoneInfo(text)
    except (KeyError, OSError, TypeError, ValueError):
        raise ValueError('must be a time zone, such as "Europe/Paris"') from None


def _set_up_files() -> None:
    for kind in _EXPECTED:
        files.register_structure_hook(kind, _exactly(kind))
    files.register_structure_hook(timedelta, _duration)
    files.register_structure_hook(ZoneInfo, _zone)
    files.register_structure_hook(Path, lambda text, _: Path(files.structure(text, str)))
    files.register_structure_hook_factory(has, _table)
    files.register_structure_hook_func(_is_tuple, _list)


_set_up_files()
