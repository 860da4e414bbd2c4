"""The example front end signs in and creates a user through the API, by a client generated from its description.

It is built as its README says, and served beside the API. Without npm it is skipped, where ``CI`` is not set.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Response, expect
from starlette.routing import BaseRoute, Mount
from starlette.staticfiles import StaticFiles
from starlette.testclient import TestClient

from habilitation.adapters.asgi.protection import Protected
from habilitation.domain.requests import (
    AgreementValidation,
    GroupWithdrawal,
    NewAgreement,
    Reason,
    UserChanges,
    UserSearch,
)
from habilitation.testing.world import AFAS, BAILLEUR, DECLARE, PRIVATE
from tests.adapters.mailserver import free_port
from tests.asgi.portal.conftest import AGENT, CONTACT, PASSWORD, Inside
from tests.browser.chromium import Browsing
from tests.browser.example import (
    EXAMPLE,
    LOCK,
    ZOE,
    block,
    created,
    fill_in,
    fresh,
    npm,
    press,
    refusal,
    seen,
    sign_in,
    starting,
    title,
)
from tests.browser.inspection import shot
from tests.browser.serving import Served

HERE = "/custom/"


@pytest.fixture(scope="module")
def folder(request: pytest.FixtureRequest) -> Path:
    """Where the example is copied to, with its packages, which are fetched once for a lock file."""
    cache = request.config.cache
    assert cache is not None
    return fresh(cache.mkdir("custom-front-end"))


@pytest.fixture(scope="module")
def built(folder: Path) -> Path:
    done = npm(folder, "run", "build")
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "dist"


@pytest.fixture
def more(built: Path) -> tuple[BaseRoute, ...]:
    """The front end, as strict with scripts and styles as the pages are."""
    files = Protected(StaticFiles(directory=built, html=True), secure=False)
    return (Mount(HERE.rstrip("/"), files),)


@pytest.fixture
def browse(chromium: Browser, served: Served) -> Iterator[Browsing]:
    """What the API refuses is told by the page; whatever else the browser complained of fails the test."""
    browsing = Browsing(chromium, served.address)
    yield browsing
    browsing.close()
    assert [each for each in browsing.complaints if not re.match(r"4\d\d: .*/api/", each)] == []


@pytest.fixture
def page(browse: Browsing, inside: Inside) -> Page:
    """In front of the administrator, who is signed in."""
    page = browse("fr", token=inside.admin.token)
    page.goto(HERE)
    return page


# What is built


def test_the_client_knows_what_the_api_takes_and_refuses(folder: Path, built: Path) -> None:
    """Each line would be an error if it were not expected to be one: so the types are as strict as the document."""
    lines = (EXAMPLE.parents[1] / "tests" / "browser" / "expectations.ts").read_text("utf-8")
    (folder / "src" / "expectations.ts").write_text(lines, "utf-8")
    try:
        checked = npm(folder, "run", "check")
    finally:
        (folder / "src" / "expectations.ts").unlink()
    assert checked.returncode == 0, checked.stdout


def test_no_registry_is_named_in_the_lock_file() -> None:
    text = (EXAMPLE / LOCK).read_text("utf-8")
    assert '"resolved"' not in text
    assert "registry" not in text


# Signing in


def test_whoever_signs_in_is_shown_their_users(browse: Browsing, served: Served, inside: Inside) -> None:
    """R23."""
    page = browse("fr")
    page.goto(HERE)
    title(page, "Authentification")
    sign_in(page, served.at.mailbox.login_for(CONTACT), PASSWORD)
    title(page, "Mes utilisateurs")
    expect(page.get_by_role("row", name="Martin Anne")).to_contain_text("anne.martin@oliviers.example")
    page.get_by_role("button", name="Se déconnecter").click()
    title(page, "Authentification")
    page.goto(HERE)
    title(page, "Authentification")


def test_a_wrong_password_is_told_and_only_the_login_is_kept(browse: Browsing, inside: Inside) -> None:
    """R22."""
    page = browse("fr")
    page.goto(HERE)
    sign_in(page, "00000000", "wrong")
    expect(page.get_by_role("alert")).to_contain_text("L'identifiant ou le mot de passe est inexact")
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_label("Identifiant")).to_have_value("00000000")
    expect(page.get_by_label("Mot de passe")).to_have_value("")


def test_first_credentials_are_told_what_comes_first(browse: Browsing, served: Served) -> None:
    """R5."""
    page = browse("fr")
    page.goto(HERE)
    mailbox = served.at.mailbox
    sign_in(page, mailbox.login_for(CONTACT), mailbox.password_for(CONTACT))
    expect(page.get_by_role("alert")).to_contain_text("La première authentification doit d'abord être validée")
    page.get_by_role("button", name="Se déconnecter").click()
    title(page, "Authentification")


def test_a_provisional_password_leads_to_the_choice_of_one_s_own(
    browse: Browsing, served: Served, inside: Inside
) -> None:
    """R19."""
    inside.user("Petit")
    email, mailbox = "petit@oliviers.example", served.at.mailbox
    page = browse("fr")
    page.goto(HERE)
    sign_in(page, mailbox.login_for(email), mailbox.password_for(email))
    title(page, "Choisir un mot de passe")
    own = "Votre nouveau mot de passe *"
    page.get_by_label(own).fill("court")
    page.keyboard.press("Enter")
    assert refusal(page, own) == "Le mot de passe compte moins de 12 caractères."
    page.get_by_label(own).fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()  # who has nobody to administer is told so


def test_a_session_that_ended_leads_back_to_where_one_was(page: Page, inside: Inside) -> None:
    """R23."""
    fill_in(page)
    inside.portal.sign_out(by=inside.admin)
    page.get_by_role("button", name="Valider").click()
    title(page, "Authentification")
    expect(page.get_by_role("status")).not_to_be_empty()
    sign_in(page, inside.at.mailbox.login_for(CONTACT), PASSWORD)
    title(page, "Créer un utilisateur partenaire")
    assert created(inside) == []


# Creating a user


def test_a_user_is_created_as_the_form_was_filled_in(page: Page, inside: Inside) -> None:
    """R10, R12."""
    fill_in(page, Téléphone="01 99 00 12 34", **{"Confirmer le téléphone": "01 99 00 12 34"})
    title(page, "Créer un utilisateur partenaire")
    page.get_by_label("Date de clôture").fill("2099-12-31")
    page.get_by_label("Poste de travail").select_option("Itinérant (poste de travail variable)")
    page.get_by_label("AFAS-Déclarer").check()
    shot(page, "custom-create-user-fr")
    page.get_by_role("button", name="Valider").click()
    expect(page.get_by_role("status")).to_contain_text("L'utilisateur est créé")
    expect(page.get_by_role("row", name="N'Guyen Zoé")).to_contain_text("AFAS-Déclarer")
    shot(page, "custom-users-fr")
    [user] = inside.portal.list_users(UserSearch(inside.organization, text="N'Guyen"), by=AGENT).items
    assert user.person is not None
    assert (user.person.email.text, str(user.person.phone)) == ("zoe@oliviers.example", "+33199001234")
    assert (user.mobile, str(user.closing)) == (True, "2099-12-31")
    assert [each.place.group for each in user.memberships] == [DECLARE]
    assert len(inside.at.mailbox.to("zoe@oliviers.example")) == 2


def test_what_is_wrong_stands_by_its_field_and_what_was_typed_is_kept(page: Page, inside: Inside) -> None:
    """R10."""
    fill_in(page, **{"Confirmer l'adresse mail *": "zoé@oliviers.example"})
    page.get_by_label("Logements privés").check()
    page.get_by_role("button", name="Valider").click()
    confirmation = "Confirmer l'adresse mail *"
    assert refusal(page, confirmation) == "L'adresse mail et sa confirmation diffèrent."
    expect(page.get_by_label(confirmation)).to_be_focused()
    expect(page.get_by_label("Nom *", exact=True)).to_have_value("N'Guyen")
    assert created(inside) == []
    page.get_by_label(confirmation).fill("zoe@oliviers.example")
    page.get_by_label("Date de clôture").fill("2020-01-01")
    page.get_by_role("button", name="Valider").click()
    assert refusal(page, "Date de clôture").startswith("La date de clôture")
    expect(page.get_by_label(confirmation)).to_have_attribute("aria-invalid", "false")
    page.get_by_label("Date de clôture").fill("")
    page.get_by_role("button", name="Valider").click()
    expect(page.get_by_role("row", name="N'Guyen Zoé")).to_contain_text("Logements privés")


def test_a_telephone_that_was_not_repeated_is_not_taken(page: Page, inside: Inside) -> None:
    """R10."""
    fill_in(page, Téléphone="01 99 00 12 34")
    page.get_by_role("button", name="Valider").click()
    assert refusal(page, "Confirmer le téléphone") != ""
    assert created(inside) == []


def test_all_that_was_left_empty_is_told_at_once(page: Page, inside: Inside) -> None:
    page.get_by_role("button", name="Créer un utilisateur").click()
    page.get_by_role("button", name="Valider").click()
    assert [refusal(page, label) for label in ZOE] == ["Ce champ est à remplir."] * 4
    expect(page.get_by_label("Nom *", exact=True)).to_be_focused()


def test_a_double_click_creates_one_user(page: Page, inside: Inside) -> None:
    """Both clicks send the form; the key that both carry has it done once (I8)."""
    answers: list[tuple[int, str]] = []

    def heard(answer: Response) -> None:
        if answer.request.method == "POST" and answer.url.endswith("/users"):
            answers.append((answer.status, answer.request.headers["idempotency-key"]))

    page.on("response", heard)
    fill_in(page)
    page.get_by_role("button", name="Valider").dblclick()
    title(page, "Mes utilisateurs")
    page.wait_for_load_state("networkidle")
    assert sorted(status for status, _ in answers) == [201, 409]
    assert len({key for _, key in answers}) == 1
    expect(page.get_by_role("row", name="N'Guyen Zoé")).to_be_visible()
    assert created(inside) == ["N'Guyen"]


def test_the_groups_offered_are_those_of_the_agreement_chosen(page: Page, inside: Inside) -> None:
    """R2: and drafts are not offered at all."""
    for reference, groups in {"CONV-2": (DECLARE,), "CONV-3": (PRIVATE,)}.items():
        asked = NewAgreement(inside.organization, reference, reference, (AFAS, BAILLEUR), groups)
        made = inside.portal.open_agreement(asked, by=AGENT)
        if reference == "CONV-2":
            inside.portal.validate_agreement(AgreementValidation(inside.organization, made.id), by=AGENT)
    page.get_by_role("button", name="Créer un utilisateur").click()
    agreement, boxes = page.get_by_label("Convention *"), page.get_by_role("checkbox")
    expect(agreement.locator("option")).to_have_text(["Choisir…", "LES OLIVIERS", "CONV-2"])
    expect(boxes).to_have_count(0)
    agreement.select_option("LES OLIVIERS")
    expect(boxes).to_have_count(2)
    agreement.select_option("CONV-2")
    expect(boxes).to_have_count(1)
    expect(page.get_by_label("AFAS-Déclarer")).to_be_visible()


def test_whoever_is_refused_is_told_and_stays_where_they_were(page: Page, inside: Inside) -> None:
    """R32: what was offered a moment ago may be refused now."""
    fill_in(page)
    page.get_by_label("Logements privés").check()
    withdraw(inside)
    page.get_by_role("button", name="Valider").click()
    expect(page.locator("[id='field-groups-refusal']")).not_to_be_empty()
    expect(page.get_by_role("checkbox").first).to_be_focused()
    assert created(inside) == []
    page.get_by_role("button", name="Retour à la liste").click()
    page.get_by_role("button", name="Créer un utilisateur").click()
    expect(page.get_by_label("AFAS-Déclarer")).to_be_visible()
    expect(page.get_by_label("Logements privés")).to_have_count(0)


def withdraw(inside: Inside) -> None:
    asked = GroupWithdrawal(inside.organization, inside.at.agreement.id, PRIVATE, Reason("audit"))
    inside.portal.withdraw_group(asked, by=AGENT)


# The list


def test_users_are_searched_and_read_page_by_page(page: Page, inside: Inside) -> None:
    """R36: what is searched stands in no address."""
    for number in range(21):
        inside.user(f"Durand{number:02}")
    addresses: list[str] = []
    page.on("request", lambda request: addresses.append(request.url))
    page.get_by_label("Nom, adresse mail ou identifiant").fill("durand")
    page.get_by_role("button", name="Rechercher").click()
    rows = page.locator("tbody tr")
    expect(rows).to_have_count(20)
    page.get_by_role("button", name="Page suivante").click()
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("Durand20")
    expect(page.get_by_role("button", name="Page suivante")).to_have_count(0)
    page.get_by_label("Nom, adresse mail ou identifiant").fill("nobody")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Aucun utilisateur trouvé.")).to_be_visible()
    assert [address for address in addresses if "durand" in address.lower()] == []


def test_an_account_that_somebody_changed_meanwhile_is_not_closed_unseen(page: Page, inside: Inside) -> None:
    user = inside.user("Petit")
    page.reload()
    expect(page.get_by_role("button", name="Clore Martin Anne")).to_have_count(0)  # the holder of the seat (R9)
    page.get_by_role("button", name="Clore Petit Luc").click()
    inside.portal.modify_user(UserChanges(inside.organization, user.id, last_name="Grand"), by=inside.admin)
    page.get_by_role("button", name="Valider").click()
    expect(page.get_by_role("alert")).to_contain_text("Quelqu'un a modifié ceci")
    assert inside.shown(user).status.value == "open"
    page.get_by_role("button", name="Retour à la liste").click()
    page.get_by_role("button", name="Clore Grand Luc").click()
    page.get_by_role("button", name="Valider").click()
    expect(page.get_by_role("row", name="Grand Luc")).to_contain_text("Clos")


# For everybody


def test_it_speaks_english_too_labels_and_refusals(page: Page) -> None:
    page.get_by_role("button", name="English").click()
    title(page, "My users")
    page.get_by_role("button", name="Create a user").click()
    typed = {"Last name *": "Roy", "First name *": "Ana", "E-mail address *": "ana"}
    for label, text in (typed | {"Confirm the e-mail address *": "ana"}).items():
        page.get_by_label(label, exact=True).fill(text)
    page.get_by_role("button", name="Submit").click()
    assert refusal(page, "E-mail address *").endswith(".")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    shot(page, "custom-refused-en")
    page.reload()
    title(page, "My users")


@pytest.mark.parametrize("width", [320, 1280])
def test_axe_finds_nothing_and_nothing_is_cut_off(browse: Browsing, inside: Inside, width: int) -> None:
    inside.user("Petit", DECLARE)
    page = browse("fr", width)
    page.goto(HERE)
    title(page, "Authentification")
    page.get_by_role("button", name="Se connecter").click()
    seen(page)
    sign_in(page, inside.at.mailbox.login_for(CONTACT), PASSWORD)
    title(page, "Mes utilisateurs")
    seen(page)
    page.get_by_role("button", name="Créer un utilisateur").click()
    page.get_by_role("button", name="Valider").click()
    expect(page.get_by_text("Ce champ est à remplir.")).to_have_count(4)
    seen(page)


def test_users_are_created_by_keyboard_alone(page: Page, inside: Inside) -> None:
    title(page, "Mes utilisateurs")
    press(page, "Tab", until="Créer un utilisateur")
    page.keyboard.press("Enter")
    title(page, "Créer un utilisateur partenaire")
    page.keyboard.press("Tab")  # the only agreement is chosen already
    for text in ZOE.values():
        page.keyboard.press("Tab")
        page.keyboard.type(text)
    page.keyboard.press("Enter")
    title(page, "Mes utilisateurs")
    assert created(inside) == ["N'Guyen"]


# As the README has it


def test_the_lines_that_matter_are_those_that_run() -> None:
    assert block("ts") in (EXAMPLE / "src" / "main.ts").read_text("utf-8")


def test_the_commands_of_the_readme_are_those_that_are_run_here() -> None:
    typed = [line.partition("#")[0].strip() for line in block("sh").splitlines()]
    assert typed == ["cd examples/custom-front-end", "npm ci", "npm run build", "npm start"]


def test_both_are_served_by_the_readme_s_python(built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "dist").symlink_to(built)
    made: dict[str, Any] = {}
    exec(block("python"), made)
    client = TestClient(made["site"], base_url="https://portal.example")
    page = client.get("/")
    assert 'src="main.js"' in page.text
    assert "script-src 'self'" in page.headers["content-security-policy"]
    assert client.get("/main.js").status_code == 200
    assert client.get("/api/forms/create-user").json()["act"] == "create-user"
    made["portal"].close()


@pytest.fixture
def started(built: Path, served: Served) -> Iterator[str]:
    """`npm start`, in front of a portal that is served elsewhere."""
    with starting(built.parent, f"{served.address}/api") as address:
        yield address


def test_npm_start_puts_both_at_one_address(started: str, browse: Browsing, inside: Inside) -> None:
    """R23: the cookie comes back, and no request is another site's."""
    page = browse("fr")
    page.goto(started)
    sign_in(page, inside.at.mailbox.login_for(CONTACT), PASSWORD)
    fill_in(page)
    page.get_by_role("button", name="Valider").click()
    expect(page.get_by_role("row", name="N'Guyen Zoé")).to_be_visible()
    assert created(inside) == ["N'Guyen"]


def test_where_no_api_answers_people_are_told(built: Path, chromium: Browser) -> None:
    with starting(built.parent, f"http://127.0.0.1:{free_port()}/api") as address:
        page = chromium.new_page(locale="fr-FR")
        page.goto(address)
        expect(page.get_by_role("alert")).to_contain_text("Le service ne répond pas.")
        page.close()
