"""``habilitation deliver --watch`` in processes: each message is sent by one, whatever becomes of it (R20)."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from time import monotonic, sleep

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session
from attrs import define, field
from sqlalchemy import create_engine

from habilitation import NewOrganization, OperatorAgent
from habilitation.adapters.assembly import open_database
from habilitation.testing.world import SIRETS
from tests import stores
from tests.adapters.mailserver import Mailboxes, serving

AGENT = OperatorAgent("agent-1")
ORGANIZATIONS = 3
PATIENCE = 30
TO_EACH = 2
"""Messages: one has the login, the other the provisional password (R4)."""


@define
class Slow(Mailboxes):
    """Takes the first message in, and accepts it when it is told to."""

    reached: Event = field(factory=Event)
    go_on: Event = field(factory=Event)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.reached.set()
        while not self.go_on.is_set():
            await asyncio.sleep(0.02)
        return await Mailboxes.handle_DATA(self, server, session, envelope)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A portal whose organizations were opened, and whose messages wait."""
    with stores.address(request.param, tmp_path) as url:
        opened(url, *range(ORGANIZATIONS))
        yield url


def opened(url: str, *numbers: int) -> None:
    portal = open_database(url)
    for number in numbers:
        portal.open_organization(NewOrganization(SIRETS[number], f"Nr {number}", f"nr{number}@x.example"), by=AGENT)
    portal.close()


@contextmanager
def worker(url: str, port: int) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "habilitation.adapters.cli", "deliver", "--watch", "--every", "1", "--lang", "en"]
    said = os.environ | {"HABILITATION_DATABASE": url, "HABILITATION_AS": "operator:agent-1"}
    command += ["--smtp", f"127.0.0.1:{port}"]
    process = subprocess.Popen(command, env=said, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()


def begun(process: subprocess.Popen[str]) -> None:
    assert process.stdout is not None
    assert process.stdout.readline().startswith("Messages leave as they come")


def stopped(process: subprocess.Popen[str]) -> str:
    """What it said, having ended well when the signal came."""
    process.send_signal(signal.SIGTERM)
    assert process.wait(PATIENCE) == 0
    assert process.stdout is not None
    return process.stdout.read()


def wait_until(so: Callable[[], bool]) -> None:
    until = monotonic() + PATIENCE
    while not so():
        assert monotonic() < until
        sleep(0.02)


def states(url: str) -> dict[str, int]:
    """How many messages stand how; and those that somebody has tried."""
    engine = create_engine(url)
    with engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT state, attempts FROM messages").all()
    engine.dispose()
    counted = {state: sum(row.state == state for row in rows) for state in ("waiting", "delivered", "dead")}
    return counted | {"tried": sum(row.attempts > 0 for row in rows)}


def lapse(url: str) -> None:
    """Let the leases be over, which last two minutes."""
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE messages SET due = due - 180000000 WHERE state = 'waiting' AND attempts > 0")
    engine.dispose()


def test_several_workers_send_each_message_once_and_stop_when_told(url: str) -> None:
    mailboxes, all_of_them = Mailboxes(), ORGANIZATIONS * TO_EACH
    with serving(mailboxes) as port, worker(url, port) as one, worker(url, port) as two:
        begun(one)
        begun(two)
        wait_until(lambda: states(url)["delivered"] == all_of_them)
        said = stopped(one) + stopped(two)
    ids = [re.search(rb"^Message-ID: (.*)$", text, re.MULTILINE | re.IGNORECASE) for text in mailboxes.messages]
    assert len({found.group(1) for found in ids if found}) == len(mailboxes.messages) == all_of_them
    assert sum(map(int, re.findall(r"Delivered: (\d+)", said))) == all_of_them


def test_a_worker_that_is_told_to_stop_ends_with_the_message_in_hand(url: str) -> None:
    mailboxes = Slow()
    with serving(mailboxes) as port, worker(url, port) as process:
        assert mailboxes.reached.wait(PATIENCE)
        opened(url, ORGANIZATIONS)  # nobody waits for whoever talks to the network
        process.send_signal(signal.SIGTERM)
        sleep(0.3)
        assert process.poll() is None
        mailboxes.go_on.set()
        assert "Delivered: 1." in stopped(process)
    waiting = (ORGANIZATIONS + 1) * TO_EACH - 1
    assert states(url) == {"waiting": waiting, "delivered": 1, "dead": 0, "tried": 1}


def test_what_a_killed_worker_held_is_sent_by_another_after_the_lease(url: str) -> None:
    """I10"""
    mailboxes, all_of_them = Slow(), ORGANIZATIONS * TO_EACH
    with serving(mailboxes) as port:
        with worker(url, port) as killed:
            assert mailboxes.reached.wait(PATIENCE)
            killed.kill()
        mailboxes.go_on.set()
        with worker(url, port) as process:
            wait_until(lambda: states(url)["delivered"] == all_of_them - 1)
            assert states(url)["waiting"] == 1
            lapse(url)
            wait_until(lambda: states(url)["delivered"] == all_of_them)
            stopped(process)
