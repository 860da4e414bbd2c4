"""Terms: what was done under a key is known for its time, and a version is the place of the last event (I8, R40)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial

import pytest
from attrs import evolve

from habilitation.domain.events import OrganizationOpened, SeatClaimed, ServiceDefined, UserModified
from habilitation.domain.refusals import Conflict
from habilitation.domain.terms import Done, Errand
from habilitation.domain.values import OrganizationId, ServiceCode, Siret, UserId
from habilitation.ports.queries import UserFilter
from habilitation.ports.store import Store
from habilitation.ports.terms import PRUNED_BY_EACH
from habilitation.testing.contract.bench import StoreBench
from habilitation.testing.contract.concurrency import together
from habilitation.testing.contract.portrait import changed, portrait
from habilitation.testing.contract.seeds import (
    AGREEMENT,
    ANNE,
    AT,
    BY,
    DAY,
    ORGANIZATION,
    OTHER,
    OTHER_AGREEMENT,
    OTHER_SIRET,
    SIRET,
    ZOE,
    Seeds,
    added,
    agreement_opened,
    changes,
    particulars,
    person,
)

EVER = AT - 30 * DAY


def done(key: str = "key", asked: str = "asked", at: datetime = AT) -> Done:
    """What was done under that key, as if it were its own digest."""
    return Done(Errand(key, asked), at, 7, ORGANIZATION, ANNE, AGREEMENT)


def keep(store: Store, kept: Done, since: datetime = EVER, on: OrganizationId = ORGANIZATION) -> None:
    """In an act that changes nothing else."""
    with store.writing(on) as rows:
        rows.keep(kept, since)


def known(store: Store, key: str = "key", since: datetime = EVER, on: OrganizationId = ORGANIZATION) -> Done | None:
    """What was done in the organization under the key."""
    with store.writing(on) as rows:
        return rows.done(key, since)


class KeepsKeys(StoreBench):
    """A key is kept with the act that was done under it, and found by the next one."""

    @pytest.mark.parametrize(
        "kept",
        [done(), evolve(done(), user=None), evolve(done(), agreement=None), evolve(done(), organization=None)],
    )
    def test_what_was_done_under_a_key_is_found(self, store: Store, second: Store, seeds: Seeds, kept: Done) -> None:
        """I8: as it was kept, and in its organization."""
        seeds.organization()
        seeds.organization(OTHER, OTHER_SIRET)
        assert known(store) is None
        keep(store, kept)
        assert known(second) == kept
        assert (known(store, "another"), known(store, on=OTHER)) == (None, None)

    def test_a_key_is_kept_with_its_act(self, store: Store, seeds: Seeds) -> None:
        """I8: and the act has said what it saved."""
        seeds.organization()
        with store.writing(ORGANIZATION) as rows:
            act = changes(rows, *agreement_opened(OTHER_AGREEMENT))
            saved = [rows.saved]
            rows.save(act)
            saved.append(rows.saved)
            rows.keep(done(), EVER)
        assert saved == [None, act]
        assert known(store) == done()
        with store.reading(ORGANIZATION) as seen:
            assert seen.organization == act.organization

    def test_an_act_that_raises_keeps_no_key(self, store: Store, seeds: Seeds) -> None:
        """I8: nor does it take old ones away."""
        seeds.organization()
        keep(store, done("old"))
        before = portrait(store)

        def stopped() -> None:
            with store.writing(ORGANIZATION) as rows:
                rows.save(changes(rows, *agreement_opened(OTHER_AGREEMENT)))
                rows.keep(done(at=AT + 2 * DAY), AT + DAY)
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            stopped()
        assert changed(before, portrait(store)) == []
        assert known(store) is None
        assert known(store, "old") == done("old")

    def test_a_key_is_known_for_its_time_and_then_another_ones(self, store: Store, seeds: Seeds) -> None:
        """I8: what was kept up to that instant is not found."""
        seeds.organization()
        keep(store, done())
        assert known(store, since=AT - DAY / 86_400) == done()
        assert known(store, since=AT) is None
        later = done(asked="something else", at=AT + DAY)
        keep(store, later, since=AT)
        assert known(store) == later

    def test_each_key_takes_old_ones_away_but_few(self, store: Store, seeds: Seeds) -> None:
        """I8: of any organization, the oldest first."""
        seeds.organization()
        seeds.organization(OTHER, OTHER_SIRET)
        for number in range(PRUNED_BY_EACH + 2):
            keep(store, done(f"{number}", at=AT + number * DAY), on=OTHER)
        keep(store, done("new", at=AT + 9 * DAY), since=AT + PRUNED_BY_EACH * DAY)
        left = [number for number in range(PRUNED_BY_EACH + 2) if known(store, f"{number}", on=OTHER)]
        assert left == [PRUNED_BY_EACH, PRUNED_BY_EACH + 1]
        keep(store, done("newer", at=AT + 9 * DAY), since=AT + PRUNED_BY_EACH * DAY)
        left = [number for number in left if known(store, f"{number}", on=OTHER)]
        assert left == [PRUNED_BY_EACH + 1]

    def test_a_key_that_is_kept_is_not_kept_again(self, store: Store, seeds: Seeds) -> None:
        """I8: who did not look is told, and leaves nothing."""
        seeds.organization()
        keep(store, done())
        before = portrait(store)

        def again() -> None:
            with store.writing(ORGANIZATION) as rows:
                rows.save(changes(rows, *agreement_opened(OTHER_AGREEMENT)))
                rows.keep(done(asked="something else"), EVER)

        with pytest.raises(Conflict):
            again()
        assert changed(before, portrait(store)) == []
        assert known(store) == done()

    def test_of_two_at_once_with_one_key_one_is_done(self, store: Store, second: Store, seeds: Seeds) -> None:
        """I8: the other finds it done, or is told to look again."""
        seeds.organization()
        acts: list[Callable[[], bool]] = [
            partial(_once, handle, ZOE, number) for number, handle in enumerate([store, second] * 2)
        ]
        assert sorted(together(acts)) == [False, False, False, True]
        with store.reading(ORGANIZATION) as rows:
            assert len(rows.records(0, 99, ZOE)) == 1

    def test_of_two_organizations_opened_at_once_with_one_key_one_is(self, store: Store, second: Store) -> None:
        """R1: such a key is known in no organization, and so everywhere."""
        acts: list[Callable[[], bool]] = [
            partial(_opened, store, ORGANIZATION, SIRET),
            partial(_opened, second, OTHER, OTHER_SIRET),
        ]
        assert sorted(together(acts)) == [False, True]
        assert len(store.organizations()) == 1

    def test_the_catalogs_keys_are_of_no_organization(self, store: Store, second: Store, seeds: Seeds) -> None:
        """R3: nor is that of an organization's opening; they are the same."""
        seeds.organization()
        keep(store, done())
        with store.cataloging() as catalog:
            assert catalog.done("key", EVER) is None
            catalog.save(AT, BY, ServiceDefined(ServiceCode("AFAS"), "Afas"))
            catalog.keep(done(asked="a service"), EVER)
        with second.cataloging() as catalog:
            assert catalog.done("key", EVER) == done(asked="a service")
        assert known(store, on=OTHER) == done(asked="a service")
        assert known(store) == done()

    def test_a_catalog_act_that_raises_keeps_no_key(self, store: Store) -> None:
        """R3, I8"""

        def stopped() -> None:
            with store.cataloging() as catalog:
                catalog.keep(done(), EVER)
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            stopped()
        with store.cataloging() as catalog:
            assert catalog.done("key", EVER) is None

    def test_keys_go_with_their_organization(self, store: Store, seeds: Seeds) -> None:
        """R41"""
        seeds.organization()
        seeds.organization(OTHER, OTHER_SIRET)
        keep(store, done())
        keep(store, done(), on=OTHER)
        with store.writing(ORGANIZATION) as rows:
            rows.drop()
        seeds.organization()
        assert (known(store), known(store, on=OTHER)) == (None, done())

    def test_keys_outlive_the_process(self, store: Store, reopened: Callable[[], Store], seeds: Seeds) -> None:
        """I8: whose first answer got lost with it asks again."""
        seeds.organization()
        keep(store, done())
        assert known(reopened()) == done()


