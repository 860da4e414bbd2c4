"""What is done to a user from the pages: offered where it may be done, refused by its field, done once."""

import pytest

from habilitation import ControlTaking, NewAgreement, Reason, UserChanges, UserSuspension
from habilitation.domain.acts import ON_A_USER, Act
from habilitation.domain.user import Status
from habilitation.testing.world import AFAS, DECLARE, PRIVATE
from tests.asgi.portal.conftest import AGENT

DONE = {
    "modify": ("Valider", {"last_name": "Grand"}, "Les modifications sont enregistrées."),
    "suspend": ("Suspendre", {"reason": "doubt"}, "L'utilisateur est suspendu."),
    "close": ("Clore", {}, "Le compte est clos."),
    "remove": ("Supprimer", {}, "L'utilisateur est supprimé des listes."),
    "delegate": ("Valider", {"extent": "all"}, "L'utilisateur est désormais responsable d'habilitation."),
    "unlock": ("Déverrouiller", {}, "La connexion est déverrouillée."),
    "resend": ("Renvoyer les identifiants", {}, "dans 2 mails distincts"),
    "change-email": (
        "Changer l'adresse mail",
        {"email": "new@oliviers.example", "email_confirmation": "new@oliviers.example"},
        "Le changement d'adresse mail est demandé",
    ),
}


@pytest.mark.parametrize("act", DONE)
def test_each_act_is_done_from_its_page_and_told(inside, act):
    user = inside.user()
    button, typed, told = DONE[act]
    at = inside.browser().go(inside.page("users", user.id, act)).send(button, **typed)
    assert at.address == inside.page("users", user.id)
    assert told in at.says


def test_a_suspension_is_lifted_and_a_closed_account_reopened(inside):
    user = inside.user()
    at = inside.browser().go(inside.page("users", user.id, "suspend")).send("Suspendre", reason="doubt")
    assert "Renvoyer les identifiants" not in at.says
    at.click("Lever la suspension", at.page.one("main")).send("Lever la suspension")
    assert inside.shown(user).status is Status.OPEN
    at.click("Clore", at.page.one("main")).send("Clore")
    at.go(inside.page("users", user.id, "generalize"))
    assert "Cette action n'est pas possible sur ce compte." in at.says
    at.click("Rouvrir", at.page.one("main")).send("Rouvrir")
    assert inside.shown(user).status is Status.OPEN


def test_a_page_offers_the_acts_of_the_users_row_and_no_other(inside):
    """R9, R14, R17: the same that ``UserView.acts`` has."""
    user, at = inside.user(), inside.browser()
    offered = at.go(inside.page("users", user.id)).page.one("ul", **{"class": "acts"}).all("a")
    named = [link.attributes["href"].rpartition("/")[2] for link in offered]
    acts = {
        act.value for act in ON_A_USER if act in inside.portal.show_user(question(inside, user), by=inside.admin).acts
    }
    assert set(named) == acts | {Act.RESEND.value}


@pytest.mark.parametrize("act", [act.value for act in ON_A_USER if act is not Act.ERASE] + ["resend"])
def test_what_is_not_offered_is_refused_all_the_same(inside, act):
    """R29, R31, R36, R37: to a plain user another one does not exist."""
    user, other = inside.user(), inside.user("Grand")
    at = inside.browser(user)
    for method in ("get", "post"):
        answer = getattr(at.client, method)(inside.page("users", other.id, act))
        nobody = getattr(at.client, method)(inside.page("users", "nobody", act))
        assert (answer.status_code, nobody.status_code) == (404, 404)
        assert answer.text.replace(other.id, "nobody") == nobody.text


def test_the_holder_of_the_seat_cannot_be_ended_from_a_page(inside):
    """R9."""
    at = inside.browser()
    address = inside.page("users", inside.admin.user, "close")
    assert "Cette action n'est pas possible sur ce compte." in at.go(address).says
    answer = at.client.post(address)
    assert answer.status_code == 403
    assert "ne peut pas prendre fin" in answer.text


def test_a_manager_is_offered_less_and_refused_the_rest(inside):
    """R29, R30."""
    manager, user = inside.manager("Morel", PRIVATE), inside.user("Petit", PRIVATE)
    at = inside.browser(manager).go(inside.page("users", user.id))
    offered = {link.words for link in at.page.one("ul", **{"class": "acts"}).all("a")}
    assert "Modifier" in offered
    assert not offered & {"Suspendre", "Supprimer", "Changer l'adresse mail", "Désigner responsable d'habilitation"}
    answer = at.client.post(inside.page("users", user.id, "suspend"), data={"reason": "doubt"})
    assert answer.status_code == 403
    at.go(inside.page("users", user.id, "grant"))
    assert [option.words for option in at.page.all("option")] == ["Choisir…", "LOG-PRI - Logements privés"]


