"""What only a real browser can show of what the pages promise."""

from __future__ import annotations

import re

from playwright.sync_api import Page, Route, expect

from habilitation import UserChanges, UserQuestion
from habilitation.testing.world import DECLARE
from tests.asgi.portal.conftest import AGENT, CONTACT, PASSWORD, Inside
from tests.browser.chromium import Browsing
from tests.browser.serving import Served

MARTIN = "anne.martin@oliviers.example"


def sign_in(page: Page, login: str, password: str = PASSWORD) -> None:
    page.get_by_label("Identifiant").fill(login)
    page.get_by_label("Mot de passe").fill(password)
    page.get_by_role("button", name="Se connecter").click()


def test_a_script_that_somebody_slips_in_does_not_run_and_is_complained_of(browse: Browsing) -> None:
    """So no page of any test here breaks the content security policy: each would be complained of as well."""
    page = browse()
    page.goto("/sign-in")
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"window.ran = true\">')")
    expect(page.locator("img[src=x]")).to_be_attached()
    page.evaluate("new Promise(done => setTimeout(done, 200))")
    assert page.evaluate("window.ran") is None
    assert [each for each in browse.complaints if "Content Security Policy" in each]
    browse.complaints.clear()


def test_our_pictures_are_files_whichever_style_sheet_arrives_first(browse: Browsing, inside: Inside) -> None:
    """The policy refuses data, so Pico has no pictures of its own here: a look before ours arrives asks for none."""
    page = browse(token=inside.admin.token)
    held: list[Route] = []
    page.route("**/portal.css", lambda route: held.append(route))
    page.goto(inside.page("users"), wait_until="commit")
    for _ in range(10):  # to ask for a height makes the browser apply the rules that it has
        page.evaluate("document.querySelector('select')?.offsetHeight")
        page.wait_for_timeout(50)
    assert held
    held.pop().continue_()
    expect(page.locator("select")).to_be_visible()


def test_a_lost_session_leads_back_to_where_the_person_was(browse: Browsing, served: Served, inside: Inside) -> None:
    page = browse(token=inside.admin.token)
    page.goto(inside.page("users"))
    inside.portal.sign_out(by=inside.admin)
    page.get_by_role("button", name="Créer un utilisateur").click()
    expect(page.get_by_role("status")).to_contain_text("Votre session est terminée")
    sign_in(page, served.at.mailbox.login_for(CONTACT))
    expect(page.get_by_role("heading", level=1)).to_have_text("Créer un utilisateur partenaire")


def test_what_is_sent_again_because_nothing_seemed_to_happen_is_done_once(
    browse: Browsing, served: Served, inside: Inside
) -> None:
    """Without scripts, which send it once: the first answer never comes, and somebody presses again."""
    user = inside.user()
    page = browse(token=inside.admin.token, scripts=False)
    page.goto(inside.page("users", user.id, "resend"))
    done: list[int] = []

    def slow(route: Route) -> None:
        if done:
            route.continue_()
        else:
            done.append(route.fetch(max_redirects=0).status)

    page.route("**/resend", slow)
    box = page.get_by_role("main").get_by_role("button").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 5, box["y"] + 5)
    while not done:
        page.wait_for_timeout(20)
    page.mouse.click(box["x"] + 5, box["y"] + 5)
    expect(page.get_by_role("heading", level=1)).to_have_text("Luc Petit")
    assert done == [303]
    assert len(served.mail_to("petit@oliviers.example")) == 4  # two at first, and two again


def test_an_impatient_hand_sends_a_form_once(browse: Browsing, inside: Inside) -> None:
    user = inside.user()
    page = browse(token=inside.admin.token)
    page.goto(inside.page("users", user.id, "resend"))
    sent: list[Route] = []
    page.route("**/resend", lambda route: sent.append(route))
    page.get_by_role("main").get_by_role("button").dblclick(no_wait_after=True)
    page.wait_for_timeout(300)
    assert len(sent) == 1
    sent.pop().continue_()
    expect(page.get_by_role("heading", level=1)).to_have_text("Luc Petit")


def test_after_signing_out_the_way_back_shows_nothing(browse: Browsing, inside: Inside) -> None:
    page = browse(token=inside.admin.token)
    page.goto(inside.page("users"))
    expect(page.locator("body")).to_contain_text(MARTIN)
    page.get_by_role("button", name="Se déconnecter").click()
    expect(page.get_by_role("status")).to_have_text("Vous êtes déconnecté.")
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Authentification")
    assert "Martin" not in page.content()


