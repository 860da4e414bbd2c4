"""How organizations, agreements, groups and users stand."""

import sqlalchemy as sa
from alembic import op

from habilitation.adapters.sql.migrations.journal import entries, told
from habilitation.adapters.sql.portable import TEXT

revision = "0007"
down_revision = "0006"

agreements = sa.table("agreements", *(sa.column(name) for name in ("organization_id", "agreement_id", "since")))


def upgrade() -> None:
    """Whatever is there goes on as it was: open, under its own control, suspended by nobody."""
    op.add_column("organizations", sa.Column("state", TEXT, server_default="open", nullable=False))
    op.add_column("organizations", sa.Column("since", sa.BigInteger(), nullable=True))
    op.add_column("organizations", sa.Column("control", TEXT, server_default="own", nullable=False))
    op.add_column("agreements", sa.Column("since", sa.BigInteger(), server_default="0", nullable=False))
    last = sa.select(sa.func.max(entries.c.at)).where(
        entries.c.organization_id == agreements.c.organization_id,
        told("event").in_(("AgreementOpened", "AgreementValidated")),
        told("data", "agreement") == agreements.c.agreement_id,
    )
    op.execute(sa.update(agreements).values(since=last.scalar_subquery()))  # only the journal knows
    op.add_column("agreement_groups", sa.Column("state", TEXT, server_default="open", nullable=False))
    op.add_column("users", sa.Column("suspended", TEXT, server_default="", nullable=False))
    op.add_column("users", sa.Column("interruptions", TEXT, server_default="[]", nullable=False))
    op.alter_column("sessions", "account", new_column_name="spell")
