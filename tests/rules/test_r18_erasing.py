"""R18: a closed person's data is erased, by decision or when its retention is over; the history keeps the id."""

from __future__ import annotations

from datetime import timedelta

import pytest
from attrs import evolve

from habilitation import Habilitation
from habilitation.domain.actors import Member
from habilitation.domain.acts import Act
from habilitation.domain.credential import Standing
from habilitation.domain.events import PersonErased
from habilitation.domain.journal import replay
from habilitation.domain.limits import Limits
from habilitation.domain.messages import MessageKind
from habilitation.domain.period import Dates
from habilitation.domain.refusals import ClockBehind, DatabaseLocked
from habilitation.domain.requests import (
    DueErasure,
    Erasure,
    HistoryQuestion,
    OrganizationQuestion,
    Reason,
    UserSearch,
    WaitingSearch,
)
from habilitation.domain.user import Status
from habilitation.domain.values import Login, UserId
from habilitation.ports.outbox import MessageState
from habilitation.testing.invariants import everything_kept
from habilitation.testing.world import AGENT, CONSULT, DECLARE, PASSWORD, SIRETS, TO_CONSULT
from habilitation.use_cases import erasing
from tests.steps import (
    Instead,
    assign,
    check,
    close,
    create,
    day,
    deliveries,
    erase,
    modify,
    offered,
    over,
    records,
    refuse_role,
    refused,
    remove,
    reopen,
    replace,
    reserved,
    show,
    vacate,
)

YEAR = timedelta(days=365)


def leaver(world, *groups):
    """Somebody who had an account, and has it no more."""
    return close(world, world.user(*groups))


def erase_due(world, portal: Habilitation | None = None, **asked):
    return (portal or world.portal).erase_due(DueErasure(**asked), by=AGENT)


def notes(world):
    """Every text that the journal commits to and that is still there."""
    seals = [getattr(record.event, name, None) for record in records(world) for name in ("note", "document")]
    with world.portal.ports.store.reading(world.organization.id) as rows:
        return sorted(rows.papers([seal for seal in seals if seal]).values())


# What is left


def test_nothing_tells_who_the_person_was(world):
    user = leaver(world)
    erase(world, user)
    seen = show(world, user)
    assert (seen.person, seen.login, seen.status) == (None, None, Status.CLOSED)


def test_the_credential_opens_nothing_any_more(world):
    """R23: and no session of it is left."""
    user = create(world)
    session = world.sign_in(user)
    login = show(world, user).login
    close(world, user)
    erase(world, user)
    with world.portal.ports.store.reading(world.organization.id) as rows:
        credential = rows.find_credential(user.id)
    assert (credential.standing, credential.login) == (Standing.VOID, None)
    assert (credential.minted, credential.chosen) == ((), None)
    with refused(world, "sign-in-refused"):
        world.portal.sign_in(login.text, PASSWORD)
    with refused(world, "session-ended"):
        world.portal.resume_session(session.token)


def test_the_login_is_never_given_to_anybody_else(world):
    """R11"""
    user = leaver(world)
    login = show(world, user).login
    erase(world, user)

    drawn = iter([login, Login("0000ZZZZ")])
    secrets = Instead(world.portal.ports.secrets, {"login": lambda: next(drawn)})
    world.portal = Habilitation(evolve(world.portal.ports, secrets=secrets))
    assert show(world, world.user()).login == Login("0000ZZZZ")


def test_the_texts_about_the_person_are_erased_and_no_others(world):
    """R41: the reason why a role was refused, the document that was seen."""
    gone, stays = world.user(DECLARE, CONSULT), world.user(DECLARE)
    assign(world, gone, document="PJ3-0001")
    assign(world, stays, document="PJ3-0002")
    close(world, gone)
    erase(world, gone)
    assert notes(world) == ["PJ3-0002"]


