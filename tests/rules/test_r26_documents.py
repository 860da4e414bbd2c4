"""R26: the supporting document of a waiting membership, filled in for whoever manages it."""

from __future__ import annotations

import pytest

from habilitation.domain.period import Dates
from habilitation.domain.requests import DocumentQuestion, SecurityQuestion, UserQuestion
from habilitation.domain.security import LineKind
from habilitation.domain.values import UserId
from habilitation.testing.world import AGENT, CONSULT, DECLARE, PRIVATE, SIRETS
from tests.steps import add, assign, create, day, ident, operate, refuse_role, refused, take_out, vacate


@pytest.fixture
def waiting(world):
    """Somebody who waits for the role of AFAS-DEC."""
    return create(world, last_name="Œuvrard", first_name="Zoé", phone="0199001234", groups=(DECLARE,))


def document(world, who, by=None, number=1):
    return world.portal.prepare_document(
        DocumentQuestion(world.organization.id, ident(who), number), by=by or world.admin
    )


def test_it_says_of_whom_for_which_role_and_under_which_agreement(world, waiting):
    found = document(world, waiting)
    assert (found.organization.siret.digits, found.organization.name) == (SIRETS[0], "LES OLIVIERS")
    assert (found.agreement.reference, found.agreement.name) == ("CONV-1", "LES OLIVIERS")
    assert (found.user.person.full_name, found.user.login) == ("Zoé Œuvrard", found.user.login)
    assert (found.membership.place, found.membership.group) == (world.place(DECLARE), "AFAS-Déclarer")
    assert (found.service, found.administrator.name) == ("Afas", "Anne Martin")


def test_it_has_the_dates_of_the_membership(world):
    user = world.user()
    add(world, user, DECLARE, Dates(day(2), day(9)))
    held = document(world, user).membership
    assert (held.opening, held.closing) == (day(2), day(9))


def test_the_administrator_a_manager_of_the_group_and_the_operator_have_it(world, waiting):
    """R26, R36."""
    of_one, of_all = world.manager(DECLARE), world.manager()
    for by in (world.admin, of_one, of_all, AGENT):
        assert document(world, waiting, by).user.id == waiting.id


def test_a_manager_of_other_groups_has_none(world, waiting):
    """R32: the membership is known, its group is not theirs to manage."""
    elsewhere = world.manager(CONSULT, PRIVATE)
    with refused(world, "outside-scope"):
        document(world, waiting, elsewhere)


def test_a_user_has_none_not_even_of_their_own(world, waiting):
    for who in (waiting, world.user()):
        with refused(world, "act-forbidden"):
            document(world, waiting, world.as_member(who))


def test_who_may_not_be_read_is_missing(world):
    """R37: whether or not there is somebody."""
    later = world.open_agreement(world.organization, "CONV-2")
    manager = world.manager(DECLARE)
    stranger = create(world, agreement=later.id, groups=(DECLARE,))
    for user in (stranger.id, UserId("nobody")):
        with refused(world, "user-unknown"):
            world.portal.prepare_document(DocumentQuestion(world.organization.id, user, 1), by=manager)


def test_a_membership_that_is_none_is_missing(world, waiting):
    """R37."""
    with refused(world, "membership-unknown"):
        document(world, waiting, number=2)


def test_what_waits_no_more_needs_no_document(world, waiting):
    assign(world, waiting)
    without = world.user(CONSULT)
    for user in (waiting, without):
        with refused(world, "role-not-awaited"):
            document(world, user)


@pytest.mark.parametrize("ended", [refuse_role, take_out])
def test_what_is_over_needs_no_document(world, waiting, ended):
    ended(world, waiting)
    with refused(world, "membership-over"):
        document(world, waiting)


@pytest.mark.parametrize("act", ["suspend_organization", "take_back_control", "suspend_agreement"])
def test_reading_it_is_always_possible(world, waiting, act):
    """R2: whatever stands still."""
    operate(world, act)
    assert document(world, waiting).user.id == waiting.id


def test_without_an_administrator_none_is_named(world, waiting):
    vacate(world)
    assert document(world, waiting, AGENT).administrator.name is None


@pytest.mark.parametrize("reader", ["admin", "agent"])
def test_who_had_it_leaves_a_line(world, waiting, reader):
    """R36: a reading of somebody else's data."""
    by = AGENT if reader == "agent" else world.admin
    document(world, waiting, by)
    [line] = world.portal.security_log(SecurityQuestion(world.organization.id, kind=LineKind.READ), by=AGENT).items
    assert (line.fact.actor, line.fact.act, line.fact.subjects) == (by, "prepare-document", frozenset({waiting.id}))


def test_the_organization_must_be_known(world, waiting):
    """R37."""
    other = world.open_organization(SIRETS[1])
    with refused(world, "organization-unknown"):
        world.portal.prepare_document(DocumentQuestion(other.id, waiting.id, 1), by=world.admin)
    assert world.portal.show_user(UserQuestion(world.organization.id, waiting.id), by=world.admin)
