"""Both guides, played as their steps say, by the words on the pages (R5, R10, R12, R25, R26)."""

from tests.asgi.portal.conftest import CONTACT, claim

MARIE = {
    "last_name": "Petit",
    "first_name": "Marie",
    "email": "marie.petit@oliviers.example",
    "email_confirmation": "marie.petit@oliviers.example",
    "phone": "01 99 00 12 34",
    "phone_confirmation": "01 99 00 12 34",
}


def test_the_administrators_guide(oliviers):
    """The first person, *Mes utilisateurs*, *Créer un utilisateur*, the two mails."""
    at = oliviers.browser().go("/sign-in")
    at.send("Se connecter", **oliviers.letters(CONTACT))
    assert at.title == "Première authentification"
    at.send("Valider", **claim(at))
    assert "Gestion des habilitations" in [
        each.words for each in at.page.one("nav", **{"aria-label": "Menu"}).all("h2")
    ]
    at.click("Mes utilisateurs", at.page.one("nav", **{"aria-label": "Menu"}))
    at.click("Créer un utilisateur")
    assert at.title == "Créer un utilisateur partenaire"
    assert "Convention sélectionnée : LES OLIVIERS (état : Validée)" in at.says
    assert "Organisme partenaire : LES OLIVIERS" in at.says
    labels = [label.words for label in at.page.one("main").all("label", "legend")]
    assert [label for label in labels if label not in ("AFAS-DEC - AFAS-Déclarer", "LOG-PRI - Logements privés")] == [
        *("Nom", "Prénom", "Adresse mail", "Confirmer l'adresse mail", "Téléphone", "Confirmer le téléphone"),
        *("Date d'ouverture", "Date de clôture", "Poste de travail"),
        *("Sédentaire (possède un poste fixe)", "Itinérant (poste de travail variable)", "Groupe d'habilitation"),
    ]
    at.send("Valider", **MARIE, groups=["LOG-PRI"])
    assert "dans 2 mails distincts, son identifiant et son mot de passe provisoire" in at.says
    assert len(oliviers.mailbox.to(MARIE["email"])) == 2
    assert at.row("Marie")


def test_the_guide_of_the_afas_service(oliviers):
    """*Consulter les conventions*, *Choisir… / Utilisateurs*, a user, *Ajouter à un groupe*, *Ajouter au groupe*."""
    at = oliviers.administrator()
    at.click("Consulter les conventions", at.page.one("nav", **{"aria-label": "Menu"}))
    row = at.row("LES OLIVIERS")
    assert row.one("summary").words.startswith("Choisir…")
    at.click("Utilisateurs", row)
    headings = [heading.words for heading in at.page.one("thead").all("th")]
    assert headings == [
        *("Identifiant", "Nom", "Prénom", "Adresse mail", "Téléphone", "Date d'ouverture", "Date de clôture"),
        *("Statut", "Modifier / Supprimer", "Autres actions"),
    ]
    at.click("Créer un utilisateur").send("Valider", **MARIE)
    row = at.row("Marie")
    assert [link.words for link in row.one("details").all("a")][:2] == [
        "Ajouter à un groupe",
        "Généraliser à tous les utilisateurs",
    ]
    at.click("Ajouter à un groupe", row)
    wanted = next(each for each in at.page.all("option") if each.words == "AFAS-DEC - AFAS-Déclarer")
    at.send("Ajouter au groupe", group=wanted.attributes["value"])
    sentence = (
        "La pièce justificative n° 3 est à compléter et à retourner rapidement à votre caf pour l'attribution des rôles"
    )
    assert sentence in at.page.one("p", **{"class": "note"}).words
    assert at.rows()[0][:2] == ["AFAS-DEC - AFAS-Déclarer", "CONV-1"]


def test_no_address_on_the_way_held_anything_about_a_person(oliviers):
    at = oliviers.administrator()
    at.click("Mes utilisateurs", at.page.one("nav", **{"aria-label": "Menu"}))
    at.click("Créer un utilisateur").send("Valider", **MARIE)
    at.send("Rechercher", text="marie.petit@oliviers.example")
    assert [row[2] for row in at.rows()] == ["Marie"]
    at.click("Modifier Marie Petit", at.row("Marie")).send("Valider", phone="01 99 00 56 78")
    for told in ("etit", "arie", "oliviers", "0199", "99%2000", oliviers.mailbox.login_for(MARIE["email"])):
        assert not [address for address in at.asked if told in address]


def test_the_administrators_guide_in_english(oliviers):
    at = oliviers.administrator("en")
    assert at.title == "Hello Anne Martin"
    at.click("My users", at.page.one("nav", **{"aria-label": "Menu"})).click("Create a user")
    assert "Agreement selected: LES OLIVIERS (state: Validated)" in at.says
    at.send("Validate", **MARIE, groups=["LOG-PRI"])
    assert "in 2 separate mails" in at.says
    at.click("Add to a group", at.row("Marie"))
    wanted = next(each for each in at.page.all("option") if each.words == "AFAS-DEC - AFAS-Déclarer")
    at.send("Add to the group", group=wanted.attributes["value"])
    assert "is to be filled in and returned soon" in at.says
