"""Two acts at once on one user, agreement, seat or organization: one comes first, the other is told why (R1, R2, R17).

Whoever won, the journal tells an order in which each act was possible.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from habilitation.domain.requests import (
    AgreementEnding,
    AgreementSuspension,
    Closing,
    ControlReturn,
    ControlTaking,
    GroupAddition,
    GroupSuspension,
    NewUser,
    OrganizationClosing,
    OrganizationSuspension,
    Reason,
    Replacement,
    SiretChange,
    UserReinstatement,
    UserSuspension,
)
from habilitation.domain.user import User
from habilitation.domain.values import AgreementId, OrganizationId
from habilitation.testing.contract.stories import siret_number
from habilitation.testing.world import AGENT, CONSULT, World
from tests.races.course import Course
from tests.races.crews import ACCEPTED, Move

WHY = Reason("inquiry")
BOTH = [ACCEPTED, ACCEPTED]


def granting(world: World, user: User) -> Move:
    asked = GroupAddition(world.organization.id, user.id, world.agreement.id, CONSULT)
    return Move("add_to_group", asked, world.admin)


def creating(world: World) -> Move:
    asked = NewUser(world.organization.id, world.agreement.id, "Petit", "Luc", "luc.petit@oliviers.example")
    return Move("create_user", asked, world.admin)


def suspending(world: World, user: User, by=AGENT) -> Move:
    return Move("suspend_user", UserSuspension(world.organization.id, user.id, WHY), by)


Stop = Callable[[OrganizationId, AgreementId], object]
STOPS: dict[str, tuple[str, Stop]] = {
    "suspend_organization": ("organization-suspended", lambda of, agreement: OrganizationSuspension(of, WHY)),
    "close_organization": ("organization-closed", lambda of, agreement: OrganizationClosing(of, WHY)),
    "take_back_control": ("control-taken", lambda of, agreement: ControlTaking(of, WHY)),
    "suspend_agreement": ("agreement-suspended", lambda of, agreement: AgreementSuspension(of, agreement, WHY)),
    "end_agreement": ("agreement-over", lambda of, agreement: AgreementEnding(of, agreement, WHY)),
    "suspend_group": ("group-suspended", lambda of, agreement: GroupSuspension(of, agreement, CONSULT, WHY)),
}


@pytest.mark.parametrize("act", STOPS)
def test_what_is_given_as_the_operator_stops_it_came_first_or_is_refused_by_name(course: Course, act: str):
    """R2, R33, R34."""
    for world in course.rounds():
        user = world.user()
        code, asked = STOPS[act]
        stop = Move(act, asked(world.organization.id, world.agreement.id), AGENT)
        answers = course.race(world.organization.id, stop, granting(world, user))
        assert answers in (BOTH, [ACCEPTED, code])


def test_a_user_suspended_as_something_is_given_has_it_or_is_refused_it(course: Course):
    """R17."""
    for world in course.rounds():
        user = world.user()
        answers = course.race(world.organization.id, suspending(world, user), granting(world, user))
        assert answers in (BOTH, [ACCEPTED, "user-suspended"])


def test_of_two_who_suspend_for_one_side_one_is_told_that_it_is_done(course: Course):
    """R17."""
    for world in course.rounds():
        user = world.user()
        answers = course.race(world.organization.id, suspending(world, user), suspending(world, user))
        assert sorted(answers) == [ACCEPTED, "user-suspended"]


def test_both_sides_suspend_at_once_and_lift_at_once_each_its_own(course: Course):
    """R17."""
    for world in course.rounds():
        user, lift = world.user(), UserReinstatement
        assert course.race(world.organization.id, suspending(world, user), suspending(world, user, world.admin)) == BOTH
        moves = [Move("reinstate_user", lift(world.organization.id, user.id), by) for by in (AGENT, world.admin)]
        assert course.race(world.organization.id, *moves) == BOTH


def test_a_suspended_successor_never_takes_the_seat(course: Course):
    """R8, I1."""
    for world in course.rounds():
        user = world.user()
        replacing = Move("replace_administrator", Replacement(world.organization.id, user.id, WHY), AGENT)
        answers = course.race(world.organization.id, suspending(world, user, world.admin), replacing)
        # The former administrator suspends nobody: too late, or first.
        assert answers in ([ACCEPTED, "user-not-open"], ["act-forbidden", ACCEPTED], ["user-unknown", ACCEPTED])


def test_control_is_taken_and_returned_in_some_order(course: Course):
    """R34."""
    for world in course.rounds():
        of = world.organization.id
        taking, returning = (
            Move("take_back_control", ControlTaking(of, WHY), AGENT),
            Move("return_control", ControlReturn(of), AGENT),
        )
        assert course.race(of, taking, returning) in (BOTH, [ACCEPTED, "control-not-taken"])


def test_of_two_organizations_that_take_one_siret_at_once_one_has_it(course: Course):
    """R1, I7."""
    for number, world in enumerate(course.rounds()):
        siret = siret_number(500_000 + number)
        other = world.open_organization(siret_number(600_000 + number))
        moves = [Move("change_siret", SiretChange(of, siret, WHY), AGENT) for of in (world.organization.id, other.id)]
        assert sorted(course.crew.race(*moves)) == [ACCEPTED, "siret-taken"]


def test_a_closing_of_an_account_and_its_suspension_leave_it_closed(course: Course):
    """R14, R15, R17."""
    for world in course.rounds():
        user = world.user()
        closing = Move("close_user", Closing(world.organization.id, user.id), world.admin)
        answers = course.race(world.organization.id, closing, suspending(world, user))
        assert answers in (BOTH, [ACCEPTED, "user-closed"])


def test_creating_while_control_is_taken_came_first_or_is_refused(course: Course):
    """R34."""
    for world in course.rounds():
        of = world.organization.id
        taking = Move("take_back_control", ControlTaking(of, WHY), AGENT)
        assert course.race(of, taking, creating(world)) in (BOTH, [ACCEPTED, "control-taken"])
