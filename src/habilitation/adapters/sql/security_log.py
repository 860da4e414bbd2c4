"""The security log, in tables of its own: lines, and the users whom each names."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from itertools import chain

from attrs import frozen

from habilitation.adapters.sql import statements
from habilitation.adapters.sql.database import Database, Line, Work
from habilitation.adapters.sql.rows import Row, instant, micros
from habilitation.domain.actors import Asking, Author, Member, OperatorAgent
from habilitation.domain.security import LineKind, SecurityFact, SecurityLine, Shown
from habilitation.domain.values import OrganizationId, ServiceCode, UserId
from habilitation.ports.security_log import PRUNED_BY_EACH, LineFilter

NOWHERE = OrganizationId("")
"""In the place of the organization, where a line is of none: a key has no empty place."""


@frozen
class SqlSecurityLog:
    """Each call is a transaction by itself."""

    _database: Database

    def write(self, line: SecurityLine, kept_since: datetime) -> None:
        with Work(self._database, writes=True) as wire:
            wire.write(statements.ADD_SECURITY_LINE, *_row(line))
            wire.write(statements.ADD_SECURITY_PEOPLE, *_people(line))
            _prune(wire, kept_since, PRUNED_BY_EACH)

    def lines(self, wanted: LineFilter, before: str | None, most: int) -> Sequence[SecurityLine]:
        about = wanted.subject
        asked: dict[str, Row] = {
            "of_organization": (wanted.organization,),
            "of_user": (wanted.user,),
            "of_subject": (about.organization, about.user) if about else (None,),
            "of_kind": (wanted.kind and wanted.kind.value,),
            "before": (before,),
        }
        said = {name: values for name, values in asked.items() if None not in values}
        with Work(self._database, writes=False) as wire:
            rows = wire.fetched(statements.security_lines(*said), *chain(*said.values()), most)
            return [_line(wire, row) for row in rows]

    def prune(self, kept_since: datetime, most: int) -> int:
        with Work(self._database, writes=True) as wire:
            return _prune(wire, kept_since, most)


def _prune(wire: Line, kept_since: datetime, most: int) -> int:
    old = wire.fetched(statements.OLD_SECURITY_LINES, micros(kept_since), most)
    wire.write_each(statements.DROP_SECURITY_PEOPLE, [(id,) for _, id in old])
    wire.write_each(statements.DROP_SECURITY_LINE, old)
    return len(old)


def _row(line: SecurityLine) -> Row:
    fact = line.fact
    named = (fact.kind.value, *_actor(fact.actor), fact.act, fact.purpose, fact.refusal, fact.source)
    return (fact.organization or NOWHERE, line.id, micros(line.at), *named)


def _people(line: SecurityLine) -> Row:
    """However many they are, one statement writes them: a line about nobody costs what any other costs (R22)."""
    fact, where = line.fact, line.fact.organization or NOWHERE
    acted = [(where, fact.actor.user, True)] if isinstance(fact.actor, Member) else []
    about = {(where, user, False) for user in fact.subjects} | {(*_key(each), False) for each in fact.elsewhere}
    return (line.id, json.dumps([*acted, *sorted(about)]))


def _key(shown: Shown) -> tuple[OrganizationId, str]:
    """An organization stands in the place of a user of it by an empty text."""
    return (shown.organization, shown.user) if isinstance(shown, Member) else (shown, "")


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


def _line(wire: Line, row: Row) -> SecurityLine:
    where, id, at, kind, actor_kind, actor, act, purpose, refusal, source = row
    about = wire.fetched(statements.SECURITY_SUBJECTS, id)
    subjects = frozenset(UserId(user) for on, user in about if on == where)
    elsewhere = frozenset(_shown(on, user) for on, user in about if on != where)
    who = _named(OrganizationId(where), actor_kind, actor)
    codes = (act, purpose, refusal, source)
    return SecurityLine(id, instant(at), SecurityFact(LineKind(kind), where or None, who, subjects, *codes, elsewhere))


def _shown(organization: OrganizationId, user: UserId) -> Shown:
    return Member(organization, user) if user else organization


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
