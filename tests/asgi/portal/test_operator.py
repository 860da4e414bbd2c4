"""The operator's side: acts done from their pages, offered where they may be done, and nobody else near (R33–R37)."""

from collections.abc import Callable
from typing import Any

import pytest

from habilitation import (
    AgreementSuspension,
    Closing,
    ContactChange,
    ControlTaking,
    NewAgreement,
    NewOrganization,
    OrganizationQuestion,
    OrganizationSuspension,
    Reason,
    SecurityQuestion,
    Vacancy,
)
from habilitation.adapters.asgi.portal.operator_acts import PLACES
from habilitation.adapters.assembly import Settings
from habilitation.adapters.memory_transport import MemoryMailbox
from habilitation.domain.organization import AgreementState, Control, GroupState, OrganizationState, SeatState
from habilitation.domain.requests import DeadLetterSearch, HistoryQuestion
from habilitation.domain.security import LineKind
from habilitation.ports.transport import DeliveryRefused
from habilitation.testing.world import AFAS, BAILLEUR, CONSULT, DECLARE, PRIVATE, SIRETS
from tests.asgi.portal.conftest import AGENT, Inside

WHO = {"x-who": "agent-1"}


def known(request):
    return AGENT if request.headers.get("x-who") else None


@pytest.fixture
def inside(opened, tmp_path):
    return Inside.of(opened(authenticate=known, settings=Settings(letters=tmp_path)))


@pytest.fixture
def agent(inside):
    return agents(inside)


def agents(inside, language="fr"):
    at = inside.at.browser(language)
    at.client.headers.update(WHO)
    return at


def house(inside):
    return inside.portal.show_organization(OrganizationQuestion(inside.organization), by=AGENT)


def agreements(inside):
    return inside.portal.list_agreements(OrganizationQuestion(inside.organization), by=AGENT)


def groups(inside):
    return {group.code: group.state for group in agreements(inside)[0].groups}


def menu(at):
    return at.page.one("nav", **{"aria-label": "Menu"})


def offered(at):
    """What the page offers to do: the words."""
    return {link.words for each in at.page.all("ul", **{"class": "acts"}) for link in each.all("a")}


def titled(at):
    """The button that does it is called as its page is."""
    return at.page.one("h1").words


# An organization


def test_opening_an_organization_leads_to_its_page_and_sends_its_first_credentials(inside, agent):
    """R1, R4."""
    agent.go("/").click("Organismes partenaires", menu(agent)).click("Ouvrir un organisme partenaire")
    agent.send(titled(agent), siret="130 025 265 00013", name="LES PINS", contact="courrier@pins.example")
    assert (agent.status, agent.title) == (200, "LES PINS")
    assert "Ses premiers identifiants partent à son contact" in agent.says
    assert len(inside.at.mailbox.to("courrier@pins.example")) == 2


def test_the_first_credentials_go_by_post_where_a_postal_address_is_given(inside, agent):
    """R4."""
    agent.go("/open-organization")
    agent.send(
        titled(agent), siret=SIRETS[1], name="LES PINS", postal="LES PINS\r\n\r\n1 RUE DES PINS\r\n92140 CLAMART"
    )
    lines = [line.words for line in agent.page.one("dl").all("span")]
    assert lines == ["LES PINS", "1 RUE DES PINS", "92140 CLAMART"]


def test_a_postal_address_is_asked_only_where_letters_are_set(opened):
    """R4: and one that is there stays where it is not asked."""
    inside = Inside.of(opened(authenticate=known))
    lines = ("LES OLIVIERS", "1 RUE DES PINS", "92140 CLAMART")
    inside.portal.change_contact(ContactChange(inside.organization, postal=lines), by=AGENT)
    agent = agents(inside)
    assert not agent.go("/open-organization").page.all(id="postal")
    agent.go(inside.page("change-contact")).send(titled(agent), contact="new@oliviers.example")
    assert (house(inside).contact.text, house(inside).postal.lines) == ("new@oliviers.example", lines)


