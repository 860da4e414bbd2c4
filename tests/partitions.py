"""The same schema cut into partitions by organization, as an engine that is spread over machines cuts it.

PostgreSQL demands of a partitioned table what such engines do: every unique key contains what it is cut by. So whatever
works here puts all of an organization in one place.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, Table, text
from sqlalchemy.schema import AddConstraint

from habilitation.adapters.sql.schema import metadata

PARTS = 4
BY = "organization_id"
REGISTRIES = frozenset({"attempts", "catalog_entries", "logins", "sirets"})
"""What is not any organization's: small, and the same everywhere."""


def partition(connection: Connection) -> None:
    """Cut every table of an empty database but the registries."""
    cut = [table for table in metadata.sorted_tables if table.name not in REGISTRIES]
    for table in reversed(cut):
        for statement in _cut(table):
            connection.execute(text(statement))
    for table in cut:
        for constraint in table.foreign_key_constraints:
            connection.execute(AddConstraint(constraint, isolate_from_table=False))


def _cut(table: Table) -> Iterator[str]:
    name = table.name
    yield f"ALTER TABLE {name} RENAME TO {name}_whole"
    yield f"CREATE TABLE {name} (LIKE {name}_whole INCLUDING ALL) PARTITION BY HASH ({BY})"
    for part in range(PARTS):
        which = f"WITH (MODULUS {PARTS}, REMAINDER {part})"
        yield f"CREATE TABLE {name}_{part} PARTITION OF {name} FOR VALUES {which}"
    yield f"DROP TABLE {name}_whole"
