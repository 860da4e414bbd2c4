"""Messages that are settled are found when they are old; dead letters in the order in which they are listed (R20)."""

from alembic import op

from habilitation.adapters.sql.portable import only

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Other indexes, for the same rows."""
    op.drop_index("messages_dead", "messages")
    op.create_index("messages_dead", "messages", ["message_id"], **only("state = 'dead'"))
    op.create_index("messages_settled", "messages", ["due"], **only("state IN ('delivered', 'dropped')"))
