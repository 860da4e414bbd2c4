"""Mappings that cannot change: what is frozen must hold nothing that a caller could empty."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NoReturn, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class FrozenDict(dict[K, V]):
    """A dict that refuses every change; unlike a ``MappingProxyType`` it can be copied and pickled."""

    def _refuse(self, *_: object, **__: object) -> NoReturn:
        raise TypeError("this mapping does not change")

    __setitem__ = __delitem__ = clear = pop = popitem = setdefault = update = __ior__ = _refuse

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(frozenset(self.items()))

    def __reduce__(self) -> tuple[Any, ...]:
        return FrozenDict, (dict(self),)


def unchanging(mapping: Mapping[Any, Any]) -> FrozenDict[Any, Any]:
    """The same mapping, which nobody can change any more."""
    return mapping if type(mapping) is FrozenDict else FrozenDict(mapping)
