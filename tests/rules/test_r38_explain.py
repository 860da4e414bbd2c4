"""R38: why there is access, or none: in short for the user, and link by link for those who administer."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from habilitation.domain.access import Why
from habilitation.domain.actors import Asking, OperatorAgent, Side
from habilitation.domain.acts import Role
from habilitation.domain.events import (
    AccountReopened,
    AgreementOpened,
    AgreementValidated,
    GroupOpened,
    ManagerDelegated,
    MemberAdded,
    MembershipEnded,
    OrganizationOpened,
    RoleAssigned,
    RoleRefused,
    SeatClaimed,
    UserCreated,
)
from habilitation.domain.explanation import Link
from habilitation.domain.period import Dates, Period
from habilitation.domain.requests import ExplanationQuestion, HistoryQuestion, PastQuestion
from habilitation.testing.world import AFAS, AGENT, BAILLEUR, CONSULT, DECLARE, TO_CONSULT, TO_DECLARE
from habilitation.use_cases.views import SOME_AGENT
from tests.steps import (
    TODAY,
    add,
    assign,
    check,
    close,
    create,
    day,
    delegate,
    force,
    ident,
    modify,
    operate,
    records,
    refuse_role,
    refused,
    reinstate,
    remove,
    reopen,
    replace,
    revoke,
    suspend,
    take_out,
)


def explain(world, who, permission=TO_DECLARE, by=AGENT, at=None):
    return world.portal.explain(ExplanationQuestion(world.organization.id, ident(who), permission, at), by=by)


def as_of(world, who, at, permission):
    return world.portal.as_of(PastQuestion(world.organization.id, ident(who), permission, at), by=AGENT)


def link(told, which, path=0):
    return next(story for story in told.paths[path].links if story.link is which)


def facts(told, which, path=0):
    return [type(deed.fact.event) for deed in link(told, which, path).deeds]


def test_each_link_tells_what_was_done_to_it(world):
    user = world.user(DECLARE)
    assign(world, user)
    told = explain(world, user)
    assert told.answer == check(world, user, TO_DECLARE)
    assert [story.link for story in told.paths[0].links] == list(Link)
    assert {which: facts(told, which) for which in Link} == {
        Link.ORGANIZATION: [OrganizationOpened],
        Link.AGREEMENT: [AgreementOpened, AgreementValidated],
        Link.GROUP: [GroupOpened],
        Link.ACCOUNT: [UserCreated],
        Link.MEMBERSHIP: [MemberAdded],
        Link.ROLE: [RoleAssigned],
    }


def test_who_did_it_and_as_what(world):
    user = world.user(DECLARE)
    assign(world, user, by=OperatorAgent("agent-7"))
    told = explain(world, user)
    [added], [assigned] = link(told, Link.MEMBERSHIP).deeds, link(told, Link.ROLE).deeds
    assert (added.fact.by, added.role, added.mandate) == (world.admin, Role.ADMINISTRATOR, None)
    assert (assigned.fact.by, assigned.role) == (OperatorAgent("agent-7"), Role.OPERATOR)


def test_a_manager_s_act_is_told_with_the_delegation_as_it_was_then(world):
    """R28, R32: whatever became of it since."""
    boss, user = world.user(), world.user()
    delegate(world, boss, DECLARE)
    world.clock.move(hours=1)
    delegate(world, boss, CONSULT)
    delegated = world.clock.instant
    world.clock.move(hours=1)
    add(world, user, CONSULT, by=world.as_member(boss))
    world.clock.move(hours=1)
    delegate(world, boss, DECLARE)
    revoke(world, boss)
    [added] = link(explain(world, user, TO_CONSULT), Link.MEMBERSHIP).deeds
    assert (added.fact.by, added.role) == (world.as_member(boss), Role.MANAGER)
    assert added.mandate.scope.places == {world.place(CONSULT)}
    assert (type(added.mandate.given.event), added.mandate.given.at) == (ManagerDelegated, delegated)
    assert added.mandate.given.by == world.admin


def test_an_author_is_what_they_were_and_not_what_they_are(world):
    user, heir = world.user(CONSULT), world.user()
    former = world.admin
    replace(world, heir)
    [added] = link(explain(world, user, TO_CONSULT), Link.MEMBERSHIP).deeds
    assert (added.fact.by, added.role) == (former, Role.ADMINISTRATOR)
    [created] = link(explain(world, former, TO_CONSULT), Link.ACCOUNT).deeds
    assert created.role is Role.ADMINISTRATOR


def test_each_link_has_its_period(world):
    user = world.user(DECLARE, dates=Dates(None, day(9)))
    world.clock.move(hours=1)
    assign(world, user)
    told = explain(world, user)
    assert link(told, Link.ACCOUNT).period.closing == day(9)
    assert link(told, Link.AGREEMENT).period == world.agreement.term
    assert link(told, Link.MEMBERSHIP).period.closing is None
    assert link(told, Link.ROLE).period.start == world.clock.instant
    assert link(told, Link.GROUP).period.end is None


def test_an_organization_that_nothing_was_done_to_stands_since_it_was_opened(world):
    user = world.user(CONSULT)
    standing = link(explain(world, user, TO_CONSULT), Link.ORGANIZATION).period
    assert standing == Period(records(world)[0].at, None)


def test_every_candidate_path_is_told_with_all_that_it_lacks(world):
    world.open_agreement(world.organization, "CONV-0", validated=False)
    user = world.user(DECLARE)
    told = explain(world, user, TO_CONSULT)
    missing = {(story.path.reference, story.path.group): story.path.missing for story in told.paths}
    draft = (Why.AGREEMENT_NOT_VALIDATED, Why.NOT_A_MEMBER)
    assert missing == {
        ("CONV-1", DECLARE): (Why.ROLE_NOT_ASSIGNED,),
        ("CONV-1", CONSULT): (Why.NOT_A_MEMBER,),
        ("CONV-0", DECLARE): draft,
        ("CONV-0", CONSULT): draft,
    }
    assert told.paths[0].path == told.answer.path


def test_of_two_memberships_each_has_its_own_story(world):
    user = world.user(CONSULT)
    take_out(world, user)
    add(world, user, CONSULT)
    told = explain(world, user, TO_CONSULT)
    stories = {story.path.membership: number for number, story in enumerate(told.paths) if story.path.group == CONSULT}
    assert facts(told, Link.MEMBERSHIP, stories[1]) == [MemberAdded, MembershipEnded]
    assert facts(told, Link.MEMBERSHIP, stories[2]) == [MemberAdded]


def test_a_reopened_account_begins_anew(world):
    """R14."""
    user = world.user(CONSULT)
    close(world, user)
    reopen(world, user)
    assert facts(explain(world, user, TO_CONSULT), Link.ACCOUNT) == [AccountReopened]


def test_a_path_that_holds_began_with_the_last_act_that_it_needed(world):
    """I4: at its first instant there was access by it, and before that none."""
    world.clock.move(hours=1)
    user = world.user(DECLARE)
    world.clock.move(hours=1)
    assign(world, user)
    period = explain(world, user).paths[0].path.period
    assert period.start == world.clock.instant
    assert explain(world, user, at=period.start).answer.allowed
    assert not explain(world, user, at=period.start - timedelta(microseconds=1)).answer.allowed


def test_it_can_be_asked_of_any_instant(world):
    """R39: what was done later is not told."""
    user = world.user(CONSULT)
    then = world.clock.instant
    world.clock.move(hours=1)
    take_out(world, user)
    told = explain(world, user, TO_CONSULT, at=then)
    assert (told.at, told.answer.allowed) == (then, True)
    assert facts(told, Link.MEMBERSHIP) == [MemberAdded]


def test_with_no_group_there_is_no_path(world):
    told = explain(world, world.user(), "afas:nothing")
    assert (told.answer.why, told.paths) == (Why.NO_GROUP_GIVES_IT, ())


# Who is told how much


def test_the_user_is_told_the_reason_until_when_and_who_can_repair_it(world):
    """R36: the short form."""
    user = world.user(DECLARE)
    told = explain(world, user, by=world.as_member(user))
    assert told.answer == check(world, user, TO_DECLARE)
    assert told.paths == ()
    assert explain(world, user, by=Asking(AFAS)).paths == ()


def test_agents_are_told_by_role_to_the_organization(world):
    """R36."""
    user = world.user(DECLARE)
    assign(world, user)
    for by in (world.admin, world.manager(DECLARE)):
        told = explain(world, user, by=by)
        authors = {deed.fact.by for story in told.paths[0].links for deed in story.deeds}
        assert authors == {SOME_AGENT, world.admin}


def test_another_manager_s_delegation_is_shown_to_whoever_may_read_that_manager(world):
    """R36."""
    elsewhere = world.open_agreement(world.organization, "CONV-2")
    boss = create(world, agreement=elsewhere.id)
    delegate(world, boss)
    user = world.user()
    add(world, user, CONSULT, by=world.as_member(boss))
    for by, known in ((AGENT, True), (world.admin, True), (world.manager(CONSULT), False)):
        [added] = link(explain(world, user, TO_CONSULT, by=by), Link.MEMBERSHIP).deeds
        assert (added.mandate is not None) is known
        assert added.role is Role.MANAGER


def test_whom_one_may_not_read_is_missing(world):
    """R37."""
    user, other = world.user(), world.as_member(world.user())
    with refused(world, "user-unknown"):
        explain(world, user, by=other)
    with refused(world, "permission-unknown"):
        explain(world, user, by=Asking(BAILLEUR))


@pytest.mark.parametrize("hours", [-1, 1])
def test_before_the_user_and_in_time_to_come(world, hours):
    user = world.user(CONSULT)
    at = world.clock.instant + timedelta(hours=hours)
    assert explain(world, user, TO_CONSULT, at=at).answer.allowed is (hours > 0)


def test_of_a_day_its_first_instant_with_access_is_explained(world):
    """R39: the yes that ``as_of`` gives of that day."""
    user = world.user(CONSULT)
    given = world.clock.instant
    world.clock.move(hours=1)
    take_out(world, user)
    told = explain(world, user, TO_CONSULT, at=TODAY)
    assert (told.at, told.answer) == (given, as_of(world, user, TODAY, TO_CONSULT).answer)
    assert facts(told, Link.MEMBERSHIP) == [MemberAdded]


def test_of_a_day_without_access_its_last_no_is_explained(world):
    """R39: the no that ``as_of`` gives of that day."""
    user = world.user(DECLARE)
    world.clock.move(hours=1)
    refuse_role(world, user)
    told = explain(world, user, at=TODAY)
    assert (told.at, told.answer) == (world.clock.instant, as_of(world, user, TODAY, TO_DECLARE).answer)
    assert facts(told, Link.ROLE) == [RoleRefused]


@pytest.mark.parametrize("days", [-1, 1])
def test_a_day_before_the_user_and_one_to_come(world, days):
    """R39"""
    user = world.user(CONSULT)
    assert explain(world, user, TO_CONSULT, at=day(days)).answer.allowed is (days > 0)


def test_an_instant_without_an_offset_is_no_instant_to_explain(world):
    with pytest.raises(TypeError, match="offset"):
        explain(world, world.admin, at=datetime(2026, 11, 22))  # noqa: DTZ001


def recounted(world, by):
    """The last fact, as that reader is told of it."""
    return world.portal.recount(HistoryQuestion(world.organization.id, size=500), by=by).items[-1]


def test_the_history_tells_as_what_each_acted_and_under_what(world):
    """R36, R40."""
    manager = world.manager(CONSULT)
    add(world, world.user(), CONSULT, by=manager)
    deed = recounted(world, AGENT)
    assert (deed.role, deed.fact.by, deed.mandate.given.by) == (Role.MANAGER, manager, world.admin)


def test_an_agent_who_delegated_is_named_to_the_operator_alone(world):
    """R34, R36: to the organization it was the operator."""
    operate(world, "take_back_control")
    user = world.user(by=OperatorAgent("agent-7"))
    delegate(world, user, CONSULT, by=OperatorAgent("agent-7"))
    operate(world, "return_control")
    add(world, world.user(), CONSULT, by=world.as_member(user))
    assert recounted(world, AGENT).mandate.given.by == OperatorAgent("agent-7")
    assert recounted(world, world.admin).mandate.given.by == SOME_AGENT


def test_what_the_operator_does_in_the_place_of_the_organization_is_told_as_such(world):
    """R34: its own affairs are its own whoever administers (R17, R24, R26)."""
    user = world.user(DECLARE)
    assert not recounted(world, AGENT).instead
    operate(world, "take_back_control")
    assert not recounted(world, AGENT).instead
    modify(world, user, by=AGENT, last_name="Grand")
    assert recounted(world, AGENT).instead
    assign(world, user)
    assert not recounted(world, AGENT).instead
    suspend(world, user, by=AGENT)
    side = records(world)[-1].event.side
    assert recounted(world, AGENT).instead is (side is Side.ORGANIZATION)
    operate(world, "return_control")
    force(world, world.user())
    assert not recounted(world, AGENT).instead


def test_whoever_claims_does_so_as_nobody_in_particular(world):
    """R5: the seat is theirs from that act on, and not by it."""
    told = world.portal.recount(HistoryQuestion(world.organization.id, size=500), by=AGENT).items
    claimed = next(deed for deed in told if isinstance(deed.fact.event, SeatClaimed))
    assert (claimed.fact.by, claimed.role) == (world.admin, Role.USER)


def test_the_history_of_deeds_comes_by_pages(world):
    world.user()
    first = world.portal.recount(HistoryQuestion(world.organization.id, size=2), by=AGENT)
    rest = world.portal.recount(HistoryQuestion(world.organization.id, after=first.next, size=500), by=AGENT)
    assert [deed.fact.sequence for deed in (*first.items, *rest.items)] == [*range(1, len(records(world)) + 1)]


def test_a_suspension_and_its_lifting_are_the_last_acts_that_a_path_needed(world):
    """R17, R33: access goes on from the instant at which the last of them was lifted."""
    user = world.user(CONSULT)
    for do, undo in (("suspend_organization", "resume_organization"), ("suspend_agreement", "resume_agreement")):
        world.clock.move(hours=1)
        operate(world, do)
        world.clock.move(hours=1)
        operate(world, undo)
        assert explain(world, user, TO_CONSULT).paths[0].path.period.start == world.clock.instant
    world.clock.move(hours=1)
    suspend(world, user)
    world.clock.move(hours=1)
    reinstate(world, user)
    told = explain(world, user, TO_CONSULT)
    assert told.paths[0].path.period.start == world.clock.instant


def test_an_organization_stands_as_it_does_since_the_last_act_on_it(world):
    user = world.user(CONSULT)
    world.clock.move(hours=1)
    operate(world, "suspend_organization")
    operate(world, "resume_organization")
    assert link(explain(world, user, TO_CONSULT), Link.ORGANIZATION).period.start == world.clock.instant


def test_a_role_lasts_as_long_as_its_membership(world):
    user = world.user()
    add(world, user, DECLARE, Dates(None, day(9)))
    assign(world, user)
    told = explain(world, user)
    assert link(told, Link.ROLE).period.end == link(told, Link.MEMBERSHIP).period.end is not None


def test_where_no_document_is_needed_no_role_is_told_of(world):
    """R26."""
    user = world.user(CONSULT)
    role = {story.link for story in explain(world, user, TO_CONSULT).paths[0].links}
    assert Link.ROLE not in role
    waiting = world.user(DECLARE)
    assert Link.ROLE in {story.link for story in explain(world, waiting).paths[0].links}


@pytest.mark.parametrize(
    "end", [lambda world, user: remove(world, user), lambda world, user: operate(world, "end_agreement")]
)
def test_a_path_that_ended_for_good_has_no_period(world, end):
    """R2, R18."""
    user = world.user(CONSULT)
    world.clock.move(hours=1)
    end(world, user)
    assert explain(world, user, TO_CONSULT).paths[0].path.period is None
