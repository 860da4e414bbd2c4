"""``habilitation serve`` and the end of ``habilitation demo``: pages for a browser, on loopback, until stopped."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from time import monotonic, sleep

import httpx2 as httpx
import pytest
from starlette.requests import Request
from starlette.testclient import TestClient

from habilitation import OperatorAgent
from habilitation.adapters.asgi import serving
from habilitation.adapters.asgi.service import Service, load
from habilitation.adapters.asgi.serving import AgentsOfProxies, delivering, served
from habilitation.adapters.memory import MemoryStore
from habilitation.adapters.settings import SetupRefused
from habilitation.domain.refusals import ReferenceMalformed
from habilitation.testing.world import World
from tests.adapters.mailserver import free_port
from tests.cli.command import Command

PATIENCE = 60
"""Seconds: where every core is busy, a process takes a while to start."""


@contextmanager
def running(*arguments: str, **environment: str) -> Iterator[subprocess.Popen[str]]:
    """The command, in a process of its own, which is stopped as the keyboard stops it."""
    command = [sys.executable, "-m", "habilitation.adapters.cli", *arguments]
    said = os.environ | {"PYTHONUNBUFFERED": "1"} | environment
    process = subprocess.Popen(command, env=said, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        yield process
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=PATIENCE)


def answered(address: str, read: Callable[[str], httpx.Response] = httpx.get) -> httpx.Response:
    """What it answers, as soon as somebody listens."""
    patient_until = monotonic() + PATIENCE
    while True:
        try:
            return read(address)
        except httpx.TransportError:
            assert monotonic() < patient_until, f"nobody answers at {address}"
            sleep(0.1)


def test_the_portal_is_served_from_a_file_and_the_environment(tmp_path: Path) -> None:
    port = free_port()
    settings = tmp_path / "portal.toml"
    settings.write_text('secure = false\n[portal]\nportal = "Mon portail"\n')
    where = {"HABILITATION_DATABASE": f"sqlite:///{tmp_path / 'portal.db'}", "HABILITATION_PORT": str(port)}
    with running("serve", "--settings", str(settings), **where) as process:
        page = answered(f"http://127.0.0.1:{port}/sign-in")
        assert page.status_code == 200
        assert "Mon portail" in page.text
        assert "server" not in page.headers
        described = httpx.get(f"http://127.0.0.1:{port}/api/openapi.json")
        assert described.json()["openapi"].startswith("3.1")
    assert process.returncode == 0


def test_two_processes_serve_one_database(tmp_path: Path) -> None:
    port = free_port()
    database = f"sqlite:///{tmp_path / 'portal.db'}"
    with running(
        "serve",
        HABILITATION_DATABASE=database,
        HABILITATION_PORT=str(port),
        HABILITATION_SECURE="false",
        HABILITATION_WORKERS="2",
    ):
        assert answered(f"http://127.0.0.1:{port}/sign-in").status_code == 200


WRONG = {
    "": "database is missing",
    "database = 3": "database must be a text",
    "database = 'sqlite:///x.db'\nport = 0": "port must be",
    "database = 'sqlite:///x.db'\nport = 65536": "port must be",
    "database = 'sqlite:///x.db'\nworkers = 0": "workers must be",
    "database = 'sqlite:///x.db'\nsecure = false\nhost = '0.0.0.0'": "loopback",
    "database = 'sqlite:///x.db'\nsmtp = 'localhost:25'\nmaildir = 'm'": "exclude each other",
    "database = 'sqlite:///x.db'\ndatabse = 'sqlite:///x.db'": "databse",
    "database = 'sqlite:///x.db'\n[portal]\nzone = 'Mars/Olympus'": "portal.zone",
    "database = 'sqlite:///x.db'\n[portal.limits]\nlock = 'long'": "portal.limits.lock",
    "= ": "Invalid statement",
}


@pytest.mark.parametrize("text", WRONG)
def test_what_is_wrong_with_a_setting_is_said_and_nothing_is_served(tmp_path: Path, text: str) -> None:
    file = tmp_path / "portal.toml"
    file.write_text(text)
    with pytest.raises(SetupRefused, match=re.escape(WRONG[text])):
        load(file)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SetupRefused, match=r"nowhere\.toml"):
        load(tmp_path / "nowhere.toml")


def test_no_secret_is_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """I10"""
    monkeypatch.setenv("HABILITATION_DATABASE", "sqlite:///x.db")
    monkeypatch.setenv("HABILITATION_SMTP_PASSWORD", "correct horse")
    monkeypatch.setenv("HABILITATION_PORT", "8080")
    service = load(None)
    assert (service.smtp_password, service.port) == ("correct horse", 8080)
    assert "correct horse" not in repr(service)
    file = tmp_path / "portal.toml"
    file.write_text("smtp_password = 31415")
    monkeypatch.delenv("HABILITATION_SMTP_PASSWORD")
    with pytest.raises(SetupRefused) as refused:
        load(file)
    assert "31415" not in str(refused.value)


def agent_of(client: str, *named: str, header: str = "X-Agent") -> OperatorAgent | None:
    written = [(b"x-agent", name.encode()) for name in named]
    request = Request({"type": "http", "client": (client, 1), "headers": written})
    return AgentsOfProxies(("10.0.0.1",), header)(request)


def test_an_agent_is_believed_of_the_proxy_alone() -> None:
    """R35"""
    assert agent_of("10.0.0.1", "zoe") == OperatorAgent("zoe")
    assert agent_of("10.0.0.1") is None
    assert agent_of("10.0.0.2", "zoe") is None
    assert agent_of("10.0.0.1", "zoe", header="") is None


@pytest.mark.parametrize("named", [("zoe", "eve"), ("zoé",), ("",)])
def test_a_name_that_is_no_agents_or_that_stands_beside_another_is_refused(named: tuple[str, ...]) -> None:
    """R35: a proxy that only adds its header would let whoever writes one first be anybody."""
    with pytest.raises(ReferenceMalformed):
        agent_of("10.0.0.1", *named)


def test_what_the_proxy_names_wrong_is_refused_in_a_page_and_in_a_problem() -> None:
    service = Service("memory:", secure=False, proxies=("testclient",), agent_header="X-Agent")
    with TestClient(served(service)) as client:
        asked = {"X-Agent": "no agent"}
        page, problem = client.get("/", headers=asked), client.get("/api/organizations", headers=asked)
    assert (page.status_code, page.headers["content-type"]) == (422, "text/html; charset=utf-8")
    assert (problem.status_code, problem.json()["code"]) == (422, "reference-malformed")


def test_what_could_not_leave_is_tried_again_while_it_is_served(monkeypatch: pytest.MonkeyPatch) -> None:
    """I10"""
    monkeypatch.setattr(serving, "BETWEEN_DELIVERIES", timedelta(milliseconds=10))
    world = World.over(MemoryStore())
    world.open_organization()
    with delivering(world.portal):
        patient_until = monotonic() + PATIENCE
        while not world.mailbox.letters and monotonic() < patient_until:
            sleep(0.01)
    assert len(world.mailbox.letters) == 2


def test_after_the_guides_the_portal_is_open_with_every_message_sent(tmp_path: Path) -> None:
    port = free_port()
    places = ["--database", f"sqlite:///{tmp_path / 'portal.db'}", "--maildir", str(tmp_path / "mail")]
    with running("demo", "--lang", "en", "--port", str(port), *places) as process:
        mailbox = answered(f"http://127.0.0.1:{port}/mailbox")
        assert "habilitations@clamart.example" in mailbox.text
        assert "provisional password" in mailbox.text
        home = httpx.get(f"http://127.0.0.1:{port}/")
        assert (home.status_code, home.headers["location"].partition("?")[0]) == (303, "/sign-in")
        agent = httpx.post(f"http://127.0.0.1:{port}/mailbox/agent")
        assert "demonstration-agent" in agent.headers["set-cookie"]
        assert httpx.get(f"http://127.0.0.1:{port}/organizations").status_code == 404
        with httpx.Client(cookies=agent.cookies, headers={"accept-language": "en"}) as played:
            assert "Open a partner organization" in played.get(f"http://127.0.0.1:{port}/organizations").text
    assert process.returncode == 0


def test_what_the_api_offers_is_printed_for_generators_of_clients(capsys: pytest.CaptureFixture[str]) -> None:
    printed = Command(capsys)("openapi")
    assert printed.status == 0
    assert printed.data["openapi"].startswith("3.1")
    assert "/organizations/{organization}/users" in printed.data["paths"]
