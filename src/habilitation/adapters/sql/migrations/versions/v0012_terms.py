"""What was done under keys; and which facts are about an agreement, so that its last one is found."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

ABOUT = """
UPDATE entries SET agreement_id = json_extract(CAST(body AS TEXT), '$.data.agreement') WHERE of_organization = 1
"""


def upgrade() -> None:
    """Nothing was done under a key yet; of agreements, the journal knows."""
    op.create_table(
        "done_acts",
        sa.Column("organization_id", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("done_in", sa.Text(), nullable=True),
        sa.Column("user_id", sa.Text(), nullable=True),
        sa.Column("agreement_id", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("organization_id", "digest"),
        sqlite_with_rowid=False,
    )
    op.create_index("done_acts_by_age", "done_acts", ["at"])
    op.add_column("entries", sa.Column("agreement_id", sa.Text(), nullable=True))
    op.execute(ABOUT)
    op.create_index(
        "entries_by_agreement",
        "entries",
        ["organization_id", "agreement_id", "sequence"],
        sqlite_where=sa.text("agreement_id IS NOT NULL"),
    )
