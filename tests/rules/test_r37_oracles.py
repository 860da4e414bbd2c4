"""R37: what one may not know is answered the same whether or not it exists."""

import pytest
from attrs import evolve

from habilitation import OrganizationQuestion, Refusal, UserSearch
from habilitation.domain.refusals import CursorMalformed, SessionEnded
from habilitation.testing.world import CONSULT, World


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
