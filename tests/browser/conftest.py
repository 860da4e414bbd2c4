"""LES OLIVIERS as it is served, and Debian's Chromium to look at it with.

Without a browser these tests are skipped, where ``CI`` is not set.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from starlette.routing import BaseRoute

from tests.asgi.portal.conftest import Inside
from tests.browser.chromium import Browsing, chromium
from tests.browser.house import SEEN, House, demands, peopled, told
from tests.browser.inspection import FORM
from tests.browser.serving import Served, serving


@pytest.fixture(scope="module", name="chromium")
def one_chromium() -> Iterator[Browser]:
    """One for the tests of a file: while it is there, nothing else in the process can run an event loop."""
    with chromium() as browser:
        yield browser


@pytest.fixture
def language() -> str:
    """Of the messages."""
    return "fr"


@pytest.fixture
def more() -> tuple[BaseRoute, ...]:
    """What a test serves beside the pages and the API."""
    return ()


@pytest.fixture
def served(tmp_path: Path, chromium: Browser, language: str, more: tuple[BaseRoute, ...]) -> Iterator[Served]:
    with serving(tmp_path, language, more) as served:
        yield served


@pytest.fixture
def inside(served: Served) -> Inside:
    """The same at work: Anne Martin administers it."""
    return Inside.of(served.at)


@pytest.fixture
def browse(chromium: Browser, served: Served) -> Iterator[Browsing]:
    """How windows are opened; whatever the browser complained of in one fails the test."""
    browsing = Browsing(chromium, served.address)
    yield browsing
    browsing.close()
    assert browsing.complaints == []


# Every page


@pytest.fixture(scope="module")
def one_house(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with serving(tmp_path_factory.mktemp("house")) as served:
        browse = Browsing(chromium, served.address)
        yield peopled(served, browse)
        browse.close()


@pytest.fixture
def house(one_house: House) -> Iterator[House]:
    """The same for all tests: looking changes nothing."""
    yield one_house
    complaints, one_house.browse.complaints = one_house.browse.complaints, []
    assert complaints == []


@pytest.fixture(params=SEEN, ids=told)
def seen(request: pytest.FixtureRequest, house: House) -> tuple[str, Page]:
    """A page, opened by whoever it is for; its name is told with it."""
    name, view = request.param
    page = house.window(view.by)
    address = house.address(name, view)
    answer = page.goto(address)
    assert answer is not None
    assert (answer.status, page.url.removeprefix(house.browse.address)) == (view.status, address)
    assert (page.locator(FORM).locator(".obliged").count() > 0) == demands(name, view)
    return f"{name}-{view.by}", page
