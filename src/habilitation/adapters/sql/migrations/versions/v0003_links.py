"""One-time links, and how often something forgotten was asked for (R21)."""

import sqlalchemy as sa
from alembic import op

from habilitation.adapters.sql.portable import TEXT

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add a table, and a column to the credentials."""
    op.create_table(
        "links",
        sa.Column("organization_id", TEXT, nullable=False),
        sa.Column("digest", TEXT, nullable=False),
        sa.Column("user_id", TEXT, nullable=False),
        sa.Column("purpose", TEXT, nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("expires", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "digest"),
        sqlite_with_rowid=False,
    )
    op.create_index("links_by_digest", "links", ["digest"])
    op.add_column("credentials", sa.Column("asked", TEXT, nullable=True))
