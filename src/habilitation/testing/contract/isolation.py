"""What a store hands out is the reader's to keep, and to spoil: it is never the store's own (I8)."""

from __future__ import annotations

from collections.abc import MutableMapping, MutableSequence, MutableSet
from contextlib import suppress
from typing import Any

from attrs import evolve, fields, has

from habilitation.domain.events import GroupDefined, GroupOpened, ManagerDelegated, ServiceDefined
from habilitation.domain.scope import Scope
from habilitation.domain.values import GroupCode, Permission
from habilitation.ports.outbox import MessageState
from habilitation.ports.queries import UserFilter
from habilitation.ports.store import Store
from habilitation.testing.contract.bench import StoreBench
from habilitation.testing.contract.portrait import changed, portrait
from habilitation.testing.contract.seeds import (
    AFAS,
    AGREEMENT,
    ANNE,
    AT,
    BY,
    DAY,
    NAME,
    ORGANIZATION,
    ZOE,
    Seeds,
    added,
    changes,
    created,
    message,
    only,
    person,
    term,
)

PRIVATE = GroupCode("LOG-PRI")


def spoil(found: Any) -> None:
    """Empty every container in what was found that lets itself be emptied, as a careless caller would."""
    if has(type(found)):
        for attribute in fields(type(found)):
            spoil(getattr(found, attribute.name))
    elif isinstance(found, list | tuple | set | frozenset):
        for item in found:
            spoil(item)
    elif hasattr(found, "values"):
        for value in found.values():
            spoil(value)
    if isinstance(found, MutableMapping | MutableSequence | MutableSet):
        with suppress(TypeError):  # it is read-only after all
            found.clear()


class HandsOutCopies(StoreBench):
    """Keeping or spoiling what was read, or what was saved, changes nothing that is stored."""

    def test_spoiling_what_was_read_changes_nothing(self, store: Store, seeds: Seeds) -> None:
        """I8"""
        self._populated(store, seeds)
        shown = self._all(store)
        spoil([store.organizations(), store.entries(ORGANIZATION), store.catalog(), store.catalog_entries()])
        with store.reading(ORGANIZATION) as rows:
            spoil([rows.organization, rows.catalog, rows.find_user(ANNE), rows.find_row(ANNE)])
            spoil([rows.users(UserFilter(AT), None, 10), rows.records(0, 100), rows.papers([NAME.seal])])
        assert changed(shown, self._all(store)) == []

    def test_spoiling_what_a_writer_read_changes_nothing(self, store: Store, seeds: Seeds) -> None:
        """I8"""
        self._populated(store, seeds)
        shown = self._all(store)
        with store.writing(ORGANIZATION) as rows:
            spoil([rows.organization, rows.managers(), rows.with_email(person().email.normal), rows.find_user(ANNE)])
        assert changed(shown, self._all(store)) == []

    def test_spoiling_what_was_saved_changes_nothing(self, store: Store, seeds: Seeds) -> None:
        """I8: what was given to a store is the giver's."""
        self._populated(store, seeds)
        with store.writing(ORGANIZATION) as rows:
            act = changes(rows, created(ZOE), GroupOpened(AGREEMENT, PRIVATE), people={ZOE: person("Durand")})
            rows.save(act)
        shown = self._all(store)
        spoil(act)
        assert changed(shown, self._all(store)) == []

    def test_what_was_read_stays_as_it_was(self, store: Store, seeds: Seeds) -> None:
        """I8: a value that was kept does not change under its keeper."""
        self._populated(store, seeds)
        with store.reading(ORGANIZATION) as rows:
            kept = (rows.organization, rows.find_user(ANNE), rows.users(UserFilter(AT), None, 10))
        entries, catalog = store.entries(ORGANIZATION), store.catalog()
        shown = repr((kept, entries, catalog))
        seeds.act(added(number=2))
        define(store, "AFAS-CON")
        assert repr((kept, entries, catalog)) == shown

    def test_dead_letters_can_be_spoiled(self, store: Store, seeds: Seeds) -> None:
        """I8"""
        seeds.organization(messages=(message("m-1"),))
        taken = only(store.outbox.take(AT, AT + DAY, 10))
        store.outbox.settle(evolve(taken, state=MessageState.DEAD))
        spoil(store.outbox.dead())
        assert len(store.outbox.dead()) == 1

    def _populated(self, store: Store, seeds: Seeds) -> None:
        with store.cataloging() as tx:
            tx.save(AT, BY, ServiceDefined(AFAS, "AFAS"))
        define(store, "AFAS-DEC")
        seeds.organization()
        seeds.user(ANNE)
        seeds.act(added())
        seeds.act(ManagerDelegated(ANNE, Scope(), term()))

    def _all(self, store: Store) -> dict[str, str]:
        """Written out now: what is compared later must not be what was spoiled."""
        with store.reading(ORGANIZATION) as rows:
            found = {
                **portrait(store)[ORGANIZATION],
                "catalog": rows.catalog,
                "papers": rows.papers([NAME.seal]),
                "managers": rows.managers(),
                "with an e-mail": rows.with_email(person().email.normal),
            }
        return {name: repr(value) for name, value in found.items()}


def define(store: Store, group: str) -> None:
    """One more group in the catalog."""
    with store.cataloging() as tx:
        tx.save(AT, BY, GroupDefined(GroupCode(group), AFAS, group, (Permission("afas:declare"),), needs_document=True))
