"""One organization, one writer at a time; and whoever reads is never disturbed."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from threading import Barrier, Event, Thread
from typing import TypeVar

from habilitation.domain.journal import verify
from habilitation.domain.refusals import Conflict
from habilitation.domain.user import Status, User
from habilitation.domain.values import UserId
from habilitation.ports.queries import UserFilter
from habilitation.ports.store import Store
from habilitation.testing.contract.bench import StoreBench
from habilitation.testing.contract.portrait import changed, portrait, users_of
from habilitation.testing.contract.seeds import (
    ANNE,
    AT,
    ORGANIZATION,
    OTHER,
    OTHER_SIRET,
    SIRET,
    ZOE,
    Seeds,
    added,
    changes,
    created,
    credential,
    only,
    person,
)

T = TypeVar("T")

PATIENCE = 10.0
"""Seconds after which a test gives up on a thread."""
A_WHILE = 0.2
"""Seconds that a writer holds the organization, so that another could overtake it."""
WRITERS, EACH = 4, 5


def aside(act: Callable[[], T]) -> Future[T]:
    """Begin the act in another thread, which nobody need wait for."""
    future: Future[T] = Future()

    def run() -> None:
        try:
            future.set_result(act())
        except BaseException as error:  # noqa: BLE001  (told to whoever asks for the result)
            future.set_exception(error)

    Thread(target=run, daemon=True).start()
    return future


def accepted(act: Callable[[], object]) -> bool:
    """Whether the act was done; over a stale version it may be refused, in no other way."""
    try:
        act()
    except Conflict:
        return False
    return True


def together(acts: list[Callable[[], T]]) -> list[T]:
    """What the acts give, all begun at the same moment."""
    barrier = Barrier(len(acts), timeout=PATIENCE)

    def begun(act: Callable[[], T]) -> T:
        barrier.wait()
        return act()

    return [future.result(PATIENCE) for future in [aside(partial(begun, act)) for act in acts]]


class OneWriter(StoreBench):
    """Two writers of one organization take turns, or one of them is told ``Conflict``."""

    def test_nobody_writes_over_what_he_has_not_read(self, store: Store, second: Store, seeds: Seeds) -> None:
        """R5: a writer that read, then waited, either kept the others out or is refused."""
        seeds.organization()
        has_read, overtaken = Event(), Event()

        def slow() -> None:
            with store.writing(ORGANIZATION) as rows:
                act = changes(rows, created(ANNE), people={ANNE: person()}, credentials=(credential(),))
                has_read.set()
                overtaken.wait(A_WHILE)
                rows.save(act)

        def quick() -> None:
            has_read.wait(PATIENCE)
            Seeds(second).user(ZOE, person("Durand", "Zoé", "zoe@oliviers.example"), login="00000002")
            overtaken.set()

        done = together([lambda: accepted(slow), lambda: accepted(quick)])
        assert any(done), "at least one of the two gets through"
        assert len(users_of(store, ORGANIZATION)) == sum(done), "each act that was accepted is there"
        assert verify(store.entries(ORGANIZATION)) is None

    def test_writers_who_start_together_leave_one_chain(self, store: Store, second: Store, seeds: Seeds) -> None:
        """I9: each act that was accepted is there once, and nothing else."""
        seeds.organization()
        before = len(store.entries(ORGANIZATION))

        def writing(number: int) -> Callable[[], int]:
            handle = Seeds(store if number % 2 else second)
            users = [UserId(f"user-{number}-{turn}") for turn in range(EACH)]
            logins = [f"0000{number:02}{turn:02}" for turn in range(EACH)]
            who = person("Durand", "Zoé", "zoe@oliviers.example")
            return lambda: sum(
                accepted(lambda user=user, login=login: handle.user(user, who, login=login))  # type: ignore[misc]
                for user, login in zip(users, logins, strict=True)
            )

        done = sum(together([writing(number) for number in range(WRITERS)]))
        assert done >= EACH, "writers get on"
        assert len(users_of(store, ORGANIZATION)) == done
        assert len(store.entries(ORGANIZATION)) - before == done
        assert verify(store.entries(ORGANIZATION)) is None
        assert changed(portrait(store), portrait(second)) == []

    def test_two_openings_with_one_siret_leave_one_organization(self, store: Store, second: Store) -> None:
        """R1, I7"""
        done = together(
            [
                lambda: accepted(lambda: Seeds(store).organization(ORGANIZATION, SIRET)),
                lambda: accepted(lambda: Seeds(second).organization(OTHER, SIRET)),
            ]
        )
        assert sum(done) == 1, "one of the two is accepted, and one refused"
        assert len(store.organizations()) == 1

    def test_two_users_given_one_login_leave_one(self, store: Store, second: Store, seeds: Seeds) -> None:
        """R11, I7: in different organizations, which do not wait for each other."""
        seeds.organization(ORGANIZATION, SIRET)
        seeds.organization(OTHER, OTHER_SIRET)
        done = together(
            [
                lambda: accepted(lambda: Seeds(store).user(ANNE, login="00000001", on=ORGANIZATION)),
                lambda: accepted(lambda: Seeds(second).user(ZOE, login="00000001", on=OTHER)),
            ]
        )
        assert sum(done) == 1, "one of the two is accepted, and one refused"
        assert len(users_of(store, ORGANIZATION)) + len(users_of(store, OTHER)) == 1


class Snapshots(StoreBench):
    """A reading is of one moment, and in nobody's way."""

    def test_a_snapshot_stays_as_it_was_while_others_write(self, store: Store, second: Store, seeds: Seeds) -> None:
        """R42: every answer is of the one moment at which it was taken."""
        seeds.organization()
        seeds.user(ANNE)
        with store.reading(ORGANIZATION) as rows:
            before = (rows.organization, rows.head, rows.find_user(ANNE))
            aside(lambda: Seeds(second).act(added())).result(PATIENCE)
            zoe = person("Durand", "Zoé", "zoe@oliviers.example")
            aside(lambda: Seeds(second).user(ZOE, zoe, login="00000002")).result(PATIENCE)
            assert (rows.organization, rows.head, rows.find_user(ANNE)) == before
            assert rows.find_user(ZOE) is None
            assert rows.find_row(ZOE) is None
            assert not rows.with_email(zoe.email.normal)
            assert [row.user.id for row in rows.users(UserFilter(AT, Status.OPEN), None, 10)] == [ANNE]
            assert [record.sequence for record in rows.records(0, 100)][-1] == rows.head.sequence
        with store.reading(ORGANIZATION) as rows:
            assert rows.find_user(ZOE) is not None

    def test_a_snapshot_does_not_show_what_is_not_committed(self, store: Store, second: Store, seeds: Seeds) -> None:
        """I8: and the writer who has not finished does not keep anybody from reading."""
        seeds.organization()
        before = portrait(store)
        with store.writing(ORGANIZATION) as rows:
            rows.save(changes(rows, created(), people={ANNE: person()}, credentials=(credential(),)))
            assert changed(before, aside(lambda: portrait(second)).result(PATIENCE)) == []
        assert users_of(second, ORGANIZATION) == [ANNE]

    def test_another_handle_sees_an_act_at_once(self, store: Store, second: Store, seeds: Seeds) -> None:
        """R23: whatever it had read before, for authority is read again at each act."""
        seeds.organization()
        seeds.user(ANNE)
        assert self._seen_by(second) == self._seen_by(store)
        seeds.act(added())
        membership = only(self._seen_by(second).account.memberships)
        assert membership.number == 1
        assert changed(portrait(store), portrait(second)) == []

    def _seen_by(self, handle: Store) -> User:
        with handle.reading(ORGANIZATION) as rows:
            seen = rows.find_user(ANNE)
        with handle.writing(ORGANIZATION) as rows:
            assert rows.find_user(ANNE) == seen
        assert seen is not None
        return seen
