"""R22: failures are counted before the password is looked at, delays grow, a lock ends; and nobody learns a thing."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from inspect import unwrap
from pathlib import Path
from threading import Event, Thread
from typing import Any

import argon2
import pytest
from attrs import define, evolve, field

from habilitation import Habilitation, Limits, LineKind, Refusal, SecurityFact
from habilitation.adapters.memory import MemoryStore
from habilitation.adapters.passwords import Passwords
from habilitation.adapters.sql import SqlStore
from habilitation.domain.actors import Asking
from habilitation.domain.attempts import Attempt
from habilitation.domain.events import UserUnlocked
from habilitation.domain.period import Dates
from habilitation.domain.refusals import Busy, DatabaseLocked, SignInRefused
from habilitation.domain.requests import GroupAddition, Reissue
from habilitation.domain.values import Login, UserId
from habilitation.testing.world import AFAS, AGENT, CONSULT, PASSWORD, SIRETS, World
from tests.races.crews import rival
from tests.steps import (
    Instead,
    choose_by,
    close,
    day,
    link_to,
    logged,
    new_user,
    over,
    records,
    refused,
    remove,
    show,
    unlock,
    vacate,
)
from tests.stores import sqlite_url

HERE, THERE = "192.0.2.1", "192.0.2.2"
NOBODYS = "00000000"
"""No login of anybody's: those of a world are drawn from 2^40."""


@pytest.fixture
def user(world):
    """Somebody who chose a password."""
    user = world.user()
    world.sign_in(user)
    return user


@pytest.fixture
def login(world, user):
    return show(world, user).login.text


def fail(world: World, login: str, times: int = 1, source: str = HERE) -> None:
    """So many wrong passwords, each when the former's delay is over."""
    for _ in range(times):
        with refused(world, "sign-in-refused"):
            world.portal.sign_in(login, "wrong", source)
        world.clock.move(seconds=10)


def enters(world: World, login: str, source: str = HERE, password: str = PASSWORD) -> bool:
    """Whether the right password opens a session."""
    try:
        return bool(world.portal.sign_in(login, password, source))
    except SignInRefused:
        return False


def limited(world: World, **limits: Any) -> Habilitation:
    """The same portal with other limits."""
    return Habilitation(evolve(world.portal.ports, limits=Limits(**limits)))


def tallies(world: World) -> int:
    """How many the store keeps."""
    store = world.portal.ports.store
    if isinstance(store, MemoryStore):
        return len(store.attempts._tallies)
    assert isinstance(store, SqlStore)
    with store._database.lent() as line:
        return int(line.cursor.execute("SELECT COUNT(*) FROM attempts").fetchone()[0])


# Locks


def test_five_failures_lock_a_login_from_there_for_fifteen_minutes(world, login):
    fail(world, login, 5)
    assert not enters(world, login)
    world.clock.move(minutes=14, seconds=49)
    assert not enters(world, login)
    world.clock.move(seconds=1)
    assert enters(world, login)


def test_four_do_not(world, login):
    fail(world, login, 4)
    assert enters(world, login)


def test_failures_of_a_quarter_of_an_hour_ago_count_no_more(world, login):
    fail(world, login, 4)
    world.clock.move(minutes=15)
    fail(world, login, 4)
    assert enters(world, login)


def test_a_stranger_does_not_lock_anybody_out(world, login):
    """Nor the administrator by one stranger, however often he tries."""
    fail(world, login, 60, source=THERE)
    assert enters(world, login)


def test_a_bad_typist_locks_nobody_else_out_behind_the_same_address(world, login):
    """A town hall has one."""
    colleague = world.user()
    world.sign_in(colleague)
    fail(world, login, 10)
    assert enters(world, show(world, colleague).login.text)


def test_fifty_failures_from_anywhere_lock_a_login_everywhere(world, login):
    for number in range(49):
        fail(world, login, source=f"198.51.100.{number // 4}")
    assert enters(world, login, "203.0.113.1")
    fail(world, login, source="203.0.113.2")
    assert not enters(world, login, "203.0.113.3")
    world.clock.move(minutes=15)
    assert enters(world, login, "203.0.113.3")


