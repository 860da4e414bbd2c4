"""Links and sessions that are over are found, so that they can be taken away."""

from alembic import op

from habilitation.adapters.sql.portable import only

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """By when they were over."""
    op.create_index("links_by_age", "links", ["expires"], **only("purpose <> 'objection'"))
    op.create_index("sessions_by_age", "sessions", ["expires"])
