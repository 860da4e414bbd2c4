"""The security log, in tables of its own: lines, and the users whom each names."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from datetime import datetime

from attrs import frozen

from habilitation.adapters.sql import statements
from habilitation.adapters.sql.database import Database, Work, fetched
from habilitation.adapters.sql.rows import Row, instant, micros
from habilitation.domain.actors import Asking, Author, Member, OperatorAgent
from habilitation.domain.security import LineKind, SecurityFact, SecurityLine
from habilitation.domain.values import OrganizationId, ServiceCode, UserId
from habilitation.ports.security_log import PRUNED_BY_EACH, LineFilter

NOWHERE = OrganizationId("")
"""In the place of the organization, where a line is of none: a key has no empty place."""


@frozen
class SqlSecurityLog:
    """Each call is a transaction by itself."""

    _database: Database

    def write(self, line: SecurityLine, kept_since: datetime) -> None:
        with Work(self._database, writes=True) as cursor:
            cursor.execute(statements.ADD_SECURITY_LINE, _row(line))
            cursor.execute(statements.ADD_SECURITY_PEOPLE, _people(line))
            _prune(cursor, kept_since, PRUNED_BY_EACH)

    def lines(self, wanted: LineFilter, before: str | None, most: int) -> Sequence[SecurityLine]:
        asked = {
            "of_organization": wanted.organization,
            "of_user": wanted.user,
            "of_subject": wanted.subject,
            "of_kind": wanted.kind and wanted.kind.value,
            "before": before,
        }
        said = {name: value for name, value in asked.items() if value is not None}
        with Work(self._database, writes=False) as cursor:
            rows = fetched(cursor, statements.security_lines(*said), *said.values(), most)
            return [_line(cursor, row) for row in rows]

    def prune(self, kept_since: datetime, most: int) -> int:
        with Work(self._database, writes=True) as cursor:
            return _prune(cursor, kept_since, most)


def _prune(cursor: sqlite3.Cursor, kept_since: datetime, most: int) -> int:
    old = fetched(cursor, statements.OLD_SECURITY_LINES, micros(kept_since), most)
    cursor.executemany(statements.DROP_SECURITY_PEOPLE, old)
    cursor.executemany(statements.DROP_SECURITY_LINE, old)
    return len(old)


def _row(line: SecurityLine) -> Row:
    fact = line.fact
    named = (fact.kind.value, *_actor(fact.actor), fact.act, fact.purpose, fact.refusal, fact.source)
    return (fact.organization or NOWHERE, line.id, micros(line.at), *named)


def _people(line: SecurityLine) -> Row:
    """However many they are, one statement writes them: a line about nobody costs what any other costs (R22)."""
    actor = line.fact.actor
    acted = [[actor.user, True]] if isinstance(actor, Member) else []
    people = [*acted, *([user, False] for user in sorted(line.fact.subjects))]
    return (line.fact.organization or NOWHERE, line.id, json.dumps(people))


def _actor(actor: Author | Asking | None) -> tuple[str | None, str | None]:
    match actor:
        case OperatorAgent(agent):
            return "operator", agent
        case Member(_, user):
            return "user", user
        case Asking(service):
            return "service", service
        case _:
            return None, None


def _line(cursor: sqlite3.Cursor, row: Row) -> SecurityLine:
    where, id, at, kind, actor_kind, actor, *codes = row
    subjects = frozenset(UserId(user) for (user,) in fetched(cursor, statements.SECURITY_SUBJECTS, where, id))
    who = _named(OrganizationId(where), actor_kind, actor)
    return SecurityLine(id, instant(at), SecurityFact(LineKind(kind), where or None, who, subjects, *codes))


def _named(organization: OrganizationId, kind: str | None, name: str) -> Author | Asking | None:
    match kind:
        case "operator":
            return OperatorAgent(name)
        case "user":
            return Member(organization, UserId(name))
        case "service":
            return Asking(ServiceCode(name))
        case _:
            return None
