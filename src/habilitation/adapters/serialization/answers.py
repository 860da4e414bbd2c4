"""Answers as plain data, for JSON: what a reader is shown, by the names of its fields.

Values that people write as one text are one text; what may be of several classes says in ``kind`` which it is. Nothing
secret is an answer: of a session, whoever it was opened for and until when, but not its token (R23).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, get_args

from cattrs import Converter
from cattrs.gen import make_dict_unstructure_fn, override

from habilitation.domain.actors import Asking, Member, OperatorAgent, Session
from habilitation.domain.events import CatalogEvent, Event
from habilitation.domain.refusals import Refusal
from habilitation.domain.values import EmailAddress, Login, Person, PersonName, PhoneNumber, Siret

VALUES = (EmailAddress, Login, PersonName, PhoneNumber, Siret)
"""The classes that are answered as the text that people write."""
KINDS: Mapping[type, str] = {
    OperatorAgent: "operator",
    Member: "user",
    Asking: "service",
    **{event: event.__name__ for event in get_args(Event) + get_args(CatalogEvent)},
}
"""What ``kind`` says where something may be of several classes."""
WITHHELD: Mapping[type, frozenset[str]] = {
    Session: frozenset({"token", "generation", "spell", "identified"}),
    Person: frozenset({"former"}),
}
"""The fields that no answer has: secrets, and what is kept for messages or for pages of our own alone."""

_converter = Converter()


def unstructured(value: Any) -> Any:
    """The answer as JSON has it: objects, lists, texts, numbers."""
    return _converter.unstructure(value)


def _kindly(kind: type) -> Callable[[Any], dict[str, Any]]:
    write: Callable[[Any], dict[str, Any]] = make_dict_unstructure_fn(kind, _converter)
    return lambda value: {"kind": KINDS[kind], **write(value)}


def _without(kind: type, withheld: frozenset[str]) -> Callable[[Any], dict[str, Any]]:
    omitted: Any = dict.fromkeys(withheld, override(omit=True))
    return make_dict_unstructure_fn(kind, _converter, **omitted)


def _listed(values: frozenset[Any]) -> list[Any]:
    """What has no order of its own, always in the same one."""
    return sorted((_converter.unstructure(value) for value in values), key=str)


def _is_set(kind: Any) -> bool:
    return getattr(kind, "__origin__", kind) is frozenset


def _set_up() -> None:
    for value in VALUES:
        _converter.register_unstructure_hook(value, str)
    _converter.register_unstructure_hook(datetime, datetime.isoformat)
    _converter.register_unstructure_hook(date, date.isoformat)
    _converter.register_unstructure_hook(timedelta, timedelta.total_seconds)
    _converter.register_unstructure_hook_func(_is_set, _listed)
    _converter.register_unstructure_hook_func(
        lambda kind: isinstance(kind, type) and issubclass(kind, Refusal), lambda refusal: refusal.code
    )
    for kind in KINDS:
        _converter.register_unstructure_hook(kind, _kindly(kind))
    for kind, withheld in WITHHELD.items():
        _converter.register_unstructure_hook(kind, _without(kind, withheld))


_set_up()