def test_what_was_typed_is_kept_but_for_passwords(browse: Browsing, served: Served) -> None:
    page = browse()
    page.goto("/")
    sign_in(page, served.read(CONTACT, "identifiant"), served.read(CONTACT, "mot de passe provisoire"))
    page.get_by_label("Nom", exact=True).fill("Martin")
    page.get_by_label("Votre adresse mail nominative").fill("contact@oliviers.example")
    page.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
    page.get_by_label("Confirmer le mot de passe").fill(PASSWORD)
    page.get_by_label("J'ai lu et j'accepte cette responsabilité").check()
    page.get_by_role("button", name="Valider").click()
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_label("Nom", exact=True)).to_have_value("Martin")
    expect(page.get_by_label("Votre adresse mail nominative")).to_have_value("contact@oliviers.example")
    expect(page.get_by_label("J'ai lu et j'accepte cette responsabilité")).to_be_checked()
    for label in ("Mot de passe", "Confirmer le mot de passe"):
        expect(page.get_by_label(label, exact=True)).to_have_value("")
    assert PASSWORD not in page.content()


def test_a_stale_page_says_what_changed_and_keeps_what_was_typed(browse: Browsing, inside: Inside) -> None:
    user = inside.user()
    page = browse(token=inside.admin.token)
    page.goto(inside.page("users", user.id, "modify"))
    inside.portal.modify_user(UserChanges(inside.organization, user.id, first_name="Lucien"), by=inside.admin)
    page.get_by_label("Prénom").fill("Luce")
    page.get_by_role("button", name="Valider").click()
    summary = page.get_by_role("alert")
    expect(summary).to_contain_text("Quelqu'un a modifié ce compte depuis que vous l'avez affiché")
    expect(summary).to_contain_text("Anne Martin")
    expect(page.get_by_label("Prénom")).to_have_value("Luce")
    page.get_by_role("button", name="Valider").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Luce Petit")


def test_a_forgotten_password_is_chosen_anew_by_the_link_in_the_mail(
    browse: Browsing, served: Served, inside: Inside
) -> None:
    """R21"""
    login = served.at.mailbox.login_for(CONTACT)
    page = browse()
    page.goto("/")
    page.get_by_role("link", name="Mot de passe oublié").click()
    page.get_by_label("Identifiant").fill(login)
    page.get_by_role("button", name="Envoyer").click()
    expect(page.get_by_role("status")).to_contain_text("un lien vient de partir")
    inside.portal.deliver_notifications()
    [link] = re.findall(r"http://\S+/links/password/\S+", served.mail_to(MARTIN)[-1])
    page.goto(link)
    for label in ("Nouveau mot de passe", "Confirmer le mot de passe"):
        page.get_by_label(label, exact=True).fill("four toads at the station")
    page.get_by_role("button", name="Valider").click()
    sign_in(page, login, "four toads at the station")
    expect(page.get_by_role("heading", level=1)).to_have_text("Bonjour Anne Martin")


def test_the_document_is_a_file_and_once_the_role_is_assigned_the_user_has_access(
    browse: Browsing, inside: Inside
) -> None:
    """R26: « Votre utilisateur est maintenant habilité. »"""
    user = inside.user("Petit", DECLARE)
    page = browse(token=inside.admin.token)
    page.goto(inside.page("users", user.id))
    with page.expect_download() as coming:
        page.get_by_role("link", name="Télécharger la pièce justificative n° 3").click()
    assert coming.value.path().read_bytes().startswith(b"%PDF-")
    agent = browse(agent=AGENT.agent)
    agent.goto(inside.page("users", user.id, "memberships", "1", "assign-role"))
    agent.get_by_label("Pièce justificative").fill("PJ3-2026-0042")
    agent.get_by_role("main").get_by_role("button").click()
    expect(agent.get_by_role("status")).to_be_visible()
    page.reload()
    expect(page.get_by_role("main")).to_contain_text("Habilité")
    shown = inside.portal.show_user(UserQuestion(inside.organization, user.id), by=AGENT)
    assert [held.waiting for held in shown.memberships] == [False]


def test_the_first_stop_of_tab_leads_past_the_menu(browse: Browsing, inside: Inside) -> None:
    page = browse(token=inside.admin.token)
    page.goto(inside.page("users"))
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Aller au contenu")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Rechercher un nom")).to_be_focused()


def test_escape_closes_a_menu_and_the_focus_stays_on_it(browse: Browsing, inside: Inside) -> None:
    page = browse(token=inside.admin.token)
    page.goto(inside.page("agreements"))
    menu = page.locator("details.choose")
    menu.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(menu.get_by_role("link", name="Utilisateurs")).to_be_visible()
    page.keyboard.press("Tab")
    expect(menu.get_by_role("link", name="Utilisateurs")).to_be_focused()
    page.keyboard.press("Escape")
    expect(menu.get_by_role("link", name="Utilisateurs")).to_be_hidden()
    expect(menu.locator("summary")).to_be_focused()


def test_on_a_card_whatever_a_cell_holds_stands_beside_its_label(browse: Browsing, inside: Inside) -> None:
    """Where a table is too wide, its lines are cards; the badge of a name once stood under the label."""
    page = browse(token=inside.admin.token, width=1160)
    page.goto(inside.page("users"))
    left = page.locator("td[data-label='Identifiant'] a").bounding_box()
    badge = page.locator(".badge.seat").bounding_box()
    assert left is not None
    assert badge is not None
    assert badge["x"] == left["x"]
