"""A world in which races are run, round after round, and what each act must leave."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from itertools import count

from attrs import define

from habilitation.domain.events import (
    AccountClosed,
    AdministratorAppointed,
    AgreementEnded,
    AgreementSuspended,
    ControlReturned,
    ControlTaken,
    DelegationEnded,
    FirstCredentialsIssued,
    GroupSuspended,
    ManagerDelegated,
    MemberAdded,
    OrganizationClosed,
    OrganizationSuspended,
    SeatClaimed,
    SiretChanged,
    UserCreated,
    UserReinstated,
    UserSuspended,
)
from habilitation.domain.values import OrganizationId
from habilitation.testing.contract.stories import siret_number
from habilitation.testing.world import World
from tests.races.crews import ACCEPTED, Crew, Move
from tests.races.invariants import check_invariants

ROUNDS = int(os.environ.get("HABILITATION_RACES", "12"))

numbers = count(1_000)

LEAVES: dict[str, type] = {
    "add_to_group": MemberAdded,
    "claim_administrator": SeatClaimed,
    "change_siret": SiretChanged,
    "close_organization": OrganizationClosed,
    "close_user": AccountClosed,
    "create_user": UserCreated,
    "delegate_manager": ManagerDelegated,
    "end_agreement": AgreementEnded,
    "reinstate_user": UserReinstated,
    "reissue_credentials": FirstCredentialsIssued,
    "replace_administrator": AdministratorAppointed,
    "return_control": ControlReturned,
    "revoke_manager": DelegationEnded,
    "suspend_agreement": AgreementSuspended,
    "suspend_group": GroupSuspended,
    "suspend_organization": OrganizationSuspended,
    "suspend_user": UserSuspended,
    "take_back_control": ControlTaken,
}
"""The fact that each act leaves in the journal; choosing a password is no administrative act."""


@define
class Course:
    """A world, and the crew that races in it."""

    world: World
    crew: Crew

    def rounds(self) -> Iterator[World]:
        """New organizations, one after the other; after each round its invariants are checked."""
        for _ in range(ROUNDS):
            world = self._laid()
            yield world
            check_invariants(world, world.organization.id)

    def race(self, id: OrganizationId, *moves: Move) -> list[str]:
        """What became of the moves; each that was accepted left its fact in the journal, no other did (I8)."""
        before: Counter[type | None] = Counter(facts(self.world, id))
        answers = self.crew.race(*moves)
        left = Counter[type | None](facts(self.world, id)) - before
        kinds = [LEAVES.get(move.act) for move in moves]
        due = Counter(kind for kind, answer in zip(kinds, answers, strict=True) if answer == ACCEPTED)
        assert all(left[kind] == due[kind] for kind in kinds if kind), "I8"
        return answers

    def _laid(self) -> World:
        world = self.world
        world.organization = world.open_organization(siret_number(next(numbers)))
        world.agreement = world.open_agreement(world.organization)
        world.admin = world.claim(world.organization).actor
        return world


def facts(world: World, id: OrganizationId) -> list[type]:
    store = world.portal.ports.store
    return [type(store.decode(entry).event) for entry in store.entries(id)]
