"""Every page that the portal has, looked at by axe, on a narrow screen and by the keyboard alone.

The list is made from the portal's own routes: a page that nobody can be led to fails here until it is told how.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.chromium import Browsing
from tests.browser.conftest import serving, shot
from tests.browser.house import SEEN, House, View, demands, peopled
from tests.browser.inspection import FORM, NARROW, WIDE, empty, outside, unfold, violations, walk, widths


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


def told(seen: tuple[str, View]) -> str:
    return f"{seen[0]} as {seen[1].by}"


@pytest.fixture(params=SEEN, ids=told)
def seen(request: pytest.FixtureRequest, house: House) -> tuple[str, Page]:
    """A page, opened by whoever it is for; its name is told with it."""
    name, view = request.param
    page = house.window(view.by)
    address = house.address(name, view)
    answer = page.goto(address)
    assert answer is not None
    assert (answer.status, page.url.removeprefix(house.browse.address)) == (view.status, address)
    assert (page.locator(FORM).locator("[required]").count() > 0) == demands(name, view)
    return name, page


def test_axe_finds_nothing_and_nothing_is_beyond_a_narrow_screen(seen: tuple[str, Page]) -> None:
    name, page = seen
    looked_at(page, name)


def looked_at(page: Page, name: str) -> None:
    """With all its menus open, wide and narrow."""
    for _ in widths(page, WIDE, NARROW):
        shot(page, name)
        unfold(page)
        assert violations(page) == []
        assert outside(page) == []


def test_tab_leads_to_everything_in_order_and_shows_where_it_is(seen: tuple[str, Page]) -> None:
    _, page = seen
    for _ in widths(page, WIDE, NARROW):
        stops, number = walk(page)
        assert [stop["number"] for stop in stops] == list(range(number))
        assert [stop["name"] for stop in stops if not stop["shown"] or not stop["seen"]] == []


@pytest.mark.parametrize("seen", [seen for seen in SEEN if demands(*seen)], indirect=True, ids=told)
def test_what_is_missing_from_a_form_is_told_by_its_field(seen: tuple[str, Page]) -> None:
    """The summary has the focus, and leads to each field; a field names what was refused of it."""
    name, page = seen
    form = page.locator(FORM)
    required = form.locator("[required]").count()
    empty(form)
    form.locator("button").last.click()
    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    expect(page.locator("[aria-invalid=true]")).to_have_count(required)
    for link in summary.get_by_role("link").all():
        field = page.locator(str(link.get_attribute("href")))
        expect(field).to_have_accessible_description(re.compile(re.escape(link.inner_text())))
    looked_at(page, f"{name}-refused")


FAILURES = {
    "nowhere": ("administrator", "/nowhere", 404),
    "forbidden": ("petit", "/organizations/{organization}/users", 403),
}


@pytest.mark.parametrize("failure", FAILURES)
def test_pages_that_tell_of_a_failure_are_no_worse(house: House, failure: str) -> None:
    by, path, status = FAILURES[failure]
    page = house.window(by)
    answer = page.goto(path.format(**house.named))
    assert answer is not None
    assert answer.status == status
    looked_at(page, failure)


def test_english_words_fit_a_narrow_screen_too(house: House) -> None:
    beyond = {}
    for name, view in SEEN:
        page = house.window(view.by, "en")
        page.set_viewport_size({"width": NARROW, "height": 800})
        page.goto(house.address(name, view))
        expect(page.locator("html")).to_have_attribute("lang", "en")
        unfold(page)
        beyond[name, view] = outside(page)
    assert not any(beyond.values()), beyond
