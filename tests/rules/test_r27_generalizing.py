"""R27: generalizing gives every open user of the agreement the groups that one of them has in it."""

from __future__ import annotations

from habilitation.domain.decisions.generalizing import Outcome
from habilitation.domain.period import Dates
from habilitation.domain.requests import Generalization
from habilitation.testing.world import AGENT, CONSULT, DECLARE, PRIVATE, SIRETS, TO_CONSULT
from habilitation.use_cases.groups import CHUNK
from tests.steps import (
    add,
    assign,
    check,
    close,
    create,
    day,
    delegate,
    generalize,
    ident,
    records,
    refused,
    show,
    take_out,
    unchanged,
    vacate,
)


def preview(world, user, by=None):
    asked = Generalization(world.organization.id, world.agreement.id, ident(user))
    return {o.user: o for o in world.portal.preview_generalization(asked, by=by or world.admin)}


def groups(world, user):
    return [held.place.group for held in show(world, user).memberships]


def test_everybody_else_gains_the_groups_of_one(world):
    source, other = world.user(CONSULT, PRIVATE), world.user()
    outcomes = generalize(world, source)
    assert outcomes[other.id] == Outcome(other.id, (CONSULT, PRIVATE))
    assert groups(world, other) == [CONSULT, PRIVATE]
    assert check(world, other, TO_CONSULT).allowed


def test_the_administrator_is_of_the_agreement_and_gains_too(world):
    """R10."""
    generalize(world, world.user(CONSULT))
    assert groups(world, world.admin) == [CONSULT]


def test_the_one_is_not_counted_among_the_others(world):
    source = world.user(CONSULT)
    assert source.id not in generalize(world, source)
    assert groups(world, source) == [CONSULT]


def test_what_somebody_has_already_is_not_given_twice(world):
    source, other = world.user(CONSULT, PRIVATE), world.user(CONSULT)
    assert generalize(world, source)[other.id].gained == (PRIVATE,)
    assert generalize(world, source)[other.id] == Outcome(other.id)


def test_the_dates_of_the_one_are_not_given(world):
    source, other = world.user(), world.user(dates=Dates(None, day(9)))
    add(world, source, CONSULT, Dates(None, day(2)))
    generalize(world, source)
    [held] = show(world, other).memberships
    assert (held.opening, held.closing) == (day(0), None)
    assert check(world, other, TO_CONSULT).until == other.account.term.end


def test_a_group_where_the_one_waits_is_given_and_each_gain_waits_anew(world):
    """R26."""
    source, other = world.user(DECLARE), world.user()
    assert generalize(world, source)[other.id].gained == (DECLARE,)
    assign(world, source)
    third = world.user()
    generalize(world, source)
    assert [show(world, user).memberships[0].waiting for user in (source, other, third)] == [False, True, True]


def test_a_group_that_the_one_had_or_will_be_in_is_not_given(world):
    source, other = world.user(CONSULT), world.user()
    take_out(world, source)
    add(world, source, PRIVATE, Dates(day(3)))
    assert generalize(world, source)[other.id] == Outcome(other.id)


def test_the_groups_of_another_agreement_are_not_given(world):
    elsewhere = world.open_agreement(world.organization, "CONV-2")
    source, other = world.user(CONSULT), world.user()
    add(world, source, PRIVATE, agreement=elsewhere.id)
    assert generalize(world, source)[other.id].gained == (CONSULT,)


def test_users_of_another_agreement_only_gain_nothing(world):
    elsewhere = world.open_agreement(world.organization, "CONV-2")
    stranger = create(world, agreement=elsewhere.id)
    assert stranger.id not in generalize(world, world.user(CONSULT))


def test_a_user_who_is_in_a_group_of_the_agreement_is_of_it(world):
    """R10: whatever the agreement of its creation."""
    elsewhere = world.open_agreement(world.organization, "CONV-2")
    guest = create(world, agreement=elsewhere.id)
    add(world, guest, PRIVATE)
    assert generalize(world, world.user(CONSULT))[guest.id].gained == (CONSULT,)


def test_only_open_users_gain(world):
    pending, closed = world.user(dates=Dates(day(3))), close(world, world.user())
    outcomes = generalize(world, world.user(CONSULT))
    assert not {pending.id, closed.id} & set(outcomes)
    assert groups(world, pending) == []


def test_the_preview_says_what_would_happen_and_changes_nothing(world):
    source, _, _ = world.user(CONSULT, DECLARE), world.user(CONSULT), world.manager()
    with unchanged(world):
        foreseen = preview(world, source)
    assert foreseen == generalize(world, source)


def test_each_user_has_an_outcome_even_where_nothing_is_gained(world):
    source, other = world.user(CONSULT), world.user(CONSULT)
    assert set(generalize(world, source)) == {world.admin.user, other.id}


