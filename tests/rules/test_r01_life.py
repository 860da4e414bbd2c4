"""R1: an organization moves, merges, changes its contact, is closed; its id and its people's rights stay."""

from __future__ import annotations

import pytest

from habilitation.domain.access import Why
from habilitation.domain.events import OrganizationClosed, SiretChanged
from habilitation.domain.organization import OrganizationState, SeatState
from habilitation.domain.refusals import Refusal
from habilitation.domain.requests import (
    AdministratorClaim,
    ContactChange,
    OrganizationQuestion,
    Reason,
    Reissue,
    SiretChange,
    UserSearch,
)
from habilitation.testing.world import AGENT, CONSULT, PASSWORD, SIRETS, TO_CONSULT, World
from tests.steps import add, check, create, deliveries, operate, records, refused, reopen, reserved, show, vacate

MOVED = Reason("move", "12 rue des Oliviers")


def change_siret(world: World, siret: str = SIRETS[1], by=AGENT):
    return world.portal.change_siret(SiretChange(world.organization.id, siret, MOVED), by=by)


def particulars(world: World):
    with world.portal.ports.store.reading(world.organization.id) as rows:
        return rows.particulars()


def test_another_siret_touches_no_right(world):
    user = add(world, create(world), CONSULT)
    assert change_siret(world).id == world.organization.id
    assert particulars(world).siret.digits == SIRETS[1]
    assert check(world, user, TO_CONSULT).allowed


def test_the_siret_that_was_left_is_free_and_the_new_one_taken(world):
    """I7."""
    change_siret(world)
    with refused(world, "siret-taken"):
        world.open_organization(SIRETS[1])
    world.open_organization(SIRETS[0])


def test_a_siret_that_another_organization_has_is_refused(world):
    """I7."""
    world.open_organization(SIRETS[1])
    with refused(world, "siret-taken"):
        change_siret(world)


@pytest.mark.parametrize(
    ("siret", "code"),
    [(SIRETS[0], "siret-unchanged"), ("12345678901234", "siret-refused"), ("1234", "siret-malformed")],
)
def test_a_siret_that_is_none_or_the_same_is_refused(world, siret, code):
    with refused(world, code):
        change_siret(world, siret)


def test_the_journal_names_no_siret_and_its_papers_keep_both(world):
    """R41: dated facts, erasable."""
    change_siret(world)
    event = records(world)[-1].event
    assert isinstance(event, SiretChanged)
    bodies = b"".join(entry.body for entry in world.portal.ports.store.entries(world.organization.id))
    assert SIRETS[0].encode() not in bodies
    assert SIRETS[1].encode() not in bodies
    with world.portal.ports.store.reading(world.organization.id) as rows:
        assert rows.papers([event.former, event.siret]) == {event.former: SIRETS[0], event.siret: SIRETS[1]}


def test_mail_for_the_contact_goes_to_the_new_address(world):
    """R4, R7: even what was on its way."""
    organization = world.open_organization(SIRETS[1])
    world.portal.change_contact(ContactChange(organization.id, "accueil@new.example"), by=AGENT)
    world.portal.deliver_notifications()
    assert world.letters_to("accueil@new.example")


def test_the_same_contact_changes_nothing(world):
    same = ContactChange(world.organization.id, particulars(world).contact.text)
    before = records(world)
    world.portal.change_contact(same, by=AGENT)
    assert records(world) == before


def test_an_address_that_is_none_is_refused(world):
    with refused(world, "email-malformed"):
        world.portal.change_contact(ContactChange(world.organization.id, "nobody"), by=AGENT)


@pytest.mark.parametrize(
    "act",
    [
        lambda world: change_siret(world, by=world.admin),
        lambda world: world.portal.change_contact(ContactChange(world.organization.id, "a@b.example"), by=world.admin),
        lambda world: operate(world, "close_organization", by=world.admin),
    ],
)
def test_these_are_the_operators_acts(world, act):
    with refused(world, "act-forbidden"):
        act(world)


