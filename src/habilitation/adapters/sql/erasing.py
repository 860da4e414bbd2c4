"""What is erased or dropped, and how its traces leave the file (R18, R41).

``secure_delete`` zeroes what a statement deletes, but not the copies that SQLite left behind when it once moved a row
to another page. So whatever erases marks the file, until it was written anew and its log cut off.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from habilitation.adapters.sql import rows, statements
from habilitation.adapters.sql.credentials import credential_of
from habilitation.adapters.sql.database import Line
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
    line.mark()


def drop(line: Line, organization: OrganizationId, head: Head) -> None:
    """All that is kept of an organization, but for its journal's head."""
    assert head.at is not None, "only what was opened is dropped"
    for statement in statements.DROP:
        line.write(statement, organization)
    line.write(statements.UNTIE_LOGINS, organization)
    line.write(statements.KEEP_HEAD, organization, head.sequence, head.hash, micros(head.at))
    line.mark()


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
