"""Lists that skip or repeat, and orders of their own."""

from __future__ import annotations

from attrs import evolve

from habilitation.adapters.memory import MemorySnapshot, Shelf
from habilitation.domain.refusals import CursorMalformed
from habilitation.ports.queries import UserFilter, UserRow
from tests.contract.broken.breaking import breaks


@breaks(UserRow, "place", "test_a_list_is_what_a_list_in_python_would_be")
def orders_names_as_they_are_written(original, row):
    """Accents and capitals after everything else."""
    return (row.person.last_name.text, row.person.first_name.text, row.user.id)


@breaks(UserRow, "searched", "test_a_list_is_what_a_list_in_python_would_be")
def searches_names_as_they_are_written(original, row):
    return [row.person.last_name.text, row.person.first_name.text, row.person.email.text, row.login.text]


@breaks(MemorySnapshot, "users", "test_pages_put_together_are_the_whole_list[7]")
def skips_the_first_of_the_next_page(original, rows, wanted, after, most):
    found = original(rows, wanted, after, most + 1)
    return found[1:] if after else found[:most]


@breaks(MemorySnapshot, "users", "test_pages_put_together_are_the_whole_list[7]")
def repeats_the_last_of_the_former_page(original, rows, wanted, after, most):
    found = original(rows, wanted, None, 10**9)
    last = next((place for place, row in enumerate(found) if row.user.id == after), 0)
    return found[last:][:most]


@breaks(
    MemorySnapshot,
    "users",
    "test_a_list_goes_on_after_a_user_who_was_removed_meanwhile",
    "test_a_cursor_that_was_never_given_is_refused",
)
def begins_anew_after_a_user_who_is_not_listed(original, rows, wanted, after, most):
    try:
        listed = after is None or not rows.find_user(after).removed
        return original(rows, wanted, after if listed else None, most)
    except (AttributeError, CursorMalformed):
        return original(rows, wanted, None, most)


@breaks(UserFilter, "takes", "test_a_removed_user_is_not_listed")
def lists_removed_users(original, wanted, row):
    return original(wanted, evolve(row, user=evolve(row.user, removed=False)))


@breaks(Shelf, "_put_person", "test_a_changed_name_moves_the_user_in_the_list")
def writes_a_person_once(original, shelf, user, person):
    if user not in shelf.people:
        original(shelf, user, person)


@breaks(MemorySnapshot, "ever_in", "test_who_was_ever_in_a_group_is_found_whatever_became_of_it")
def finds_who_is_in_a_group_now(original, rows, groups, after, most):
    users = (user for user in rows._shelf.users.values() if not user.removed)
    held = (user.id for user in users if any(one.place.group in groups for one in user.account.memberships))
    return sorted(id for id in held if after is None or id > after)[:most]
