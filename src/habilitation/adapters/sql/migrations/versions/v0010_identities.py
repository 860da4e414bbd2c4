"""Which identity at a provider opens an account."""

import sqlalchemy as sa
from alembic import op

from habilitation.adapters.sql.portable import TEXT, only

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """None does yet."""
    op.add_column("credentials", sa.Column("identity", TEXT, nullable=True))
    op.create_index(
        "credentials_by_identity",
        "credentials",
        ["identity", "organization_id"],
        unique=True,
        **only("identity IS NOT NULL"),
    )
    op.add_column("sessions", sa.Column("identity", TEXT, nullable=True))
