"""A statement: written once, in Core, and compiled for an engine when it is first sent to it.

What the engines write in different ways is a little element of its own here, so that a statement stays one.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache, cached_property
from itertools import count
from typing import Any

from attrs import define, frozen
from sqlalchemy import BigInteger, Boolean, bindparam, func, literal_column, select
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql import dml
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import BindParameter, ClauseElement, ColumnElement
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import NullType

_ESCAPED = re.compile("%[%s]")
Insert = Callable[[Any], Any]
Core = ClauseElement | Callable[[Insert], ClauseElement]
"""A statement, or what makes it of an engine's own ``insert``: only these know what to do with a key that is there."""


@frozen
class Engine:
    """What a statement is compiled for."""

    dialect: Dialect
    insert: Insert
    placed: Callable[[str], str]
    """The text, with its parameters' places as the driver wants them."""


class _Compiler(sqlite.base.SQLiteCompiler):
    """Writes down by which index a table is read, where a statement says so."""

    def get_from_hint_text(self, table: Any, text: str | None) -> str | None:
        return text


def _sqlite() -> Engine:
    dialect = sqlite.dialect()
    dialect.statement_compiler = _Compiler
    return Engine(dialect, sqlite.insert, str)


SQLITE = _sqlite()


@cache
def _postgresql() -> Engine:
    """Imported by those who need it: it takes a fifth of SQLAlchemy's own time."""
    from sqlalchemy.dialects.postgresql import insert, psycopg

    dialect: Dialect = psycopg.dialect(paramstyle="format")  # type: ignore[no-untyped-call]
    return Engine(dialect, insert, _numbered)


@define(eq=False)
class Statement:
    """Its text for each engine; its parameters come in the order that is said, on all of them."""

    core: Core
    parameters: tuple[str, ...]
    setting: list[str] | None = None
    """The columns that an update writes to, in order."""

    @cached_property
    def sqlite(self) -> str:
        return self._text(SQLITE)

    @cached_property
    def postgresql(self) -> str:
        return self._text(_postgresql())

    def _text(self, engine: Engine) -> str:
        text, order = _compiled(self._written(engine), engine, self.setting)
        if order != self.parameters:
            raise TypeError(f"the parameters come in another order: {order}")
        return text

    def _written(self, engine: Engine) -> Any:
        return self.core if isinstance(self.core, ClauseElement) else self.core(engine.insert)

    # For whoever sends several rows, or several statements, at once

    @cached_property
    def table(self) -> str:
        """The table that it writes to."""
        return str(self._written(SQLITE).table.name)

    @cached_property
    def inserts(self) -> bool:
        """Whether it inserts a row that it is given whole."""
        written = self._written(SQLITE)
        return isinstance(written, dml.Insert) and written.select is None

    def of_rows(self, many: int) -> str:
        """Its text on PostgreSQL if it inserts so many rows, whose parameters come one after the other."""
        if many == 1:
            return self.postgresql
        rows = [{name: _parameter(f"{name}_{place}") for name in self.parameters} for place in range(many)]
        text, _ = _compiled(self._written(_postgresql()).values(rows), _postgresql(), None)
        return text


def statement(core: Core, *parameters: str, setting: list[str] | None = None) -> Statement:
    """The statement whose parameters come in that order."""
    return Statement(core, parameters, setting)


def as_written(core: ClauseElement) -> Statement:
    """The statement whose parameters come in whatever order they stand in it."""
    _, order = _compiled(core, SQLITE, None)
    return Statement(core, order)


def _compiled(core: ClauseElement, engine: Engine, setting: list[str] | None) -> tuple[str, tuple[str, ...]]:
    """The text, and the names of its parameters in their order."""
    result: Any = core.compile(dialect=engine.dialect, column_keys=setting)
    return engine.placed(str(result)), tuple(result.positiontup or ())


def _numbered(text: str) -> str:
    """With ``$1``, ``$2``, … for its parameters, as PostgreSQL takes them: the driver need not look for them."""
    places = count(1)
    return _ESCAPED.sub(lambda found: "%" if found[0] == "%%" else f"${next(places)}", text)


def _parameter(name: str) -> BindParameter[Any]:
    return bindparam(name)


def number(name: str) -> BindParameter[int]:
    """A parameter that is a whole number, however large it is: PostgreSQL must be told."""
    return bindparam(name, type_=BigInteger())


# What the engines write in different ways


class unindexed(ColumnElement[Any]):  # noqa: N801
    """The column, by which SQLite is not to look rows up: it takes an organization's users for a few."""

    inherit_cache = True

    def __init__(self, column: ColumnElement[Any]) -> None:
        self.column = column
        self.type = column.type


@compiles(unindexed)
def _as_it_is(element: unindexed, compiler: SQLCompiler, **kw: Any) -> str:
    return compiler.process(element.column, **kw)


@compiles(unindexed, "sqlite")
def _signed(element: unindexed, compiler: SQLCompiler, **kw: Any) -> str:
    return f"+{compiler.process(element.column, **kw)}"


class next_place(FunctionElement[int]):  # noqa: N801
    """A number that comes after those that the column has.

    On PostgreSQL it is the server's clock, in microseconds: those who wait for each other's numbers would wait for each
    other, and two who get one are told apart by their keys.
    """

    inherit_cache = True
    type = BigInteger()


@compiles(next_place)
def _by_the_clock(element: next_place, compiler: SQLCompiler, **kw: Any) -> str:
    return "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS BIGINT)"


@compiles(next_place, "sqlite")
def _after_the_last(element: next_place, compiler: SQLCompiler, **kw: Any) -> str:
    [column] = element.clauses
    last = func.coalesce(func.max(column), literal_column("0"))
    return compiler.process(select(last + literal_column("1")).scalar_subquery(), **kw)


class json_items(FunctionElement[Any]):  # noqa: N801
    """The items of a JSON list, a row each."""

    inherit_cache = True
    type = NullType()


@compiles(json_items)
def _elements(element: json_items, compiler: SQLCompiler, **kw: Any) -> str:
    return f"json_array_elements({compiler.process(element.clauses, **kw)}::json)"


@compiles(json_items, "sqlite")
def _each(element: json_items, compiler: SQLCompiler, **kw: Any) -> str:
    return f"json_each({compiler.process(element.clauses, **kw)})"


class json_item(ColumnElement[Any]):  # noqa: N801
    """What stands at a place of a JSON list."""

    inherit_cache = True

    def __init__(self, column: ColumnElement[Any], place: int, is_flag: bool = False) -> None:
        self.column = column
        self.place = place
        self.is_flag = is_flag
        self.type = Boolean() if is_flag else NullType()


@compiles(json_item)
def _at_place(element: json_item, compiler: SQLCompiler, **kw: Any) -> str:
    found = f"({compiler.process(element.column, **kw)} ->> {element.place})"
    return f"{found}::boolean" if element.is_flag else found


@compiles(json_item, "sqlite")
def _extracted(element: json_item, compiler: SQLCompiler, **kw: Any) -> str:
    return f"json_extract({compiler.process(element.column, **kw)}, '$[{element.place}]')"