def test_the_reason_why_a_role_was_refused_is_erased_too(world):
    gone = world.user(DECLARE)
    refuse_role(world, gone, reason=Reason("incomplete", "Madame Durand a déménagé."))
    close(world, gone)
    erase(world, gone)
    assert notes(world) == []


def test_why_an_administrator_was_replaced_is_a_text_about_the_one_who_left(world):
    """R8: the fact names who came."""
    former, incoming, last = world.admin, world.user(), world.user()
    replace(world, incoming, reason=Reason("departure", "Madame Martin est partie."), close_former=True)
    replace(world, last, reason=Reason("illness", "Monsieur Durand est malade."))
    erase(world, former)
    assert notes(world) == ["Monsieur Durand est malade."]


def test_why_the_seat_was_vacated_goes_with_who_held_it(world):
    former = world.admin
    vacate(world, reason=Reason("departure", "Madame Martin est partie."), close_former=True)
    erase(world, former)
    assert notes(world) == []


def test_messages_on_their_way_to_or_about_the_person_are_dropped(world):
    """R20: and so are dead letters, with whatever mail servers said of an address."""
    world.portal.deliver_notifications()
    user = world.user(DECLARE)
    store = world.portal.ports.store
    [first, *_] = store.outbox.take(world.clock.now(), world.clock.now(), 1)
    store.outbox.settle(evolve(first, state=MessageState.DEAD, problem="550 zoe1@oliviers.example: no such mailbox"))
    close(world, user)
    erase(world, user)
    told = [kept for kept in deliveries(world) if kept.message.notice.about == user.id]
    assert {kept.message.notice.kind for kept in told} >= {MessageKind.LOGIN, MessageKind.DOCUMENT_NEEDED}
    assert {(kept.state, kept.problem) for kept in told} == {(MessageState.DROPPED, "")}
    before = len(world.mailbox.letters)
    world.portal.deliver_notifications()
    assert len(world.mailbox.letters) == before


def test_what_was_delivered_is_still_known_to_have_been(world):
    user = world.user()
    world.portal.deliver_notifications()
    close(world, user)
    erase(world, user)
    told = [kept for kept in deliveries(world) if kept.message.notice.about == user.id]
    assert {kept.state for kept in told} == {MessageState.DELIVERED}


def test_a_delivery_under_way_puts_no_address_back(world):
    user = world.user()
    store = world.portal.ports.store
    taken = [
        delivery
        for delivery in store.outbox.take(world.clock.now(), world.clock.now(), 100)
        if delivery.message.notice.to == user.id
    ]
    close(world, user)
    erase(world, user)
    for delivery in taken:
        store.outbox.settle(evolve(delivery, problem="450 zoe1@oliviers.example is greylisted"))
    kept = [store.outbox.find(delivery.message.id) for delivery in taken]
    assert [(one.state, one.problem) for one in kept] == [(MessageState.DROPPED, "")] * 2


def test_the_email_is_free(world):
    """R11"""
    user = create(world)
    close(world, user)
    erase(world, user)
    assert create(world).id != user.id


def test_nothing_that_the_process_keeps_tells_who_it_was(world):
    """Neither the memory store nor what the other one has at hand."""
    user = create(world, last_name="Œuvrard", first_name="Clémentine", email="Clementine@oliviers.example")
    other = world.user(DECLARE)
    refuse_role(world, other, reason=Reason("incomplete", "Madame Durand a déménagé."))
    texts = ["Œuvrard", "oeuvrard", "clementine@", "Durand-1", "déménagé", show(world, user).login.text]
    for who in (user, other):
        show(world, who)
        world.portal.list_users(UserSearch(world.organization.id, text="oeuv"), by=AGENT)
        close(world, who)
        erase(world, who)
    kept = everything_kept(world.portal.ports.store)
    assert [text for text in texts if text.encode() in kept] == []


# What goes on


