"""R18, R41: what is erased is in no byte of the file, its log or its index any more; searched, not believed."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from random import Random
from typing import Any

import pytest
from attrs import evolve
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine

from habilitation.adapters.sql import SqlStore, migrations, statements
from habilitation.domain.decisions.erasing import sealed
from habilitation.domain.folding import folded
from habilitation.domain.refusals import DatabaseLocked, SignInRefused
from habilitation.domain.requests import DueErasure, Erasure, OrganizationQuestion, Reason
from habilitation.domain.user import User
from habilitation.domain.values import Login
from habilitation.ports.outbox import MessageState
from habilitation.testing.world import AGENT, CONSULT, DECLARE, World
from habilitation.use_cases.actors import digest
from tests.steps import (
    assign,
    change_email,
    close,
    confirm,
    create,
    erase,
    link_to,
    modify,
    over,
    records,
    refuse_role,
    show,
)
from tests.stores import sqlite_url

LETTERS = "abcdefghijklmnopqrstuvwxyzàâçéèêëîïôûùüÿñæœ"
PEOPLE = 500


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    store = SqlStore.open(sqlite_url(tmp_path), busy_timeout=0.2)
    yield store
    store.close()


@pytest.fixture
def world(store: SqlStore) -> World:
    return World.administered(store)


def files(tmp_path: Path) -> dict[str, bytes]:
    """The file, its log and the index of its log, as they lie on the disk."""
    return {path.name: path.read_bytes() for path in sorted(tmp_path.glob("portal.db*"))}


def found(tmp_path: Path, *texts: str) -> set[tuple[str, str]]:
    """Where any of these texts stands, as it was typed or as it is folded to be searched."""
    kept = {name: (data, data.lower()) for name, data in files(tmp_path).items()}
    return {
        (name, text)
        for name, (data, lower) in kept.items()
        for text in texts
        if text.encode() in data or folded(text).encode() in lower
    }


def known_of(world: World, user) -> list[str]:
    """All that tells who the user is."""
    view = show(world, user)
    person, login = view.person, view.login
    assert person is not None
    assert login is not None
    phone = [person.phone.e164] if person.phone else []
    return [person.last_name.text, person.first_name.text, person.email.text, login.text, *phone]


def sound(world: World) -> bool:
    return world.portal.verify_journal(OrganizationQuestion(world.organization.id), by=AGENT).sound


def test_no_byte_of_the_person_is_left(world, tmp_path):
    """The name, the address, the telephone, the login, the password's hash, the texts, what a mail server said."""
    user = create(
        world,
        last_name="Œuvrard-Quatremère",
        first_name="Clémentine",
        email="Clementine.Oeuvrard@oliviers.example",
        phone="+33612345678",
        groups=(CONSULT, DECLARE),
    )
    modify(world, user, first_name="Clémence-Apolline")
    session = world.sign_in(user)
    change_email(world, user, "C.Quatremere@oliviers.example", by=session)
    confirm(world, link_to(world, "C.Quatremere@oliviers.example"))
    change_email(world, user, "Apolline@oliviers.example", by=session)
    store = world.portal.ports.store
    credential = store.credentials.of(world.organization.id, user.id)
    hash, token = "$argon2id$of-hers-alone", digest(session.token)
    store.credentials.save(evolve(credential, chosen=hash, version=credential.version + 1))
    assign(world, user, 2, document="PJ3/QUIMPER/0042")
    told = next(iter(store.outbox.take(world.clock.now(), world.clock.now(), 1)))
    store.outbox.settle(evolve(told, state=MessageState.DEAD, problem="550 Clementine.Oeuvrard@oliviers.example"))
    others = ["Clementine.Oeuvrard@", "Apolline@"]
    texts = [*known_of(world, user), *others, "Clémentine", "Quatremère", "PJ3/QUIMPER/0042", hash, token]
    assert {text for _, text in found(tmp_path, *texts)} == set(texts), "what is to be erased was there"
    close(world, user)
    erase(world, user)
    assert found(tmp_path, *texts) == set()
    assert sound(world)


def test_nor_the_reason_why_a_role_was_refused_and_its_salt(world, tmp_path):
    """R41: with the salt gone, the seal commits to nothing that could be guessed."""
    user = world.user(DECLARE)
    refuse_role(world, user, reason=Reason("incomplete", "Madame Durand est partie vivre à Quimper."))
    [seal] = sealed(records(world)[-1].event)
    with closing(sqlite3.connect(tmp_path / "portal.db")) as raw:
        [(salt,)] = raw.execute("SELECT salt FROM papers WHERE seal = ?", (seal,)).fetchall()
    close(world, user)
    erase(world, user)
    data = b"".join(files(tmp_path).values())
    assert salt not in data
    assert b"Quimper" not in data


