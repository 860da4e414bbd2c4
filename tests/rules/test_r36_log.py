"""R36: whoever reads others' data leaves a line, with a purpose and ids; the person sees it; no line, no agent."""

from __future__ import annotations

import logging

import pytest
from attrs import evolve

from habilitation import LineKind, SecurityFact, SecurityQuestion
from habilitation.domain.actors import Asking, Member, OperatorAgent
from habilitation.domain.messages import MessageKind, Notice
from habilitation.domain.refusals import DatabaseLocked
from habilitation.domain.requests import (
    AccessQuestion,
    DeadLetterSearch,
    DocumentQuestion,
    EventsQuestion,
    ExplanationQuestion,
    Generalization,
    HistoryQuestion,
    NamesQuestion,
    OrganizationNameSearch,
    OrganizationQuestion,
    OrganizationSearch,
    OwnFileQuestion,
    PastQuestion,
    PastSearch,
    SiretQuestion,
    UserQuestion,
    UserSearch,
    WaitingSearch,
)
from habilitation.domain.values import OrganizationId, UserId
from habilitation.ports.outbox import MessageState
from habilitation.testing.world import AFAS, AGENT, CONSULT, DECLARE, SIRETS, TO_CONSULT
from habilitation.use_cases.views import SOME_AGENT
from habilitation.use_cases.witnessing import Witness
from tests.steps import (
    TODAY,
    Instead,
    add,
    assign,
    create,
    delegate,
    deliveries,
    logged,
    operate,
    over,
    refused,
    revoke,
)


def lines(world):
    """What the log keeps of readings, oldest first."""
    return logged(world, kind=LineKind.READ)


def own_file(world, user, **asked):
    question = OwnFileQuestion(world.organization.id, **asked)
    return world.portal.show_own_file(question, by=world.as_member(user))


def look(world, user, by=AGENT, **more):
    return world.portal.show_user(UserQuestion(world.organization.id, user.id), by=by, **more)


def unlogged(world):
    """The same portal, but its security log takes no line."""

    def write(*_):
        raise DatabaseLocked()

    return over(world, security_log=Instead(world.portal.ports.store.security_log, {"write": write}))


READINGS = {
    "show-user": lambda portal, on, user, by: portal.show_user(UserQuestion(on, user), by=by),
    "list-users": lambda portal, on, user, by: portal.list_users(UserSearch(on, text="durand-1"), by=by),
    "name-users": lambda portal, on, user, by: portal.name_users(NamesQuestion(on, frozenset({user})), by=by),
    "list-waiting-roles": lambda portal, on, user, by: portal.list_waiting_roles(WaitingSearch(on), by=by),
    "history": lambda portal, on, user, by: portal.history(HistoryQuestion(on, user), by=by),
    "recount": lambda portal, on, user, by: portal.recount(HistoryQuestion(on, user), by=by),
    "as-of": lambda portal, on, user, by: portal.as_of(PastQuestion(on, user, TO_CONSULT, TODAY), by=by),
    "check-access": lambda portal, on, user, by: portal.check_access(AccessQuestion(on, user, TO_CONSULT), by=by),
    "explain": lambda portal, on, user, by: portal.explain(ExplanationQuestion(on, user, TO_CONSULT), by=by),
    "who-had-access": lambda portal, on, user, by: portal.who_had_access(PastSearch(on, TO_CONSULT, TODAY), by=by),
    "prepare-document": lambda portal, on, user, by: portal.prepare_document(DocumentQuestion(on, user, 2), by=by),
    "list-delegations": lambda portal, on, user, by: portal.list_delegations(OrganizationQuestion(on), by=by),
}
"""Readings of people, each of which shows one user alone."""

OF_THE_ORGANIZATION = {
    "show-organization": lambda portal, on, by: portal.show_organization(OrganizationQuestion(on), by=by),
    "list-agreements": lambda portal, on, by: portal.list_agreements(OrganizationQuestion(on), by=by),
    "who-is-administrator": lambda portal, on, by: portal.who_is_administrator(OrganizationQuestion(on), by=by),
}
"""What everybody there may know: an agent's readings alone leave a line."""

