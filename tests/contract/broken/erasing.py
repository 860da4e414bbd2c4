"""Erasures that leave something, or take too much."""

from __future__ import annotations

from attrs import evolve

from habilitation.adapters.memory import MemoryStore, MemoryTransaction, Shelf
from habilitation.adapters.memory.attempts import MemoryAttempts
from habilitation.adapters.memory.credentials import MemoryCredentials
from habilitation.adapters.memory.links import MemoryLinks
from habilitation.adapters.memory.outbox import MemoryOutbox
from habilitation.adapters.memory.security_log import MemorySecurityLog
from habilitation.domain.actors import Member
from habilitation.domain.organization import OrganizationState
from habilitation.ports.outbox import Delivery
from habilitation.ports.store import Closed
from tests.contract.broken.breaking import breaks


@breaks(MemoryCredentials, "forget", "test_the_others_stay_as_they_were")
def ends_everybodys_sessions(original, credentials, organization, user):
    credentials._sessions.clear()


@breaks(Shelf, "forget", "test_the_texts_that_the_erasure_names_are_gone")
def keeps_the_papers(original, shelf, erased):
    """A person is a row, and no more."""
    original(shelf, evolve(erased, papers=frozenset()))


@breaks(MemoryCredentials, "forget", "test_no_session_is_left", "test_the_login_opens_nothing_and_is_never_given_again")
def frees_the_login_and_leaves_sessions(original, credentials, organization, user):
    owners = credentials._owners.items()
    credentials._owners = {digest: owner for digest, owner in owners if owner != (organization, user)}


@breaks(MemoryLinks, "forget", "test_no_link_is_left")
def leaves_links(original, links, organization, user):
    pass


@breaks(MemorySecurityLog, "forget", "test_the_security_log_forgets_where_the_person_was")
def forgets_where_somebody_did_something_alone(original, log, organization, user):
    for line in list(log._lines.values()):
        if line.fact.actor == Member(organization, user):
            log._lines[line.id] = evolve(line, fact=evolve(line.fact, source=""))


@breaks(Delivery, "concerns", "test_what_was_not_delivered_is_dropped_and_no_answer_of_a_server_is_kept")
def drops_messages_to_the_person_alone(original, delivery, user):
    return delivery.message.notice.to == user


@breaks(Shelf, "forget", "test_the_chain_holds_and_replay_gives_the_state")
def erases_the_account_with_the_person(original, shelf, erased):
    original(shelf, erased)
    shelf.users[erased.user] = evolve(shelf.users[erased.user], agreement=None)


@breaks(MemoryCredentials, "forget", "test_the_same_id_elsewhere_is_somebody_else")
def erases_by_user_alone(original, credentials, organization, user):
    credentials._untie(lambda owner: owner[1] == user)


@breaks(MemoryTransaction, "save", "test_an_erasure_that_is_stopped_leaves_everything")
def erases_before_it_commits(original, transaction, changes):
    """What is erased is erased at once, whatever becomes of the act."""
    original(transaction, changes)
    if changes.erased:
        transaction._shelf.forget(changes.erased)


@breaks(MemoryStore, "register", "test_an_erasure_over_a_stale_credential_leaves_everything")
def erases_before_it_looks_at_the_credential(original, store, changes):
    if changes.erased:
        store._forget(changes.organization.id, changes.erased.user)
    original(store, changes)


@breaks(MemoryStore, "wipe", "test_wiping_changes_nothing_that_can_be_asked")
def wipes_what_was_delivered_and_dropped(original, store):
    store.outbox._deliveries.clear()


@breaks(MemoryAttempts, "forgive", "test_what_was_tried_with_the_login_is_forgotten")
def remembers_what_was_tried_with_a_dead_login(original, attempts, login):
    pass


# Who is due


@breaks(MemoryStore, "closed", "test_who_was_closed_by_then_is_found_the_longest_closed_first")
def begins_each_page_of_the_due_anew(original, store, until, most, organization=None, after=None):
    return original(store, until, most, organization)


@breaks(Closed, "of", "test_neither_who_is_open_again_nor_who_is_erased_is_found")
def finds_who_is_erased_already(original, cls, organization, user):
    return original(cls, organization, evolve(user, erased=False))


@breaks(Closed, "of", "test_whoever_is_in_a_closed_organization_was_closed_with_it")
def looks_at_accounts_alone(original, cls, organization, user):
    return original(cls, evolve(organization, state=OrganizationState.OPEN), user)


@breaks(MemoryStore, "closed_organizations", "test_closed_organizations_are_found_the_longest_closed_first")
def lists_closed_organizations_by_id(original, store, until, most):
    return sorted(original(store, until, 10**9))[:most]


# A whole organization


@breaks(MemoryStore, "dropped", "test_what_is_dropped_leaves_the_head_of_its_journal")
def drops_the_head_too(original, store, organization):
    return None


@breaks(MemoryCredentials, "drop", "test_nothing_of_it_is_found_by_any_other_way")
def frees_the_logins_of_what_is_dropped(original, credentials, organization):
    original(credentials, organization)
    credentials._owners = {digest: owner for digest, owner in credentials._owners.items() if owner[0]}


@breaks(MemoryOutbox, "drop", "test_other_organizations_stay_as_they_were")
def drops_everybodys_messages(original, outbox, organization):
    outbox._deliveries.clear()


@breaks(MemorySecurityLog, "drop", "test_the_security_log_forgets_it_and_keeps_what_was_read_of_others")
def keeps_lines_about_what_is_dropped(original, log, organization):
    pass


@breaks(MemoryTransaction, "drop", "test_a_dropping_that_is_stopped_leaves_everything")
def drops_at_once(original, transaction):
    transaction._store.drop(transaction._id, transaction.head)
