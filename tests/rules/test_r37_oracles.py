"""R37: what one may not know is answered the same whether or not it exists."""

import pytest
from attrs import evolve

from habilitation import GroupAddition, OrganizationQuestion, Refusal, UserSearch
from habilitation.domain.refusals import ActorUnknown, CursorMalformed, OrganizationUnknown, SessionEnded
from habilitation.testing.world import CONSULT, SIRETS, World


def refusal_of(act):
    with pytest.raises(Refusal) as refused:
        act()
    return refused.value


def hidden(world: World) -> str:
    """A user under an agreement that the manager of CONV-1 does not touch."""
    agreement, world.agreement = world.agreement, world.open_agreement(world.organization, "CONV-2")
    user = world.user()
    world.agreement = agreement
    return user.id


def test_a_cursor_tells_a_manager_nothing_of_a_hidden_user(world):
    manager, someone = world.manager(CONSULT), hidden(world)
    answers = {
        type(refusal_of(lambda after=after: listed(world, manager, after))) for after in (someone, "nobody-at-all")
    }
    assert answers == {CursorMalformed}


def listed(world, by, after):
    return world.portal.list_users(UserSearch(world.organization.id, after=after), by=by)


def test_a_session_that_is_none_learns_of_no_organization(world):
    forged = evolve(world.sign_in(world.user()), token="forged")
    answers = {
        type(refusal_of(lambda id=id: world.portal.list_agreements(OrganizationQuestion(id), by=forged)))
        for id in (world.organization.id, "no-organization")
    }
    assert answers == {SessionEnded}


def acting(world, organization, by):
    asked = GroupAddition(organization, world.admin.user, world.agreement.id, CONSULT)
    return lambda: world.portal.add_to_group(asked, by=by)


def test_a_clock_that_is_behind_tells_a_stranger_of_no_organization(world):
    """R40: who is asking is found out before anything is said of the organization's last event."""
    stranger = world.claim(world.open_organization(SIRETS[1]), "eve@elsewhere.example")
    forged = evolve(stranger, token="forged")
    world.clock.move(minutes=-6)
    for by, answer in [(stranger, OrganizationUnknown), (stranger.actor, OrganizationUnknown), (forged, SessionEnded)]:
        answers = {
            type(refusal_of(acting(world, organization, by))) for organization in (world.organization.id, "none")
        }
        assert answers == {answer}


def test_nor_somebody_who_is_no_user(world):
    """R32, R40."""
    world.clock.move(minutes=-6)
    nobody = evolve(world.admin, user="nobody")
    assert type(refusal_of(acting(world, world.organization.id, nobody))) is ActorUnknown
