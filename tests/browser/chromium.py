"""A real browser, where one can be had; and what it must never complain of."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from attrs import define, field
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Error, Page, Response, expect, sync_playwright

from dev import BROWSERS
from tests.lacking import do_without

QUIET = ("--no-sandbox", "--disable-background-networking", "--disable-lcd-text")
"""Tests may run as root, where there is no sandbox; and nothing but the pages is to be asked for."""
PATIENCE = 30_000
"""Milliseconds: where every core is busy, a page takes a while."""
FRENCH = {"LANGUAGE": "fr"}
"""How the browser writes the days in its fields, where it has its translations (Debian's chromium-l10n)."""
OF_DOCUMENTS = "Failed to load resource"
"""What the console says of every page that is answered with 4xx, such as a form that is refused."""


@contextmanager
def chromium() -> Iterator[Browser]:
    """The browser; without one the test is skipped, but never in continuous integration."""
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if found is None:
        do_without(f"NO BROWSER, so no test of the pages in one: none of {', '.join(BROWSERS)} is installed")
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=found, args=QUIET, env={**os.environ, **FRENCH})
        except Error as problem:
            first = problem.message.splitlines()[0]
            do_without(f"NO BROWSER, so no test of the pages in one: {found} does not start: {first}")
        expect.set_options(timeout=PATIENCE)
        yield browser
        browser.close()


@define(slots=False)  # playwright puts a wrapper beside each method that it calls
class Browsing:
    """Windows of that browser onto one address, and all that it complained of in them."""

    browser: Browser
    address: str
    complaints: list[str] = field(factory=list)
    _contexts: list[BrowserContext] = field(factory=list)

    def __call__(
        self,
        language: str = "fr",
        width: int = 1280,
        *,
        token: str = "",
        agent: str = "",
        scripts: bool = True,
        **options: Any,
    ) -> Page:
        """A window of somebody who was never here; or whose session ``token`` names, or who is that agent."""
        context = self.browser.new_context(
            base_url=self.address,
            locale={"fr": "fr-FR", "en": "en-GB"}[language],
            timezone_id="Europe/Paris",
            viewport={"width": width, "height": 800},
            java_script_enabled=scripts,
            extra_http_headers={"X-Agent": agent} if agent else {},
            reduced_motion="reduce",
            **options,
        )
        self._contexts.append(context)
        if token:
            context.add_cookies([{"name": "habilitation", "value": token, "url": self.address}])
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.complaints.append(f"script: {error}"))
        page.on("response", self._answered)
        return page

    def _heard(self, message: ConsoleMessage) -> None:
        """A breach of the content security policy is told to the console, too."""
        if message.type in ("error", "warning") and not message.text.startswith(OF_DOCUMENTS):
            self.complaints.append(f"console: {message.text}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400 and response.request.resource_type != "document":
            self.complaints.append(f"{response.status}: {response.url}")

    def close(self) -> None:
        for context in self._contexts:
            context.close()
