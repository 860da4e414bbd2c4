"""The PostgreSQL of the tests: a database for each, and nothing left behind, however the tests end."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from tests import postgres

STARTS_ONE_AND_IS_KILLED = """
import os, signal
from tests import postgres
print(postgres.start().address.query["host"], flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_each_test_has_a_database_of_its_own():
    server = postgres.server()
    with server.database() as one, server.database() as other:
        with psycopg.connect(one) as connection:
            connection.execute("CREATE TABLE mine (number integer)")
        with psycopg.connect(other) as connection:
            assert connection.execute("SELECT to_regclass('mine')").fetchone() == (None,)


def test_a_database_goes_though_somebody_is_connected_to_it():
    server = postgres.server()
    with server.database() as address:
        forgotten = psycopg.connect(address)
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        psycopg.connect(address)
    forgotten.close()


def test_the_server_goes_with_the_process_that_started_it_even_if_that_is_killed():
    command = [sys.executable, "-c", STARTS_ONE_AND_IS_KILLED]
    killed = subprocess.run(command, cwd=Path(__file__).parent.parent, capture_output=True, text=True, check=False)
    assert killed.returncode == -signal.SIGKILL
    folder, deadline = Path(killed.stdout.strip()), time.monotonic() + 20
    assert folder.name.startswith("habilitation-postgres-")
    while folder.exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not folder.exists()
