"""Random actors do random acts over the memory store; the naive model predicts each verdict and its reason (I1–I10)."""

import pytest

from habilitation.adapters.memory import MemoryStore
from habilitation.testing.machine import PortalMachine
from tests.stateful.running import run


class MemoryMachine(PortalMachine):
    def open_store(self) -> MemoryStore:
        return MemoryStore()


def test_every_verdict_over_memory_is_as_the_naive_model_predicts(capsys: pytest.CaptureFixture[str]) -> None:
    """I1–I10"""
    run(MemoryMachine, 6, capsys)
