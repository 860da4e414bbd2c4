"""Catalogs that are of no one moment."""

from __future__ import annotations

from contextlib import contextmanager

from habilitation.adapters.memory import MemorySnapshot, MemoryStore
from habilitation.adapters.memory.catalog import MemoryCatalog
from habilitation.domain.catalog import Catalog, evolve
from habilitation.domain.events import ServiceDefined
from habilitation.domain.journal import Head
from habilitation.domain.values import ServiceCode
from habilitation.testing.contract.seeds import AT
from tests.contract.broken.breaking import REMEMBERED, breaks


@breaks(MemoryStore, "catalog", "test_the_catalog_begins_empty")
def begins_with_a_service_of_its_own(original, store):
    return evolve(original(store), ServiceDefined(ServiceCode("DEMO"), "Demo"), AT)


@breaks(MemoryCatalog, "save", "test_a_group_is_what_it_was_defined_as_from_that_instant_on")
def dates_definitions_back(original, catalog, at, by, event):
    before = catalog.catalog
    original(catalog, at, by, event)
    catalog.catalog = evolve(before, event, AT)


@breaks(MemoryCatalog, "save", "test_the_catalog_has_a_chain_of_its_own")
def starts_the_catalogs_chain_anew(original, catalog, at, by, event):
    catalog.head = Head(catalog.head.sequence)
    original(catalog, at, by, event)


@breaks(MemoryStore, "cataloging", "test_a_definition_that_raises_leaves_nothing")
@contextmanager
def changes_the_catalog_itself(original, store):
    yield store._catalog


@breaks(MemoryStore, "reading", "test_an_organization_is_read_with_the_catalog")
@contextmanager
def reads_organizations_without_the_catalog(original, store, organization):
    with original(store, organization) as rows:
        rows.catalog = Catalog()
        yield rows


@breaks(MemorySnapshot, "catalog", "test_a_reading_goes_on_with_the_catalog_that_it_began_with")
def reads_the_catalog_as_it_is_now(original, rows):
    return rows._store.catalog()


@breaks(MemoryStore, "catalog", "test_the_catalogs_version_is_the_place_of_its_last_event")
def reads_the_catalog_once(original, store):
    return REMEMBERED.setdefault("catalog", original(store))
