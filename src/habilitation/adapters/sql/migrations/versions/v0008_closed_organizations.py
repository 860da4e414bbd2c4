"""Closed organizations are found when their retention is over."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """An index of those that are closed."""
    op.create_index(
        "organizations_closed", "organizations", ["since", "organization_id"], sqlite_where=sa.text("state = 'closed'")
    )