def _once(store: Store, user: UserId, number: int) -> bool:
    """Whether it was done by this one."""
    try:
        with store.writing(ORGANIZATION) as rows:
            if rows.done("key", EVER):
                return False
            rows.save(changes(rows, SeatClaimed(user, str(number))))
            rows.keep(done(), EVER)
    except Conflict:
        return False
    return True


def _opened(store: Store, on: OrganizationId, siret: Siret) -> bool:
    try:
        with store.writing(on) as rows:
            if rows.done("key", EVER):
                return False
            rows.save(changes(rows, OrganizationOpened(on), particulars=particulars(siret)))
            rows.keep(done(), EVER)
    except Conflict:
        return False
    return True


class KnowsVersions(StoreBench):
    """A version is the place of the last event about something in the organization's journal."""

    def test_a_version_is_the_place_of_the_last_event_about_it(self, store: Store, seeds: Seeds) -> None:
        """R40: about a user, an agreement, or the organization itself, its seat and its agreements."""
        seeds.organization()  # 1, and an agreement: 2 to 4
        seeds.act(*agreement_opened(OTHER_AGREEMENT))  # 5 to 7
        seeds.user(ANNE, None, login="00000001")  # 8
        seeds.user(ZOE, person("Durand", "Zoé", "zoe@oliviers.example"), login="00000002")  # 9
        seeds.act(added(ANNE), UserModified(ZOE, ("phone",)))  # 10, 11
        assert versions(store) == {ANNE: 10, ZOE: 11, AGREEMENT: 4, OTHER_AGREEMENT: 7, ORGANIZATION: 7}
        seeds.act(SeatClaimed(ANNE, "1"))  # of the organization, and about her
        assert versions(store) == {ANNE: 12, ZOE: 11, AGREEMENT: 4, OTHER_AGREEMENT: 7, ORGANIZATION: 12}

    def test_a_row_has_its_users_version(self, store: Store, second: Store, seeds: Seeds) -> None:
        """R40: on a list as by itself."""
        seeds.organization()
        seeds.user(ANNE)
        seeds.user(ZOE, person("Durand", "Zoé", "zoe@oliviers.example"), added(ZOE), login="00000002")
        with second.reading(ORGANIZATION) as rows:
            listed = {row.user.id: row.version for row in rows.users(UserFilter(AT), None, 9)}
            found = {id: row.version for id in (ANNE, ZOE) if (row := rows.find_row(id))}
            assert listed == found == {id: rows.version(id) for id in (ANNE, ZOE)} == {ANNE: 5, ZOE: 7}

    def test_what_is_not_there_has_none(self, store: Store, seeds: Seeds) -> None:
        """R37: nor has what is in another organization."""
        seeds.organization(OTHER, OTHER_SIRET)
        seeds.user(ANNE, on=OTHER)
        with store.reading(ORGANIZATION) as rows:
            assert rows.version(ANNE) == rows.version(agreement=AGREEMENT) == rows.version() == 0
        with store.reading(OTHER) as rows:
            assert rows.version(ZOE) == rows.version(agreement=OTHER_AGREEMENT) == 0

    def test_what_was_rolled_back_moves_no_version(self, store: Store, seeds: Seeds) -> None:
        """I8"""
        seeds.organization()
        seeds.user(ANNE)
        before = versions(store)

        def stopped() -> None:
            with store.writing(ORGANIZATION) as rows:
                rows.save(changes(rows, added(ANNE)))
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            stopped()
        assert versions(store) == before

    def test_a_snapshot_keeps_its_versions(self, store: Store, second: Store, seeds: Seeds) -> None:
        """R40: with all else that it shows."""
        seeds.organization()
        seeds.user(ANNE)
        with store.reading(ORGANIZATION) as rows:
            Seeds(second).act(added(ANNE), *agreement_opened(OTHER_AGREEMENT))
            assert (rows.version(ANNE), rows.version()) == (5, 4)
            assert [row.version for row in rows.users(UserFilter(AT), None, 9)] == [5]
        assert versions(store)[ANNE] == 6

    def test_the_catalogs_version_is_the_place_of_its_last_event(self, store: Store, second: Store) -> None:
        """R3"""
        assert store.catalog().version == 0
        for code in ("AFAS", "BAILLEUR"):
            with store.cataloging() as catalog:
                catalog.save(AT, BY, ServiceDefined(ServiceCode(code), code))
                assert catalog.catalog.version == catalog.head.sequence
        assert store.catalog().version == second.catalog().version == 2


def versions(store: Store) -> dict[str, int]:
    """Of whatever is there, and of the organization itself."""
    with store.reading(ORGANIZATION) as rows:
        agreements = rows.organization.agreements if rows.organization else {}
        return {
            **{user: rows.version(user) for user in rows.user_ids()},
            **{agreement: rows.version(agreement=agreement) for agreement in agreements},
            ORGANIZATION: rows.version(),
        }