def test_a_source_that_fails_two_hundred_times_is_shut_out_of_every_login(world, login):
    for number in range(200):
        with refused_alike():
            world.portal.sign_in(f"{number:08}", "wrong", HERE)
    assert not enters(world, login)
    assert enters(world, login, THERE)
    world.clock.move(minutes=15)
    assert enters(world, login)


def refused_alike():
    return pytest.raises(SignInRefused)


def test_hammering_a_login_that_is_locked_counts_against_the_source(world, login):
    portal = limited(world, failures_per_source=20)
    for _ in range(20):
        with refused_alike():
            portal.sign_in(login, "wrong", HERE)
    colleague = world.user()
    world.sign_in(colleague)
    with refused_alike():
        portal.sign_in(show(world, colleague).login.text, PASSWORD, HERE)


def test_right_passwords_never_add_up(world, login):
    portal = limited(world, failures_per_login_and_source=2, failures_per_login=2, failures_per_source=2)
    for _ in range(10):
        assert portal.sign_in(login, PASSWORD, HERE)


def test_a_right_password_makes_earlier_failures_from_there_forgotten(world, login):
    for _ in range(5):
        fail(world, login, 4)
        assert enters(world, login)


def test_without_a_source_a_login_is_locked_and_nobody_else(world, login):
    """Nobody knows where these come from: were they one place, five hundred slips would close the portal."""
    for number in range(250):
        with refused_alike():
            world.portal.sign_in(f"{number:08}", "wrong")
    assert enters(world, login, "")
    fail(world, login, 5, source="")
    assert not enters(world, login, "")
    assert enters(world, login)


# Delays


def test_two_slips_in_a_row_are_waited_for_and_one_is_not(world, login):
    for pause in (0, 2, 4, 8):
        world.clock.move(seconds=pause)
        with refused_alike():
            world.portal.sign_in(login, "wrong", HERE)
    world.clock.move(seconds=7)
    assert not enters(world, login)
    world.clock.move(seconds=1)
    assert enters(world, login)


def test_an_attempt_that_comes_too_early_does_not_prolong_the_delay(world, login):
    fail(world, login)
    with refused_alike():
        world.portal.sign_in(login, "wrong", HERE)
    assert not enters(world, login)
    world.clock.move(seconds=2)
    assert enters(world, login)


# What whoever tries learns


def test_while_locked_the_right_password_is_answered_as_a_wrong_one(world, login):
    """Else guesses could be confirmed while nobody counts them."""
    fail(world, login, 5)
    told = []
    for password in (PASSWORD, "wrong"):
        with pytest.raises(SignInRefused) as caught:
            world.portal.sign_in(login, password, HERE)
        told.append((str(caught.value), caught.value.data, caught.value.__cause__))
    assert told[0] == told[1]


def test_the_right_password_of_a_closed_account_is_told_so_and_is_no_failure(world, user, login):
    close(world, user)
    for _ in range(10):
        with refused(world, "account-is-closed"):
            world.portal.sign_in(login, PASSWORD, HERE)


@pytest.mark.parametrize(("source", "code"), [("x" * 101, "name-too-long"), ("a\nb", "name-malformed")])
def test_a_source_that_is_no_short_line_is_refused_before_anything_is_counted(world, login, source, code):
    before = tallies(world)
    with refused(world, code):
        world.portal.sign_in(login, PASSWORD, source)
    assert tallies(world) == before


# What it costs


@define
class Counting:
    """argon2 that counts how often it is asked."""

    hasher: argon2.PasswordHasher = field(factory=lambda: argon2.PasswordHasher(1, 8, 1))
    times: int = 0

    def hash(self, secret: bytes) -> str:
        self.times += 1
        return self.hasher.hash(secret)

    def verify(self, kept: str, secret: bytes) -> bool:
        self.times += 1
        return self.hasher.verify(kept, secret)