@pytest.mark.parametrize(
    ("typed", "field", "says"),
    [
        ({"siret": "130 025 265 00014"}, "siret", "SIRET"),
        ({"siret": SIRETS[0]}, "siret", "SIRET"),
        ({"name": ""}, "name", "obligatoire"),
        ({"contact": "x"}, "contact", "pas une adresse"),
        ({"contact": ""}, "contact", "adresse"),
        ({"postal": "alone"}, "postal", "adresse"),
    ],
)
def test_what_is_refused_of_an_opening_stands_by_its_field_and_what_was_typed_is_kept(agent, typed, field, says):
    right = {"siret": SIRETS[1], "name": "LES PINS", "contact": "courrier@pins.example"}
    agent.go("/open-organization").send("Ouvrir un organisme partenaire", **right | typed)
    assert list(agent.refusals()) == [field]
    assert says in agent.refusals()[field]
    kept = right | typed
    assert {name: agent.page.one(id=name).attributes["value"] for name in right} == {name: kept[name] for name in right}


def test_an_organization_is_found_by_its_siret_and_the_siret_stands_in_no_address(inside, agent):
    """R1."""
    agent.go("/organizations").send("Rechercher", text=SIRETS[0])
    assert (agent.title, agent.address) == ("LES OLIVIERS", inside.page())
    agent.go("/organizations").send("Rechercher", text=SIRETS[2])
    assert "Aucun organisme ne correspond." in agent.says
    agent.send("Rechercher", text="12")
    assert agent.refusals() == {"text": "Un SIRET comporte quatorze chiffres."}
    assert not [address for address in agent.asked if SIRETS[0] in address or SIRETS[2] in address]


def test_organizations_are_found_by_a_part_of_their_names_page_after_page(inside, agent, monkeypatch):
    """R36: whatever the accents; and the name stands in no address."""
    monkeypatch.setattr("habilitation.adapters.asgi.portal.organizations.A_PAGE", 1)
    for siret, name in zip(SIRETS[1:3], ("Saint-Rémy", "SAINT-MALO"), strict=True):
        inside.portal.open_organization(NewOrganization(siret, name, "c@n.example"), by=AGENT)
    agent.go("/organizations").send("Rechercher", text="saint")
    assert [row[0] for row in agent.rows()] == ["Saint-Rémy"]
    agent.send("Page suivante")
    assert [row[0] for row in agent.rows()] == ["SAINT-MALO"]
    agent.send("Rechercher", text="remy")
    assert [row[0] for row in agent.rows()] == ["Saint-Rémy"]
    agent.click("Voir tous les organismes")
    assert not [address for address in agent.asked if "saint" in address or "remy" in address]


def test_the_list_of_organizations_goes_on_page_after_page(inside, agent, monkeypatch):
    """R36."""
    monkeypatch.setattr("habilitation.adapters.asgi.portal.organizations.A_PAGE", 2)
    for number, siret in enumerate(SIRETS[1:3]):
        inside.portal.open_organization(NewOrganization(siret, f"N{number}", "c@n.example"), by=AGENT)
    assert [row[0] for row in agent.go("/organizations").rows()] == ["LES OLIVIERS", "N0"]
    assert [row[0] for row in agent.send("Page suivante").rows()] == ["N1"]
    agent.click("Retour au début")
    assert len(agent.rows()) == 2


ON_ORGANIZATION: dict[str, tuple[dict[str, Any], Callable[[Inside], bool]]] = {
    "change-contact": (
        {"contact": "new@oliviers.example"},
        lambda inside: house(inside).contact.text == "new@oliviers.example",
    ),
    "change-siret": ({"siret": SIRETS[1], "reason": "move"}, lambda inside: house(inside).siret.digits == SIRETS[1]),
    "suspend-organization": (
        {"reason": "doubt", "text": "Un appel"},
        lambda inside: house(inside).state is OrganizationState.SUSPENDED,
    ),
    "take-back-control": ({"reason": "audit"}, lambda inside: house(inside).control is Control.TAKEN),
    "declare-vacancy": ({"reason": "departure"}, lambda inside: house(inside).seat is SeatState.VACANT),
    "close-organization": (
        {"reason": "end-of-partnership", "confirmed": ["yes"]},
        lambda inside: house(inside).state is OrganizationState.CLOSED,
    ),
    "force-all-password-changes": (
        {"reason": "doubt"},
        lambda inside: any(
            type(each.fact.event).__name__ == "PasswordForced"
            for each in inside.portal.recount(HistoryQuestion(inside.organization), by=AGENT).items
        ),
    ),
}


