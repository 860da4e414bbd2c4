from hypothesis.stateful import run_state_machine_as_test

from habilitation.adapters.memory import MemoryStore
from habilitation.testing.machine import PortalMachine, report, shortfalls


class MemoryMachine(PortalMachine):
    def open_store(self):
        return MemoryStore()


def test_x():
    run_state_machine_as_test(MemoryMachine)
    print(report(MemoryMachine))
    assert shortfalls(MemoryMachine) == []
