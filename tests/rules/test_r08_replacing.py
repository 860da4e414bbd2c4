"""R8: only the operator replaces the administrator, in one act; a vacant seat waits for a newcomer or a user."""

import pytest

from habilitation.domain.events import AdministratorAppointed, SeatVacated
from habilitation.domain.organization import SeatState
from habilitation.domain.period import Dates
from habilitation.domain.requests import OrganizationQuestion, Reason, Reissue
from habilitation.domain.user import Status
from habilitation.testing.world import AGENT, CONSULT, TO_CONSULT
from tests.steps import (
    add,
    check,
    close,
    create,
    day,
    delegate,
    modify,
    records,
    refused,
    remove,
    replace,
    show,
    status,
    vacate,
)


def seat(world):
    return world.portal.who_is_administrator(OrganizationQuestion(world.organization.id), by=AGENT)


def test_the_old_one_leaves_as_the_new_one_takes_the_seat(world):
    user = world.user()
    replace(world, user)
    assert (seat(world).seat, seat(world).user) == (SeatState.HELD, user.id)


def test_it_is_one_fact_at_one_instant(world):
    """R40."""
    user = world.user()
    before = len(records(world))
    replace(world, user)
    [appointed] = records(world)[before:]
    assert isinstance(appointed.event, AdministratorAppointed)


def test_the_incoming_one_can_act_at_once_and_the_former_no_longer(world):
    user = world.user()
    replace(world, user)
    assert create(world, by=world.as_member(user))
    with refused(world, "act-forbidden"):
        create(world, by=world.admin, email="other@oliviers.example")


def test_the_former_stays_an_ordinary_user_with_what_they_had(world):
    add(world, world.admin, CONSULT)
    replace(world, world.user())
    assert status(world, world.admin) is Status.OPEN
    assert check(world, world.admin, TO_CONSULT).allowed


def test_the_former_is_closed_in_the_same_act_if_asked(world):
    replace(world, world.user(), close_former=True)
    assert status(world, world.admin) is Status.CLOSED


def test_the_delegation_of_the_incoming_one_ends(world):
    manager = world.manager(CONSULT)
    replace(world, manager)
    assert show(world, manager).manages is None
    other = world.user(by=manager)
    replace(world, other)
    assert show(world, manager).manages is None  # nor does it come back


def test_a_delegation_to_come_of_the_incoming_one_ends_too(world):
    user = world.user()
    delegate(world, user, dates=Dates(day(3)))
    replace(world, user)
    other = world.user(by=world.as_member(user))
    replace(world, other)
    world.clock.move(days=4)
    assert show(world, user).manages is None


def test_the_closing_date_of_the_incoming_one_ends(world):
    """I1: or the seat would stand empty on that day."""
    user = world.user(dates=Dates(None, day(3)))
    replace(world, user)
    assert show(world, user).closing is None
    world.clock.move(days=30)
    assert create(world, by=world.as_member(user))


def test_no_closing_date_can_be_set_while_the_seat_is_held(world):
    """R9."""
    with refused(world, "holder-protected"):
        modify(world, world.admin, dates=Dates(None, day(3)))
    with refused(world, "holder-protected"):
        close(world, world.admin, on=day(3))


def test_delegations_to_others_survive(world):
    manager = world.manager(CONSULT)
    replace(world, world.user())
    assert show(world, manager).manages
    assert add(world, create(world, by=manager), CONSULT, by=manager)


def test_unless_the_act_says_otherwise(world):
    manager, later = world.manager(CONSULT), world.user()
    delegate(world, later, dates=Dates(day(3)))
    replace(world, world.user(), end_delegations=True)
    with refused(world, "act-forbidden"):
        create(world, by=manager)
    world.clock.move(days=4)
    assert show(world, later).manages is None


def kept(world, event):
    """The free text that the event commits to (R41)."""
    with world.portal.ports.store.reading(world.organization.id) as rows:
        return rows.papers([event.note])[event.note]


def test_it_has_a_reason_as_a_code(world):
    replace(world, world.user(), reason=Reason("retirement", "Mme Martin leaves in June."))
    event = records(world)[-1].event
    assert event.reason == "retirement"
    assert kept(world, event) == "Mme Martin leaves in June."


