"""Threads at the gate, and processes on one file."""

from __future__ import annotations

import multiprocessing
import threading
import time

import pytest

from habilitation.adapters.sql import SqlStore
from habilitation.adapters.sql.gate import Gate, gate_of
from habilitation.adapters.sql.sqlite import SqliteDatabase
from habilitation.domain.events import OrganizationOpened, UserCreated
from habilitation.domain.journal import replay, verify
from habilitation.domain.period import Term
from habilitation.domain.refusals import Conflict, DatabaseLocked
from habilitation.domain.values import OrganizationId, Particulars, Siret, UserId
from tests.adapters.sql_histories import AGENT, NOW, ORGANIZATION, PARTICULARS, act, changes

OPEN = Term(NOW, None, NOW.date(), None)
ANOTHER = OrganizationId("organization-2")
PROCESSES, ACTS = 4, 25


def test_the_gate_lets_threads_through_in_the_order_of_their_coming():
    gate, order = Gate(), list[int]()
    gate.enter(1)
    threads = []
    for number in range(20):
        threads.append(threading.Thread(target=through, args=(gate, order, number)))
        threads[-1].start()
        while len(gate._waiting) <= number:
            time.sleep(0.001)
    gate.leave()
    for thread in threads:
        thread.join()
    assert order == list(range(20))


def through(gate: Gate, order: list[int], number: int) -> None:
    gate.enter(5)
    order.append(number)
    gate.leave()


def test_whoever_waits_too_long_at_the_gate_leaves_the_queue():
    gate, told = Gate(), list[DatabaseLocked]()
    gate.enter(1)
    waiting = threading.Thread(target=wait_shortly, args=(gate, told))
    waiting.start()
    waiting.join()
    gate.leave()
    assert told
    gate.enter(0)
    gate.leave()


def wait_shortly(gate: Gate, told: list[DatabaseLocked]) -> None:
    with pytest.raises(DatabaseLocked) as caught:
        gate.enter(0.05)
    told.append(caught.value)


def test_all_stores_of_a_process_on_one_file_share_its_gate(tmp_path):
    (tmp_path / "link").symlink_to(tmp_path)
    stores = [SqlStore.open(f"sqlite:///{tmp_path}/{name}") for name in ("portal.db", "link/portal.db", "other.db")]
    gates = [gate_within(store) for store in stores]
    for store in stores:
        store.close()
    assert gates[0] is gates[1] is gate_of(str(tmp_path.resolve() / "portal.db"))
    assert gates[0] is not gates[2]


def gate_within(store: SqlStore) -> Gate:
    assert isinstance(store._database, SqliteDatabase)
    return store._database.gate


def test_threads_that_write_to_one_organization_lose_no_act(tmp_path):
    """I8, I9."""
    store = SqlStore.open(f"sqlite:///{tmp_path}/portal.db")
    act(store, NOW, AGENT, OrganizationOpened(ORGANIZATION))
    threads = [threading.Thread(target=write, args=(store, number)) for number in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert_whole(store, 10 * ACTS)
    store.close()


def test_processes_that_open_one_new_file_and_write_to_it_lose_no_act(tmp_path):
    """I7, I8, I9: the migration is made once, the organization opened once, and every act is there."""
    url = f"sqlite:///{tmp_path}/portal.db"
    context = multiprocessing.get_context("spawn")
    start = context.Barrier(PROCESSES)
    with context.Pool(PROCESSES, initializer=prepare, initargs=(start,)) as pool:
        openings = pool.map(open_and_write, [(url, number) for number in range(PROCESSES)], chunksize=1)
    assert sorted(openings) == ["opened"] + ["taken"] * (PROCESSES - 1)
    store = SqlStore.open(url)
    assert_whole(store, PROCESSES * ACTS)
    store.close()


def prepare(start: threading.Barrier) -> None:
    globals()["together"] = start


def open_and_write(job: tuple[str, int]) -> str:
    url, number = job
    globals()["together"].wait()
    store = SqlStore.open(url, busy_timeout=30)
    opening = open_organization(store)
    write(store, number)
    store.close()
    return opening


def open_organization(store: SqlStore) -> str:
    """Whoever comes first opens it; to the others its SIRET is taken."""
    with store.writing(ORGANIZATION) as tx:
        if tx.organization is None:
            tx.save(changes(tx, NOW, AGENT, OrganizationOpened(ORGANIZATION)))
            return "opened"
    with pytest.raises(Conflict):
        act(store, NOW, AGENT, OrganizationOpened(ANOTHER), organization=ANOTHER)
    return "taken"


def write(store: SqlStore, number: int) -> None:
    for turn in range(ACTS):
        act(store, NOW, AGENT, UserCreated(UserId(f"user-{number}-{turn}"), None, OPEN, False))


def assert_whole(store: SqlStore, acts: int) -> None:
    entries = store.entries(ORGANIZATION)
    state = replay(map(store.decode, entries))
    assert verify(entries) is None
    assert len(entries) == 1 + acts == 1 + len(state.users)
    with store.reading(ORGANIZATION) as rows:
        assert {user: rows.find_user(user) for user in state.users} == state.users


def test_a_siret_is_of_one_organization_and_is_freed_by_its_move(tmp_path):
    """R1, I7."""
    store = SqlStore.open(f"sqlite:///{tmp_path}/portal.db")
    moved = Siret("13002526500013")
    act(store, NOW, AGENT, OrganizationOpened(ORGANIZATION))
    with pytest.raises(Conflict):
        act(store, NOW, AGENT, OrganizationOpened(ANOTHER), organization=ANOTHER)
    now = Particulars(moved, "LES OLIVIERS", PARTICULARS.contact)
    act(store, NOW, AGENT, UserCreated(UserId("anne"), None, OPEN, False), particulars=now)
    act(store, NOW, AGENT, OrganizationOpened(ANOTHER), organization=ANOTHER)
    with store.writing(ORGANIZATION) as tx:
        assert (tx.siret_holder(moved), tx.siret_holder(PARTICULARS.siret)) == (ORGANIZATION, ANOTHER)
    assert store.organizations() == [ORGANIZATION, ANOTHER]
    store.close()