@define
class Costs:
    """What one refused attempt costs: how many slow hashes, and which statements."""

    world: World
    argon: Counting = field(factory=Counting)

    def __attrs_post_init__(self) -> None:
        ports = self.world.portal.ports
        self.world.portal = Habilitation(evolve(ports, hasher=Passwords(self.argon)))

    def of(self, login: str, source: str, password: str = "wrong") -> tuple[int, list[str]]:
        before = self.argon.times
        statements: list[str] = []
        with self.watched(statements), refused_alike():
            self.world.portal.sign_in(login, password, source)
        return self.argon.times - before, statements

    def watched(self, statements: list[str]) -> Any:
        """Each statement is told; of a store in memory there is none to tell."""
        store = self.world.portal.ports.store
        lines = store._database._free if isinstance(store, SqlStore) else []
        return tracing(lines, statements)


class tracing:  # noqa: N801
    def __init__(self, lines: list[Any], statements: list[str]) -> None:
        assert len(lines) <= 1, "one thread needs one connection"
        self.lines, self.statements = lines, statements

    def __enter__(self) -> None:
        for line in self.lines:
            line.cursor = Told(line.cursor, self.statements)

    def __exit__(self, *_: object) -> None:
        for line in self.lines:
            line.cursor = line.cursor.cursor


@define
class Told:
    """A cursor that tells what it is sent."""

    cursor: Any
    statements: list[str]

    def execute(self, statement: str, *values: object, **how: object) -> Any:
        self.statements.append(statement)
        return self.cursor.execute(statement, *values, **how)

    def executemany(self, statement: str, rows: list[Any]) -> Any:
        self.statements += [statement] * len(rows)
        return self.cursor.executemany(statement, rows)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.cursor, name)


def chosen(world, costs):
    user = world.user()
    world.sign_in(user)
    return show(world, user).login.text


def never_delivered(world, costs):
    return show(world, world.user()).login.text


def delivered_once(world, costs):
    user = world.user()
    world.portal.deliver_notifications()
    return show(world, user).login.text


def delivered_thrice(world, costs):
    """As by a mail server that went silent twice."""
    user = world.user()
    world.portal.deliver_notifications()
    credentials = world.portal.ports.store.credentials
    for _ in range(2):
        kept = credentials.of(world.organization.id, user.id)
        credentials.save(kept.minting(world.portal.ports.hasher.keep_minted("another"), world.clock.now()))
    return show(world, user).login.text


def used_once(world, costs):
    """Signed in with the letter, and no password chosen yet."""
    login = delivered_once(world, costs)
    world.portal.sign_in(login, world.mailbox.letters[-1].password or world.mailbox.letters[-2].password, THERE)
    return login


def first_credentials(world, costs):
    organization = world.open_organization(SIRETS[1])
    return world.first_authentication(organization) and world.mailbox.login_for(f"contact-{SIRETS[1]}@oliviers.example")


def reissued(world, costs):
    """Dead: its login is in the registry for ever."""
    organization = world.open_organization(SIRETS[2])
    login = world.first_authentication(organization) and world.mailbox.login_for(
        f"contact-{SIRETS[2]}@oliviers.example"
    )
    world.portal.reissue_credentials(Reissue(organization.id), by=AGENT)
    return login


def malformed(world, costs):
    return "no login at all"


def closed(world, costs):
    user = world.user()
    world.sign_in(user)
    return show(world, close(world, user)).login.text


def removed(world, costs):
    user = world.user()
    world.sign_in(user)
    login = show(world, user).login.text
    remove(world, user)
    return login


def pending(world, costs):
    return show(world, world.user(dates=Dates(day(5)))).login.text


def delayed(world, costs):
    login = chosen(world, costs)
    for _ in range(2):
        costs.of(login, HERE)
    return login


def locked(world, costs):
    login = chosen(world, costs)
    fail(world, login, 5)
    return login


def locked_everywhere(world, costs):
    login = chosen(world, costs)
    for number in range(50):
        fail(world, login, source=f"198.51.100.{number}")
    return login


