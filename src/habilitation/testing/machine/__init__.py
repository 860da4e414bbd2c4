"""The stateful machine: random actors do random acts on a portal, and a naive model predicts each verdict (I1–I10).

Whoever writes a store runs it::

    class MyMachine(PortalMachine):
        def open_store(self):
            return MyStore(...)

    def test_my_store():
        run_state_machine_as_test(MyMachine)
        assert shortfalls(MyMachine) == []

A machine that only asserts about what was accepted is green and empty: ``report`` says who had what accepted, and
``shortfalls`` which role or act was not accepted often enough for the run to mean anything.
"""

from habilitation.testing.machine.reporting import report, shortfalls
from habilitation.testing.machine.rules import PortalMachine

__all__ = ["PortalMachine", "report", "shortfalls"]
