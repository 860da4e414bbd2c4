"""R26: a membership that needs a supporting document waits for the operator to assign its role."""

from __future__ import annotations

import pytest

from habilitation.domain.access import Why
from habilitation.domain.acts import Role
from habilitation.domain.events import RoleAssigned, RoleRefused
from habilitation.domain.messages import MessageKind
from habilitation.domain.period import Dates
from habilitation.domain.requests import Reason, WaitingSearch
from habilitation.testing.world import AGENT, CONSULT, DECLARE, OPERATOR_MAILBOX, PRIVATE, TO_CONSULT, TO_DECLARE
from tests.steps import (
    add,
    assign,
    check,
    close,
    create,
    day,
    records,
    refuse_role,
    refused,
    show,
    take_out,
    vacate,
)

ADMIN = "anne.martin@oliviers.example"


def told(world, address, kind):
    world.portal.deliver_notifications()
    return [letter for letter in world.mailbox.to(address) if letter.kind is kind]


def waiting(world, by=AGENT, **page):
    return world.portal.list_waiting_roles(WaitingSearch(world.organization.id, **page), by=by)


def test_until_it_is_assigned_it_gives_no_access_and_says_why(world):
    user = world.user(DECLARE)
    no = check(world, user, TO_DECLARE)
    assert (no.allowed, no.why, no.repair) == (False, Why.ROLE_NOT_ASSIGNED, frozenset({Role.OPERATOR}))


def test_assigning_gives_access(world):
    user = world.user(DECLARE)
    assign(world, user)
    assert check(world, user, TO_DECLARE).allowed
    assert not show(world, user).memberships[0].waiting


def test_assigning_gives_no_access_before_its_own_instant(world):
    """I4."""
    user = world.user(DECLARE)
    world.clock.move(days=2)
    after = assign(world, user)
    assert after.account.memberships[0].conferring.start == world.clock.now()


def test_a_role_assigned_ahead_begins_with_its_membership(world):
    user = world.user()
    add(world, user, DECLARE, Dates(day(5)))
    after = assign(world, user)
    assert after.account.memberships[0].conferring.start == after.account.memberships[0].term.start
    assert not check(world, user, TO_DECLARE).allowed
    world.clock.move(days=5)
    assert check(world, user, TO_DECLARE).allowed


def test_groups_that_need_no_document_wait_for_nothing(world):
    user = world.user(CONSULT)
    assert check(world, user, TO_CONSULT).allowed
    with refused(world, "role-not-awaited"):
        assign(world, user)
    with refused(world, "role-not-awaited"):
        refuse_role(world, user)


def test_the_documents_reference_is_recorded_beside_the_journal(world):
    """R41: the journal commits to it by a seal."""
    user = world.user(DECLARE)
    assign(world, user, document="PJ3 2026/0042")
    event = records(world)[-1].event
    assert isinstance(event, RoleAssigned)
    with world.portal.ports.store.reading(world.organization.id) as rows:
        assert rows.papers([event.document]) == {event.document: "PJ3 2026/0042"}


@pytest.mark.parametrize("document", ["", "pièce n° 3", "x" * 65, "a\nb"])
def test_a_reference_that_is_none_is_refused(world, document):
    user = world.user(DECLARE)
    with refused(world, "reference-malformed", field="document"):
        assign(world, user, document=document)


def test_a_role_is_assigned_once(world):
    user = world.user(DECLARE)
    assign(world, user)
    with refused(world, "role-not-awaited"):
        assign(world, user)


def test_the_role_is_of_that_very_membership(world):
    """Ending it ends the role; another one waits anew."""
    user = world.user(DECLARE)
    assign(world, user, 1)
    take_out(world, user, 1)
    add(world, user, DECLARE)
    assert check(world, user, TO_DECLARE).why is Why.ROLE_NOT_ASSIGNED
    with refused(world, "membership-over"):
        assign(world, user, 1)
    assign(world, user, 2)
    assert check(world, user, TO_DECLARE).allowed


# Refusing it


def test_refusing_ends_the_membership(world):
    user = world.user(DECLARE)
    refuse_role(world, user)
    assert show(world, user).memberships == ()
    assert check(world, user, TO_DECLARE).why is Why.MEMBERSHIP_OVER


def test_refusing_has_a_reason_as_a_code(world):
    user = world.user(DECLARE)
    refuse_role(world, user, reason=Reason("incomplete", "The signature is missing."))
    event = records(world)[-1].event
    assert isinstance(event, RoleRefused)
    assert event.reason == "incomplete"
    with refused(world, "reference-malformed"):
        refuse_role(world, user, reason=Reason(""))


def test_adding_again_waits_anew(world):
    user = world.user(DECLARE)
    refuse_role(world, user)
    add(world, user, DECLARE)
    assert check(world, user, TO_DECLARE).why is Why.ROLE_NOT_ASSIGNED


def test_what_is_over_waits_for_nothing(world):
    user = world.user(DECLARE)
    refuse_role(world, user)
    with refused(world, "membership-over"):
        assign(world, user)
    gone = close(world, world.user(DECLARE))
    with refused(world, "membership-over"):
        assign(world, gone)
    with refused(world, "membership-unknown"):
        assign(world, user, 9)


