"""R44: where an identity provider signs people in, no password is minted, and one identity opens one account."""

from __future__ import annotations

from datetime import timedelta

import pytest

from habilitation.domain.actors import OperatorAgent, Session
from habilitation.domain.acts import Act
from habilitation.domain.credential import Standing
from habilitation.domain.email_change import EmailState
from habilitation.domain.events import IdentityLinked, IdentityUnlinked, SeatClaimed, UserCreated
from habilitation.domain.messages import PASSWORD_KINDS, MessageKind
from habilitation.domain.period import Dates
from habilitation.domain.refusals import Refusal, SessionEnded
from habilitation.domain.requests import (
    Activation,
    AdministratorClaim,
    EmailChanging,
    EmailConfirmation,
    IdentityLink,
    IdentityProof,
    OwnDetails,
    PasswordChange,
    Reissue,
    Resending,
)
from habilitation.domain.security import LineKind
from habilitation.domain.values import Identity
from habilitation.testing.world import AGENT, PASSWORD, SIRETS, World
from habilitation.use_cases.first_access import FirstAuthentication
from habilitation.use_cases.providers import Entrance
from tests.provider import (
    ISSUER,
    NONCE,
    Provider,
    activate,
    claimed,
    enter,
    link_identity,
    proof,
    sent,
    signed_in_by_a_provider,
    unlink_identity,
)
from tests.steps import (
    change_email,
    close,
    create,
    day,
    deliveries,
    erase,
    force,
    logged,
    operate,
    own,
    records,
    refused,
    reinstate,
    reopen,
    status,
    suspend,
    unchanged,
    vacate,
)

CONTACT = f"contact-{SIRETS[0]}@oliviers.example"
LUC = "luc.petit@oliviers.example"


@pytest.fixture
def world(store):
    """An organization whose administrator, Anne, an identity provider signed in."""
    world = signed_in_by_a_provider(World.over(store))
    world.organization = world.open_organization()
    world.agreement = world.open_agreement(world.organization)
    world.admin = claimed(world, "anne", CONTACT).actor
    return world


@pytest.fixture
def user(world):
    """Luc, who has not followed his link yet."""
    return create(world)


@pytest.fixture
def link(world, user):
    return sent(world, LUC)


def credential(world, user):
    with world.portal.ports.store.reading(world.organization.id) as rows:
        return rows.find_credential(user.id)


def lines(world, kind):
    return logged(world, kind=kind)[::-1]


def still_good(world, session):
    """Whether an act by the session is accepted (R23)."""
    try:
        world.portal.change_own_details(OwnDetails(world.organization.id, phone="0123456789"), by=session)
    except SessionEnded:
        return False
    return True


# What leaves


def test_no_password_is_ever_minted(world, user):
    """R12: two messages still, the login and then the link."""
    force(world, user)
    world.portal.resend_credentials(Resending(world.organization.id, user.id), by=world.admin)
    world.portal.reissue_credentials(Reissue(world.open_organization(SIRETS[1]).id), by=AGENT)
    world.portal.deliver_notifications()
    assert not PASSWORD_KINDS & {delivery.message.notice.kind for delivery in deliveries(world)}
    assert [letter for letter in world.mailbox.letters if letter.password is not None] == []
    assert credential(world, user).minted == ()


def test_a_created_user_gets_a_login_and_a_link_in_two_messages(world, user):
    world.portal.deliver_notifications()
    login, link = world.mailbox.to(LUC)
    assert (login.kind, link.kind) == (MessageKind.LOGIN, MessageKind.ACTIVATION)
    assert login.login is not None
    assert link.token is not None
    assert link.expires == world.clock.now() + timedelta(days=30)


def test_the_link_of_an_account_that_opens_later_lives_from_its_opening_on(world):
    """R19."""
    create(world, dates=Dates(day(40)))
    link = sent(world, LUC)
    world.clock.move(days=69)
    assert isinstance(activate(world, link, "luc"), Session)


