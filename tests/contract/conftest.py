"""What it takes to try the contract on stores that are broken: a test that fails is what is wanted."""

from __future__ import annotations

from collections.abc import Generator
from itertools import filterfalse

import pytest
from _pytest.outcomes import Failed


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "finds(broken): the test has to fail, over the store that is broken so")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Where a test is named with its parameters, it is meant with those alone."""
    config.hook.pytest_deselected(items=list(filter(_is_passed_over, items)))
    items[:] = filterfalse(_is_passed_over, items)


def _is_passed_over(item: pytest.Item) -> bool:
    mark = item.get_closest_marker("finds")
    if mark is None or not isinstance(item, pytest.Function):
        return False
    [broken] = mark.args
    return item.name not in broken.found_by and item.originalname not in broken.found_by


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Generator[None, object, object]:
    mark = pyfuncitem.get_closest_marker("finds")
    if mark is None:
        return (yield)
    [broken] = mark.args
    try:
        yield
    except (AssertionError, Failed, broken.raising) as found:
        assert "The contract:" in str(found.__notes__)  # noqa: PT017 - whoever broke the store is told what it breaks
        return True
    return pytest.fail(f"the contract lets pass one that {pyfuncitem.cls.says}")
