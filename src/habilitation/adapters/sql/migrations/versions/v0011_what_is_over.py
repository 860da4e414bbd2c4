"""Links and sessions that are over are found, so that they can be taken away."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """By when they were over."""
    op.create_index("links_by_age", "links", ["expires"], sqlite_where=sa.text("purpose <> 'objection'"))
    op.create_index("sessions_by_age", "sessions", ["expires"])