# Closing


def test_everything_in_a_closed_organization_ended(world):
    """R38, I3."""
    user = add(world, create(world), CONSULT)
    closed = operate(world, "close_organization")
    assert (closed.state, closed.seat.state, closed.seat.holder) == (OrganizationState.CLOSED, SeatState.ENDED, None)
    answer = check(world, user, TO_CONSULT)
    assert (answer.why, answer.repair) == (Why.ORGANIZATION_CLOSED, frozenset())


def test_it_is_one_fact(world):
    before = len(records(world))
    operate(world, "close_organization")
    assert [type(record.event) for record in records(world)[before:]] == [OrganizationClosed]


def test_its_siret_is_free(world):
    """I7."""
    operate(world, "close_organization")
    assert world.open_organization(SIRETS[0]).id != world.organization.id


def test_its_people_neither_act_nor_read(world):
    session = world.sign_in(world.user())
    operate(world, "close_organization")
    for by in (world.admin, session):
        with refused(world, "organization-closed"):
            world.portal.list_users(UserSearch(world.organization.id), by=by)


def test_its_people_do_not_sign_in_and_the_right_password_is_told_why(world):
    """R22, I3."""
    user = world.user()
    world.sign_in(user)
    login = show(world, user).login.text
    operate(world, "close_organization")
    with pytest.raises(Refusal) as told:
        world.portal.sign_in(login, PASSWORD)
    assert told.value.code == "account-is-closed"


def test_the_operator_reads_it_and_changes_nothing_in_it(world):
    """R36."""
    user = create(world)
    operate(world, "close_organization")
    assert show(world, user).person
    with refused(world, "organization-closed"):
        reopen(world, user, by=AGENT)
    with refused(world, "organization-closed"):
        change_siret(world)


def test_first_credentials_on_their_way_die_with_it(world):
    """R4, R20."""
    vacate(world)
    world.portal.reissue_credentials(Reissue(world.organization.id), by=AGENT)
    first = world.first_authentication(world.organization)
    operate(world, "close_organization")
    asked = AdministratorClaim("Petit", "Eve", "eve.petit@oliviers.example", PASSWORD, first.text.version)
    with refused(world, "organization-closed"):
        world.portal.claim_administrator(asked, by=first.session)


def test_letters_that_wait_for_its_people_are_dropped(world):
    """R20: nobody whose account is closed is written to."""
    user = create(world)
    operate(world, "close_organization")
    world.portal.deliver_notifications()
    states = {delivery.state.value for delivery in deliveries(world) if delivery.message.notice.about == user.id}
    assert states == {"dropped"}


def test_a_suspended_organization_can_be_closed(world):
    operate(world, "suspend_organization")
    assert operate(world, "close_organization").state is OrganizationState.CLOSED


def test_what_stands_of_it_can_be_replayed(world):
    """R42."""
    change_siret(world)
    operate(world, "take_back_control")
    operate(world, "close_organization")
    assert world.portal.verify_journal(OrganizationQuestion(world.organization.id), by=AGENT).sound


def test_why_a_siret_changed_is_kept_beside_the_journal(world):
    """R41."""
    asked = SiretChange(world.organization.id, SIRETS[1], Reason("merged", "fusion avec LES TILLEULS"))
    world.portal.change_siret(asked, by=AGENT)
    note = records(world)[-1].event.note
    with world.portal.ports.store.reading(world.organization.id) as rows:
        assert rows.papers([note]) == {note: "fusion avec LES TILLEULS"}


def test_first_credentials_are_dead_in_a_closed_organization(world):
    """R4."""
    vacate(world)
    world.portal.reissue_credentials(Reissue(world.organization.id), by=AGENT)
    [*_, issued] = reserved(world)
    operate(world, "close_organization")
    with world.portal.ports.store.reading(world.organization.id) as rows:
        assert rows.find_credential(issued).login is None
