"""What is erased or dropped; and that its traces may still be in the files, until these are rid of them (R18, R41)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from habilitation.adapters.sql import rows, statements
from habilitation.adapters.sql.credentials import credential_of
from habilitation.adapters.sql.database import Database, Line, Work
from habilitation.adapters.sql.rows import instant, micros
from habilitation.domain.journal import Head
from habilitation.domain.values import OrganizationId, UserId
from habilitation.ports.store import Closed, Erased

PAUSE = 0.01


def erase(line: Line, organization: OrganizationId, erased: Erased) -> None:
    """All but the user's id, the credential apart, which is written as the act leaves it."""
    user = erased.user
    credential = credential_of(line, organization, user)
    if credential and credential.login:
        for statement in (statements.UNTIE_LOGIN, statements.FORGIVE):
            line.write(statement, credential.login.digest)
    line.write(statements.CHANGE_PERSON, *rows.NOBODY, organization, user)
    for statement in (statements.ERASE_SESSIONS, statements.ERASE_LINKS, statements.ERASE_SOURCES):
        line.write(statement, organization, user)
    line.write_each(statements.ERASE_PAPER, [(organization, seal) for seal in erased.papers])
    line.write(statements.DROP_MESSAGES, organization, user, user)
    line.write(statements.ERASE_PROBLEMS, organization, user, user)
    line.write(statements.MARK, organization, 1)


def drop(line: Line, organization: OrganizationId, head: Head) -> None:
    """All that is kept of an organization, but for its journal's head."""
    assert head.at is not None, "only what was opened is dropped"
    for statement in statements.DROP:
        line.write(statement, organization)
    line.write(statements.UNTIE_LOGINS, organization)
    line.write(statements.KEEP_HEAD, organization, head.sequence, head.hash, micros(head.at))
    line.write(statements.MARK, organization, 1)


def dropped(line: Line, organization: OrganizationId) -> Head | None:
    """The head of a journal that was dropped."""
    row = line.found(statements.DROPPED, organization)
    return None if row is None else Head(row[0], row[1], instant(row[2]))


def closed(
    line: Line, until: datetime, most: int, organization: OrganizationId | None, after: Closed | None
) -> Sequence[Closed]:
    """Who was closed by then, the longest first, found by an index of its own."""
    last = (micros(after.since), after.organization, after.user) if after else (0, "", "")
    due = (micros(until), *last)
    if organization is None:
        kept = line.fetched(statements.CLOSED, *due, *due, most)
    else:
        kept = line.fetched(statements.CLOSED_HERE, *due, organization, *due, organization, most)
    return [Closed(instant(since), OrganizationId(on), UserId(user)) for since, on, user in kept]


def closed_organizations(line: Line, until: datetime, most: int) -> Sequence[OrganizationId]:
    """Those that were closed by then, the longest ago first."""
    return [OrganizationId(id) for (id,) in line.fetched(statements.CLOSED_ORGANIZATIONS, micros(until), most)]


# What was erased may still be in the database's files


def residue(line: Line) -> bool:
    """Whether something was erased since they were last rid of what was."""
    return line.found(statements.IS_MARKED, 1) is not None


def wipe(database: Database) -> None:
    """Rid them of it, and take away the marks that were there before."""
    with Work(database, writes=False) as line:
        marks = line.fetched(statements.MARKS)
    database.wipe()
    with Work(database, writes=True) as line:
        line.write_each(statements.UNMARK, marks)