def test_past_questions_are_answered_by_id(world):
    """R36, R38: what was done to whom stays known."""
    user = leaver(world, CONSULT)
    erase(world, user)
    asked = HistoryQuestion(world.organization.id, user=user.id)
    told = world.portal.history(asked, by=AGENT).items
    names = [type(record.event).__name__ for record in told]
    assert names == ["UserCreated", "MemberAdded", "AccountClosed", "PersonErased"]
    assert not check(world, user, TO_CONSULT).allowed


def test_what_the_person_did_stays_done(world):
    """R40: facts go on naming their author."""
    former, user = world.admin, world.user(CONSULT)
    vacate(world, close_former=True)
    erase(world, former)
    assert {record.by for record in records(world) if getattr(record.event, "user", None) == user.id} == {former}


def test_the_chain_verifies_and_replay_gives_the_state(world):
    """R41, R42"""
    users = [world.user(DECLARE, CONSULT) for _ in range(3)]
    assign(world, users[0])
    refuse_role(world, users[1], reason=Reason("incomplete", "No signature."))
    for user in users:
        close(world, user)
        erase(world, user)
    asked = OrganizationQuestion(world.organization.id)
    assert world.portal.verify_journal(asked, by=AGENT).sound
    told = replay(records(world))
    assert all(told.users[user.id].erased for user in users)


def test_the_lists_do_without(world):
    gone, stays = leaver(world), world.user(DECLARE)
    erase(world, gone)
    listed = world.portal.list_users(UserSearch(world.organization.id), by=AGENT).items
    assert {view.id for view in listed} == {stays.id, world.admin.user}
    waiting = world.portal.list_waiting_roles(WaitingSearch(world.organization.id), by=AGENT).items
    assert [role.user.id for role in waiting] == [stays.id]


def test_a_page_does_not_begin_again_where_its_last_user_was_erased_meanwhile(world):
    """R36: there is no such place in the order any more."""
    first, _ = leaver(world), leaver(world)
    asked = UserSearch(world.organization.id, status=Status.CLOSED, size=1)
    page = world.portal.list_users(asked, by=AGENT)
    assert page.items[0].id == first.id
    erase(world, first)
    with refused(world, "cursor-malformed"):
        world.portal.list_users(evolve(asked, after=page.next), by=AGENT)


def test_a_removed_person_is_erased_too(world):
    user = remove(world, world.user())
    erase(world, user)
    assert show(world, user).person is None


# Who may, and when


@pytest.mark.parametrize("dates", [Dates(), Dates(day(3))])
def test_nobody_is_erased_while_the_account_is_not_closed(world, dates):
    user = world.user(dates=dates)
    with refused(world, "user-not-closed"):
        erase(world, user)


def test_nor_while_a_closing_date_is_still_to_come(world):
    user = close(world, world.user(), on=day(9))
    with refused(world, "user-not-closed"):
        erase(world, user)
    world.clock.move(days=9)
    assert erase(world, user).erased


def test_nor_while_holding_the_seat(world):
    """R9"""
    with refused(world, "holder-protected"):
        erase(world, world.admin)


def test_nobody_is_erased_twice(world):
    user = leaver(world)
    erase(world, user)
    with refused(world, "person-erased-already"):
        erase(world, user)


def test_only_the_operator_erases(world):
    """R18: not even the administrator, nor the person."""
    user = leaver(world)
    with refused(world, "act-forbidden"):
        erase(world, user, by=world.admin)
    with refused(world, "act-forbidden"):
        world.portal.erase_due(DueErasure(), by=world.admin)


def test_the_operator_erases_while_the_seat_is_held(world):
    """R34: erasing is no ordinary administration."""
    assert erase(world, leaver(world)).erased


def test_a_manager_is_told_that_the_user_is_missing(world):
    """R37: that one, of an agreement that the manager does not manage."""
    manager = world.manager(CONSULT)
    world.agreement = world.open_agreement(world.organization, "CONV-2")
    user = leaver(world)
    with refused(world, "user-unknown"):
        erase(world, user, by=manager)


def test_somebody_unknown_is_missing(world):
    with refused(world, "user-unknown"):
        erase(world, Member(world.organization.id, UserId("nobody")))


