"""The schema's revisions, in order; each is a file of ``versions``, numbered, and applied once to a database."""

from __future__ import annotations

import re
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from habilitation.domain.refusals import DatabaseForeign, DatabaseNewer, DatabaseOutdated

if TYPE_CHECKING:
    from sqlalchemy import Connection

HEAD = "0017"
"""The latest revision: what this version of the library reads and writes."""
VERSION_TABLE = "habilitation_version"
"""Where a database says its revision, apart from the migrations of a host that shares it."""
_one_at_a_time = Lock()  # Alembic keeps what it is doing where all threads of the process see it
_REVISION = re.compile(r"\d{4}")


def revision_of(connection: Connection) -> str | None:
    """The database's revision, none if nothing of ours is in it. Raises ``DatabaseForeign`` or ``DatabaseNewer``."""
    from sqlalchemy import inspect, text

    tables = inspect(connection).get_table_names()
    if VERSION_TABLE in tables:
        return recognized(connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar())  # noqa: S608
    if tables and connection.dialect.name == "sqlite":  # a file is one portal's
        raise DatabaseForeign("its tables are another program's")
    return None


def require_head(connection: Connection) -> None:
    """Refuse a database that only a command upgrades, and that is not upgraded. Raises what ``revision_of`` does."""
    if revision_of(connection) != HEAD:
        raise DatabaseOutdated()


def recognized(revision: object) -> str:
    """What a database says of itself, if this version of the library can go on from there."""
    if not isinstance(revision, str) or not _REVISION.fullmatch(revision):
        raise DatabaseForeign("it does not say which version wrote it")
    if revision > HEAD:
        raise DatabaseNewer()
    return revision


def upgrade(connection: Connection, revision: str = HEAD) -> None:
    """Bring the database to that revision in the connection's transaction. Few openings need Alembic, imported here."""
    from alembic import command
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    with _one_at_a_time:
        command.upgrade(config, revision)
