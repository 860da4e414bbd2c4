"""Whatever can be used on a page is reached by Tab, and shows it."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.browser.inspection import NARROW, WIDE, walk, widths


def test_tab_leads_to_everything_in_order_and_shows_where_it_is(seen: tuple[str, Page]) -> None:
    _, page = seen
    for _ in widths(page, WIDE, NARROW):
        stops, number = walk(page)
        assert [stop["number"] for stop in stops] == list(range(number))
        assert [stop["name"] for stop in stops if not stop["shown"] or not stop["seen"]] == []
