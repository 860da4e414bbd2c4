"""How a store is broken: one method of one of its parts does something else."""

from __future__ import annotations

from collections.abc import Callable
from inspect import getattr_static
from typing import Any

import pytest
from attrs import frozen

BROKEN: dict[str, Broken] = {}
"""All of them, by name."""
REMEMBERED: dict[Any, Any] = {}
"""What stores keep that should not; of the one that is broken now."""


@frozen
class Broken:
    """A store, and the tests of the contract that find what is wrong with it."""

    owner: type
    attribute: str
    instead: Callable[..., Any]
    """Called with what was there, and with what that is called with."""
    found_by: tuple[str, ...]
    raising: type[Exception]
    """What its author sees; a store that breaks down by itself need not be found."""
    also: tuple[str, ...]
    """What else is broken in it."""

    def put_into(self, patch: pytest.MonkeyPatch) -> None:
        REMEMBERED.clear()
        for name in self.also:
            BROKEN[name].put_into(patch)
        patch.setattr(self.owner, self.attribute, self._instead_of(getattr_static(self.owner, self.attribute)))

    def _instead_of(self, there: Any) -> Any:
        if isinstance(there, property) or (not callable(there) and not isinstance(there, classmethod)):
            return property(lambda it: self.instead(there, it), lambda it, value: None)
        if isinstance(there, classmethod):
            return classmethod(lambda cls, *args: self.instead(there.__func__, cls, *args))
        return lambda it, *args, **kwargs: self.instead(there, it, *args, **kwargs)


def breaks(
    owner: type,
    attribute: str,
    *found_by: str,
    raising: type[Exception] = AssertionError,
    also: tuple[str, ...] = (),
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The function stands for what a broken store does there; its name says what that is."""

    def broken(instead: Callable[..., Any]) -> Callable[..., Any]:
        BROKEN[instead.__name__] = Broken(owner, attribute, instead, found_by, raising, also)
        return instead

    return broken
