"""The security log (R43)."""

import sqlalchemy as sa
from alembic import op

from habilitation.adapters.sql.portable import TEXT

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make its two tables."""
    op.create_table(
        "security_lines",
        sa.Column("organization_id", TEXT, nullable=False),
        sa.Column("line_id", TEXT, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("actor_kind", TEXT, nullable=True),
        sa.Column("actor", TEXT, nullable=True),
        sa.Column("act", TEXT, nullable=False),
        sa.Column("purpose", TEXT, nullable=False),
        sa.Column("refusal", TEXT, nullable=False),
        sa.Column("source", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "line_id"),
    )
    op.create_index("security_lines_in_order", "security_lines", ["line_id"])
    op.create_index("security_lines_by_age", "security_lines", ["at"])
    op.create_table(
        "security_people",
        sa.Column("organization_id", TEXT, nullable=False),
        sa.Column("user_id", TEXT, nullable=False),
        sa.Column("line_id", TEXT, nullable=False),
        sa.Column("acted", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "user_id", "line_id", "acted"),
        sqlite_with_rowid=False,
    )
    op.create_index("security_people_by_line", "security_people", ["organization_id", "line_id"])