def test_a_plain_user_finds_no_users_in_the_menu_and_none_at_its_address(inside):
    """R36."""
    at = inside.browser(inside.user()).go("/")
    assert "Mes utilisateurs" not in at.page.one("nav").words
    assert at.go(inside.page("users")).status == 403


def test_whoever_may_create_nobody_is_not_offered_to(inside):
    """R2, R29, R34: a manager elsewhere, an agreement that is not in force, control that was taken."""
    manager = inside.browser(inside.manager("Morel", PRIVATE))
    other = inside.portal.open_agreement(
        NewAgreement(inside.organization, "CONV-2", "OTHER", (AFAS,), (DECLARE,)), by=AGENT
    )
    listed = [inside.page("agreements", each, "users") for each in (inside.at.agreement.id, other.id)]
    assert "Créer un utilisateur" in inside.browser().go(listed[0]).says
    assert "Créer un utilisateur" not in inside.browser().go(listed[1]).says
    assert "Créer un utilisateur" in manager.go(listed[0]).says
    inside.portal.take_back_control(ControlTaking(inside.organization, Reason("doubt")), by=AGENT)
    at = inside.browser().go(listed[0])
    assert "Créer un utilisateur" not in at.says
    assert "a repris la main sur l'organisme" in at.says


# What is refused, by its field


@pytest.mark.parametrize(
    ("act", "button", "typed", "field", "says"),
    [
        ("modify", "Valider", {"last_name": ""}, "last_name", "obligatoire"),
        ("modify", "Valider", {"phone": "12"}, "phone", "Ce n'est pas un numéro de téléphone."),
        ("modify", "Valider", {"closing": "2019-06-03"}, "closing", "est passée"),
        ("modify", "Valider", {"closing": "demain"}, "closing", "Ce n'est pas une date de la forme 03/06/2019."),
        ("close", "Clore", {"on": "03/06/2019"}, "on", "n'est pas postérieure à la date d'ouverture"),
        ("suspend", "Suspendre", {"reason": ""}, "reason", "obligatoire"),
        ("delegate", "Valider", {"extent": "some"}, "scope", "au moins un groupe"),
        ("grant", "Ajouter au groupe", {"group": ""}, "group", "obligatoire"),
        (
            "change-email",
            "Changer l'adresse mail",
            {"email": "x", "email_confirmation": "x"},
            "email",
            "pas une adresse",
        ),
        (
            "change-email",
            "Changer l'adresse mail",
            {"email": "a@oliviers.example", "email_confirmation": "b@oliviers.example"},
            "email_confirmation",
            "diffèrent",
        ),
        (
            "change-email",
            "Changer l'adresse mail",
            {"email": "anne.martin@oliviers.example", "email_confirmation": "anne.martin@oliviers.example"},
            "email",
            "Un autre utilisateur",
        ),
    ],
)
def test_what_is_refused_stands_by_its_field(inside, act, button, typed, field, says):
    user = inside.user()
    at = inside.browser().go(inside.page("users", user.id, act)).send(button, **typed)
    assert list(at.refusals()) == [field]
    assert says in at.refusals()[field]
    assert at.status in (404, 409, 422)


def test_a_new_users_refusals_stand_by_their_fields_and_what_was_typed_is_kept(inside):
    """R10."""
    at = inside.browser().go(inside.page("agreements", inside.at.agreement.id, "users", "new"))
    at.send(
        "Valider", first_name="Marie", phone="01 99 00 12 34", groups=["LOG-PRI"], mobile=["yes"], closing="2027-01-01"
    )
    assert set(at.refusals()) == {"last_name", "email", "email_confirmation"}
    ticked = [each.attributes["value"] for each in at.page.all("input") if "checked" in each.attributes]
    assert ticked == ["yes", "LOG-PRI"]
    at.send("Valider", last_name="Petit", email="m@oliviers.example", email_confirmation="m@oliviers.example")
    assert list(at.refusals()) == ["phone_confirmation"]
    at.send("Valider", phone_confirmation="01 99 00 12 34", opening="2019-06-03")
    assert at.refusals() == {"opening": "La date d'ouverture 03/06/2019 est passée."}
    assert at.page.one(id="closing").attributes["value"] == "2027-01-01"


# Once, and on what is still as it was seen


