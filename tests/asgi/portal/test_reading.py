"""What the pages show, and to whom (R7, R26, R28, R36, R37, R38)."""

import pytest

from habilitation import NewOrganization
from habilitation.testing.world import DECLARE, PRIVATE, SIRETS
from tests.asgi.portal.conftest import AGENT


def test_searching_finds_by_name_and_stands_in_no_address(inside):
    """R36."""
    inside.user("Petit"), inside.user("Grand")
    at = inside.browser().go(inside.page("users")).send("Rechercher", text="grà")
    assert [row[1] for row in at.rows()] == ["Grand"]
    assert at.address == inside.page("users")
    assert at.page.one(id="text").attributes["value"] == "grà"
    at.send("Rechercher", text="nobody")
    assert "Aucun utilisateur ne correspond." in at.says
    at.send("Rechercher", text="")
    assert len(at.rows()) == 3


def test_what_somebody_writes_into_an_address_is_not_searched(inside):
    """R36: nothing about a person works from there."""
    inside.user("Petit")
    assert len(inside.browser().go(inside.page("users") + "?text=petit").rows()) == 2


def test_a_filter_may_stand_in_an_address(inside):
    inside.user("Petit")
    at = inside.browser().go(inside.page("users")).send("Rechercher", status="closed")
    assert at.address == inside.page("users") + "?status=closed"
    assert "Aucun utilisateur ne correspond." in at.says


def test_pages_follow_one_another_and_so_do_those_of_a_search(inside, monkeypatch):
    monkeypatch.setattr("habilitation.adapters.asgi.portal.users.A_PAGE", 2)
    for name in ("Alpha", "Beta", "Gamma"):
        inside.user(name)
    at = inside.browser().go(inside.page("users"))
    assert [row[1] for row in at.rows()] == ["Alpha", "Beta"]
    at.send("Page suivante")
    assert [row[1] for row in at.rows()] == ["Gamma", "Martin Administrateur"]
    at.click("Retour au début")
    at.send("Rechercher", text="luc")
    at.send("Page suivante")
    assert [row[1] for row in at.rows()] == ["Gamma"]
    assert "text" not in at.address


def test_what_one_may_not_know_of_and_what_does_not_exist_look_alike(inside):
    """R37: another organization, another user, an agreement, a membership, an address."""
    other = inside.portal.open_organization(NewOrganization(SIRETS[1], "ELSEWHERE", "c@elsewhere.example"), by=AGENT)
    at = inside.browser()
    pages = [
        f"/organizations/{other.id}/users",
        "/organizations/nowhere/users",
        inside.page("users", "nobody"),
        inside.page("agreements", "none", "users"),
        inside.page("users", inside.admin.user, "memberships", "7", "dates"),
        "/nowhere",
    ]
    answers = [at.go(page) for page in pages for _ in [0]]
    assert {each.status for each in answers} == {404}
    assert {at.go(page).says for page in pages} == {at.says}


def test_a_user_page_shows_what_the_person_has_since_when(inside):
    user = inside.user("Petit", PRIVATE, DECLARE)
    at = inside.browser().go(inside.page("users", user.id))
    assert [row[4] for row in at.rows()] == ["Habilité", "En attente d'attribution du rôle"]
    picture = at.page.one("svg")
    said = picture.one("desc").words
    assert "Logements privés : à partir du" in said
    assert [bar.attributes["class"] for bar in picture.all("rect")] == ["bar account open", "bar group", "bar waiting"]


def test_no_page_has_a_script_or_a_style_of_its_own(inside):
    """The policy forbids them: a picture is drawn by attributes and the style sheet."""
    user, at = inside.user("Petit", PRIVATE), inside.browser()
    for page in ("users", f"users/{user.id}", f"users/{user.id}/access", "managers", "waiting", "history"):
        at.go(inside.page(page))
        assert not [each for each in at.page.all() if "style" in each.attributes or each.tag == "style"]
        assert [each.attributes.get("src", "") for each in at.page.all("script")] != [""]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_page_of_the_menu_opens_in_both_languages(inside, language):
    inside.manager("Morel", PRIVATE)
    at = inside.browser(language=language).go("/")
    for link in at.page.one("nav").all("a"):
        at.go(link.attributes["href"])
        assert at.status == 200
        assert at.page.one("html").attributes["lang"] == language


def test_each_right_is_explained_with_who_put_each_link_in_place(inside):
    """R38."""
    user = inside.user("Petit", DECLARE)
    at = inside.browser().go(inside.page("users", user.id)).click("Explication des accès")
    assert "L'attribution du rôle est attendue. Qui peut y remédier : Gestionnaire du portail." in at.says
    assert "Anne Martin a ajouté Luc Petit au groupe AFAS-DEC (CONV-1)" in at.says


