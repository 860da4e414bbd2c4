"""Both guides as they are written, step by step, for whoever plays them; the French words are theirs, to the letter."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import frozen
from playwright.sync_api import Locator, Page, expect

from tests.browser.hands import Hand

PASSWORD = "three frogs at the market"

ENGLISH: Mapping[str, str] = {
    "identifiant": "login",
    "mot de passe provisoire": "provisional password",
    "Identifiant": "Login",
    "Mot de passe": "Password",
    "Se connecter": "Sign in",
    "Se déconnecter": "Sign out",
    "Menu": "Menu",
    "Accueil": "Home",
    "Partenaires": "Partners",
    "Bienvenue": "Welcome",
    "Première authentification": "First authentication",
    "Vous êtes la première personne de votre organisme à vous connecter.": (
        "You are the first person of your organization to sign in."
    ),
    "Attention : l'adresse mail renseignée doit être nominative.": (
        "Attention: the e-mail address given must be a person's own."
    ),
    "Nom": "Last name",
    "Prénom": "First name",
    "Téléphone": "Telephone",
    "Votre adresse mail nominative": "Your own e-mail address",
    "Format des adresses mail : nom@domaine.extension": "Form of e-mail addresses: name@domain.extension",
    "Confirmer le mot de passe": "Confirm the password",
    "J'ai lu et j'accepte cette responsabilité": "I have read and accept this responsibility",
    "Retour à la page d'authentification": "Back to the sign-in page",
    "Valider": "Validate",
    "Gestion des habilitations": "Access management",
    "Mes utilisateurs": "My users",
    "Créer un utilisateur": "Create a user",
    "Créer un utilisateur partenaire": "Create a partner user",
    "Convention sélectionnée : LES OLIVIERS (état : Validée)": "Agreement selected: LES OLIVIERS (state: Validated)",
    "Organisme partenaire : LES OLIVIERS": "Partner organization: LES OLIVIERS",
    "Date d'ouverture": "Opening date",
    "Date de clôture": "Closing date",
    "Adresse mail": "E-mail address",
    "Confirmer l'adresse mail": "Confirm the e-mail address",
    "Confirmer le téléphone": "Confirm the telephone",
    "Sédentaire (possède un poste fixe)": "Fixed (own workstation)",
    "Itinérant (poste de travail variable)": "Mobile (varying workstation)",
    "dans 2 mails distincts": "in 2 separate mails",
    "Choisir un mot de passe": "Choose a password",
    "Bonjour": "Hello",
    "Consulter les conventions": "See the agreements",
    "Validée": "Validated",
    "Choisir…": "Choose…",
    "Utilisateurs": "Users",
    "Statut": "Status",
    "Modifier / Supprimer": "Modify / Remove",
    "Autres actions": "Other acts",
    "Ouvert": "Open",
    "Ajouter à un groupe": "Add to a group",
    "Généraliser à tous les utilisateurs": "Generalize to all users",
    "Groupe d'habilitation": "Access group",
    "Ajouter au groupe": "Add to the group",
    "La pièce justificative n° 3 est à compléter et à retourner rapidement à votre caf pour l'attribution des rôles": (
        "The supporting document no. 3 is to be filled in and returned soon to your operator, who assigns the roles"
    ),
}

COLUMNS = (
    *("Identifiant", "Nom", "Prénom", "Adresse mail", "Téléphone", "Date d'ouverture", "Date de clôture", "Statut"),
    *("Modifier / Supprimer", "Autres actions"),
)


@frozen
class Person:
    """Somebody at a window, with a hand, who knows the guides' words in the language of the pages."""

    page: Page
    hand: Hand
    language: str = "fr"

    def word(self, french: str) -> str:
        return french if self.language == "fr" else ENGLISH[french]

    # What is done

    def press(self, role: str, french: str, within: Locator | None = None) -> None:
        """The link, or the button, of that name."""
        found = (within or self.main).get_by_role(role, name=self.word(french), exact=True)  # type: ignore[arg-type]
        self.hand.press(found)

    def fill_in(self, typed: Mapping[str, str]) -> None:
        """What stands by each label."""
        for french, text in typed.items():
            self.hand.type(self.field(french), text)

    def open_in_menu(self, french: str, under: str | None = None) -> None:
        """An entry of the menu on the left, under its heading; on a narrow screen the menu is unfolded first."""
        menu = self.page.locator("details.menu")
        expect(menu).to_be_visible()
        unfold = menu.locator("summary")
        if unfold.is_visible() and menu.get_attribute("open") is None:
            self.hand.press(unfold)
        section = menu.locator("section")
        if under:
            heading = self.page.get_by_role("heading", name=self.word(under), exact=True)
            section = section.filter(has=heading)
        self.press("link", french, section)

    def choose_in_row(self, row: Locator, french: str) -> None:
        """*Choisir…*, then an entry of what unfolds."""
        self.hand.press(row.locator("summary"))
        self.press("link", french, row)

    # What is seen

    @property
    def main(self) -> Locator:
        return self.page.get_by_role("main")

    def field(self, french: str) -> Locator:
        return self.main.get_by_label(self.word(french), exact=True)

    def row(self, text: str) -> Locator:
        return self.main.locator("tbody tr").filter(has_text=text)

    def must_be_at(self, french: str) -> None:
        """The page's title says so."""
        expect(self.page.get_by_role("heading", level=1)).to_have_text(self.word(french))

    def must_be_told(self, french: str) -> None:
        expect(self.main).to_contain_text(self.word(french))

    def must_list(self, what: Locator, *french: str) -> None:
        """Those words and no others, in this order."""
        expect(what).to_have_text([self.word(each) for each in french])

    @property
    def columns(self) -> Locator:
        return self.main.locator("thead th")


