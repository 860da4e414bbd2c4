"""What is done once the answer has left, so that no measure of time tells what exists (R21)."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from starlette.background import BackgroundTask

from habilitation.domain.refusals import Refusal

_log = logging.getLogger("habilitation.asgi")


def afterwards(act: Callable[..., object], *arguments: Any, **named: Any) -> BackgroundTask:
    """The act, for a response to carry. Nobody is told its outcome: that it was refused stands in the process's log."""
    return BackgroundTask(_done, act, *arguments, **named)


def _done(act: Callable[..., object], *arguments: Any, **named: Any) -> None:
    try:
        act(*arguments, **named)
    except Refusal as refusal:
        _log.warning("what was asked for could not be done afterwards: %s", refusal.code)
