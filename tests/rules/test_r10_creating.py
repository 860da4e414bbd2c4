"""R10: creating a user, with the form of the guide."""

from __future__ import annotations

import unicodedata

import pytest
from attrs import evolve

from habilitation import Habilitation
from habilitation.domain.period import Dates
from habilitation.domain.requests import NewAgreement, UserSearch
from habilitation.domain.user import Status
from habilitation.testing.world import AFAS, AGENT, CONSULT, DECLARE, PRIVATE, TO_CONSULT, TO_DECLARE, TO_SEE
from tests.steps import add, check, create, day, refused, reopen, replace, show, status, take_out


def test_a_user_is_created_with_all_that_was_typed(world):
    user = create(
        world,
        last_name="N'Guyen",
        first_name="José María",
        email="jm.nguyen@oliviers.example",
        email_confirmation="jm.nguyen@oliviers.example",
        phone="01 02 03 04 05",
        phone_confirmation="0102030405",
        dates=Dates(day(0), day(30)),
        mobile=True,
        groups=(CONSULT, PRIVATE),
    )
    shown = show(world, user)
    assert shown.person.full_name == "José María N'Guyen"
    assert (shown.person.email.text, shown.person.phone.e164) == ("jm.nguyen@oliviers.example", "0102030405")
    assert (shown.opening, shown.closing, shown.mobile, shown.status) == (day(0), day(30), True, Status.OPEN)
    assert (shown.agreement, shown.manages, shown.administrator) == (world.agreement.id, None, False)
    assert [held.place.group for held in shown.memberships] == [CONSULT, PRIVATE]


def test_it_opens_today_by_default_without_end_on_a_fixed_workstation_in_no_group(world):
    shown = show(world, create(world))
    assert (shown.opening, shown.closing, shown.mobile, shown.memberships) == (day(0), None, False, ())


def test_groups_ticked_give_access_as_the_account_opens(world):
    """R16."""
    user = create(world, groups=(CONSULT, PRIVATE), dates=Dates(day(2)))
    assert not check(world, user, TO_CONSULT).allowed
    world.clock.move(days=2)
    assert check(world, user, TO_CONSULT).allowed
    assert check(world, user, TO_SEE).allowed


def test_groups_ticked_last_as_long_as_the_account(world):
    user = create(world, groups=(CONSULT,), dates=Dates(None, day(2)))
    assert check(world, user, TO_CONSULT).until.date() == day(1)  # midnight in Paris
    world.clock.move(days=2)
    assert not check(world, user, TO_CONSULT).allowed


def test_a_group_ticked_that_needs_a_document_waits(world):
    """R26."""
    user = create(world, groups=(DECLARE,))
    assert show(world, user).memberships[0].waiting
    assert not check(world, user, TO_DECLARE).allowed


def test_a_group_ticked_twice_is_one_membership(world):
    assert len(show(world, create(world, groups=(CONSULT, CONSULT))).memberships) == 1


@pytest.mark.parametrize("field", ["last_name", "first_name"])
def test_a_name_that_is_missing_is_told_by_its_field(world, field):
    with refused(world, "name-missing", field=field):
        create(world, **{field: ""})


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"last_name": ""}, "name-missing"),
        ({"first_name": ""}, "name-missing"),
        ({"first_name": "Lu\x00c"}, "name-malformed"),
        ({"last_name": "x" * 251}, "name-too-long"),
        ({"email": "luc"}, "email-malformed"),
        ({"email_confirmation": "luc.petit@oliviers.exemple"}, "email-confirmation-differs"),
        ({"email_confirmation": ""}, "email-confirmation-differs"),
        ({"email_confirmation": "not an address"}, "email-confirmation-differs"),
        ({"phone": "number"}, "phone-malformed"),
        ({"phone": "0102030405", "phone_confirmation": "0102030406"}, "phone-confirmation-differs"),
        ({"phone": "0102030405", "phone_confirmation": ""}, "phone-confirmation-differs"),
        ({"phone": "", "phone_confirmation": "0102030405"}, "phone-confirmation-differs"),
        ({"phone": "", "phone_confirmation": "number"}, "phone-confirmation-differs"),
        ({"dates": Dates(day(-1))}, "opening-in-past"),
        ({"dates": Dates(day(2), day(2))}, "closing-not-after-opening"),
        ({"dates": Dates(day(2), day(1))}, "closing-not-after-opening"),
        ({"dates": Dates(None, day(0))}, "closing-not-after-opening"),
        ({"dates": Dates(None, day(-1))}, "closing-not-after-opening"),
        ({"groups": ("NONE",)}, "group-unknown"),
        ({"groups": (CONSULT, "NONE")}, "group-unknown"),
        ({"agreement": "none"}, "agreement-unknown"),
    ],
)
def test_a_form_that_is_not_filled_in_right_is_refused(world, fields, code):
    with refused(world, code):
        create(world, **fields)