def test_the_contact_gets_a_login_and_a_link_that_dies_with_first_credentials(world):
    """R4."""
    world.open_organization(SIRETS[1])
    world.clock.move(days=1)
    world.portal.deliver_notifications()
    login, link = world.mailbox.to(f"contact-{SIRETS[1]}@oliviers.example")
    assert (login.kind, link.kind) == (MessageKind.FIRST_LOGIN, MessageKind.FIRST_ACTIVATION)
    assert link.expires == world.clock.now() + timedelta(days=59)


def test_without_a_provider_passwords_leave_and_identities_open_nothing(store):
    world = World.administered(store)
    assert world.sign_in(world.user())
    with refused(world, "identities-not-used"):
        enter(world, "anne")
    with refused(world, "identities-not-used"):
        activate(world, "any", "anne")


# Activating


def test_following_the_link_binds_the_identity_and_signs_in(world, user, link):
    session = activate(world, link, "luc")
    assert (session.actor, still_good(world, session)) == (world.as_member(user), True)
    assert enter(world, "luc").actor == world.as_member(user)
    assert credential(world, user).standing is Standing.IDENTITY


def test_binding_is_an_act_of_the_user_that_names_nobody_else(world, user, link):
    """R40, R41."""
    activate(world, link, "luc")
    last = records(world)[-1]
    assert (last.event, last.by) == (IdentityLinked(user.id), world.as_member(user))


def test_of_an_identity_the_store_keeps_a_digest_only(world, user, link, tmp_path):
    """R41."""
    activate(world, link, "subject-of-luc")
    assert credential(world, user).identity == Identity(ISSUER, "subject-of-luc").digest
    assert not any(b"subject-of-luc" in file.read_bytes() for file in tmp_path.iterdir())


@pytest.mark.parametrize("subject", ["luc", "eve"])
def test_a_link_works_once(world, link, subject):
    """Nor for another who reads the mailbox later."""
    activate(world, link, "luc")
    with refused(world, "link-used"):
        activate(world, link, subject)


def test_a_link_that_was_sent_again_kills_the_one_before(world, user, link):
    world.portal.resend_credentials(Resending(world.organization.id, user.id), by=world.admin)
    with refused(world, "link-used"):
        activate(world, link, "luc")
    assert isinstance(activate(world, sent(world, LUC), "luc"), Session)


def test_a_link_comes_too_late_after_thirty_days(world, link):
    world.clock.move(days=30)
    with refused(world, "link-expired"):
        activate(world, link, "luc")


def test_a_link_that_nobody_sent_is_unknown(world):
    with refused(world, "link-unknown"):
        activate(world, "nobody-sent-it", "luc")


@pytest.mark.parametrize(
    ("done", "code"),
    [
        (close, "account-is-closed"),
        (suspend, "account-is-suspended"),
        (lambda world, user: operate(world, "close_organization"), "account-is-closed"),
        (lambda world, user: erase(world, close(world, user)), "link-unknown"),
    ],
)
def test_a_link_to_an_account_that_is_not_open_says_so(world, user, link, done, code):
    """R15, R17, R18."""
    done(world, user)
    with refused(world, code):
        activate(world, link, "luc")


def test_a_link_to_an_account_that_is_not_open_yet_says_so(world):
    create(world, dates=Dates(day(3)))
    link = sent(world, LUC)
    with refused(world, "account-not-open-yet"):
        activate(world, link, "luc")


def test_what_the_provider_did_not_sign_binds_nothing(world, link):
    with refused(world, "identity-token-refused", problem="nonce"):
        world.portal.activate(Activation(link, IdentityProof(Provider(world.clock).token("luc"), "another")))


# One account in each organization


def test_an_identity_opens_one_account_of_an_organization(world, link):
    with refused(world, "identity-taken"):
        activate(world, link, "anne")


