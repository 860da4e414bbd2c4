"""R3: the operator's catalog of services and access groups."""

import pytest
from attrs import evolve

from habilitation.domain.requests import NewGroup, NewService
from habilitation.testing.world import AFAS, AGENT, BAILLEUR, TO_DECLARE
from tests.steps import records, refused


def test_a_service_and_its_group_are_defined(world):
    world.portal.define_service(NewService("RDV", "Rendez-vous"), by=AGENT)
    group = world.portal.define_group(NewGroup("RDV-A", "RDV", "Agenda", ("rdv:b", "rdv:a", "rdv:b"), True), by=AGENT)
    assert (group.code, group.service, group.now.label, group.now.needs_document) == ("RDV-A", "RDV", "Agenda", True)
    assert group.now.permissions == {"rdv:a", "rdv:b"}
    assert world.portal.ports.store.catalog().services["RDV"].label == "Rendez-vous"


def test_the_catalog_has_a_journal_of_its_own(world):
    """What is defined leaves no trace in an organization's."""
    before = records(world)
    world.portal.define_service(NewService("RDV", "Rendez-vous"), by=AGENT)
    assert records(world) == before
    assert [entry.sequence for entry in world.portal.ports.store.catalog_entries()] == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize(
    ("service", "code"),
    [
        (NewService(AFAS, "Again"), "service-defined-already"),
        (NewService("", "Label"), "reference-malformed"),
        (NewService("A B", "Label"), "reference-malformed"),
        (NewService("RDV", ""), "name-missing"),
        (NewService("RDV", "a\nb"), "name-malformed"),
    ],
)
def test_a_service_that_makes_no_sense_is_refused(world, service, code):
    with refused(world, code):
        world.portal.define_service(service, by=AGENT)


@pytest.mark.parametrize(
    ("group", "code"),
    [
        (NewGroup("AFAS-DEC", AFAS, "Again", (TO_DECLARE,)), "group-defined-already"),
        (NewGroup("NEW", "NONE", "Label", (TO_DECLARE,)), "service-unknown"),
        (NewGroup("NEW", AFAS, "Label", ()), "permissions-missing"),
        (NewGroup("NEW", AFAS, "Label", ("not a code",)), "reference-malformed"),
        (NewGroup("N/A", AFAS, "Label", (TO_DECLARE,)), "reference-malformed"),
        (NewGroup("NEW", AFAS, " ", (TO_DECLARE,)), "name-missing"),
        (NewGroup("NEW", BAILLEUR, "Label", ("new:one", TO_DECLARE)), "permission-of-another-service"),
    ],
)
def test_a_group_that_makes_no_sense_is_refused(world, group, code):
    with refused(world, code):
        world.portal.define_group(group, by=AGENT)


@pytest.mark.parametrize(("field", "wrong"), [("code", "A B"), ("label", "a\nb"), ("permissions", ("a b",))])
def test_what_makes_no_sense_is_told_by_its_field(world, field, wrong):
    code = "name-malformed" if field == "label" else "reference-malformed"
    with refused(world, code, field=field):
        world.portal.define_group(evolve(NewGroup("NEW", AFAS, "Label", (TO_DECLARE,)), **{field: wrong}), by=AGENT)
    if field != "permissions":
        with refused(world, code, field=field):
            world.portal.define_service(evolve(NewService("RDV", "Label"), **{field: wrong}), by=AGENT)


def test_two_groups_of_one_service_may_give_the_same_permission(world):
    assert world.portal.define_group(NewGroup("NEW", AFAS, "Label", (TO_DECLARE,)), by=AGENT)


def test_only_the_operator_defines(world):
    """R35: whatever is asked; partners never invent groups."""
    with refused(world, "act-forbidden"):
        world.portal.define_service(NewService("RDV", "Rendez-vous"), by=world.admin)
    with refused(world, "act-forbidden"):
        world.portal.define_group(NewGroup("NEW", AFAS, "Label", (TO_DECLARE,)), by=world.admin)


def test_a_definition_is_recorded_no_earlier_than_the_one_before(world):
    """R40: the catalog's recorded time never goes back."""
    world.clock.move(minutes=-6)
    with refused(world, "clock-behind"):
        world.portal.define_service(NewService("RDV", "Rendez-vous"), by=AGENT)
    world.clock.move(minutes=2)
    world.portal.define_service(NewService("RDV", "Rendez-vous"), by=AGENT)
    entries = world.portal.ports.store.catalog_entries()
    assert entries[-1].at == entries[-2].at > world.clock.now()
