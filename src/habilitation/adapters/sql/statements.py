"""Every statement of known shape, one for all engines, and sent as text with its parameters in order.

``FOR UPDATE`` is PostgreSQL's alone, where a row that was read may be another's the next moment: on SQLite whoever
writes has the whole file.
"""

from __future__ import annotations

from functools import cache
from itertools import chain
from typing import Any

from sqlalchemy import (
    Select,
    Table,
    bindparam,
    delete,
    exists,
    false,
    func,
    insert,
    literal_column,
    not_,
    or_,
    select,
    tuple_,
    union_all,
    update,
)
from sqlalchemy.sql.elements import BindParameter, ColumnElement

from habilitation.adapters.sql.schema import (
    agreement_groups,
    agreements,
    attempts,
    catalog_entries,
    credentials,
    done_acts,
    dropped_journals,
    entries,
    links,
    logins,
    memberships,
    messages,
    metadata,
    organizations,
    papers,
    particulars,
    past_accounts,
    residues,
    security_people,
    sessions,
    sirets,
    users,
)
from habilitation.adapters.sql.schema import (
    security_lines as log_lines,
)
from habilitation.adapters.sql.statement import (
    Insert,
    Statement,
    json_item,
    json_items,
    next_place,
    number,
    statement,
    unindexed,
)
from habilitation.domain.link import LASTING

ORGANIZATION: BindParameter[str] = bindparam("of_organization")
USER: BindParameter[str] = bindparam("of_user")


def first(found: Select[Any]) -> Select[Any]:
    """The first ``most`` rows. SQLAlchemy writes an offset for SQLite in any case: a literal one needs no parameter."""
    return found.limit(number("most")).offset(literal_column("0"))


def names(table: Table) -> list[str]:
    """Its columns, in order."""
    return [column.name for column in table.columns]


def _inserting(table: Table) -> Statement:
    return statement(insert(table), *names(table))


def _putting(table: Table) -> Statement:
    """Insert a row, or write over the one that has its key."""

    def put(insert: Insert) -> Any:
        row = insert(table)
        others = {column.name: row.excluded[column.name] for column in table.columns if not column.primary_key}
        return row.on_conflict_do_update(index_elements=table.primary_key, set_=others)

    return statement(put, *names(table))


def _keeping(table: Table) -> Statement:
    """Insert a row, or leave the one that has its key."""
    return statement(
        lambda insert: insert(table).on_conflict_do_nothing(index_elements=table.primary_key), *names(table)
    )


def _updating(table: Table, columns: list[str], *where: ColumnElement[bool], known: tuple[str, ...]) -> Statement:
    return statement(update(table).where(*where), *columns, *known, setting=columns)


def _pruning(table: Table, *which: ColumnElement[bool]) -> Statement:
    """Take away a few of those that were over by then, the longest over first; the indexes hold the same ones."""
    key = _of(table, "organization_id", "digest")
    over = _free(select(*key).where(table.c.expires < number("kept_since"), *which).order_by(table.c.expires))
    return statement(delete(table).where(tuple_(*key).in_(over)), "kept_since", "most")


def _free(found: Select[Any]) -> Select[Any]:
    """The first ``most`` rows that nobody else is at, and none that anybody would have to be waited for."""
    return first(found).with_for_update(skip_locked=True)


def _of(table: Table, *columns: str) -> list[Any]:
    return [table.columns[name] for name in columns]


def _here(table: Table) -> ColumnElement[bool]:
    condition: ColumnElement[bool] = table.c.organization_id == ORGANIZATION
    return condition


def _by(index: str, found: Select[Any]) -> Select[Any]:
    """Found by that index: SQLite takes an organization's journal for a few lines, and would read it all."""
    return found.with_hint(entries, f"INDEXED BY {index}", "sqlite")


