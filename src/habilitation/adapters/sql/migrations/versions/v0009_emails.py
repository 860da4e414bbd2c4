"""Changes of e-mail address, and whether a credential ever opened its account (R13)."""

import sqlalchemy as sa
from alembic import op

from habilitation.adapters.sql.portable import TEXT

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """No change is on its way. Whoever may have signed in counts as having done so."""
    op.add_column("users", sa.Column("email_change", TEXT, nullable=True))
    op.add_column("users", sa.Column("address", sa.Integer(), server_default="0", nullable=False))
    for name in ("wanted", "wanted_normal", "former", "former_normal"):
        op.add_column("users", sa.Column(name, TEXT, nullable=True))
    op.add_column("credentials", sa.Column("opened", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.execute("UPDATE credentials SET opened = true WHERE used OR chosen IS NOT NULL OR generation > 1")
    op.create_index("links_by_user", "links", ["organization_id", "user_id"])
