"""R3: the catalog changes from an instant on, and rewrites no past answer; its own journal verifies."""

from __future__ import annotations

from datetime import timedelta

import pytest
from attrs import evolve

from habilitation.domain.access import Why
from habilitation.domain.period import Dates
from habilitation.domain.requests import GroupChange, GroupOpening, GroupRetirement, NewAgreement
from habilitation.domain.values import Permission
from habilitation.testing.world import AFAS, AGENT, CONSULT, DECLARE, PRIVATE, TO_CONSULT, TO_SEE, World
from tests.steps import (
    add,
    assign,
    change,
    check,
    close,
    create,
    day,
    delegate,
    over,
    refuse_role,
    refused,
    show,
    take_out,
    unchanged,
)

NEW = Permission("bailleur:print")


def redefine(world: World, by=AGENT, **fields):
    return world.portal.change_group(GroupChange(PRIVATE, **fields), by=by)


def retire(world: World, by=AGENT):
    return world.portal.retire_group(GroupRetirement(PRIVATE), by=by)


def test_another_set_of_permissions_holds_from_that_instant_on(world):
    user = add(world, create(world), PRIVATE)
    world.clock.instant += timedelta(hours=1)
    redefine(world, permissions=(NEW,))
    assert check(world, user, NEW).allowed
    assert check(world, user, NEW).path.period.start == world.clock.now()
    assert check(world, user, TO_SEE).why is Why.NO_GROUP_GIVES_IT


def test_what_a_group_gave_then_it_still_gave_then(world):
    """R39."""
    before = world.clock.now()
    world.clock.instant += timedelta(hours=1)
    redefine(world, permissions=(NEW,))
    catalog = world.portal.ports.store.catalog()
    assert [group.code for group in catalog.giving(TO_SEE, before)] == [PRIVATE]
    assert not catalog.giving(NEW, before)


def test_a_document_that_is_needed_from_now_on_makes_new_members_wait_and_no_old_ones(world):
    """R26."""
    old = add(world, create(world), PRIVATE)
    redefine(world, needs_document=True)
    new = add(world, world.user(), PRIVATE)
    assert check(world, old, TO_SEE).allowed
    assert check(world, new, TO_SEE).why is Why.ROLE_NOT_ASSIGNED
    redefine(world, needs_document=False)
    assert check(world, new, TO_SEE).why is Why.ROLE_NOT_ASSIGNED
    assign(world, new)
    assert check(world, new, TO_SEE).allowed


def test_another_label_is_shown(world):
    user = add(world, create(world), PRIVATE)
    redefine(world, label="Logements")
    assert show(world, user).memberships[0].group == "Logements"


def test_what_is_left_out_stays_and_nothing_new_records_nothing(world):
    with unchanged(world):
        redefine(world)
        redefine(world, label="Logements privés", permissions=(TO_SEE,), needs_document=False)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"permissions": ()}, "permissions-missing"),
        ({"permissions": (TO_CONSULT,)}, "permission-of-another-service"),
        ({"permissions": ("",)}, "reference-malformed"),
        ({"label": ""}, "name-missing"),
    ],
)
def test_a_definition_that_could_not_be_made_is_not_changed_into(world, fields, code):
    [field] = fields
    told = {} if code.startswith("permission") else {"field": field}
    with refused(world, code, **told):
        redefine(world, **fields)


def test_a_retired_group_gives_nothing_any_more(world):
    user = add(world, create(world), PRIVATE)
    retire(world)
    assert check(world, user, TO_SEE).why is Why.NO_GROUP_GIVES_IT
    assert show(world, user).memberships[0].group == "Logements privés"


def test_what_a_retired_group_gave_then_it_still_gave_then(world):
    """R39."""
    before = world.clock.now()
    world.clock.instant += timedelta(hours=1)
    retire(world)
    catalog = world.portal.ports.store.catalog()
    assert [group.code for group in catalog.giving(TO_SEE, before)] == [PRIVATE]
    assert not catalog.giving(TO_SEE, world.clock.now())


