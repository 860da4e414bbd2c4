#!/usr/bin/env python3
"""Draw the pictures of ``docs/portal.md`` anew, from the pages as they are served, in Debian's Chromium.

.venv/bin/python docs/screenshots.py
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from attrs import frozen
from playwright.sync_api import Page

DOCS = Path(__file__).resolve().parent
PICTURES = DOCS / "pictures"
sys.path.insert(0, str(DOCS.parent))  # the tests know how the portal is served and opened

from habilitation import GroupCode, NewManager, NewUser, Scope, UserId  # noqa: E402
from habilitation.domain.values import Place  # noqa: E402
from habilitation.testing.world import DECLARE, PRIVATE  # noqa: E402
from tests.asgi.portal.conftest import AGENT, CONTACT, Inside  # noqa: E402
from tests.browser.chromium import Browsing, chromium  # noqa: E402
from tests.browser.serving import Served, serving  # noqa: E402

WIDE, NARROW = (1280, 800), (360, 720)


@frozen
class Scene:
    """LES OLIVIERS, and whose windows there are onto it."""

    browse: Browsing
    inside: Inside
    users: Mapping[str, UserId]

    def window(self, *page: str, agent: str = "", size: tuple[int, int] = WIDE) -> Page:
        opened = self.browse("fr", size[0], agent=agent, token="" if agent else self.inside.admin.token)
        opened.set_viewport_size({"width": size[0], "height": size[1]})
        opened.goto(self.inside.page(*page))
        return opened

    def keep(self, page: Page, name: str) -> None:
        page.screenshot(path=PICTURES / f"{name}.png")
        page.context.close()


def create_user(at: Scene) -> None:
    """*Créer un utilisateur partenaire*, half filled in."""
    page = at.window("agreements", at.inside.at.agreement.id, "users", "new")
    page.get_by_label("Nom", exact=True).fill("Roux")
    page.get_by_label("Prénom").fill("Zoé")
    page.get_by_label("LOG-PRI - Logements privés").check()
    at.keep(page, "create-user")


def users(at: Scene) -> None:
    """*Mes utilisateurs*, with what can be done to one of them."""
    page = at.window("users")
    page.locator("tbody tr").filter(has_text="Benali").locator("summary").click()
    at.keep(page, "users")


def user(at: Scene) -> None:
    """Somebody who waits for a role."""
    page = at.window("users", at.users["Marie"])
    page.set_viewport_size({"width": WIDE[0], "height": 1160})
    at.keep(page, "user")


def explanation(at: Scene) -> None:
    """Why she has no access yet."""
    page = at.window("users", at.users["Marie"], "access")
    page.locator("summary").filter(has_text="afas:declare").click()
    at.keep(page, "explanation")


def managers(at: Scene) -> None:
    """Who administers what."""
    at.keep(at.window("managers"), "managers")


def narrow(at: Scene) -> None:
    """The same users on a telephone."""
    at.keep(at.window("users", size=NARROW), "narrow")


def operator(at: Scene) -> None:
    """The organization, for the operator's agent."""
    at.keep(at.window(agent=AGENT.agent), "operator")


SCENES: tuple[Callable[[Scene], None], ...] = (create_user, users, user, explanation, managers, narrow, operator)


def first_authentication(served: Served, browse: Browsing) -> None:
    """Before anybody administers."""
    page = browse("fr", WIDE[0])
    page.goto("/")
    page.get_by_label("Identifiant").fill(served.read(CONTACT, "identifiant"))
    page.get_by_label("Mot de passe").fill(served.read(CONTACT, "mot de passe provisoire"))
    page.get_by_role("button", name="Se connecter").click()
    page.get_by_label("Nom", exact=True).wait_for()
    page.screenshot(path=PICTURES / "first-authentication.png")


def peopled(served: Served) -> tuple[Inside, dict[str, UserId]]:
    """Anne Martin administers, and Louise Morel manages what Marie Petit waits for."""
    inside = Inside.of(served.at)

    def created(last_name: str, first_name: str, *groups: GroupCode) -> UserId:
        email = f"{first_name}.{last_name}@oliviers.example".lower()
        asked = NewUser(inside.organization, inside.at.agreement.id, last_name, first_name, email, groups=groups)
        return inside.portal.create_user(asked, by=inside.admin).id

    found = {
        "Marie": created("Petit", "Marie", PRIVATE, DECLARE),
        "Karim": created("Benali", "Karim", PRIVATE),
        "Louise": created("Morel", "Louise", DECLARE),
    }
    scope = Scope(frozenset({Place(inside.at.agreement.id, DECLARE)}))
    inside.portal.delegate_manager(NewManager(inside.organization, found["Louise"], scope), by=inside.admin)
    return inside, found


def main() -> None:
    """All of them."""
    PICTURES.mkdir(exist_ok=True)
    with TemporaryDirectory() as folder, chromium() as browser, serving(Path(folder)) as served:
        browse = Browsing(browser, served.address)
        first_authentication(served, browse)
        scene = Scene(browse, *peopled(served))
        for draw in SCENES:
            draw(scene)
        browse.close()


if __name__ == "__main__":
    main()
