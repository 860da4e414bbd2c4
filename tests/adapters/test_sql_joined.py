"""Acts within a transaction of somebody else, on both engines: what the host keeps is kept, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from attrs import define
from sqlalchemy import Connection, Engine, create_engine, event, text

from habilitation import DeadLetterSearch, NewUser
from habilitation.adapters.sql import SqlStore
from habilitation.adapters.sql.joined import TransactionMissing
from habilitation.domain.refusals import AlreadyMember, DatabaseLocked, EmailTaken
from habilitation.domain.requests import DueErasure, Erasure, GroupAddition, Removal
from habilitation.domain.values import UserId
from habilitation.ports.queries import UserFilter
from habilitation.testing.world import AGENT, CONSULT, World
from tests.stores import address


@define
class Host:
    """A program with a table of its own, beside a portal with an organization at work."""

    engine: Engine
    world: World

    def new_user(self, name: str = "zoe") -> NewUser:
        world = self.world
        email = f"{name}@oliviers.example"
        return NewUser(world.organization.id, world.agreement.id, "Durand", "Zoé", email, groups=(CONSULT,))

    def create(self, connection: Connection, name: str = "zoe") -> UserId:
        inside = self.world.portal.over(SqlStore.joined(connection))
        return inside.create_user(self.new_user(name), by=self.world.admin).id

    def note(self, connection: Connection, text_: str) -> None:
        connection.execute(text("INSERT INTO notes VALUES (:text)"), {"text": text_})

    def notes(self) -> list[str]:
        with self.engine.connect() as connection:
            return list(connection.execute(text("SELECT text FROM notes")).scalars())

    def users(self) -> set[str]:
        """The addresses of the users, as anybody else finds them."""
        with self.world.portal.ports.store.reading(self.world.organization.id) as rows:
            found = rows.users(UserFilter(self.world.clock.now()), None, 10)
        return {row.person.email.text for row in found if row.person} - {"anne.martin@oliviers.example"}


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    with address(request.param, tmp_path) as url:
        yield url


@pytest.fixture
def host(url: str) -> Iterator[Host]:
    store = SqlStore.open(url)
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE IF EXISTS notes"))
        connection.execute(text("CREATE TABLE notes (text VARCHAR(100))"))
    world = World.administered(store)
    world.portal.deliver_notifications()
    yield Host(engine, world)
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE notes"))
    engine.dispose()
    store.close()


def test_what_the_host_commits_is_kept_with_its_own_rows(host: Host) -> None:
    with host.engine.begin() as connection:
        host.note(connection, "hired")
        host.create(connection)
    assert (host.notes(), host.users()) == (["hired"], {"zoe@oliviers.example"})


def test_what_the_host_rolls_back_never_happened(host: Host) -> None:
    """I8: neither the user nor the messages nor the journal's entries."""
    before = host.world.portal.ports.store.entries(host.world.organization.id)
    with host.engine.connect() as connection, connection.begin() as transaction:
        host.create(connection)
        host.note(connection, "hired")
        transaction.rollback()
    assert (host.notes(), host.users()) == ([], set())
    assert host.world.portal.ports.store.entries(host.world.organization.id) == before
    assert host.world.portal.deliver_notifications().delivered == 0


def test_nobody_else_sees_an_act_before_the_host_commits(host: Host) -> None:
    with host.engine.begin() as connection:
        host.create(connection)
        assert host.users() == set()
    assert host.users() == {"zoe@oliviers.example"}


def test_messages_leave_once_the_host_has_committed_and_somebody_delivers(host: Host) -> None:
    """R20"""
    with host.engine.begin() as connection:
        host.create(connection)
    assert host.world.portal.deliver_notifications().delivered == 2
    assert not host.world.portal.list_dead_letters(DeadLetterSearch(), by=AGENT).items


def test_a_refused_act_leaves_nothing_and_the_host_goes_on(host: Host) -> None:
    """I8"""
    with host.engine.begin() as connection:
        user = host.create(connection)
        inside = host.world.portal.over(SqlStore.joined(connection))
        again = GroupAddition(host.world.organization.id, user, host.world.agreement.id, CONSULT)
        with pytest.raises(AlreadyMember):
            inside.add_to_group(again, by=host.world.admin)
        with pytest.raises(EmailTaken):
            host.create(connection)
        host.note(connection, "hired once")
    assert (host.notes(), host.users()) == (["hired once"], {"zoe@oliviers.example"})


def test_acts_in_one_transaction_follow_each_other(host: Host) -> None:
    with host.engine.begin() as connection:
        user = host.create(connection)
        inside = host.world.portal.over(SqlStore.joined(connection))
        inside.remove_user(Removal(host.world.organization.id, user), by=host.world.admin)
        host.create(connection)
    assert host.users() == {"zoe@oliviers.example"}
    with host.world.portal.ports.store.reading(host.world.organization.id) as rows:
        assert len(rows.user_ids()) == 3


def test_an_erasure_is_finished_by_the_next_one_outside(host: Host) -> None:
    """R18: whoever erased is told that traces may be left."""
    world = host.world
    with host.engine.begin() as connection:
        inside = world.portal.over(SqlStore.joined(connection))
        user = host.create(connection)
        inside.remove_user(Removal(world.organization.id, user), by=world.admin)
        erased = inside.erase_person(Erasure(world.organization.id, user, "request"), by=AGENT)
        assert isinstance(erased.residue, DatabaseLocked)
    assert world.portal.ports.store.residue()
    assert world.portal.erase_due(DueErasure(), by=AGENT).residue is None
    assert not world.portal.ports.store.residue()


def test_a_connection_in_no_transaction_is_refused(host: Host) -> None:
    with host.engine.connect() as connection, pytest.raises(TransactionMissing):
        host.create(connection)
    assert host.users() == set()


def test_closing_the_store_leaves_the_connection_to_its_host(host: Host) -> None:
    with host.engine.begin() as connection:
        SqlStore.joined(connection).close()
        host.note(connection, "still here")
    assert host.notes() == ["still here"]


def test_a_host_that_has_read_what_is_old_by_now_is_refused_and_nothing_is_done(tmp_path: Path) -> None:
    """I8, on SQLite: a transaction that began by reading cannot write over what was written since."""
    with address("sqlite", tmp_path) as url:
        store = SqlStore.open(url)
        world = World.administered(store)
        engine = create_engine(url)
        event.listen(engine, "connect", _leave_transactions_to_us)
        event.listen(engine, "begin", _begin_by_reading)
        host = Host(engine, world)
        with engine.connect() as connection, connection.begin():
            connection.execute(text("SELECT count(*) FROM users")).scalar()
            world.user()
            with pytest.raises(DatabaseLocked):
                host.create(connection)
        store.close()
        engine.dispose()


def _leave_transactions_to_us(raw: object, _: object) -> None:
    raw.isolation_level = None  # type: ignore[attr-defined]


def _begin_by_reading(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN DEFERRED")
