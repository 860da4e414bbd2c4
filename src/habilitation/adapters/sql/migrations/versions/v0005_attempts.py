"""Failed sign-ins (R22)."""

import sqlalchemy as sa
from alembic import op

from habilitation.adapters.sql.portable import TEXT

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Make their table."""
    op.create_table(
        "attempts",
        sa.Column("login", TEXT, nullable=False),
        sa.Column("source", TEXT, nullable=False),
        sa.Column("failures", TEXT, nullable=False),
        sa.Column("seen", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("login", "source"),
        sqlite_with_rowid=False,
    )
    op.create_index("attempts_by_age", "attempts", ["seen"])