WHATEVER_EXISTS = [
    malformed,
    chosen,
    never_delivered,
    delivered_once,
    delivered_thrice,
    used_once,
    first_credentials,
    reissued,
    closed,
    removed,
    pending,
    delayed,
    locked,
    locked_everywhere,
]


@pytest.mark.parametrize("there", WHATEVER_EXISTS)
def test_every_refused_attempt_costs_one_slow_hash_and_the_same_statements_whatever_exists(world, there):
    costs = Costs(world)
    login = there(world, costs)
    expected = costs.of(NOBODYS, HERE)
    assert costs.of(login, HERE) == expected
    assert expected[0] == 1
    assert isinstance(world.portal.ports.store, MemoryStore) or len(expected[1]) >= 10


@pytest.mark.parametrize("there", [delayed, locked, locked_everywhere])
def test_and_so_does_the_right_password_while_it_is_not_looked_at(world, there):
    costs = Costs(world)
    login = there(world, costs)
    assert costs.of(login, HERE, PASSWORD) == costs.of(NOBODYS, HERE, PASSWORD)


def test_a_source_that_is_shut_out_costs_one_slow_hash_too_and_learns_no_more(world, login):
    costs = Costs(world)
    known = chosen(world, costs)
    for number in range(200):
        costs.of(f"{number:08}", HERE)
    assert costs.of(known, HERE) == costs.of(NOBODYS, HERE)
    assert costs.of(known, HERE)[0] == 1


# Busy


@define
class Held(Counting):
    """A hash that takes as long as a test wants."""

    begun: Event = field(factory=Event)
    go: Event = field(factory=Event)

    def hash(self, secret: bytes) -> str:
        self.begun.set()
        assert self.go.wait(10)
        return super().hash(secret)


def test_when_every_slot_is_taken_one_is_told_busy_and_nothing_has_failed(world):
    """Real threads: one holds the only slot, the others are sent away and may try again."""
    held = Held()
    held.go.set()
    portal = Habilitation(
        evolve(
            world.portal.ports,
            hasher=Passwords(held, slots=1, patience=timedelta(milliseconds=20)),
            limits=Limits(failures_per_login_and_source=2, failures_per_login=2, failures_per_source=3),
        )
    )
    world.portal = portal
    login = chosen(world, None)
    held.begun.clear()
    held.go.clear()
    holding = Thread(target=lambda: refused_quietly(portal, NOBODYS, "wrong", THERE))
    holding.start()
    assert held.begun.wait(10)
    with ThreadPoolExecutor(4) as pool:
        told = list(pool.map(lambda _: refused_quietly(portal, login, PASSWORD, HERE), range(8)))
    held.go.set()
    holding.join()
    assert set(told) <= {"busy", "sign-in-refused"}
    assert "busy" in told
    assert portal.sign_in(login, PASSWORD, HERE)


def refused_quietly(portal: Habilitation, *attempt: str) -> str:
    try:
        portal.sign_in(*attempt)
    except Refusal as refusal:
        return refusal.code
    return "accepted"


def test_whoever_was_busy_away_often_is_let_in_at_last(world, login):
    """None of it is a failure, whatever the password."""

    def busy(*_):
        raise Busy()

    away = Habilitation(evolve(world.portal.ports, hasher=Instead(world.portal.ports.hasher, {"matches": busy})))
    for _ in range(20):
        with refused(world, "busy"):
            away.sign_in(login, "wrong", HERE)
    assert enters(world, login)


# What is kept


def test_ten_thousand_logins_tried_from_one_source_leave_few_tallies(world):
    """And none of any login that does not exist."""
    before = tallies(world)
    for number in range(300 if isinstance(world.portal.ports.store, SqlStore) else 10_000):
        refused_quietly(world.portal, f"{number:08}", "wrong", HERE)
    assert tallies(world) <= before + 4


