"""What a migration reads in the journal."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

entries = sa.table(
    "entries",
    sa.column("organization_id", sa.Text),
    sa.column("at", sa.BigInteger),
    sa.column("user_id", sa.Text),
    sa.column("of_organization", sa.Boolean),
    sa.column("agreement_id", sa.Text),
)
"""What migrations look at of it; not each column is there from the first revision on."""


def told(*path: str) -> sa.ColumnElement[str]:
    """What the body of an entry has at that path, as text; NULL where it has nothing there."""
    text = f"json_extract(CAST(entries.body AS TEXT), '$.{'.'.join(path)}')"
    if op.get_bind().dialect.name == "postgresql":
        text = f"CAST(convert_from(entries.body, 'UTF8') AS json) #>> '{{{','.join(path)}}}'"
    return sa.literal_column(text, sa.Text)
