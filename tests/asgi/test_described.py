"""Described forms say what their request declares, in both languages (R10)."""

from collections.abc import Iterator
from inspect import getmembers, isclass, unwrap

import attrs
import pytest

from habilitation import Habilitation
from habilitation.adapters.asgi.declared import declared
from habilitation.adapters.asgi.described import Choice, Source, drawing, form
from habilitation.adapters.asgi.forms import FIELD, Format
from habilitation.adapters.assembly import LANGUAGES
from habilitation.adapters.memory import MemoryStore
from habilitation.adapters.memory_transport import MemoryMailbox
from habilitation.domain import refusals
from habilitation.domain.refusals import Kind, Refusal
from habilitation.testing.fakes import SettableClock
from habilitation.testing.world import portal_over
from habilitation.use_cases.access import CheckAccess
from habilitation.use_cases.accounts import CloseUser, CreateUser, ModifyUser
from habilitation.use_cases.delegation import DelegateManager
from habilitation.use_cases.directory import ListUsers
from habilitation.use_cases.first_access import ClaimAdministrator, SignIn
from habilitation.use_cases.groups import AddToGroup
from habilitation.use_cases.opening import OpenAgreement
from habilitation.use_cases.past import AsOf
from habilitation.use_cases.providers import SignInExternally
from habilitation.use_cases.security import SecurityLog
from habilitation.use_cases.suspending import SuspendUser


def use_cases() -> Iterator[type]:
    portal: Habilitation = portal_over(MemoryStore(), SettableClock(), MemoryMailbox())
    yield from (type(unwrap(each)) for name, each in vars(portal).items() if name != "ports")


USE_CASES = [kind for kind in use_cases() if kind.__name__ != "DeliverNotifications"]
"""What a worker does has no form."""


def field(use_case, name, language="fr"):
    [found] = [each for each in form(use_case, language).fields if each.name == name]
    return found


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("use_case", USE_CASES)
def test_every_use_case_has_a_form_whose_fields_have_labels(use_case, language):
    drawn = form(use_case, language)
    assert drawn.title
    assert drawn.submit
    assert {each.name.partition(".")[0] for each in drawn.fields} == set(declared(use_case).fields)
    assert [each.name for each in drawn.fields if each.label == each.name.replace("_", " ")] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_forms_have_the_same_title(language):
    titles = [form(use_case, language).title for use_case in USE_CASES]
    assert len(set(titles)) == len(titles)


def test_creating_a_user_takes_what_the_guide_s_page_shows():
    """R10."""
    drawn = form(CreateUser, "fr").without("organization", "agreement")
    assert drawn.title == "Créer un utilisateur partenaire"
    assert [(each.name, each.label, each.required) for each in drawn.fields] == [
        ("last_name", "Nom", True),
        ("first_name", "Prénom", True),
        ("email", "Adresse mail", True),
        ("email_confirmation", "Confirmer l'adresse mail", True),
        ("phone", "Téléphone", False),
        ("phone_confirmation", "Confirmer le téléphone", False),
        ("dates.opening", "Date d'ouverture", False),
        ("dates.closing", "Date de clôture", False),
        ("mobile", "Poste de travail", False),
        ("groups", "Groupes d'habilitation", False),
    ]


def test_what_is_known_already_is_left_out_with_all_that_is_in_it():
    names = [each.name for each in form(CreateUser, "en").without("dates").fields]
    assert "dates.opening" not in names
    assert "email" in names


@pytest.mark.parametrize(
    ("use_case", "name", "format"),
    [
        (CreateUser, "last_name", Format.TEXT),
        (CreateUser, "email_confirmation", Format.EMAIL),
        (CreateUser, "phone", Format.PHONE),
        (CreateUser, "dates.closing", Format.DAY),
        (CreateUser, "mobile", Format.ONE),
        (CreateUser, "groups", Format.SEVERAL),
        (CreateUser, "agreement", Format.ONE),
        (SignIn, "password", Format.PASSWORD),
        (SuspendUser, "reason.code", Format.TEXT),
        (SuspendUser, "reason.text", Format.LINES),
        (DelegateManager, "scope.places", Format.PLACES),
        (ListUsers, "size", Format.NUMBER),
        (ListUsers, "status", Format.ONE),
        (CheckAccess, "permission", Format.TEXT),
        (CloseUser, "on", Format.DAY),
        (AsOf, "at", Format.DAY_OR_INSTANT),
        (AsOf, "known", Format.INSTANT),
    ],
)
def test_a_field_says_what_is_typed_into_it(use_case, name, format):
    assert field(use_case, name).format is format


