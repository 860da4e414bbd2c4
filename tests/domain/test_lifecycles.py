"""The lifecycles are tables; whatever is not in a table is refused by a decision, with a code (R2, R8, R14, R19, R23).

Every pair of a state and an event that a table leaves out stands below, with the act that would have made it so.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import product

import pytest

from habilitation.domain.credential import CREDENTIAL_LIFECYCLE, Credential, Minted, Standing, Turn
from habilitation.domain.events import (
    AccountClosed,
    AccountReopened,
    AccountRescheduled,
    AdministratorAppointed,
    AgreementEnded,
    AgreementRescheduled,
    AgreementResumed,
    AgreementSuspended,
    AgreementValidated,
    CredentialsIssued,
    EmailChangeAsked,
    FirstCredentialsIssued,
    GroupOpened,
    GroupResumed,
    GroupSuspended,
    GroupWithdrawn,
    IdentityLinked,
    IdentityUnlinked,
    ManagerDelegated,
    MemberAdded,
    OrganizationClosed,
    OrganizationResumed,
    OrganizationSuspended,
    PasswordForced,
    PersonErased,
    SeatClaimed,
    SeatVacated,
    UserModified,
    UserReinstated,
    UserSuspended,
    UserUnlocked,
)
from habilitation.domain.link import Link, LinkPurpose
from habilitation.domain.organization import (
    AGREEMENT_LIFECYCLE,
    GROUP_LIFECYCLE,
    ORGANIZATION_LIFECYCLE,
    SEAT_LIFECYCLE,
    AgreementState,
    GroupState,
    Organization,
    OrganizationState,
    SeatState,
)
from habilitation.domain.period import Dates
from habilitation.domain.requests import (
    AdministratorClaim,
    AgreementValidation,
    NewAgreement,
    OrganizationQuestion,
    PasswordChoice,
    Reissue,
    Reopening,
)
from habilitation.domain.user import ACCOUNT_LIFECYCLE, Status, User
from habilitation.domain.values import Login, OrganizationId, UserId
from habilitation.testing.fakes import A_SUNDAY_IN_PARIS
from habilitation.testing.world import AFAS, AGENT, CONSULT, PASSWORD, World
from habilitation.use_cases.actors import digest
from tests.provider import activate, signed_in_by_a_provider, unlink_identity
from tests.steps import (
    add,
    change_email,
    close,
    create,
    day,
    delegate,
    erase,
    force,
    modify,
    operate,
    refused,
    reinstate,
    reopen,
    replace,
    reschedule,
    resend,
    reserved,
    suspend,
    unlock,
    vacate,
)

# Accounts (R14)


TOMORROW = A_SUNDAY_IN_PARIS + timedelta(days=1)


def pending(world: World) -> User:
    return world.user(dates=Dates(day(5)))


def opened(world: World) -> User:
    return world.user()


def closed(world: World) -> User:
    return close(world, world.user())


def suspended(world: World) -> User:
    return suspend(world, world.user())


IN = {Status.PENDING: pending, Status.OPEN: opened, Status.SUSPENDED: suspended, Status.CLOSED: closed}
BY: dict[type, Callable[[World, User], object]] = {
    UserModified: lambda world, user: modify(world, user, last_name="Petit"),
    AccountRescheduled: lambda world, user: modify(world, user, dates=Dates(None, day(9))),
    MemberAdded: lambda world, user: add(world, user, CONSULT),
    ManagerDelegated: lambda world, user: delegate(world, user),
    AccountClosed: lambda world, user: close(world, user),
    AccountReopened: lambda world, user: reopen(world, user),
    UserUnlocked: lambda world, user: unlock(world, user),
    EmailChangeAsked: lambda world, user: change_email(world, user),
    PersonErased: lambda world, user: erase(world, user),
    UserSuspended: lambda world, user: suspend(world, user, by=AGENT),
    UserReinstated: lambda world, user: reinstate(world, user),
    CredentialsIssued: lambda world, user: resend(world, user),
    PasswordForced: lambda world, user: force(world, user),
    IdentityLinked: lambda world, user: follow(world, user),
    IdentityUnlinked: lambda world, user: unlink_identity(world, user, AGENT),
}


def follow(world: World, user: User) -> User:
    """The user brings an identity by a link, however it came about."""
    store = world.portal.ports.store
    kept = store.credentials.of(world.organization.id, user.id)
    assert kept is not None
    link = Link(kept.organization, user.id, LinkPurpose.ACTIVATION, kept.generation, TOMORROW)
    store.links.keep(digest("token"), link, A_SUNDAY_IN_PARIS)
    activate(signed_in_by_a_provider(world), "token", "luc")
    return user


def prepared(world: World, state: Status, event: type) -> User:
    """A user in that state; to be unbound an identity must have been bound in better days."""
    user = IN[state](world)
    if event is IdentityUnlinked:
        credentials = world.portal.ports.store.credentials
        kept = credentials.of(world.organization.id, user.id)
        assert kept is not None
        credentials.save(kept.binding("a digest"))
    return user


ACCOUNT_REFUSALS = {
    (Status.PENDING, ManagerDelegated): "user-not-open",
    (Status.SUSPENDED, UserUnlocked): "user-suspended",
    (Status.PENDING, UserUnlocked): "user-not-open",
    (Status.CLOSED, UserUnlocked): "user-closed",
    (Status.PENDING, AccountReopened): "user-not-closed",
    (Status.OPEN, AccountReopened): "user-not-closed",
    (Status.PENDING, PersonErased): "user-not-closed",
    (Status.SUSPENDED, PersonErased): "user-not-closed",
    (Status.OPEN, PersonErased): "user-not-closed",
    (Status.PENDING, UserReinstated): "user-not-suspended",
    (Status.OPEN, UserReinstated): "user-not-suspended",
    (Status.SUSPENDED, MemberAdded): "user-suspended",
    (Status.SUSPENDED, CredentialsIssued): "user-suspended",
    (Status.SUSPENDED, ManagerDelegated): "user-suspended",
    (Status.SUSPENDED, AccountReopened): "user-not-closed",
    (Status.CLOSED, UserSuspended): "user-closed",
    (Status.CLOSED, EmailChangeAsked): "user-closed",
    (Status.CLOSED, UserModified): "user-closed",
    (Status.CLOSED, AccountRescheduled): "user-closed",
    (Status.CLOSED, MemberAdded): "user-closed",
    (Status.CLOSED, ManagerDelegated): "user-closed",
    (Status.CLOSED, AccountClosed): "user-closed",
    (Status.CLOSED, CredentialsIssued): "user-closed",
    (Status.CLOSED, PasswordForced): "user-closed",
    (Status.PENDING, IdentityLinked): "account-not-open-yet",
    (Status.SUSPENDED, IdentityLinked): "account-is-suspended",
    (Status.CLOSED, IdentityLinked): "account-is-closed",
}


def test_every_status_and_event_of_an_account_is_in_the_table_or_refused_below():
    """R14."""
    events = {event for _, event in ACCOUNT_LIFECYCLE}
    assert set(product(Status, events)) == set(ACCOUNT_LIFECYCLE) | set(ACCOUNT_REFUSALS)
    assert not set(ACCOUNT_LIFECYCLE) & set(ACCOUNT_REFUSALS)


@pytest.mark.parametrize(("state", "event"), ACCOUNT_REFUSALS)
def test_what_an_accounts_status_does_not_admit_is_refused(world, state, event):
    """R14."""
    user = prepared(world, state, event)
    with refused(world, ACCOUNT_REFUSALS[state, event]):
        BY[event](world, user)


@pytest.mark.parametrize(("state", "event"), [pair for pair in ACCOUNT_LIFECYCLE if pair[1] in BY])
def test_what_it_admits_is_done_and_leads_where_the_table_says(world, state, event):
    """R14: closing and reopening take effect at once where no day is named."""
    user = prepared(world, state, event)
    if (state, event) == (Status.CLOSED, UserReinstated):
        user = close(world, suspend(world, reopen(world, user)))
    after = BY[event](world, user)
    assert isinstance(after, User)
    assert after.status(world.clock.now()) is ACCOUNT_LIFECYCLE[state, event]


# The seat (R8)


def unclaimed(world: World) -> None:
    world.organization = world.open_organization("13002526500013")


def held(world: World) -> None:
    """As it is."""


def vacant(world: World) -> None:
    vacate(world)


def ended(world: World) -> None:
    operate(world, "close_organization")


SEATS = {
    SeatState.UNCLAIMED: unclaimed,
    SeatState.HELD: held,
    SeatState.VACANT: vacant,
    SeatState.ENDED: ended,
}
SEAT_REFUSALS = {
    (SeatState.UNCLAIMED, AdministratorAppointed): "seat-unclaimed",
    (SeatState.UNCLAIMED, SeatVacated): "seat-unclaimed",
    (SeatState.HELD, FirstCredentialsIssued): "seat-taken",
    (SeatState.HELD, SeatClaimed): "organization-claimed",
    (SeatState.VACANT, SeatVacated): "seat-vacant",
    (SeatState.ENDED, FirstCredentialsIssued): "organization-closed",
    (SeatState.ENDED, SeatClaimed): "organization-closed",
    (SeatState.ENDED, AdministratorAppointed): "organization-closed",
    (SeatState.ENDED, SeatVacated): "organization-closed",
    (SeatState.ENDED, OrganizationClosed): "organization-closed",
}


def test_every_state_and_event_of_the_seat_is_in_the_table_or_refused_below():
    """R8."""
    events = {event for _, event in SEAT_LIFECYCLE}
    assert set(product(SeatState, events)) == set(SEAT_LIFECYCLE) | set(SEAT_REFUSALS)


@pytest.mark.parametrize("state", [SeatState.UNCLAIMED, SeatState.VACANT, SeatState.ENDED])
def test_only_a_held_seat_is_vacated(world, state):
    """R8."""
    SEATS[state](world)
    with refused(world, SEAT_REFUSALS[state, SeatVacated]):
        vacate(world)


def test_first_credentials_are_not_issued_while_the_seat_is_held(world):
    """R4."""
    with refused(world, "seat-taken"):
        world.portal.reissue_credentials(Reissue(world.organization.id), by=AGENT)


def test_nobody_is_appointed_to_a_seat_that_nobody_claimed(world):
    """R8, R34: not even a user whom the operator created meanwhile."""
    unclaimed(world)
    world.agreement = world.open_agreement(world.organization)
    user = create(world, by=AGENT)
    with refused(world, SEAT_REFUSALS[SeatState.UNCLAIMED, AdministratorAppointed]):
        replace(world, user)


def test_a_seat_that_is_held_is_not_claimed(world):
    """R5."""
    organization = world.open_organization("13002526500013")
    one, other = world.first_authentication(organization), world.first_authentication(organization)
    asked = AdministratorClaim("Martin", "Anne", "anne@clamart.example", PASSWORD, one.text.version)
    world.portal.claim_administrator(asked, by=one.session)
    with refused(world, SEAT_REFUSALS[SeatState.HELD, SeatClaimed]):
        world.portal.claim_administrator(asked, by=other.session)


# Agreements (R2)


def draft(world: World) -> None:
    asked = NewAgreement(world.organization.id, "OTHER", "Other", (AFAS,), (CONSULT,))
    world.agreement = world.portal.open_agreement(asked, by=AGENT)


def validated(world: World) -> None:
    """As it is."""


def paused(world: World) -> None:
    operate(world, "suspend_agreement")


def over(world: World) -> None:
    operate(world, "end_agreement")


AGREEMENTS = {
    AgreementState.DRAFT: draft,
    AgreementState.VALIDATED: validated,
    AgreementState.SUSPENDED: paused,
    AgreementState.ENDED: over,
}
TO_AGREEMENT: dict[type, Callable[[World], object]] = {
    AgreementValidated: lambda world: validate(world),
    AgreementRescheduled: lambda world: reschedule(world, Dates(None, day(99))),
    AgreementSuspended: lambda world: operate(world, "suspend_agreement"),
    AgreementResumed: lambda world: operate(world, "resume_agreement"),
    AgreementEnded: lambda world: operate(world, "end_agreement"),
}
AGREEMENT_REFUSALS = {
    (AgreementState.DRAFT, AgreementSuspended): "agreement-not-validated",
    (AgreementState.DRAFT, AgreementResumed): "agreement-not-suspended",
    (AgreementState.VALIDATED, AgreementValidated): "agreement-validated-already",
    (AgreementState.VALIDATED, AgreementResumed): "agreement-not-suspended",
    (AgreementState.SUSPENDED, AgreementValidated): "agreement-validated-already",
    (AgreementState.SUSPENDED, AgreementSuspended): "agreement-suspended",
    (AgreementState.ENDED, AgreementValidated): "agreement-over",
    (AgreementState.ENDED, AgreementRescheduled): "agreement-over",
    (AgreementState.ENDED, AgreementSuspended): "agreement-over",
    (AgreementState.ENDED, AgreementResumed): "agreement-not-suspended",
    (AgreementState.ENDED, AgreementEnded): "agreement-over",
}
GROUP_ACTS = {
    GroupOpened: "open_group",
    GroupSuspended: "suspend_group",
    GroupResumed: "resume_group",
    GroupWithdrawn: "withdraw_group",
}
GROUP_REFUSALS = {
    (GroupState.OPEN, GroupOpened): "group-opened-already",
    (GroupState.OPEN, GroupResumed): "group-not-suspended",
    (GroupState.SUSPENDED, GroupOpened): "group-opened-already",
    (GroupState.SUSPENDED, GroupSuspended): "group-suspended",
    (GroupState.WITHDRAWN, GroupSuspended): "group-not-opened",
    (GroupState.WITHDRAWN, GroupResumed): "group-not-opened",
    (GroupState.WITHDRAWN, GroupWithdrawn): "group-not-opened",
}
ORGANIZATION_ACTS = {
    OrganizationSuspended: "suspend_organization",
    OrganizationResumed: "resume_organization",
    OrganizationClosed: "close_organization",
}
WAYS: dict[OrganizationState, list[str]] = {
    OrganizationState.OPEN: [],
    OrganizationState.SUSPENDED: ["suspend_organization"],
    OrganizationState.CLOSED: ["close_organization"],
}
ORGANIZATION_REFUSALS = {
    (OrganizationState.OPEN, OrganizationResumed): "organization-not-suspended",
    (OrganizationState.SUSPENDED, OrganizationSuspended): "organization-suspended",
    (OrganizationState.CLOSED, OrganizationSuspended): "organization-closed",
    (OrganizationState.CLOSED, OrganizationResumed): "organization-closed",
    (OrganizationState.CLOSED, OrganizationClosed): "organization-closed",
}
TAKE = ("take_back_control", "control-taken")
RETURN = ("return_control", "control-not-taken")


def validate(world: World) -> None:
    world.portal.validate_agreement(AgreementValidation(world.organization.id, world.agreement.id), by=AGENT)


def state_of(world: World) -> Organization:
    with world.portal.ports.store.reading(world.organization.id) as rows:
        assert rows.organization is not None
        return rows.organization


def test_every_state_and_event_of_an_agreement_is_in_the_table_or_refused_below():
    """R2."""
    events = {event for _, event in AGREEMENT_LIFECYCLE}
    assert set(product(AgreementState, events)) == set(AGREEMENT_LIFECYCLE) | set(AGREEMENT_REFUSALS)
    assert not set(AGREEMENT_LIFECYCLE) & set(AGREEMENT_REFUSALS)


@pytest.mark.parametrize(("state", "event"), AGREEMENT_REFUSALS)
def test_what_an_agreements_state_does_not_admit_is_refused(world, state, event):
    """R2."""
    AGREEMENTS[state](world)
    with refused(world, AGREEMENT_REFUSALS[state, event]):
        TO_AGREEMENT[event](world)


@pytest.mark.parametrize(("state", "event"), AGREEMENT_LIFECYCLE)
def test_what_it_admits_leads_where_the_table_says(world, state, event):
    """R2, R33."""
    AGREEMENTS[state](world)
    TO_AGREEMENT[event](world)
    agreements = world.portal.list_agreements(OrganizationQuestion(world.organization.id), by=AGENT)
    assert {each.id: each.state for each in agreements}[world.agreement.id] is AGREEMENT_LIFECYCLE[state, event]


# Groups under an agreement, organizations, control (R1, R3, R33, R34)


@pytest.mark.parametrize(("state", "event"), [*product(GroupState, GROUP_ACTS)])
def test_a_groups_state_moves_as_the_table_says_or_not_at_all(world, state, event):
    """R3, R33."""
    for act in {GroupState.SUSPENDED: ["suspend_group"], GroupState.WITHDRAWN: ["withdraw_group"]}.get(state, []):
        operate(world, act, CONSULT)
    if (state, event) in GROUP_LIFECYCLE:
        operate(world, GROUP_ACTS[event], CONSULT)
        assert state_of(world).agreement(world.agreement.id).groups[CONSULT].state is GROUP_LIFECYCLE[state, event]
    else:
        with refused(world, GROUP_REFUSALS[state, event]):
            operate(world, GROUP_ACTS[event], CONSULT)


@pytest.mark.parametrize(("state", "event"), [*product(OrganizationState, ORGANIZATION_ACTS)])
def test_an_organization_moves_as_the_table_says_or_not_at_all(world, state, event):
    """R1, R33."""
    for act in WAYS[state]:
        operate(world, act)
    if (state, event) in ORGANIZATION_LIFECYCLE:
        operate(world, ORGANIZATION_ACTS[event])
        assert state_of(world).state is ORGANIZATION_LIFECYCLE[state, event]
    else:
        with refused(world, ORGANIZATION_REFUSALS[state, event]):
            operate(world, ORGANIZATION_ACTS[event])


@pytest.mark.parametrize(("taken", "act", "code"), [(True, *TAKE), (False, *RETURN)])
def test_control_is_taken_once_and_returned_once(world, taken, act, code):
    """R34."""
    if taken:
        operate(world, "take_back_control")
    with refused(world, code):
        operate(world, act)


# Credentials (R4, R19, R20)

NO_SUCH_ACT = {
    (Standing.FIRST, Turn.ISSUE): "only a user is reopened, and whoever has not claimed is none: user-unknown",
    (Standing.VOID, Turn.CHOOSE): "credentials-reissued",
    (Standing.VOID, Turn.ISSUE): "only a user is reopened: user-unknown",
    (Standing.VOID, Turn.KILL): "only the credentials issued last are replaced",
    (Standing.IDENTITY, Turn.CHOOSE): "there is no password to replace: current-password-wrong",
    (Standing.VOID, Turn.BIND): "link-used",
    (Standing.FIRST, Turn.UNBIND): "whoever has not claimed is no user: user-unknown",
    (Standing.PROVISIONAL, Turn.UNBIND): "identity-not-linked",
    (Standing.VOID, Turn.UNBIND): "identity-not-linked",
}


def test_every_standing_and_turn_of_a_credential_is_in_the_table_or_explained_above():
    """R19."""
    assert set(product(Standing, Turn)) == set(CREDENTIAL_LIFECYCLE) | set(NO_SUCH_ACT)
    assert not set(CREDENTIAL_LIFECYCLE) & set(NO_SUCH_ACT)


def test_a_password_of_ones_own_is_not_chosen_again_by_this_way(world):
    """R19, R23."""
    session = world.sign_in(world.user())
    with refused(world, "password-chosen-already"):
        world.portal.choose_password(PasswordChoice("another long password"), by=session)


def test_credentials_that_were_replaced_claim_nothing(world):
    """R4, R5."""
    organization = world.open_organization("13002526500013")
    first = world.first_authentication(organization)
    world.portal.reissue_credentials(Reissue(organization.id), by=AGENT)
    asked = AdministratorClaim("Martin", "Anne", "anne@clamart.example", PASSWORD, first.text.version)
    with refused(world, "credentials-reissued"):
        world.portal.claim_administrator(asked, by=first.session)


def test_whoever_has_not_claimed_is_no_user_to_be_reopened(world):
    """R4."""
    unclaimed(world)
    [claimant] = reserved(world)
    with refused(world, "user-unknown"):
        world.portal.reopen_user(Reopening(world.organization.id, claimant), by=AGENT)


# Credentials, by themselves


def credential(standing: Standing = Standing.PROVISIONAL, **kept) -> Credential:
    return Credential(OrganizationId("o"), UserId("u"), Login("7K3MQ0XZ"), standing, **kept)


def turned(before: Credential, turn: Turn) -> Credential:
    """The credential after that."""
    made: dict[Turn, Callable[[], Credential]] = {
        Turn.CHOOSE: lambda: before.choosing("new"),
        Turn.ISSUE: before.issuing,
        Turn.BIND: lambda: before.binding("new"),
        Turn.UNBIND: before.unbinding,
        Turn.KILL: before.killing,
    }
    return made[turn]()


LEFT = {Turn.CHOOSE: ("new", "i"), Turn.BIND: ("c", "new"), Turn.UNBIND: ("c", None)}
"""The password and the identity after it; of both nothing is left after any other."""


@pytest.mark.parametrize(("standing", "turn"), CREDENTIAL_LIFECYCLE)
def test_each_turn_begins_a_generation_that_nothing_earlier_opens(standing, turn):
    """R19, R20, R23."""
    before = credential(standing, minted=(Minted("m", None),), used=True, chosen="c", identity="i", expires=TOMORROW)
    after = turned(before, turn)
    assert after.standing is CREDENTIAL_LIFECYCLE[standing, turn]
    assert (after.generation, after.version) == (before.generation + 1, before.version + 1)
    assert (after.minted, after.used, after.expires) == ((), False, None)
    assert (after.chosen, after.identity) == LEFT.get(turn, (None, None))


def test_a_credential_that_is_dead_forgets_its_login():
    """R4, R41."""
    assert credential(Standing.FIRST).killing().login is None


@pytest.mark.parametrize(("standing", "turn"), NO_SUCH_ACT)
def test_a_turn_that_is_not_in_the_table_cannot_be_made_by_mistake(standing, turn):
    """R19: the table is the only way."""
    with pytest.raises(KeyError):
        turned(credential(standing), turn)


def test_no_secret_of_a_credential_is_shown():
    """R12."""
    shown = repr(credential(minted=(Minted("hash-of-minted", None),), chosen="hash-of-chosen", identity="hash-of-it"))
    assert "hash-of" not in shown