def test_a_closed_account_gives_its_identity_up(world, user, link):
    """Whoever comes back may get a new account instead of the old one; both binding and giving up are told."""
    activate(world, link, "luc")
    close(world, user)
    again = create(world)
    assert activate(world, sent(world, LUC), "luc").actor == world.as_member(again)
    assert [record.event for record in records(world)][-2:] == [IdentityUnlinked(user.id), IdentityLinked(again.id)]
    assert credential(world, user).identity is None


def test_an_identity_has_accounts_in_several_organizations_and_chooses(world):
    other = world.open_organization(SIRETS[1], "LES TILLEULS")
    there = claimed(world, "anne", f"contact-{SIRETS[1]}@oliviers.example")
    assert set(enter(world, "anne")) == {
        Entrance(world.organization.id, "LES OLIVIERS", world.admin.user),
        Entrance(other.id, "LES TILLEULS", there.user),
    }
    assert enter(world, "anne", other.id).actor == there.actor
    assert enter(world, "anne", world.organization.id).actor == world.admin


def test_an_account_that_is_not_open_is_no_choice(world):
    other = world.open_organization(SIRETS[1])
    there = claimed(world, "anne", f"contact-{SIRETS[1]}@oliviers.example")
    operate(world, "close_organization")
    assert enter(world, "anne").actor == there.actor
    assert other.id == there.organization


# Signing in


@pytest.mark.parametrize("subject", ["stranger", "luc"])
def test_an_identity_that_nothing_is_bound_to_is_refused_like_any_failed_sign_in(world, link, subject):
    """R22: before and without the link."""
    with refused(world, "sign-in-refused"):
        enter(world, subject)


def test_an_identity_enters_no_organization_where_it_has_no_account(world):
    other = world.open_organization(SIRETS[1])
    with refused(world, "sign-in-refused"):
        enter(world, "anne", other.id)


@pytest.mark.parametrize(
    ("done", "code"),
    [
        (close, "account-is-closed"),
        (suspend, "account-is-suspended"),
        (lambda world, user: erase(world, close(world, user)), "sign-in-refused"),
        (lambda world, user: unlink_identity(world, user, world.admin), "sign-in-refused"),
        (force, "sign-in-refused"),
    ],
)
def test_what_keeps_a_bound_identity_out_is_told_and_ends_its_sessions(world, user, link, done, code):
    """R15, R17, R18, R23, R24."""
    session = activate(world, link, "luc")
    done(world, user)
    with refused(world, code):
        enter(world, "luc")
    assert not still_good(world, session)


def test_reinstated_the_same_identity_enters_again(world, user, link):
    """R17, R23."""
    session = activate(world, link, "luc")
    reinstate(world, suspend(world, user))
    assert isinstance(enter(world, "luc"), Session)
    assert not still_good(world, session)


def test_reopening_sends_another_link_and_the_identity_is_bound_anew(world, user, link):
    """R14: nothing of the former period comes back."""
    activate(world, link, "luc")
    reopen(world, close(world, user))
    with refused(world, "sign-in-refused"):
        enter(world, "luc")
    assert isinstance(activate(world, sent(world, LUC), "luc"), Session)


@pytest.mark.parametrize("password", ["", PASSWORD, "another long password"])
def test_no_password_opens_an_account_that_an_identity_opens(world, user, link, password):
    login = world.mailbox.login_for(LUC)
    session = activate(world, link, "luc")
    with refused(world, "sign-in-refused"):
        world.portal.sign_in(login, password)
    with refused(world, "current-password-wrong"):
        world.portal.change_own_password(PasswordChange(password, "another long password"), by=session)


def test_whom_an_identity_signs_in_has_no_password_to_forget(world, user, link):
    """R21."""
    login = world.mailbox.login_for(LUC)
    activate(world, link, "luc")
    with unchanged(world):
        world.portal.forgot_password(login)


