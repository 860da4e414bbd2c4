"""Both guides in a real browser, as their steps say (R5, R10, R12, R19, R25, R26)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from habilitation.testing.world import DECLARE
from tests.asgi.portal.conftest import CONTACT, Inside
from tests.browser.chromium import Browsing
from tests.browser.guides import (
    PASSWORD,
    Person,
    become_administrator,
    choose_a_password,
    create_a_colleague,
    give_access_to_afas,
    sign_in,
)
from tests.browser.hands import Keyboard, Mouse
from tests.browser.serving import Served

MARIE = "marie.petit@oliviers.example"
WAYS = {
    "in French": ("fr", Mouse, {}),
    "in English": ("en", Mouse, {}),
    "without scripts": ("fr", Mouse, {"scripts": False}),
    "on a narrow screen": ("fr", Mouse, {"width": 320}),
    "by the keyboard alone": ("fr", Keyboard, {}),
    "by the keyboard alone, on a narrow screen, in English": ("en", Keyboard, {"width": 320}),
}
Anybody = Callable[[], Person]


@pytest.fixture(params=WAYS)
def way(request: pytest.FixtureRequest) -> Any:
    return WAYS[request.param]


@pytest.fixture
def language(way: Any) -> str:
    return str(way[0])


@pytest.fixture
def somebody(way: Any, browse: Browsing) -> Anybody:
    """Whoever comes next, in a window of their own."""
    language, hand, choices = way

    def comes() -> Person:
        page = browse(language, **choices)
        return Person(page, hand(page), language)

    return comes


def received(whom: Person, served: Served, email: str) -> tuple[str, str]:
    """The login and the password, each read in a message of its own (R12)."""
    login, password = (served.read(email, whom.word(each)) for each in ("identifiant", "mot de passe provisoire"))
    assert not [text for text in served.mail_to(email) if login in text and password in text]
    return login, password


def test_the_administrators_guide(somebody: Anybody, served: Served) -> None:
    first = somebody()
    become_administrator(first, *received(first, served, CONTACT))
    create_a_colleague(first, MARIE)
    for shown in ("Petit", "✓", "✕"):
        expect(first.row("Marie")).to_contain_text(shown)
    colleague = somebody()
    choose_a_password(colleague, *received(colleague, served, MARIE))
    expect(colleague.page.get_by_role("link", name=colleague.word("Mes utilisateurs"))).to_have_count(0)


def test_the_guide_of_the_afas_service(somebody: Anybody, served: Served, inside: Inside) -> None:
    administrator = somebody()
    sign_in(administrator, served.at.mailbox.login_for(CONTACT), PASSWORD)
    give_access_to_afas(administrator, MARIE)


@pytest.mark.parametrize("way", ["in French"], indirect=True)
def test_the_guide_of_the_afas_service_for_the_manager_of_the_group(
    somebody: Anybody, served: Served, inside: Inside
) -> None:
    """« Vous êtes administrateur de Mon Compte Partenaire ou responsable d'habilitation de votre groupe. »"""
    inside.browser(inside.manager("Morel", DECLARE))  # signed in once, with a password of their own
    manager = somebody()
    sign_in(manager, served.at.mailbox.login_for("morel@oliviers.example"), PASSWORD)
    give_access_to_afas(manager, MARIE)
