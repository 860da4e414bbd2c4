"""Organizations that see each other, and registries that let pass what is taken."""

from __future__ import annotations

from attrs import evolve

from habilitation.adapters.memory import MemorySnapshot, MemoryStore, MemoryTransaction, Shelf
from habilitation.adapters.memory.credentials import MemoryCredentials
from habilitation.adapters.memory.outbox import MemoryOutbox
from habilitation.domain.organization import Organization
from habilitation.domain.refusals import Conflict, CursorMalformed
from habilitation.domain.values import OrganizationId
from tests.contract.broken.breaking import breaks


@breaks(MemorySnapshot, "organization", "test_nothing_is_known_of_an_organization_that_is_not_there")
def gives_an_empty_organization_where_there_is_none(original, rows):
    return original.fget(rows) or Organization(OrganizationId("none"))


@breaks(MemoryStore, "organizations", "test_organizations_are_listed_in_the_order_of_their_opening")
def lists_organizations_by_id(original, store, *args, **kwargs):
    return sorted(original(store, *args, **kwargs))


@breaks(MemoryStore, "organizations", "test_organizations_are_listed_some_at_a_time")
def begins_anew_after_an_organization_that_it_does_not_know(original, store, after=None, most=None, text=""):
    try:
        return original(store, after, most, text)
    except CursorMalformed:
        return original(store, None, most, text)


@breaks(Shelf, "called", "test_organizations_are_found_by_a_part_of_their_names")
def looks_for_names_as_they_are_written(original, shelf):
    return shelf.particulars.name


@breaks(MemoryStore, "siret_holder", "test_a_siret_leads_to_its_organization")
def gives_some_organization_for_any_siret(original, store, siret):
    return next(iter(store.sirets.values()), None)


@breaks(
    MemoryCredentials,
    "of",
    "test_the_same_user_id_in_two_organizations_is_two_users",
    "test_users_are_not_found_from_another_organization",
    "test_nothing_is_known_of_who_has_none",
    raising=Conflict,
)
def keeps_credentials_by_user_alone(original, credentials, organization, user):
    return next((kept for (_, id), kept in credentials._kept.items() if id == user), None)


@breaks(MemorySnapshot, "papers", "test_papers_are_not_found_from_another_organization")
def keeps_papers_by_seal_alone(original, rows, seals):
    papers = {seal: paper for shelf in rows._store._shelves.values() for seal, paper in shelf.papers.items()}
    return {seal: papers[seal].text for seal in seals if seal in papers}


@breaks(MemorySnapshot, "papers", "test_papers_are_found_by_their_seals")
def gives_an_empty_text_for_a_paper_that_is_not_there(original, rows, seals):
    return {seal: original(rows, [seal]).get(seal, "") for seal in seals}


@breaks(MemoryTransaction, "siret_holder", "test_a_siret_is_found_with_its_holder")
def does_not_look_for_sirets(original, transaction, siret):
    return None


@breaks(Shelf, "take", "test_particulars_are_loaded_as_they_were_saved")
def forgets_particulars_that_an_act_does_not_repeat(original, shelf, changes, entries):
    original(shelf, changes, entries)
    shelf.particulars = changes.particulars


@breaks(Shelf, "take", "test_a_contact_that_is_reached_by_post_is_loaded_as_it_was_saved")
def has_no_column_for_post(original, shelf, changes, entries):
    original(shelf, changes, entries)
    shelf.particulars = evolve(shelf.particulars, postal=None)


@breaks(MemoryStore, "_register_siret", "test_two_openings_with_one_siret_leave_one_organization")
def gives_a_siret_to_whoever_comes_last(original, store, changes):
    if changes.particulars:
        store.sirets[changes.particulars.siret] = changes.organization.id


@breaks(
    MemoryStore,
    "_register_siret",
    "test_a_siret_that_was_changed_is_another_ones_to_have",
    "test_the_siret_of_a_closed_organization_is_another_ones_to_have",
)
def never_frees_a_siret(original, store, changes):
    id, sought = changes.organization.id, changes.particulars
    if sought and store.sirets.setdefault(sought.siret, id) != id:
        raise Conflict()


@breaks(MemoryStore, "register", "test_a_dead_login_is_never_given_again")
def frees_dead_logins(original, store, changes):
    """Looks for a login among those that are alive."""
    alive = {kept.login.digest for kept in store.credentials._kept.values() if kept.login}
    for digest in set(store.credentials._owners) - alive:
        del store.credentials._owners[digest]
    original(store, changes)


@breaks(
    MemoryCredentials,
    "require_storable",
    "test_a_login_is_unique_over_the_whole_portal",
    "test_two_users_given_one_login_leave_one",
)
def has_a_registry_of_logins_for_each_organization(original, credentials, credential, *freed):
    owner = credentials._owners.get(credential.login.digest) if credential.login else None
    if owner and owner[0] == credential.organization:
        raise Conflict()


@breaks(MemorySnapshot, "with_email", "test_an_email_is_found_by_its_normal_form_only")
def compares_emails_as_typed(original, rows, normal):
    typed = {id for id, person in rows._shelf.people.items() if person.email.text == normal}
    return [rows._shelf.users[id] for id in typed]


@breaks(MemorySnapshot, "with_email", "test_the_email_of_a_closed_user_is_found_too")
def finds_emails_of_open_accounts_alone(original, rows, normal):
    return [user for user in original(rows, normal) if user.account.term.end is None]


@breaks(Shelf, "_untie", "test_a_changed_email_is_found_and_the_former_is_not", "test_nothing_tells_who_it_was")
def leaves_former_search_keys(original, shelf, user):
    """Erasing takes away the person alone."""


@breaks(MemorySnapshot, "managers", "test_managers_are_those_whose_latest_account_has_a_delegation")
def takes_whoever_was_ever_a_manager_for_one(original, rows):
    users = rows._shelf.users.values()
    return [user for user in users if any(account.delegation for account in user.accounts)]


@breaks(MemoryOutbox, "take", "test_messages_of_one_organization_are_taken_alone")
def takes_messages_of_all_organizations(original, outbox, now, until, most, organization=None):
    return original(outbox, now, until, most)