@pytest.mark.parametrize("act", ON_ORGANIZATION)
def test_each_act_on_an_organization_is_done_from_its_page(inside, agent, act):
    """R1, R8, R24, R33, R34."""
    typed, is_done = ON_ORGANIZATION[act]
    agent.go(inside.page(act))
    agent.send(titled(agent), **typed)
    assert (agent.status, agent.address) == (200, inside.page())
    assert agent.page.one("p", **{"class": "note"})
    assert is_done(inside)


def test_what_was_suspended_or_taken_is_given_back(inside, agent):
    """R33, R34: the opposite is offered instead."""
    for act, opposite in (
        ("Suspendre l'organisme à titre conservatoire", "Lever la suspension de l'organisme"),
        ("Reprendre la main", "Rendre la main"),
    ):
        agent.go(inside.page()).click(act).send(act, reason="doubt")
        assert act not in offered(agent)
        agent.click(opposite).send(opposite)
        assert act in offered(agent)
        assert opposite not in offered(agent)
    assert (house(inside).state, house(inside).control) == (OrganizationState.OPEN, Control.OWN)


def test_new_first_credentials_are_offered_while_nobody_holds_the_seat(inside, agent):
    """R4, R8."""
    title = "Émettre de nouveaux premiers identifiants"
    assert title not in offered(agent.go(inside.page()))
    inside.portal.declare_vacancy(Vacancy(inside.organization, Reason("departure")), by=AGENT)
    agent.go(inside.page()).click(title).send(title)
    assert len(inside.at.mailbox.to("courrier@oliviers.example")) >= 4


def test_to_a_closed_organization_nothing_is_offered_and_nothing_done(inside, agent):
    """R1."""
    at = agent.go(inside.page("close-organization"))
    at.send("Clore l'organisme", reason="merger", confirmed=["yes"])
    assert not offered(agent)
    assert "Cette action n'est pas possible" in agent.go(inside.page("suspend-organization")).says
    answer = agent.client.post(inside.page("suspend-organization"), data={"reason": "doubt"})
    assert answer.status_code == 409
    assert "clos" in answer.text


def test_what_nothing_undoes_is_confirmed_first(inside, agent):
    agent.go(inside.page("close-organization")).send("Clore l'organisme", reason="merger")
    assert agent.refusals() == {"confirmed": "Cet acte doit être confirmé."}
    assert [each.words for each in agent.page.all("option") if "selected" in each.attributes] == ["Fusion"]
    assert house(inside).state is OrganizationState.OPEN


# The seat


def test_the_administrator_is_replaced_by_an_open_user_who_is_found_first(inside, agent):
    """R8."""
    user = inside.user()
    agent.go(inside.page()).click("Remplacer l'administrateur")
    assert agent.address == inside.page("users") + "?status=open"
    agent.click("Nommer administrateur", agent.row("Petit"))
    agent.send("Remplacer l'administrateur", reason="departure", close_former=["yes"])
    assert inside.shown(user).administrator
    former = agent.go(inside.page("users", inside.admin.user))
    assert "Clos" in former.says
    agent.go(inside.page("users", user.id))
    assert "Nommer administrateur" not in offered(agent)


def test_only_an_open_user_who_does_not_hold_the_seat_is_offered_it(inside, agent):
    """R8."""
    closed = inside.user("Grand")
    inside.portal.close_user(Closing(inside.organization, closed.id), by=inside.admin)
    for user in (closed.id, inside.admin.user):
        assert "Nommer administrateur" not in offered(agent.go(inside.page("users", user)))
        address = inside.page("users", user, "replace-administrator")
        assert agent.client.post(address, data={"reason": "departure"}).status_code == 409


# Agreements and their groups


def test_an_agreement_is_opened_validated_suspended_resumed_dated_and_ended(inside, agent):
    """R2, R33."""
    agent.go(inside.page()).click("Ouvrir une convention")
    agent.send(titled(agent), reference="CONV-2", name="DEUX", services=[AFAS], groups=[DECLARE], opening="2026-01-01")
    assert agent.title == "DEUX"
    assert "Suspendre la convention à titre conservatoire" not in offered(agent)
    for act, typed in (
        ("Valider la convention", {}),
        ("Suspendre la convention à titre conservatoire", {"reason": "doubt"}),
        ("Lever la suspension de la convention", {}),
        ("Changer les dates de la convention", {"closing": "2090-06-03"}),
        ("Mettre fin à la convention", {"reason": "merger", "confirmed": ["yes"]}),
    ):
        agent.click(act).send(act, **typed)
        assert agent.status == 200, agent.says
    assert not offered(agent)
    [second] = [each for each in agreements(inside) if each.reference == "CONV-2"]
    assert second.state is AgreementState.ENDED


