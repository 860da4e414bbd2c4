"""All that a store says of itself, to be compared with what it says later, or through another handle."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from habilitation.domain.values import OrganizationId, UserId
from habilitation.ports.queries import UserFilter
from habilitation.ports.store import Store
from habilitation.testing.contract.seeds import AT

ALL = 100_000
ENOUGH = 300
"""Characters to know a value by."""


def portrait(store: Store) -> dict[str, Any]:
    """What can be read without changing anything; the outbox is asked for its dead letters only."""
    known = list(store.organizations())
    return {
        "organizations": known,
        "catalog": store.catalog(),
        "catalog's journal": list(store.catalog_entries()),
        "dead letters": list(store.outbox.dead()),
        **{id: _organization(store, id) for id in known},
    }


def _organization(store: Store, id: OrganizationId) -> dict[str, Any]:
    entries = list(store.entries(id))
    ids = sorted({user for entry in entries if (user := getattr(store.decode(entry).event, "user", None))})
    with store.reading(id) as rows:
        return {
            "organization": rows.organization,
            "particulars": rows.particulars(),
            "head": rows.head,
            "version": rows.version(),
            "journal": entries,
            "records": list(rows.records(0, ALL)),
            "users": {user: rows.find_user(user) for user in ids},
            "rows": {user: rows.find_row(user) for user in ids},
            "credentials": {user: rows.find_credential(user) for user in ids},
            "listed": list(rows.users(UserFilter(AT), None, ALL)),
        }


def changed(before: Mapping[Any, Any], after: Mapping[Any, Any]) -> list[str]:
    """What is not as it was, part by part: what it is, and what it was."""
    found: list[str] = []
    for name in sorted({*before, *after}):
        was, now = before.get(name), after.get(name)
        if isinstance(was, dict) and isinstance(now, dict):
            found += [f"{name}, {part}" for part in changed(was, now)]
        elif was != now:
            found.append(f"{name}: {_short(now)}, and was {_short(was)}")
    return found


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= ENOUGH else f"{text[:ENOUGH]}…"


def users_of(store: Store, id: OrganizationId) -> list[UserId]:
    """The users on the organization's list."""
    with store.reading(id) as rows:
        return [row.user.id for row in rows.users(UserFilter(AT), None, ALL)]
