"""R36: who reads what; an agent is told by role to anybody but the operator."""

from __future__ import annotations

import pytest

from habilitation.domain.actors import Asking, OperatorAgent
from habilitation.domain.period import Dates
from habilitation.domain.requests import (
    AccessQuestion,
    HistoryQuestion,
    NamesQuestion,
    OrganizationQuestion,
    OwnFileQuestion,
    UserQuestion,
    UserSearch,
    WaitingSearch,
)
from habilitation.domain.user import Status
from habilitation.testing.world import AFAS, AGENT, BAILLEUR, CONSULT, DECLARE, PRIVATE, TO_CONSULT, TO_DECLARE
from habilitation.use_cases import history as reading_history
from tests.steps import (
    add,
    assign,
    check,
    close,
    create,
    day,
    delegate,
    erase,
    refused,
    show,
    take_out,
)


def listed(world, by, **filters):
    asked = UserSearch(world.organization.id, **filters)
    return [view.id for view in world.portal.list_users(asked, by=by).items]


def history(world, by, **filters):
    return world.portal.history(HistoryQuestion(world.organization.id, **filters), by=by)


def facts(world, by, **filters):
    return [type(record.event).__name__ for record in history(world, by, **filters).items]


# A user


def test_a_user_reads_their_own_file_and_rights(world):
    user = world.user(CONSULT)
    me = world.as_member(user)
    assert show(world, user, by=me).person.full_name == "Zoé Durand-1"
    assert check(world, user, TO_CONSULT, by=me).allowed


def test_and_their_own_history(world):
    user, other = world.user(CONSULT), world.user()
    close(world, other)
    assert facts(world, world.as_member(user)) == ["UserCreated", "MemberAdded"]
    assert facts(world, world.as_member(user), user=user.id) == ["UserCreated", "MemberAdded"]


def test_and_the_administrators_name_but_not_their_file(world):
    """R7."""
    me = world.as_member(world.user())
    asked = OrganizationQuestion(world.organization.id)
    assert world.portal.who_is_administrator(asked, by=me).name == "Anne Martin"
    with refused(world, "user-unknown"):
        show(world, world.admin, by=me)


def named(world, by, *users):
    asked = NamesQuestion(world.organization.id, frozenset(users))
    return world.portal.name_users(asked, by=by)


def test_names_are_told_of_whom_one_may_know_and_of_nobody_else(world):
    """R7, R37: and of the administrator, to everybody."""
    user, other, boss = world.user(), world.user(), world.admin.user
    known = {user.id: show(world, user).person.full_name, boss: "Anne Martin"}
    assert named(world, AGENT, user.id, boss, "nobody") == known
    assert named(world, world.as_member(user), user.id, boss, other.id) == known
    assert named(world, world.as_member(user), other.id) == {}
    with refused(world, "act-forbidden"):
        named(world, Asking(AFAS), user.id)


def test_whoever_was_erased_is_known_and_has_no_name(world):
    """R18"""
    user = world.user()
    close(world, user)
    erase(world, user)
    assert named(world, world.admin, user.id) == {user.id: None}


def test_no_more_names_are_told_at_once_than_a_page_has_lines(world):
    with refused(world, "page-size-refused"):
        named(world, AGENT, *(f"user-{number}" for number in range(501)))
    assert named(world, AGENT, *(f"user-{number}" for number in range(500))) == {}


def test_of_others_a_user_reads_nothing(world):
    user, other = world.as_member(world.user()), world.user(CONSULT)
    for act in (
        lambda: show(world, other, by=user),
        lambda: check(world, other, TO_CONSULT, by=user),
        lambda: history(world, user, user=other.id),
    ):
        with refused(world, "user-unknown"):
            act()
    for act in (
        lambda: listed(world, user),
        lambda: world.portal.list_waiting_roles(WaitingSearch(world.organization.id), by=user),
        lambda: world.portal.journal_head(OrganizationQuestion(world.organization.id), by=user),
        lambda: world.portal.verify_journal(OrganizationQuestion(world.organization.id), by=user),
    ):
        with refused(world, "act-forbidden"):
            act()


