"""The schema's revisions, in order; each is a file of ``versions``, numbered, and applied once to a database."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy import Connection

HEAD = "0015"
"""The latest revision: what this version of the library reads and writes."""
VERSION_TABLE = "habilitation_version"
"""Where a database says its revision, apart from the migrations of a host that shares it."""


def upgrade(connection: Connection, revision: str = HEAD) -> None:
    """Bring the database to that revision in the connection's transaction. Few openings need Alembic, imported here."""
    from alembic import command
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    command.upgrade(config, revision)
