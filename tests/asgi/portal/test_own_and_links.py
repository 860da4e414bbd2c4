"""One's own details, password and address; and the pages that links in messages lead to (R13, R14, R19, R21, R44)."""

import pytest

from habilitation import EmailChanging
from tests.asgi.portal.conftest import CONTACT, PASSWORD

OTHER = "four toads at the station"


def test_one_changes_one_s_own_name_and_telephone(inside):
    at = inside.browser().go("/own/details")
    at.send("Valider", phone="12")
    assert list(at.refusals()) == ["phone"]
    at.send("Valider", first_name="Anna", phone="01 99 00 12 34")
    assert "Vos coordonnées sont enregistrées." in at.says
    assert at.go("/").title == "Bonjour Anna Martin"


def test_one_changes_one_s_own_password_by_knowing_the_one_in_use(inside):
    at = inside.browser().go("/own/password")
    at.send("Valider", current="wrong", password=OTHER, password_confirmation=OTHER)
    assert at.refusals() == {"current": "Ce n'est pas votre mot de passe actuel."}
    elsewhere = inside.browser()
    at.send("Valider", current=PASSWORD, password=OTHER, password_confirmation=OTHER)
    assert "Votre mot de passe est changé." in at.says
    assert elsewhere.go("/").title == "Authentification"


def test_one_s_own_new_address_is_confirmed_by_the_link_sent_there(inside):
    """R13: at once, where nobody else asked."""
    at = inside.browser().go("/own/email")
    new = "a.martin@oliviers.example"
    at.send("Valider", email=new, email_confirmation=new)
    assert "Changement demandé : a.martin@oliviers.example" in at.says
    inside.portal.deliver_notifications()
    at.go(f"/links/email/{inside.at.mailbox.token_for(new)}").send("Confirmer")
    assert "Votre nouvelle adresse mail est confirmée : elle a pris effet." in at.says
    assert new in at.go("/own").says.replace(" ", "")


def test_the_old_address_can_object(inside):
    user = inside.user()
    inside.browser(user)  # signed in once: now the old address is asked
    new = "other@oliviers.example"
    inside.portal.change_email(EmailChanging(inside.organization, user.id, new), by=inside.admin)
    inside.portal.deliver_notifications()
    at = inside.at.browser().go(f"/links/objection/{inside.at.mailbox.token_for('petit@oliviers.example')}")
    assert at.title == "Conserver votre adresse mail"
    at.send("Conserver mon adresse")
    assert "Votre adresse mail est conservée." in at.says


def forgotten(inside):
    """The token of the link that was sent, after asking on the page."""
    at = inside.at.browser().go("/sign-in").click("Mot de passe oublié")
    at.send("Envoyer", login=inside.at.mailbox.login_for(CONTACT))
    assert "un lien vient de partir à son adresse mail" in at.says
    inside.portal.deliver_notifications()
    return inside.at.mailbox.token_for("anne.martin@oliviers.example")


def test_a_forgotten_password_is_chosen_anew_by_the_link(inside):
    token = forgotten(inside)
    at = inside.at.browser().go(f"/links/password/{token}")
    at.send("Valider", password="short", password_confirmation="short")
    assert list(at.refusals()) == ["password"]
    at.send("Valider", password=OTHER, password_confirmation=OTHER)
    assert "Votre mot de passe est choisi" in at.says
    at.send("Se connecter", login=inside.at.mailbox.login_for(CONTACT), password=OTHER)
    assert at.title == "Bonjour Anne Martin"
    late = inside.at.browser().go(f"/links/password/{token}")
    late.send("Valider", password=OTHER, password_confirmation=OTHER)
    assert (late.status, "Ce lien a déjà servi" in late.says) == (410, True)


def test_a_link_is_used_by_its_form_alone_and_leaks_nowhere(inside):
    """Programs that look at mail follow links; what is asked for from the page must not carry the token on."""
    token = forgotten(inside)
    at = inside.at.browser()
    answer = at.client.get(f"/links/password/{token}")
    assert answer.headers["referrer-policy"] == "no-referrer"
    at.go(f"/links/password/{token}")
    for element in at.page.all("a", "link", "script", "form"):
        assert token not in element.attributes.get("href", element.attributes.get("src", ""))
        assert token not in element.attributes.get("action", "")
    at.send("Valider", password=OTHER, password_confirmation=OTHER)
    assert token not in at.address


@pytest.mark.parametrize("purpose", ["password", "email", "objection"])
def test_a_link_that_nobody_sent_is_told_in_words(inside, purpose):
    button = {"password": "Valider", "email": "Confirmer", "objection": "Conserver mon adresse"}[purpose]
    at = inside.at.browser().go(f"/links/{purpose}/nobody-sent-it")
    fields = {"password": OTHER, "password_confirmation": OTHER} if purpose == "password" else {}
    at.send(button, **fields)
    assert (at.status, "Ce lien n'existe pas." in at.says) == (404, True)


@pytest.mark.parametrize("address", ["/links/nothing/x", "/links/password", "/links"])
def test_a_link_for_nothing_leads_nowhere(inside, address):
    assert inside.at.browser().go(address).status == 404


def test_an_activation_link_waits_for_the_provider_out_of_scripts_reach(inside):
    """R44: the embedder's callback brings it back."""
    at = inside.at.browser().go("/links/activation/a-token")
    answer = at.client.post("/links/activation", data={"token": "a-token"}, follow_redirects=False)
    cookie = answer.headers["set-cookie"]
    assert "activation=a-token" in cookie
    assert "HttpOnly" in cookie
    assert "a-token" not in answer.headers["location"]


def test_a_lost_login_is_answered_alike_whatever_was_typed(inside):
    """R21."""
    answers = []
    for siret, email in (("21920023500014", "anne.martin@oliviers.example"), ("1", "x")):
        at = inside.at.browser().go("/sign-in").click("Identifiant perdu")
        answers.append(at.send("Envoyer", siret=siret, email=email).says)
    assert answers[0] == answers[1]
    inside.portal.deliver_notifications()
    assert inside.at.mailbox.login_for("anne.martin@oliviers.example") == inside.at.mailbox.login_for(CONTACT)
