"""How somebody works a page: with a mouse, or by the keyboard alone."""

from __future__ import annotations

from typing import Protocol

from attrs import frozen
from playwright.sync_api import Locator, Page

MOST_STOPS = 150
"""More than any page has to stop at."""
FOCUSED = """element => {
    const style = getComputedStyle(element);
    const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
    return document.activeElement === element && (outlined || style.boxShadow !== "none");
}"""


class Hand(Protocol):
    """Whoever has one can do all that pages ask for."""

    def press(self, what: Locator) -> None:
        """A link, a button, or what unfolds a menu."""

    def type(self, field: Locator, text: str) -> None:
        """In the place of what stands there."""

    def tick(self, box: Locator) -> None:
        """A box, or one of several choices."""

    def choose(self, field: Locator, label: str) -> None:
        """From a list."""


@frozen
class Mouse:
    """Points at things."""

    page: Page

    def press(self, what: Locator) -> None:
        what.click()

    def type(self, field: Locator, text: str) -> None:
        field.fill(text)

    def tick(self, box: Locator) -> None:
        box.check()

    def choose(self, field: Locator, label: str) -> None:
        field.select_option(label=label)


@frozen
class Keyboard:
    """Goes on by Tab, and sees where it is."""

    page: Page

    def reach(self, what: Locator) -> None:
        """By Tab, from wherever it is, to something that then shows that it has the focus."""
        target = what.element_handle()
        for _ in range(MOST_STOPS):
            if target.evaluate("element => document.activeElement === element"):
                break
            self.page.keyboard.press("Tab")
        assert target.evaluate(FOCUSED), f"{what} is not reached by Tab, or does not show it"

    def press(self, what: Locator) -> None:
        self.reach(what)
        self.page.keyboard.press("Enter")

    def type(self, field: Locator, text: str) -> None:
        self.reach(field)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(text)

    def tick(self, box: Locator) -> None:
        if box.get_attribute("type") == "checkbox":
            self.reach(box)
            self.page.keyboard.press("Space")
        else:
            self.reach(box.page.locator(f"input[name={box.get_attribute('name')}]:checked"))
            self._until_chosen(box, "element => element.checked")
        assert box.is_checked()

    def choose(self, field: Locator, label: str) -> None:
        self.reach(field)
        option = field.get_by_role("option", name=label, exact=True)
        self._until_chosen(option, "element => element.selected")

    def _until_chosen(self, what: Locator, chosen: str) -> None:
        for _ in range(MOST_STOPS):
            if what.evaluate(chosen):
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"{what} is not reached by arrows")
