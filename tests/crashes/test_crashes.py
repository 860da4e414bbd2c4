"""What is there after a kill, a few times; and that whatever is missing is noticed."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from attrs import evolve

from habilitation.adapters.sql import SqlStore
from habilitation.application import Habilitation
from habilitation.domain.values import UserId
from habilitation.testing.fakes import SettableClock
from tests.crashes.client import Lines, Posting, Task, portal_by
from tests.crashes.crash import AFile, AServer, Crashes


def sqlite(folder: Path) -> AFile:
    return AFile(f"sqlite:///{folder / 'portal.db'}")


def test_what_was_acknowledged_before_a_kill_is_there_whole_and_no_message_is_lost(tmp_path: Path) -> None:
    """I8, I9, I10, R20, R42"""
    crashes = Crashes(sqlite(tmp_path), tmp_path)
    for number in range(3):
        crashes.crash(number)
    assert crashes.found.acknowledged >= 6
    assert crashes.found.effective + crashes.found.undone > 0


def test_the_same_after_the_server_was_killed(tmp_path: Path) -> None:
    """I8, I9, I10, R20, R42: and whoever was told that nothing was written was told the truth."""
    with AServer.started() as server:
        crashes = Crashes(server, tmp_path)
        for number in range(4):
            crashes.crash(number)
    assert crashes.found.acknowledged >= 8
    assert crashes.found.told.keys() - {""}


def acknowledge_too_early(task: Task) -> None:
    with Lines.of(task.diary) as diary:
        diary.put("asked", 1, "create_user", "")
        diary.put("done", 1, "create_user", "")
    time.sleep(60)


def test_an_act_that_was_acknowledged_and_is_not_there_is_noticed(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match=r"was told that .* was done, and it was not"):
        Crashes(sqlite(tmp_path), tmp_path, acknowledge_too_early).crash(0)


class Silent:
    """A notifier that forgets every message."""

    def announce(self, *_: object) -> tuple[()]:
        return ()


def tell_nobody(task: Task) -> None:
    with Lines.of(task.diary) as diary, Lines.of(task.posted) as posted:
        portal = portal_by(SqlStore.open(task.url), Posting(posted), SettableClock())
        diary.put("asked", 1, "create_user", "")
        task.do(Habilitation(evolve(portal.ports, notifier=Silent())), 1, "create_user", UserId(""))
        diary.put("done", 1, "create_user", "")
    time.sleep(60)


def test_a_message_that_was_lost_is_noticed(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="is to get two messages"):
        Crashes(sqlite(tmp_path), tmp_path, tell_nobody).crash(0)
