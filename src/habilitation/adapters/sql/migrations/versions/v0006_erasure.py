"""Who is erased, who is due for it, and what is left of a journal that was dropped."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Nobody is erased yet."""
    op.add_column("users", sa.Column("erased", sa.Boolean(), nullable=False, server_default=sa.text("0")))
    op.create_index(
        "users_closing",
        "users",
        ["ends", "organization_id", "user_id"],
        sqlite_where=sa.text("ends IS NOT NULL AND erased = 0"),
    )
    op.create_table(
        "dropped_journals",
        sa.Column("organization_id", sa.Text(), nullable=False),
        sa.Column("head_sequence", sa.Integer(), nullable=False),
        sa.Column("head_hash", sa.Text(), nullable=False),
        sa.Column("head_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("organization_id"),
        sqlite_with_rowid=False,
    )
