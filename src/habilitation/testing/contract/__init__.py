"""The contracts: what every store and every transport must do, as tests to be inherited.

Whoever writes an adapter subclasses one, gives a fixture, and is told what is wrong::

    class TestMyStore(StoreContract):
        @pytest.fixture
        def store(self, tmp_path):
            store = MyStore(tmp_path)
            yield store
            store.close()

What an adapter can do besides is declared by overriding the fixtures of ``StoreBench`` or ``TransportBench``: the tests
that need one are skipped where it is not given, and say so.
"""

from pkgutil import iter_modules

import pytest

pytest.register_assert_rewrite(*(f"{__name__}.{module.name}" for module in iter_modules(__path__)))

from habilitation.testing.contract.store import StoreContract  # noqa: E402  (so that assertions explain themselves)
from habilitation.testing.contract.transport import TransportContract  # noqa: E402

__all__ = ["StoreContract", "TransportContract"]
