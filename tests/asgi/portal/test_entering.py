"""Signing in, the first authentication, a password of one's own (R5, R6, R19, R22, R23)."""

import pytest
from attrs import evolve

from habilitation import Activation, Habilitation, Reissue
from habilitation.adapters.asgi.portal import Provider, pages
from habilitation.domain.refusals import SessionEnded
from tests.asgi.portal.browser import Browser
from tests.asgi.portal.conftest import AGENT, CONTACT, PASSWORD, claim
from tests.provider import Provider as IdentityProvider

FIRST = "Vous êtes la première personne de votre organisme à vous connecter. Après validation, vous deviendrez"


def first(oliviers, language="fr"):
    button = {"fr": "Se connecter", "en": "Sign in"}[language]
    return oliviers.browser(language).go("/sign-in").send(button, **oliviers.letters(CONTACT))


def test_the_first_person_is_told_so_and_becomes_the_administrator(oliviers):
    at = first(oliviers)
    assert at.title == "Première authentification"
    assert FIRST in at.says
    assert "Attention : l'adresse mail renseignée doit être nominative." in at.says
    assert "Format des adresses mail : nom@domaine.extension" in at.says
    at.send("Valider", **claim(at))
    assert (at.address, at.title) == ("/", "Bonjour Anne Martin")
    assert "Vous êtes désormais l'administrateur de votre organisme." in at.says
    assert "LES OLIVIERS – Administrateur" in at.says


def test_what_an_act_says_is_said_once(oliviers):
    at = oliviers.administrator()
    assert "Vous êtes désormais" in at.says
    assert "Vous êtes désormais" not in at.go("/").says


def test_every_field_left_empty_is_told_by_the_field(oliviers):
    at = first(oliviers).send("Valider")
    assert at.status == 422
    assert at.refusals() == {
        "last_name": "Le champ « Nom » est obligatoire.",
        "first_name": "Le champ « Prénom » est obligatoire.",
        "email": "Le champ « Adresse mail » est obligatoire.",
        "password": "Le champ « Mot de passe » est obligatoire.",
        "password_confirmation": "Le champ « Confirmer le mot de passe » est obligatoire.",
        "acknowledged": "La responsabilité de l'administrateur doit être acceptée.",
    }


@pytest.mark.parametrize(
    ("typed", "field", "says"),
    [
        ({"email": "anne"}, "email", "Ce n'est pas une adresse mail de la forme nom@domaine.extension."),
        ({"email": "accueil@oliviers.example"}, "email", "celle d'une fonction"),
        ({"phone": "12"}, "phone", "Ce n'est pas un numéro de téléphone."),
        ({"password": "short", "password_confirmation": "short"}, "password", "moins de 12 caractères"),
        ({"password": "motdepasse123", "password_confirmation": "motdepasse123"}, "password", "facile à deviner"),
        ({"password_confirmation": "other"}, "password_confirmation", "diffèrent"),
        ({"last_name": "42"}, "last_name", "caractères qui n'y ont pas leur place"),
        ({"acknowledged": "another"}, "acknowledged", "n'a pas été accepté"),
    ],
)
def test_what_is_refused_stands_by_its_field_and_what_was_typed_is_kept(oliviers, typed, field, says):
    at = first(oliviers)
    at.send("Valider", **claim(at, **typed))
    assert at.status == 422
    assert list(at.refusals()) == [field]
    assert says in at.refusals()[field]
    wrong = at.page.one(id=field)
    assert (wrong.attributes["aria-invalid"], f"{field}-refusal" in wrong.attributes["aria-describedby"]) == (
        "true",
        True,
    )
    assert at.page.one(id="first_name").attributes["value"] == "Anne"
    assert PASSWORD not in str(at.page)


def test_whoever_comes_second_is_told_that_the_organization_is_claimed(oliviers):
    late = first(oliviers)
    oliviers.administrator()
    late.send("Valider", **claim(late))
    assert late.status == 409
    assert "L'organisme a déjà un administrateur" in late.says


def test_a_new_user_chooses_a_password_and_is_where_they_wanted_to_be(oliviers):
    oliviers.administrator()
    create(oliviers)
    wanted = f"/organizations/{oliviers.organization.id}/agreements"
    at = oliviers.browser().go(wanted)
    assert at.title == "Authentification"
    at.send("Se connecter", **oliviers.letters("luc@oliviers.example"))
    assert at.title == "Choisir un mot de passe"
    at.send("Valider", password="short", password_confirmation="short")
    assert "moins de 12" in at.refusals()["password"]
    at.send("Valider", password=PASSWORD, password_confirmation=PASSWORD)
    assert (at.address, at.title) == (wanted, "Consulter les conventions")


def test_nothing_else_opens_before_a_password_is_chosen(oliviers):
    oliviers.administrator()
    create(oliviers)
    at = oliviers.browser().go("/sign-in").send("Se connecter", **oliviers.letters("luc@oliviers.example"))
    assert at.go("/").title == "Choisir un mot de passe"
    assert at.address == "/password?next=%2F"
    assert at.go(f"/organizations/{oliviers.organization.id}/agreements").title == "Choisir un mot de passe"


