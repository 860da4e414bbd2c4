"""Random actors do random acts over an SQLite file; the naive model predicts each verdict and its reason (I1–I10)."""

import shutil
from itertools import count
from pathlib import Path

import pytest

from habilitation.adapters.sql import SqlStore
from habilitation.testing.machine import PortalMachine
from tests.stateful.running import run


class SqliteMachine(PortalMachine):
    """Each run has a file of its own, copied from one that was migrated once."""

    empty: Path
    files = count()

    def open_store(self) -> SqlStore:
        self.file = self.empty.with_name(f"portal-{next(self.files)}.db")
        shutil.copy(self.empty, self.file)
        return SqlStore.open(f"sqlite:///{self.file}")

    def kept(self) -> bytes:
        """The database's bytes, WAL included (I10)."""
        return b"".join(path.read_bytes() for path in self.file.parent.glob(f"{self.file.name}*"))

    def teardown(self) -> None:
        super().teardown()
        for path in self.file.parent.glob(f"{self.file.name}*"):
            path.unlink()


def test_every_verdict_over_sqlite_is_as_the_naive_model_predicts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """I1–I10"""
    SqliteMachine.empty = tmp_path / "empty.db"
    SqlStore.open(f"sqlite:///{SqliteMachine.empty}").close()
    run(SqliteMachine, 3, capsys)
