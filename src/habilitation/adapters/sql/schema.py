"""Every table. Each is keyed by ``(organization_id, …)``, which every unique constraint contains too.

That makes the schema ready to be distributed by organization. The exceptions are the registries, of logins, of SIRETs
and of failed sign-ins, and the catalog's journal. Instants are whole microseconds since 1970 in UTC, civil days ISO
texts; small collections that no statement looks into are JSON. A change here needs a migration: a test compares both.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    UniqueConstraint,
    column,
    false,
)

from habilitation.adapters.sql.portable import PLACE, TEXT, is_set, is_unset, only

metadata = MetaData()


def _text(name: str) -> Column[str]:
    return Column(name, TEXT, nullable=False)


def _text_since_then(name: str, before: str) -> Column[str]:
    """A column that a migration added, and what it says of the rows that were there before."""
    return Column(name, TEXT, nullable=False, server_default=before)


def _text_or_none(name: str) -> Column[str]:
    return Column(name, TEXT)


def _number(name: str) -> Column[int]:
    return Column(name, Integer, nullable=False)


def _flag(name: str) -> Column[bool]:
    return Column(name, Boolean, nullable=False)


def _bytes(name: str) -> Column[bytes]:
    return Column(name, LargeBinary, nullable=False)


def _instant(name: str) -> Column[int]:
    return Column(name, BigInteger, nullable=False)


def _instant_or_none(name: str) -> Column[int]:
    return Column(name, BigInteger)


def _term() -> list[Column[Any]]:
    """A civil term: the instants from which and until which, and the days that they were given as."""
    return [_instant("starts"), _instant_or_none("ends"), _text("opens"), _text_or_none("closes")]


def _delegation() -> list[Column[Any]]:
    """What a manager manages in an account period: ``scope`` is NULL for who is none, JSON null for all groups."""
    return [
        _text_or_none("scope"),
        _instant_or_none("scope_starts"),
        _instant_or_none("scope_ends"),
        _text_or_none("scope_opens"),
        _text_or_none("scope_closes"),
    ]


def _table(name: str, key: list[Column[Any]], *others: Any, rowid: bool = False) -> Table:
    """On SQLite a table is its primary key's own tree, unless it is wide and has other indexes to be found by."""
    for part in key:
        part.primary_key, part.nullable = True, False
    return Table(name, metadata, *key, *others, sqlite_with_rowid=rowid)


organizations = _table(
    "organizations",
    [_text("organization_id")],
    Column("position", PLACE, nullable=False),  # the order of their opening
    _number("head_sequence"),
    _text("head_hash"),
    _instant("head_at"),
    _text_since_then("state", "open"),
    _instant_or_none("since"),
    _text_since_then("control", "own"),
    _text("seat_state"),
    _text_or_none("seat_holder"),
    _text_or_none("claimant"),
    _instant_or_none("claim_expires"),
    Index("organizations_in_order", "position"),
    Index("organizations_closed", "since", "organization_id", **only("state = 'closed'")),
)

particulars = _table(
    "particulars",
    [_text("organization_id")],
    _text("siret"),
    _text("name"),
    _text("contact"),  # empty where there is none
    _text("contact_normal"),
    _text_since_then("postal", ""),  # a line each
    _text_since_then("name_key", ""),  # folded, as it is searched
)

agreements = _table(
    "agreements",
    [_text("organization_id"), _text("agreement_id")],
    _text("reference"),
    _text("name_seal"),
    _text("state"),
    Column("since", BigInteger, nullable=False, server_default="0"),
    *_term(),
    _text("services"),
    UniqueConstraint("organization_id", "reference", name="agreements_by_reference"),
)

agreement_groups = _table(
    "agreement_groups",
    [_text("organization_id"), _text("agreement_id"), _text("group_code")],
    _text_since_then("state", "open"),
    _instant("since"),
    ForeignKeyConstraint(
        ["organization_id", "agreement_id"], ["agreements.organization_id", "agreements.agreement_id"]
    ),
)

users = _table(
    "users",
    [_text("organization_id"), _text("user_id")],
    _text_or_none("agreement_id"),
    _flag("mobile"),
    _flag("removed"),
    Column("erased", Boolean, nullable=False, server_default=false()),
    _text_since_then("suspended", ""),  # whose suspensions stand, one word each
    _text_since_then("interruptions", "[]"),
    _number("account"),  # how many account periods; the latest stands in this row
    *_term(),
    *_delegation(),
    _text_or_none("email_change"),  # the latest one: its number, whose it was, where it stands
    Column("address", Integer, nullable=False, server_default="0"),
    _text_or_none("last_name"),
    _text_or_none("first_name"),
    _text_or_none("email"),
    _text_or_none("email_normal"),
    _text_or_none("phone"),
    _text_or_none("wanted"),  # the address that is to come, and the one that was
    _text_or_none("wanted_normal"),
    _text_or_none("former"),
    _text_or_none("former_normal"),
    _text("last_key"),  # folded, as lists are ordered and searched
    _text("first_key"),
    _text("email_key"),
    Index("users_in_order", "organization_id", "last_key", "first_key", "user_id"),
    Index("users_by_email", "organization_id", "email_normal"),
    Index("users_managing", "organization_id", **only("scope IS NOT NULL")),
    Index(
        "users_closing", "ends", "organization_id", "user_id", **only(column("ends").is_not(None) & is_unset("erased"))
    ),
    rowid=True,
)

dropped_journals = _table(
    "dropped_journals",
    [_text("organization_id")],
    _number("head_sequence"),
    _text("head_hash"),
    _instant("head_at"),
)