_TERM = ("starts", "ends", "opens", "closes")
_HEAD = ("head_sequence", "head_hash", "head_at")
_STANDING = ("state", "since", "control", "seat_state", "seat_holder", "claimant", "claim_expires")
_ACCOUNT = (*_TERM, "scope", "scope_starts", "scope_ends", "scope_opens", "scope_closes")
_STANDS = ("agreement_id", "mobile", "removed", "erased", "suspended", "interruptions")
_STATE = (*_STANDS, "account", *_ACCOUNT, "email_change", "address")
_OTHER_EMAILS = ("wanted", "wanted_normal", "former", "former_normal")
_PERSON = ("last_name", "first_name", "email", "email_normal", "phone", *_OTHER_EMAILS)
_KEYS = ("last_key", "first_key", "email_key")

# An organization

HEAD = statement(select(*_of(organizations, *_HEAD)).where(_here(organizations)), "of_organization")
TAKE = statement(select(*_of(organizations, *_HEAD)).where(_here(organizations)).with_for_update(), "of_organization")
"""The head, of which its reader is from then on the one writer."""
STANDING = statement(select(*_of(organizations, *_STANDING)).where(_here(organizations)), "of_organization")
AGREEMENTS = statement(
    select(*_of(agreements, "agreement_id", "reference", "name_seal", "state", "since", *_TERM, "services"))
    .where(_here(agreements))
    .order_by(agreements.c.agreement_id),
    "of_organization",
)
AGREEMENT_GROUPS = statement(
    select(*_of(agreement_groups, "agreement_id", "group_code", "state", "since")).where(_here(agreement_groups)),
    "of_organization",
)
PARTICULARS = statement(
    select(*_of(particulars, "siret", "name", "contact", "contact_normal", "postal")).where(_here(particulars)),
    "of_organization",
)
_PLACE = (organizations.c.position, organizations.c.organization_id)
POSITION = statement(select(*_PLACE).where(_here(organizations)), "of_organization")
_IN_ORDER = (
    select(organizations.c.organization_id)
    .where(tuple_(*_PLACE) > tuple_(number("after"), bindparam("after_organization")))
    .order_by(*_PLACE)
)
_CALLED = particulars.c.name_key
ORGANIZATIONS = statement(first(_IN_ORDER), "after", "after_organization", "most")
ORGANIZATIONS_CALLED = statement(
    first(
        _IN_ORDER.join(particulars, particulars.c.organization_id == organizations.c.organization_id).where(
            # no character of it is a wildcard
            func.replace(_CALLED, bindparam("called"), literal_column("''")) != _CALLED
        )
    ),
    "after", "after_organization", "called", "most",
)  # fmt: skip

OPEN_ORGANIZATION = statement(
    insert(organizations).values(position=next_place(organizations.c.position)),
    "organization_id", *_HEAD, *_STANDING,
    setting=["organization_id", *_HEAD, *_STANDING],
)  # fmt: skip
MOVE_ORGANIZATION = _updating(
    organizations,
    [*_HEAD, *_STANDING],
    _here(organizations),
    organizations.c.head_hash == bindparam("expected"),
    known=("of_organization", "expected"),
)
PUT_AGREEMENT = _putting(agreements)
PUT_AGREEMENT_GROUP = _putting(agreement_groups)
PUT_PARTICULARS = _putting(particulars)

SIRET_HOLDER = statement(select(sirets.c.organization_id).where(sirets.c.siret == bindparam("sought")), "sought")
FREE_SIRETS = statement(delete(sirets).where(_here(sirets)), "of_organization")
TAKE_SIRET = _inserting(sirets)

# Users

USER_COLUMNS = [users.c.user_id, *_of(users, *_STATE)]
_ABOUT_USER = (entries.c.organization_id == users.c.organization_id) & (entries.c.user_id == users.c.user_id)
LAST_EVENT = _by("entries_by_user", select(func.max(entries.c.sequence)).where(_ABOUT_USER)).scalar_subquery()
PERSON_COLUMNS = [*_of(users, *_PERSON), credentials.c.login, LAST_EVENT.label("version")]
WITH_LOGIN = users.outerjoin(
    credentials, (credentials.c.organization_id == users.c.organization_id) & (credentials.c.user_id == users.c.user_id)
)

