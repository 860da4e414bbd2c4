"""R42: replaying the journal gives the stored state, exactly."""

from __future__ import annotations

from contextlib import contextmanager
from typing import get_args

from attrs import evolve

from habilitation.domain.events import Event, UserCreated
from habilitation.domain.journal import replay
from habilitation.domain.period import Dates
from habilitation.domain.requests import ContactChange, OrganizationQuestion, Reissue, SiretChange
from habilitation.testing.world import AGENT, CONSULT, DECLARE, PRIVATE, SIRETS
from tests.provider import activate, sent, signed_in_by_a_provider, unlink_identity
from tests.steps import (
    NEW_EMAIL,
    WHY,
    Instead,
    add,
    assign,
    change,
    change_email,
    close,
    confirm,
    create,
    day,
    delegate,
    erase,
    force,
    generalize,
    link_to,
    modify,
    object_to,
    operate,
    over,
    records,
    refuse_role,
    reinstate,
    remove,
    reopen,
    replace,
    reschedule,
    revoke,
    suspend,
    take_out,
    unlock,
    vacate,
)


def live_a_little(world):
    """Each event at least once."""
    user = create(world, groups=(CONSULT, DECLARE), dates=Dates(None, day(90)), mobile=True)
    later = world.user(PRIVATE, dates=Dates(day(5)))
    modify(world, user, last_name="Grand", mobile=False, dates=Dates(None, day(80)))
    modify(world, later, dates=Dates(day(6)))
    assign(world, user, 2)
    add(world, user, PRIVATE, Dates(day(1), day(9)))
    change(world, user, Dates(day(2), day(8)), number=3)
    take_out(world, user, 3)
    other = world.user(DECLARE)
    refuse_role(world, other)
    generalize(world, user)
    delegate(world, user, CONSULT, dates=Dates(None, day(30)))
    delegate(world, other)
    revoke(world, other)
    unlock(world, other)
    change_addresses(world, user)
    close(world, later)
    close(world, other, on=day(3))
    world.clock.move(days=4)
    reopen(world, other)
    force(world, other)
    remove(world, world.user())
    erase(world, close(world, world.user()))
    replace(world, user, close_former=True)
    vacate(world, end_delegations=True)
    world.portal.reissue_credentials(Reissue(world.organization.id), by=AGENT)
    world.admin = world.claim(world.organization, "jeanne.darc@oliviers.example").actor
    reinstate(world, suspend(world, user, by=AGENT), by=AGENT)
    suspend(world, world.user())
    live_with_a_provider(world)
    live_under_the_operator(world)


def change_addresses(world, user):
    """Corrected before anybody signed in; then asked for, objected to, and asked for again until it changed."""
    change_email(world, user, "luc.grand@oliviers.example")
    world.sign_in(user)
    change_email(world, user)
    object_to(world, link_to(world, "luc.grand@oliviers.example"))
    change_email(world, user, by=world.as_member(user))
    confirm(world, link_to(world, NEW_EMAIL))


def live_with_a_provider(world):
    """One identity comes and goes."""
    world.portal = signed_in_by_a_provider(world).portal
    user = create(world, email="luc.grand@oliviers.example")
    activate(world, sent(world, "luc.grand@oliviers.example"), "luc")
    unlink_identity(world, user, AGENT)


def live_under_the_operator(world):
    """What becomes of the organization itself, to its end."""
    of = world.organization.id
    world.portal.change_siret(SiretChange(of, SIRETS[1], WHY), by=AGENT)
    world.portal.change_contact(ContactChange(of, "autre.contact@oliviers.example"), by=AGENT)
    reschedule(world, Dates(None, day(99)))
    for act in ("suspend_group", "resume_group", "withdraw_group", "open_group", "suspend_group"):
        operate(world, act, CONSULT)
    for act in ("suspend_agreement", "resume_agreement", "end_agreement"):
        operate(world, act)
    for act in ("suspend_organization", "resume_organization", "take_back_control", "return_control"):
        operate(world, act)
    operate(world, "close_organization")


def test_the_state_is_what_the_journal_tells(world):
    live_a_little(world)
    told = replay(records(world))
    with world.portal.ports.store.reading(world.organization.id) as rows:
        assert rows.organization == told.organization
        assert {id: rows.find_user(id) for id in told.users} == told.users


def test_each_event_was_told(world):
    """So that the test above leaves none out."""
    live_a_little(world)
    assert {type(record.event) for record in records(world)} == set(get_args(Event))


def test_verifying_says_so(world):
    live_a_little(world)
    assert verified(world.portal, world) == (None, True, True)


def test_the_state_is_the_one_of_each_moment_on_the_way(world):
    """Whatever the number of facts replayed: an act is never half told."""
    user = world.user(CONSULT)
    with world.portal.ports.store.reading(world.organization.id) as rows:
        kept = rows.find_user(user.id)
        upto = rows.head.sequence
    close(world, user)
    assert replay(records(world)[:upto]).users[user.id] == kept


def verified(portal, world):
    found = portal.verify_journal(OrganizationQuestion(world.organization.id), by=AGENT)
    return (found.flaw, found.replayed, found.sound)


def test_a_row_that_was_edited_behind_the_journals_back_is_found(world):
    """Here it is the journal that tells of another row than the stored one."""
    user = world.user()
    store = world.portal.ports.store

    def decode(entry):
        record = store.decode(entry)
        if record.event == UserCreated(user.id, user.agreement, user.account.term, mobile=False):
            return evolve(record, event=evolve(record.event, mobile=True))
        return record

    assert verified(over(world, decode=decode), world) == (None, False, False)


def test_a_user_of_whom_the_journal_does_not_tell_is_found(world):
    """Nothing more than it tells, either."""
    store = world.portal.ports.store

    @contextmanager
    def reading(organization):
        with store.reading(organization) as rows:
            yield Instead(rows, {"user_ids": lambda: {*rows.user_ids(), "smuggled"}})

    assert verified(over(world, reading=reading), world) == (None, False, False)


def test_one_organizations_journal_tells_nothing_of_another(world):
    other = world.open_organization(SIRETS[1])
    before = records(world)
    world.claim(other, "marie@dinum.example")
    assert records(world) == before
