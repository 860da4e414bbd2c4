"""R17: suspended by the organization and suspended by the operator are two facts; either is enough."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from habilitation.adapters.memory import MemoryStore
from habilitation.domain.access import Why
from habilitation.domain.actors import Member, Side
from habilitation.domain.events import UserReinstated, UserSuspended
from habilitation.domain.period import Dates
from habilitation.domain.refusals import Refusal
from habilitation.domain.requests import Reason, UserSearch
from habilitation.domain.user import Status
from habilitation.testing.world import AGENT, CONSULT, DECLARE, PASSWORD, PRIVATE, TO_CONSULT, World
from tests.steps import (
    add,
    assign,
    check,
    close,
    create,
    day,
    delegate,
    modify,
    offered,
    operate,
    records,
    refused,
    reinstate,
    remove,
    reopen,
    replace,
    show,
    status,
    suspend,
    take_out,
    vacate,
)


def test_a_suspended_user_has_no_access_and_it_says_whose_suspension_it_is(world):
    """R17, R38."""
    user = add(world, create(world), CONSULT)
    suspend(world, user)
    assert check(world, user, TO_CONSULT).why is Why.ACCOUNT_SUSPENDED
    reinstate(world, user)
    suspend(world, user, by=AGENT)
    assert check(world, user, TO_CONSULT).why is Why.ACCOUNT_SUSPENDED_BY_OPERATOR


def test_a_reinstated_user_has_the_access_of_before(world):
    user = add(world, create(world), CONSULT)
    suspend(world, user)
    reinstate(world, user)
    assert check(world, user, TO_CONSULT).allowed


def test_a_suspended_user_does_not_act_not_even_to_read(world):
    """R17, R32."""
    manager = delegate(world, create(world))
    suspend(world, manager)
    with refused(world, "actor-not-open"):
        create(world, by=Member(world.organization.id, manager.id), email="other@oliviers.example")
    with refused(world, "actor-not-open"):
        show(world, manager, by=Member(world.organization.id, manager.id))


def test_the_right_password_of_a_suspended_user_is_told_why_it_opens_nothing(world):
    """R17, R22."""
    user = world.user()
    world.sign_in(user)
    suspend(world, user)
    with pytest.raises(Refusal) as told:
        world.portal.sign_in(show(world, user).login.text, PASSWORD)
    assert told.value.code == "account-is-suspended"


def test_a_suspension_ends_sessions_for_good(world):
    """R23: lifting it opens none of them again."""
    user = world.user()
    session = world.sign_in(user)
    suspend(world, user)
    reinstate(world, user)
    with refused(world, "session-ended"):
        show(world, user, by=session)


CODES = {"suspend": "user-suspended", "reinstate": "user-not-suspended"}


@given(acts=st.lists(st.tuples(st.sampled_from(["suspend", "reinstate"]), st.sampled_from(Side)), max_size=8))
def test_the_user_is_suspended_while_either_suspension_stands_and_each_side_lifts_its_own(acts):
    """R17, as two plain flags."""
    world = World.administered(MemoryStore())
    user, standing = create(world), set()
    for act, side in acts:
        by = AGENT if side is Side.OPERATOR else world.admin
        possible = (side in standing) is (act == "reinstate")
        with nullcontext() if possible else refused(world, CODES[act]):
            {"suspend": suspend, "reinstate": reinstate}[act](world, user, by=by)
        if possible:
            standing ^= {side}
        assert (status(world, user) is Status.SUSPENDED) is bool(standing)


def test_the_administrator_does_not_lift_the_operators_suspension_by_closing_and_reopening(world):
    """R17, R32: or the organization would undo the operator's precaution."""
    user = create(world)
    suspend(world, user, by=AGENT)
    close(world, user)
    assert status(world, reopen(world, user)) is Status.SUSPENDED
    with refused(world, "user-not-suspended"):
        reinstate(world, user)


def test_a_manager_suspends_nobody(world):
    """R29."""
    manager, other = delegate(world, create(world)), world.user()
    add(world, other, CONSULT)
    with refused(world, "act-forbidden"):
        suspend(world, other, by=Member(world.organization.id, manager.id))


def test_the_organization_cannot_suspend_its_administrator_by_any_path(world):
    """R9, I1."""
    with refused(world, "holder-protected"):
        suspend(world, world.admin)
    operate(world, "take_back_control")
    suspend(world, world.admin, by=AGENT)
    assert status(world, world.admin) is Status.SUSPENDED