def test_anybody_of_the_organization_knows_its_agreements(world):
    """R37."""
    user = world.as_member(world.user())
    assert world.portal.list_agreements(OrganizationQuestion(world.organization.id), by=user)


def test_a_page_offers_a_user_no_act_on_their_own_row(world):
    user = world.user()
    assert show(world, user, by=world.as_member(user)).acts == ()


# A manager


@pytest.fixture
def elsewhere(world):
    return world.open_agreement(world.organization, "CONV-2")


def test_a_manager_reads_the_users_of_the_agreements_that_the_scope_touches(world, elsewhere):
    manager, near = world.manager(CONSULT), world.user(PRIVATE)
    stranger = create(world, agreement=elsewhere.id)
    assert set(listed(world, manager)) == {manager.user, near.id, world.admin.user}
    assert show(world, near, by=manager)
    with refused(world, "user-unknown"):
        show(world, stranger, by=manager)
    with refused(world, "user-unknown"):
        check(world, stranger, TO_CONSULT, by=manager)


def test_and_those_who_have_a_membership_in_scope_for_as_long_as_they_have(world, elsewhere):
    manager, guest = world.manager(CONSULT), create(world, agreement=elsewhere.id)
    add(world, guest, CONSULT)
    assert guest.id in listed(world, manager)
    assert show(world, guest, by=manager)
    take_out(world, guest)
    assert guest.id not in listed(world, manager)
    with refused(world, "user-unknown"):
        show(world, guest, by=manager)


def test_a_manager_is_on_their_own_list_wherever_they_come_from(world, elsewhere):
    manager = create(world, agreement=elsewhere.id)
    delegate(world, manager, CONSULT)
    assert manager.id in listed(world, world.as_member(manager))


def test_a_manager_of_all_groups_reads_all(world, elsewhere):
    manager, stranger = world.manager(), create(world, agreement=elsewhere.id)
    assert stranger.id in listed(world, manager)


def test_a_filter_shows_a_manager_no_more(world, elsewhere):
    manager, stranger = world.manager(CONSULT), create(world, agreement=elsewhere.id)
    assert stranger.id not in listed(world, manager, agreement=elsewhere.id)
    assert stranger.id not in listed(world, manager, text="petit")
    assert stranger.id not in listed(world, manager, status=Status.OPEN)


def test_a_managers_history_holds_nothing_of_whom_the_manager_may_not_read(world, elsewhere):
    manager, near = world.manager(CONSULT), world.user()
    stranger = create(world, agreement=elsewhere.id)
    about = {getattr(record.event, "user", None) for record in history(world, manager).items}
    assert stranger.id not in about
    assert {near.id, manager.user, None} <= about
    assert facts(world, manager, user=near.id) == ["UserCreated"]
    with refused(world, "user-unknown"):
        history(world, manager, user=stranger.id)


def test_one_whose_delegation_is_over_reads_as_an_ordinary_user(world):
    user, other = world.user(), world.user()
    delegate(world, user, dates=Dates(None, day(1)))
    me = world.as_member(user)
    assert show(world, other, by=me)
    world.clock.move(days=1)
    with refused(world, "user-unknown"):
        show(world, other, by=me)


# The administrator and the operator


def test_the_administrator_and_agents_read_all_of_the_organization(world, elsewhere):
    users = [world.user(), create(world, agreement=elsewhere.id), close(world, world.user())]
    for by in (world.admin, AGENT):
        assert set(listed(world, by)) == {world.admin.user, *(user.id for user in users)}
        for user in users:
            assert show(world, user, by=by)
        assert "SeatClaimed" in facts(world, by)
        assert world.portal.journal_head(OrganizationQuestion(world.organization.id), by=by).sequence


def test_an_agent_is_named_to_the_operator_and_told_by_role_to_anybody_else(world):
    user = world.user(DECLARE)
    assign(world, user, by=OperatorAgent("agent-7"))
    assert history(world, AGENT).items[-1].by == OperatorAgent("agent-7")
    for by in (world.admin, world.as_member(user), world.manager()):
        told = {record.by for record in history(world, by).items if isinstance(record.by, OperatorAgent)}
        assert told <= {OperatorAgent("operator")}
    assert history(world, world.as_member(user)).items[-1].by == OperatorAgent("operator")


