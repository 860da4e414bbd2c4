"""What two people do at the same moment ends as if one had come first: threads and processes, on each store.

``HABILITATION_RACES`` says how many rounds each race has.
"""

from __future__ import annotations

import pytest

from habilitation.domain.events import (
    AdministratorAppointed,
    SeatClaimed,
    SeatVacated,
    UserCreated,
)
from habilitation.domain.organization import Organization
from habilitation.domain.refusals import AccountIsClosed
from habilitation.domain.requests import (
    AdministratorClaim,
    Closing,
    GroupAddition,
    NewManager,
    NewOrganization,
    NewUser,
    PasswordChoice,
    Reason,
    Reissue,
    Replacement,
    Revocation,
    Vacancy,
)
from habilitation.domain.scope import Scope
from habilitation.domain.user import User
from habilitation.domain.values import GroupCode
from habilitation.testing.contract.stories import siret_number
from habilitation.testing.world import AGENT, CONSULT, DECLARE, PASSWORD, World
from tests.races.course import Course, facts, numbers
from tests.races.crews import ACCEPTED, RIVALS, Move
from tests.races.invariants import check_invariants

REASON = Reason("left")


def claim(world: World, organization: Organization, number: int) -> Move:
    """Somebody who signed in with the letter, and has filled in the form."""
    first = world.first_authentication(organization)
    email = f"claimant{number}@oliviers.example"
    asked = AdministratorClaim("Martin", "Anne", email, PASSWORD, first.text.version)
    return Move("claim_administrator", asked, first.session)


def close(world: World, user: User) -> Move:
    return Move("close_user", Closing(world.organization.id, user.id), world.admin)


def replace(world: World, incoming: User) -> Move:
    return Move("replace_administrator", Replacement(world.organization.id, incoming.id, REASON), AGENT)


def test_of_all_who_hold_the_letter_one_becomes_administrator_and_the_others_are_told(course: Course):
    """R5, I2, I8"""
    for world in course.rounds():
        organization = world.open_organization(siret_number(next(numbers)))
        before = facts(world, organization.id)
        answers = course.race(organization.id, *[claim(world, organization, number) for number in range(RIVALS)])
        assert sorted(answers) == [ACCEPTED, *["organization-claimed"] * (RIVALS - 1)]
        assert facts(world, organization.id) == [*before, SeatClaimed, UserCreated]
        check_invariants(world, organization.id)


def test_a_claim_and_a_reissue_do_not_both_pass(course: Course):
    """R4, R5, I2"""
    for world in course.rounds():
        organization = world.open_organization(siret_number(next(numbers)))
        reissue = Move("reissue_credentials", Reissue(organization.id), AGENT)
        answers = course.race(organization.id, claim(world, organization, 1), reissue)
        assert answers in ([ACCEPTED, "seat-taken"], ["credentials-reissued", ACCEPTED])
        check_invariants(world, organization.id)


def test_a_vacancy_ends_once(course: Course):
    """R8, I2: by the claim, or by the appointment, which may replace who claimed."""
    for world in course.rounds():
        id = world.organization.id
        appointed = world.user()
        world.portal.declare_vacancy(Vacancy(id, REASON), by=AGENT)
        world.portal.reissue_credentials(Reissue(id), by=AGENT)
        answers = course.race(world.organization.id, claim(world, world.organization, 1), replace(world, appointed))
        assert answers in ([ACCEPTED, ACCEPTED], ["organization-claimed", ACCEPTED])
        ends = [fact for fact in facts(world, id) if fact in (SeatClaimed, SeatVacated, AdministratorAppointed)]
        claimed = [SeatClaimed] if answers[0] == ACCEPTED else []
        assert ends == [SeatClaimed, SeatVacated, *claimed, AdministratorAppointed]


def test_who_is_closed_is_not_put_in_the_seat(course: Course):
    """R8, R9, I1: the operator appoints whom the administrator closes."""
    for world in course.rounds():
        incoming = world.user()
        answers = course.race(world.organization.id, replace(world, incoming), close(world, incoming))
        assert answers in ([ACCEPTED, "act-forbidden"], ["user-not-open", ACCEPTED])


