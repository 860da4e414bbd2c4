"""How each kind of store is opened."""

from __future__ import annotations

from pathlib import Path

from habilitation.adapters.memory import MemoryStore
from habilitation.adapters.sql import SqlStore
from habilitation.ports.store import Store

KINDS = ("memory", "sqlite")


def sqlite_url(directory: Path) -> str:
    return f"sqlite:///{directory / 'portal.db'}"


def open_store(kind: str, directory: Path) -> Store:
    """A store of that kind; what it keeps in files is in the directory."""
    return MemoryStore() if kind == "memory" else SqlStore.open(sqlite_url(directory))