def test_nor_does_a_source_that_knows_every_login_leave_one_of_each_for_long(world):
    """Those that it was let through for, until they are too old to count."""
    store = world.portal.ports.store

    def tried(number: int) -> Attempt:
        return Attempt.of(Login(f"{number:08}"), HERE, world.clock.now())

    before = tallies(world)
    for number in range(1000):
        store.attempts.count(tried(number), Limits())
    assert tallies(world) <= before + 2 * 200 + 4
    world.clock.move(minutes=16)
    for number in range(100):
        store.attempts.count(tried(number), Limits(failures_per_login_and_source=1))
    assert tallies(world) <= 2 * 100 + 4


TYPED = ("mon mot de passe secret", "SECRET99", "secret99", "jean.durand@autre.example ")
"""People type passwords, and anything else, into the login field; one of these has the shape of a login."""


def test_nothing_that_was_typed_is_in_the_file_nor_its_digest(tmp_path, caplog):
    """I10, and R43: not in the tallies, the security log, the write-ahead log or the process's own."""
    store = SqlStore.open(sqlite_url(tmp_path))
    world = World.administered(store)
    with caplog.at_level(logging.DEBUG):
        for typed in TYPED:
            for _ in range(3):
                refused_quietly(world.portal, typed, f"{typed} again", HERE)
                refused_quietly(world.portal, world.mailbox.letters[0].login, typed, HERE)
    kept = b"".join(file.read_bytes() for file in Path(tmp_path).iterdir()) + caplog.text.encode()
    store.close()
    kept += b"".join(file.read_bytes() for file in Path(tmp_path).iterdir())
    for typed in TYPED:
        for form in (typed, typed.strip(), typed.upper(), hashlib.sha256(typed.encode()).hexdigest()):
            assert form.encode() not in kept
        assert hashlib.sha256(typed.upper().encode()).hexdigest().encode() not in kept
    assert HERE.encode() in kept, "what is searched is the store"


# Unlocking


@pytest.mark.parametrize("by", ["administrator", "operator"])
def test_the_administrator_and_the_operator_unlock(world, user, login, by):
    """The operator though the seat is held: it is no ordinary administration (R34)."""
    actor = world.admin if by == "administrator" else AGENT
    fail(world, login, 5)
    unlock(world, user, by=actor)
    assert enters(world, login)
    assert records(world)[-1].event == UserUnlocked(user.id)


def test_a_completed_reset_unlocks(world, login):
    fail(world, login, 5)
    world.portal.forgot_password(login)
    choose_by(world, link_to(world, "zoe1@oliviers.example"), "another long password")
    assert enters(world, login, password="another long password")


def test_the_operator_unlocks_while_nobody_holds_the_seat(world, user, login):
    fail(world, login, 5)
    vacate(world)
    unlock(world, user, by=AGENT)
    assert enters(world, login)


def test_the_operator_unlocks_the_administrator(world):
    login = show(world, world.admin).login.text
    fail(world, login, 5)
    unlock(world, world.admin, by=AGENT)
    assert enters(world, login)


def test_a_manager_and_an_ordinary_user_do_not(world, login):
    target, managers = world.user(CONSULT), (world.manager(CONSULT), world.manager())
    for actor in managers:
        with refused(world, "act-forbidden"):
            unlock(world, target, by=actor)
    stranger = world.as_member(world.user())
    with refused(world, "user-unknown"):
        unlock(world, target, by=stranger)
    with refused(world, "user-unknown"):
        unlock(world, target, by=Asking(AFAS))


def test_whoever_is_unknown_is_missing(world):
    nobody = evolve(world.user(), id=UserId("nobody"))
    with refused(world, "user-unknown"):
        unlock(world, nobody)


def test_unlocking_lifts_every_lock_of_the_login_and_none_of_a_source(world, user, login):
    portal = limited(world, failures_per_login=3, failures_per_source=6)
    for source in (HERE, HERE, THERE):
        refused_quietly(portal, login, "wrong", source)
        world.clock.move(seconds=10)
    assert refused_quietly(portal, login, PASSWORD, "203.0.113.1") == "sign-in-refused"
    unlock(world, user)
    assert portal.sign_in(login, PASSWORD, "203.0.113.1")
    for _ in range(6):
        refused_quietly(portal, NOBODYS, "wrong", HERE)
    unlock(world, user)
    assert refused_quietly(portal, login, PASSWORD, HERE) == "sign-in-refused"


