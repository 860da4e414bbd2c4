"""``--dry-run``: every act is decided and written to the end of its transaction, and then undone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from contextlib import contextmanager, suppress
from typing import Any, cast

from attrs import evolve, frozen

from habilitation.application import Habilitation
from habilitation.domain.values import OrganizationId
from habilitation.ports.store import CatalogTransaction, Store, Transaction

READ = frozenset(
    {
        "reading",
        "catalog",
        "organizations",
        "siret_holder",
        "entries",
        "dropped",
        "closed",
        "closed_organizations",
        "catalog_entries",
        "versions",
        "decode",
    }
)
"""What only reads, of a store."""
PARTS: Mapping[str, Set[str]] = {
    "credentials": {"by_login", "of", "session"},
    "links": {"find", "last"},
    "outbox": {"dead", "find"},
    "attempts": frozenset(),
    "security_log": {"lines"},
}
"""Its parts, with what only reads, of each."""
IDLE = frozenset({"residue", "wipe", "close"})
"""What does nothing, like whatever else its parts are asked."""


def rehearsing(portal: Habilitation) -> Habilitation:
    """The same portal, of which nothing stays and from which nothing leaves."""
    store = cast(Store, RehearsedStore(portal.ports.store))
    return Habilitation(evolve(portal.ports, store=store, delivery=None))


class _Undone(Exception):
    """Ends a transaction as a failure would: the store rolls it back."""


@frozen
class RehearsedStore:
    """A store that takes every act to its end and keeps none."""

    _store: Store

    @contextmanager
    def writing(self, organization: OrganizationId) -> Iterator[Transaction]:
        with suppress(_Undone), self._store.writing(organization) as rows:
            yield rows
            raise _Undone

    @contextmanager
    def cataloging(self) -> Iterator[CatalogTransaction]:
        with suppress(_Undone), self._store.cataloging() as rows:
            yield rows
            raise _Undone

    def __getattr__(self, name: str) -> Any:
        if name in PARTS:
            return _Quiet(getattr(self._store, name), PARTS[name])
        if name in READ:
            return getattr(self._store, name)
        if name in IDLE:
            return _nothing
        raise AttributeError(name)


@frozen
class _Quiet:
    """A part of the store that can be read."""

    _part: object
    _read: Set[str]

    def __getattr__(self, name: str) -> Any:
        return getattr(self._part, name) if name in self._read else _nothing


def _nothing(*_: object, **__: object) -> None:
    return None
