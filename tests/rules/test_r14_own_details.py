"""R14: whoever is open changes the own name and telephone, and nothing else of anybody's."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from habilitation.adapters.memory import MemoryStore
from habilitation.domain.actors import Asking
from habilitation.domain.events import UserModified
from habilitation.domain.period import Dates
from habilitation.domain.requests import OwnDetails
from habilitation.testing.world import AFAS, AGENT, CONSULT, SIRETS, World
from tests.steps import close, create, day, operate, records, refused, show, unchanged


def change(world, by, **fields):
    return world.portal.change_own_details(OwnDetails(world.organization.id, **fields), by=by)


@pytest.mark.parametrize("who", ["user", "manager", "administrator"])
def test_everybody_open_changes_their_own(world, who):
    """R30 keeps a manager from administering himself or herself, not from moving house."""
    member = {
        "user": lambda: world.as_member(world.user()),
        "manager": lambda: world.manager(CONSULT),
        "administrator": lambda: world.admin,
    }[who]()
    change(world, member, last_name="Curie", first_name="Marie", phone="0123456789")
    person = show(world, member).person
    assert (person.full_name, person.phone.e164) == ("Marie Curie", "0123456789")
    last = records(world)[-1]
    assert last.event == UserModified(member.user, ("last_name", "first_name", "phone"))
    assert last.by == member


def test_by_a_session_too(world):
    user = world.user()
    change(world, world.sign_in(user), phone="0123456789")
    assert show(world, user).person.phone.e164 == "0123456789"


def test_what_is_left_out_stays_and_an_empty_telephone_is_none(world):
    user = create(world, phone="0123456789")
    change(world, world.as_member(user), first_name="Lucie")
    assert show(world, user).person.full_name == "Lucie Petit"
    assert show(world, user).person.phone.e164 == "0123456789"
    change(world, world.as_member(user), phone="")
    assert show(world, user).person.phone is None


def test_changing_nothing_leaves_nothing(world):
    user = create(world)
    with unchanged(world):
        change(world, world.as_member(user), last_name="Petit")
        change(world, world.as_member(user))


def test_what_cannot_be_read_is_refused(world):
    user = world.as_member(create(world))
    with refused(world, "name-missing"):
        change(world, user, last_name=" ")
    with refused(world, "phone-malformed"):
        change(world, user, phone="none")


def test_the_operator_and_a_service_have_nothing_of_their_own(world):
    for by in (AGENT, Asking(AFAS)):
        with refused(world, "act-forbidden"):
            change(world, by, last_name="Curie")


def test_nobody_does_who_is_not_open(world):
    """R32."""
    closed, pending = close(world, world.user()), world.user(dates=Dates(day(2)))
    for user in (closed, pending):
        with refused(world, "actor-not-open"):
            change(world, world.as_member(user), last_name="Curie")


def test_another_organization_is_missing(world):
    """R37."""
    user = world.as_member(world.user())
    world.organization = world.open_organization(SIRETS[1])
    with refused(world, "organization-unknown"):
        change(world, user, last_name="Curie")


NAMES = st.one_of(st.none(), st.sampled_from(["Curie", "Petit", "Sklodowska", "D'Arc"]))


@given(last=NAMES, first=NAMES, phone=st.one_of(st.none(), st.sampled_from(["", "0123456789"])))
def test_whatever_is_changed_the_e_mail_the_login_and_the_rights_stay(last, first, phone):
    """R11, R13, R25."""
    world = World.administered(MemoryStore())
    user = world.user(CONSULT)
    before = show(world, user)
    change(world, world.as_member(user), last_name=last, first_name=first, phone=phone)
    after = show(world, user)
    assert (after.person.email, after.login, after.memberships) == (
        before.person.email,
        before.login,
        before.memberships,
    )


def test_control_taken_back_is_no_matter_of_ones_own_details(world):
    """R34: moving house administers nobody."""
    user = world.as_member(world.user())
    operate(world, "take_back_control")
    change(world, user, phone="0123456789")
    change(world, world.admin, phone="0123456789")
