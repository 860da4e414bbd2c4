"""R34: the operator takes back control: the organization's people administer no more, and keep their access."""

from __future__ import annotations

import pytest

from habilitation.domain.access import Why
from habilitation.domain.acts import Role
from habilitation.domain.organization import SeatState
from habilitation.domain.period import Dates
from habilitation.domain.requests import AdministratorClaim, Reissue, UserSearch
from habilitation.testing.world import AGENT, CONSULT, DECLARE, PASSWORD, TO_CONSULT, World
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
    refused,
    reinstate,
    remove,
    reopen,
    replace,
    revoke,
    show,
    suspend,
    take_out,
    vacate,
)

ACTS = {
    "create": lambda world, user, by: create(world, by=by, email="new@oliviers.example"),
    "modify": lambda world, user, by: modify(world, user, by=by, last_name="Grand"),
    "close": lambda world, user, by: close(world, user, by=by),
    "reopen": lambda world, user, by: reopen(world, close(world, user, by=AGENT), by=by),
    "remove": lambda world, user, by: remove(world, user, by=by),
    "suspend": lambda world, user, by: suspend(world, user, by=by),
    "reinstate": lambda world, user, by: reinstate(world, user, by=by),
    "add": lambda world, user, by: add(world, user, DECLARE, by=by),
    "change": lambda world, user, by: change(world, user, Dates(None, day(9)), by=by),
    "take out": lambda world, user, by: take_out(world, user, by=by),
    "generalize": lambda world, user, by: generalize(world, user, by=by),
    "delegate": lambda world, user, by: delegate(world, user, by=by),
    "revoke": lambda world, user, by: revoke(world, user, by=by),
}


def taken(world: World) -> World:
    operate(world, "take_back_control")
    return world


@pytest.mark.parametrize("act", sorted(ACTS.keys() - {"reopen"}))
def test_while_control_is_taken_the_administrator_administers_nothing(world, act):
    user = add(world, create(world), CONSULT)
    taken(world)
    with refused(world, "control-taken"):
        ACTS[act](world, user, world.admin)


def test_nor_does_a_manager(world):
    manager, user = world.manager(), add(world, create(world), CONSULT)
    taken(world)
    with refused(world, "control-taken"):
        take_out(world, user, by=manager)


def test_the_operator_administers_in_their_place(world):
    """R34: every ordinary act, which is otherwise not the operator's."""
    user = add(world, create(world), CONSULT)
    for act in ("modify", "change", "generalize", "delegate", "revoke", "take out", "close", "create"):
        with refused(world, "seat-held"):
            ACTS[act](world, user, AGENT)
    taken(world)
    for act in ("modify", "change", "generalize", "delegate", "revoke", "take out", "reopen", "create"):
        ACTS[act](world, user, AGENT)


def test_access_goes_on(world):
    user = add(world, create(world), CONSULT)
    taken(world)
    assert check(world, user, TO_CONSULT).allowed


def test_and_what_is_missing_is_the_operators_to_repair(world):
    """R38."""
    user = create(world)
    taken(world)
    answer = check(world, user, TO_CONSULT)
    assert (answer.why, answer.repair) == (Why.NOT_A_MEMBER, {Role.OPERATOR})


def test_people_read_as_before(world):
    """R36."""
    create(world)
    taken(world)
    assert len(world.portal.list_users(UserSearch(world.organization.id), by=world.admin).items) == 2


def test_rows_offer_nothing_to_the_organization_and_everything_to_the_operator(world):
    user = create(world)
    taken(world)
    assert not offered(world, user, world.admin)
    assert {"modify", "close", "grant", "suspend"} <= {act.value for act in offered(world, user, AGENT)}


def test_expiry_and_replacement_go_on(world):
    """R8, R14."""
    user, leaver = create(world), world.user(dates=Dates(None, day(2)))
    taken(world)
    replace(world, user)
    world.clock.instant += day(2) - day(0)
    assert show(world, leaver).status.value == "closed"
    assert show(world, user).administrator


def test_roles_are_assigned_meanwhile(world):
    """R26: that is the operator's own act."""
    user = add(world, create(world), DECLARE)
    taken(world)
    assert not assign(world, user).account.memberships[0].waiting


def test_returned_control_leaves_what_was_delegated_as_it_was(world):
    manager, user = world.manager(CONSULT), world.user()
    taken(world)
    operate(world, "return_control")
    assert add(world, user, CONSULT, by=manager).account.memberships
    with refused(world, "outside-scope"):
        add(world, user, DECLARE, by=manager)


def test_once_it_is_returned_the_operator_stands_back(world):
    taken(world)
    operate(world, "return_control")
    with refused(world, "seat-held"):
        create(world, by=AGENT)


def test_nobody_claims_while_control_is_taken(world):
    """R5: and once it is returned, the same credentials do."""
    vacate(world)
    world.portal.reissue_credentials(Reissue(world.organization.id), by=AGENT)
    first = world.first_authentication(world.organization)
    taken(world)
    asked = AdministratorClaim("Petit", "Eve", "eve.petit@oliviers.example", PASSWORD, first.text.version)
    with refused(world, "control-taken"):
        world.portal.claim_administrator(asked, by=first.session)
    operate(world, "return_control")
    world.portal.claim_administrator(asked, by=first.session)


def test_only_the_operator_takes_and_returns_control(world):
    with refused(world, "act-forbidden"):
        operate(world, "take_back_control", by=world.admin)
    taken(world)
    with refused(world, "act-forbidden"):
        operate(world, "return_control", by=world.admin)


def test_the_seat_stays_held(world):
    """I1, I2: taking control is no vacancy."""
    assert operate(world, "take_back_control").seat.state is SeatState.HELD
