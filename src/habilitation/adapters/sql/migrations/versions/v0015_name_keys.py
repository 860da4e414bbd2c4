"""Organizations are found by a part of their names, whatever its accents and capitals (R36)."""

import sqlalchemy as sa
from alembic import op

from habilitation.adapters.sql.portable import TEXT
from habilitation.domain.folding import folded

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """The names that are there are folded, as those to come will be."""
    op.add_column("particulars", sa.Column("name_key", TEXT, server_default="", nullable=False))
    connection = op.get_bind()
    for id, name in connection.execute(sa.text("SELECT organization_id, name FROM particulars")).all():
        put = sa.text("UPDATE particulars SET name_key = :key WHERE organization_id = :id")
        connection.execute(put, {"key": folded(name), "id": id})
