"""How each kind of store is opened."""

from __future__ import annotations

import os
from pathlib import Path

from habilitation.adapters.memory import MemoryStore
from habilitation.adapters.sql import SqlStore
from habilitation.ports.store import Store

KINDS = tuple(os.environ.get("HABILITATION_TEST_STORES", "memory,sqlite").split(","))
"""All of them, unless told: mutants of the domain and the use cases die in memory as well, and much sooner."""


def sqlite_url(directory: Path) -> str:
    return f"sqlite:///{directory / 'portal.db'}"


def open_store(kind: str, directory: Path) -> Store:
    """A store of that kind; what it keeps in files is in the directory."""
    return MemoryStore() if kind == "memory" else SqlStore.open(sqlite_url(directory))
