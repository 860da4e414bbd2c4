"""A page of an organization's users: one statement per shape of the question, compiled once."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from attrs import frozen
from sqlalchemy import Integer, and_, bindparam, exists, false, func, literal_column, not_, or_, select, tuple_
from sqlalchemy.sql.elements import BindParameter, ColumnElement

from habilitation.adapters.sql import statements
from habilitation.adapters.sql.rows import Row, micros
from habilitation.adapters.sql.schema import credentials, memberships, users
from habilitation.adapters.sql.statement import Statement, as_written, number
from habilitation.domain.user import Status
from habilitation.domain.values import OrganizationId, UserId
from habilitation.ports.queries import UserFilter

AFTER = ("after_last", "after_first", "after_user")
Keys = tuple[str, str, UserId]
AT: BindParameter[int] = number("at")


@frozen
class Shape:
    """All of a question but its values."""

    after: bool
    status: Status | None
    text: bool
    agreements: int | None
    always: int
    waiting: bool


def page(organization: OrganizationId, wanted: UserFilter, after: Keys | None, most: int) -> tuple[Statement, Row]:
    """The statement that selects the page, and its parameters."""
    of_any = wanted.agreements
    always = wanted.always if of_any is not None else frozenset()
    shape = Shape(
        after is not None,
        wanted.status,
        bool(wanted.text),
        None if of_any is None else len(of_any),
        len(always),
        wanted.waiting,
    )
    values: dict[str, Any] = {"of_organization": organization, "at": micros(wanted.at), "most": most}
    values |= {"text": wanted.text, "length": len(wanted.text)}
    values |= zip(AFTER, after or (), strict=False)
    values |= {f"agreement_{place}": agreement for place, agreement in enumerate(of_any or ())}
    values |= {f"always_{place}": user for place, user in enumerate(always)}
    asked = _statement(shape)
    return asked, tuple(values[name] for name in asked.parameters)


@lru_cache(maxsize=256)
def _statement(shape: Shape) -> Statement:
    in_order = (users.c.last_key, users.c.first_key, users.c.user_id)
    found = (
        select(*statements.USER_COLUMNS, *statements.PERSON_COLUMNS)
        .select_from(statements.WITH_LOGIN)
        .where(users.c.organization_id == statements.ORGANIZATION, users.c.removed == false(), *_conditions(shape))
        .order_by(*in_order)
    )
    if shape.after:
        found = found.where(tuple_(*in_order) > tuple_(*map(bindparam, AFTER)))
    return as_written(statements.first(found))


def _conditions(shape: Shape) -> list[ColumnElement[bool]]:
    conditions = []
    if shape.status:
        conditions.append(_STATUS[shape.status])
    if shape.text:
        conditions.append(or_(*map(_begins, _SEARCHED)))
    if shape.agreements is not None:
        conditions.append(_of_any(shape.agreements, shape.always))
    if shape.waiting:
        conditions += [users.c.user_id.in_(_WAITING), _has_live(memberships.c.waiting)]
    return conditions


def _begins(column: ColumnElement[str]) -> ColumnElement[bool]:
    """Compared letter by letter: no character of the text is a wildcard."""
    return func.substr(column, literal_column("1"), bindparam("length", type_=Integer())) == bindparam("text")


_WAITING = select(memberships.c.user_id).where(
    memberships.c.organization_id == statements.ORGANIZATION, memberships.c.waiting
)
"""Few among many: found by an index of their own before anything is looked at closely."""
_SEARCHED = (users.c.last_key, users.c.first_key, users.c.email_key, func.lower(credentials.c.login))


def _ahead(end: ColumnElement[int], *instants: ColumnElement[int]) -> ColumnElement[bool]:
    """Whether a period that ends then, if ever, is neither empty nor over: its end comes after all the instants."""
    return or_(end.is_(None), and_(*(end > instant for instant in instants)))


_ACCOUNT_AHEAD = _ahead(users.c.ends, AT, users.c.starts)
_SUSPENDED = users.c.suspended != literal_column("''")
_STATUS = {
    Status.CLOSED: not_(_ACCOUNT_AHEAD),
    Status.SUSPENDED: and_(_ACCOUNT_AHEAD, _SUSPENDED),
    Status.OPEN: and_(_ACCOUNT_AHEAD, not_(_SUSPENDED), users.c.starts <= AT),
    Status.PENDING: and_(_ACCOUNT_AHEAD, not_(_SUSPENDED), users.c.starts > AT),
}


def _has_live(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether the latest account period has a live membership of that kind: see ``Account.live``."""
    starts = (AT, users.c.starts, memberships.c.starts)
    return exists(
        select(literal_column("1")).where(
            memberships.c.organization_id == users.c.organization_id,
            memberships.c.user_id == users.c.user_id,
            memberships.c.account == users.c.account,
            condition,
            _ahead(users.c.ends, *starts),
            _ahead(memberships.c.ends, *starts),
        )
    )


def _of_any(agreements: int, always: int) -> ColumnElement[bool]:
    """Created under one of them, a live member in one of them, or one of those who are listed always (R10)."""
    created = _among(users.c.agreement_id, "agreement", agreements)
    member = _has_live(_among(memberships.c.agreement_id, "agreement", agreements))
    return or_(created, member, _among(users.c.user_id, "always", always))


def _among(column: ColumnElement[str], name: str, many: int) -> ColumnElement[bool]:
    return column.in_([bindparam(f"{name}_{place}") for place in range(many)]) if many else false()
