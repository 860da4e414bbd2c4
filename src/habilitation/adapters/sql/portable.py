"""What the schema and its migrations say of columns and indexes, for each engine in its own words."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Boolean, ColumnElement, Integer, Text, column, false, text, true

TEXT = Text().with_variant(Text(collation="C"), "postgresql")
"""Compared, and put in order, by its characters' numbers on every engine, whatever the database's own language."""


PLACE = Integer().with_variant(BigInteger(), "postgresql")
"""A place among all organizations: on PostgreSQL it is an instant, in microseconds."""


def only(condition: str | ColumnElement[bool]) -> dict[str, Any]:
    """What makes an index hold those rows alone."""
    rows = text(condition) if isinstance(condition, str) else condition
    return {"sqlite_where": rows, "postgresql_where": rows}


def is_set(flag: str) -> ColumnElement[bool]:
    """A condition on a flag, which SQLite keeps as a number."""
    return column(flag, Boolean) == true()


def is_unset(flag: str) -> ColumnElement[bool]:
    """The opposite."""
    return column(flag, Boolean) == false()