OF_THE_OPERATOR = {
    "find-organization": lambda portal, on, by: portal.find_organization(SiretQuestion(SIRETS[0]), by=by),
    "list-organizations": lambda portal, on, by: portal.list_organizations(OrganizationSearch(), by=by),
    "search-organizations": lambda portal, on, by: portal.search_organizations(
        OrganizationNameSearch("oliviers"), by=by
    ),
    "list-dead-letters": lambda portal, on, by: portal.list_dead_letters(DeadLetterSearch(), by=by),
    "events-since": lambda portal, on, by: portal.events_since(EventsQuestion(on), by=by),
    "security-log": lambda portal, on, by: portal.security_log(SecurityQuestion(), by=by),
}
OF_AGENTS = {**OF_THE_ORGANIZATION, **OF_THE_OPERATOR}


def preview(world, portal, user, by):
    """An agent sees it only in the organization's place."""
    asked = Generalization(world.organization.id, world.agreement.id, user.id)
    return portal.preview_generalization(asked, by=by)


WITHOUT_A_LINE = {
    "show_own_file": "it is one's own",
    "resume_session": "it is one's own",
    "show_catalog": "it is nobody's",
    "journal_head": "a digest tells of nobody",
    "catalog_head": "a digest tells of nobody",
    "versions": "a number tells of nobody",
    "catalog_events_since": "it is nobody's",
    "verify_journal": "that a chain holds tells of nobody",
    "verify_catalog": "that a chain holds tells of nobody",
}

ACTS = {
    *("define_service", "define_group", "change_group", "retire_group"),
    *("open_organization", "reissue_credentials", "open_agreement", "validate_agreement", "open_group"),
    *("assign_role", "refuse_role", "replace_administrator", "declare_vacancy", "erase_person", "erase_due"),
    *("force_password_change", "force_all_password_changes", "change_siret", "change_contact"),
    *("suspend_organization", "resume_organization", "close_organization", "take_back_control", "return_control"),
    *("change_agreement_period", "suspend_agreement", "resume_agreement", "end_agreement"),
    *("suspend_group", "resume_group", "withdraw_group"),
    *("sign_in", "sign_out", "claim_administrator", "choose_password", "change_own_password"),
    *("forgot_password", "forgot_login", "choose_password_by_link"),
    *("activate", "sign_in_externally", "link_identity", "unlink_identity"),
    *("create_user", "modify_user", "change_own_details", "resend_credentials", "close_user", "reopen_user"),
    *("suspend_user", "reinstate_user", "remove_user", "add_to_group", "change_membership", "remove_from_group"),
    *("generalize_to_all", "delegate_manager", "revoke_manager", "unlock"),
    *("change_email", "confirm_email", "object_to_email"),
    *("deliver_notifications", "retry_delivery", "prune_security_log"),
}


def test_whatever_shows_something_is_known_to_leave_a_line_or_to_tell_of_nobody(world):
    """Whoever adds a use case says here whether it is an act, or a reading and of whom."""
    told = [*READINGS, *OF_AGENTS, "preview-generalization"]
    readings = {code.replace("-", "_") for code in told}
    made = vars(world.portal).keys() - {"ports"}
    assert made - ACTS - set(WITHOUT_A_LINE) == readings
    assert ACTS | set(WITHOUT_A_LINE) <= made


@pytest.fixture
def user(world):
    """In every list above, and alone in it."""
    user = world.user(CONSULT, DECLARE)
    delegate(world, user, CONSULT)
    return user


@pytest.fixture
def dead(world, user):
    """A message to the user that was given up."""
    [letter] = [one for one in deliveries(world) if one.message.notice == Notice(MessageKind.LOGIN, user.id, user.id)]
    world.portal.ports.store.outbox.settle(evolve(letter, state=MessageState.DEAD))


@pytest.mark.parametrize("act", READINGS)
def test_each_reading_of_anothers_data_leaves_one_line_with_whom_it_showed(world, user, act):
    for by, purpose in ((AGENT, "operation"), (world.admin, "administration")):
        before = lines(world)
        READINGS[act](world.portal, world.organization.id, user.id, by)
        expected = SecurityFact(
            LineKind.READ, world.organization.id, by, frozenset({user.id}), act=act, purpose=purpose
        )
        assert lines(world) == [*before, expected]