def test_the_operator_may_suspend_the_administrator_who_holds_the_seat_meanwhile(world):
    """R17, R33, I1."""
    suspend(world, world.admin, by=AGENT)
    with refused(world, "actor-not-open"):
        create(world)
    assert show(world, world.admin).administrator


def test_a_suspended_user_is_not_appointed(world):
    """R8."""
    user = create(world)
    suspend(world, user)
    with refused(world, "user-not-open"):
        replace(world, user)


def test_nothing_is_given_to_a_suspended_user(world):
    user = create(world)
    suspend(world, user)
    with refused(world, "user-suspended"):
        add(world, user, CONSULT)
    with refused(world, "user-suspended"):
        delegate(world, user)


def test_a_suspended_user_is_assigned_no_role(world):
    """R26: what waits goes on waiting."""
    user = add(world, create(world), DECLARE)
    suspend(world, user)
    with refused(world, "user-suspended"):
        assign(world, user)
    reinstate(world, user)
    assign(world, user)


def test_what_a_suspended_user_has_can_be_taken(world):
    """R2: withdrawing is always possible."""
    user = add(world, create(world), CONSULT)
    suspend(world, user)
    take_out(world, user)
    remove(world, user)
    assert status(world, user) is Status.CLOSED


def test_a_suspended_account_can_be_modified_but_not_its_opening_that_has_come(world):
    """R14, R16."""
    user = create(world)
    suspend(world, user)
    assert show(world, modify(world, user, last_name="Grand", dates=Dates(None, day(9)))).closing == day(9)
    with refused(world, "account-opened-already"):
        modify(world, user, dates=Dates(day(3)))


def test_the_account_of_a_suspended_user_is_shortened_and_never_lengthened(world):
    """R14: the memberships that last as long as it would be."""
    user = create(world, dates=Dates(None, day(9)), groups=(CONSULT,))
    suspend(world, user)
    with refused(world, "user-suspended"):
        modify(world, user, dates=Dates(None, day(20)))
    assert show(world, modify(world, user, dates=Dates(None, day(5)))).closing == day(5)


def test_a_pending_account_that_is_suspended_opens_to_nobody(world):
    """R15: closed, else suspended, else pending, else open."""
    user = create(world, dates=Dates(day(2)), groups=(PRIVATE,))
    suspend(world, user)
    assert status(world, user) is Status.SUSPENDED
    world.clock.instant += timedelta(days=3)
    assert status(world, user) is Status.SUSPENDED
    reinstate(world, user)
    assert status(world, user) is Status.OPEN


def test_a_closed_account_is_closed_before_it_is_suspended(world):
    """R15."""
    user = create(world)
    suspend(world, user)
    assert status(world, close(world, user)) is Status.CLOSED
    with refused(world, "user-closed"):
        suspend(world, user, by=AGENT)


def test_without_an_administrator_the_operator_lifts_what_the_organization_suspended(world):
    """R17, R34: its own first."""
    user = create(world)
    suspend(world, user)
    with refused(world, "user-not-suspended"):
        reinstate(world, user, by=AGENT)
    vacate(world)
    suspend(world, user, by=AGENT)
    assert reinstate(world, user, by=AGENT).suspended == {Side.ORGANIZATION}
    assert not reinstate(world, user, by=AGENT).suspended


def test_a_row_offers_to_suspend_or_to_reinstate_as_it_stands(world):
    user = create(world)
    assert {act.value for act in offered(world, user, world.admin)} & {"suspend", "reinstate"} == {"suspend"}
    suspend(world, user)
    assert {act.value for act in offered(world, user, world.admin)} & {"suspend", "reinstate"} == {"reinstate"}
    assert {act.value for act in offered(world, user, AGENT)} & {"suspend", "reinstate"} == {"suspend"}


def test_the_journal_says_which_side_and_why(world):
    """R40, R41: the text is sealed."""
    user = create(world)
    suspend(world, user, by=AGENT, reason=Reason("audit", "a letter was stolen"))
    reinstate(world, user, by=AGENT)
    suspended, lifted = [record.event for record in records(world)[-2:]]
    assert isinstance(suspended, UserSuspended)
    assert (suspended.side, suspended.reason, suspended.note is None) == (Side.OPERATOR, "audit", False)
    assert lifted == UserReinstated(user.id, Side.OPERATOR)


def test_suspended_users_are_listed_as_such(world):
    """R36."""
    one, two = create(world), world.user()
    suspend(world, one)
    for wanted, expected in ((Status.SUSPENDED, {one.id}), (Status.OPEN, {two.id, world.admin.user})):
        page = world.portal.list_users(UserSearch(world.organization.id, status=wanted), by=world.admin)
        assert {view.id for view in page.items} == expected
