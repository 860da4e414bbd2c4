"""Both guides in a real browser, as their steps say (R5, R10, R12, R25, R26)."""

from tests.asgi.portal.conftest import CONTACT
from tests.browser.conftest import shot


def test_the_first_person_signs_in_with_what_the_two_mails_say(served, browse):
    page = browse("fr")
    page.goto("/")
    page.get_by_label("Identifiant").fill(served.read(CONTACT, "Voici l'identifiant"))
    page.get_by_label("Mot de passe").fill(served.read(CONTACT, "Voici le mot de passe provisoire"))
    page.get_by_role("button", name="Se connecter").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Première authentification"
    shot(page, "first-authentication")