def test_a_closing_date_is_kept_where_the_dates_are_changed(inside, agent):
    """R2: the form has what stands there, so that nothing is lost by sending it again."""
    agent.go(inside.page("agreements", inside.at.agreement.id, "change-agreement-period"))
    agent.send(titled(agent), closing="2090-06-03")
    agent.go(inside.page("agreements", inside.at.agreement.id, "change-agreement-period")).send(titled(agent))
    assert agreements(inside)[0].closing.isoformat() == "2090-06-03"


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"reference": "CONV-1"}, "reference"),
        ({"reference": "CONV 2?"}, "reference"),
        ({"services": []}, "services"),
        ({"groups": [PRIVATE]}, "groups"),
        ({"closing": "2019-06-03"}, "closing"),
        ({"opening": "demain"}, "opening"),
    ],
)
def test_what_is_refused_of_an_agreement_stands_by_its_field(inside, agent, typed, field):
    right = {"reference": "CONV-2", "name": "DEUX", "services": [AFAS], "groups": [DECLARE], "opening": "2026-01-01"}
    agent.go(inside.page("open-agreement")).send("Ouvrir une convention", **right | typed)
    assert list(agent.refusals()) == [field]
    assert agent.page.one(id="name").attributes["value"] == "DEUX"
    ticked = {each.attributes["value"] for each in agent.page.all("input") if "checked" in each.attributes}
    assert ticked == {*(right | typed)["services"], *(right | typed)["groups"]}


def test_a_group_is_suspended_resumed_withdrawn_and_opened_again(inside, agent):
    """R3, R33."""
    agent.go(inside.page("agreements", inside.at.agreement.id))
    for act, typed, state in (
        ("Suspendre le groupe à titre conservatoire", {"reason": "doubt"}, GroupState.SUSPENDED),
        ("Lever la suspension du groupe", {}, GroupState.OPEN),
        ("Retirer le groupe de la convention", {"reason": "other"}, GroupState.WITHDRAWN),
    ):
        agent.click(act, agent.row("LOG-PRI - Logements privés")).send(act, **typed)
        assert groups(inside)[PRIVATE] is state
    assert not agent.row("LOG-PRI - Logements privés").all("a")
    agent.click("Ouvrir un groupe à la convention")
    assert [option.attributes["value"] for option in agent.page.all("option")] == ["", CONSULT, PRIVATE]
    agent.send(titled(agent), group=PRIVATE)
    assert groups(inside)[PRIVATE] is GroupState.OPEN


# Roles


def test_a_role_is_assigned_with_the_reference_of_the_document(inside, agent):
    """R26."""
    user = inside.user("Petit", DECLARE)
    agent.go(inside.page()).click("Rôles à attribuer").click("Attribuer le rôle Luc Petit, AFAS-Déclarer")
    agent.send("Attribuer le rôle", document="")
    assert list(agent.refusals()) == ["document"]
    agent.send("Attribuer le rôle", document="PJ3/2026-17")
    assert agent.address == inside.page("waiting")
    assert "Rien n'attend l'attribution d'un rôle." in agent.says
    assert not inside.shown(user).memberships[0].waiting


def test_a_role_is_refused_with_a_reason_from_the_user_s_page(inside, agent):
    """R26."""
    user = inside.user("Petit", DECLARE)
    agent.go(inside.page("users", user.id)).click("Refuser le rôle AFAS-Déclarer")
    agent.send("Refuser le rôle", reason="document-incomplete", text="Page 2 absente")
    assert inside.shown(user).memberships == ()


def test_a_role_that_nothing_waits_for_is_not_offered_and_refused(inside, agent):
    """R26."""
    user = inside.user("Petit", PRIVATE)
    assert "Attribuer le rôle" not in agent.go(inside.page("users", user.id)).says
    address = inside.page("users", user.id, "memberships", "1", "assign-role")
    assert "Cette action n'est pas possible" in agent.go(address).says
    assert agent.client.post(address, data={"document": "PJ3"}).status_code == 409


