"""The security log (R43)."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make its two tables."""
    op.create_table(
        "security_lines",
        sa.Column("organization_id", sa.Text(), nullable=False),
        sa.Column("line_id", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("actor_kind", sa.Text(), nullable=True),
        sa.Column("actor", sa.Text(), nullable=True),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("refusal", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "line_id"),
    )
    op.create_index("security_lines_in_order", "security_lines", ["line_id"])
    op.create_index("security_lines_by_age", "security_lines", ["at"])
    op.create_table(
        "security_people",
        sa.Column("organization_id", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("line_id", sa.Text(), nullable=False),
        sa.Column("acted", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "user_id", "line_id", "acted"),
        sqlite_with_rowid=False,
    )
    op.create_index("security_people_by_line", "security_people", ["organization_id", "line_id"])
