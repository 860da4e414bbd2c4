"""Opaque ids."""

from __future__ import annotations

from typing import Protocol


class Identifiers(Protocol):
    """Makes ids that sort by the time they were made at, and are never made twice."""

    def new(self) -> str: ...
