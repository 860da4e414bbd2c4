"""R40: other services follow the journals: complete, in order, from where they stopped; gone is told as gone."""

from __future__ import annotations

import pytest

from habilitation.domain.actors import Asking
from habilitation.domain.events import PersonErased
from habilitation.domain.journal import replay
from habilitation.domain.requests import (
    CatalogEventsQuestion,
    DueErasure,
    EventsQuestion,
    NewService,
    VersionSearch,
)
from habilitation.domain.values import OrganizationId
from habilitation.ports.store import Version
from habilitation.testing.world import AFAS, AGENT, CONSULT, SIRETS
from habilitation.use_cases.directory import LARGEST_PAGE
from tests.steps import close, erase, operate, refused


def events(world, position=0, size=LARGEST_PAGE, by=AGENT, on=None):
    asked = EventsQuestion(on or world.organization.id, position, size)
    return world.portal.events_since(asked, by=by)


def catalog_events(world, position=0, size=LARGEST_PAGE, by=AGENT):
    return world.portal.catalog_events_since(CatalogEventsQuestion(position, size), by=by)


def versions(world, after=None, size=LARGEST_PAGE, by=AGENT):
    return world.portal.versions(VersionSearch(after, size), by=by)


def test_whoever_stops_and_resumes_takes_the_whole_journal_in_order(world):
    world.user(CONSULT)
    taken = []
    while more := events(world, len(taken), size=3):
        taken += more
    assert [record.sequence for record in taken] == list(range(1, len(taken) + 1))
    with world.portal.ports.store.reading(world.organization.id) as rows:
        assert replay(taken).organization == rows.organization
        assert len(taken) == rows.head.sequence


def test_what_happens_after_a_position_is_all_that_is_told_from_there(world):
    [told] = versions(world).items
    user = world.user()
    assert [record.event.user for record in events(world, told.sequence)] == [user.id]
    assert events(world, told.sequence + 1) == ()


def test_versions_tell_which_organizations_moved(world):
    other = world.open_organization(SIRETS[1])
    before = {version.organization: version.sequence for version in versions(world).items}
    world.user()
    moved = [version for version in versions(world).items if before[version.organization] != version.sequence]
    assert moved == [Version(world.organization.id, before[world.organization.id] + 1)]
    assert set(before) == {world.organization.id, other.id}


def test_versions_come_by_pages(world):
    for siret in SIRETS[1:4]:
        world.open_organization(siret)
    whole, found, after = versions(world), [], None
    while True:
        page = versions(world, after, size=2)
        found += page.items
        after = page.next
        if after is None:
            break
    assert (len(found), tuple(found), whole.next) == (4, whole.items, None)


def test_the_catalog_is_followed_likewise(world):
    """R3"""
    [*known] = catalog_events(world)
    world.portal.define_service(NewService("CAFPRO", "CafPro"), by=AGENT)
    assert [record.event.code for record in catalog_events(world, len(known))] == ["CAFPRO"]
    assert catalog_events(world, 1, size=1) == (known[1],)
    assert len(known) + 1 == world.portal.show_catalog(by=AGENT).version


def test_that_a_person_was_erased_is_told(world):
    """R41: whoever copied something of them has to erase it too."""
    user = close(world, world.user())
    [told] = versions(world).items
    erase(world, user)
    assert [(type(told.event), told.event.user) for told in events(world, told.sequence)] == [(PersonErased, user.id)]


def test_that_an_organization_is_gone_is_told(world):
    """R41"""
    operate(world, "close_organization")
    [closed] = versions(world).items
    world.clock.move(days=1826)
    world.portal.erase_due(DueErasure(), by=AGENT)
    assert versions(world).items == (Version(closed.organization, closed.sequence, dropped=True),)
    with refused(world, "journal-dropped"):
        events(world, closed.sequence)


def test_a_journal_that_ends_before_the_position_is_not_the_one_that_was_read(world):
    """A backup was restored: whoever goes on from there would miss what happened since."""
    end = len(events(world))
    with refused(world, "journal-shorter", end=end):
        events(world, end + 1)
    end = len(catalog_events(world))
    with refused(world, "journal-shorter", end=end):
        catalog_events(world, end + 1)


@pytest.mark.parametrize("position", [-1, 10**18, 10**30])
def test_a_position_that_is_none_is_refused(world, position):
    for ask in (events, catalog_events):
        with refused(world, "cursor-malformed"):
            ask(world, position)


@pytest.mark.parametrize("size", [0, LARGEST_PAGE + 1])
def test_so_is_a_page_of_nothing_or_of_too_much(world, size):
    for ask in (events, catalog_events, versions):
        with refused(world, "page-size-refused"):
            ask(world, size=size)


def test_what_was_never_there_is_missing(world):
    with refused(world, "organization-unknown"):
        events(world, on=OrganizationId("none"))


@pytest.mark.parametrize("ask", [events, catalog_events, versions])
def test_only_the_operators_services_follow(world, ask):
    """R36: facts are about users of all organizations."""
    for by in (world.admin, world.as_member(world.user()), Asking(AFAS)):
        with refused(world, "act-forbidden"):
            ask(world, by=by)