@settings(max_examples=max(2, settings().max_examples // 25), phases=[Phase.generate])
@given(seed=st.integers(0, 2**32))
def test_hundreds_of_people_renamed_and_half_of_them_erased_leave_nothing(tmp_path_factory, seed):
    """Whatever SQLite had moved where, as its tables grew."""
    chance, directory = Random(seed), tmp_path_factory.mktemp("erasing")
    world = World.administered(SqlStore.open(sqlite_url(directory)))
    people = [create(world, **anybody(chance, number)) for number in range(PEOPLE)]
    for user in chance.sample(people, PEOPLE // 3):
        modify(world, user, last_name=a_name(chance))
    gone = chance.sample(people, PEOPLE // 2)
    texts = [text for user in gone for text in known_of(world, user)]
    for user in gone:
        close(world, user)
    world.clock.move(days=365)
    done = world.portal.erase_due(DueErasure(), by=AGENT)
    assert ({id for _, id in done.users}, done.residue) == ({user.id for user in gone}, None)
    assert found(directory, *texts) == set()
    assert sound(world)
    world.portal.close()


def a_name(chance: Random) -> str:
    """Long, and like no other."""
    return "".join(chance.choices(LETTERS, k=chance.randint(20, 200))).title()


def anybody(chance: Random, number: int) -> dict[str, Any]:
    email = f"{''.join(chance.choices('abcdefghijklmnopqrstuvwxyz', k=24))}{number}@oliviers.example"
    return {"last_name": a_name(chance), "first_name": a_name(chance), "email": email}


def test_who_reads_on_from_before_holds_the_wiping_up_and_it_is_told(world, store, tmp_path):
    """R18: the erasure stands; what is due is asked again, and then it is done."""
    user = close(world, world.user())
    texts = known_of(world, user)
    asked = Erasure(world.organization.id, user.id, "request")
    with store.reading(world.organization.id):
        erased = world.portal.erase_person(asked, by=AGENT)
        assert isinstance(erased.residue, DatabaseLocked)
        assert store.residue()
        assert found(tmp_path, *texts)
    assert world.portal.erase_due(DueErasure(), by=AGENT).residue is None
    assert not store.residue()
    assert found(tmp_path, *texts) == set()


def test_a_program_that_died_before_wiping_leaves_the_mark_to_the_next(world, store, tmp_path):
    """The mark is of the erasure's own transaction."""
    user = close(world, world.user())
    texts = known_of(world, user)
    again = SqlStore.open(sqlite_url(tmp_path))
    over(world, wipe=lambda: None).erase_person(Erasure(world.organization.id, user.id, "request"), by=AGENT)
    assert again.residue()
    again.wipe()
    assert not again.residue()
    assert found(tmp_path, *texts) == set()
    again.close()


def test_what_is_deleted_is_zeroed_at_once(world, tmp_path):
    """However long the wiping is held up, only copies that SQLite left behind earlier are still there."""
    user = close(world, world.user())
    texts = known_of(world, user)
    over(world, wipe=lambda: None).erase_person(Erasure(world.organization.id, user.id, "request"), by=AGENT)
    with closing(sqlite3.connect(tmp_path / "portal.db")) as raw:
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert found(tmp_path, *texts) == set()


def test_a_refused_erasure_leaves_no_mark(world, store):
    with pytest.raises(Exception, match="not closed"):
        erase(world, world.user())
    assert not store.residue()


def test_a_file_that_an_earlier_version_marked_is_wiped_by_this_one(tmp_path):
    """It kept its mark in the file's header."""
    engine = create_engine(sqlite_url(tmp_path))
    with engine.begin() as connection:
        migrations.upgrade(connection, "0016")
        connection.exec_driver_sql("PRAGMA user_version = 3")
    engine.dispose()
    store = SqlStore.open(sqlite_url(tmp_path))
    assert store.residue()
    store.wipe()
    assert not store.residue()
    store.close()


def test_who_is_due_is_found_without_looking_at_the_rest(store, tmp_path):
    """Of a great many users, those who are due; by an index, in all organizations or in one."""
    due = (1, 0, "", "")
    asked = [(statements.CLOSED, (*due, *due, 9)), (statements.CLOSED_HERE, (*due, "o", *due, "o", 9))]
    with closing(sqlite3.connect(tmp_path / "portal.db")) as raw:
        for statement, parameters in asked:
            plan = " ".join(row[3] for row in raw.execute(f"EXPLAIN QUERY PLAN {statement.sqlite}", parameters))
            by_account, by_organization = plan.split("RIGHT", 1)
            assert "USING INDEX users_closing" in by_account
            assert "USING INDEX organizations_closed" in by_organization
            assert "SCAN" not in plan


def test_the_registry_keeps_the_hash_of_a_dead_login_tied_to_nobody(world, tmp_path):
    """R11, R41: and no failed sign-in is counted with it any more."""
    user = create(world)
    login = login_of(world, user)
    with pytest.raises(SignInRefused):
        world.portal.sign_in(login.text, "wrong")
    assert standing(tmp_path, login.digest) == ({(world.organization.id, user.id)}, True)
    close(world, user)
    erase(world, user)
    assert standing(tmp_path, login.digest) == ({("", "")}, False)


def test_so_it_does_for_an_organization_that_was_dropped(world, store, tmp_path):
    """R41"""
    login = login_of(world, world.user())
    with store.writing(world.organization.id) as rows:
        rows.drop()
    assert standing(tmp_path, login.digest) == ({("", "")}, False)


def login_of(world: World, user: User) -> Login:
    login = show(world, user).login
    assert login is not None
    return login


def standing(directory: Path, digest: str) -> tuple[set[tuple[str, str]], bool]:
    """Whose login has that hash, and whether anything was counted with it."""
    with closing(sqlite3.connect(directory / "portal.db")) as raw:
        owners = raw.execute("SELECT organization_id, user_id FROM logins WHERE digest = ?", (digest,)).fetchall()
        return set(owners), bool(raw.execute("SELECT 1 FROM attempts WHERE login = ?", (digest,)).fetchall())
