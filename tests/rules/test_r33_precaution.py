"""R33: the operator suspends as a precaution, with a reason, and lifts: a group, an agreement, an organization."""

from __future__ import annotations

import pytest

from habilitation.domain.access import Why
from habilitation.domain.acts import POSSIBLE, Act, Role
from habilitation.domain.organization import OrganizationState
from habilitation.domain.period import Dates
from habilitation.domain.requests import AdministratorClaim, Reason
from habilitation.testing.world import AGENT, CONSULT, DECLARE, PASSWORD, PRIVATE, TO_CONSULT, TO_SEE
from tests.steps import (
    add,
    assign,
    change,
    check,
    close,
    create,
    day,
    delegate,
    generalize,
    modify,
    offered,
    operate,
    records,
    refused,
    remove,
    reopen,
    revoke,
    show,
    suspend,
    take_out,
)

SUSPENDING = [
    ("suspend_organization", (), Why.ORGANIZATION_SUSPENDED, "organization-suspended"),
    ("suspend_agreement", (), Why.AGREEMENT_SUSPENDED, "agreement-suspended"),
    ("suspend_group", (PRIVATE,), Why.GROUP_SUSPENDED, "group-suspended"),
]
RESUMING = {act: act.replace("suspend", "resume") for act, *_ in SUSPENDING}
every_suspension = pytest.mark.parametrize(("act", "place", "why", "code"), SUSPENDING)


@every_suspension
def test_while_it_is_suspended_there_is_no_access_and_the_reason_names_it(world, act, place, why, code):
    """R2, R38: the operator alone repairs."""
    user = add(world, create(world), PRIVATE)
    operate(world, act, *place)
    answer = check(world, user, TO_SEE)
    assert (answer.why, answer.repair) == (why, {Role.OPERATOR})


@every_suspension
def test_once_it_is_resumed_everybody_has_what_they_had(world, act, place, why, code):
    user = add(world, create(world), PRIVATE)
    operate(world, act, *place)
    operate(world, RESUMING[act], *place)
    assert check(world, user, TO_SEE).allowed


@every_suspension
@pytest.mark.parametrize("by", ["administrator", "manager"])
def test_meanwhile_nothing_is_created_granted_or_delegated_there(world, act, place, why, code, by):
    """R2."""
    user, actor = world.user(), world.admin if by == "administrator" else world.manager()
    operate(world, act, *place)
    with refused(world, code):
        create(world, by=actor, groups=(PRIVATE,))
    with refused(world, code):
        add(world, user, PRIVATE, by=actor)
    if by == "administrator":
        with refused(world, code):
            delegate(world, user, PRIVATE)


@every_suspension
def test_meanwhile_a_membership_is_shortened_or_taken_and_never_lengthened(world, act, place, why, code):
    """R2, R25: withdrawing is always possible."""
    user = add(world, create(world), PRIVATE, Dates(None, day(9)))
    operate(world, act, *place)
    with refused(world, code):
        change(world, user, Dates(None, day(20)))
    change(world, user, Dates(None, day(5)))
    take_out(world, user)


@every_suspension
def test_meanwhile_no_role_is_assigned_there(world, act, place, why, code):
    """R2, R26."""
    user = add(world, create(world), DECLARE)
    operate(world, act, *(DECLARE for _ in place))
    with refused(world, code):
        assign(world, user)


def test_in_a_suspended_organization_people_are_closed_removed_and_revoked_as_ever(world):
    """R2, R14, R18, R28."""
    manager, other = delegate(world, create(world)), world.user()
    operate(world, "suspend_organization")
    revoke(world, manager)
    suspend(world, manager)
    modify(world, other, last_name="Grand")
    close(world, other)
    remove(world, other)


def test_in_a_suspended_organization_nobody_is_reopened(world):
    """R2, R14: a new account period is created like an account."""
    user = close(world, create(world))
    operate(world, "suspend_organization")
    with refused(world, "organization-suspended"):
        reopen(world, user)


