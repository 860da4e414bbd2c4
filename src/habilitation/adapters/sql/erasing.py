"""What is erased or dropped, and how its traces leave the file (R18, R41).

``secure_delete`` zeroes what a statement deletes, but not the copies that SQLite left behind when it once moved a row
to another page. So whatever erases marks the file, until it was written anew and its log cut off.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Sequence
from datetime import datetime

from habilitation.adapters.sql import rows, statements
from habilitation.adapters.sql.credentials import credential_of
from habilitation.adapters.sql.database import Database, Line, fetched, found
from habilitation.adapters.sql.rows import instant, micros
from habilitation.domain.journal import Head
from habilitation.domain.refusals import DatabaseLocked
from habilitation.domain.values import OrganizationId, UserId
from habilitation.ports.store import Closed, Erased

PAUSE = 0.01


def erase(cursor: sqlite3.Cursor, organization: OrganizationId, erased: Erased) -> None:
    """All but the user's id, the credential apart, which is written as the act leaves it."""
    user = erased.user
    credential = credential_of(cursor, organization, user)
    if credential and credential.login:
        for statement in (statements.UNTIE_LOGIN, statements.FORGIVE):
            cursor.execute(statement, (credential.login.digest,))
    cursor.execute(statements.CHANGE_PERSON, (*rows.NOBODY, organization, user))
    for statement in (statements.ERASE_SESSIONS, statements.ERASE_LINKS, statements.ERASE_SOURCES):
        cursor.execute(statement, (organization, user))
    cursor.executemany(statements.ERASE_PAPER, [(organization, seal) for seal in erased.papers])
    cursor.execute(statements.DROP_MESSAGES, (organization, user, user))
    cursor.execute(statements.ERASE_PROBLEMS, (organization, user, user))
    _mark(cursor)


def drop(cursor: sqlite3.Cursor, organization: OrganizationId, head: Head) -> None:
    """All that is kept of an organization, but for its journal's head."""
    assert head.at is not None, "only what was opened is dropped"
    for statement in statements.DROP:
        cursor.execute(statement, (organization,))
    cursor.execute(statements.UNTIE_LOGINS, (organization,))
    cursor.execute(statements.KEEP_HEAD, (organization, head.sequence, head.hash, micros(head.at)))
    _mark(cursor)


def dropped(cursor: sqlite3.Cursor, organization: OrganizationId) -> Head | None:
    """The head of a journal that was dropped."""
    row = found(cursor, statements.DROPPED, organization)
    return None if row is None else Head(row[0], row[1], instant(row[2]))


def closed(
    cursor: sqlite3.Cursor, until: datetime, most: int, organization: OrganizationId | None, after: Closed | None
) -> Sequence[Closed]:
    """Who was closed by then, the longest first, found by an index of its own."""
    last = (micros(after.since), after.organization, after.user) if after else (0, "", "")
    due = (micros(until), *last)
    if organization is None:
        kept = fetched(cursor, statements.CLOSED, *due, *due, most)
    else:
        kept = fetched(cursor, statements.CLOSED_HERE, *due, organization, *due, organization, most)
    return [Closed(instant(since), OrganizationId(on), UserId(user)) for since, on, user in kept]


def closed_organizations(cursor: sqlite3.Cursor, until: datetime, most: int) -> Sequence[OrganizationId]:
    """Those that were closed by then, the longest ago first."""
    return [OrganizationId(id) for (id,) in fetched(cursor, statements.CLOSED_ORGANIZATIONS, micros(until), most)]


# The file: its header has a number that is the library's own to use, and is part of a transaction


def residue(cursor: sqlite3.Cursor) -> bool:
    """Whether something was erased since the file was last written anew."""
    return _marks(cursor) != 0


def _marks(cursor: sqlite3.Cursor) -> int:
    [(marks,)] = cursor.execute("PRAGMA user_version").fetchall()
    return int(marks)


def _mark(cursor: sqlite3.Cursor) -> None:
    cursor.execute(f"PRAGMA user_version = {_marks(cursor) + 1}")


def wipe(database: Database) -> None:
    """Write the file anew and cut off its log, while this process writes nothing else."""
    database.gate.enter(database.busy_timeout)
    try:
        with database.lent() as line:
            marks = _marks(line.cursor)
            line.cursor.execute("VACUUM")
            _cut_log(line, database.busy_timeout)
            _unmark(line.cursor, marks)
    finally:
        database.gate.leave()
    database.forget_pages()


def _cut_log(line: Line, timeout: float) -> None:
    """Wait for those who still read from the log; SQLite itself waits only for some of them."""
    deadline = time.monotonic() + timeout
    while True:
        [(busy, _, _)] = line.cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        if not busy:
            return
        if time.monotonic() > deadline:
            raise DatabaseLocked()
        time.sleep(PAUSE)


def _unmark(cursor: sqlite3.Cursor, marks: int) -> None:
    """Unless another process has erased something meanwhile."""
    cursor.execute("BEGIN IMMEDIATE")
    if _marks(cursor) == marks:
        cursor.execute("PRAGMA user_version = 0")
    cursor.execute("COMMIT")