def test_a_manager_gives_no_further_than_the_scope_reaches(world):
    """R32."""
    manager, source, other = world.manager(CONSULT), world.user(CONSULT, PRIVATE), world.user()
    outcomes = generalize(world, source, by=manager)
    assert outcomes[other.id] == Outcome(other.id, (CONSULT,))  # what lies outside is not even spoken of
    assert groups(world, other) == [CONSULT]


def test_a_manager_gives_nothing_to_whom_one_by_one_it_would_be_refused(world):
    """R30: said per user, with the code; the others gain."""
    manager, colleague = world.manager(CONSULT), world.manager(PRIVATE)
    source, other = world.user(CONSULT), world.user()
    outcomes = generalize(world, source, by=manager)
    assert outcomes[manager.user].refused == "on-self"
    assert outcomes[colleague.user].refused == "on-manager"
    assert outcomes[world.admin.user].refused == "on-administrator"
    assert outcomes[other.id].gained == (CONSULT,)
    for spared in (manager, colleague, world.admin):
        assert groups(world, spared) == []


def test_a_manager_does_not_generalize_in_an_agreement_out_of_the_scope(world):
    """R37: nor learns who is of it."""
    manager, elsewhere = world.manager(CONSULT), world.open_agreement(world.organization, "CONV-2")
    create(world, agreement=elsewhere.id)
    with refused(world, "outside-scope"):
        generalize(world, manager, by=manager, agreement=elsewhere.id)
    asked = Generalization(world.organization.id, elsewhere.id, manager.user)
    with refused(world, "outside-scope"):
        world.portal.preview_generalization(asked, by=manager)


def test_an_ordinary_user_generalizes_nothing(world):
    user = world.user(CONSULT)
    with refused(world, "act-forbidden"):
        generalize(world, user, by=world.as_member(user))


def test_the_one_is_an_open_user_of_the_agreement(world):
    """R10: the administrator is of every agreement."""
    elsewhere = world.open_agreement(world.organization, "CONV-2")
    stranger, pending = create(world, agreement=elsewhere.id), world.user(CONSULT, dates=Dates(day(3)))
    with refused(world, "user-not-of-agreement"):
        generalize(world, stranger)
    with refused(world, "user-not-open"):
        generalize(world, pending)
    assert generalize(world, world.admin) == {}


def test_who_will_be_in_the_group_is_told_apart_from_who_is(world):
    """R25: adding over that time would be refused one by one."""
    source, later = world.user(CONSULT), world.user()
    add(world, later, CONSULT, Dates(day(5)))
    assert generalize(world, source)[later.id] == Outcome(later.id, refused="already-member")


def test_one_group_that_is_refused_keeps_out_of_no_other(world):
    source, later = world.user(CONSULT, PRIVATE), world.user()
    add(world, later, CONSULT, Dates(day(5)))
    assert generalize(world, source)[later.id] == Outcome(later.id, (PRIVATE,), "already-member")


def test_a_group_where_the_one_waits_for_a_day_to_come_is_given(world):
    """A membership that waits counts, whenever it begins."""
    source, other = world.user(), world.user()
    add(world, source, DECLARE, Dates(day(5)))
    assert generalize(world, source)[other.id].gained == (DECLARE,)


def test_what_is_not_there_is_missing(world):
    user = world.user(CONSULT)
    with refused(world, "agreement-unknown"):
        generalize(world, user, agreement="none")
    stranger = world.as_member(user)
    world.organization = world.open_organization(SIRETS[1])
    world.agreement = world.open_agreement(world.organization)
    world.admin = world.claim(world.organization, "marie@dinum.example").actor
    with refused(world, "user-unknown"):
        generalize(world, stranger)


def test_a_long_list_is_taken_in_chunks_and_everybody_gains(world):
    source = world.user(CONSULT)
    others = [world.user() for _ in range(CHUNK + 3)]
    outcomes = generalize(world, source)
    assert all(outcomes[other.id].gained == (CONSULT,) for other in others)


def test_the_operator_generalizes_while_the_seat_is_vacant(world):
    """R34."""
    source, other = world.user(CONSULT), world.user()
    with refused(world, "seat-held"):
        generalize(world, source, by=AGENT)
    vacate(world)
    assert generalize(world, source, by=AGENT)[other.id].gained == (CONSULT,)


def test_each_gain_is_recorded_as_a_membership_like_any_other(world):
    """R40."""
    source = world.user(CONSULT)
    world.user()
    before = len(records(world))
    generalize(world, source)
    told = records(world)[before:]
    assert [type(record.event).__name__ for record in told] == ["MemberAdded"] * 2
    assert {record.by for record in told} == {world.admin}


def test_a_manager_to_come_is_spared_too(world):
    """R30."""
    manager, later, source = world.manager(CONSULT), world.user(), world.user(CONSULT)
    delegate(world, later, PRIVATE, dates=Dates(day(5)))
    assert generalize(world, source, by=manager)[later.id].refused == "on-manager"
