"""Text that keeps together what an unbreakable space holds together, as French wants before : ; ? ! and inside « »."""

from __future__ import annotations

from typing import Any

from rich.containers import Lines
from rich.text import Text

UNBREAKABLE = "\u00a0"
HELD = "\ue000"
"""A private character of the same width: rich would break lines at any space, this one included."""


class Prose(Text):
    """A ``Text`` whose lines break at ordinary spaces only."""

    def wrap(self, *arguments: Any, **more: Any) -> Lines:
        held = self.copy()
        held.plain = self.plain.replace(UNBREAKABLE, HELD)
        lines = held.wrap(*arguments, **more)
        for line in lines:
            line.plain = line.plain.replace(HELD, UNBREAKABLE)
        return lines