def test_a_person_of_the_organization_stays_named_by_id(world):
    user = world.user()
    assert history(world, world.as_member(user)).items[0].by == world.admin


# A service


def test_a_service_asks_about_its_own_permissions(world):
    user = world.user(CONSULT)
    assert check(world, user, TO_CONSULT, by=Asking(AFAS)).allowed


def test_and_about_no_other_services(world):
    user = world.user(CONSULT)
    for permission in (TO_CONSULT, "unheard:of"):
        with refused(world, "permission-unknown"):
            check(world, user, permission, by=Asking(BAILLEUR))


def test_a_service_that_is_not_there_asks_nothing(world):
    user = world.user(CONSULT)
    with refused(world, "service-unknown"):
        check(world, user, TO_CONSULT, by=Asking("NONE"))


def test_a_service_is_told_that_a_user_is_missing(world):
    """R37."""
    with refused(world, "user-unknown"):
        world.portal.check_access(AccessQuestion(world.organization.id, "nobody", TO_DECLARE), by=Asking(AFAS))


def test_a_service_reads_nothing_else(world):
    user = world.user()
    asked = OrganizationQuestion(world.organization.id)
    for act in (
        lambda: world.portal.list_agreements(asked, by=Asking(AFAS)),
        lambda: world.portal.who_is_administrator(asked, by=Asking(AFAS)),
        lambda: history(world, Asking(AFAS)),
        lambda: listed(world, Asking(AFAS)),
    ):
        with refused(world, "act-forbidden"):
            act()
    with refused(world, "user-unknown"):
        show(world, user, by=Asking(AFAS))


# Lists


def test_users_are_listed_by_name_whatever_the_accents(world):
    names = [("Œuvrard", "Luc"), ("Ozan", "Émile"), ("ozan", "Anne"), ("Ödegaard", "Per"), ("Abe", "Zoé")]
    made = [create(world, last_name=a, first_name=b, email=f"{n}@b.example") for n, (a, b) in enumerate(names)]
    order = [made[4].id, world.admin.user, made[3].id, made[0].id, made[2].id, made[1].id]
    assert listed(world, world.admin) == order


def test_a_search_longer_than_a_name_is_refused(world):
    """Nobody's time is spent on a text that no name, e-mail or login can begin with."""
    assert listed(world, world.admin, text="a" * 250) == []
    with refused(world, "name-too-long", field="text"):
        listed(world, world.admin, text="a" * 251)


@pytest.mark.parametrize("size", [1, 2, 3, 500])
def test_pages_hold_everybody_once(world, size):
    expected = {world.admin.user, *(world.user().id for _ in range(4))}
    found, after = [], None
    while True:
        asked = UserSearch(world.organization.id, size=size, after=after)
        page = world.portal.list_users(asked, by=world.admin)
        assert 0 < len(page.items) <= size
        found += [view.id for view in page.items]
        after = page.next
        if after is None:
            break
    assert len(found) == 5
    assert set(found) == expected


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("œuv", True),
        ("OEUVR", True),
        ("jose", True),
        ("José M", True),
        (" jm.oeuv", True),
        ("uvrard", False),
        ("Luc", False),
        ("%", False),
        ("_euvrard", False),
    ],
)
def test_a_text_finds_the_beginning_of_a_name_or_an_address(world, text, found):
    user = create(world, last_name="Œuvrard", first_name="José María", email="jm.oeuvrard@oliviers.example")
    assert (user.id in listed(world, world.admin, text=text)) is found


def test_a_text_finds_the_beginning_of_a_login(world):
    user = world.user()
    login = show(world, user).login.text
    assert user.id in listed(world, world.admin, text=login[:6].lower())


def test_statuses_and_agreements_can_be_asked_for(world, elsewhere):
    pending, closed = world.user(dates=Dates(day(3))), close(world, world.user())
    assert listed(world, world.admin, status=Status.PENDING) == [pending.id]
    assert listed(world, world.admin, status=Status.CLOSED) == [closed.id]
    assert listed(world, world.admin, agreement=elsewhere.id) == [world.admin.user]


