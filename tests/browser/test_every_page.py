"""Every page that the portal has, looked at by axe, and on a narrow screen.

The list is made from the portal's own routes: a page that nobody can be led to fails here until it is told how.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.house import SEEN, House
from tests.browser.inspection import NARROW, look_at, outside, unfold


def test_axe_finds_nothing_and_nothing_is_beyond_a_narrow_screen(seen: tuple[str, Page]) -> None:
    name, page = seen
    look_at(page, name)


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
    look_at(page, failure)


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
