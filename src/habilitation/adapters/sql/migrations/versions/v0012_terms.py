"""What was done under keys; and which facts are about an agreement, so that its last one is found."""

import sqlalchemy as sa
from alembic import op

from habilitation.adapters.sql.migrations.journal import entries, told
from habilitation.adapters.sql.portable import TEXT, only

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Nothing was done under a key yet; of agreements, the journal knows."""
    op.create_table(
        "done_acts",
        sa.Column("organization_id", TEXT, nullable=False),
        sa.Column("digest", TEXT, nullable=False),
        sa.Column("asked", TEXT, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("done_in", TEXT, nullable=True),
        sa.Column("user_id", TEXT, nullable=True),
        sa.Column("agreement_id", TEXT, nullable=True),
        sa.PrimaryKeyConstraint("organization_id", "digest"),
        sqlite_with_rowid=False,
    )
    op.create_index("done_acts_by_age", "done_acts", ["at"])
    op.add_column("entries", sa.Column("agreement_id", TEXT, nullable=True))
    op.execute(sa.update(entries).values(agreement_id=told("data", "agreement")).where(entries.c.of_organization))
    op.create_index(
        "entries_by_agreement",
        "entries",
        ["organization_id", "agreement_id", "sequence"],
        **only("agreement_id IS NOT NULL"),
    )