def test_a_retired_group_is_neither_given_nor_opened_nor_changed_nor_retired_again(world):
    user, other = add(world, create(world), PRIVATE, Dates(None, day(9))), world.user()
    asked = NewAgreement(world.organization.id, "OTHER", "Other", (AFAS, "BAILLEUR"), (CONSULT,))
    agreement = world.portal.open_agreement(asked, by=AGENT)
    retire(world)
    for act in (
        lambda: add(world, other, PRIVATE),
        lambda: create(world, groups=(PRIVATE,), email="new@oliviers.example"),
        lambda: change(world, user, Dates(None, day(20))),
        lambda: world.portal.open_group(GroupOpening(world.organization.id, agreement.id, PRIVATE), by=AGENT),
        lambda: redefine(world, label="Logements"),
        lambda: delegate(world, other, CONSULT, PRIVATE),
        lambda: retire(world),
    ):
        with refused(world, "group-retired"):
            act()
    take_out(world, user)


def test_that_a_group_is_retired_is_said_before_what_is_wrong_with_the_user_or_the_days(world):
    """R14, R25: as everything that keeps a group from being given."""
    closed = close(world, world.user())
    retire(world)
    for act in (
        lambda: add(world, closed, PRIVATE),
        lambda: create(world, groups=(PRIVATE,), email="new@oliviers.example", dates=Dates(day(-1))),
    ):
        with refused(world, "group-retired"):
            act()


def test_of_a_retired_group_no_role_is_assigned(world):
    """R26: what waits can be refused."""
    user = add(world, create(world), DECLARE)
    world.portal.retire_group(GroupRetirement(DECLARE), by=AGENT)
    with refused(world, "group-retired"):
        assign(world, user)
    refuse_role(world, user)


def test_only_the_operator_changes_the_catalog(world):
    with refused(world, "act-forbidden"):
        redefine(world, label="Mine", by=world.admin)
    with refused(world, "act-forbidden"):
        retire(world, by=world.admin)


def test_a_group_that_is_not_defined_is_missing(world):
    with refused(world, "group-unknown"):
        world.portal.change_group(GroupChange("NO-GROUP", label="x"), by=AGENT)
    with refused(world, "group-unknown"):
        world.portal.retire_group(GroupRetirement("NO-GROUP"), by=AGENT)


def test_the_catalogs_own_chain_verifies_and_replays_into_what_is_stored(world):
    """R40, R42."""
    kept = world.portal.catalog_head(by=AGENT)
    redefine(world, permissions=(NEW,))
    retire(world)
    found = world.portal.verify_catalog(by=AGENT, kept=kept)
    assert (found.sound, found.entries) == (True, kept.sequence + 2)


def test_a_definition_that_was_dropped_or_rewritten_shows_against_a_head_that_was_kept(world):
    """R40, I9."""
    kept = world.portal.catalog_head(by=AGENT)
    for other, problem in (
        (evolve(kept, sequence=kept.sequence + 1), "dropped"),
        (evolve(kept, hash="0"), "rewritten"),
    ):
        found = world.portal.verify_catalog(by=AGENT, kept=other)
        assert (found.sound, found.flaw.problem) == (False, problem)


def test_a_catalog_that_is_not_what_its_journal_tells_is_found(world):
    """R42."""
    kept = world.portal.ports.store.catalog_entries()
    portal = over(world, catalog_entries=lambda: kept[:-1])
    assert not portal.verify_catalog(by=AGENT).sound


def test_only_the_operator_verifies_it(world):
    for act in (world.portal.catalog_head, world.portal.verify_catalog):
        with refused(world, "act-forbidden"):
            act(by=world.admin)


def test_a_flawed_chain_replays_into_nothing(world):
    """R40."""
    kept = world.portal.ports.store.catalog_entries()
    portal = over(world, catalog_entries=lambda: kept[1:])
    found = portal.verify_catalog(by=AGENT)
    assert (found.sound, found.replayed, found.flaw is None) == (False, False, False)


def test_a_definition_whose_instant_is_not_what_its_bytes_say_is_found(world):
    """R40."""
    *kept, last = world.portal.ports.store.catalog_entries()
    moved = evolve(last, at=last.at + timedelta(days=1))
    found = over(world, catalog_entries=lambda: (*kept, moved)).verify_catalog(by=AGENT)
    assert (found.sound, found.flaw.sequence) == (False, last.sequence)
