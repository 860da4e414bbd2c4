"""What is sent twice at the same moment is done once; and of two who saw the same, one changes it (I8)."""

from __future__ import annotations

from uuid import uuid4

from habilitation import Terms, Unchanged
from habilitation.domain.events import UserCreated
from habilitation.domain.requests import (
    Generalization,
    NewGroup,
    NewOrganization,
    NewUser,
    UserChanges,
    UserQuestion,
)
from habilitation.domain.values import GroupCode
from habilitation.testing.contract.stories import siret_number
from habilitation.testing.world import AFAS, AGENT, CONSULT, TO_CONSULT, World
from tests.races.course import Course, facts, numbers
from tests.races.crews import ACCEPTED, RIVALS, Move


def once() -> Terms:
    return Terms(key=str(uuid4()))


def new_user(world: World, name: str = "Zoé") -> NewUser:
    return NewUser(world.organization.id, world.agreement.id, "Durand", name, f"{name}@oliviers.example")


def told(answers: list[str], code: str) -> bool:
    """Whether one was accepted, and all the others were told that."""
    return sorted(answers) == sorted([ACCEPTED, *[code] * (len(answers) - 1)])


def test_a_form_sent_several_times_at_once_is_done_once(course: Course):
    """I8"""
    for world in course.rounds():
        move = Move("create_user", new_user(world), world.admin, once())
        assert told(course.race(world.organization.id, *[move] * RIVALS), "done-already")
        assert facts(world, world.organization.id).count(UserCreated) == 2


def test_of_two_forms_with_one_key_one_is_done(course: Course):
    """I8: and whoever is late is not told that the other form was done."""
    for world in course.rounds():
        terms = once()
        moves = [Move("create_user", new_user(world, name), world.admin, terms) for name in ("Zoé", "Luc")]
        assert told(course.race(world.organization.id, *moves), "key-reused")


def test_one_key_of_two_people_is_two_keys(course: Course):
    """R37"""
    for world in course.rounds():
        manager, terms = world.manager(), once()
        moves = [
            Move("create_user", new_user(world, name), by, terms)
            for name, by in (("Zoé", world.admin), ("Luc", manager))
        ]
        assert course.race(world.organization.id, *moves) == [ACCEPTED, ACCEPTED]


def test_of_those_who_saw_the_same_one_changes_it(course: Course):
    """I8"""
    for world in course.rounds():
        user = world.user()
        seen = world.portal.show_user(UserQuestion(world.organization.id, user.id), by=world.admin)
        moves = [
            Move(
                "modify_user",
                UserChanges(world.organization.id, user.id, first_name=name),
                world.admin,
                Terms(Unchanged(seen.version, user.id)),
            )
            for name in ("Léa", "Luc", "Ève")[:RIVALS]
        ]
        assert told(course.race(world.organization.id, *moves), "changed-meanwhile")


def test_what_changes_nothing_is_done_once_too(course: Course):
    """I8: it moves no version, and its key is kept all the same."""
    for world in course.rounds():
        user = world.user()
        asked = UserChanges(world.organization.id, user.id, mobile=False)
        move = Move("modify_user", asked, world.admin, once())
        assert told(course.race(world.organization.id, *[move] * RIVALS), "done-already")


def test_what_is_done_in_chunks_begins_once(course: Course):
    """R27"""
    for world in course.rounds():
        source, _ = world.user(CONSULT), world.user()
        asked = Generalization(world.organization.id, world.agreement.id, source.id)
        move = Move("generalize_to_all", asked, world.admin, once())
        assert told(course.race(world.organization.id, *[move] * RIVALS), "done-already")


def test_an_organization_is_opened_once(course: Course):
    """R1"""
    for world in course.rounds():
        known = len(world.portal.ports.store.organizations())
        asked = NewOrganization(siret_number(next(numbers)), "LES TILLEULS", "contact@tilleuls.example")
        move = Move("open_organization", asked, AGENT, once())
        assert told(course.race(world.organization.id, *[move] * RIVALS), "done-already")
        assert len(world.portal.ports.store.organizations()) == known + 1


def test_a_group_of_the_catalog_is_defined_once(course: Course):
    """R3"""
    for world in course.rounds():
        asked = NewGroup(GroupCode(f"NEW-{next(numbers)}"), AFAS, "Nouveau", (TO_CONSULT,))
        move = Move("define_group", asked, AGENT, once())
        assert told(course.race(world.organization.id, *[move] * RIVALS), "done-already")