@pytest.mark.parametrize("act", OF_THE_ORGANIZATION)
def test_an_agent_who_reads_of_an_organization_leaves_a_line_and_its_own_people_none(world, act):
    for by in (world.admin, world.as_member(world.user())):
        assert OF_THE_ORGANIZATION[act](world.portal, world.organization.id, by)
    assert lines(world) == []
    OF_THE_ORGANIZATION[act](world.portal, world.organization.id, AGENT)
    shown = {world.admin.user} if act == "who-is-administrator" else set()
    assert lines(world) == [
        SecurityFact(LineKind.READ, world.organization.id, AGENT, frozenset(shown), act=act, purpose="operation")
    ]


@pytest.mark.parametrize("act", OF_THE_OPERATOR)
def test_each_reading_of_the_operators_leaves_one_line_with_whom_it_showed(world, user, dead, act):
    there = {
        "list-dead-letters": {user.id},
        "events-since": {world.admin.user, user.id},
        "security-log": {fact.actor.user for fact in logged(world)},
    }
    OF_THE_OPERATOR[act](world.portal, world.organization.id, AGENT)
    shown = frozenset(there.get(act, ()))
    assert lines(world) == [
        SecurityFact(LineKind.READ, world.organization.id, AGENT, shown, act=act, purpose="operation")
    ]


@pytest.mark.parametrize("act", READINGS)
def test_what_an_agent_reads_of_people_is_withheld_where_it_cannot_be_logged(world, user, act):
    with refused(world, "reading-not-logged"):
        READINGS[act](unlogged(world), world.organization.id, user.id, AGENT)


@pytest.mark.parametrize("act", OF_AGENTS)
def test_whatever_an_agent_reads_is_withheld_where_it_cannot_be_logged(world, act):
    with refused(world, "reading-not-logged"):
        OF_AGENTS[act](unlogged(world), world.organization.id, AGENT)


@pytest.mark.parametrize("act", READINGS)
def test_anybody_else_reads_on_and_the_failure_is_seen(world, user, act, caplog):
    with caplog.at_level(logging.WARNING):
        assert READINGS[act](unlogged(world), world.organization.id, user.id, world.admin)
    assert "lost a line (read)" in caplog.text


# Over several organizations


def test_a_reading_over_several_organizations_is_one_line_with_each_that_it_showed(world):
    other = world.open_organization(SIRETS[1])
    world.portal.list_organizations(OrganizationSearch(), by=AGENT)
    [line] = lines(world)
    assert (line.organization, line.subjects, line.elsewhere) == (None, set(), {world.organization.id, other.id})


def test_and_with_each_user_whom_it_showed(world):
    """Of the security log: whom its lines are about, and whoever did what they tell."""
    user, other = world.user(), world.open_organization(SIRETS[1])
    world.sign_in(user)
    look(world, user, by=world.admin)
    world.portal.show_organization(OrganizationQuestion(other.id), by=AGENT)
    world.portal.security_log(SecurityQuestion(), by=AGENT)
    people = {Member(world.organization.id, each) for each in (user.id, world.admin.user)}
    assert lines(world)[-1].organization is None
    assert lines(world)[-1].elsewhere == {world.organization.id, other.id, *people}
    world.portal.security_log(SecurityQuestion(size=1), by=AGENT)
    assert lines(world)[-1].elsewhere == lines(world)[-2].elsewhere


def test_of_dead_letters_each_whom_they_were_to_tell_or_to_tell_of(world, user):
    store = world.portal.ports.store
    told = [one for one in deliveries(world) if one.message.notice.kind is MessageKind.ADMINISTRATOR_NAMED]
    waiting = [one for one in deliveries(world) if one.message.notice.kind is MessageKind.DOCUMENT_NEEDED]
    for letter in (*told, *waiting):
        store.outbox.settle(evolve(letter, state=MessageState.DEAD))
    world.portal.list_dead_letters(DeadLetterSearch(world.organization.id), by=AGENT)
    assert lines(world)[-1].subjects == {world.admin.user, user.id}