# Where something was erased since the files were last rid of what was, and how often.
residues = _table("residues", [_text("organization_id")], _number("marks"))

past_accounts = _table(
    "past_accounts",
    [_text("organization_id"), _text("user_id"), _number("account")],
    *_term(),
    *_delegation(),
    ForeignKeyConstraint(["organization_id", "user_id"], ["users.organization_id", "users.user_id"]),
)

memberships = _table(
    "memberships",
    [_text("organization_id"), _text("user_id"), _number("number")],
    _number("account"),
    _text("agreement_id"),
    _text("group_code"),
    *_term(),
    _flag("waiting"),
    _instant_or_none("assigned"),
    Index("memberships_waiting", "organization_id", "waiting", "user_id", **only(is_set("waiting"))),
    ForeignKeyConstraint(["organization_id", "user_id"], ["users.organization_id", "users.user_id"]),
)

entries = _table(
    "entries",
    [_text("organization_id"), _number("sequence")],
    _instant("at"),
    _text_or_none("user_id"),  # whom the event is about
    _bytes("body"),
    _text("hash"),
    Column("of_organization", Boolean),  # true if the event is of the organization itself, else NULL
    _text_or_none("agreement_id"),  # then the agreement that it is about, if any
    Index("entries_by_user", "organization_id", "user_id", "sequence", **only("user_id IS NOT NULL")),
    Index(
        "entries_of_organization",
        "organization_id",
        "sequence",
        **only(is_set("of_organization")),
    ),
    Index(
        "entries_by_agreement",
        "organization_id",
        "agreement_id",
        "sequence",
        **only("agreement_id IS NOT NULL"),
    ),
)

papers = _table(
    "papers",
    [_text("organization_id"), _text("seal")],
    _bytes("salt"),
    _text("text"),
)

credentials = _table(
    "credentials",
    [_text("organization_id"), _text("user_id")],
    _text_or_none("login"),
    _text("standing"),
    _number("generation"),
    _text("minted"),
    _flag("used"),
    _text_or_none("chosen"),
    _instant_or_none("expires"),
    _number("version"),
    _text_or_none("asked"),
    Column("opened", Boolean, nullable=False, server_default=false()),
    _text_or_none("identity"),  # a digest
    Index("credentials_by_identity", "identity", "organization_id", unique=True, **only("identity IS NOT NULL")),
)

sessions = _table(
    "sessions",
    [_text("organization_id"), _text("digest")],
    _text("user_id"),
    _number("generation"),
    _number("spell"),
    _text("stage"),
    _instant("expires"),
    _text_or_none("identity"),
    Index("sessions_by_digest", "digest"),
    Index("sessions_by_age", "expires"),
)

links = _table(
    "links",
    [_text("organization_id"), _text("digest")],
    _text("user_id"),
    _text("purpose"),
    _number("generation"),
    _instant("expires"),
    Index("links_by_digest", "digest"),
    Index("links_by_user", "organization_id", "user_id"),
    Index("links_by_age", "expires", **only("purpose <> 'objection'")),  # those that are taken away
)

messages = _table(
    "messages",
    [_text("organization_id"), _text("message_id")],
    _text("kind"),
    _text_or_none("to_user"),  # one of these two
    _text_or_none("to_desk"),
    _text("about"),
    Column("generation", Integer),
    _text_or_none("agreement_id"),
    _text_or_none("group_code"),
    _text("state"),
    _number("attempts"),
    _instant("due"),
    _text("problem"),
    Index("messages_waiting", "organization_id", "due", "message_id", **only("state = 'waiting'")),
    Index("messages_dead", "message_id", **only("state = 'dead'")),
    Index("messages_settled", "due", **only("state IN ('delivered', 'dropped')")),
)

done_acts = _table(
    "done_acts",
    [_text("organization_id"), _text("digest")],  # where the key is known: an empty text if in no organization
    _text("asked"),
    _instant("at"),
    _number("sequence"),
    _text_or_none("done_in"),  # the organization, if any
    _text_or_none("user_id"),
    _text_or_none("agreement_id"),
    Index("done_acts_by_age", "at"),
)

security_lines = _table(
    "security_lines",
    [_text("organization_id"), _text("line_id")],  # of no organization: an empty text
    _instant("at"),
    _text("kind"),
    _text_or_none("actor_kind"),
    _text_or_none("actor"),
    _text("act"),
    _text("purpose"),
    _text("refusal"),
    _text("source"),
    Index("security_lines_in_order", "line_id"),
    Index("security_lines_by_age", "at"),
    rowid=True,
)

# Who did it, or whom it is about: users of the line's organization; where a line is about several organizations, users
# of any, or organizations, with an empty user_id.
security_people = _table(
    "security_people",
    [_text("organization_id"), _text("user_id"), _text("line_id"), _flag("acted")],
    Index("security_people_by_line", "line_id"),
)

# The registries: what must be unique over all organizations, what is counted of logins and sources whether or not they
# are of any, and the catalog's journal.

attempts = _table(
    "attempts",
    [_text("login"), _text("source")],  # digests
    _text("failures"),
    _instant("seen"),
    Index("attempts_by_age", "seen"),
)

logins = _table("logins", [_text("digest")], _text("organization_id"), _text("user_id"))  # both empty once erased

sirets = _table(
    "sirets",
    [_text("siret")],
    _text("organization_id"),
    Index("sirets_by_organization", "organization_id"),
)

catalog_entries = _table(
    "catalog_entries",
    [_number("sequence")],
    _instant("at"),
    _bytes("body"),
    _text("hash"),
)
