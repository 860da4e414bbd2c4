"""R1: the operator opens an organization, known by its SIRET and identified by an opaque id."""

import pytest

from habilitation.domain.requests import NewOrganization
from habilitation.testing.world import AGENT, SIRETS
from tests.steps import records, refused


def asked(**fields):
    return NewOrganization(**({"siret": SIRETS[1], "name": "DINUM", "contact": "dinum@dinum.example"} | fields))


def test_the_operator_opens_an_organization_that_nobody_holds_yet(world):
    organization = world.portal.open_organization(asked(), by=AGENT)
    assert organization.seat.state.value == "unclaimed"
    assert organization.id in world.portal.ports.store.organizations()


def test_its_name_and_siret_are_kept_as_given(world):
    organization = world.portal.open_organization(asked(siret="130 025 265 00013", name=" DINUM "), by=AGENT)
    with world.portal.ports.store.reading(organization.id) as rows:
        kept = rows.particulars()
    assert (kept.siret.digits, kept.name, kept.contact.text) == (SIRETS[1], "DINUM", "dinum@dinum.example")


def test_its_id_says_nothing_of_its_siret(world):
    assert SIRETS[1] not in world.portal.open_organization(asked(), by=AGENT).id


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"siret": "１３００２５２６５０００１３"}, "siret-malformed"),
        ({"siret": "130025265-00013"}, "siret-malformed"),
        ({"siret": ""}, "siret-malformed"),
        ({"siret": "35600000049838"}, "siret-refused"),
        ({"siret": "00000000000000"}, "siret-refused"),
        ({"name": ""}, "name-missing"),
        ({"name": "LES\u202eOLIVIERS"}, "name-malformed"),
        ({"name": "x" * 251}, "name-too-long"),
        ({"contact": "nobody"}, "email-malformed"),
    ],
)
def test_what_is_no_siret_name_or_contact_is_refused(world, fields, code):
    with refused(world, code):
        world.portal.open_organization(asked(**fields), by=AGENT)


def test_a_name_that_is_missing_is_told_by_its_field(world):
    with refused(world, "name-missing", field="name"):
        world.portal.open_organization(asked(name=" "), by=AGENT)


def test_la_postes_own_establishments_can_be_opened(world):
    assert world.portal.open_organization(asked(siret="35600000009075"), by=AGENT)


def test_a_siret_has_one_live_organization(world):
    """I7: also where it is typed with spaces."""
    with refused(world, "siret-taken"):
        world.portal.open_organization(asked(siret="219 200 235 00014"), by=AGENT)


def test_only_the_operator_opens_organizations(world):
    """R35."""
    with refused(world, "act-forbidden"):
        world.portal.open_organization(asked(), by=world.admin)


def test_opening_is_the_first_fact_of_its_journal(world):
    """R40."""
    assert type(records(world)[0].event).__name__ == "OrganizationOpened"