def test_whoever_lost_the_link_has_another_sent(world, user, link):
    """R21: by the way that a forgotten password goes, and it leads to no password."""
    world.portal.forgot_password(world.mailbox.login_for(LUC))
    again = sent(world, LUC)
    assert again != link
    assert world.mailbox.to(LUC)[-1].kind is MessageKind.ACTIVATION
    assert isinstance(activate(world, again, "luc"), Session)


# The security log


def test_the_security_log_keeps_each_way_in_and_each_failure(world, user, link):
    """R43: naming nobody whom nothing is bound to."""
    activate(world, link, "luc")
    world.portal.sign_in_externally(proof(world, "luc"), source="192.0.2.1")
    [last, first, *_] = lines(world, LineKind.SIGNED_IN)
    assert {last.actor, first.actor} == {world.as_member(user)}
    assert last.source == "192.0.2.1"
    suspend(world, user)
    for subject in ("luc", "stranger"):
        with pytest.raises(Refusal):
            enter(world, subject)
    with pytest.raises(Refusal):
        world.portal.sign_in_externally(IdentityProof("forged", NONCE))
    failed = lines(world, LineKind.SIGN_IN_FAILED)
    assert [(line.refusal, line.subjects, line.source) for line in failed] == [
        ("identity-token-refused", frozenset(), ""),
        ("sign-in-refused", frozenset(), ""),
        ("account-is-suspended", frozenset({user.id}), ""),
    ]


def test_an_activation_that_is_refused_is_kept_too(world, link):
    activate(world, link, "luc")
    with pytest.raises(Refusal):
        activate(world, link, "eve")
    assert [(line.act, line.refusal) for line in lines(world, LineKind.ACT_REFUSED)] == [("activate", "link-used")]


# The claim


def test_the_claim_binds_the_identity_that_followed_the_link(world):
    """R5."""
    told = [type(record.event) for record in records(world)]
    assert told.index(SeatClaimed) + 2 == told.index(UserCreated) + 1 == told.index(IdentityLinked)
    assert enter(world, "anne").actor == world.admin


def test_of_two_who_follow_the_first_link_only_one_becomes_administrator(world):
    """R5, I2."""
    organization = world.open_organization(SIRETS[1])
    link = sent(world, f"contact-{SIRETS[1]}@oliviers.example")
    one, other = activate(world, link, "luc"), activate(world, link, "eve")
    asked = AdministratorClaim("Petit", "Luc", "luc@b.example", "", one.text.version)
    world.portal.claim_administrator(asked, by=one.session)
    with refused(world, "organization-claimed"):
        world.portal.claim_administrator(asked, by=other.session)
    with refused(world, "link-used"):
        activate(world, link, "eve")
    with refused(world, "sign-in-refused"):
        enter(world, "eve", organization.id)


def test_the_session_of_the_first_link_only_claims(world):
    """R23."""
    world.open_organization(SIRETS[1])
    first = activate(world, sent(world, f"contact-{SIRETS[1]}@oliviers.example"), "luc")
    assert isinstance(first, FirstAuthentication)
    with refused(world, "claim-demanded"):
        world.portal.link_identity(IdentityLink(first.session.organization, proof(world, "luc")), by=first.session)


def test_whoever_a_provider_signs_in_claims_without_a_password(world):
    world.open_organization(SIRETS[1])
    first = activate(world, sent(world, f"contact-{SIRETS[1]}@oliviers.example"), "luc")
    asked = AdministratorClaim("Petit", "Luc", "luc@b.example", PASSWORD, first.text.version)
    with refused(world, "password-not-asked"):
        world.portal.claim_administrator(asked, by=first.session)


def test_the_first_link_dies_with_reissued_credentials_and_with_time(world):
    """R4."""
    organization = world.open_organization(SIRETS[1])
    contact = f"contact-{SIRETS[1]}@oliviers.example"
    link = sent(world, contact)
    world.portal.reissue_credentials(Reissue(organization.id), by=AGENT)
    with refused(world, "link-used"):
        activate(world, link, "luc")
    again = sent(world, contact)
    world.clock.move(days=60)
    with refused(world, "link-expired"):
        activate(world, again, "luc")


