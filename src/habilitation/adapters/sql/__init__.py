"""The store on a SQL database: SQLite through SQLAlchemy Core, in one file that migrates itself when it is opened.

SQLAlchemy takes a quarter of a second to import: it is imported when the store is first asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from habilitation.adapters.sql.store import SqlStore

__all__ = ["SqlStore"]


def __getattr__(name: str) -> Any:
    if name == "SqlStore":
        from habilitation.adapters.sql.store import SqlStore

        return SqlStore
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