FIND_USER = statement(select(*USER_COLUMNS).where(_here(users), users.c.user_id == USER), "of_organization", "of_user")
FIND_ROW = statement(
    select(*USER_COLUMNS, *PERSON_COLUMNS).select_from(WITH_LOGIN).where(_here(users), users.c.user_id == USER),
    "of_organization", "of_user",
)  # fmt: skip
KEYS = statement(
    select(*_of(users, "last_key", "first_key")).where(_here(users), users.c.user_id == USER),
    "of_organization", "of_user",
)  # fmt: skip
USER_IDS = statement(select(users.c.user_id).where(_here(users)), "of_organization")
WITH_EMAIL = statement(
    select(*USER_COLUMNS).where(_here(users), users.c.email_normal == bindparam("normal")), "of_organization", "normal"
)
MANAGERS = statement(select(*USER_COLUMNS).where(_here(users), users.c.scope.is_not(None)), "of_organization")

ADD_USER = _inserting(users)
CHANGE_USER = _updating(
    users, list(_STATE), _here(users), users.c.user_id == USER, known=("of_organization", "of_user")
)
CHANGE_PERSON = _updating(
    users, [*_PERSON, *_KEYS], _here(users), users.c.user_id == USER, known=("of_organization", "of_user")
)
ADD_MEMBERSHIP = _inserting(memberships)
PUT_MEMBERSHIP = _putting(memberships)
PUT_PAST_ACCOUNT = _putting(past_accounts)


@cache
def memberships_of(most: int) -> Statement:
    """The memberships of that many users, in the order of their numbers."""
    place = ("number", "agreement_id", "group_code")
    columns = _of(memberships, "user_id", "account", *place, *_TERM, "waiting", "assigned")
    return _belonging(select(*columns).order_by(memberships.c.user_id, memberships.c.number), memberships, most)


@cache
def past_accounts_of(most: int) -> Statement:
    """The account periods before the latest, of that many users, in order."""
    columns = _of(past_accounts, "user_id", "account", *_ACCOUNT)
    return _belonging(select(*columns).order_by(past_accounts.c.user_id, past_accounts.c.account), past_accounts, most)


@cache
def ever_in(most: int) -> Statement:
    """Who was ever in one of that many groups, by id, after one."""
    parameters = [f"group_{place}" for place in range(most)]
    some = memberships.c.group_code.in_([bindparam(name) for name in parameters])
    after = memberships.c.user_id > bindparam("after")
    found = select(memberships.c.user_id).distinct().where(_here(memberships), some, after)
    ordered = first(found.order_by(memberships.c.user_id))
    return statement(ordered, "of_organization", *parameters, "after", "most")


def _belonging(found: Select[Any], table: Table, most: int) -> Statement:
    parameters = [f"user_{place}" for place in range(most)]
    some = table.c.user_id.in_([bindparam(name) for name in parameters])
    return statement(found.where(_here(table), some), "of_organization", *parameters)


# Journals and papers

_ENTRY = ("sequence", "at", "body", "hash")
ENTRIES = statement(
    select(*_of(entries, *_ENTRY)).where(_here(entries)).order_by(entries.c.sequence), "of_organization"
)


