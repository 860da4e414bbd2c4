"""R2: an agreement's period changes, it is suspended, it ends; R3: groups are withdrawn from it, and opened again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from attrs import evolve

from habilitation.domain.access import Why
from habilitation.domain.organization import AgreementState
from habilitation.domain.period import Dates
from habilitation.testing.world import CONSULT, PRIVATE, TO_CONSULT, TO_SEE
from tests.steps import add, change, check, create, day, delegate, operate, refused, reschedule, take_out, unchanged


def test_an_agreement_given_an_end_gives_access_until_that_day(world):
    user = add(world, create(world), CONSULT)
    after = reschedule(world, Dates(None, day(9)))
    assert check(world, user, TO_CONSULT).until == after.term.end
    world.clock.instant = after.term.end
    assert check(world, user, TO_CONSULT).why is Why.AGREEMENT_OVER


def test_prolonging_an_agreement_that_is_over_gives_access_from_that_act_on(world):
    """R16, I4: and not for the days between."""
    user = add(world, create(world), CONSULT)
    reschedule(world, Dates(None, day(9)))
    world.clock.instant += timedelta(days=20)
    reschedule(world, Dates(None, day(40)))
    answer = check(world, user, TO_CONSULT)
    assert (answer.allowed, answer.path.period.start) == (True, world.clock.instant)


def test_an_agreement_freed_of_its_end_gives_access_without_one_and_as_from_before(world):
    user = add(world, create(world), CONSULT)
    before = reschedule(world, Dates(None, day(9))).term
    world.clock.move(days=1)
    after = reschedule(world, Dates()).term
    assert after == evolve(before, end=None, closing=None)
    assert check(world, user, TO_CONSULT).until is None


def test_another_end_of_an_agreement_in_force_interrupts_no_access(world):
    user = add(world, create(world), CONSULT)
    since = check(world, user, TO_CONSULT).path.period.start
    world.clock.move(hours=1)
    reschedule(world, Dates(None, day(9)))
    assert check(world, user, TO_CONSULT).path.period.start == since


def test_the_dates_that_an_agreement_has_change_nothing(world):
    reschedule(world, Dates(None, day(9)))
    with unchanged(world):
        reschedule(world, Dates(None, day(9)))


def test_nor_do_those_that_a_draft_has_be_its_opening_past(world):
    world.agreement = world.open_agreement(world.organization, "DRAFT", validated=False, dates=Dates(day(-9), day(9)))
    world.clock.move(days=1)
    with unchanged(world):
        reschedule(world, Dates(None, day(9)))


@pytest.mark.parametrize(
    ("dates", "code"),
    [
        (Dates(day(3), None), "agreement-begun-already"),
        (Dates(None, day(0)), "closing-in-past"),
        (Dates(None, day(-3)), "closing-in-past"),
    ],
)
def test_what_has_begun_keeps_its_opening_and_no_end_is_past(world, dates, code):
    """R16: to end it now is an act of its own."""
    with refused(world, code):
        reschedule(world, dates)


def test_an_agreement_that_has_not_begun_may_begin_on_another_day(world):
    world.agreement = world.open_agreement(world.organization, "LATER", dates=Dates(day(5), day(50)))
    after = reschedule(world, Dates(day(10), day(60)))
    assert (after.term.opening, after.term.closing) == (day(10), day(60))
    with refused(world, "closing-not-after-opening"):
        reschedule(world, Dates(day(10), day(10)))


def test_a_draft_takes_any_dates(world):
    world.agreement = world.open_agreement(world.organization, "DRAFT", validated=False)
    assert reschedule(world, Dates(day(-9), day(9))).term.opening == day(-9)


def test_an_agreement_past_its_period_is_suspended_before_it_is_prolonged(world):
    """R33: not a moment of access between the two."""
    user = add(world, create(world), CONSULT)
    reschedule(world, Dates(None, day(5)))
    world.clock.move(days=6)
    operate(world, "suspend_agreement")
    reschedule(world, Dates(None, day(20)))
    assert check(world, user, TO_CONSULT).why is Why.AGREEMENT_SUSPENDED
    operate(world, "resume_agreement")
    assert check(world, user, TO_CONSULT).allowed


def test_an_ended_agreement_gives_nothing_and_is_ended_for_good(world):
    user = add(world, create(world), CONSULT)
    ended = operate(world, "end_agreement")
    assert (ended.state, ended.term.end) == (AgreementState.ENDED, world.clock.now())
    assert check(world, user, TO_CONSULT).why is Why.AGREEMENT_OVER
    with refused(world, "agreement-over"):
        reschedule(world, Dates(None, day(99)))
    with refused(world, "agreement-over"):
        add(world, user, PRIVATE)


def test_under_an_ended_agreement_what_is_left_can_be_taken(world):
    user = add(world, create(world), CONSULT)
    operate(world, "end_agreement")
    take_out(world, user)


def test_a_draft_that_came_to_nothing_is_ended(world):
    world.agreement = world.open_agreement(world.organization, "DRAFT", validated=False)
    assert operate(world, "end_agreement").state is AgreementState.ENDED


def test_only_the_operator_changes_an_agreement(world):
    with refused(world, "act-forbidden"):
        reschedule(world, Dates(None, day(9)), by=world.admin)
    with refused(world, "act-forbidden"):
        operate(world, "end_agreement", by=world.admin)


# Groups withdrawn (R3)


def test_memberships_of_a_withdrawn_group_stay_inactive(world):
    user = add(world, create(world), PRIVATE)
    operate(world, "withdraw_group", PRIVATE)
    assert check(world, user, TO_SEE).why is Why.GROUP_NOT_OPENED
    operate(world, "open_group", PRIVATE)
    answer = check(world, user, TO_SEE)
    assert (answer.allowed, answer.path.period.start) == (True, world.clock.now())


def test_nobody_is_put_in_a_withdrawn_group_nor_kept_longer_nor_delegated_to_over_it(world):
    """R2, R3, R37: it is known, and not opened."""
    user, manager = add(world, create(world), PRIVATE, Dates(None, day(9))), world.user()
    operate(world, "withdraw_group", PRIVATE)
    with refused(world, "group-not-opened"):
        add(world, manager, PRIVATE)
    with refused(world, "group-not-opened"):
        change(world, user, Dates(None, day(20)))
    with refused(world, "group-not-opened"):
        delegate(world, manager, PRIVATE)
    take_out(world, user)


def test_a_group_that_the_agreement_never_opened_is_not_withdrawn(world):
    """R37."""
    world.agreement = world.open_agreement(world.organization, "OTHER")
    with refused(world, "group-unknown"):
        operate(world, "withdraw_group", "NO-GROUP")
