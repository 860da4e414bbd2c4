"""Ten pairs of acts: wherever the one is stopped while the other goes on, all ends as if one had come first.

``HABILITATION_INTERLEAVINGS=1`` stops at every boundary; else a database is stopped at every third one.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from attrs import define

from habilitation.adapters.memory import MemoryStore
from habilitation.domain.organization import Organization
from habilitation.domain.requests import (
    ControlTaking,
    Generalization,
    GroupAddition,
    GroupSuspension,
    NewManager,
    NewUser,
    PasswordChoice,
    Reason,
    Reissue,
    Revocation,
)
from habilitation.domain.user import User
from habilitation.testing.contract.stories import siret_number
from habilitation.testing.world import AGENT, CONSULT, PASSWORD, World
from tests.races.course import facts, numbers
from tests.races.crews import Move, rival
from tests.races.interleaving import Performer, boundaries, perform
from tests.races.invariants import check_invariants
from tests.races.test_races import claim, close, replace
from tests.stores import KINDS, opened

WHY = Reason("doubt")
EVERY = int(os.environ.get("HABILITATION_INTERLEAVINGS", "3"))
Pair = Callable[[World], tuple[Organization, Move, Move]]


def here(act: Callable[[World], tuple[Move, Move]]) -> Pair:
    """Two acts in the organization that is there."""
    return lambda world: (world.organization, *act(world))


def new(act: Callable[[World, Organization], tuple[Move, Move]]) -> Pair:
    """Two acts in one that nobody has claimed."""

    def acts(world: World) -> tuple[Organization, Move, Move]:
        organization = world.open_organization(siret_number(next(numbers)))
        return (organization, *act(world, organization))

    return acts


def user_acts(act: Callable[[World, User], tuple[Move, Move]]) -> Pair:
    """Two acts on a user who is in no group."""
    return here(lambda world: act(world, world.user()))


def add(world: World, user: User, by: Any = None) -> Move:
    asked = GroupAddition(world.organization.id, user.id, world.agreement.id, CONSULT)
    return Move("add_to_group", asked, by or world.admin)


def reissue(organization: Organization) -> Move:
    return Move("reissue_credentials", Reissue(organization.id), AGENT)


def delegate(world: World, user: User) -> Move:
    return Move("delegate_manager", NewManager(world.organization.id, user.id), world.admin)


def revoke_and_grant(world: World) -> tuple[Move, Move]:
    user, manager = world.user(), world.manager(CONSULT)
    revocation = Revocation(world.organization.id, manager.user)
    return Move("revoke_manager", revocation, world.admin), add(world, user, manager)


def close_and_choose(world: World) -> tuple[Move, Move]:
    user = world.user()
    world.portal.deliver_notifications()
    session = world.portal.sign_in(*world.letters_to(f"zoe{world._people}@oliviers.example"))
    return close(world, user), Move("choose_password", PasswordChoice(PASSWORD), session)


def suspend_and_grant(world: World) -> tuple[Move, Move]:
    asked = GroupSuspension(world.organization.id, world.agreement.id, CONSULT, WHY)
    return Move("suspend_group", asked, AGENT), add(world, world.user())


def take_back_and_create(world: World) -> tuple[Move, Move]:
    asked = NewUser(world.organization.id, world.agreement.id, "Durand", "Rose", "rose@oliviers.example")
    taking = Move("take_back_control", ControlTaking(world.organization.id, WHY), AGENT)
    return taking, Move("create_user", asked, world.admin)


def generalize_and_close(world: World) -> tuple[Move, Move]:
    model, other = world.user(CONSULT), world.user()
    asked = Generalization(world.organization.id, world.agreement.id, model.id)
    return Move("generalize_to_all", asked, world.admin), close(world, other)


PAIRS: dict[str, Pair] = {
    "claim and claim": new(lambda world, on: (claim(world, on, 1), claim(world, on, 2))),
    "claim and reissue": new(lambda world, on: (claim(world, on, 1), reissue(on))),
    "replace and close": user_acts(lambda world, user: (replace(world, user), close(world, user))),
    "replace and delegate": user_acts(lambda world, user: (replace(world, user), delegate(world, user))),
    "revoke and grant": here(revoke_and_grant),
    "close and add": user_acts(lambda world, user: (close(world, user), add(world, user))),
    "close and choose a password": here(close_and_choose),
    "suspend and grant": here(suspend_and_grant),
    "take back and create": here(take_back_and_create),
    "generalize and close": here(generalize_and_close),
}


@pytest.fixture(scope="module", params=dict.fromkeys((*KINDS, "postgresql")))
def world(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with opened(request.param, tmp_path_factory.mktemp("interleavings")) as store:
        yield World.over(store)


def laid(world: World) -> World:
    world.organization = world.open_organization(siret_number(next(numbers)))
    world.agreement = world.open_agreement(world.organization)
    world.admin = world.claim(world.organization).actor
    return world


def outcome(world: World, pair: Pair, act: Callable[[Performer, Performer], None]) -> Any:
    """What the two are answered, and what they leave in the journal."""
    organization, *moves = pair(laid(world))
    before = Counter(facts(world, organization.id))
    performers = [Performer(move, rival(world.portal.ports.store)) for move in moves]
    act(*performers)
    check_invariants(world, organization.id)
    left = Counter(facts(world, organization.id)) - before
    return [performer.answer for performer in performers], sorted(kind.__name__ for kind in left.elements())


def in_turn(one: Performer, other: Performer) -> None:
    for performer in (one, other):
        performer.answer = performer.move.on(performer.portal)


@pytest.mark.parametrize("pair", PAIRS.values(), ids=PAIRS)
def test_wherever_one_is_stopped_all_ends_as_if_one_had_come_first(world: World, pair: Pair) -> None:
    """R5, R8, R9, R32, I1-I9"""
    every = 1 if isinstance(world.portal.ports.store, MemoryStore) else EVERY
    tried = stop_everywhere(world, pair, every)
    print(f"\n{tried} boundaries")
    assert tried * every >= 6, "there are boundaries to be stopped at"


def stop_everywhere(world: World, pair: Pair, every: int) -> int:
    """At how many boundaries, of the one and then of the other, one was stopped: all came to what some order does."""
    orders = [outcome(world, pair, in_turn), outcome(world, pair, lambda one, other: in_turn(other, one))]
    with boundaries():
        return sum(boundaries_of(world, pair, every, orders, turned) for turned in (False, True))


@define
class Stopping:
    """Stops the first of the two at a boundary; or the second, if they are turned."""

    boundary: int
    turned: bool
    was_there: bool = False
    """Whether it came that far."""

    def __call__(self, one: Performer, other: Performer) -> None:
        self.was_there = perform(*((other, one) if self.turned else (one, other)), self.boundary)


def boundaries_of(world: World, pair: Pair, every: int, orders: list[Any], turned: bool) -> int:
    """The same, of the one alone, or of the other."""
    tried = 0
    while True:
        stopping = Stopping(tried * every, turned)
        assert outcome(world, pair, stopping) in orders, stopping
        if not stopping.was_there:
            return tried
        tried += 1
