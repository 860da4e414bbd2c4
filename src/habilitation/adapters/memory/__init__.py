"""A store in memory, for tests and trials: one writer per organization, versions checked, nothing live handed out.

A transaction reads under the organization's lock and writes nothing before its end; a snapshot is a copy. Entities are
frozen, so what is handed out cannot change what is kept.
"""

from habilitation.adapters.memory.reading import MemorySnapshot
from habilitation.adapters.memory.shelf import Shelf
from habilitation.adapters.memory.store import MemoryStore
from habilitation.adapters.memory.writing import MemoryTransaction

__all__ = ["MemorySnapshot", "MemoryStore", "MemoryTransaction", "Shelf"]
