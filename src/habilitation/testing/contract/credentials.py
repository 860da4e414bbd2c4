"""Credentials, links and sessions: a unit of their own, changed by compare-and-swap (R19, R20, R21, R23)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from attrs import evolve

from habilitation.domain.actors import Stage
from habilitation.domain.credential import Credential, Minted, Standing
from habilitation.domain.events import IdentityLinked, IdentityUnlinked
from habilitation.domain.link import Link, LinkPurpose
from habilitation.domain.refusals import Conflict
from habilitation.domain.values import Login, Siret
from habilitation.ports.credentials import PRUNED_BY_EACH as SESSIONS_PRUNED
from habilitation.ports.credentials import KeptSession
from habilitation.ports.links import PRUNED_BY_EACH as LINKS_PRUNED
from habilitation.ports.outbox import Delivery, MessageState
from habilitation.ports.store import Store
from habilitation.testing.contract.bench import StoreBench
from habilitation.testing.contract.concurrency import accepted, together
from habilitation.testing.contract.seeds import ANNE, AT, DAY, ORGANIZATION, OTHER, ZOE, Seeds, credential, message

SESSION = KeptSession("a" * 64, ORGANIZATION, ANNE, 2, 1, Stage.OWN, AT + DAY)
LINK = Link(ORGANIZATION, ANNE, LinkPurpose.PASSWORD, 2, AT + DAY)
LINK_TO_COME = evolve(LINK, expires=AT + 9 * DAY)
IDENTITY = "0" * 64
"""A digest."""
RIVALS = 6


class KeepsCredentials(StoreBench):
    """A credential is found by its login while it is alive, and follows its own versions."""

    @pytest.fixture
    def anne(self, seeds: Seeds) -> Credential:
        """A credential that is stored, at version 0."""
        seeds.organization()
        seeds.user(ANNE, login="00000001")
        return credential(ANNE, "00000001")

    def test_a_credential_is_loaded_as_it_was_saved(self, store: Store, anne: Credential) -> None:
        """R19, R20: in every standing."""
        minted = anne.minting("one", AT).minting("two", AT + DAY)
        for saved in (
            anne.minting("one", AT),
            minted,
            minted.using(Minted("two", AT + DAY)),
            evolve(minted, version=4, expires=AT + 60 * DAY),
            evolve(minted, version=5, asked=(AT, AT + DAY)),
            evolve(minted, version=5).choosing("a slow hash"),
            evolve(minted, version=6).binding(IDENTITY),
        ):
            store.credentials.save(saved)
            assert store.credentials.of(ORGANIZATION, ANNE) == saved
            with store.reading(ORGANIZATION) as rows:
                assert rows.find_credential(ANNE) == saved

    def test_a_credential_is_found_by_its_login(self, store: Store, anne: Credential) -> None:
        """R11"""
        assert store.credentials.by_login(Login("00000001")) == anne
        assert store.credentials.by_login(Login("00000002")) is None

    def test_nothing_is_known_of_who_has_none(self, store: Store, anne: Credential) -> None:
        """R41: every credential is its organization's."""
        assert store.credentials.of(ORGANIZATION, ZOE) is None
        assert store.credentials.of(OTHER, ANNE) is None

    def test_a_dead_credential_is_not_found_by_its_login(self, store: Store, anne: Credential) -> None:
        """R4: what was killed opens nothing, and its login is in no answer (R41)."""
        first = evolve(anne, standing=Standing.FIRST, version=1)
        store.credentials.save(first)
        store.credentials.save(first.killing())
        assert store.credentials.by_login(Login("00000001")) is None
        with store.reading(ORGANIZATION) as rows:
            row = rows.find_row(ANNE)
        assert row is not None
        assert row.login is None

    def test_an_identity_finds_the_credentials_that_it_opens(
        self, store: Store, seeds: Seeds, anne: Credential
    ) -> None:
        """R44: one in each organization, until it is unbound."""
        bound = anne.binding(IDENTITY)
        store.credentials.save(bound)
        seeds.organization(OTHER, Siret("13002526500013"))
        seeds.user(ZOE, on=OTHER, login="00000002")
        there = credential(ZOE, "00000002", OTHER).binding(IDENTITY)
        store.credentials.save(there)
        assert list(store.credentials.by_identity(IDENTITY)) == [bound, there]
        with store.reading(OTHER) as rows:
            assert (rows.with_identity(IDENTITY), rows.with_identity("1" * 64)) == (there, None)
        store.credentials.save(bound.unbinding())
        assert list(store.credentials.by_identity(IDENTITY)) == [there]
        with store.reading(ORGANIZATION) as rows:
            assert rows.with_identity(IDENTITY) is None

    def test_an_identity_opens_one_account_of_an_organization(
        self, store: Store, seeds: Seeds, anne: Credential
    ) -> None:
        """R44: whoever comes second meets a conflict, and leaves nothing."""
        store.credentials.save(anne.binding(IDENTITY))
        seeds.user(ZOE, login="00000002")
        zoe = credential(ZOE, "00000002")
        with pytest.raises(Conflict):
            store.credentials.save(zoe.binding(IDENTITY))
        assert store.credentials.of(ORGANIZATION, ZOE) == zoe

    def test_one_act_passes_an_identity_on(self, store: Store, seeds: Seeds, anne: Credential) -> None:
        """R44: from whoever gives it up, who is named first."""
        bound = anne.binding(IDENTITY)
        store.credentials.save(bound)
        seeds.user(ZOE, login="00000002")
        taking = credential(ZOE, "00000002").binding(IDENTITY)
        seeds.act(IdentityUnlinked(ANNE), IdentityLinked(ZOE), credentials=(bound.unbinding(), taking))
        assert list(store.credentials.by_identity(IDENTITY)) == [taking]

    def test_a_change_over_a_stale_version_is_refused(self, store: Store, anne: Credential) -> None:
        """R20: minting must not undo what was chosen meanwhile."""
        chosen = anne.choosing("a slow hash")
        store.credentials.save(chosen)
        with pytest.raises(Conflict):
            store.credentials.save(anne.minting("one", AT))
        with pytest.raises(Conflict):
            store.credentials.save(chosen)
        assert store.credentials.of(ORGANIZATION, ANNE) == chosen

    def test_a_version_cannot_be_skipped(self, store: Store, anne: Credential) -> None:
        """R20: what lies between was not read."""
        with pytest.raises(Conflict):
            store.credentials.save(evolve(anne, version=2))
        assert store.credentials.of(ORGANIZATION, ANNE) == anne

    def test_what_is_not_there_cannot_be_changed(self, store: Store, anne: Credential) -> None:
        """R20"""
        with pytest.raises(Conflict):
            store.credentials.save(evolve(credential(ZOE, "00000002"), version=1))
        assert store.credentials.of(ORGANIZATION, ZOE) is None

    def test_of_several_changes_at_once_one_is_made(self, store: Store, second: Store, anne: Credential) -> None:
        """R20: counted and compared in one step."""
        handles = [(store, second)[number % 2] for number in range(RIVALS)]
        wanted = [anne.minting(f"hash {number}", AT) for number in range(RIVALS)]
        done = together(
            [
                lambda handle=handle, next=next: accepted(lambda: handle.credentials.save(next))  # type: ignore[misc]
                for handle, next in zip(handles, wanted, strict=True)
            ]
        )
        assert sum(done) == 1, "one change is accepted, and the others are refused"
        assert store.credentials.of(ORGANIZATION, ANNE) == wanted[done.index(True)]

    def test_a_credential_that_changes_is_in_nobodys_way(self, store: Store, anne: Credential, seeds: Seeds) -> None:
        """R22: who hammers a login never makes an act on the organization conflict."""
        with store.reading(ORGANIZATION) as rows:
            head = rows.head
        store.credentials.save(anne.minting("one", AT))
        with store.reading(ORGANIZATION) as rows:
            assert rows.head == head

    def test_a_message_is_stored_with_the_change_that_it_goes_with(self, store: Store, anne: Credential) -> None:
        """R21: and may leave from the instant that is named."""
        store.credentials.save_telling(evolve(anne, version=1), message("m-1"), AT + DAY)
        assert store.credentials.of(ORGANIZATION, ANNE) == evolve(anne, version=1)
        assert store.outbox.find(message("m-1").id) == Delivery(message("m-1"), MessageState.WAITING, 0, AT + DAY)

    def test_a_message_is_not_stored_where_the_change_is_refused(self, store: Store, anne: Credential) -> None:
        """R21: asked for twice at once, it leaves as often as it was counted."""
        with pytest.raises(Conflict):
            store.credentials.save_telling(evolve(anne, version=2), message("m-1"), AT)
        assert store.outbox.find(message("m-1").id) is None
        assert store.credentials.of(ORGANIZATION, ANNE) == anne


