"""What a test of the contract says when it fails: the promise that the adapter breaks, with its rule."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import pytest

P = ParamSpec("P")
R = TypeVar("R")


class SaysItsPromise:
    """Each test of a class that inherits it tells its promise, by its own name and docstring."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        for name, test in list(vars(cls).items()):
            if name.startswith("test_") and callable(test):
                setattr(cls, name, _saying(promise(name, test.__doc__), test))


def promise(name: str, said: str | None) -> str:
    """What an adapter has to do, in the words of the test."""
    beside = f" ({' '.join(said.split())})" if said else ""
    return f"The contract: {name.removeprefix('test_').replace('_', ' ')}{beside}"


def _saying(promised: str, test: Callable[P, R]) -> Callable[P, R]:
    @wraps(test)
    def saying(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return test(*args, **kwargs)
        except pytest.skip.Exception:
            raise
        except BaseException as problem:  # pytest's own failures are not plain exceptions
            problem.add_note(promised)
            raise

    return saying