def test_a_wrong_password_and_an_unknown_login_are_answered_alike(oliviers):
    letters = oliviers.letters(CONTACT)
    wrong = oliviers.browser().go("/sign-in").send("Se connecter", **letters | {"password": "wrong"})
    unknown = oliviers.browser().go("/sign-in").send("Se connecter", login="0" * 8, password="wrong")
    assert (wrong.status, wrong.says) == (unknown.status, unknown.says)
    assert wrong.status == 401
    assert wrong.page.one(id="login").attributes["value"] == letters["login"]
    assert wrong.page.one(id="password").attributes["value"] == ""


@pytest.mark.parametrize(
    "elsewhere",
    ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example", "elsewhere", "/\tx", "javascript:x"],
)
def test_signing_in_leads_to_no_other_site(oliviers, elsewhere):
    oliviers.administrator()
    create(oliviers)
    at = oliviers.browser()
    at.client.get("/sign-in")
    answer = at.client.post(
        "/sign-in", data=oliviers.letters("luc@oliviers.example") | {"next": elsewhere}, follow_redirects=False
    )
    assert answer.headers["location"] == "/password"


def test_signing_out_ends_the_session_in_the_store_too(oliviers):
    at = oliviers.administrator()
    cookie = dict(at.client.cookies)
    at.send("Se déconnecter")
    assert (at.title, "Vous êtes déconnecté." in at.says) == ("Authentification", True)
    at.client.cookies.update(cookie)
    assert at.go("/").title == "Authentification"


def test_signing_in_again_ends_the_session_that_the_browser_had(oliviers):
    """R23."""
    at = oliviers.administrator()
    former = at.client.cookies["__Host-habilitation"]
    login = oliviers.mailbox.login_for(CONTACT)
    at.go("/sign-in").send("Se connecter", login=login, password=PASSWORD)
    assert oliviers.portal.resume_session(at.client.cookies["__Host-habilitation"])
    with pytest.raises(SessionEnded):
        oliviers.portal.resume_session(former)


def test_a_lost_session_is_told_and_the_person_is_back_afterwards(oliviers):
    at = oliviers.administrator()
    login = oliviers.mailbox.login_for(CONTACT)
    page = f"/organizations/{oliviers.organization.id}/agreements"
    oliviers.portal.sign_out(by=oliviers.portal.resume_session(at.client.cookies["__Host-habilitation"]))
    at.go(page)
    assert "Votre session est terminée" in at.says
    at.send("Se connecter", login=login, password=PASSWORD)
    assert at.address == page


def test_signing_in_gives_another_cookie_than_any_that_was_planted(oliviers):
    at = oliviers.browser()
    at.client.cookies.set("__Host-habilitation", "planted", domain="portal.example")
    at.go("/sign-in").send("Se connecter", **oliviers.letters(CONTACT))
    assert "planted" not in at.client.cookies.values()


def test_the_language_is_the_browsers_until_the_person_chooses(oliviers):
    at = oliviers.browser("en").go("/sign-in")
    assert at.title == "Sign in"
    assert at.send("Français").title == "Authentification"
    assert at.page.one("html").attributes["lang"] == "fr"


def test_another_way_in_has_its_button(opened):
    at = opened(providers=(Provider("S'identifier avec ProConnect", "/proconnect"),)).browser().go("/sign-in")
    assert at.page.one("a", href="/proconnect").words == "S'identifier avec ProConnect"


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_no_other_sites_page_signs_anybody_in_or_out(oliviers, site):
    at = oliviers.administrator()
    for page in ("/sign-in", "/sign-out", "/language"):
        assert at.client.post(page, headers={"sec-fetch-site": site}).status_code == 403
    assert at.go("/").title == "Bonjour Anne Martin"


def create(oliviers) -> None:
    from habilitation import Member, NewUser

    seat = oliviers.portal.ports.store
    with seat.reading(oliviers.organization.id) as rows:
        holder = rows.organization.seat.holder
    asked = NewUser(oliviers.organization.id, oliviers.agreement.id, "Petit", "Luc", "luc@oliviers.example")
    oliviers.portal.create_user(asked, by=Member(oliviers.organization.id, holder))


# Where an identity provider signs people in (R44)


def with_a_provider(oliviers):
    """The same portal, which has a provider from now on; and whoever comes to its pages."""
    ports = oliviers.portal.ports
    portal = Habilitation(evolve(ports, tokens=IdentityProvider(ports.clock).verifier()))
    return portal, Browser.at(pages(portal))


def test_the_letters_sent_before_there_was_a_provider_still_claim_with_a_password(oliviers):
    """R5, R44."""
    _, at = with_a_provider(oliviers)
    at.go("/sign-in").send("Se connecter", **oliviers.letters(CONTACT))
    at.send("Valider", **claim(at))
    assert at.title == "Bonjour Anne Martin"


def test_whom_a_provider_signed_in_is_asked_for_no_password(oliviers):
    """R5, R44."""
    portal, at = with_a_provider(oliviers)
    portal.reissue_credentials(Reissue(oliviers.organization.id), by=AGENT)
    asked = Activation(oliviers.mailbox.token_for(CONTACT), IdentityProvider(portal.ports.clock).proof("anne"))
    first = portal.activate(asked)
    at.client.cookies.set("__Host-habilitation", first.session.token, domain="portal.example")
    at.go("/first-authentication")
    assert not at.page.all(type="password")
    typed = {name: value for name, value in claim(at).items() if "password" not in name}
    assert at.send("Valider", **typed).title == "Bonjour Anne Martin"
