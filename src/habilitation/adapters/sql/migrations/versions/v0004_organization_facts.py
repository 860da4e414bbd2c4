"""What the journal tells of the organization itself is found without reading the rest (R39)."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

SEAT = ("FirstCredentialsIssued", "SeatClaimed", "AdministratorAppointed", "SeatVacated")
"""The events that are the organization's own, and about somebody too."""


def upgrade() -> None:
    """Add the mark, put it, and index what has it."""
    op.add_column("entries", sa.Column("of_organization", sa.Boolean(), nullable=True))
    op.execute("UPDATE entries SET of_organization = 1 WHERE user_id IS NULL")
    told = sa.text("UPDATE entries SET of_organization = 1 WHERE instr(CAST(body AS TEXT), :event)")
    for name in SEAT:
        op.execute(told.bindparams(event=f'"event":"{name}"'))
    op.create_index(
        "entries_of_organization",
        "entries",
        ["organization_id", "sequence"],
        sqlite_where=sa.text("of_organization = 1"),
    )