def test_a_vacancy_has_one_too(world):
    vacate(world, reason=Reason("departure", "Mme Martin left in May."))
    event = records(world)[-1].event
    assert event.reason == "departure"
    assert kept(world, event) == "Mme Martin left in May."


def test_a_reason_without_a_proper_code_is_refused(world):
    user = world.user()
    with refused(world, "reference-malformed", field="reason"):
        replace(world, user, reason=Reason(""))
    with refused(world, "reference-malformed"):
        vacate(world, reason=Reason("since she left"))


@pytest.mark.parametrize(
    ("prepare", "code"),
    [
        (lambda world: world.user(dates=Dates(day(1))), "user-not-open"),
        (lambda world: close(world, world.user()), "user-not-open"),
        (lambda world: remove(world, world.user()), "user-not-open"),
        (lambda world: world.admin, "holds-seat-already"),
    ],
)
def test_the_incoming_one_is_an_open_user_other_than_the_holder(world, prepare, code):
    user = prepare(world)
    with refused(world, code):
        replace(world, user)


def test_a_user_of_another_organization_is_missing(world):
    """R37."""
    user = world.user()
    world.organization = world.open_organization("13002526500013")
    world.claim(world.organization, "marie@dinum.example")
    with refused(world, "user-unknown"):
        replace(world, user)


@pytest.mark.parametrize("by", ["administrator", "manager", "user"])
def test_only_the_operator_replaces_or_vacates(world, by):
    """R9."""
    user = world.user()
    actor = {"administrator": world.admin, "manager": world.manager(), "user": world.as_member(user)}[by]
    with refused(world, "act-forbidden"):
        replace(world, user, by=actor)
    with refused(world, "act-forbidden"):
        vacate(world, by=actor)


# A vacant seat


def test_a_vacancy_leaves_the_former_an_ordinary_user(world):
    vacate(world)
    assert seat(world).seat is SeatState.VACANT
    assert isinstance(records(world)[-1].event, SeatVacated)
    assert status(world, world.admin) is Status.OPEN
    with refused(world, "act-forbidden"):
        create(world)


def test_a_vacancy_may_close_the_former_and_end_delegations(world):
    manager = world.manager(CONSULT)
    vacate(world, close_former=True, end_delegations=True)
    assert status(world, world.admin) is Status.CLOSED
    assert show(world, manager).manages is None


def test_managers_go_on_acting_while_the_seat_is_vacant(world):
    """R28."""
    manager = world.manager(CONSULT)
    vacate(world)
    assert add(world, create(world, by=manager), CONSULT, by=manager)


def test_a_newcomer_claims_with_credentials_issued_anew(world):
    vacate(world)
    world.portal.reissue_credentials(Reissue(world.organization.id), by=AGENT)
    newcomer = world.claim(world.organization, "marie@oliviers.example")
    assert seat(world).user == newcomer.user
    assert status(world, world.admin) is Status.OPEN


def test_an_open_user_may_be_appointed_to_a_vacant_seat(world):
    user = world.user()
    vacate(world)
    replace(world, user, close_former=True)
    assert seat(world).user == user.id
    assert status(world, world.admin) is Status.OPEN  # nobody held the seat that could be closed with it


def test_the_former_holder_may_be_appointed_again(world):
    vacate(world)
    replace(world, world.admin)
    assert seat(world).user == world.admin.user


def test_a_seat_that_is_vacant_or_unclaimed_cannot_be_vacated(world):
    vacate(world)
    with refused(world, "seat-vacant"):
        vacate(world)
    world.organization = world.open_organization("13002526500013")
    with refused(world, "seat-unclaimed"):
        vacate(world)


def test_an_unclaimed_seat_is_not_filled_by_an_appointment(world):
    world.organization = world.open_organization("13002526500013")
    world.agreement = world.open_agreement(world.organization)
    user = create(world, by=AGENT)
    with refused(world, "seat-unclaimed"):
        replace(world, user)


def test_closing_the_former_and_ending_the_delegations_are_both_done(world):
    manager, incoming = world.manager(CONSULT), world.user()
    replace(world, incoming, close_former=True, end_delegations=True)
    assert show(world, world.admin).status is Status.CLOSED
    assert show(world, manager).manages is None
