"""Closed organizations are found when their retention is over."""

from alembic import op

from habilitation.adapters.sql.portable import only

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """An index of those that are closed."""
    op.create_index("organizations_closed", "organizations", ["since", "organization_id"], **only("state = 'closed'"))