def test_a_form_sent_twice_is_done_once(inside):
    """I8: the second time says what the first one said."""
    at = inside.browser().go(inside.page("agreements", inside.at.agreement.id, "users", "new"))
    key = at.page.one(name="key").attributes["value"]
    fields = {
        "last_name": "Petit",
        "first_name": "Luc",
        "email": "luc@oliviers.example",
        "email_confirmation": "luc@oliviers.example",
        "phone": "",
        "phone_confirmation": "",
        "key": key,
    }
    answers = [at.client.post(at.address, data=fields, follow_redirects=False) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert answers[0].headers["location"] == answers[1].headers["location"]
    assert len(inside.at.mailbox.to("luc@oliviers.example")) == 2  # one login, one password


def test_a_form_sent_again_with_other_answers_is_asked_again(inside):
    at = inside.browser().go(inside.page("agreements", inside.at.agreement.id, "users", "new"))
    fields = {"last_name": "Petit", "first_name": "Luc", "email": "luc@oliviers.example"}
    fields |= {"email_confirmation": "luc@oliviers.example", "key": at.page.one(name="key").attributes["value"]}
    at.client.post(at.address, data=fields)
    at.go(at.address)
    again = {"email": "zoe@oliviers.example", "email_confirmation": "zoe@oliviers.example", "last_name": "Grand"}
    at.send("Valider", **fields | again)
    assert "déjà été envoyé avec d'autres réponses" in at.says
    at.send("Valider")
    assert at.row("Grand")


def test_a_stale_form_says_what_changed_keeps_what_was_typed_and_can_be_sent_again(inside):
    user, at = inside.user(), inside.browser()
    at.go(inside.page("users", user.id, "modify"))
    inside.portal.modify_user(UserChanges(inside.organization, user.id, phone="01 99 00 12 34"), by=inside.admin)
    at.send("Valider", last_name="Grand")
    assert at.status == 409
    assert "Quelqu'un a modifié ce compte depuis que vous l'avez affiché." in at.says
    assert "Anne Martin a modifié la fiche qui décrit Luc Petit : Téléphone." in at.says
    assert at.page.one(id="last_name").attributes["value"] == "Grand"
    at.send("Valider")
    assert at.title == "Luc Grand"


def test_whoever_is_suspended_meanwhile_is_not_delegated_to_from_an_old_page(inside):
    user, at = inside.user(), inside.browser()
    at.go(inside.page("users", user.id, "delegate"))
    inside.portal.suspend_user(UserSuspension(inside.organization, user.id, Reason("doubt")), by=inside.admin)
    at.send("Valider", extent="all")
    assert "a suspendu Luc Petit" in at.says
    assert inside.shown(user).manages is None


# Groups


def test_a_group_that_the_user_is_in_already_is_refused_by_its_field(inside):
    """R25."""
    user = inside.user("Petit", PRIVATE)
    at = inside.browser().go(inside.page("users", user.id, "grant"))
    at.send("Ajouter au groupe", group=f"{inside.at.agreement.id}:{PRIVATE}")
    assert list(at.refusals()) == ["group"]
    assert "est déjà dans le groupe d'habilitation LOG-PRI" in at.refusals()["group"]


def test_a_membership_is_dated_and_taken_away(inside):
    """R25."""
    user = inside.user("Petit", PRIVATE)
    at = inside.browser().go(inside.page("users", user.id))
    at.click("Changer les dates Logements privés").send("Valider", closing="2027-06-03")
    assert at.rows()[0][:4] == ["LOG-PRI - Logements privés", "CONV-1", at.rows()[0][2], "03/06/2027"]
    at.click("Retirer du groupe Logements privés").send("Retirer du groupe")
    assert "L'utilisateur est retiré du groupe." in at.says
    assert inside.shown(user).memberships == ()


def test_generalizing_is_previewed_then_done(inside):
    """R27."""
    user, other = inside.user("Petit", PRIVATE), inside.user("Grand")
    at = inside.browser().go(inside.page("users", user.id, "generalize"))
    assert "Utilisateurs qui recevraient au moins un groupe : 2. Rien n'est encore enregistré." in at.says
    assert inside.shown(other).memberships == ()
    at.send("Généraliser à tous les utilisateurs")
    assert "C'est fait. Utilisateurs qui ont reçu au moins un groupe : 2." in at.says
    assert [held.place.group for held in inside.shown(other).memberships] == [PRIVATE]


def test_a_delegation_is_over_the_groups_that_were_ticked(inside):
    """R28."""
    user = inside.user()
    place = f"{inside.at.agreement.id}:{DECLARE}"
    at = inside.browser().go(inside.page("users", user.id, "delegate"))
    at.send("Valider", extent="some", scope=[place])
    manages = inside.shown(user).manages
    assert manages is not None
    assert [(each.group) for each in manages.places] == [DECLARE]
    at.click("Désigner responsable d'habilitation", at.page.one("main"))
    ticked = [each.attributes["value"] for each in at.page.all("input") if "checked" in each.attributes]
    assert ticked == ["some", place]
    at.go(inside.page("users", user.id)).click("Retirer la délégation", at.page.one("main")).send(
        "Retirer la délégation"
    )
    assert inside.shown(user).manages is None


def question(inside, user):
    from habilitation import UserQuestion

    return UserQuestion(inside.organization, user.id)