def test_who_is_closed_does_not_become_a_manager(course: Course):
    """R14, R28, I3"""
    for world in course.rounds():
        user = world.user()
        delegate = Move("delegate_manager", NewManager(world.organization.id, user.id), world.admin)
        assert course.race(world.organization.id, delegate, close(world, user)) in (
            [ACCEPTED, ACCEPTED],
            ["user-closed", ACCEPTED],
        )


def test_who_is_closed_does_not_stay_in_a_group(course: Course):
    """R14, R25, I3"""
    for world in course.rounds():
        user = world.user()
        add = Move("add_to_group", addition(world, user, CONSULT), world.admin)
        assert course.race(world.organization.id, add, close(world, user)) in (
            [ACCEPTED, ACCEPTED],
            ["user-closed", ACCEPTED],
        )


def test_who_is_closed_cannot_sign_in_with_the_password_chosen_meanwhile(course: Course):
    """R23, I3"""
    for world in course.rounds():
        user = world.user()
        world.portal.deliver_notifications()
        login, password = world.letters_to(f"zoe{world._people}@oliviers.example")
        session = world.portal.sign_in(login, password)
        choose = Move("choose_password", PasswordChoice(PASSWORD), session)
        answers = course.race(world.organization.id, choose, close(world, user))
        assert answers in ([ACCEPTED, ACCEPTED], ["session-ended", ACCEPTED])
        chosen = PASSWORD if answers[0] == ACCEPTED else password
        with pytest.raises(AccountIsClosed):
            world.portal.sign_in(login, chosen)


def test_who_is_no_manager_any_more_grants_nothing(course: Course):
    """R32, I5: judged fact by fact from the journal."""
    for world in course.rounds():
        users = [world.user() for _ in range(RIVALS - 1)]
        manager = world.manager(CONSULT)
        revoke = Move("revoke_manager", Revocation(world.organization.id, manager.user), world.admin)
        grants = [Move("add_to_group", addition(world, user, CONSULT), manager) for user in users]
        answers = course.race(world.organization.id, *grants, revoke)
        assert answers[-1] == ACCEPTED
        assert set(answers[:-1]) <= {ACCEPTED, "user-unknown"}


def test_a_scope_that_shrinks_shrinks_at_once(course: Course):
    """R28, R32, I5"""
    for world in course.rounds():
        user, manager = world.user(), world.manager(CONSULT, DECLARE)
        smaller = NewManager(world.organization.id, manager.user, Scope(frozenset({world.place(DECLARE)})))
        shrink = Move("delegate_manager", smaller, world.admin)
        answers = course.race(
            world.organization.id, Move("add_to_group", addition(world, user, CONSULT), manager), shrink
        )
        assert answers in ([ACCEPTED, ACCEPTED], ["outside-scope", ACCEPTED])


def test_two_users_with_one_email_are_one(course: Course):
    """R11, I7, I8"""
    for world in course.rounds():
        before = len(facts(world, world.organization.id))
        emails = [f"{name}@oliviers.example" for name in ("rose", "Rose", "ROSE")]
        answers = course.race(world.organization.id, *[creation(world, email) for email in emails])
        assert sorted(answers) == [ACCEPTED, "email-taken", "email-taken"]
        assert len(facts(world, world.organization.id)) == before + 1


def test_two_organizations_with_one_siret_are_one(course: Course):
    """R1, I7, I8"""
    for world in course.rounds():
        store = world.portal.ports.store
        before, siret = set(store.organizations()), siret_number(next(numbers))
        asked = NewOrganization(siret, "LES OLIVIERS", "contact@oliviers.example")
        answers = course.crew.race(*[Move("open_organization", asked, AGENT)] * RIVALS)
        assert sorted(answers) == [ACCEPTED, *["siret-taken"] * (RIVALS - 1)]
        [opened] = set(store.organizations()) - before
        check_invariants(world, opened)


def addition(world: World, user: User, group: GroupCode) -> GroupAddition:
    return GroupAddition(world.organization.id, user.id, world.agreement.id, group)


def creation(world: World, email: str) -> Move:
    asked = NewUser(world.organization.id, world.agreement.id, "Durand", "Rose", email)
    return Move("create_user", asked, world.admin)