# A flood


@pytest.fixture
def flooded(tmp_path) -> Iterator[World]:
    """A real file, and a portal whose ids are nobody else's."""
    store = SqlStore.open(sqlite_url(tmp_path))
    world = World.administered(store)
    world.portal = rival(store)
    yield world
    store.close()


def test_a_flood_on_one_login_leaves_the_administrators_own_writes_without_a_conflict(flooded):
    """And none waits in vain. The acts are not tried again here: not one would have had to be."""
    login = show(flooded, flooded.admin).login.text
    create_user, add_to_group = unwrap(flooded.portal.create_user), unwrap(flooded.portal.add_to_group)
    assert create_user is not flooded.portal.create_user
    enough, tried = Event(), list[str]()

    def hammer(number: int) -> None:
        while not enough.is_set():
            tried.append(refused_quietly(flooded.portal, login, "wrong", f"192.0.2.{number}"))

    with ThreadPoolExecutor(8) as pool:
        for number in range(8):
            pool.submit(hammer, number)
        try:
            for number in range(40):
                asked = new_user(flooded, email=f"luc{number}@oliviers.example")
                user = create_user(asked, by=flooded.admin)
                add_to_group(_addition(flooded, user), by=flooded.admin)
        finally:
            enough.set()
    assert set(tried) == {"sign-in-refused"}
    assert len(tried) > 100


def _addition(world, user):

    return GroupAddition(world.organization.id, user.id, world.agreement.id, CONSULT)


# The security log (R43)


def told(world: World) -> SecurityFact:
    return logged(world)[-1]


def lines(world: World) -> int:
    return len(logged(world, kind=LineKind.SIGN_IN_FAILED))


def test_a_sign_in_is_kept_with_its_source(world, user, login):
    """R43."""
    assert enters(world, login)
    assert told(world) == SecurityFact(LineKind.SIGNED_IN, world.organization.id, world.as_member(user), source=HERE)


def test_a_failure_is_kept_and_names_the_user_whose_login_was_tried(world, user, login):
    """R43."""
    expected = SecurityFact(LineKind.SIGN_IN_FAILED, world.organization.id, None, frozenset({user.id}), source=HERE)
    for refusal in ("sign-in-refused", "sign-in-refused", "turned-away"):
        refused_quietly(world.portal, login, "wrong", HERE)
        assert told(world) == evolve(expected, refusal=refusal)
    close(world, user)
    world.clock.move(minutes=15)
    with refused(world, "account-is-closed"):
        world.portal.sign_in(login, PASSWORD, HERE)
    assert told(world) == evolve(expected, refusal="account-is-closed")


@pytest.mark.parametrize("login", [NOBODYS, "not a login"])
def test_a_failure_with_a_login_that_does_not_exist_names_nobody(world, login):
    """R43."""
    refused_quietly(world.portal, login, "wrong", HERE)
    assert told(world) == SecurityFact(LineKind.SIGN_IN_FAILED, refusal="sign-in-refused", source=HERE)


def test_a_source_that_is_shut_out_writes_no_line_any_more(world):
    """R43: nobody fills the disk from one place."""
    for _ in range(250):
        refused_quietly(world.portal, NOBODYS, "wrong", HERE)
    assert lines(world) == 200


def test_a_sign_in_succeeds_though_the_log_cannot_be_written_and_the_process_warns(world, login, caplog):
    """R43."""

    def write(*_):
        raise DatabaseLocked()

    portal = over(world, security_log=Instead(world.portal.ports.store.security_log, {"write": write}))
    assert portal.sign_in(login, PASSWORD, HERE)
    with refused(world, "sign-in-refused"):
        portal.sign_in(login, "wrong", HERE)
    assert caplog.messages == [
        f"the security log lost a line ({kind}): DatabaseLocked" for kind in ("signed-in", "sign-in-failed")
    ]
