"""Where the walk begins: an organization at work, with one manager, two users, two groups, two agreements."""

from __future__ import annotations

from habilitation.adapters.memory import MemoryStore
from habilitation.domain.mapping import unchanging
from habilitation.domain.requests import AgreementValidation, GroupAddition, NewAgreement, NewManager, NewUser
from habilitation.domain.scope import Scope
from habilitation.domain.values import AgreementId, Place
from habilitation.testing.world import AFAS, AGENT, CONSULT, DECLARE, World
from tests.small_scope.situation import OneAct, Situation


def starts() -> tuple[list[Situation], OneAct]:
    """An organization that nobody has claimed; and the same at work.

    There is an administrator, a manager of one group, a member of that group, and a user of the other agreement.
    """
    world = World.over(MemoryStore())
    world.organization = world.open_organization()
    first, second = (_agreement(world, reference) for reference in ("CONV-1", "CONV-2"))
    unclaimed = _situation(world)
    admin = world.claim(world.organization).actor
    manager, member, _ = (
        world.portal.create_user(_new(world, under, name), by=admin)
        for under, name in ((first, "marc"), (first, "zoe"), (second, "ines"))
    )
    scope = Scope(frozenset({Place(first, CONSULT)}))
    world.portal.delegate_manager(NewManager(world.organization.id, manager.id, scope), by=admin)
    world.portal.add_to_group(GroupAddition(world.organization.id, member.id, first, CONSULT), by=admin)
    return [unclaimed, _situation(world)], _store(world)


def _situation(world: World) -> Situation:
    with world.portal.ports.store.reading(world.organization.id) as rows:
        assert rows.organization is not None
        seat, ids = rows.organization.seat, sorted(rows.user_ids())
        reserved = [seat.first_credentials.user] if seat.first_credentials else []
        return Situation(
            world.clock.now(),
            rows.organization,
            unchanging({id: user for id in ids if (user := rows.find_user(id))}),
            unchanging({id: row.person for id in ids if (row := rows.find_row(id)) and row.person}),
            unchanging({id: found for id in (*ids, *reserved) if (found := rows.find_credential(id))}),
        )


def _store(world: World) -> OneAct:
    with world.portal.ports.store.reading(world.organization.id) as rows:
        return OneAct(rows.particulars(), rows.catalog, world.clock.now())


def _agreement(world: World, reference: str) -> AgreementId:
    asked = NewAgreement(world.organization.id, reference, "LES OLIVIERS", (AFAS,), (CONSULT, DECLARE))
    agreement = world.portal.open_agreement(asked, by=AGENT)
    world.portal.validate_agreement(AgreementValidation(world.organization.id, agreement.id), by=AGENT)
    return agreement.id


def _new(world: World, under: AgreementId, name: str) -> NewUser:
    return NewUser(world.organization.id, under, name, name, f"{name}@oliviers.example")
