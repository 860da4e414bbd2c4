"""The use cases of an asyncio program: apart in a thread, or within its own transaction, on both engines."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from attrs import define
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession, create_async_engine

from habilitation import Habilitation, NewUser
from habilitation.adapters.aio import apart, within
from habilitation.adapters.sql import SqlStore
from habilitation.adapters.sql.joined import TransactionMissing
from habilitation.domain.refusals import EmailTaken, UserUnknown
from habilitation.domain.requests import Removal
from habilitation.domain.values import UserId
from habilitation.testing.world import CONSULT, World
from tests.stores import address

DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+psycopg"}


@define
class Host:
    """A program on one loop, beside a portal with an organization at work."""

    url: str
    world: World

    def run(self, do: Callable[[AsyncEngine], Awaitable[None]]) -> None:
        async def on_an_engine() -> None:
            async with self.engine() as engine:
                await do(engine)

        asyncio.run(on_an_engine())

    @asynccontextmanager
    async def engine(self) -> AsyncIterator[AsyncEngine]:
        address = make_url(self.url)
        engine = create_async_engine(address.set(drivername=DRIVERS[address.drivername]))
        yield engine
        await engine.dispose()

    @property
    def zoe(self) -> NewUser:
        world = self.world
        return NewUser(
            world.organization.id, world.agreement.id, "Durand", "Zoé", "zoe@oliviers.example", groups=(CONSULT,)
        )

    async def hire(self, inside: AsyncConnection | AsyncSession) -> UserId:
        return await within(inside, self.world.portal, self._hired)

    def _hired(self, portal: Habilitation) -> UserId:
        return portal.create_user(self.zoe, by=self.world.admin).id

    def users(self) -> int:
        with self.world.portal.ports.store.reading(self.world.organization.id) as rows:
            return len(rows.user_ids()) - 1


@pytest.fixture(params=["sqlite", "postgresql"])
def host(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Host]:
    with address(request.param, tmp_path) as url:
        store = SqlStore.open(url)
        world = World.administered(store)
        world.portal.deliver_notifications()
        yield Host(url, world)
        store.close()


def test_an_act_apart_is_done_by_itself_while_the_loop_goes_on(host: Host) -> None:
    async def hired(engine: AsyncEngine) -> None:
        creating = apart(host.world.portal.create_user, host.zoe, by=host.world.admin)
        ticks = 0
        task = asyncio.create_task(creating)
        while not task.done():
            ticks += 1
            await asyncio.sleep(0)
        assert ticks > 1
        assert (await task).agreement == host.world.agreement.id

    host.run(hired)
    assert host.users() == 1


def test_an_act_within_a_transaction_is_kept_when_that_is_committed(host: Host) -> None:
    async def hired(engine: AsyncEngine) -> None:
        async with engine.begin() as connection:
            await host.hire(connection)
            assert host.users() == 0

    host.run(hired)
    assert host.users() == 1
    assert host.world.portal.deliver_notifications().delivered == 2


def test_an_act_within_a_transaction_is_undone_with_it(host: Host) -> None:
    """I8"""

    async def not_hired(engine: AsyncEngine) -> None:
        async with engine.connect() as connection, connection.begin() as transaction:
            await host.hire(connection)
            await transaction.rollback()

    host.run(not_hired)
    assert host.users() == 0
    assert host.world.portal.deliver_notifications().delivered == 0


def test_a_session_of_an_orm_is_as_good_as_a_connection(host: Host) -> None:
    async def hired(engine: AsyncEngine) -> None:
        async with AsyncSession(engine) as session, session.begin():
            await session.execute(text("SELECT 1"))
            await host.hire(session)

    host.run(hired)
    assert host.users() == 1


def test_a_refused_act_leaves_nothing_and_the_transaction_goes_on(host: Host) -> None:
    """I8"""

    async def hired(engine: AsyncEngine) -> None:
        async with engine.begin() as connection:
            user = await host.hire(connection)
            with pytest.raises(EmailTaken):
                await host.hire(connection)
            removal, by = Removal(host.world.organization.id, UserId("nobody")), host.world.admin
            with pytest.raises(UserUnknown):
                await within(connection, host.world.portal, lambda inside: inside.remove_user(removal, by=by))
            assert await within(connection, host.world.portal, lambda inside: _is_there(inside, host, user))

    host.run(hired)
    assert host.users() == 1


def _is_there(inside: Habilitation, host: Host, user: UserId) -> bool:
    with inside.ports.store.reading(host.world.organization.id) as rows:
        return rows.find_user(user) is not None


def test_a_connection_in_no_transaction_is_refused(host: Host) -> None:
    async def not_hired(engine: AsyncEngine) -> None:
        async with engine.connect() as connection:
            with pytest.raises(TransactionMissing):
                await host.hire(connection)

    host.run(not_hired)
    assert host.users() == 0
