"""Trying an act again over a stale version: a transaction cannot rerun its own body."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from habilitation.domain.refusals import Conflict

P = ParamSpec("P")
R = TypeVar("R")

TRIES = 5
"""How often an act is tried before its ``Conflict`` surfaces."""


def retried(act: Callable[P, R]) -> Callable[P, R]:
    """The act, tried again while somebody else was quicker; it must be one transaction."""

    @wraps(act, updated=())
    def attempt(*args: P.args, **kwargs: P.kwargs) -> R:
        for _ in range(TRIES - 1):
            try:
                return act(*args, **kwargs)
            except Conflict:
                continue
        return act(*args, **kwargs)

    return attempt
