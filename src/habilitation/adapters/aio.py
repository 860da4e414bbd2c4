"""The same use cases for asyncio: apart, in a thread, or within a transaction of your own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from habilitation.adapters.sql import SqlStore
from habilitation.application import Habilitation

P = ParamSpec("P")
R = TypeVar("R")


async def apart(act: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
    """One act or question by itself, while the loop goes on.

    For example ``await apart(portal.create_user, asked, by=actor)``. It has its own transaction
    and, where the portal delivers at once, sends its messages before it answers.
    """
    return await asyncio.to_thread(act, *args, **kwargs)


async def within(host: AsyncConnection | AsyncSession, portal: Habilitation, do: Callable[[Habilitation], R]) -> R:
    """What ``do`` does with the portal, in the transaction of the host's connection, which this never commits.

    For example ``await within(connection, portal, lambda inside: inside.create_user(asked, by=actor))``. Each act is a
    savepoint, so that a refused one leaves nothing behind. Messages wait until you have committed and deliver them:
    ``await apart(portal.deliver_notifications)``. Choosing a password takes a tenth of a second of hashing, for which
    the loop would stand still: such acts belong ``apart``. Raises what ``SqlStore.joined`` does.
    """
    connection = await host.connection() if isinstance(host, AsyncSession) else host

    def done(sync: Connection) -> R:
        return do(portal.over(SqlStore.joined(sync)))

    return await connection.run_sync(done)
