"""What is erased is gone for whoever asks, and what is dropped leaves its head; all the rest stays (R18, R41)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from attrs import evolve

from habilitation.domain.actors import Member, Stage
from habilitation.domain.attempts import Attempt, Verdict
from habilitation.domain.credential import Credential
from habilitation.domain.events import (
    AccountClosed,
    AccountReopened,
    OrganizationClosed,
    OrganizationSuspended,
    PersonErased,
    UserRemoved,
)
from habilitation.domain.journal import NOTHING_YET, replay, verify
from habilitation.domain.limits import Limits
from habilitation.domain.link import Link, LinkPurpose
from habilitation.domain.messages import Message, MessageKind, Notice
from habilitation.domain.refusals import Conflict
from habilitation.domain.security import LineKind, SecurityFact, SecurityLine
from habilitation.domain.values import Login, MessageId, OrganizationId, Paper, Siret, UserId
from habilitation.ports.credentials import KeptSession
from habilitation.ports.outbox import MessageState
from habilitation.ports.queries import UserFilter
from habilitation.ports.security_log import LineFilter
from habilitation.ports.store import Closed, Erased, Store
from habilitation.testing.contract.bench import StoreBench
from habilitation.testing.contract.portrait import changed, portrait
from habilitation.testing.contract.seeds import (
    ANNE,
    AT,
    DAY,
    NAME,
    ORGANIZATION,
    OTHER,
    OTHER_SIRET,
    SIRET,
    ZOE,
    Seeds,
    changes,
    credential,
    message,
    person,
    term,
)

HOUR = DAY / 24
THIRD_SIRET = Siret("12002701600357")
ZOES = person("Durand", "Zoé", "zoe@oliviers.example")
ABOUT_ANNE, ABOUT_ZOE = Paper("Anne has moved", b"a salt"), Paper("Zoé has moved", b"another salt")
TO_ZOE_ABOUT_ANNE = Message(MessageId("m-2"), ORGANIZATION, Notice(MessageKind.DOCUMENT_NEEDED, ZOE, ANNE))
ABOUT_ZOE_ALONE = Message(MessageId("m-3"), ORGANIZATION, Notice(MessageKind.LOGIN, ZOE, ZOE))


def session(user: UserId, on: OrganizationId = ORGANIZATION) -> KeptSession:
    """Somebody signed in."""
    return KeptSession(f"{on} {user}", on, user, 1, 1, Stage.OWN, AT + DAY)


def closed_at(user: UserId, at: datetime) -> AccountClosed:
    """That the account ends then."""
    return AccountClosed(user, at, at.date())


def everything(store: Store, *organizations: OrganizationId) -> dict[str, Any]:
    """All that erasing may touch, as the port shows it."""
    kept: dict[str, Any] = {"portrait": portrait(store)}
    for id in organizations:
        kept[f"{id}: sessions"] = [store.credentials.session(session(user, id).digest) for user in (ANNE, ZOE)]
        with store.reading(id) as rows:
            kept[f"{id}: papers"] = rows.papers([ABOUT_ANNE.seal, ABOUT_ZOE.seal])
    kept["messages"] = [store.outbox.find(MessageId(f"m-{number}")) for number in range(9)]
    return kept


class Erases(StoreBench):
    """A person goes, with all that was said of them; others, and what happened, stay."""

    def test_nothing_tells_who_it_was(self, store: Store, seeds: Seeds) -> None:
        """R18: nor does any search find it, whatever is searched."""
        self._planted(seeds)
        self._erase(seeds)
        with store.writing(ORGANIZATION) as rows:
            row = rows.find_row(ANNE)
            assert row is not None
            assert (row.person, row.login, row.user.erased) == (None, None, True)
            assert list(rows.with_email(person().email.normal)) == []
            found = [rows.users(UserFilter(AT, text=text), None, 10) for text in ("martin", "anne", "00000001")]
            assert [list(page) for page in found] == [[], [], []]

    def test_the_others_stay_as_they_were(self, store: Store, seeds: Seeds) -> None:
        """R18"""
        self._planted(seeds)
        with store.reading(ORGANIZATION) as rows:
            before = (rows.find_row(ZOE), rows.find_credential(ZOE))
        self._erase(seeds)
        with store.reading(ORGANIZATION) as rows:
            assert (rows.find_row(ZOE), rows.find_credential(ZOE)) == before
            assert rows.papers([NAME.seal, ABOUT_ZOE.seal]) == {NAME.seal: NAME.text, ABOUT_ZOE.seal: ABOUT_ZOE.text}
        assert store.credentials.session(session(ZOE).digest) == session(ZOE)
        assert self._state(store, ABOUT_ZOE_ALONE) == (MessageState.WAITING, "")

    def test_the_texts_that_the_erasure_names_are_gone(self, store: Store, seeds: Seeds) -> None:
        """R41: with their salts, so that no guess can be tried against a seal."""
        self._planted(seeds)
        self._erase(seeds)
        with store.reading(ORGANIZATION) as rows:
            assert rows.papers([ABOUT_ANNE.seal]) == {}

    def test_no_session_is_left(self, store: Store, seeds: Seeds) -> None:
        """R23"""
        self._planted(seeds)
        self._erase(seeds)
        assert store.credentials.session(session(ANNE).digest) is None

    def test_no_identity_is_left(self, store: Store, seeds: Seeds) -> None:
        """R44"""
        self._planted(seeds)
        bound = self._credential().binding("0" * 64)
        store.credentials.save(bound)
        seeds.act(PersonErased(ANNE, "request"), **(self._gone() | {"credentials": (bound.killing(),)}))
        assert list(store.credentials.by_identity("0" * 64)) == []

    def test_no_link_is_left(self, store: Store, seeds: Seeds) -> None:
        """R21"""
        self._planted(seeds)
        links = {user: Link(ORGANIZATION, user, LinkPurpose.PASSWORD, 1, AT + DAY) for user in (ANNE, ZOE)}
        for user, link in links.items():
            store.links.keep(f"digest {user}", link, AT)
        self._erase(seeds)
        assert [store.links.find(f"digest {user}") for user in links] == [None, links[ZOE]]

    def test_the_security_log_forgets_where_the_person_was(self, store: Store, seeds: Seeds) -> None:
        """R43: whether the person did something or is whom it is about; what happened stays."""
        self._planted(seeds)
        did = SecurityFact(LineKind.SIGNED_IN, ORGANIZATION, Member(ORGANIZATION, ANNE), source="192.0.2.1")
        about = SecurityFact(LineKind.SIGN_IN_FAILED, ORGANIZATION, None, frozenset({ANNE}), source="192.0.2.2")
        zoe = SecurityFact(LineKind.SIGNED_IN, ORGANIZATION, Member(ORGANIZATION, ZOE), source="192.0.2.3")
        for number, fact in enumerate((did, about, zoe)):
            store.security_log.write(SecurityLine(f"line-{number}", AT, fact), AT)
        self._erase(seeds)
        kept = [line.fact for line in store.security_log.lines(LineFilter(), None, 10)]
        assert kept == [zoe, evolve(about, source=""), evolve(did, source="")]

    def test_the_login_opens_nothing_and_is_never_given_again(self, store: Store, seeds: Seeds) -> None:
        """R11, I7"""
        self._planted(seeds)
        self._erase(seeds)
        assert store.credentials.by_login(Login("00000001")) is None
        with pytest.raises(Conflict):
            seeds.user(UserId("user-3"), login="00000001")

    def test_what_was_tried_with_the_login_is_forgotten(self, store: Store, seeds: Seeds) -> None:
        """R22: nothing is left of when somebody tried to sign in."""
        self._planted(seeds)
        attempts = [Attempt.of(Login("00000001"), "192.0.2.1", AT + number * HOUR / 60) for number in range(9)]
        verdicts = [store.attempts.count(attempt, Limits()) for attempt in attempts]
        assert verdicts[-1] is Verdict.TURNED_AWAY
        self._erase(seeds)
        assert store.attempts.count(attempts[-1], Limits()) is Verdict.ADMITTED

    def test_what_was_not_delivered_is_dropped_and_no_answer_of_a_server_is_kept(
        self, store: Store, seeds: Seeds
    ) -> None:
        """R20: to the person or about the person, waiting or dead; what was delivered, was."""
        self._planted(seeds)
        taken = {kept.message.id: kept for kept in store.outbox.take(AT, AT + DAY, 10)}
        store.outbox.settle(evolve(taken[TO_ZOE_ABOUT_ANNE.id], state=MessageState.DEAD, problem="550 anne@"))
        store.outbox.settle(evolve(taken[message("m-4").id], state=MessageState.DELIVERED, problem="450 anne@"))
        self._erase(seeds)
        states = [self._state(store, told) for told in (message("m-1"), TO_ZOE_ABOUT_ANNE, message("m-4"))]
        assert states == [(MessageState.DROPPED, ""), (MessageState.DROPPED, ""), (MessageState.DELIVERED, "")]
        assert list(store.outbox.dead()) == []

    def test_a_delivery_that_was_under_way_brings_nothing_back(self, store: Store, seeds: Seeds) -> None:
        """R20: what was dropped stays so, whatever its worker says."""
        self._planted(seeds)
        taken = store.outbox.take(AT, AT + DAY, 10)
        self._erase(seeds)
        for delivery in taken:
            store.outbox.settle(evolve(delivery, problem="450 anne@"))
        assert self._state(store, message("m-1")) == (MessageState.DROPPED, "")
        assert self._state(store, ABOUT_ZOE_ALONE) == (MessageState.WAITING, "450 anne@")

    def test_the_chain_holds_and_replay_gives_the_state(self, store: Store, seeds: Seeds) -> None:
        """R41, R42"""
        self._planted(seeds)
        self._erase(seeds)
        entries = store.entries(ORGANIZATION)
        assert verify(entries) is None
        with store.reading(ORGANIZATION) as rows:
            assert {id: rows.find_user(id) for id in (ANNE, ZOE)} == replay(map(store.decode, entries)).users

    def test_the_same_id_elsewhere_is_somebody_else(self, store: Store, seeds: Seeds) -> None:
        """R41: every row is its organization's."""
        self._planted(seeds)
        self._planted(seeds, OTHER)
        before = everything(store, OTHER)[f"{OTHER}: papers"], portrait(store)[OTHER]
        self._erase(seeds)
        assert (everything(store, OTHER)[f"{OTHER}: papers"], portrait(store)[OTHER]) == before
        assert store.credentials.session(session(ANNE, OTHER).digest) == session(ANNE, OTHER)
        assert self._state(store, message("m-1o", on=OTHER)) == (MessageState.WAITING, "")

    def test_an_erasure_that_is_stopped_leaves_everything(self, store: Store, seeds: Seeds) -> None:
        """I8"""
        self._planted(seeds)
        before = everything(store, ORGANIZATION)

        def stopped() -> None:
            with store.writing(ORGANIZATION) as rows:
                rows.save(changes(rows, PersonErased(ANNE, "request"), **self._gone()))
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            stopped()
        assert changed(before, everything(store, ORGANIZATION)) == []
        assert not store.residue()

    def test_an_erasure_over_a_stale_credential_leaves_everything(self, store: Store, seeds: Seeds) -> None:
        """I8: somebody signed in meanwhile."""
        self._planted(seeds)
        gone = self._gone()
        store.credentials.save(self._credential().minting("a hash", AT))
        before = everything(store, ORGANIZATION)
        with pytest.raises(Conflict):
            seeds.act(PersonErased(ANNE, "request"), **gone)
        assert changed(before, everything(store, ORGANIZATION)) == []

    def test_a_snapshot_from_before_still_shows_who_it_was(self, store: Store, second: Store, seeds: Seeds) -> None:
        """I8: one that was taken afterwards does not."""
        self._planted(seeds)
        with second.reading(ORGANIZATION) as before:
            self._erase(seeds)
            kept = before.find_row(ANNE)
            assert kept is not None
            assert kept.person == person()

    def test_wiping_changes_nothing_that_can_be_asked(self, store: Store, seeds: Seeds) -> None:
        """R42"""
        self._planted(seeds)
        self._erase(seeds)
        before = everything(store, ORGANIZATION)
        store.wipe()
        assert changed(before, everything(store, ORGANIZATION)) == []
        assert not store.residue()
        seeds.act(UserRemoved(ZOE))

    # Who is due

    def test_who_was_closed_by_then_is_found_the_longest_closed_first(self, store: Store, seeds: Seeds) -> None:
        """R18: in all organizations, or in one; page by page."""
        found = self._leavers(seeds)
        assert list(store.closed(AT + 2 * DAY, 10)) == found
        assert list(store.closed(AT + DAY, 10)) == found[:2]
        assert list(store.closed(AT + DAY - timedelta(microseconds=1), 10)) == []
        assert list(store.closed(AT + 2 * DAY, 10, OTHER)) == [found[1]]
        assert list(store.closed(AT + 2 * DAY, 1)) == found[:1]
        assert list(store.closed(AT + 2 * DAY, 10, after=found[0])) == found[1:]
        assert list(store.closed(AT + 2 * DAY, 10, ORGANIZATION, found[0])) == found[2:]

    def test_neither_who_is_open_again_nor_who_is_erased_is_found(self, store: Store, seeds: Seeds) -> None:
        """R14, R18"""
        found = self._leavers(seeds)
        seeds.act(AccountReopened(ANNE, term(AT + 2 * DAY)))
        seeds.act(PersonErased(ZOE, "request"), erased=Erased(ZOE, frozenset()))
        assert list(store.closed(AT + 9 * DAY, 10)) == [found[1]]

    def test_whoever_is_in_a_closed_organization_was_closed_with_it(self, store: Store, seeds: Seeds) -> None:
        """R1, R18: but for those who were closed before; a day to come came with it."""
        found = self._leavers(seeds)
        ended = AT + DAY + HOUR
        seeds.act(OrganizationClosed("merger", None), at=ended)
        zoe, third = (Closed(ended, ORGANIZATION, user) for user in (ZOE, UserId("user-3")))
        expected = [*found[:2], zoe, third]
        assert list(store.closed(ended, 10)) == expected
        assert list(store.closed(AT + DAY, 10)) == found[:2]
        assert list(store.closed(AT + 9 * DAY, 10, after=expected[1])) == expected[2:]
        assert list(store.closed(AT + 9 * DAY, 10, after=zoe)) == expected[3:]
        assert list(store.closed(AT + 9 * DAY, 10, OTHER)) == [found[1]]
        seeds.act(PersonErased(ZOE, "request"), erased=Erased(ZOE, frozenset()))
        assert list(store.closed(AT + 9 * DAY, 10)) == [*found[:2], third]

    def test_closed_organizations_are_found_the_longest_closed_first(self, store: Store, seeds: Seeds) -> None:
        """R41: a suspended one is not."""
        for id, siret in ((ORGANIZATION, SIRET), (OTHER, OTHER_SIRET), (OrganizationId("third"), THIRD_SIRET)):
            seeds.organization(id, siret)
        seeds.act(OrganizationSuspended("doubt", None), on=OrganizationId("third"))
        seeds.act(OrganizationClosed("merger", None), on=OTHER, at=AT + DAY)
        seeds.act(OrganizationClosed("merger", None), on=ORGANIZATION, at=AT + 2 * DAY)
        assert list(store.closed_organizations(AT + 2 * DAY, 10)) == [OTHER, ORGANIZATION]
        assert list(store.closed_organizations(AT + 2 * DAY, 1)) == [OTHER]
        assert list(store.closed_organizations(AT + 2 * DAY - HOUR, 10)) == [OTHER]

    def _leavers(self, seeds: Seeds) -> list[Closed]:
        seeds.organization()
        seeds.user(ANNE, person(), login="00000001")
        seeds.act(closed_at(ANNE, AT + DAY))
        seeds.user(ZOE, ZOES, login="00000002")
        seeds.act(closed_at(ZOE, AT + 2 * DAY))
        seeds.user(UserId("user-3"), evolve(ZOES, email=person().email), login="00000003")
        seeds.organization(OTHER, OTHER_SIRET)
        seeds.user(ANNE, person(), login="00000004", on=OTHER)
        seeds.act(closed_at(ANNE, AT + DAY), on=OTHER)
        of = (ORGANIZATION, ANNE), (OTHER, ANNE), (ORGANIZATION, ZOE)
        return [Closed(AT + days * DAY, *whose) for days, whose in zip((1, 1, 2), of, strict=True)]

    # A whole organization

    def test_what_is_dropped_leaves_the_head_of_its_journal(self, store: Store, seeds: Seeds) -> None:
        """R41: so that a copy kept elsewhere can still be verified."""
        self._planted(seeds)
        with store.reading(ORGANIZATION) as rows:
            head = rows.head
        assert store.dropped(ORGANIZATION) is None
        self._drop(store)
        assert store.dropped(ORGANIZATION) == head
        with store.reading(ORGANIZATION) as rows:
            assert (rows.organization, rows.head, rows.find_row(ANNE)) == (None, NOTHING_YET, None)
            assert rows.papers([ABOUT_ANNE.seal, NAME.seal]) == {}
            assert (set(rows.user_ids()), list(rows.records(0, 10)), list(rows.entries())) == (set(), [], [])
        assert list(store.organizations()) == []
        assert list(store.entries(ORGANIZATION)) == []

    def test_nothing_of_it_is_found_by_any_other_way(self, store: Store, seeds: Seeds) -> None:
        """R1, R11, R20, R23: its SIRET is free, its logins are not, and nothing waits to be sent."""
        self._planted(seeds)
        seeds.act(closed_at(ANNE, AT))
        self._drop(store)
        assert store.credentials.by_login(Login("00000001")) is None
        assert store.credentials.of(ORGANIZATION, ANNE) is None
        assert store.credentials.session(session(ANNE).digest) is None
        assert list(store.outbox.take(AT + DAY, AT + 2 * DAY, 10)) == []
        assert list(store.closed(AT + DAY, 10)) == []
        seeds.organization(OTHER, SIRET)
        with pytest.raises(Conflict):
            seeds.user(ANNE, login="00000001", on=OTHER)

    def test_other_organizations_stay_as_they_were(self, store: Store, seeds: Seeds) -> None:
        """R41"""
        self._planted(seeds)
        self._planted(seeds, OTHER)
        before = portrait(store)[OTHER]
        self._drop(store)
        assert changed(before, portrait(store)[OTHER]) == []
        assert store.credentials.session(session(ZOE, OTHER).digest) == session(ZOE, OTHER)
        assert self._state(store, message("m-1o", on=OTHER)) == (MessageState.WAITING, "")
        with store.writing(OTHER) as rows:
            assert rows.siret_holder(OTHER_SIRET) == OTHER

    def test_the_security_log_forgets_it_and_keeps_what_was_read_of_others(self, store: Store, seeds: Seeds) -> None:
        """R41, R43: a line about several organizations is about one less."""
        self._planted(seeds)
        of_it = SecurityFact(LineKind.READ, ORGANIZATION, None, frozenset({ANNE}))
        zoe = Member(OTHER, ZOE)
        several = SecurityFact(
            LineKind.READ, elsewhere=frozenset({ORGANIZATION, Member(ORGANIZATION, ANNE), OTHER, zoe})
        )
        for number, fact in enumerate((of_it, several)):
            store.security_log.write(SecurityLine(f"line-{number}", AT, fact), AT)
        self._drop(store)
        kept = [line.fact for line in store.security_log.lines(LineFilter(), None, 10)]
        assert kept == [evolve(several, elsewhere=frozenset({OTHER, zoe}))]

    def test_a_dropping_that_is_stopped_leaves_everything(self, store: Store, seeds: Seeds) -> None:
        """I8"""
        self._planted(seeds)
        before = everything(store, ORGANIZATION)

        def stopped() -> None:
            with store.writing(ORGANIZATION) as rows:
                rows.drop()
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            stopped()
        assert changed(before, everything(store, ORGANIZATION)) == []
        assert store.dropped(ORGANIZATION) is None

    def test_a_delivery_under_way_may_end_when_its_organization_is_dropped(self, store: Store, seeds: Seeds) -> None:
        """R20: it brings nothing back."""
        self._planted(seeds)
        [taken, *_] = store.outbox.take(AT, AT + DAY, 10)
        self._drop(store)
        store.outbox.settle(taken)
        assert store.outbox.find(taken.message.id) is None

    # What is planted

    def _planted(self, seeds: Seeds, on: OrganizationId = ORGANIZATION) -> None:
        """Anne, of whom much is told, and Zoé."""
        elsewhere = on != ORGANIZATION
        logins, mark = (("00000008", "00000009"), "o") if elsewhere else (("00000001", "00000002"), "")
        seeds.organization(on, OTHER_SIRET if elsewhere else SIRET)
        told = (message(f"m-1{mark}", on=on), message(f"m-4{mark}", on=on))
        more = () if elsewhere else (TO_ZOE_ABOUT_ANNE, ABOUT_ZOE_ALONE)
        seeds.user(ANNE, person(), login=logins[0], on=on, papers=(ABOUT_ANNE,), messages=told)
        seeds.user(ZOE, ZOES, login=logins[1], on=on, papers=(ABOUT_ZOE,), messages=more)
        for user in (ANNE, ZOE):
            seeds.store.credentials.open_session(session(user, on), AT)

    def _credential(self) -> Credential:
        return credential(ANNE, "00000001")

    def _gone(self) -> dict[str, Any]:
        dead = (self._credential().killing(),)
        return {"credentials": dead, "erased": Erased(ANNE, frozenset({ABOUT_ANNE.seal}))}

    def _erase(self, seeds: Seeds) -> None:
        seeds.act(PersonErased(ANNE, "request"), **self._gone())

    def _drop(self, store: Store) -> None:
        with store.writing(ORGANIZATION) as rows:
            rows.drop()

    def _state(self, store: Store, told: Message) -> tuple[MessageState, str]:
        kept = store.outbox.find(told.id)
        assert kept is not None
        return kept.state, kept.problem