_BODIES = select(entries.c.body).order_by(entries.c.sequence)
_AFTER = entries.c.sequence > number("after")
RECORDS = statement(first(_BODIES.where(_here(entries), _AFTER)), "of_organization", "after", "most")
RECORDS_ABOUT = statement(
    first(_by("entries_by_user", _BODIES.where(_here(entries), entries.c.user_id == USER, _AFTER))),
    "of_organization", "of_user", "after", "most",
)  # fmt: skip
RECORDS_OF_ORGANIZATION = statement(
    _by("entries_of_organization", _BODIES.where(_here(entries), entries.c.of_organization)), "of_organization"
)
_LAST_ENTRY = select(func.max(entries.c.sequence)).where(_here(entries))
USER_VERSION = statement(
    _by("entries_by_user", _LAST_ENTRY.where(entries.c.user_id == USER)), "of_organization", "of_user"
)
AGREEMENT_VERSION = statement(
    _by("entries_by_agreement", _LAST_ENTRY.where(entries.c.agreement_id == bindparam("sought"))),
    "of_organization", "sought",
)  # fmt: skip
ORGANIZATION_VERSION = statement(
    _by("entries_of_organization", _LAST_ENTRY.where(entries.c.of_organization)), "of_organization"
)
ADD_ENTRY = _inserting(entries)

PAPER = statement(
    select(papers.c.text).where(_here(papers), papers.c.seal == bindparam("sought")), "of_organization", "sought"
)
KEEP_PAPER = _keeping(papers)

CATALOG_HEAD = statement(
    first(select(*_of(catalog_entries, "sequence", "hash", "at")).order_by(catalog_entries.c.sequence.desc())), "most"
)
CATALOG_ENTRIES = statement(select(*_of(catalog_entries, *_ENTRY)).order_by(catalog_entries.c.sequence))
ADD_CATALOG_ENTRY = _inserting(catalog_entries)

# What was done under keys

FIND_DONE = statement(
    select(done_acts).where(
        _here(done_acts), done_acts.c.digest == bindparam("sought"), done_acts.c.at > number("since")
    ),
    "of_organization", "sought", "since",
)  # fmt: skip
KEEP_DONE = _inserting(done_acts)
FORGET_DONE = statement(
    delete(done_acts).where(
        _here(done_acts), done_acts.c.digest == bindparam("sought"), done_acts.c.at <= number("since")
    ),
    "of_organization", "sought", "since",
)  # fmt: skip
_OLD_DONE = (
    select(done_acts.c.organization_id, done_acts.c.digest)
    .where(done_acts.c.at <= number("since"))
    .order_by(done_acts.c.at)
)
PRUNE_DONE = statement(
    delete(done_acts).where(tuple_(done_acts.c.organization_id, done_acts.c.digest).in_(_free(_OLD_DONE))),
    "since", "most",
)  # fmt: skip

# Credentials, sessions and links

LOGIN_OWNER = statement(
    select(*_of(logins, "organization_id", "user_id")).where(logins.c.digest == bindparam("sought")), "sought"
)
KEEP_LOGIN = _keeping(logins)
ADD_LOGIN = _inserting(logins)
_OWNED = (credentials.c.organization_id == logins.c.organization_id) & (credentials.c.user_id == logins.c.user_id)
BY_LOGIN = statement(
    select(credentials).select_from(logins.join(credentials, _OWNED)).where(logins.c.digest == bindparam("sought")),
    "sought",
)
FIND_CREDENTIAL = statement(
    select(credentials).where(_here(credentials), credentials.c.user_id == USER), "of_organization", "of_user"
)
_BOUND = select(credentials).where(credentials.c.identity == bindparam("sought"))
BY_IDENTITY = statement(_BOUND.order_by(credentials.c.organization_id), "sought")
BY_IDENTITY_HERE = statement(_BOUND.where(_here(credentials)), "sought", "of_organization")
ADD_CREDENTIAL = _inserting(credentials)
_CREDENTIAL = [name for name in names(credentials) if name not in ("organization_id", "user_id")]
CHANGE_CREDENTIAL = _updating(
    credentials,
    _CREDENTIAL,
    _here(credentials),
    credentials.c.user_id == USER,
    credentials.c.version == bindparam("expected"),
    known=("of_organization", "of_user", "expected"),
)
ADD_SESSION = _inserting(sessions)
FIND_SESSION = statement(select(sessions).where(sessions.c.digest == bindparam("sought")), "sought")
PRUNE_SESSIONS = _pruning(sessions)
END_SESSION = statement(delete(sessions).where(sessions.c.digest == bindparam("sought")), "sought")

