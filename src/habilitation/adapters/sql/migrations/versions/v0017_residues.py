"""Where something was erased, and its traces may still be in the files, in a table of its own (R18, R41)."""

import sqlalchemy as sa
from alembic import op

from habilitation.adapters.sql.portable import TEXT

revision = "0017"
down_revision = "0016"

SOMEWHERE = ""
"""In the place of the organization: files of SQLite kept one mark for all."""


def upgrade() -> None:
    """What a file of SQLite is marked by in its header is marked in the table from now on."""
    op.create_table(
        "residues",
        sa.Column("organization_id", TEXT, nullable=False),
        sa.Column("marks", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("organization_id"),
        sqlite_with_rowid=False,
    )
    connection = op.get_bind()
    if connection.dialect.name == "sqlite" and connection.exec_driver_sql("PRAGMA user_version").scalar():
        connection.execute(sa.text("INSERT INTO residues VALUES (:on, 1)"), {"on": SOMEWHERE})
        connection.exec_driver_sql("PRAGMA user_version = 0")