# Users


def test_a_user_s_password_is_forced_to_change(inside, agent):
    """R24."""
    user = inside.user()
    agent.go(inside.page("users", user.id)).click("Imposer un nouveau mot de passe")
    agent.send(titled(agent), reason="doubt")
    assert agent.address == inside.page("users", user.id)
    assert len(inside.at.mailbox.to("petit@oliviers.example")) == 3


def test_a_closed_person_s_data_is_erased_once_that_is_confirmed(inside, agent):
    """R18."""
    user = inside.user()
    title = "Effacer les données de la personne"
    assert title not in offered(agent.go(inside.page("users", user.id)))
    inside.portal.close_user(Closing(inside.organization, user.id), by=inside.admin)
    agent.go(inside.page("users", user.id)).click(title)
    agent.send(title, reason="user-request")
    assert list(agent.refusals()) == ["confirmed"]
    agent.send(title, confirmed=["yes"])
    assert inside.shown(user).person is None


def test_while_control_is_taken_the_agent_administers_as_the_organization_s_people_do(inside, agent):
    """R34."""
    inside.portal.take_back_control(ControlTaking(inside.organization, Reason("doubt")), by=AGENT)
    agent.go(inside.page("agreements", inside.at.agreement.id)).click("Utilisateurs", agent.page.one("main"))
    agent.click("Créer un utilisateur")
    email = {"email": "zoe@oliviers.example", "email_confirmation": "zoe@oliviers.example"}
    agent.send("Valider", last_name="Zola", first_name="Zoé", **email)
    assert agent.row("Zola")


# The catalog


def test_a_service_and_a_group_are_defined_changed_and_retired(inside, agent):
    """R3."""
    agent.go("/").click("Catalogue des services", menu(agent)).click("Définir un service")
    agent.send("Définir un service", code="AIDE", label="Aides")
    agent.click("Définir un groupe d'habilitation")
    agent.send(titled(agent), code="AIDE-VOIR", service="AIDE", label="Voir", permissions="aide:see\n\n aide:print\n")
    group = inside.portal.show_catalog(by=AGENT).group("AIDE-VOIR")
    assert (group.now.permissions, group.now.needs_document) == ({"aide:see", "aide:print"}, False)
    agent.go("/catalog/groups/AIDE-VOIR/change-group")
    assert agent.page.one(id="permissions").text == "aide:print\naide:see"
    agent.send(titled(agent), label="Consulter", needs_document=["yes"])
    group = inside.portal.show_catalog(by=AGENT).group("AIDE-VOIR")
    assert (group.now.label, len(group.now.permissions), group.now.needs_document) == ("Consulter", 2, True)
    agent.go("/catalog/groups/AIDE-VOIR/retire-group").send(titled(agent), confirmed=["yes"])
    assert inside.portal.show_catalog(by=AGENT).group("AIDE-VOIR").now.retired
    assert "Cette action n'est pas possible" in agent.go("/catalog/groups/AIDE-VOIR/change-group").says


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"code": DECLARE}, "code"),
        ({"code": "É"}, "code"),
        ({"service": ""}, "service"),
        ({"permissions": " \n"}, "permissions"),
        ({"permissions": "bailleur:see"}, "permissions"),
    ],
)
def test_what_is_refused_of_a_group_stands_by_its_field(agent, typed, field):
    right = {"code": "AFAS-X", "service": AFAS, "label": "X", "permissions": "afas:x"}
    agent.go("/catalog/define-group").send("Définir un groupe d'habilitation", **right | typed)
    assert list(agent.refusals()) == [field]


# Messages


