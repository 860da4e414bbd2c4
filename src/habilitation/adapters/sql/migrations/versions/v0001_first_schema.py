"""The first schema."""

import sqlalchemy as sa
from alembic import op

from habilitation.adapters.sql.portable import PLACE, TEXT, is_set, only

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make every table."""
    op.create_table(
        "agreements",
        sa.Column("organization_id", TEXT, nullable=False),
        sa.Column("agreement_id", TEXT, nullable=False),
        sa.Column("reference", TEXT, nullable=False),
        sa.Column("name_seal", TEXT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("starts", sa.BigInteger(), nullable=False),
        sa.Column("ends", sa.BigInteger(), nullable=True),
        sa.Column("opens", TEXT, nullable=False),
        sa.Column("closes", TEXT, nullable=True),
        sa.Column("services", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "agreement_id"),
        sa.UniqueConstraint("organization_id", "reference", name="agreements_by_reference"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "catalog_entries",
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("hash", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("sequence"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "credentials",
        sa.Column("organization_id", TEXT, nullable=False),
        sa.Column("user_id", TEXT, nullable=False),
        sa.Column("login", TEXT, nullable=True),
        sa.Column("standing", TEXT, nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("minted", TEXT, nullable=False),
        sa.Column("used", sa.Boolean(), nullable=False),
        sa.Column("chosen", TEXT, nullable=True),
        sa.Column("expires", sa.BigInteger(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "user_id"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "entries",
        sa.Column("organization_id", TEXT, nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("user_id", TEXT, nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("hash", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "sequence"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "entries_by_user",
        "entries",
        ["organization_id", "user_id", "sequence"],
        unique=False,
        **only("user_id IS NOT NULL"),
    )
    op.create_table(
        "logins",
        sa.Column("digest", TEXT, nullable=False),
        sa.Column("organization_id", TEXT, nullable=False),
        sa.Column("user_id", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("digest"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "messages",
        sa.Column("organization_id", TEXT, nullable=False),
        sa.Column("message_id", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("to_user", TEXT, nullable=True),
        sa.Column("to_desk", TEXT, nullable=True),
        sa.Column("about", TEXT, nullable=False),
        sa.Column("generation", sa.Integer(), nullable=True),
        sa.Column("agreement_id", TEXT, nullable=True),
        sa.Column("group_code", TEXT, nullable=True),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due", sa.BigInteger(), nullable=False),
        sa.Column("problem", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "message_id"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "messages_dead",
        "messages",
        ["organization_id", "due", "message_id"],
        unique=False,
        **only("state = 'dead'"),
    )
    op.create_index(
        "messages_waiting",
        "messages",
        ["organization_id", "due", "message_id"],
        unique=False,
        **only("state = 'waiting'"),
    )
    op.create_table(
        "organizations",
        sa.Column("organization_id", TEXT, nullable=False),
        sa.Column("position", PLACE, nullable=False),
        sa.Column("head_sequence", sa.Integer(), nullable=False),
        sa.Column("head_hash", TEXT, nullable=False),
        sa.Column("head_at", sa.BigInteger(), nullable=False),
        sa.Column("seat_state", TEXT, nullable=False),
        sa.Column("seat_holder", TEXT, nullable=True),
        sa.Column("claimant", TEXT, nullable=True),
        sa.Column("claim_expires", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("organization_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("organizations_in_order", "organizations", ["position"], unique=False)
    op.create_table(
        "papers",
        sa.Column("organization_id", TEXT, nullable=False),
        sa.Column("seal", TEXT, nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("text", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "seal"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "particulars",
        sa.Column("organization_id", TEXT, nullable=False),
        sa.Column("siret", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("contact", TEXT, nullable=False),
        sa.Column("contact_normal", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("organization_id"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "sessions",
        sa.Column("organization_id", TEXT, nullable=False),
        sa.Column("digest", TEXT, nullable=False),
        sa.Column("user_id", TEXT, nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("account", sa.Integer(), nullable=False),
        sa.Column("stage", TEXT, nullable=False),
        sa.Column("expires", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "digest"),
        sqlite_with_rowid=False,
    )
    op.create_index("sessions_by_digest", "sessions", ["digest"], unique=False)
    op.create_table(
        "sirets",
        sa.Column("siret", TEXT, nullable=False),
        sa.Column("organization_id", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("siret"),
        sqlite_with_rowid=False,
    )
    op.create_index("sirets_by_organization", "sirets", ["organization_id"], unique=False)
    op.create_table(
        "users",
        sa.Column("organization_id", TEXT, nullable=False),
        sa.Column("user_id", TEXT, nullable=False),
        sa.Column("agreement_id", TEXT, nullable=True),
        sa.Column("mobile", sa.Boolean(), nullable=False),
        sa.Column("removed", sa.Boolean(), nullable=False),
        sa.Column("account", sa.Integer(), nullable=False),
        sa.Column("starts", sa.BigInteger(), nullable=False),
        sa.Column("ends", sa.BigInteger(), nullable=True),
        sa.Column("opens", TEXT, nullable=False),
        sa.Column("closes", TEXT, nullable=True),
        sa.Column("scope", TEXT, nullable=True),
        sa.Column("scope_starts", sa.BigInteger(), nullable=True),
        sa.Column("scope_ends", sa.BigInteger(), nullable=True),
        sa.Column("scope_opens", TEXT, nullable=True),
        sa.Column("scope_closes", TEXT, nullable=True),
        sa.Column("last_name", TEXT, nullable=True),
        sa.Column("first_name", TEXT, nullable=True),
        sa.Column("email", TEXT, nullable=True),
        sa.Column("email_normal", TEXT, nullable=True),
        sa.Column("phone", TEXT, nullable=True),
        sa.Column("last_key", TEXT, nullable=False),
        sa.Column("first_key", TEXT, nullable=False),
        sa.Column("email_key", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "user_id"),
        sqlite_with_rowid=True,
    )
    op.create_index("users_by_email", "users", ["organization_id", "email_normal"], unique=False)
    op.create_index("users_in_order", "users", ["organization_id", "last_key", "first_key", "user_id"], unique=False)
    op.create_index("users_managing", "users", ["organization_id"], unique=False, **only("scope IS NOT NULL"))
    op.create_table(
        "agreement_groups",
        sa.Column("organization_id", TEXT, nullable=False),
        sa.Column("agreement_id", TEXT, nullable=False),
        sa.Column("group_code", TEXT, nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "agreement_id"],
            ["agreements.organization_id", "agreements.agreement_id"],
        ),
        sa.PrimaryKeyConstraint("organization_id", "agreement_id", "group_code"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "memberships",
        sa.Column("organization_id", TEXT, nullable=False),
        sa.Column("user_id", TEXT, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("account", sa.Integer(), nullable=False),
        sa.Column("agreement_id", TEXT, nullable=False),
        sa.Column("group_code", TEXT, nullable=False),
        sa.Column("starts", sa.BigInteger(), nullable=False),
        sa.Column("ends", sa.BigInteger(), nullable=True),
        sa.Column("opens", TEXT, nullable=False),
        sa.Column("closes", TEXT, nullable=True),
        sa.Column("waiting", sa.Boolean(), nullable=False),
        sa.Column("assigned", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organization_id", "user_id"],
            ["users.organization_id", "users.user_id"],
        ),
        sa.PrimaryKeyConstraint("organization_id", "user_id", "number"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "memberships_waiting",
        "memberships",
        ["organization_id", "waiting", "user_id"],
        unique=False,
        **only(is_set("waiting")),
    )
    op.create_table(
        "past_accounts",
        sa.Column("organization_id", TEXT, nullable=False),
        sa.Column("user_id", TEXT, nullable=False),
        sa.Column("account", sa.Integer(), nullable=False),
        sa.Column("starts", sa.BigInteger(), nullable=False),
        sa.Column("ends", sa.BigInteger(), nullable=True),
        sa.Column("opens", TEXT, nullable=False),
        sa.Column("closes", TEXT, nullable=True),
        sa.Column("scope", TEXT, nullable=True),
        sa.Column("scope_starts", sa.BigInteger(), nullable=True),
        sa.Column("scope_ends", sa.BigInteger(), nullable=True),
        sa.Column("scope_opens", TEXT, nullable=True),
        sa.Column("scope_closes", TEXT, nullable=True),
        sa.ForeignKeyConstraint(
            ["organization_id", "user_id"],
            ["users.organization_id", "users.user_id"],
        ),
        sa.PrimaryKeyConstraint("organization_id", "user_id", "account"),
        sqlite_with_rowid=False,
    )
