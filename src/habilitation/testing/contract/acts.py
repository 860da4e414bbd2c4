"""An act is kept whole or not at all (I8), and what is kept is what its facts lead to (R42)."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from typing import Any

import pytest
from attrs import evolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from habilitation.domain import user as users
from habilitation.domain.actors import Side
from habilitation.domain.events import (
    AccountClosed,
    AccountReopened,
    AgreementEnded,
    AgreementRescheduled,
    AgreementResumed,
    AgreementSuspended,
    AgreementValidated,
    ControlReturned,
    ControlTaken,
    EmailChangeAsked,
    EmailChanged,
    EmailConfirmed,
    EmailKept,
    FirstCredentialsIssued,
    GroupResumed,
    GroupSuspended,
    GroupWithdrawn,
    ManagerDelegated,
    OrganizationClosed,
    OrganizationEvent,
    OrganizationOpened,
    OrganizationResumed,
    OrganizationSuspended,
    RoleAssigned,
    UserEvent,
    UserReinstated,
    UserSuspended,
)
from habilitation.domain.journal import replay, verify
from habilitation.domain.refusals import Conflict
from habilitation.domain.scope import Scope
from habilitation.domain.values import Paper
from habilitation.ports.store import Store
from habilitation.testing.contract.bench import StoreBench
from habilitation.testing.contract.portrait import ALL, changed, portrait
from habilitation.testing.contract.seeds import (
    AGREEMENT,
    ANNE,
    AT,
    CONSULT,
    DAY,
    DECLARE,
    ORGANIZATION,
    OTHER,
    OTHER_SIRET,
    PLACE,
    SIRET,
    ZOE,
    Seeds,
    added,
    address,
    changes,
    created,
    credential,
    message,
    particulars,
    person,
    term,
)
from habilitation.testing.contract.stories import STEPS, Story
from habilitation.testing.world import World

LATER = AT + 400 * DAY
TURNS_OF_A_USER: tuple[UserEvent, ...] = (
    UserSuspended(ANNE, Side.ORGANIZATION, "absence", None),
    UserSuspended(ANNE, Side.OPERATOR, "doubt", None),
    UserReinstated(ANNE, Side.ORGANIZATION),
    EmailChangeAsked(ANNE, 1, own=True),
    EmailConfirmed(ANNE, 1),
    EmailChanged(ANNE, 1, None),
    EmailChangeAsked(ANNE, 2, own=False),
    EmailKept(ANNE, 2, "objection"),
)
TURNS_OF_AN_ORGANIZATION: tuple[OrganizationEvent, ...] = (
    AgreementValidated(AGREEMENT),
    GroupSuspended(AGREEMENT, DECLARE, "doubt", None),
    AgreementSuspended(AGREEMENT, "doubt", None),
    OrganizationSuspended("doubt", None),
    OrganizationResumed(),
    ControlTaken("absence", None),
    ControlReturned(),
    AgreementResumed(AGREEMENT),
    GroupResumed(AGREEMENT, DECLARE),
    GroupWithdrawn(AGREEMENT, CONSULT, "over", None),
    AgreementRescheduled(AGREEMENT, term(AT + DAY, AT + 99 * DAY)),
    AgreementEnded(AGREEMENT, AT + 50 * DAY, (AT + 50 * DAY).date(), "over", None),
    OrganizationClosed("merger", None),
)


class AnActIsWhole(StoreBench):
    """Everything that an act leaves is there after it, and nothing of one that was stopped."""

    def test_what_is_saved_is_loaded(self, store: Store, seeds: Seeds) -> None:
        """R42: a user with memberships, a role, a delegation and two account periods comes back as it was."""
        closed_on = AT + DAY
        events = (
            created(account=term(AT, AT + 5 * DAY)),
            added(number=1, waiting=True),
            RoleAssigned(ANNE, 1, Paper("document", b"salt").seal),
            ManagerDelegated(ANNE, Scope(frozenset({PLACE})), term()),
            AccountClosed(ANNE, closed_on, closed_on.date()),
            AccountReopened(ANNE, term(AT + 2 * DAY)),
            added(number=2),
            ManagerDelegated(ANNE, Scope(), term()),
        )
        seeds.organization()
        seeds.user(ANNE, person(), *events)
        expected = None
        for event in events:
            expected = users.evolve(expected, event, AT)
        with store.reading(ORGANIZATION) as rows:
            assert rows.find_user(ANNE) == expected
            row = rows.find_row(ANNE)
            assert row is not None
            assert (row.person, row.login) == (person(), credential().login)

    def test_a_person_without_a_telephone_comes_back_without_one(self, store: Store, seeds: Seeds) -> None:
        """R10"""
        bare = evolve(person(), phone=None)
        seeds.organization()
        seeds.user(ANNE, bare)
        with store.reading(ORGANIZATION) as rows:
            row = rows.find_row(ANNE)
        assert row is not None
        assert row.person == bare

    def test_a_person_on_the_way_to_another_address_comes_back_with_both(self, store: Store, seeds: Seeds) -> None:
        """R13: the address that is wanted, and the one that was."""
        moving = evolve(person(), wanted=address("Anne@new.example"), former=address("Anne@old.example"))
        seeds.organization()
        seeds.user(ANNE)
        seeds.act(EmailChangeAsked(ANNE, 1, own=True), people={ANNE: moving})
        with store.reading(ORGANIZATION) as rows:
            row = rows.find_row(ANNE)
        assert row is not None
        assert row.person == moving

    def test_a_user_is_loaded_as_each_fact_left_it(self, store: Store, seeds: Seeds) -> None:
        """R42: suspensions of either side, and changes of address."""
        seeds.organization()
        seeds.user(ANNE)
        for days, event in enumerate(TURNS_OF_A_USER):
            seeds.act(event, at=AT + days * DAY)
            with store.reading(ORGANIZATION) as rows:
                assert rows.find_user(ANNE) == replay(rows.records(0, ALL)).users[ANNE], event

    def test_an_organization_is_loaded_as_each_fact_left_it(self, store: Store, seeds: Seeds) -> None:
        """R42: its state, its control, its agreements and their groups, each since its own instant."""
        seeds.organization()
        for days, event in enumerate(TURNS_OF_AN_ORGANIZATION):
            seeds.act(event, at=AT + days * DAY)
            with store.reading(ORGANIZATION) as rows:
                assert rows.organization == replay(rows.records(0, ALL)).organization, event

    def test_the_seat_and_the_agreements_are_loaded_as_they_were_left(self, store: Store, seeds: Seeds) -> None:
        """R42"""
        seeds.organization()
        seeds.act(FirstCredentialsIssued(ZOE, AT + 60 * DAY))
        with store.reading(ORGANIZATION) as rows:
            assert rows.organization == replay(rows.records(0, 100)).organization

    def test_whatever_happens_replaying_the_journal_gives_the_stored_state(self, store: Store) -> None:
        """R42, I9: after any story of acts, accepted and refused."""
        world = World.administered(store)
        told: list[tuple[int, int]] = []

        few = max(10, settings().max_examples // 5)

        @settings(suppress_health_check=list(HealthCheck), deadline=None, max_examples=few)
        @given(st.lists(STEPS, min_size=5, max_size=30))
        def check(steps: list[tuple[str, int, int]]) -> None:
            story = Story.begun(world).told(steps)
            entries = store.entries(story.id)
            state = replay(map(store.decode, entries))
            assert verify(entries) is None
            with store.reading(story.id) as rows:
                assert rows.organization == state.organization
                stored = {id: rows.find_user(id) for id in state.users}
            assert changed(state.users, stored) == [], f"after {steps}, each user is what the journal says"
            told.append((story.accepted, len(steps)))

        check()
        assert sum(accepted for accepted, _ in told) > sum(steps for _, steps in told) / 3, "stories tell something"

    def test_an_act_that_raises_leaves_nothing(self, store: Store, seeds: Seeds) -> None:
        """I8: state, journal, outbox, credentials, registries, papers."""
        seeds.organization()
        before = portrait(store)
        paper = Paper("a reason", b"salt")

        def stopped() -> None:
            with store.writing(ORGANIZATION) as rows:
                beside: dict[str, Any] = {
                    "people": {ANNE: person()},
                    "papers": (paper,),
                    "particulars": particulars(OTHER_SIRET),
                }
                issued, told = (credential(),), (message("m-1"),)
                rows.save(changes(rows, created(), **beside, credentials=issued, messages=told))
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            stopped()
        assert changed(before, portrait(store)) == []
        self._nothing_of_the_act(store, paper)

    def _nothing_of_the_act(self, store: Store, paper: Paper) -> None:
        login = credential().login
        assert login is not None
        assert store.outbox.find(message("m-1").id) is None
        assert list(store.outbox.take(LATER, LATER + DAY, 10)) == []
        assert store.credentials.by_login(login) is None
        with store.writing(ORGANIZATION) as rows:
            assert rows.siret_holder(OTHER_SIRET) is None
            assert rows.siret_holder(SIRET) == ORGANIZATION
            assert list(rows.with_email(person().email.normal)) == []
            assert rows.papers([paper.seal]) == {}

    def test_an_opening_that_raises_leaves_no_organization(self, store: Store) -> None:
        """I8"""

        def stopped() -> None:
            with store.writing(ORGANIZATION) as rows:
                rows.save(changes(rows, OrganizationOpened(ORGANIZATION), particulars=particulars()))
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            stopped()
        assert list(store.organizations()) == []
        assert list(store.entries(ORGANIZATION)) == []
        with store.writing(OTHER) as rows:
            assert rows.siret_holder(SIRET) is None

    def test_looking_without_acting_leaves_nothing(self, store: Store, seeds: Seeds) -> None:
        """I8: taking the organization, existing or not, is no act."""
        seeds.organization()
        before = portrait(store)
        for id in (ORGANIZATION, OTHER):
            with store.writing(id) as rows:
                rows.managers()
            with store.reading(id):
                pass
        assert changed(before, portrait(store)) == []

    def test_an_act_stopped_by_a_taken_siret_leaves_nothing(self, store: Store, seeds: Seeds) -> None:
        """I7, I8"""
        seeds.organization()
        before = portrait(store)
        with pytest.raises(Conflict):
            seeds.organization(OTHER, SIRET, credentials=(credential(on=OTHER),), messages=(message("m-1", on=OTHER),))
        assert changed(before, portrait(store)) == []
        assert store.outbox.find(message("m-1").id) is None
        assert store.credentials.of(OTHER, ANNE) is None

    def test_an_act_stopped_by_a_taken_login_leaves_nothing(self, store: Store, seeds: Seeds) -> None:
        """I7, I8"""
        seeds.organization()
        seeds.user(ANNE, login="00000001")
        before = portrait(store)
        with pytest.raises(Conflict):
            seeds.user(ZOE, person("Durand", "Zoé", "zoe@oliviers.example"), login="00000001")
        assert changed(before, portrait(store)) == []

    def test_an_act_over_a_stale_credential_leaves_nothing(self, store: Store, seeds: Seeds) -> None:
        """I8: what was read of the credential is no longer so."""
        seeds.organization()
        seeds.user(ANNE)
        stale = credential().issuing()
        store.credentials.save(credential().minting("a hash", AT))
        before = portrait(store)
        with pytest.raises(Conflict):
            seeds.act(added(), credentials=(stale,), messages=(message("m-1"),))
        assert changed(before, portrait(store)) == []
        assert store.outbox.find(message("m-1").id) is None

    def test_an_act_whose_refusal_is_caught_leaves_nothing(self, store: Store, seeds: Seeds) -> None:
        """I8: whoever makes light of a conflict does not keep the half of what met it."""
        seeds.organization()
        seeds.user(ANNE, login="00000001")
        before = portrait(store)

        def making_light_of_it() -> None:
            with store.writing(ORGANIZATION) as rows, suppress(Conflict):
                zoe = person("Durand", "Zoé", "zoe@oliviers.example")
                taken = credential(ZOE, "00000001")
                rows.save(changes(rows, created(ZOE), people={ZOE: zoe}, credentials=(taken,)))

        with suppress(Conflict):
            making_light_of_it()
        assert changed(before, portrait(store)) == []

    def test_a_commit_that_fails_is_not_reported_as_success(
        self, store: Store, seeds: Seeds, failing_commit: AbstractContextManager[None]
    ) -> None:
        """I8: the caller is told, and nothing is left."""
        seeds.organization()
        before = portrait(store)
        with failing_commit, pytest.raises(Exception):  # noqa: B017, PT011  (any failure will do, silence will not)
            seeds.user(ANNE, messages=(message("m-1"),))
        assert changed(before, portrait(store)) == []
        assert store.outbox.find(message("m-1").id) is None
        seeds.user(ANNE)

    def test_another_program_finds_everything_as_it_was_left(
        self, store: Store, seeds: Seeds, reopened: Callable[[], Store]
    ) -> None:
        """R42: for stores that outlive their process."""
        world = World.administered(store)
        world.sign_in(world.user())
        seeds.organization(siret=OTHER_SIRET, messages=(message("m-1"),))
        before, waiting = portrait(store), store.outbox.find(message("m-1").id)
        again = reopened()
        assert changed(before, portrait(again)) == []
        assert again.outbox.find(message("m-1").id) == waiting
