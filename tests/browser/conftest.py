"""LES OLIVIERS as it is served, and Debian's Chromium to look at it with.

Pictures are kept in ``artifacts/screenshots``. Without a browser these tests are skipped, where ``CI`` is not set.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from mailbox import Maildir
from pathlib import Path

import pytest
from attrs import define
from playwright.sync_api import Browser, Page
from starlette.routing import BaseRoute
from starlette.types import ASGIApp

from habilitation.adapters.asgi.serving import AgentsOfProxies, front
from habilitation.adapters.assembly import Settings, maildir
from tests.asgi.portal.conftest import Inside, Oliviers
from tests.browser.chromium import Browsing, chromium
from tests.browser.serving import LOOPBACK, listening

SCREENSHOTS = Path(__file__).parents[2] / "artifacts" / "screenshots"


@define
class Served:
    """LES OLIVIERS at an address of this machine; whoever sends ``X-Agent`` is the operator's agent."""

    at: Oliviers
    address: str
    mail: Path

    def mail_to(self, email: str) -> list[str]:
        """The texts of the messages that were sent there, oldest first, as a person reads them."""
        received = [Maildir(self.mail).get_bytes(key) for key in sorted(Maildir(self.mail).keys())]
        messages = [message_from_bytes(each, policy=policy.default) for each in received]
        bodies = [each.get_body(("plain",)) for each in messages if email in each["to"]]
        return [body.get_content() for body in bodies if body]

    def read(self, email: str, what: str) -> str:
        """What the last such message there has alone on its line, after a sentence that calls it so."""
        found = [line for text in self.mail_to(email) for line in re.findall(rf"{what}[^:.]*:\s+(\S+)\n", text)]
        assert found, f"no message to {email} says {what}"
        return str(found[-1])


@pytest.fixture(scope="module", name="chromium")
def one_chromium() -> Iterator[Browser]:
    """One for the tests of a file: while it is there, nothing else in the process can run an event loop."""
    with chromium() as browser:
        yield browser


@contextmanager
def serving(folder: Path, language: str = "fr") -> Iterator[Served]:
    """LES OLIVIERS, whose first credentials just left by mail, in that language."""
    made: list[Oliviers] = []

    def app(address: str) -> ASGIApp:
        settings = Settings(language, address=f"{address}/", link=f"{address}/links/{{purpose}}/{{token}}")
        agents = AgentsOfProxies((LOOPBACK,), "X-Agent")
        server = maildir(folder / "mail", settings)
        choices = {"secure": False, "authenticate": agents}
        made.append(Oliviers.on("memory:", drawn=front, settings=settings, server=server, **choices))
        return made[0].app  # type: ignore[no-any-return]

    with listening(app) as address:
        yield Served(made[0], address, folder / "mail")
    made[0].portal.close()


@pytest.fixture
def language() -> str:
    """Of the messages."""
    return "fr"


@pytest.fixture
def served(tmp_path: Path, chromium: Browser, language: str) -> Iterator[Served]:
    with serving(tmp_path, language) as served:
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


def shot(page: Page, name: str) -> None:
    """Keep a picture of the whole page, named after the page, its language and the width of its window."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    size = page.viewport_size
    assert size is not None
    page.screenshot(path=SCREENSHOTS / f"{name}-{size['width']}.png", full_page=True)
