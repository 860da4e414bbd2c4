"""How organizations, agreements, groups and users stand."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

SINCE = """
UPDATE agreements SET since = (
    SELECT max(entries.at) FROM entries
    WHERE entries.organization_id = agreements.organization_id
    AND json_extract(CAST(entries.body AS TEXT), '$.event') IN ('AgreementOpened', 'AgreementValidated')
    AND json_extract(CAST(entries.body AS TEXT), '$.data.agreement') = agreements.agreement_id
)
"""


def upgrade() -> None:
    """Whatever is there goes on as it was: open, under its own control, suspended by nobody."""
    op.add_column("organizations", sa.Column("state", sa.Text(), server_default="open", nullable=False))
    op.add_column("organizations", sa.Column("since", sa.BigInteger(), nullable=True))
    op.add_column("organizations", sa.Column("control", sa.Text(), server_default="own", nullable=False))
    op.add_column("agreements", sa.Column("since", sa.BigInteger(), server_default="0", nullable=False))
    op.execute(SINCE)  # only the journal knows
    op.add_column("agreement_groups", sa.Column("state", sa.Text(), server_default="open", nullable=False))
    op.add_column("users", sa.Column("suspended", sa.Text(), server_default="", nullable=False))
    op.add_column("users", sa.Column("interruptions", sa.Text(), server_default="[]", nullable=False))
    op.alter_column("sessions", "account", new_column_name="spell")