def sign_in(at: Person, login: str, password: str) -> None:
    """What the two mails said, typed where *Mon Compte Partenaire* asks for it."""
    at.page.goto("/")
    at.fill_in({"Identifiant": login, "Mot de passe": password})
    at.press("button", "Se connecter")


def become_administrator(at: Person, login: str, password: str) -> None:
    """« La première personne qui se connecte avec ces identifiants sera automatiquement désignée administrateur. »"""
    sign_in(at, login, password)
    # « Ce message est affiché à la première connexion : Accueil > Partenaires > Bienvenue »
    trail = at.main.get_by_role("navigation").get_by_role("listitem")
    at.must_list(trail, "Accueil", "Partenaires", "Bienvenue")
    # « PREMIÈRE AUTHENTIFICATION »
    at.must_be_at("Première authentification")
    # « Vous êtes la première personne de votre organisme à vous connecter. Après validation … »
    at.must_be_told("Vous êtes la première personne de votre organisme à vous connecter.")
    # « Attention : l'adresse mail renseignée doit être nominative. »
    at.must_be_told("Attention : l'adresse mail renseignée doit être nominative.")
    # « Nom* : Prénom* : Téléphone : Votre adresse mail nominative* : »
    at.fill_in({"Nom": "Martin", "Prénom": "Anne", "Téléphone": "01 99 00 12 34"})
    at.fill_in({"Votre adresse mail nominative": "anne.martin@oliviers.example"})
    # « Format des adresses mail : nom@domaine.extension »
    at.must_be_told("Format des adresses mail : nom@domaine.extension")
    # « Retour à la page d'authentification    Valider »
    back = at.main.get_by_role("link", name=at.word("Retour à la page d'authentification"))
    expect(back).to_have_attribute("href", "/sign-in")
    at.fill_in({"Mot de passe": PASSWORD, "Confirmer le mot de passe": PASSWORD})
    at.hand.tick(at.field("J'ai lu et j'accepte cette responsabilité"))
    at.press("button", "Valider")
    at.must_be_told("Bonjour")


def create_a_colleague(at: Person, email: str) -> None:
    """« Comment habiliter vos collaborateurs ? »"""
    # « 1. Pour créer un utilisateur, dans le menu « Gestion des habilitations », sélectionner la rubrique « Mes
    # utilisateurs » »
    at.open_in_menu("Mes utilisateurs", under="Gestion des habilitations")
    at.must_be_at("Mes utilisateurs")
    # « 2. Cliquer sur « Créer un utilisateur » »
    at.press("button", "Créer un utilisateur")
    # « CRÉER UN UTILISATEUR PARTENAIRE »
    at.must_be_at("Créer un utilisateur partenaire")
    # « Convention sélectionnée : LES OLIVIERS (état : Validée) Organisme partenaire : LES OLIVIERS »
    at.must_be_told("Convention sélectionnée : LES OLIVIERS (état : Validée)")
    at.must_be_told("Organisme partenaire : LES OLIVIERS")
    # « 3. Renseigner les informations demandées, cocher le ou les groupes d'habilitations nécessaires pour affecter cet
    # utilisateur à un groupe, et cliquer sur « Valider » »
    fill_in_a_colleague(at, email)
    at.hand.tick(at.field("Itinérant (poste de travail variable)"))
    at.hand.tick(at.main.get_by_label("LOG-PRI - Logements privés"))
    at.press("button", "Valider")
    # « 4. L'utilisateur recevra immédiatement, dans 2 mails distincts, son identifiant et son mot de passe
    # provisoire. »
    at.must_be_told("dans 2 mails distincts")