def test_whoever_has_an_account_there_does_not_claim_with_the_same_identity(world, user, link):
    """Told before the form is filled in."""
    activate(world, link, "luc")
    vacate(world)
    world.portal.reissue_credentials(Reissue(world.organization.id), by=AGENT)
    link = sent(world, CONTACT)
    with refused(world, "identity-taken"):
        activate(world, link, "luc")


def test_what_was_bound_meanwhile_is_taken_at_the_claim_too(world, user, link):
    vacate(world)
    world.portal.reissue_credentials(Reissue(world.organization.id), by=AGENT)
    first = activate(world, sent(world, CONTACT), "luc")
    activate(world, link, "luc")
    asked = AdministratorClaim("Petit", "Luc", "luc.claims@oliviers.example", "", first.text.version)
    with refused(world, "identity-taken"):
        world.portal.claim_administrator(asked, by=first.session)


# Linking and unlinking


@pytest.fixture
def session(world, link):
    return activate(world, link, "luc")


def test_whoever_is_signed_in_binds_another_identity_in_the_place_of_the_former(world, session):
    """R23: earlier sessions are over."""
    linked = link_identity(world, session, "luc-elsewhere")
    assert (still_good(world, linked), still_good(world, session)) == (True, False)
    assert enter(world, "luc-elsewhere").actor == session.actor
    with refused(world, "sign-in-refused"):
        enter(world, "luc")


def test_an_identity_is_bound_beside_a_password(store):
    """Where a portal that had passwords gets a provider: both open the account until one is taken away."""
    world = World.administered(store)
    user = world.user()
    session = world.sign_in(user)
    login = world.mailbox.login_for("zoe1@oliviers.example")
    signed_in_by_a_provider(world)
    link_identity(world, session, "zoe")
    assert world.portal.sign_in(login, PASSWORD).actor == enter(world, "zoe").actor
    unlink_identity(world, user, world.admin)
    assert world.portal.sign_in(login, PASSWORD).actor == session.actor
    with refused(world, "sign-in-refused"):
        enter(world, "zoe")


def test_what_opens_the_account_already_is_not_bound_again(world, session):
    with refused(world, "identity-linked-already"):
        link_identity(world, session, "luc")


def test_nobody_takes_anothers_identity(world, session):
    with refused(world, "identity-taken"):
        link_identity(world, session, "anne")


@pytest.mark.parametrize("by", [AGENT, OperatorAgent("another")])
def test_nobody_binds_an_identity_to_anothers_account(world, by):
    """Whoever administers users becomes none of them (R13)."""
    with refused(world, "act-forbidden", act=Act.LINK_OWN.value):
        world.portal.link_identity(IdentityLink(world.organization.id, proof(world, "eve")), by=by)


@pytest.mark.parametrize("who", ["oneself", "administrator", "operator"])
def test_oneself_the_administrator_and_the_operator_unbind_it(world, user, session, who):
    """R23, R40: whoever it was is told; every session is over."""
    by = {"oneself": session, "administrator": world.admin, "operator": AGENT}[who]
    unlink_identity(world, user, by)
    last = records(world)[-1]
    assert last.event == IdentityUnlinked(user.id)
    assert last.by == (session.actor if who == "oneself" else by)
    assert not still_good(world, session)
    with refused(world, "sign-in-refused"):
        enter(world, "luc")


def test_whoever_was_unbound_is_sent_another_link(world, user, session):
    """R19."""
    unlink_identity(world, user, world.admin)
    world.portal.resend_credentials(Resending(world.organization.id, user.id), by=world.admin)
    assert activate(world, sent(world, LUC), "luc").actor == world.as_member(user)