def test_the_history_is_in_sentences(inside):
    """R40: agents by role (R36)."""
    user = inside.user("Petit", PRIVATE)
    at = inside.browser().go(inside.page("history"))
    assert "Le gestionnaire du portail a ouvert l'organisme." in at.says
    assert "Anne Martin a créé un compte pour Luc Petit" in at.says
    at.go(inside.page("users", user.id)).click("Historique de ce compte")
    assert at.title == "Historique de Luc Petit"
    assert "a ouvert l'organisme" not in at.says


def test_anybody_sees_who_the_administrator_is_and_whom_to_ask_for_another(inside):
    """R7, R8."""
    at = inside.browser(inside.user()).go("/").click("Qui est mon administrateur ?", None)
    assert "Anne Martin" in at.says
    assert "Pour changer votre administrateur, contactez la Caf" in at.says


def test_what_waits_for_roles_is_listed_with_the_document_to_return(inside):
    """R26."""
    inside.user("Petit", DECLARE)
    at = inside.browser().go(inside.page("waiting"))
    assert [row[0] for row in at.rows()] == ["Luc Petit"]
    assert "La pièce justificative n° 3 est à compléter et à retourner rapidement à votre caf" in at.says


def test_the_document_of_a_waiting_membership_is_offered_to_be_completed(inside):
    """R26, R36, R37: to whoever manages it, and to nobody else."""
    user, other = inside.user("Petit", DECLARE), inside.user("Grand")
    at = inside.browser().go(inside.page("users", user.id))
    [link] = [each for each in at.page.one("tbody").all("a") if "pièce justificative n° 3" in each.words]
    answer = at.client.get(link.attributes["href"])
    assert (answer.headers["content-type"], answer.content[:5]) == ("application/pdf", b"%PDF-")
    assert answer.headers["content-disposition"] == 'attachment; filename="piece-justificative.pdf"'
    assert inside.browser(other).go(link.attributes["href"]).status == 403
    assert at.go(inside.page("users", user.id, "memberships", "x", "document")).status == 404


def test_who_administers_what_is_drawn_and_said(inside):
    """R28."""
    inside.manager("Morel", PRIVATE), inside.manager("Zola")
    at = inside.browser().go(inside.page("managers"))
    words = [each.words for each in at.page.one(id="picture-words").all("li")]
    assert words == [
        "Anne Martin administre tous les groupes de l'organisme.",
        "Luc Morel est responsable de : LOG-PRI - Logements privés (CONV-1).",
        "Luc Zola est responsable de tous les groupes, présents et à venir.",
    ]
    lines = [each.attributes["class"] for each in at.page.one("svg").all("path")]
    assert lines == ["reach given"] * 2 + ["reach part"] * 3


def test_one_s_own_file_tells_everything_and_who_read_it(inside):
    """R36."""
    user = inside.user("Petit", PRIVATE)
    inside.browser().go(inside.page("users", user.id))
    at = inside.browser(user).go("/own")
    assert "petit@oliviers.example" in at.page.one("dl", **{"class": "sheet"}).words.replace(" ", "")
    assert "Anne Martin a créé un compte pour Luc Petit" in at.says
    assert "Par Anne Martin : Consulter l'utilisateur (finalité : gestion des habilitations)" in at.says


def test_a_manager_s_name_is_not_told_to_a_plain_user(inside):
    """R36: the administrator's alone is."""
    manager, user = inside.manager("Morel", PRIVATE), inside.user("Petit", PRIVATE)
    inside.browser(manager).go(inside.page("users", user.id, "modify")).send("Valider", phone="01 99 00 12 34")
    at = inside.browser(user).go("/own")
    assert "Un autre utilisateur, par délégation, a modifié la fiche qui décrit Luc Petit" in at.says


def test_a_page_names_the_operator_and_its_document_as_the_operator_does(opened):
    from habilitation.adapters.assembly import Settings
    from tests.asgi.portal.conftest import Inside

    settings = Settings(portal="Portail", document="fiche 12", operator="votre agence", agency="l'agence")
    inside = Inside.of(opened(settings=settings))
    inside.user("Petit", DECLARE)
    at = inside.browser().go(inside.page("waiting"))
    assert "La fiche 12 est à compléter et à retourner rapidement à votre agence" in at.says
    assert "contactez l'agence" in at.go(inside.page("administrator")).says
    assert at.page.one("title").words == "Qui est mon administrateur ? – Portail"