def fill_in_a_colleague(at: Person, email: str) -> None:
    """« Nom : * Prénom : * Adresse mail : * Confirmer l'adresse mail : * Téléphone : Confirmer le téléphone : »"""
    expect(at.field("Date d'ouverture")).not_to_have_value("")
    expect(at.field("Date de clôture")).to_have_value("")
    at.fill_in({"Nom": "Petit", "Prénom": "Marie", "Adresse mail": email, "Confirmer l'adresse mail": email})
    at.fill_in({"Téléphone": "01 99 00 56 78", "Confirmer le téléphone": "01 99 00 56 78"})


def choose_a_password(at: Person, login: str, password: str) -> None:
    """« Chaque collaborateur dispose ainsi de ses propres identifiants de connexion. »"""
    sign_in(at, login, password)
    at.must_be_at("Choisir un mot de passe")
    at.fill_in({"Mot de passe": PASSWORD, "Confirmer le mot de passe": PASSWORD})
    at.press("button", "Valider")
    at.must_be_told("Bonjour")


def give_access_to_afas(at: Person, email: str) -> None:
    """« Habiliter un utilisateur : service aides financières d'action sociale (AFAS) », from its step N°4 on."""
    # « N°4 Cliquez sur "Consulter les conventions " dans le menu de gauche. »
    at.open_in_menu("Consulter les conventions")
    # « N°5 Repérez la convention active dans la liste. Dans la colonne "Autres actions", cliquez sur "Choisir" et sur
    # "Utilisateurs" dans le menu déroulant. »
    expect(at.columns.last).to_have_text(at.word("Autres actions"))
    active = at.row(at.word("Validée"))
    expect(active.locator("td").last.locator("summary")).to_contain_text(at.word("Choisir…"))
    at.choose_in_row(active, "Utilisateurs")
    # « N°6 Sélectionnez ensuite "Créer un utilisateur" bouton vert en bas à gauche du tableau. Le tableau ci-contre
    # liste les utilisateurs déjà habilités. »
    at.must_list(at.columns, *COLUMNS)
    is_green_and_below_the_table(at.main.get_by_role("button", name=at.word("Créer un utilisateur")))
    at.press("button", "Créer un utilisateur")
    # « N°7 Renseignez tous les champs demandés, puis cliquez sur "Valider". »
    fill_in_a_colleague(at, email)
    at.press("button", "Valider")
    at.must_be_told("dans 2 mails distincts")
    # « N°8 Repérez votre utilisateur dans la liste. Dans la colonne "Autres actions", cliquez sur "Choisir" et
    # sélectionnez dans le menu déroulant "Ajouter à un groupe". »
    hers = at.row("Marie")
    expect(hers).to_contain_text(at.word("Ouvert"))
    at.choose_in_row(hers, "Ajouter à un groupe")
    # « N°9 Sélectionnez le groupe "AFAS-DEC - AFAS-Déclarer" »
    at.hand.choose(at.field("Groupe d'habilitation"), "AFAS-DEC - AFAS-Déclarer")
    # « N°10 Cliquez sur "Ajouter au groupe". »
    at.press("button", "Ajouter au groupe")
    # « La pièce justificative n° 3 est à compléter et à retourner rapidement à votre caf pour l'attribution des rôles »
    at.must_be_told(
        "La pièce justificative n° 3 est à compléter et à retourner rapidement à votre caf pour l'attribution des rôles"
    )


def is_green_and_below_the_table(button: Locator) -> None:
    """« bouton vert en bas à gauche du tableau »"""
    paint = button.evaluate("element => getComputedStyle(element).backgroundColor")
    red, green, blue = (int(part) for part in paint.removeprefix("rgb(").removesuffix(")").split(","))
    assert green > 1.5 * max(red, blue), paint
    table, own = (each.bounding_box() for each in (button.page.locator("table"), button))
    assert table is not None
    assert own is not None
    assert own["y"] >= table["y"] + table["height"]
    assert own["x"] == table["x"]