@pytest.mark.parametrize("dates", [Dates(day(2), day(9)), Dates(day(3), day(20)), Dates(day(3))])
def test_in_a_suspended_organization_no_account_is_lengthened(world, dates):
    """R2, R14: the memberships that last as long as the account would be."""
    user = create(world, dates=Dates(day(3), day(9)), groups=(CONSULT,))
    operate(world, "suspend_organization")
    with refused(world, "organization-suspended"):
        modify(world, user, dates=dates)
    assert show(world, modify(world, user, dates=Dates(day(4), day(8)))).closing == day(8)


def test_in_a_suspended_organization_nothing_is_generalized(world):
    """R2, R27."""
    user = add(world, create(world), CONSULT)
    operate(world, "suspend_organization")
    with refused(world, "organization-suspended"):
        generalize(world, user)


def test_in_a_suspended_organization_people_sign_in_and_read(world):
    """R2."""
    session = world.sign_in(world.user())
    operate(world, "suspend_organization")
    view = check(world, session.actor, TO_CONSULT, by=session)
    assert view.why is Why.ORGANIZATION_SUSPENDED


def test_a_suspended_organization_is_not_claimed(world):
    """R5."""
    world.organization = world.open_organization("13002526500013")
    first = world.first_authentication(world.organization)
    operate(world, "suspend_organization")
    asked = AdministratorClaim("Martin", "Anne", "anne@clamart.example", PASSWORD, first.text.version)
    with refused(world, "organization-suspended"):
        world.portal.claim_administrator(asked, by=first.session)


def test_a_row_offers_no_act_that_a_suspended_organization_refuses(world):
    user = create(world)
    operate(world, "suspend_organization")
    seen = offered(world, user, world.admin)
    assert {Act.MODIFY, Act.CLOSE, Act.REMOVE, Act.SUSPEND} <= seen
    assert not seen & {act for act in Act if POSSIBLE[act].organization == {OrganizationState.OPEN}}


def test_suspending_one_group_leaves_the_others(world):
    user = add(world, add(world, create(world), CONSULT), PRIVATE)
    operate(world, "suspend_group", CONSULT)
    assert check(world, user, TO_SEE).allowed


def test_generalizing_passes_over_a_suspended_group_and_says_so(world):
    """R27, R33."""
    source, other = add(world, add(world, create(world), CONSULT), PRIVATE), world.user()
    operate(world, "suspend_group", CONSULT)
    outcome = generalize(world, source)[other.id]
    assert (outcome.gained, outcome.refused) == ((PRIVATE,), "group-suspended")


@every_suspension
def test_only_the_operator_suspends_and_resumes(world, act, place, why, code):
    for asked in (act, RESUMING[act]):
        with refused(world, "act-forbidden"):
            operate(world, asked, *place, by=world.admin)


@every_suspension
def test_the_journal_says_why_with_the_text_sealed(world, act, place, why, code):
    """R40, R41."""
    operate(world, act, *place)
    event = records(world)[-1].event
    assert (event.reason, event.note) == ("departure", None)


@every_suspension
def test_a_reason_without_a_code_is_refused(world, act, place, why, code, monkeypatch):
    """R33, R40."""
    monkeypatch.setattr("tests.steps.WHY", Reason(""))
    with refused(world, "reference-malformed"):
        operate(world, act, *place, by=AGENT)


REASONED = [
    *((act, place) for act, place, *_ in SUSPENDING),
    *((act, ()) for act in ("take_back_control", "close_organization", "end_agreement")),
    ("withdraw_group", (PRIVATE,)),
]


@pytest.mark.parametrize(("act", "place"), REASONED)
def test_what_the_operator_wrote_can_be_read_as_long_as_it_is_not_erased(world, act, place, monkeypatch):
    """R40, R41: the journal seals the text, and the store keeps it."""
    monkeypatch.setattr("tests.steps.WHY", Reason("inquiry", "A letter from the prefecture."))
    operate(world, act, *place)
    note = records(world)[-1].event.note
    with world.portal.ports.store.reading(world.organization.id) as rows:
        assert rows.papers([note]) == {note: "A letter from the prefecture."}


def test_and_so_can_what_was_written_of_a_user(world):
    """R17."""
    suspend(world, world.user(), by=AGENT, reason=Reason("inquiry", "A stolen letter."))
    note = records(world)[-1].event.note
    with world.portal.ports.store.reading(world.organization.id) as rows:
        assert rows.papers([note]) == {note: "A stolen letter."}