def test_whoever_is_reserved_for_a_claim_is_nobody_yet(world):
    """R4, R5"""
    world.organization = world.open_organization(SIRETS[1])
    [claimant] = reserved(world)
    with refused(world, "user-unknown"):
        erase(world, Member(world.organization.id, claimant))


@pytest.mark.parametrize("reason", ["", "Madame Martin l'a demandé", "\ud800"])
def test_the_reason_is_a_code_and_never_a_text(world, reason):
    """R41: a text would outlive the person that it speaks of."""
    user = leaver(world)
    with refused(world, "reference-malformed", field="reason"):
        erase(world, user, reason=reason)


def test_the_journal_says_who_erased_and_why(world):
    user = leaver(world)
    erase(world, user, reason="request")
    last = records(world)[-1]
    assert (last.by, last.event) == (AGENT, PersonErased(user.id, "request"))


def test_an_erased_user_never_comes_back(world):
    user = leaver(world)
    erase(world, user)
    with refused(world, "user-removed-already"):
        reopen(world, user)
    with refused(world, "user-removed-already"):
        remove(world, user)
    with refused(world, "user-closed"):
        modify(world, user, last_name="Durand")
    assert offered(world, user, by=AGENT) == set()


def test_pages_offer_erasing_to_the_operator_alone(world):
    closed, removed, opened = leaver(world), remove(world, world.user()), world.user()
    assert [Act.ERASE in offered(world, user, by=AGENT) for user in (closed, removed, opened)] == [True, True, False]
    assert Act.ERASE not in offered(world, closed, by=world.admin)


# When its retention is over


def test_whoever_has_been_closed_for_a_year_is_erased(world):
    user, later = leaver(world), world.user()
    world.clock.move(days=1)
    close(world, later)
    world.clock.move(days=364)
    assert erase_due(world).users == ((world.organization.id, user.id),)
    assert [show(world, who).person is None for who in (user, later)] == [True, False]
    world.clock.move(days=1)
    assert erase_due(world).users == ((world.organization.id, later.id),)
    assert erase_due(world).users == ()


def test_the_journal_says_that_the_retention_was_over(world):
    user = leaver(world)
    world.clock.move(days=365)
    erase_due(world)
    assert records(world)[-1].event == PersonErased(user.id, "retention-over")


def test_the_retention_is_a_setting(world):
    leaver(world)
    world.clock.move(days=30)
    month = Habilitation(evolve(world.portal.ports, limits=Limits(closed_person=timedelta(days=30))))
    assert erase_due(world).users == ()
    assert len(erase_due(world, month).users) == 1


def test_time_counts_from_the_latest_closing(world):
    """R14: reopening begins a period, and its end another retention."""
    user = leaver(world)
    world.clock.move(days=200)
    reopen(world, user)
    world.clock.move(days=200)
    assert erase_due(world).users == ()
    close(world, user)
    world.clock.move(days=364)
    assert erase_due(world).users == ()
    world.clock.move(days=1)
    assert len(erase_due(world).users) == 1


def test_every_organization_is_looked_at_or_one(world):
    mine, first = leaver(world), world.organization
    world.organization = other = world.open_organization(SIRETS[1])
    world.agreement = world.open_agreement(other)
    world.admin = world.claim(other, "marie.curie@dinum.example").actor
    theirs = leaver(world)
    world.clock.move(days=365)
    assert erase_due(world, organization=other.id).users == ((other.id, theirs.id),)
    assert erase_due(world).users == ((first.id, mine.id),)


def test_an_organization_unknown_is_refused_rather_than_found_empty(world):
    with refused(world, "organization-unknown"):
        erase_due(world, organization="nowhere")


def test_so_many_at_once_and_no_more(world):
    users = [leaver(world) for _ in range(5)]
    world.clock.move(days=365)
    first = erase_due(world, size=3)
    assert ([user for _, user in first.users], first.more) == ([user.id for user in users[:3]], True)
    rest = erase_due(world, size=3)
    assert ([user for _, user in rest.users], rest.more) == ([user.id for user in users[3:]], False)