class KeepsLinks(StoreBench):
    """A link is found by the digest of its token, as it was kept."""

    @pytest.mark.parametrize("purpose", LinkPurpose)
    def test_a_link_is_found_by_its_digest(self, store: Store, purpose: LinkPurpose) -> None:
        """R13, R21, R44"""
        link = evolve(LINK, purpose=purpose)
        store.links.keep("a" * 64, link, AT)
        assert store.links.find("a" * 64) == link
        assert store.links.find("b" * 64) is None

    def test_every_link_of_a_generation_is_kept(self, store: Store) -> None:
        """R20: a retried delivery makes another up, and the first may have arrived."""
        store.links.keep("a" * 64, LINK, AT)
        store.links.keep("b" * 64, evolve(LINK, expires=AT + 2 * DAY), AT)
        store.links.keep("c" * 64, evolve(LINK, organization=OTHER), AT)
        assert store.links.find("a" * 64) == LINK
        assert store.links.find("b" * 64) == evolve(LINK, expires=AT + 2 * DAY)
        assert store.links.find("c" * 64) == evolve(LINK, organization=OTHER)

    def test_when_the_last_link_of_a_generation_dies_is_known(self, store: Store) -> None:
        """R13: of that user, that purpose and that generation, whatever else is kept."""
        of = (ORGANIZATION, ANNE, LinkPurpose.PASSWORD, 2)
        assert store.links.last(*of) is None
        others: list[dict[str, Any]] = [
            {"organization": OTHER},
            {"user": ZOE},
            {"purpose": LinkPurpose.EMAIL},
            {"generation": 3},
        ]
        for number, other in enumerate(others):
            store.links.keep(f"other {number}", evolve(LINK, expires=AT + 9 * DAY, **other), AT)
        assert store.links.last(*of) is None
        for digest, days in (("a", 1), ("b", 3), ("c", 2)):
            store.links.keep(digest, evolve(LINK, expires=AT + days * DAY), AT)
        assert store.links.last(*of) == AT + 3 * DAY

    def test_links_that_are_over_go_oldest_first_and_few_at_a_time(self, store: Store) -> None:
        """R21: whoever comes back with one is told that it is over, until then."""
        for days in (3, 1, 4, 2, 5):
            store.links.keep(f"day {days}", evolve(LINK, expires=AT + days * DAY), AT)
        store.links.keep("new", LINK_TO_COME, AT + 5 * DAY)
        gone = range(1, 1 + LINKS_PRUNED)
        assert [days for days in range(1, 6) if not store.links.find(f"day {days}")] == list(gone)
        for number in range(9):
            store.links.keep(f"newer {number}", LINK_TO_COME, AT + 5 * DAY)
        assert [days for days in range(1, 6) if store.links.find(f"day {days}")] == [5]
        assert store.links.find("new") == LINK_TO_COME

    def test_a_link_to_object_is_kept_for_good(self, store: Store) -> None:
        """R13: a change of address that is confirmed late still asks when the old address was told of it."""
        told = evolve(LINK, purpose=LinkPurpose.OBJECTION)
        store.links.keep("told", told, AT)
        store.links.keep("new", LINK_TO_COME, AT + 9 * DAY)
        assert store.links.find("told") == told


