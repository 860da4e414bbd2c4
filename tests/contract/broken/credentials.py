"""Credentials, sessions and links that open what they should not."""

from __future__ import annotations

from datetime import UTC, datetime
from time import sleep

from attrs import evolve

from habilitation.adapters.memory import MemorySnapshot
from habilitation.adapters.memory.credentials import MemoryCredentials
from habilitation.adapters.memory.links import MemoryLinks
from habilitation.domain.actors import Stage
from habilitation.domain.link import LASTING, LinkPurpose
from habilitation.domain.refusals import Conflict
from habilitation.ports.links import PRUNED_BY_EACH
from habilitation.ports.outbox import Delivery, MessageState
from tests.contract.broken.breaking import breaks

LONG_AGO = datetime.min.replace(tzinfo=UTC)


@breaks(MemoryCredentials, "put", "test_a_credential_is_loaded_as_it_was_saved")
def keeps_one_minted_password(original, credentials, credential):
    original(credentials, evolve(credential, minted=credential.minted[-1:]))


@breaks(MemoryCredentials, "by_login", "test_a_credential_is_found_by_its_login")
def finds_somebody_by_any_login(original, credentials, login):
    return next(iter(credentials._kept.values()), None)


@breaks(MemoryCredentials, "by_login", "test_a_dead_credential_is_not_found_by_its_login")
def finds_dead_credentials(original, credentials, login):
    owner = credentials._owners.get(login.digest)
    return credentials._kept.get(owner) if owner else None


@breaks(
    MemoryCredentials,
    "put",
    "test_an_identity_finds_the_credentials_that_it_opens",
    "test_no_identity_is_left",
)
def keeps_identities_that_were_unbound(original, credentials, credential):
    before = credentials.of(credential.organization, credential.user)
    original(credentials, credential)
    if before and before.identity and not credential.identity:
        owner = (credential.organization, credential.user)
        credentials._kept[owner] = evolve(credential, identity=before.identity)


@breaks(MemoryCredentials, "_require_unbound", "test_an_identity_opens_one_account_of_an_organization")
def lets_an_identity_open_several_accounts(original, credentials, credential, freed):
    pass


@breaks(MemoryCredentials, "_require_unbound", "test_one_act_passes_an_identity_on", raising=Conflict)
def looks_at_identities_before_the_act(original, credentials, credential, freed):
    """And not as the act leaves them one after another."""
    original(credentials, credential, ())


@breaks(
    MemoryCredentials,
    "require_storable",
    "test_a_change_over_a_stale_version_is_refused",
    "test_an_erasure_over_a_stale_credential_leaves_everything",
)
def takes_the_last_word(original, credentials, credential, *freed):
    """Minting undoes what was chosen meanwhile."""


@breaks(MemoryCredentials, "require_storable", "test_a_version_cannot_be_skipped")
def takes_any_later_version(original, credentials, credential, *freed):
    stored = credentials.of(credential.organization, credential.user)
    if stored and credential.version <= stored.version:
        raise Conflict()


@breaks(MemoryCredentials, "require_storable", "test_what_is_not_there_cannot_be_changed")
def makes_what_is_not_there(original, credentials, credential, *freed):
    if credentials.of(credential.organization, credential.user):
        original(credentials, credential, *freed)


@breaks(MemoryCredentials, "save", "test_of_several_changes_at_once_one_is_made")
def compares_and_swaps_in_two_steps(original, credentials, credential):
    credentials.require_storable(credential)
    sleep(0.01)  # others have every chance
    credentials.put(credential)


@breaks(MemoryCredentials, "save_telling", "test_a_message_is_stored_with_the_change_that_it_goes_with")
def loses_the_message_of_a_change(original, credentials, credential, message, due):
    credentials.save(credential)


@breaks(MemoryCredentials, "save_telling", "test_a_message_is_not_stored_where_the_change_is_refused")
def queues_the_message_before_the_change(original, credentials, credential, message, due):
    credentials._outbox.put(Delivery(message, MessageState.WAITING, 0, due))
    credentials.save(credential)


# Sessions


@breaks(
    MemorySnapshot,
    "find_session",
    "test_a_session_is_found_by_its_digest",
    "test_a_session_of_another_organization_is_told_as_such",
)
def does_not_find_sessions_in_a_transaction(original, rows, digest):
    return None


@breaks(MemoryCredentials, "end_session", "test_an_ended_session_is_not_found")
def finds_sessions_after_their_end(original, credentials, digest):
    pass


@breaks(MemoryCredentials, "end_session", "test_ending_what_is_not_there_changes_nothing")
def ends_all_sessions_with_one(original, credentials, digest):
    credentials._sessions.clear()


@breaks(MemoryCredentials, "open_session", "test_every_stage_is_kept[Stage.PROVISIONAL]")
def opens_every_session_in_full(original, credentials, session, kept_since):
    original(credentials, evolve(session, stage=Stage.OWN), kept_since)


@breaks(MemoryCredentials, "open_session", "test_sessions_that_are_over_go_oldest_first_and_few_at_a_time")
def keeps_every_session(original, credentials, session, kept_since):
    original(credentials, session, LONG_AGO)


# Links


@breaks(MemoryLinks, "keep", "test_a_link_is_found_by_its_digest[LinkPurpose.EMAIL]")
def keeps_links_for_passwords_alone(original, links, digest, link, kept_since):
    original(links, digest, evolve(link, purpose=LinkPurpose.PASSWORD), kept_since)


@breaks(MemoryLinks, "keep", "test_every_link_of_a_generation_is_kept")
def keeps_one_link_of_a_user(original, links, digest, link, kept_since):
    links._kept = {other: kept for other, kept in links._kept.items() if kept.user != link.user}
    original(links, digest, link, kept_since)


@breaks(MemoryLinks, "last", "test_when_the_last_link_of_a_generation_dies_is_known")
def takes_the_latest_link_for_the_last(original, links, organization, user, purpose, generation):
    same = [link.expires for link in links._kept.values() if (link.user, link.generation) == (user, generation)]
    return same[-1] if same else None


@breaks(MemoryLinks, "keep", "test_links_that_are_over_go_oldest_first_and_few_at_a_time")
def keeps_every_link(original, links, digest, link, kept_since):
    original(links, digest, link, LONG_AGO)


@breaks(MemoryLinks, "keep", "test_a_link_to_object_is_kept_for_good")
def prunes_links_of_any_purpose(original, links, digest, link, kept_since):
    original(links, digest, link, kept_since)
    over = [(kept.expires, other) for other, kept in links._kept.items() if kept.expires < kept_since]
    for _, gone in [one for one in sorted(over) if links._kept[one[1]].purpose in LASTING][:PRUNED_BY_EACH]:
        del links._kept[gone]
