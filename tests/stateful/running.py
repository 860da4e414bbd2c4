"""How hard the machine is run: ``HYPOTHESIS_PROFILE=long`` takes more than ten thousand steps over each store."""

import os

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from habilitation.testing.machine import PortalMachine, report, shortfalls

IS_LONG = os.environ.get("HYPOTHESIS_PROFILE") == "long"
LONG_RUNS = 400
STEPS = 50


def run(machine: type[PortalMachine], runs: int, capsys: pytest.CaptureFixture[str]) -> None:
    """Run the machine, say what was accepted, and fail where that is too little to mean anything."""
    asked = settings(
        max_examples=LONG_RUNS if IS_LONG else runs,
        stateful_step_count=STEPS,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    run_state_machine_as_test(machine, settings=asked)
    with capsys.disabled():
        print(f"\n{report(machine)}")
    missing = shortfalls(machine)
    assert not missing, missing
