"""What is looked for on every page: what axe finds, and what a narrow screen or a keyboard cannot reach.

Pictures are kept in ``artifacts/screenshots``.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page

SCREENSHOTS = Path(__file__).parents[2] / "artifacts" / "screenshots"
WIDE, NARROW = 1280, 320
FORM = "main form[method=post]:not(.search)"
UNFOLD = "for (const each of document.querySelectorAll('details')) each.open = true"
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
OUTSIDE = """() => [...document.querySelectorAll("body *")]
    .filter(element => !element.closest(".scroll, .unseen, .skip, thead") && element.getClientRects().length
        && element.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
    .map(element => element.outerHTML.slice(0, 80))"""
DRAWN = "() => new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)))"
"""Whatever a page does to itself in a narrower window is done."""
STOPS = """() => {
    const look = element => {
        const style = getComputedStyle(element);
        return [style.outlineStyle === "none" ? "" : style.outline, style.boxShadow].join();
    };
    document.body.tabIndex = -1;
    document.body.focus();
    document.body.removeAttribute("tabindex");
    const all = [...document.querySelectorAll(
        "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']")].filter(
        element => element.checkVisibility({visibilityProperty: true}) && !element.disabled
            && !(element.type === "radio" && !element.checked));
    const resting = all.map(look);
    window.stops = [];
    document.onkeyup = () => {
        const here = document.activeElement, number = all.indexOf(here), box = here.getBoundingClientRect();
        if (stops.length && stops.at(-1).number === number) return;
        const seen = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
        stops.push({number, name: here.outerHTML.slice(0, 120), shown: look(here) !== resting[number], seen});
    };
    return [all.length, all.filter(element => element.type === "date").length];
}"""
"""Finds what can be used and how it looks at rest, then notes where each key leads: what was there already does not
count, and of several choices Tab stops at the one that is chosen."""
PARTS = 4
"""Of a date: Tab stops at the day, the month, the year and the calendar."""


def violations(page: Page) -> list[str]:
    """What axe finds, by rule, with the elements."""
    found = Axe().run(page).response["violations"]
    return [f"{each['id']}: {[node['html'] for node in each['nodes']]}" for each in found]


def outside(page: Page) -> list[str]:
    """What goes beyond the window, where it is wider than that."""
    return list(page.evaluate(OUTSIDE)) if page.evaluate(WIDER) > 0 else []


def unfold(page: Page) -> None:
    """Every menu at once."""
    page.evaluate(UNFOLD)


def widths(page: Page, *wanted: int) -> Any:
    """The same page in windows of those widths, one after the other."""
    for width in wanted:
        page.set_viewport_size({"width": width, "height": 800})
        page.evaluate(DRAWN)
        yield width


def walk(page: Page) -> tuple[list[dict[str, Any]], int]:
    """What Tab stops at, one after the other, from the page's beginning on; and how much there is to stop at."""
    number, days = page.evaluate(STOPS)
    for _ in range(number + days * (PARTS - 1)):
        page.keyboard.press("Tab")
    return page.evaluate("stops"), number


def empty(form: Locator) -> None:
    """All that can be left out, left out."""
    for field in form.locator("input:not([type=hidden], [type=radio], [type=checkbox]), textarea").all():
        field.fill("")
    for field in form.locator("select").all():
        field.select_option("")
    for box in form.locator("input[type=checkbox]").all():
        box.uncheck()


def look_at(page: Page, name: str) -> None:
    """As it is opened, for a picture; then with all its menus open; wide and narrow."""
    for _ in widths(page, WIDE, NARROW):
        shot(page, name)
    for _ in widths(page, WIDE, NARROW):
        unfold(page)
        assert violations(page) == []
        assert outside(page) == []


def shot(page: Page, name: str) -> None:
    """Keep a picture of the whole page, named after the page, its language and the width of its window."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    size = page.viewport_size
    assert size is not None
    page.screenshot(path=SCREENSHOTS / f"{name}-{size['width']}.png", full_page=True)