class KeepsSessions(StoreBench):
    """A session is found by the digest of its token until it is ended."""

    def test_a_session_is_found_by_its_digest(self, store: Store, seeds: Seeds) -> None:
        """R23"""
        seeds.organization()
        store.credentials.open_session(SESSION, AT)
        assert store.credentials.session(SESSION.digest) == SESSION
        assert store.credentials.session("b" * 64) is None
        with store.reading(ORGANIZATION) as rows:
            assert rows.find_session(SESSION.digest) == SESSION

    def test_a_session_of_another_organization_is_told_as_such(self, store: Store, seeds: Seeds) -> None:
        """R37: the use case answers, so it must be told."""
        seeds.organization()
        store.credentials.open_session(SESSION, AT)
        with store.reading(OTHER) as rows:
            assert rows.find_session(SESSION.digest) == SESSION

    def test_an_ended_session_is_not_found(self, store: Store) -> None:
        """R23"""
        store.credentials.open_session(SESSION, AT)
        store.credentials.end_session(SESSION.digest)
        assert store.credentials.session(SESSION.digest) is None

    def test_ending_what_is_not_there_changes_nothing(self, store: Store) -> None:
        """R23: signing out twice."""
        other = evolve(SESSION, digest="b" * 64, identity=IDENTITY)
        store.credentials.open_session(other, AT)
        store.credentials.end_session(SESSION.digest)
        assert store.credentials.session(other.digest) == other

    @pytest.mark.parametrize("stage", Stage)
    def test_every_stage_is_kept(self, store: Store, stage: Stage) -> None:
        """R23"""
        session = evolve(SESSION, stage=stage)
        store.credentials.open_session(session, AT)
        assert store.credentials.session(session.digest) == session

    def test_sessions_that_are_over_go_oldest_first_and_few_at_a_time(self, store: Store) -> None:
        """R23: they never grow without end."""

        def sign_in(digest: str, days: int, kept_since: datetime = AT) -> None:
            store.credentials.open_session(evolve(SESSION, digest=digest, expires=AT + days * DAY), kept_since)

        for days in (3, 1, 4, 2, 5):
            sign_in(f"day {days}", days)
        sign_in("new", 9, AT + 5 * DAY)
        gone = range(1, 1 + SESSIONS_PRUNED)
        assert [days for days in range(1, 6) if not store.credentials.session(f"day {days}")] == list(gone)
        for number in range(9):
            sign_in(f"newer {number}", 9, AT + 5 * DAY)
        assert [days for days in range(1, 6) if store.credentials.session(f"day {days}")] == [5]
        assert store.credentials.session("new")