def test_programs_leave_the_confirmations_out(world):
    assert create(world, email_confirmation=None, phone="0102030405", phone_confirmation=None)


def test_a_confirmation_may_be_typed_in_another_way(world):
    """The same address, the same number."""
    assert create(
        world,
        email_confirmation=" LUC.PETIT@oliviers.example",
        phone="0102030405",
        phone_confirmation="01 02 03 04 05",
    )


def test_a_group_that_another_agreement_opens_is_known_but_not_opened_here(world):
    """R37: groups of one's own organization are known."""
    asked = NewAgreement(world.organization.id, "CONV-2", "LES OLIVIERS", (AFAS,), (CONSULT,))
    small = world.portal.open_agreement(asked, by=AGENT)
    with refused(world, "group-not-opened"):
        create(world, agreement=small.id, groups=(DECLARE,))


@pytest.mark.parametrize("name", ["D'Arc", "N'Guyen", "Œuvrard", "José María", "é" * 250])
def test_real_names_are_kept_to_the_letter(world, name):
    typed = unicodedata.normalize("NFD", name)
    shown = show(world, create(world, last_name=typed, first_name=typed))
    assert (shown.person.last_name.text, shown.person.first_name.text) == (name, name)


# With real contact details


@pytest.fixture
def real(world):
    contact = pytest.importorskip("habilitation.adapters.contact")
    world.portal = Habilitation(evolve(world.portal.ports, contact=contact.Contact()))
    return world


@pytest.mark.parametrize(
    "email", ["luc+caf@oliviers.example", "josé.maría@oliviers.example", "luc@œuvre.example", "o'neil@oliviers.example"]
)
def test_addresses_with_a_plus_sign_or_an_accent_are_kept_as_typed(real, email):
    assert show(real, create(real, email=email, email_confirmation=email)).person.email.text == email


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("0590 12 34 56", "+590590123456"),
        ("0262 12 34 56", "+262262123456"),
        ("+262 262 12 34 56", "+262262123456"),
        ("01 23 45 67 89", "+33123456789"),
    ],
)
def test_overseas_phones_are_read_in_their_own_region(real, typed, number):
    assert show(real, create(real, phone=typed, phone_confirmation=number)).person.phone.e164 == number


# Who is of which agreement


def listed(world, agreement):
    asked = UserSearch(world.organization.id, agreement=agreement.id)
    return {view.id for view in world.portal.list_users(asked, by=world.admin).items}


def test_a_user_is_of_the_agreement_of_its_creation_and_of_those_of_its_memberships(world):
    other = world.open_agreement(world.organization, "CONV-2")
    user = world.user()
    assert user.id in listed(world, world.agreement)
    assert user.id not in listed(world, other)
    add(world, user, CONSULT, agreement=other.id)
    assert user.id in listed(world, other)
    take_out(world, user)
    assert user.id not in listed(world, other)


def test_the_administrator_is_of_every_agreement(world):
    other = world.open_agreement(world.organization, "CONV-2")
    for agreement in (world.agreement, other):
        assert world.admin.user in listed(world, agreement)
    former, user = world.admin, world.user()
    replace(world, user)
    world.admin = world.as_member(user)
    assert user.id in listed(world, other)
    assert former.user not in listed(world, other)


def test_a_pending_account_waits_for_its_day(world):
    """R15."""
    user = create(world, dates=Dates(day(1)))
    assert status(world, user) is Status.PENDING
    world.clock.move(days=1)
    assert status(world, user) is Status.OPEN
    with refused(world, "user-not-closed"):
        reopen(world, user)
