"""R1, R36: the operator finds and lists organizations; anybody else sees their own."""

from __future__ import annotations

import pytest

from habilitation.domain.actors import Asking
from habilitation.domain.organization import Control, OrganizationState, SeatState
from habilitation.domain.requests import OrganizationNameSearch, OrganizationQuestion, OrganizationSearch, SiretQuestion
from habilitation.testing.world import AFAS, AGENT, CONSULT, SIRETS
from tests.steps import operate, refused


def listed(world, by=AGENT, **fields):
    return world.portal.list_organizations(OrganizationSearch(**fields), by=by)


def find(world, siret, by=AGENT):
    return world.portal.find_organization(SiretQuestion(siret), by=by)


def show(world, by, organization=None):
    return world.portal.show_organization(OrganizationQuestion(organization or world.organization.id), by=by)


def test_the_operator_finds_an_organization_by_its_siret(world):
    other = world.open_organization(SIRETS[1], "LES SAPINS")
    found = find(world, "130 025 265 00013")
    assert (found.id, found.siret.digits, found.name) == (other.id, SIRETS[1], "LES SAPINS")
    assert (found.seat, found.contact.text) == (SeatState.UNCLAIMED, f"contact-{SIRETS[1]}@oliviers.example")


def test_a_siret_that_no_organization_has_is_missing(world):
    with refused(world, "organization-unknown"):
        find(world, SIRETS[1])
    with refused(world, "siret-malformed"):
        find(world, "12")


@pytest.mark.parametrize("size", [1, 2, 3, 50])
def test_pages_hold_every_organization_once_in_the_order_of_their_opening(world, size):
    opened = [world.organization.id, *(world.open_organization(siret).id for siret in SIRETS[1:4])]
    found, after = [], None
    for _ in opened:
        page = listed(world, size=size, after=after)
        assert len(page.items) <= size
        found += [view.id for view in page.items]
        after = page.next
        if after is None:
            break
    assert (found, after) == (opened, None)


def test_organizations_are_found_by_a_part_of_their_names_whatever_the_accents(world):
    for number, name in ((1, "Commune de Saint-Rémy"), (2, "COMMUNE DE CLAMART")):
        world.open_organization(SIRETS[number], name)

    def called(text, **fields):
        page = world.portal.search_organizations(OrganizationNameSearch(text, **fields), by=AGENT)
        return [view.name for view in page.items], page.next

    assert called(" saint-REMY ") == (["Commune de Saint-Rémy"], None)
    first, cursor = called("commune", size=1)
    assert (first, called("commune", after=cursor)[0]) == (["Commune de Saint-Rémy"], ["COMMUNE DE CLAMART"])
    assert called("nobody") == ([], None)
    with refused(world, "name-too-long"):
        called("a" * 300)


def test_only_the_operator_finds_organizations_by_their_names(world):
    with refused(world, "act-forbidden"):
        world.portal.search_organizations(OrganizationNameSearch("a"), by=world.admin)


def test_a_list_shows_whether_there_is_an_administrator(world):
    world.open_organization(SIRETS[1])
    assert [view.seat for view in listed(world).items] == [SeatState.HELD, SeatState.UNCLAIMED]


def test_a_list_shows_which_are_suspended_taken_in_hand_or_closed(world):
    """R1, R33, R34."""
    operate(world, "take_back_control")
    operate(world, "suspend_organization")
    [seen] = listed(world).items
    assert (seen.state, seen.control) == (OrganizationState.SUSPENDED, Control.TAKEN)
    operate(world, "close_organization")
    [seen] = listed(world).items
    assert (seen.state, seen.seat) == (OrganizationState.CLOSED, SeatState.ENDED)
    with refused(world, "organization-unknown"):
        find(world, SIRETS[0])


def test_a_page_of_no_size_or_after_no_organization_is_refused(world):
    for size in (0, 501):
        with refused(world, "page-size-refused"):
            listed(world, size=size)
    for cursor in ("none", ""):
        with refused(world, "cursor-malformed"):
            listed(world, after=cursor)


def test_only_the_operator_finds_or_lists(world):
    for by in (world.admin, world.manager(), world.as_member(world.user()), Asking(AFAS)):
        with refused(world, "act-forbidden"):
            listed(world, by)
        for siret in SIRETS[:2]:
            with refused(world, "act-forbidden"):
                find(world, siret, by)


def test_anybody_of_the_organization_sees_what_it_is_called(world):
    for by in (world.admin, world.manager(CONSULT), world.as_member(world.user())):
        assert (show(world, by).name, show(world, by).siret.digits) == ("LES OLIVIERS", SIRETS[0])
    with refused(world, "act-forbidden"):
        show(world, Asking(AFAS))


def test_its_contact_is_shown_to_whoever_reads_all_of_it(world):
    for by in (AGENT, world.admin):
        assert show(world, by).contact
    for by in (world.manager(), world.as_member(world.user())):
        assert show(world, by).contact is None


def test_to_others_it_is_missing(world):
    """R37."""
    other = world.open_organization(SIRETS[1])
    for organization in (other.id, "none"):
        with refused(world, "organization-unknown"):
            show(world, world.admin, organization)