def test_the_person_sees_that_too(world):
    user = world.user()
    world.open_organization(SIRETS[1])
    world.portal.show_organization(OrganizationQuestion(world.open_organization(SIRETS[2]).id), by=AGENT)
    look(world, user, by=world.admin)
    world.portal.security_log(SecurityQuestion(), by=AGENT, purpose="audit")
    assert [(one.act, one.purpose) for one in own_file(world, user).readings.items] == [
        ("security-log", "audit"),
        ("show-user", "administration"),
    ]


def test_what_was_asked_for_and_is_none_is_not_written_down(world):
    """It may be any text at all."""
    for asked in (SecurityQuestion(OrganizationId("made up")), SecurityQuestion(user=UserId("made up"))):
        world.portal.security_log(asked, by=AGENT)
    world.portal.list_dead_letters(DeadLetterSearch(OrganizationId("made up")), by=AGENT)
    assert "made up" not in repr(lines(world))
    assert [line.act for line in lines(world)] == ["security-log", "security-log", "list-dead-letters"]


# The line


def test_a_page_is_one_line_with_everybody_on_it(world):
    everybody = {world.admin.user, *(world.user().id for _ in range(3))}
    world.portal.list_users(UserSearch(world.organization.id), by=AGENT)
    assert lines(world)[-1].subjects == everybody
    world.portal.list_users(UserSearch(world.organization.id, size=2), by=AGENT)
    assert len(lines(world)[-1].subjects) == 2


def test_a_preview_is_one_line_with_everybody_whom_it_would_change(world):
    source, other = world.user(CONSULT), world.user()
    preview(world, world.portal, source, world.admin)
    operate(world, "take_back_control")
    preview(world, world.portal, source, AGENT)
    assert [(line.act, line.actor) for line in lines(world)] == [
        ("preview-generalization", world.admin),
        ("preview-generalization", AGENT),
    ]
    assert {source.id, other.id} <= lines(world)[-1].subjects
    with refused(world, "reading-not-logged"):
        preview(world, unlogged(world), source, AGENT)


def test_the_text_that_was_searched_is_nowhere(world):
    create(world, last_name="Wolfeschlegel")
    world.portal.list_users(UserSearch(world.organization.id, text="Wolfeschl"), by=AGENT)
    world.portal.find_organization(SiretQuestion(SIRETS[0]), by=AGENT)
    assert "olfeschl" not in repr(lines(world))
    assert SIRETS[0] not in repr(lines(world))


def test_whoever_reads_of_themselves_leaves_no_line(world):
    user = world.user(CONSULT)
    me = world.as_member(user)
    look(world, user, by=me)
    world.portal.history(HistoryQuestion(world.organization.id), by=me)
    own_file(world, user)
    assert lines(world) == []


def test_an_agent_who_finds_nobody_leaves_a_line_and_anybody_else_none(world):
    """That nobody was found is told to the one, and of nobody to the other."""
    for by in (world.admin, AGENT):
        world.portal.list_users(UserSearch(world.organization.id, text="nobody"), by=by)
    [line] = lines(world)
    assert (line.actor, line.organization, line.subjects) == (AGENT, world.organization.id, set())


def test_what_is_refused_is_not_read(world):
    with refused(world, "user-unknown"):
        world.portal.show_user(UserQuestion(world.organization.id, "nobody"), by=AGENT)
    assert lines(world) == []


def test_a_service_asks_all_day_and_leaves_no_line(world):
    user = world.user(CONSULT)
    world.portal.check_access(AccessQuestion(world.organization.id, user.id, TO_CONSULT), by=Asking(AFAS))
    assert lines(world) == []


def test_a_session_is_told_as_its_user(world):
    manager = world.user()
    delegate(world, manager)
    session = world.sign_in(manager)
    look(world, world.user(), by=evolve(session, user=world.admin.user))
    assert lines(world)[-1].actor == world.as_member(manager)


# The purpose


def test_the_purpose_is_what_the_caller_says(world):
    look(world, world.user(), purpose="support:ticket-12")
    assert lines(world)[-1].purpose == "support:ticket-12"


@pytest.mark.parametrize("purpose", ["", "because I can", "é"])
def test_a_purpose_is_a_code(world, purpose):
    user = world.user()
    with refused(world, "reference-malformed"):
        look(world, user, purpose=purpose)
    assert lines(world) == []


# One's own file