ADD_LINK = _inserting(links)
LAST_LINK = statement(
    select(func.max(links.c.expires)).where(
        _here(links),
        links.c.user_id == USER,
        links.c.purpose == bindparam("purpose"),
        links.c.generation == number("generation"),
    ),
    "of_organization", "of_user", "purpose", "generation",
)  # fmt: skip
PRUNE_LINKS = _pruning(links, *(links.c.purpose != literal_column(f"'{purpose.value}'") for purpose in LASTING))
FIND_LINK = statement(select(links).where(links.c.digest == bindparam("sought")), "sought")

# The outbox

ADD_MESSAGE = _inserting(messages)


def _in_state(*states: str) -> ColumnElement[bool]:
    """The states are part of the text: each index holds the rows of some."""
    written: list[ColumnElement[str]] = [literal_column(f"'{state}'") for state in states]
    return messages.c.state.in_(written) if len(written) > 1 else messages.c.state == written[0]


def _waiting(*where: ColumnElement[bool]) -> Select[Any]:
    """Those that are due, oldest first, and nobody else's at this moment."""
    due = messages.c.due <= number("now")
    oldest = (messages.c.due, messages.c.message_id)
    return _free(select(messages).where(_in_state("waiting"), *where, due).order_by(*oldest))


def _dead(*where: ColumnElement[bool]) -> Select[Any]:
    later = messages.c.message_id > bindparam("after")
    return first(select(messages).where(_in_state("dead"), *where, later).order_by(messages.c.message_id))


_MESSAGE = messages.c.message_id == bindparam("sought")
_SETTLED = select(messages.c.organization_id, messages.c.message_id).where(
    _in_state("delivered", "dropped"), messages.c.due < number("before")
)
DUE = statement(_waiting(), "now", "most")
DUE_HERE = statement(_waiting(_here(messages)), "of_organization", "now", "most")
DEAD = statement(_dead(), "after", "most")
DEAD_HERE = statement(_dead(_here(messages)), "of_organization", "after", "most")
PRUNE_MESSAGES = statement(
    delete(messages).where(
        tuple_(messages.c.organization_id, messages.c.message_id).in_(first(_SETTLED.order_by(messages.c.due)))
    ),
    "before",
    "most",
)
FIND_MESSAGE = statement(select(messages).where(_MESSAGE), "sought")  # by hand, and rarely: no index is kept up for it
LEASE = _updating(messages, ["attempts", "due"], _here(messages), _MESSAGE, known=("of_organization", "sought"))
SETTLE = _updating(
    messages,
    ["state", "attempts", "due", "problem"],
    _here(messages),
    _MESSAGE,
    messages.c.state != literal_column("'dropped'"),
    known=("of_organization", "sought"),
)

# The security log

ADD_SECURITY_LINE = _inserting(log_lines)
_PEOPLE = json_items(bindparam("people")).table_valued("value")
_PERSON_NAMED = [json_item(_PEOPLE.c.value, place, is_flag=place == 2) for place in range(3)]
ADD_SECURITY_PEOPLE = statement(
    insert(security_people).from_select(
        ["line_id", "organization_id", "user_id", "acted"],
        select(bindparam("sought"), *_PERSON_NAMED).select_from(_PEOPLE),
    ),
    "sought", "people",
)  # fmt: skip
_LINE: BindParameter[str] = bindparam("sought")
SECURITY_SUBJECTS = statement(
    select(*_of(security_people, "organization_id", "user_id")).where(
        security_people.c.line_id == _LINE, security_people.c.acted == false()
    ),
    "sought",
)  # fmt: skip
OLD_SECURITY_LINES = statement(
    _free(
        select(*_of(log_lines, "organization_id", "line_id"))
        .where(log_lines.c.at < number("kept_since"))
        .order_by(log_lines.c.at, log_lines.c.line_id)
    ),
    "kept_since", "most",
)  # fmt: skip
DROP_SECURITY_LINE = statement(
    delete(log_lines).where(_here(log_lines), log_lines.c.line_id == _LINE), "of_organization", "sought"
)
DROP_SECURITY_PEOPLE = statement(delete(security_people).where(security_people.c.line_id == _LINE), "sought")