@pytest.mark.parametrize("size", [0, -1, 501])
def test_a_page_of_no_line_or_too_many_is_refused(world, size):
    with refused(world, "page-size-refused"):
        listed(world, world.admin, size=size)
    with refused(world, "page-size-refused"):
        history(world, world.admin, size=size)


def test_a_cursor_that_no_page_gave_is_refused(world):
    with refused(world, "cursor-malformed"):
        listed(world, world.admin, after="nobody")
    for cursor in ("", "-1", "1.0", "１", "nobody", "9" * 19):
        with refused(world, "cursor-malformed"):
            history(world, world.admin, after=cursor)


def test_a_history_comes_in_pages_oldest_first(world):
    whole = history(world, world.admin).items
    assert [record.sequence for record in whole] == list(range(1, len(whole) + 1))
    first = history(world, world.admin, size=3)
    assert first.items == whole[:3]
    rest = history(world, world.admin, after=first.next)
    assert (rest.items, rest.next) == (whole[3:], None)


def test_a_cursor_has_at_most_eighteen_digits(world):
    assert history(world, world.admin, after="9" * 18).items == ()
    with refused(world, "cursor-malformed"):
        history(world, world.admin, after="9" * 19)


def pages(world, by, size):
    """Every page of the history."""
    found, after = [], None
    for _ in range(100):
        page = history(world, by, size=size, after=after)
        found.append(page.items)
        after = page.next
        if after is None:
            return found
    raise AssertionError("the pages never end")


def hide(world, elsewhere, many):
    for number in range(many):
        create(world, agreement=elsewhere.id, email=f"{number}@b.example")


@pytest.mark.parametrize("size", [1, 2, 3])
def test_pages_of_a_history_are_full_whatever_the_reader_may_not_see(world, elsewhere, size):
    manager, other = world.manager(CONSULT), world.user()
    hide(world, elsewhere, 5)
    close(world, other)
    whole = history(world, manager).items
    found = pages(world, manager, size)
    assert [record for page in found for record in page] == list(whole)
    assert {len(page) for page in found[:-1]} == {size}
    assert found[-1]


def test_a_history_ends_with_the_last_fact_that_the_reader_may_see(world, elsewhere):
    """R37: that there is more, of somebody else's, is nobody's to tell."""
    manager = world.manager(CONSULT)
    whole = history(world, manager).items
    hide(world, elsewhere, 3)
    assert history(world, manager, size=len(whole)).next is None


def test_no_page_looks_through_more_than_thousands_of_facts(world, elsewhere, monkeypatch):
    monkeypatch.setattr(reading_history, "MOST_LOOKED_AT", 4)
    manager = world.manager(CONSULT)
    hide(world, elsewhere, 9)
    last = world.user()
    found = pages(world, manager, 500)
    assert found[-1][-1].event.user == last.id
    assert () in found


def test_the_catalog_is_the_operators_to_read(world):
    """R3."""
    with refused(world, "act-forbidden"):
        world.portal.show_catalog(by=world.admin)


def test_of_readings_that_fill_a_page_there_are_no_more(world):
    user = world.user()
    for _ in range(2):
        show(world, user)
    asked = OwnFileQuestion(world.organization.id, size=2)
    page = world.portal.show_own_file(asked, by=world.as_member(user)).readings
    assert (len(page.items), page.next) == (2, None)


def test_the_next_page_of_readings_goes_on_after_the_last_one_shown(world):
    user = world.user()
    for purpose in ("one", "two", "three", "four"):
        world.portal.show_user(UserQuestion(world.organization.id, user.id), by=AGENT, purpose=purpose)
    first = world.portal.show_own_file(OwnFileQuestion(world.organization.id, size=3), by=world.as_member(user))
    asked = OwnFileQuestion(world.organization.id, first.readings.next, 3)
    rest = world.portal.show_own_file(asked, by=world.as_member(user))
    told = [reading.purpose for page in (first, rest) for reading in page.readings.items]
    assert told == ["four", "three", "two", "one"]