def test_the_person_sees_who_looked_when_and_what_for_and_agents_by_role(world):
    user, other = world.user(CONSULT), world.user()
    look(world, user, by=OperatorAgent("agent-7"), purpose="audit")
    world.clock.move(days=1)
    look(world, user, by=world.admin)
    look(world, other)
    seen = own_file(world, user).readings.items
    assert [(one.act, one.purpose, one.by) for one in seen] == [
        ("show-user", "administration", world.admin),
        ("show-user", "audit", SOME_AGENT),
    ]
    assert seen[0].at == world.clock.instant


def test_neither_what_the_person_read_nor_who_tried_to_sign_in_is_a_reading_of_them(world):
    user = world.user()
    delegate(world, user)
    look(world, world.user(), by=world.as_member(user))
    ports = world.portal.ports
    failed = SecurityFact(LineKind.SIGN_IN_FAILED, world.organization.id, subjects=frozenset({user.id}))
    Witness(ports.store, ports.clock, ports.identifiers, ports.limits).record(failed)
    assert own_file(world, user).readings.items == ()


def test_what_was_read_in_another_organization_is_not_told(world):
    """R37: whatever ids it has."""
    user, ports = world.user(), world.portal.ports
    other = world.open_organization(SIRETS[1])
    read = SecurityFact(LineKind.READ, other.id, AGENT, frozenset({user.id}), act="show-user")
    Witness(ports.store, ports.clock, ports.identifiers, ports.limits).record(read)
    assert own_file(world, user).readings.items == ()


def test_readings_come_by_pages(world):
    user = world.user()
    for purpose in "abc":
        look(world, user, purpose=purpose)
    first = own_file(world, user, size=2)
    rest = own_file(world, user, size=2, after=first.readings.next)
    told = [one.purpose for page in (first, rest) for one in page.readings.items]
    assert (told, rest.readings.next) == (["c", "b", "a"], None)
    with refused(world, "page-size-refused"):
        own_file(world, user, size=0)


def test_ones_own_file_has_the_person_the_rights_and_the_history(world):
    user = world.user(CONSULT)
    file = own_file(world, user)
    assert file.user == look(world, user, by=world.as_member(user))
    assert [type(record.event).__name__ for record in file.history] == ["UserCreated", "MemberAdded"]


def test_agents_are_told_by_role_in_it(world):
    user = world.user(DECLARE)
    assign(world, user)
    assert [record.by for record in own_file(world, user).history] == [world.admin, world.admin, SOME_AGENT]


def test_agents_and_services_have_no_file(world):
    for by in (AGENT, Asking(AFAS)):
        with refused(world, "act-forbidden"):
            world.portal.show_own_file(OwnFileQuestion(world.organization.id), by=by)


# Delegations


def test_the_delegations_are_listed_with_who_gave_them_when(world):
    """R28."""
    user, past = world.user(), world.user()
    delegate(world, past)
    revoke(world, past)
    delegate(world, user)
    world.clock.move(days=1)
    delegate(world, user, CONSULT)
    [listed] = world.portal.list_delegations(OrganizationQuestion(world.organization.id), by=AGENT)
    assert (listed.user.id, listed.scope.places) == (user.id, {world.place(CONSULT)})
    assert (listed.by, listed.at, listed.closing) == (world.admin, world.clock.instant, None)


def test_managers_and_users_are_not_shown_them(world):
    manager, user = world.manager(), world.as_member(world.user())
    for by in (manager, user, Asking(AFAS)):
        with refused(world, "act-forbidden"):
            world.portal.list_delegations(OrganizationQuestion(world.organization.id), by=by)


def test_no_line_is_left_of_a_membership(world):
    """An act is in the journal, not in the log of readings."""
    add(world, world.user(), CONSULT)
    assert lines(world) == []


def test_a_line_names_everybody_whom_the_facts_that_were_read_are_about(world, user):
    for read in (world.portal.history, world.portal.recount):
        read(HistoryQuestion(world.organization.id, size=500), by=AGENT)
        assert user.id in lines(world)[-1].subjects


def test_a_purpose_that_is_no_code_is_refused_by_its_field(world, user):
    with refused(world, "reference-malformed", field="purpose"):
        look(world, user, purpose="just looking")
