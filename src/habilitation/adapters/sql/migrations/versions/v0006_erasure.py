"""Who is erased, who is due for it, and what is left of a journal that was dropped."""

import sqlalchemy as sa
from alembic import op

from habilitation.adapters.sql.portable import TEXT, is_unset, only

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Nobody is erased yet."""
    op.add_column("users", sa.Column("erased", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_index(
        "users_closing",
        "users",
        ["ends", "organization_id", "user_id"],
        **only(sa.column("ends").is_not(None) & is_unset("erased")),
    )
    op.create_table(
        "dropped_journals",
        sa.Column("organization_id", TEXT, nullable=False),
        sa.Column("head_sequence", sa.Integer(), nullable=False),
        sa.Column("head_hash", TEXT, nullable=False),
        sa.Column("head_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("organization_id"),
        sqlite_with_rowid=False,
    )