@pytest.mark.parametrize("size", [0, 501])
def test_a_number_that_makes_no_sense_is_refused(world, size):
    with refused(world, "page-size-refused"):
        erase_due(world, size=size)


def test_whoever_comes_back_while_it_runs_is_let_be(world):
    """Each is decided anew, in a transaction of its own."""
    user = leaver(world)
    world.clock.move(days=365)
    [due] = world.portal.ports.store.closed(world.clock.now() - YEAR, 10)
    reopen(world, user)
    assert erase_due(world, over(world, closed=found_first(due))).users == ()
    assert show(world, user).person is not None


def found_first(*due):
    """What was due when it was looked for, whatever happened since."""
    return lambda until, most, organization, after: [] if after else list(due)


def test_whoever_was_reopened_and_closed_again_while_it_runs_has_another_year(world):
    """R14"""
    user = leaver(world)
    world.clock.move(days=365)
    [due] = world.portal.ports.store.closed(world.clock.now() - YEAR, 10)
    close(world, reopen(world, user))
    assert erase_due(world, over(world, closed=found_first(due))).users == ()
    assert show(world, user).person is not None


def test_whoever_was_erased_while_it_runs_is_nothing_to_tell_of(world):
    user = leaver(world)
    world.clock.move(days=365)
    [due] = world.portal.ports.store.closed(world.clock.now() - YEAR, 10)
    erase(world, user)
    done = erase_due(world, over(world, closed=found_first(due)))
    assert (done.users, done.refused) == ((), ())


def test_however_many_are_due_none_is_left_out(world, monkeypatch):
    """They are looked for a few at a time."""
    monkeypatch.setattr(erasing, "CHUNK", 2)
    users = [leaver(world) for _ in range(5)]
    world.clock.move(days=365)
    assert [user for _, user in erase_due(world).users] == [user.id for user in users]


def test_one_who_cannot_be_erased_is_told_and_keeps_nobody_else_back(world):
    """R40: here an organization's last event is ahead of the clock."""
    mine, ahead = leaver(world), world.organization
    world.organization = other = world.open_organization(SIRETS[1])
    world.agreement = world.open_agreement(other)
    world.admin = world.claim(other, "marie.curie@dinum.example").actor
    theirs = leaver(world)
    world.clock.move(days=366)
    world.open_agreement(ahead, "CONV-LATE")
    world.clock.move(minutes=-10)
    done = erase_due(world)
    assert done.users == ((other.id, theirs.id),)
    [(organization, user, refusal)] = done.refused
    assert (organization, user, type(refusal)) == (ahead.id, mine.id, ClockBehind)


# The store's files


def test_an_erasure_whose_traces_could_not_be_wiped_stands_and_says_so(world):
    user = leaver(world)

    def held_up():
        raise DatabaseLocked()

    asked = Erasure(world.organization.id, user.id, "request")
    told = over(world, wipe=held_up).erase_person(asked, by=AGENT)
    assert isinstance(told.residue, DatabaseLocked)
    assert told.user.erased
    assert show(world, user).person is None


def test_erasing_what_is_due_wipes_what_was_left_before(world):
    wiped = []
    portal = over(world, wipe=lambda: wiped.append(True), residue=lambda: True)
    assert erase_due(world, portal).residue is None
    assert wiped == [True]


def test_traces_that_still_cannot_be_wiped_are_told_again(world):
    def held_up():
        raise DatabaseLocked()

    done = erase_due(world, over(world, wipe=held_up, residue=lambda: True))
    assert isinstance(done.residue, DatabaseLocked)


def test_with_nothing_left_no_file_is_written_anew(world):
    def never():
        raise AssertionError

    assert erase_due(world, over(world, wipe=never, residue=lambda: False)).residue is None
