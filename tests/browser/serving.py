"""An application on a port of this machine, as long as a test looks at it."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Thread

import uvicorn
from starlette.types import ASGIApp

LOOPBACK = "127.0.0.1"
PATIENCE = 30
"""Seconds that stopping may take: browsers leave connections open."""


@contextmanager
def listening(made: Callable[[str], ASGIApp]) -> Iterator[str]:
    """The address at which the application is served that ``made`` makes for that address."""
    with socket.create_server((LOOPBACK, 0)) as taken:
        address = f"http://{LOOPBACK}:{taken.getsockname()[1]}"
        config = uvicorn.Config(made(address), log_level="warning", access_log=False, ws="none", lifespan="off")
        server = uvicorn.Server(config)
        thread = Thread(target=server.run, args=([taken],), name="server")
        thread.start()
        try:
            yield address
        finally:
            server.should_exit = True
            thread.join(PATIENCE)
