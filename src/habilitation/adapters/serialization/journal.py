"""The bytes of the journal: strict JSON.

What is written into a journal is kept verbatim and never written again; what is read back must be exactly of the
declared types.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime
from functools import lru_cache
from typing import Any, get_args

from cattrs import Converter
from cattrs.gen import make_dict_unstructure_fn

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
