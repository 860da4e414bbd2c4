"""What the journal tells of the organization itself is found without reading the rest (R39)."""

import sqlalchemy as sa
from alembic import op

from habilitation.adapters.sql.migrations.journal import entries, told
from habilitation.adapters.sql.portable import is_set, only

revision = "0004"
down_revision = "0003"

SEAT = ("FirstCredentialsIssued", "SeatClaimed", "AdministratorAppointed", "SeatVacated")
"""The events that are the organization's own, and about somebody too."""


def upgrade() -> None:
    """Add the mark, put it, and index what has it."""
    op.add_column("entries", sa.Column("of_organization", sa.Boolean(), nullable=True))
    its_own = sa.or_(entries.c.user_id.is_(None), told("event").in_(SEAT))
    op.execute(sa.update(entries).values(of_organization=True).where(its_own))
    op.create_index(
        "entries_of_organization",
        "entries",
        ["organization_id", "sequence"],
        **only(is_set("of_organization")),
    )