def test_a_message_that_failed_is_shown_with_why_and_sent_again(inside, agent, monkeypatch):
    """R20."""

    def refuse(mailbox, letter):
        raise DeliveryRefused("550 no such mailbox")

    with monkeypatch.context() as broken:
        broken.setattr(MemoryMailbox, "send", refuse)
        inside.user("Petit")
    agent.go("/").click("Messages en échec", menu(agent))
    own, *lost = agent.rows()
    assert (own[0], own[2]) == ("Administrateur désigné", "Gestionnaire du portail")
    assert [row[0] for row in lost] == ["Identifiant", "Mot de passe provisoire"]
    assert {(row[1], row[2], row[3]) for row in lost} == {("LES OLIVIERS", "Luc Petit", "550 no such mailbox")}
    form = agent.page.one("tbody").all("form")[1]
    agent.send(form.one("button").words)
    assert "Le message est remis en attente" in agent.says
    assert len(agent.rows()) == 2
    assert "est plus en échec." in agent.client.post(form.attributes["action"]).text
    inside.portal.deliver_notifications()
    assert len(inside.at.mailbox.to("petit@oliviers.example")) == 1


def test_messages_that_failed_are_shown_page_by_page(inside, agent, monkeypatch):
    """R20."""
    monkeypatch.setattr("habilitation.adapters.asgi.portal.dead_letters.A_PAGE", 2)

    def refuse(mailbox, letter):
        raise DeliveryRefused("550 no such mailbox")

    with monkeypatch.context() as broken:
        broken.setattr(MemoryMailbox, "send", refuse)
        inside.user("Petit")
    agent.go("/dead-letters")
    assert len(agent.rows()) == 2
    assert [row[0] for row in agent.send("Page suivante").rows()] == ["Mot de passe provisoire"]
    assert len(agent.click("Retour au début").rows()) == 2


def test_a_message_is_sent_again_by_a_form_alone(inside, agent):
    """A browser that looks at addresses ahead sends nothing."""
    [dead] = inside.portal.list_dead_letters(DeadLetterSearch(), by=AGENT).items
    agent.go(f"/dead-letters/{dead.message.id}/retry")
    assert len(agent.rows()) == 1


# Once, and on what is still as it was seen


