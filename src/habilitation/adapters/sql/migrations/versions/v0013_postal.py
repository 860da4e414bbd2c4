"""Where an organization's contact is reached by post (R4)."""

import sqlalchemy as sa
from alembic import op

from habilitation.adapters.sql.portable import TEXT

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """None is yet."""
    op.add_column("particulars", sa.Column("postal", TEXT, server_default="", nullable=False))
