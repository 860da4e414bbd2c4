"""The bytes of the journal, and the data files that people write: both strict, through cattrs.

What is written into a journal is kept verbatim and never written again; what is read back must be exactly of the
declared types.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar, get_args, get_origin
from zoneinfo import ZoneInfo

from attrs import has
from cattrs import Converter, ForbiddenExtraKeysError, transform_error
from cattrs.gen import make_dict_structure_fn, make_dict_unstructure_fn

from habilitation.domain.actors import Author, Member, OperatorAgent
from habilitation.domain.events import CatalogEvent, Event
from habilitation.domain.journal import Record
from habilitation.domain.refusals import DatabaseDamaged
from habilitation.domain.scope import Scope
from habilitation.domain.values import Place

converter = Converter(forbid_extra_keys=True)
"""Strict: no text is made out of a number, no list out of a mapping, no key is passed over."""

AUTHORS: dict[str, type[Author]] = {"operator": OperatorAgent, "user": Member}
EVENTS: dict[str, type[Any]] = {kind.__name__: kind for kind in get_args(Event) + get_args(CatalogEvent)}


def encode(sequence: int, at: datetime, by: Author, event: Event | CatalogEvent) -> bytes:
    """The bytes of one record, to be chained and stored as they are."""
    kind = type(event)
    data = _json(_write_event[kind](event))
    head = f'"sequence":{sequence},"at":"{at.isoformat()}","by":{_written(by)},"event":"{kind.__name__}"'
    return f'{{{head},"data":{data}}}'.encode()


def decode(body: bytes) -> Record[Any]:
    """The record that the bytes tell of. Raises ``DatabaseDamaged`` for anything else."""
    try:
        read = json.loads(body)
        kind = EVENTS[read["event"]]
        event = converter.structure(read["data"], kind)
        ((author, named),) = read["by"].items()
        by = converter.structure(named, AUTHORS[author])
        return Record(int(read["sequence"]), datetime.fromisoformat(read["at"]), by, event)
    except (ValueError, KeyError, TypeError, AttributeError, ExceptionGroup) as error:
        raise DatabaseDamaged("an entry of a journal cannot be read") from error


@lru_cache(maxsize=1024)
def _written(author: Author) -> str:
    """An author as JSON; few people write much."""
    if isinstance(author, OperatorAgent):
        return _json({"operator": {"agent": author.agent}})
    return _json({"user": {"organization": author.organization, "user": author.user}})


_json: Callable[[Any], str] = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def _only(kind: type) -> Callable[[Any, Any], Any]:
    def structure(value: Any, _: Any) -> Any:
        if type(value) is not kind:
            raise TypeError(f"{kind.__name__} expected")
        return value

    return structure


def _instant(text: Any, _: Any) -> datetime:
    instant = datetime.fromisoformat(text)
    if instant.utcoffset() is None:
        raise ValueError("an instant has an offset")
    return instant


def _write_scope(scope: Scope) -> Any:
    if scope.places is None:
        return None
    return sorted([place.agreement, place.group] for place in scope.places)


def _read_scope(value: Any, _: Any) -> Scope:
    if value is None:
        return Scope()
    return Scope(frozenset(converter.structure({"agreement": a, "group": g}, Place) for a, g in value))


def _set_up() -> None:
    for kind in (str, int, bool):
        converter.register_structure_hook(kind, _only(kind))
    converter.register_structure_hook(datetime, _instant)
    converter.register_unstructure_hook(datetime, datetime.isoformat)
    converter.register_structure_hook(date, lambda text, _: date.fromisoformat(text))
    converter.register_unstructure_hook(date, date.isoformat)
    converter.register_structure_hook(Scope, _read_scope)
    converter.register_unstructure_hook(Scope, _write_scope)


_set_up()
_write_event = {kind: make_dict_unstructure_fn(kind, converter) for kind in EVENTS.values()}


# Data files: what a parser of TOML or JSON gives, as the classes that the library is asked with

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
