"""The pages in an embedder's hands: who vouches for whom, and where they are mounted (R23, R34, R35, R44)."""

from urllib.parse import quote

import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from habilitation import ControlTaking, Member, Reason
from habilitation.domain.refusals import SessionEnded
from habilitation.testing.world import PRIVATE
from tests.asgi.portal.browser import Browser
from tests.asgi.portal.conftest import AGENT, CONTACT, PASSWORD, Inside


def vouching(people):
    """An embedder who knows people by a header."""
    return lambda request: people.get(request.headers.get("x-who"))


async def nobody(request):
    return None


def as_somebody(at: Browser, who: str) -> Browser:
    at.client.headers["x-who"] = who
    return at


def test_whom_the_embedder_vouches_for_needs_no_session(opened):
    people: dict[str, Member] = {}
    inside = Inside.of(opened(authenticate=vouching(people)))
    people["zoe"] = Member(inside.organization, inside.user("Grand").id)
    at = as_somebody(inside.at.browser(), "zoe").go("/")
    assert at.title == "Bonjour Luc Grand"
    assert "Changer mon mot de passe" not in at.page.one("nav").words
    assert not [each for each in at.page.all("button") if each.words == "Se déconnecter"]
    assert at.go("/own/password").address == "/"


def test_where_the_embedder_knows_nobody_our_own_session_counts(opened):
    inside = Inside.of(opened(authenticate=nobody))
    assert inside.browser().go("/").title == "Bonjour Anne Martin"


def guarded(opened):
    """An embedder who asks everybody for a second proof; and the sessions that gave it."""
    proved: set[str] = set()
    inside = Inside.of(opened(second_factor=lambda _, session: None if session.token in proved else "/second?way=code"))
    return inside, proved


def test_whoever_signs_in_is_sent_to_give_a_second_proof_and_then_back(opened):
    inside, proved = guarded(opened)
    at = inside.browser()
    answer = at.client.get(inside.page("users"), follow_redirects=False)
    back = quote(inside.page("users"), safe="")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/second?way=code&next={back}")
    proved.add(inside.admin.token)
    assert at.go(inside.page("users")).address == inside.page("users")


def test_without_the_second_proof_nothing_is_done_and_one_can_still_sign_out(opened):
    """R23."""
    inside, proved = guarded(opened)
    at = inside.browser()
    sent = {"current": PASSWORD, "password": "another long password", "password_confirmation": "another long password"}
    assert at.client.post("/own/password", data=sent, follow_redirects=False).status_code == 303
    assert inside.portal.sign_in(inside.at.mailbox.login_for(CONTACT), PASSWORD)
    assert at.client.post("/sign-out", follow_redirects=False).status_code == 303
    proved.add(inside.admin.token)
    with pytest.raises(SessionEnded):
        inside.portal.resume_session(inside.admin.token)


def test_an_agent_sees_an_organization_s_pages_and_does_what_is_the_operators(opened):
    """R34: ordinary administration is offered, and done, only while control is taken."""
    inside = Inside.of(opened(authenticate=vouching({"agent": AGENT})))
    user = inside.user("Petit", PRIVATE)
    at = as_somebody(inside.at.browser(), "agent").go(inside.page("users", user.id))
    offered = [link.words for link in at.page.one("ul", **{"class": "acts"}).all("a")]
    assert "Modifier" not in offered
    assert "Suspendre" in offered
    assert at.client.post(inside.page("users", user.id, "modify"), data={"last_name": "X"}).status_code in (403, 422)
    inside.portal.take_back_control(ControlTaking(inside.organization, Reason("doubt")), by=AGENT)
    at.go(inside.page("users", user.id)).click("Modifier", at.page.one("main")).send("Valider", last_name="Grand")
    assert at.title == "Luc Grand"
    at.click("Historique de ce compte")
    assert "Le gestionnaire du portail (agent-1), à la place de l'organisme," in at.says


def test_an_agent_without_an_organization_is_shown_no_organization_s_menu(opened):
    inside = Inside.of(opened(authenticate=vouching({"agent": AGENT})))
    at = as_somebody(inside.at.browser(), "agent").go("/nowhere")
    assert at.status == 404
    assert "Mes utilisateurs" not in str(at.page.one("body").words)


def test_the_pages_can_be_mounted_anywhere(oliviers):
    inside = Inside.of(oliviers)
    inside.user("Petit", PRIVATE)
    at = Browser.at(Starlette(routes=[Mount("/partners", oliviers.app)])).go("/partners/")
    assert at.address.startswith("/partners/sign-in")
    at.send("Se connecter", login=oliviers.mailbox.login_for(CONTACT), password=PASSWORD)
    assert at.address == "/partners/"
    at.click("Mes utilisateurs", at.page.one("nav")).click("Modifier Luc Petit", at.page.one("tbody"))
    at.send("Valider", last_name="Grand")
    assert at.title == "Luc Grand"
    for element in at.page.all("link", "script", "a", "form"):
        address = element.attributes.get("href") or element.attributes.get("src") or element.attributes.get("action")
        assert address is None or address.startswith(("/partners/", "#"))
    assert at.client.get(at.page.one("script").attributes["src"]).status_code == 200


def test_static_files_are_kept_for_good_and_pages_never(oliviers):
    at = oliviers.browser().go("/sign-in")
    page = at.client.get("/sign-in")
    assert page.headers["cache-control"] == "no-store"
    for link in at.page.all("link"):
        file = at.client.get(link.attributes["href"])
        assert (file.status_code, file.headers["cache-control"]) == (200, "public, max-age=31536000, immutable")
    assert "immutable" not in at.client.get("/static/x/nothing.css").headers.get("cache-control", "")


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_no_other_sites_page_does_anything_to_a_user(oliviers, site):
    inside = Inside.of(oliviers)
    user, at = inside.user(), inside.browser()
    for act in ("close", "remove", "modify", "suspend", "delegate", "generalize"):
        address = inside.page("users", user.id, act)
        assert at.client.post(address, headers={"sec-fetch-site": site}).status_code == 403
    assert "clos" not in at.go(inside.page("users", user.id)).says


def test_a_form_that_cannot_be_read_is_refused_in_words(oliviers):
    at = oliviers.browser()
    answer = at.client.post("/sign-in", content=b"x", headers={"content-type": "multipart/form-data; boundary=b"})
    assert answer.status_code == 400
    assert "Cette demande ne peut pas être lue." in answer.text
