"""A line of the security log names people of several organizations, where a reading went over several (R36)."""

from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """They are found by their line, whatever organization they are of."""
    op.drop_index("security_people_by_line", "security_people")
    op.create_index("security_people_by_line", "security_people", ["line_id"])
