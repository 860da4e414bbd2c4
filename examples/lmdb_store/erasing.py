"""What is erased or dropped (R18, R41). LMDB leaves it in pages that are free, until the file is written anew."""

from __future__ import annotations

from attrs import evolve

from habilitation.domain.journal import Head
from habilitation.domain.values import OrganizationId, UserId
from habilitation.ports.security_log import LineFilter
from habilitation.ports.store import Erased
from lmdb_store.attempts import forgive
from lmdb_store.database import Tables

NOBODY = ("", "")
"""To whom the registry ties a login that is never given again (R11)."""
OF_AN_ORGANIZATION = ("organizations", "heads", "particulars", "numbers")
UNDER_AN_ORGANIZATION = ("users", "people", "papers", "entries", "versions", "credentials", "done")


def erase(tables: Tables, organization: OrganizationId, erased: Erased) -> None:
    """All that tells who the user was; the credential apart, which is put as the act leaves it."""
    owner = (organization, erased.user)
    tables.delete("people", *owner)
    for seal in erased.papers:
        tables.delete("papers", organization, seal)
    credential = tables.get("credentials", *owner)
    if credential and credential.login:
        forgive(tables, credential.login)
        tables.put(NOBODY, "logins", credential.login.digest)
    for table in ("sessions", "links"):
        tables.delete_where(lambda kept: (kept.organization, kept.user) == owner, table)
    _silence(tables, organization, erased.user)
    tables.put(True, "residue")


def _silence(tables: Tables, organization: OrganizationId, user: UserId) -> None:
    """Messages to or about the user; and where a line of the security log says that the user was."""
    for place, kept in list(tables.under("messages")):
        if kept.message.organization == organization and kept.concerns(user):
            tables.put(kept.silenced(), *place)
    for place, line in list(tables.under("lines")):
        if LineFilter(organization, user).takes(line.fact):
            tables.put(evolve(line, fact=evolve(line.fact, source="")), *place)


def drop(tables: Tables, organization: OrganizationId, head: Head) -> None:
    """All of the organization but the head of its journal, and the hashes of its logins."""
    tables.put(head, "dropped", organization)
    tables.delete("opened", f"{tables.get('numbers', organization):020}")
    for table in OF_AN_ORGANIZATION:
        tables.delete(table, organization)
    for credential in tables.all("credentials", organization):
        if credential.identity:
            tables.delete("identities", credential.identity, organization)
    for table in UNDER_AN_ORGANIZATION:
        tables.delete_where(lambda kept: True, table, organization)
    for table in ("sessions", "links"):
        tables.delete_where(lambda kept: kept.organization == organization, table)
    tables.delete_where(lambda kept: kept.message.organization == organization, "messages")
    tables.delete_where(lambda holder: holder == organization, "sirets")
    for place, owner in list(tables.under("logins")):
        if owner[0] == organization:
            tables.put(NOBODY, *place)
    _drop_lines(tables, organization)
    tables.put(True, "residue")


def _drop_lines(tables: Tables, organization: OrganizationId) -> None:
    """Lines about the organization; and what a line about several says of it."""
    tables.delete_where(lambda line: line.fact.organization == organization, "lines")
    for place, line in list(tables.under("lines")):
        tables.put(evolve(line, fact=line.fact.without(organization)), *place)
