"""How hard the machine is run: ``HYPOTHESIS_PROFILE=long`` takes more than ten thousand steps over each store."""

import os

import pytest
from hypothesis import HealthCheck, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from habilitation.testing.machine import PortalMachine, report, shortfalls

IS_LONG = os.environ.get("HYPOTHESIS_PROFILE") == "long"
STEPS = 50
RUNS = 10
"""In a batch. After its first ten runs hypothesis tries variants of what it has tried, five for each new one: a batch
ends before that, so that every run is a new one."""
LONG_BATCHES = 30


def asked_for(runs: int = RUNS, steps: int = STEPS) -> settings:
    """A batch of so many runs of so many steps."""
    return settings(
        max_examples=runs,
        stateful_step_count=steps,
        deadline=None,
        derandomize=False,
        print_blob=True,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )


def run_shortly(machine: type[PortalMachine]) -> None:
    """A few runs, over a store that takes its time: whether enough is accepted is seen over the others."""
    run_state_machine_as_test(seed(0)(machine), settings=asked_for(4, 40))


def run(machine: type[PortalMachine], batches: int, capsys: pytest.CaptureFixture[str]) -> None:
    """Run the machine, say what was accepted, and fail where that is too little to mean anything.

    The short profile takes the same steps every time, the long one others each time.
    """
    first = int.from_bytes(os.urandom(4)) if IS_LONG else 0
    batches = LONG_BATCHES if IS_LONG else batches
    for batch in range(batches):
        run_state_machine_as_test(seed(first + batch)(machine), settings=asked_for())
    with capsys.disabled():
        print(f"\n{batches * RUNS * STEPS} steps\n{report(machine)}")
    missing = shortfalls(machine)
    assert not missing, missing