def test_a_role_under_an_agreement_that_is_over_is_not_assigned_but_can_be_refused(world):
    """R2: withdrawing is always possible."""
    world.agreement = world.open_agreement(world.organization, "CONV-2", dates=Dates(None, day(2)))
    user = world.user(DECLARE)
    world.clock.move(days=2)
    with refused(world, "agreement-over"):
        assign(world, user)
    refuse_role(world, user)


@pytest.mark.parametrize("act", [assign, refuse_role])
def test_only_the_operator_assigns_or_refuses(world, act):
    user, manager = world.user(DECLARE), world.manager()
    for by in (world.admin, manager, world.as_member(user)):
        with refused(world, "act-forbidden"):
            act(world, user, by=by)


# Who is told what


def test_the_administrator_who_adds_is_told_once_what_to_return(world):
    user = world.user()
    add(world, user, DECLARE)
    [letter] = told(world, ADMIN, MessageKind.DOCUMENT_NEEDED)
    assert (letter.person.full_name, letter.group, letter.agreement) == (
        "Zoé Durand-1",
        "AFAS-DEC - AFAS-Déclarer",
        "LES OLIVIERS",
    )


def test_the_manager_who_adds_is_told_and_the_administrator_too(world):
    manager, user = world.manager(DECLARE), world.user()
    add(world, user, DECLARE, by=manager)
    assert len(told(world, "zoe1@oliviers.example", MessageKind.DOCUMENT_NEEDED)) == 1
    assert len(told(world, ADMIN, MessageKind.DOCUMENT_NEEDED)) == 1


def test_the_operator_who_adds_while_the_seat_is_vacant_is_told(world):
    """R34."""
    user = world.user()
    vacate(world)
    add(world, user, DECLARE, by=AGENT)
    assert len(told(world, OPERATOR_MAILBOX.text, MessageKind.DOCUMENT_NEEDED)) == 1
    assert told(world, ADMIN, MessageKind.DOCUMENT_NEEDED) == []


@pytest.mark.parametrize(
    ("act", "kind"), [(assign, MessageKind.ROLE_ASSIGNED), (refuse_role, MessageKind.ROLE_REFUSED)]
)
def test_the_user_and_the_administrator_learn_what_became_of_it(world, act, kind):
    user = world.user(DECLARE)
    act(world, user)
    for address in ("zoe1@oliviers.example", ADMIN):
        [letter] = told(world, address, kind)
        assert letter.group == "AFAS-DEC - AFAS-Déclarer"


def test_a_user_closed_meanwhile_is_not_written_to(world):
    user = world.user(DECLARE)
    assign(world, user)
    close(world, user)
    assert told(world, "zoe1@oliviers.example", MessageKind.ROLE_ASSIGNED) == []
    assert len(told(world, ADMIN, MessageKind.ROLE_ASSIGNED)) == 1


# What waits is listed


def test_what_waits_is_listed_to_the_operator_and_the_administrator(world):
    user = world.user(CONSULT, DECLARE)
    for by in (AGENT, world.admin):
        [role] = waiting(world, by).items
        assert (role.user.id, role.membership.place.group, role.membership.number) == (user.id, DECLARE, 2)


def test_those_who_wait_for_nothing_take_no_place_on_its_pages(world):
    for name in ("Al", "Bo", "Cy"):
        create(world, last_name=name, email=f"{name}@b.example", groups=(CONSULT,))
    last = create(world, last_name="Di", groups=(DECLARE,))
    page = waiting(world, size=1)
    assert ([role.user.id for role in page.items], page.next) == ([last.id], None)


def test_it_is_listed_no_more_once_decided_or_over(world):
    assigned, declined, closed, out = (world.user(DECLARE) for _ in range(4))
    assign(world, assigned)
    refuse_role(world, declined)
    close(world, closed)
    take_out(world, out)
    assert waiting(world).items == ()


def test_a_manager_is_listed_what_waits_in_the_groups_of_the_scope(world):
    world.user(DECLARE)
    assert len(waiting(world, by=world.manager(DECLARE)).items) == 1
    assert waiting(world, by=world.manager(CONSULT)).items == ()
    assert len(waiting(world, by=world.manager()).items) == 1


def test_the_list_comes_in_pages_by_name(world):
    users = [create(world, last_name=name, email=f"{name}@b.example", groups=(DECLARE,)) for name in ("Bo", "Al", "Cy")]
    first = waiting(world, size=2)
    assert [role.user.id for role in first.items] == [users[1].id, users[0].id]
    rest = waiting(world, size=2, after=first.next)
    assert [role.user.id for role in rest.items] == [users[2].id]
    assert rest.next is None


def test_an_ordinary_user_is_listed_nothing(world):
    user = world.as_member(world.user(DECLARE))
    with refused(world, "act-forbidden"):
        waiting(world, by=user)
    with refused(world, "page-size-refused"):
        waiting(world, size=0)


def test_waiting_is_of_the_group_as_the_catalog_has_it(world):
    """R3: a group of another service needs none."""
    assert not show(world, world.user(PRIVATE)).memberships[0].waiting


@pytest.mark.parametrize(
    ("decide", "kind"), [(assign, MessageKind.ROLE_ASSIGNED), (refuse_role, MessageKind.ROLE_REFUSED)]
)
def test_who_is_told_what_became_of_a_role_is_told_of_which_group(world, decide, kind):
    user = world.user(CONSULT, DECLARE)
    decide(world, user, 2)
    assert told(world, ADMIN, kind)[-1].group.startswith(DECLARE)