def test_a_manager_unbinds_nobody(world, user, session):
    manager = world.manager()
    with refused(world, "act-forbidden"):
        unlink_identity(world, user, manager)


def test_another_users_identity_is_missing_to_a_user(world, user, session):
    """R37."""
    other = world.as_member(world.user())
    with refused(world, "user-unknown"):
        unlink_identity(world, user, other)


def test_what_is_not_bound_is_not_unbound(world, user):
    with refused(world, "identity-not-linked"):
        unlink_identity(world, user, world.admin)


@pytest.mark.parametrize("act", ["take_back_control", "suspend_organization"])
def test_signing_in_and_ones_own_identity_go_on_whatever_is_suspended(world, session, act):
    """R2, R34."""
    operate(world, act)
    linked = link_identity(world, session, "luc-elsewhere")
    assert enter(world, "luc-elsewhere").actor == linked.actor


# Erasure


def moved(world, user, session, email="luc.new@oliviers.example"):
    """The owner's address is another from now on."""
    world.portal.change_email(EmailChanging(world.organization.id, user.id, email), by=session)
    world.portal.confirm_email(EmailConfirmation(sent(world, email)))
    return email


def test_a_link_is_void_with_the_address_that_it_was_sent_to(store):
    """R13, R21: of whoever has a password still, or an old mailbox could bind an identity to the account."""
    world = World.administered(store)
    user = create(world)
    login, _ = own(world, user)
    session = world.portal.sign_in(login, PASSWORD)
    signed_in_by_a_provider(world)
    world.portal.forgot_password(login)
    stolen = sent(world, LUC)
    new = moved(world, user, session)
    with refused(world, "link-used"):
        activate(world, stolen, "thief")
    world.portal.forgot_password(login)
    assert isinstance(activate(world, sent(world, new), "luc"), Session)


def test_a_link_that_was_asked_for_twice_is_sent_no_more_once_one_was_followed(store):
    """R20: whatever became of the address, the second would bind whoever reads the mailbox."""
    world = World.administered(store)
    user = create(world)
    login, _ = own(world, user)
    new = moved(world, user, world.portal.sign_in(login, PASSWORD))
    signed_in_by_a_provider(world)
    world.portal.forgot_password(login)
    link = sent(world, new)
    world.portal.forgot_password(login)
    activate(world, link, "luc")
    before = len(world.mailbox.letters)
    world.portal.deliver_notifications()
    assert world.mailbox.letters[before:] == []


def test_an_erased_persons_identity_is_free_and_forgotten(world, user, link):
    """R18."""
    activate(world, link, "luc")
    erase(world, close(world, user))
    assert credential(world, user).identity is None
    assert world.portal.ports.store.credentials.by_identity(Identity(ISSUER, "luc").digest) == []
    assert status(world, user).value == "closed"


def test_whoever_is_bound_keeps_it_whatever_the_administrator_sends_again(world, session, user):
    """R24: voiding what somebody signs in with is the operator's."""
    asked = Resending(world.organization.id, user.id)
    with refused(world, "credentials-in-use"):
        world.portal.resend_credentials(asked, by=world.admin)
    assert still_good(world, session)


def test_the_security_log_says_where_each_way_in_led_and_from_where(world, user, link):
    """R43."""
    world.portal.activate(Activation(link, proof(world, "luc")), source="192.0.2.7")
    world.portal.sign_in_externally(proof(world, "luc"), source="192.0.2.8")
    [last, first, *_] = lines(world, LineKind.SIGNED_IN)
    assert [(line.organization, line.source) for line in (first, last)] == [
        (world.organization.id, "192.0.2.7"),
        (world.organization.id, "192.0.2.8"),
    ]


def test_whoever_activated_an_account_is_somebody_whose_address_is_not_corrected_at_once(world, user, link):
    """R13: that person signed in."""
    activate(world, link, "luc")
    after = change_email(world, user, "luc.new@oliviers.example")
    assert after.email_change.state is EmailState.ASKED