_NAMING = select(security_people.c.line_id).where(security_people.c.organization_id == log_lines.c.organization_id)
_IS_USER = security_people.c.user_id != literal_column("''")
_NAMED = select(security_people.c.user_id).where(security_people.c.line_id == log_lines.c.line_id, _IS_USER)
_ABOUT = select(security_people.c.line_id).where(
    _IS_USER,
    security_people.c.organization_id == bindparam("about_organization"),
    security_people.c.user_id == bindparam("about_user"),
    security_people.c.acted == false(),
)
_WANTED: dict[str, ColumnElement[bool]] = {
    "of_organization": _here(log_lines),
    "of_user": USER.in_(_NAMED),
    "of_subject": log_lines.c.line_id.in_(_ABOUT),
    "of_kind": log_lines.c.kind == bindparam("of_kind"),
    "before": log_lines.c.line_id < bindparam("before"),
}
_PARAMETERS = {"of_subject": ("about_organization", "about_user")}


@cache
def security_lines(*said: str) -> Statement:
    """The lines of which all that is said holds, newest first; the parameters in the order of what is said."""
    wanted = select(log_lines).where(*(_WANTED[name] for name in said)).order_by(log_lines.c.line_id.desc())
    parameters = (_PARAMETERS.get(name, (name,)) for name in said)
    return statement(first(wanted), *chain(*parameters), "most")


# Failed sign-ins

_KEYS_TRIED = [
    (attempts.c.login == bindparam(f"login_{n}")) & (attempts.c.source == bindparam(f"source_{n}")) for n in range(3)
]
TALLIES = statement(
    select(attempts).where(or_(*_KEYS_TRIED)).order_by(attempts.c.login, attempts.c.source).with_for_update(),
    *(f"{part}_{n}" for n in range(3) for part in ("login", "source")),
)
PUT_TALLY = _putting(attempts)
_OLD = _free(select(attempts.c.login, attempts.c.source).where(attempts.c.seen < number("before")))
PRUNE_TALLIES = statement(
    delete(attempts).where(tuple_(attempts.c.login, attempts.c.source).in_(_OLD)), "before", "most"
)
FORGIVE = statement(delete(attempts).where(attempts.c.login == bindparam("sought")), "sought")


# What is erased, and what is dropped

ERASE_PAPER = statement(
    delete(papers).where(_here(papers), papers.c.seal == bindparam("sought")), "of_organization", "sought"
)
ERASE_SESSIONS = statement(
    delete(sessions).where(_here(sessions), sessions.c.user_id == USER), "of_organization", "of_user"
)
ERASE_LINKS = statement(delete(links).where(_here(links), links.c.user_id == USER), "of_organization", "of_user")
ERASE_SOURCES = statement(
    update(log_lines)
    .where(_here(log_lines), log_lines.c.line_id.in_(_NAMING.where(security_people.c.user_id == USER)))
    .values(source=literal_column("''")),
    "of_organization", "of_user",
)  # fmt: skip
_CONCERNED = or_(messages.c.to_user == bindparam("reader"), messages.c.about == bindparam("subject"))
ERASE_PROBLEMS = statement(
    update(messages).where(_here(messages), _CONCERNED).values(problem=literal_column("''")),
    "of_organization", "reader", "subject",
)  # fmt: skip
DROP_MESSAGES = statement(
    update(messages)
    .where(_here(messages), _CONCERNED, messages.c.state != literal_column("'delivered'"))
    .values(state=literal_column("'dropped'")),
    "of_organization", "reader", "subject",
)  # fmt: skip


