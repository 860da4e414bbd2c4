"""The journals: kept verbatim, chained, in order; whatever was done to them shows (R40, I9)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from attrs import evolve

from habilitation.domain.events import (
    AgreementOpened,
    AgreementValidated,
    GroupDefined,
    GroupOpened,
    OrganizationOpened,
    SeatClaimed,
    ServiceDefined,
)
from habilitation.domain.journal import NOTHING_YET, Entry, Head, Record, verify
from habilitation.domain.values import GroupCode, Permission, ServiceCode
from habilitation.ports.store import Store
from habilitation.testing.contract.bench import Rewrite, StoreBench
from habilitation.testing.contract.concurrency import PATIENCE, aside
from habilitation.testing.contract.seeds import (
    AFAS,
    AGREEMENT,
    ANNE,
    AT,
    BY,
    DAY,
    ORGANIZATION,
    OTHER,
    OTHER_SIRET,
    ZOE,
    Seeds,
    added,
    created,
    person,
)

Harm = Callable[[list[Entry]], list[Entry]]


def altered(entries: list[Entry]) -> list[Entry]:
    """One entry says something else."""
    harmed = entries[2]
    return [*entries[:2], evolve(harmed, body=harmed.body.replace(b"AFAS", b"SAFA")), *entries[3:]]


def dropped(entries: list[Entry]) -> list[Entry]:
    """One entry is gone from the middle."""
    return entries[:2] + entries[3:]


def swapped(entries: list[Entry]) -> list[Entry]:
    """Two entries have changed places."""
    one, other = entries[1], entries[2]
    return [entries[0], evolve(one, body=other.body), evolve(other, body=one.body), *entries[3:]]


class KeepsAChain(StoreBench):
    """One journal per organization, and one of the catalog."""

    def test_each_fact_is_an_entry_with_its_place_its_instant_and_its_author(self, store: Store, seeds: Seeds) -> None:
        """R40: in the order of the acts, and of the facts in each."""
        seeds.organization()
        seeds.act(AgreementValidated(AGREEMENT), at=AT + DAY)
        entries = list(store.entries(ORGANIZATION))
        assert [entry.sequence for entry in entries] == [1, 2, 3, 4, 5]
        assert [entry.at for entry in entries] == [AT] * 4 + [AT + DAY]
        assert store.decode(entries[-1]) == Record(5, AT + DAY, BY, AgreementValidated(AGREEMENT))
        assert verify(entries) is None

    def test_the_head_is_the_end_of_the_journal(self, store: Store, seeds: Seeds) -> None:
        """R40: as read by a snapshot and by the next writer."""
        seeds.organization()
        seeds.user(ANNE, at=AT + DAY)
        last = store.entries(ORGANIZATION)[-1]
        expected = Head(last.sequence, last.hash, AT + DAY)
        with store.reading(ORGANIZATION) as rows:
            assert rows.head == expected
        with store.writing(ORGANIZATION) as rows:
            assert rows.head == expected

    def test_a_snapshot_has_the_journal_as_the_store_has_it(self, store: Store, seeds: Seeds) -> None:
        """R40: to be verified where it is read."""
        seeds.organization()
        with store.reading(ORGANIZATION) as rows:
            assert list(rows.entries()) == list(store.entries(ORGANIZATION))

    def test_what_was_written_is_never_written_again(self, store: Store, second: Store, seeds: Seeds) -> None:
        """R40: byte for byte, through any handle, whatever comes after."""
        seeds.organization()
        before = list(store.entries(ORGANIZATION))
        seeds.user(ANNE)
        assert list(store.entries(ORGANIZATION))[: len(before)] == before
        assert list(second.entries(ORGANIZATION)) == list(store.entries(ORGANIZATION))

    def test_journals_of_two_organizations_are_two_chains(self, store: Store, seeds: Seeds) -> None:
        """R40"""
        seeds.organization()
        before = list(store.entries(ORGANIZATION))
        seeds.organization(OTHER, OTHER_SIRET)
        assert list(store.entries(ORGANIZATION)) == before
        assert verify(store.entries(OTHER)) is None

    def test_records_are_read_by_pages(self, store: Store, seeds: Seeds) -> None:
        """R36: strictly after a sequence number, oldest first."""
        seeds.organization()
        seeds.user(ANNE)
        whole = [store.decode(entry) for entry in store.entries(ORGANIZATION)]
        with store.reading(ORGANIZATION) as rows:
            assert list(rows.records(0, 100)) == whole
            assert list(rows.records(0, 2)) == whole[:2]
            assert list(rows.records(2, 2)) == whole[2:4]
            assert list(rows.records(len(whole), 2)) == []
            assert list(rows.records(10**30, 2)) == []

    def test_records_about_one_user_are_read_alone(self, store: Store, seeds: Seeds) -> None:
        """R36: pages of them, not of the whole."""
        seeds.organization()
        seeds.user(ANNE)
        seeds.user(ZOE, person("Durand", "Zoé", "zoe@oliviers.example"), login="00000002")
        seeds.act(added(ANNE))
        with store.reading(ORGANIZATION) as rows:
            about = list(rows.records(0, 100, ANNE))
            assert [record.event for record in about] == [created(ANNE), added(ANNE)]
            assert list(rows.records(0, 1, ANNE)) == about[:1]
            assert list(rows.records(about[0].sequence, 1, ANNE)) == about[1:]

    def test_what_the_journal_tells_of_the_organization_itself_is_read_alone(self, store: Store, seeds: Seeds) -> None:
        """R39: whoever else it is about; and nothing that happened to users."""
        seeds.organization()
        seeds.user(ANNE)
        seeds.act(SeatClaimed(ANNE, "1"), added(ANNE))
        with store.reading(ORGANIZATION) as rows:
            own = list(rows.organization_records())
            assert [type(record.event) for record in own] == [
                OrganizationOpened,
                AgreementOpened,
                GroupOpened,
                GroupOpened,
                SeatClaimed,
            ]
            assert [record.sequence for record in own] == [1, 2, 3, 4, 6]

    @pytest.mark.parametrize("harm", [altered, dropped, swapped])
    def test_a_journal_that_was_tampered_with_is_found_out(
        self, store: Store, seeds: Seeds, rewrite: Rewrite, harm: Harm
    ) -> None:
        """I9: the store tells what is there, and does not mend it."""
        seeds.organization()
        rewrite(ORGANIZATION, harm(list(store.entries(ORGANIZATION))))
        flaw = verify(store.entries(ORGANIZATION))
        assert flaw is not None
        assert flaw.sequence in (2, 3)

    def test_a_dropped_tail_is_found_out_against_a_kept_head(
        self, store: Store, seeds: Seeds, rewrite: Rewrite
    ) -> None:
        """R40"""
        seeds.organization()
        with store.reading(ORGANIZATION) as rows:
            kept = rows.head
        rewrite(ORGANIZATION, list(store.entries(ORGANIZATION))[:-1])
        assert verify(store.entries(ORGANIZATION)) is None
        flaw = verify(store.entries(ORGANIZATION), kept)
        assert flaw is not None
        assert flaw.problem == "dropped"


class KeepsACatalog(StoreBench):
    """The operator's catalog is dated, and has a chain of its own (R3)."""

    SERVICE = ServiceDefined(AFAS, "AFAS")
    GROUP = GroupDefined(GroupCode("AFAS-DEC"), AFAS, "AFAS-Déclarer", (Permission("afas:declare"),), True)

    def test_the_catalog_begins_empty(self, store: Store) -> None:
        """R3"""
        assert not store.catalog().services
        assert list(store.catalog_entries()) == []
        with store.cataloging() as tx:
            assert tx.head == NOTHING_YET

    def test_a_group_is_what_it_was_defined_as_from_that_instant_on(self, store: Store, second: Store) -> None:
        """R3"""
        self._define(store)
        group = second.catalog().group(self.GROUP.code)
        assert group.at(AT + DAY - DAY / 1440) is None
        definition = group.at(AT + DAY)
        assert definition is not None
        assert definition.needs_document
        assert definition.permissions == frozenset(self.GROUP.permissions)

    def test_the_catalog_has_a_chain_of_its_own(self, store: Store, seeds: Seeds) -> None:
        """R3, R40"""
        self._define(store)
        seeds.organization()
        entries = list(store.catalog_entries())
        assert verify(entries) is None
        assert [store.decode(entry) for entry in entries] == [
            Record(1, AT, BY, self.SERVICE),
            Record(2, AT + DAY, BY, self.GROUP),
        ]
        with store.cataloging() as tx:
            assert tx.head == Head(2, entries[-1].hash, AT + DAY)
            assert tx.catalog == store.catalog()

    def test_a_definition_that_raises_leaves_nothing(self, store: Store) -> None:
        """I8"""
        self._define(store)
        before = (store.catalog(), list(store.catalog_entries()))

        def stopped() -> None:
            with store.cataloging() as tx:
                tx.save(AT + DAY, BY, ServiceDefined(ServiceCode("BAILLEUR"), "Bailleur"))
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            stopped()
        assert (store.catalog(), list(store.catalog_entries())) == before
        with store.cataloging() as tx:
            assert (tx.catalog, tx.head.sequence) == (before[0], 2)

    def test_an_organization_is_read_with_the_catalog(self, store: Store, seeds: Seeds) -> None:
        """R38: both in one reading."""
        self._define(store)
        seeds.organization()
        with store.reading(ORGANIZATION) as rows:
            assert rows.catalog == store.catalog()
        with store.writing(ORGANIZATION) as rows:
            assert rows.catalog == store.catalog()

    def test_a_reading_goes_on_with_the_catalog_that_it_began_with(
        self, store: Store, second: Store, seeds: Seeds
    ) -> None:
        """R38: whatever is defined meanwhile, which waits for nobody."""
        seeds.organization()
        with store.reading(ORGANIZATION) as rows:
            before = rows.catalog
            aside(lambda: self._define(second)).result(PATIENCE)
            assert rows.catalog == before
        assert store.catalog() != before

    def _define(self, store: Store) -> None:
        with store.cataloging() as tx:
            tx.save(AT, BY, self.SERVICE)
        with store.cataloging() as tx:
            tx.save(AT + DAY, BY, self.GROUP)
