"""What others follow: how far each journal has come, and the facts after a position, of what is committed (R40)."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event
from typing import Any

import pytest
from attrs import Factory, define

from habilitation.domain.events import Event as Fact
from habilitation.domain.journal import Record
from habilitation.domain.values import OrganizationId
from habilitation.ports.store import Store, Version
from habilitation.testing.contract.bench import StoreBench
from habilitation.testing.contract.concurrency import A_WHILE, PATIENCE, accepted, aside
from habilitation.testing.contract.seeds import (
    ANNE,
    ORGANIZATION,
    OTHER,
    OTHER_SIRET,
    SIRET,
    Seeds,
    added,
    changes,
)

ALL = 100_000
FEW = 2
"""As many facts as a follower takes at once."""
ACTS = 8


@define
class Follower:
    """Whoever keeps up with every journal: asks how far each has come, and takes what comes after what it has."""

    store: Store
    taken: dict[OrganizationId, list[Record[Fact]]] = Factory(dict)

    def look(self) -> None:
        """Once, at all of them."""
        for version in self.store.versions(None, ALL):
            facts = self.taken.setdefault(version.organization, [])
            with self.store.reading(version.organization) as rows:
                while more := rows.records(len(facts), FEW):
                    assert more[0].sequence == len(facts) + 1, "the first fact that was not taken yet comes next"
                    facts += more
            assert len(facts) >= version.sequence, "whatever a version tells of can be read from then on"

    def keep_looking(self, done: Event) -> None:
        """Until it is done, and once more."""
        while not done.is_set():
            self.look()
        self.look()


class IsFollowed(StoreBench):
    """Other services are told of every act once it is committed, and never of one that is not."""

    def test_every_organization_is_told_with_how_far_its_journal_has_come(
        self, store: Store, second: Store, seeds: Seeds
    ) -> None:
        """R40: by id, and not in the order of their opening."""
        seeds.organization(OTHER, OTHER_SIRET)
        seeds.organization(ORGANIZATION, SIRET)
        seeds.user(ANNE, on=OTHER)
        expected = [Version(ORGANIZATION, 4), Version(OTHER, 5)]
        assert list(store.versions(None, ALL)) == list(second.versions(None, ALL)) == expected

    def test_versions_are_told_some_at_a_time(self, store: Store, seeds: Seeds) -> None:
        """R40: strictly after any id, of an organization that is there or not."""
        seeds.organization(ORGANIZATION, SIRET)
        seeds.organization(OTHER, OTHER_SIRET)
        first, last = Version(ORGANIZATION, 4), Version(OTHER, 4)
        assert list(store.versions(None, 1)) == [first]
        assert list(store.versions(ORGANIZATION, 1)) == [last]
        assert list(store.versions(OTHER, 1)) == []
        between = OrganizationId(f"{ORGANIZATION}-that-is-gone")
        assert list(store.versions(between, ALL)) == [last]

    def test_an_organization_that_was_dropped_is_told_as_such(self, store: Store, seeds: Seeds) -> None:
        """R41: or whoever copied something of it would keep it for ever."""
        seeds.organization(ORGANIZATION, SIRET)
        seeds.organization(OTHER, OTHER_SIRET)
        with store.writing(ORGANIZATION) as rows:
            rows.drop()
        assert list(store.versions(None, ALL)) == [Version(ORGANIZATION, 4, dropped=True), Version(OTHER, 4)]
        assert list(store.versions(None, 1)) == [Version(ORGANIZATION, 4, dropped=True)]

    def test_an_act_that_raises_moves_no_version(self, store: Store, seeds: Seeds) -> None:
        """I8"""
        seeds.organization()

        def stopped() -> None:
            with store.writing(ORGANIZATION) as rows:
                rows.save(changes(rows, added()))
                raise ZeroDivisionError

        seeds.user(ANNE)
        with pytest.raises(ZeroDivisionError):
            stopped()
        assert list(store.versions(None, ALL)) == [Version(ORGANIZATION, 5)]

    def test_what_is_committed_late_is_followed_late_and_not_left_out(
        self, store: Store, second: Store, seeds: Seeds
    ) -> None:
        """R40: a writer holds its organization for long, while another organization's acts are committed, or wait."""
        seeds.organization(ORGANIZATION, SIRET)
        seeds.organization(OTHER, OTHER_SIRET)
        seeds.user(ANNE, on=ORGANIZATION)
        follower = Follower(second)
        follower.look()
        with store.writing(ORGANIZATION) as rows:
            rows.save(changes(rows, added()))
            others = aside(lambda: Seeds(second).user(ANNE, login="00000002", on=OTHER))
            Event().wait(A_WHILE)
            aside(follower.look).result(PATIENCE)
            assert len(follower.taken[ORGANIZATION]) == 5, "an act that is not committed is not followed"
        others.result(PATIENCE)
        follower.look()
        assert whole(follower.taken) == read_whole(store)

    def test_whoever_follows_while_others_write_takes_every_fact_once_and_in_order(
        self, store: Store, second: Store, seeds: Seeds
    ) -> None:
        """R40: in each organization, however the acts of several are mixed."""
        seeds.organization(ORGANIZATION, SIRET)
        seeds.organization(OTHER, OTHER_SIRET)
        for id, login in ((ORGANIZATION, "00000001"), (OTHER, "00000002")):
            seeds.user(ANNE, login=login, on=id)
        follower, done = Follower(second), Event()
        following = aside(lambda: follower.keep_looking(done))
        writing = [aside(acting(handle, id)) for handle in (store, second) for id in (ORGANIZATION, OTHER)]
        accepted_acts = sum(future.result(PATIENCE) for future in writing)
        done.set()
        following.result(PATIENCE)
        assert whole(follower.taken) == read_whole(store)
        assert sum(map(len, follower.taken.values())) == 10 + accepted_acts
        assert accepted_acts >= ACTS


def acting(store: Store, on: OrganizationId) -> Callable[[], int]:
    """Several acts on one organization, and how many of them were accepted."""

    def act() -> None:
        with store.writing(on) as rows:
            user = rows.find_user(ANNE)
            assert user is not None
            rows.save(changes(rows, added(number=user.next_number())))

    return lambda: sum(accepted(act) for _ in range(ACTS))


def whole(taken: dict[OrganizationId, list[Record[Fact]]]) -> dict[OrganizationId, list[Any]]:
    """What was taken, with the place of each fact."""
    return {id: [(record.sequence, record) for record in facts] for id, facts in sorted(taken.items())}


def read_whole(store: Store) -> dict[OrganizationId, list[Any]]:
    """The same, as the journals have it."""
    return {
        id: [(number, store.decode(entry)) for number, entry in enumerate(store.entries(id), 1)]
        for id in sorted(store.organizations())
    }
