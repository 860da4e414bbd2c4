"""``habilitation serve`` and the end of ``habilitation demo``: pages for a browser, on loopback, until stopped."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

import httpx2 as httpx
import pytest
from starlette.requests import Request

from habilitation import OperatorAgent
from habilitation.adapters.asgi.service import load
from habilitation.adapters.asgi.serving import BehindProxies
from habilitation.adapters.settings import SetupRefused
from tests.adapters.mailserver import free_port

PATIENCE = 60
"""Seconds: where every core is busy, a process takes a while to start."""


@contextmanager
def running(*arguments: str, **environment: str) -> Iterator[subprocess.Popen[str]]:
    """The command, in a process of its own, which is stopped as the keyboard stops it."""
    command = [sys.executable, "-m", "habilitation.adapters.cli", *arguments]
    said = os.environ | {"PYTHONUNBUFFERED": "1", "COVERAGE_PROCESS_START": ""} | environment
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


def said(client: str, **headers: str) -> Request:
    written = [(name.replace("_", "-").lower().encode(), value.encode()) for name, value in headers.items()]
    return Request({"type": "http", "client": (client, 1), "headers": written})


PROXIES = BehindProxies(frozenset({"10.0.0.1"}), "X-Agent")


def test_an_agent_is_believed_of_the_proxy_alone() -> None:
    """R35"""
    assert PROXIES.agent(said("10.0.0.1", X_Agent="zoe")) == OperatorAgent("zoe")
    assert PROXIES.agent(said("10.0.0.1")) is None
    assert PROXIES.agent(said("10.0.0.2", X_Agent="zoe")) is None
    assert BehindProxies(frozenset({"10.0.0.1"}), "").agent(said("10.0.0.1", X_Agent="zoe")) is None


@pytest.mark.parametrize(
    ("client", "forwarded", "source"),
    [
        ("10.0.0.1", "192.0.2.7", "192.0.2.7"),
        ("10.0.0.1", "198.51.100.1, 192.0.2.7", "192.0.2.7"),
        ("10.0.0.1", "192.0.2.7, 10.0.0.1", "192.0.2.7"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("192.0.2.8", "192.0.2.7", "192.0.2.8"),
    ],
)
def test_where_a_request_comes_from_is_believed_of_the_proxy_alone(client: str, forwarded: str, source: str) -> None:
    """R22: whoever could write it would never be locked out."""
    assert PROXIES.source(said(client, X_Forwarded_For=forwarded)) == source


def test_after_the_guides_the_portal_is_open_with_every_message_sent(tmp_path: Path) -> None:
    port = free_port()
    places = ["--database", f"sqlite:///{tmp_path / 'portal.db'}", "--maildir", str(tmp_path / "mail")]
    with running("demo", "--lang", "en", "--port", str(port), *places) as process:
        mailbox = answered(f"http://127.0.0.1:{port}/mailbox")
        assert "habilitations@clamart.example" in mailbox.text
        assert "Your provisional password" in mailbox.text or "provisional password" in mailbox.text
        home = httpx.get(f"http://127.0.0.1:{port}/")
        assert (home.status_code, home.headers["location"].partition("?")[0]) == (303, "/sign-in")
        agent = httpx.post(f"http://127.0.0.1:{port}/mailbox/agent")
        assert "demonstration-agent" in agent.headers["set-cookie"]
    assert process.returncode == 0