def test_a_form_of_the_agent_s_sent_twice_is_done_once(inside, agent):
    """I8."""
    agent.go(inside.page("open-agreement"))
    typed = {"reference": "CONV-2", "name": "DEUX", "services": AFAS, "opening": "2026-01-01"}
    hidden = {each.attributes["name"]: each.attributes["value"] for each in agent.page.all("input", type="hidden")}
    answers = [agent.client.post(agent.address, data=typed | hidden, follow_redirects=False) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert answers[0].headers["location"] == answers[1].headers["location"]
    assert len(agreements(inside)) == 2


def test_an_organization_is_opened_once_however_often_its_form_is_sent(inside, agent):
    """I8, R4: one pair of first credentials; another name for the same SIRET is refused."""
    typed = {"siret": SIRETS[1], "name": "LES PINS", "contact": "courrier@pins.example"}
    answers = [agent.client.post("/open-organization", data=typed, follow_redirects=False) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert answers[0].headers["location"] == answers[1].headers["location"]
    assert len(inside.at.mailbox.to("courrier@pins.example")) == 2
    assert agent.client.post("/open-organization", data=typed | {"name": "AUTRE"}).status_code == 409


def test_a_stale_page_of_an_organization_says_what_happened_and_can_be_sent_again(inside, agent):
    agent.go(inside.page("change-contact"))
    inside.portal.suspend_organization(OrganizationSuspension(inside.organization, Reason("doubt")), by=AGENT)
    agent.send(titled(agent), contact="new@oliviers.example")
    assert agent.status == 409
    assert "Quelqu'un a modifié cet organisme depuis que vous l'avez affiché." in agent.says
    assert "a suspendu l'organisme à titre conservatoire" in agent.says
    assert agent.page.one(id="contact").attributes["value"] == "new@oliviers.example"
    agent.send(titled(agent))
    assert house(inside).contact.text == "new@oliviers.example"


def test_a_stale_page_of_an_agreement_tells_of_that_agreement_alone(inside, agent):
    other = NewAgreement(inside.organization, "CONV-2", "DEUX", (BAILLEUR,))
    agent.go(inside.page("agreements", inside.at.agreement.id, "change-agreement-period"))
    inside.portal.open_agreement(other, by=AGENT)
    asked = AgreementSuspension(inside.organization, inside.at.agreement.id, Reason("doubt"))
    inside.portal.suspend_agreement(asked, by=AGENT)
    agent.send(titled(agent), closing="2090-06-03")
    assert "a suspendu la convention CONV-1" in agent.says
    assert "CONV-2" not in agent.says


def test_a_stale_page_of_a_group_of_the_catalog_says_what_it_is_now(inside, agent):
    """R3."""
    first, second = agent.go(f"/catalog/groups/{PRIVATE}/change-group"), agents(inside)
    second.go(f"/catalog/groups/{PRIVATE}/change-group").send(titled(second), label="Autre")
    first.send(titled(first), label="Mien")
    assert "Quelqu'un a modifié le catalogue" in first.says
    assert "Autre ; permissions : bailleur:see" in first.says


# Who comes near


def addresses(inside):
    """Every address of the operator's side, of things that are there."""
    user = inside.user("Petit", DECLARE)
    there = {
        "organization": inside.organization,
        "agreement": inside.at.agreement.id,
        "group": PRIVATE,
        "user": user.id,
        "number": "1",
        "code": PRIVATE,
    }
    acts = [f"{place.path}/{act.code}" for place in PLACES for act in place.acts]
    pages = ["/organizations", inside.page(), "/catalog", "/dead-letters", "/dead-letters/x/retry"]
    return [
        address.format(**there) for address in [*pages, "/organizations/{organization}/agreements/{agreement}", *acts]
    ]


def test_to_anybody_but_an_agent_the_operator_s_pages_are_not_there(inside):
    """R35, R37: whoever comes, and whether the page is asked for or sent to."""
    manager = inside.manager("Morel")
    there = addresses(inside)
    before = house(inside).version
    for at in (inside.browser(), inside.browser(manager), inside.at.browser()):
        nowhere = at.client.get("/nowhere", follow_redirects=False)
        for address in there:
            answer = at.client.get(address, follow_redirects=False)
            assert (address, answer.status_code) == (address, 404)
            told = answer.text.replace(address, "/nowhere")
            assert main_of(told) == main_of(nowhere.text)
            sent = at.client.post(address, data={"reason": "doubt", "confirmed": "yes"}, follow_redirects=False)
            assert sent.status_code in (404, 405)
    assert house(inside).version == before


def main_of(page):
    return page.partition("<main")[2].partition("</main>")[0]


def test_a_member_s_menu_leads_to_no_page_of_the_operator_s(inside):
    """R37."""
    at = inside.browser().go("/")
    for word in ("Organismes partenaires", "Catalogue", "Messages en échec"):
        assert word not in at.page.one("body").words


def test_what_is_the_operator_s_is_offered_to_no_member(inside):
    """R8, R24, R26: on the very pages where an agent is offered it."""
    user, at = inside.user("Petit", DECLARE), inside.browser()
    for page in (inside.page("users"), inside.page("users", user.id), inside.page("waiting")):
        words = at.go(page).says
        for act in ("Attribuer le rôle", "Nommer administrateur", "Imposer un nouveau mot de passe"):
            assert act not in words


def test_an_organization_that_is_not_there_is_missing_to_an_agent_too(agent):
    """R37."""
    for address in (
        "/organizations/none",
        "/organizations/none/close-organization",
        "/catalog/groups/none/retire-group",
    ):
        assert agent.go(address).status == 404
        assert "Rôles à attribuer" not in agent.page.one("body").words


def test_each_look_of_an_agent_at_an_organization_leaves_its_line(inside, agent):
    """R36."""
    asked = SecurityQuestion(inside.organization, None, LineKind.READ)
    before = len(inside.portal.security_log(asked, by=AGENT).items)
    agent.go(inside.page())
    acts = [line.fact.act for line in inside.portal.security_log(asked, by=AGENT).items]
    assert {"show-organization", "list-agreements", "who-is-administrator"} <= set(acts[: len(acts) - before])


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_page_of_the_operator_s_side_opens_in_both_languages(inside, language):
    at = agents(inside, language)
    for address in addresses(inside):
        at.go(address)
        assert at.status == 200, address
        assert at.page.one("html").attributes["lang"] == language


def test_the_agent_s_menu_has_the_organization_s_pages_inside_it(inside, agent):
    agent.go(inside.page())
    links = menu(agent).all("a")
    for link in links:
        assert agent.go(link.attributes["href"]).status == 200
    assert [each.words for each in links][-3:] == [
        "Responsables d'habilitation",
        "Rôles à attribuer",
        "Historique",
    ]