def _untying(*where: ColumnElement[bool]) -> Any:
    nobody: ColumnElement[str] = literal_column("''")
    return update(logins).where(*where).values(organization_id=nobody, user_id=nobody)


UNTIE_LOGIN = statement(_untying(logins.c.digest == bindparam("sought")), "sought")
UNTIE_LOGINS = statement(_untying(_here(logins)), "of_organization")  # rarely: no index is kept up for it

_ENDED = organizations.c.state == literal_column("'closed'")  # part of the text: an index holds this state alone
_AFTER_CLOSED = ("since", "after_organization", "after_user")


def _due(since: ColumnElement[int], *where: ColumnElement[bool]) -> Select[Any]:
    """Users who are not erased, closed since then and no later than asked, after the last one that was given."""
    found = (since, users.c.organization_id, users.c.user_id)
    after = tuple_(*found) > tuple_(*map(bindparam, _AFTER_CLOSED))
    return select(since.label("closed"), *found[1:]).where(
        since <= number("until"), users.c.erased == false(), after, *where
    )


def _all_due(*where: ColumnElement[bool]) -> Select[Any]:
    """By the end of their account, or by that of their organization where it came first."""
    of_organization = users.c.organization_id == organizations.c.organization_id
    ended_before = exists().where(of_organization, _ENDED, organizations.c.since < users.c.ends)
    by_account = _due(users.c.ends, not_(ended_before), *where)
    came_first = or_(users.c.ends.is_(None), organizations.c.since < users.c.ends)
    by_organization = _due(organizations.c.since, of_organization, _ENDED, came_first, *where)
    due = union_all(by_account, by_organization).subquery()
    return first(select(due).order_by(*due.c))


_HERE_AMONG_THEM = unindexed(users.c.organization_id) == ORGANIZATION
_ASKED = ("until", *_AFTER_CLOSED)
CLOSED = statement(_all_due(), *_ASKED, *_ASKED, "most")
CLOSED_HERE = statement(_all_due(_HERE_AMONG_THEM), *_ASKED, "of_organization", *_ASKED, "of_organization", "most")
CLOSED_ORGANIZATIONS = statement(
    first(
        select(organizations.c.organization_id)
        .where(_ENDED, organizations.c.since <= number("until"))
        .order_by(organizations.c.since, organizations.c.organization_id)
    ),
    "until", "most",
)  # fmt: skip

KEEP_HEAD = _inserting(dropped_journals)
DROPPED = statement(select(*_of(dropped_journals, *_HEAD)).where(_here(dropped_journals)), "of_organization")


def _come_to(table: Table, dropped: str) -> Select[Any]:
    far = select(table.c.organization_id, table.c.head_sequence, literal_column(dropped).label("dropped"))
    return far.where(table.c.organization_id > bindparam("after"))


_JOURNALS: Any = union_all(_come_to(organizations, "0"), _come_to(dropped_journals, "1"))
VERSIONS = statement(first(_JOURNALS.order_by(literal_column("organization_id"))), "after", "after", "most")
DROP = [
    statement(delete(table).where(_here(table)), "of_organization")
    for table in reversed(metadata.sorted_tables)
    if "organization_id" in table.columns and table not in (logins, dropped_journals, residues)
]
"""Whatever there is of an organization, what refers to something before what it refers to."""


def _marking(insert: Insert) -> Any:
    again = {"marks": residues.c.marks + literal_column("1")}
    return insert(residues).on_conflict_do_update(index_elements=residues.primary_key, set_=again)


MARK = statement(_marking, "organization_id", "marks")
MARKS = statement(select(residues).order_by(residues.c.organization_id))
IS_MARKED = statement(first(select(residues.c.organization_id)), "most")
UNMARK = statement(
    delete(residues).where(_here(residues), residues.c.marks == bindparam("seen")), "of_organization", "seen"
)
"""Unless something was erased there meanwhile."""
