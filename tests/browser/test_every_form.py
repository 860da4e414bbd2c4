"""Every form that cannot be sent empty says what is missing, where it is missing."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.house import SEEN, demands, told
from tests.browser.inspection import FORM, empty, look_at


@pytest.mark.parametrize("seen", [seen for seen in SEEN if demands(*seen)], indirect=True, ids=told)
def test_what_is_missing_from_a_form_is_told_by_its_field(seen: tuple[str, Page]) -> None:
    """The summary has the focus, and leads to each field; a field names what was refused of it."""
    name, page = seen
    form = page.locator(FORM)
    required = form.locator(".obliged").count()
    empty(form)
    form.locator("button").last.click()
    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    expect(page.locator("[aria-invalid=true]")).to_have_count(required)
    for link in summary.get_by_role("link").all():
        field = page.locator(str(link.get_attribute("href")))
        expect(field).to_have_accessible_description(re.compile(re.escape(link.inner_text())))
    look_at(page, f"{name}-refused")