def test_what_may_be_chosen_is_listed_or_the_query_that_has_it_is_named():
    assert field(CreateUser, "mobile").choices == (
        Choice(False, "Sédentaire (possède un poste fixe)"),
        Choice(True, "Itinérant (poste de travail variable)"),
    )
    assert [choice.value for choice in field(ListUsers, "status").choices] == [
        "pending",
        "open",
        "suspended",
        "closed",
    ]
    assert all(choice.label for choice in field(SecurityLog, "kind", "en").choices)
    only = {"items.state": "validated", "items.groups.state": "open"}
    groups = Source("list-agreements", "items.groups.code", ("items.groups.label",), "agreement", only)
    assert (field(CreateUser, "groups").source, field(CreateUser, "groups").several) == (groups, True)


def test_agreements_are_offered_in_force_to_give_and_all_to_look_for():
    """R2."""
    offered = {each: field(each, "agreement").source for each in (CreateUser, AddToGroup, ListUsers)}
    assert {each: source and dict(source.only) for each, source in offered.items()} == {
        CreateUser: {"items.state": "validated"},
        AddToGroup: {"items.state": "validated"},
        ListUsers: {},
    }


def test_what_is_to_be_chosen_first_is_in_no_agreement_yet_or_in_no_list():
    """R2, R44: a new agreement's groups come from the catalog; an identity's accounts are told as it comes."""
    offered = field(OpenAgreement, "groups").source
    assert offered is not None
    assert offered.query == "show-catalog"
    assert field(SignInExternally, "organization").source is None


def test_what_counts_where_nothing_is_given_is_said():
    assert field(CreateUser, "mobile").default is False
    assert field(ModifyUser, "mobile").default is None
    assert field(ListUsers, "size").default == 50
    assert field(CreateUser, "phone").default is None


def test_inside_what_may_be_left_out_nothing_is_required():
    assert not field(ModifyUser, "dates.closing").required
    assert field(SuspendUser, "reason.code").required
    assert not field(SuspendUser, "reason.text").required


def test_a_browser_fills_in_what_people_say_of_themselves_and_of_nobody_else():
    assert field(SignIn, "password").autocomplete == "current-password"
    assert field(ClaimAdministrator, "password").autocomplete == "new-password"
    assert field(ClaimAdministrator, "email").autocomplete == "email"
    assert field(CreateUser, "email").autocomplete == ""


def test_the_claim_s_address_says_that_it_must_be_a_person_s_own():
    """R6, as the guide has it."""
    address = field(ClaimAdministrator, "email")
    assert address.label == "Votre adresse mail nominative"
    assert "nom@domaine.extension" in address.hint


# Refusals by their field

ABOUT_NO_FIELD = {"login-malformed", "key-malformed", "key-reused", "value-unstorable"}
"""The first is never told to whoever types a login (R22); keys stand in a header (I8); a database says no field."""
REFUSALS = [kind for _, kind in getmembers(refusals, isclass) if issubclass(kind, Refusal) and kind is not Refusal]


@pytest.mark.parametrize("kind", [kind for kind in REFUSALS if kind.kind is Kind.INVALID], ids=lambda kind: kind.code)
def test_whatever_was_typed_wrongly_has_a_field(kind):
    names = {each.name for each in attrs.fields(kind)}
    assert kind.code in FIELD or "field" in names or kind.code in ABOUT_NO_FIELD


def test_every_field_that_a_refusal_may_be_about_exists():
    asked = [each for use_case in USE_CASES for each in declared(use_case).fields.values()]
    names = {drawn.field.name for each in asked for drawn in drawing(each)}
    assert {name for several in FIELD.values() for name in several} <= names
