"""Invariants one by one: over any state, on every store; and that the checks bite."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from attrs import define, evolve
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import run_state_machine_as_test

from habilitation.adapters.memory import MemoryStore
from habilitation.domain import access
from habilitation.domain.actors import Member, OperatorAgent, Side
from habilitation.domain.catalog import Catalog, Definition, Group
from habilitation.domain.events import (
    AccountClosed,
    AccountReopened,
    AdministratorAppointed,
    ControlReturned,
    ControlTaken,
    CredentialsIssued,
    EmailChangeAsked,
    EmailChanged,
    EmailCorrected,
    EmailKept,
    Event,
    IdentityLinked,
    IdentityUnlinked,
    ManagerDelegated,
    MemberAdded,
    MembershipEnded,
    OrganizationClosed,
    SeatClaimed,
    UserCreated,
    UserModified,
    UserReinstated,
    UserRemoved,
    UserSuspended,
)
from habilitation.domain.journal import Record
from habilitation.domain.organization import (
    Agreement,
    AgreementState,
    Control,
    GroupState,
    OpenedGroup,
    Organization,
    OrganizationState,
    Seat,
    SeatState,
)
from habilitation.domain.period import Term
from habilitation.domain.refusals import (
    AccountIsClosed,
    OrganizationClaimed,
    Refusal,
    SessionEnded,
    SignInRefused,
)
from habilitation.domain.requests import (
    AdministratorClaim,
    Closing,
    NewManager,
    OrganizationQuestion,
    Reason,
    Reissue,
    Vacancy,
)
from habilitation.domain.scope import Scope
from habilitation.domain.user import Account, Membership, User
from habilitation.domain.values import (
    AgreementId,
    GroupCode,
    OrganizationId,
    Permission,
    Place,
    Seal,
    ServiceCode,
    UserId,
)
from habilitation.testing.invariants import everything_kept, offences
from habilitation.testing.machine import PortalMachine
from habilitation.testing.model import answers, facts
from habilitation.testing.strategies import dates, new_users, scopes
from habilitation.testing.world import AGENT, CONSULT, DECLARE, PASSWORD, World
from habilitation.use_cases.first_access import FirstAuthentication
from tests.stateful.running import asked_for

DAY_ONE = datetime(2026, 3, 27, 23, tzinfo=UTC)
REFERENCES = ("CONV-1", "CONV-2", "CONV-3")
GROUPS = (GroupCode("A-1"), GroupCode("B-1"), GroupCode("B-2"))
READ, WRITE = Permission("read"), Permission("write")
GIVING = {GROUPS[0]: {READ}, GROUPS[1]: {READ, WRITE}, GROUPS[2]: {WRITE}}
PLACES = [Place(AgreementId(reference), group) for reference in REFERENCES for group in GROUPS]


# I6, over any state


def spans() -> st.SearchStrategy[facts.Span]:
    """Some hours or days, perhaps without end, perhaps canceled before they began."""
    instants = st.integers(0, 12).map(lambda half: DAY_ONE + half * timedelta(hours=12))
    return st.builds(
        lambda start, end: facts.Span(start, end, start.date(), end and end.date()), instants, st.none() | instants
    )


def lasting() -> st.SearchStrategy[facts.Span]:
    """Mostly all the time that is looked at, or most of it."""
    ends = st.none() | st.integers(8, 14).map(lambda half: DAY_ONE + half * timedelta(hours=12))
    long = ends.map(lambda end: facts.Span(DAY_ONE, end, DAY_ONE.date(), end and end.date()))
    return long | spans()


AGREED = st.sampled_from((*["validated"] * 6, "draft", "suspended", "ended"))
SELDOM = st.sampled_from((False, False, False, True))


def helds() -> st.SearchStrategy[facts.Held]:
    return st.builds(facts.Held, st.sampled_from(PLACES), lasting(), SELDOM, st.none())


@st.composite
def worlds(draw: st.DrawFn) -> tuple[facts.Partner, facts.Human]:
    """A partner with up to three agreements, and a user with some memberships, as the naive model keeps them."""
    standing = draw(st.sampled_from((*["open"] * 6, "suspended", "closed")))
    partner = facts.Partner("", "", "", DAY_ONE, standing, draw(SELDOM), draw(st.sampled_from(("held", "vacant"))))
    for reference in draw(st.lists(st.sampled_from(REFERENCES), unique=True)):
        states = st.sampled_from((*["open"] * 4, "suspended", "withdrawn"))
        groups = draw(st.dictionaries(st.sampled_from(GROUPS), states, min_size=2))
        partner.conventions[AgreementId(reference)] = facts.Convention(
            reference, draw(lasting()), set(), groups, draw(AGREED)
        )
    stint = facts.Stint(draw(lasting()), dict(enumerate(draw(st.lists(helds(), max_size=4)), start=1)))
    suspended = draw(st.sampled_from(((), (), (), (), ("organization",), ("operator",), ("organization", "operator"))))
    return partner, facts.Human(None, False, "", "", "", None, [stint], draw(SELDOM), suspended=set(suspended))


def as_organization(partner: facts.Partner) -> Organization:
    agreements = {
        id: Agreement(
            id,
            convention.reference,
            Seal(""),
            AgreementState(convention.state),
            DAY_ONE,
            Term(*convention.span),
            (),
            {code: OpenedGroup(GroupState(state), DAY_ONE) for code, state in convention.groups.items()},
        )
        for id, convention in partner.conventions.items()
    }
    control = Control.TAKEN if partner.controlled else Control.OWN
    seat = Seat(SeatState.ENDED if partner.standing == "closed" else SeatState(partner.seat))
    return Organization(OrganizationId("org"), seat, agreements, OrganizationState(partner.standing), control=control)


def as_user(human: facts.Human) -> User:
    held = tuple(
        Membership(number, one.place, Term(*one.span), one.waiting, one.given)
        for number, one in human.stint.held.items()
    )
    account, sides = Account(Term(*human.stint.span), held), frozenset(map(Side, human.suspended))
    return User(UserId("user"), None, False, (account,), human.removed, suspended=sides)


CATALOG = Catalog(
    groups={
        code: Group(code, ServiceCode("S"), (Definition(DAY_ONE, code, frozenset(given), needs_document=False),))
        for code, given in GIVING.items()
    }
)
NAIVE_GROUPS = {
    code: facts.Group(ServiceCode("S"), [facts.Gives(DAY_ONE, code, frozenset(given), needs_document=False)])
    for code, given in GIVING.items()
}


@settings(max_examples=600)
@given(worlds(), st.sampled_from((READ, WRITE)), st.integers(0, 13))
def test_access_its_reason_its_end_and_its_repair_are_those_of_the_naive_model(world, permission, half_days):
    """I6, R38"""
    partner, human = world
    at = DAY_ONE + half_days * timedelta(hours=12)
    got = access.decide(as_organization(partner), CATALOG, as_user(human), permission, at)
    expected = answers.answer(partner, NAIVE_GROUPS, human, permission, at)
    assert (got.allowed, got.why.value, got.until, {role.value for role in got.repair}) == expected


# I2, I3, I7, I10, on every store


def test_of_any_number_of_sessions_on_the_same_letters_one_claims(world: World):
    """I2, R5: the others are told so, now and after the seat is vacant again."""
    organization = world.open_organization("13002526500013", "LES TILLEULS")
    firsts = [world.first_authentication(organization) for _ in range(3)]
    outcomes = [outcome(world, first, f"claimant{number}") for number, first in enumerate(firsts)]
    assert outcomes == [None, OrganizationClaimed.code, OrganizationClaimed.code]
    world.portal.declare_vacancy(Vacancy(organization.id, Reason("left")), by=AGENT)
    world.portal.reissue_credentials(Reissue(organization.id), by=AGENT)
    assert outcome(world, firsts[0], "again") == "credentials-reissued"
    assert outcome(world, world.first_authentication(organization), "newcomer") is None


def outcome(world: World, first: FirstAuthentication, name: str) -> str | None:
    try:
        asked = AdministratorClaim("Martin", "Anne", f"{name}@tilleuls.example", PASSWORD, first.text.version)
        world.portal.claim_administrator(asked, by=first.session)
    except Refusal as refusal:
        return refusal.code
    return None


def test_a_closed_user_is_out_at_once_on_every_side(world: World):
    """I3: no membership, no delegation, no session, no sign-in."""
    manager = world.manager(CONSULT)
    user = world.user(CONSULT)
    session = world.sign_in(user)
    world.portal.close_user(Closing(world.organization.id, user.id), by=world.admin)
    world.portal.close_user(Closing(world.organization.id, manager.user), by=world.admin)
    with world.portal.ports.store.reading(world.organization.id) as rows:
        closed, managed = rows.find_row(user.id), rows.find_row(manager.user)
    assert closed is not None
    assert closed.login is not None
    assert managed is not None
    assert closed.user.account.live(world.clock.now()) == []
    assert managed.user.delegation(world.clock.now()) is None
    with pytest.raises(SessionEnded):
        world.portal.who_is_administrator(OrganizationQuestion(world.organization.id), by=session)
    with pytest.raises(AccountIsClosed):
        world.portal.sign_in(closed.login.text, PASSWORD)


@given(st.text(max_size=12))
def test_no_guess_signs_in(guess):
    """I3, R22: whatever is typed, an unknown login is a refusal and never a failure."""
    world = World.over(MemoryStore())
    with pytest.raises(SignInRefused):
        world.portal.sign_in(guess, guess)


def test_logins_are_unique_over_all_organizations(world: World):
    """I7"""
    for number, siret in enumerate(("13002526500013", "12002701600357")):
        world.open_organization(siret, f"AUTRE {number}")
    for _ in range(20):
        world.user()
    world.portal.deliver_notifications()
    logins = [letter.login for letter in world.mailbox.letters if letter.login]
    assert len(logins) == len(set(logins)) == 23


def test_a_secret_in_what_is_kept_is_found():
    """I10: the search that the machine ends with would see one, however deep it stands."""

    @define
    class Cupboard:
        shelves: dict[str, list[object]]

    assert b"a very secret word" in everything_kept(Cupboard({"top": [("x", b"a very secret word")]}))


# The checks bite


PLACE, ELSEWHERE = Place(AgreementId("a"), GROUPS[0]), Place(AgreementId("b"), GROUPS[0])
ALWAYS = Term(DAY_ONE, None, DAY_ONE.date(), None)
ADMIN, MANAGER, USER = UserId("admin"), UserId("manager"), UserId("user")
Told = tuple[UserId | None, Event]
BEGINNING: list[Told] = [
    (ADMIN, SeatClaimed(ADMIN, "1")),
    (ADMIN, UserCreated(ADMIN, None, ALWAYS, False)),
    (ADMIN, UserCreated(MANAGER, PLACE.agreement, ALWAYS, False)),
    (ADMIN, UserCreated(USER, PLACE.agreement, ALWAYS, False)),
    (ADMIN, ManagerDelegated(MANAGER, Scope(frozenset({PLACE})), ALWAYS)),
]
NOW = DAY_ONE + timedelta(hours=1)
WITHIN_SCOPE: list[Told] = [
    (MANAGER, MemberAdded(USER, 1, PLACE, ALWAYS, False)),
    (MANAGER, UserCreated(UserId("new"), PLACE.agreement, ALWAYS, False)),
    (None, AdministratorAppointed(USER, "left", None)),
    (None, MemberAdded(USER, 1, ELSEWHERE, ALWAYS, False)),
    (USER, IdentityLinked(USER)),
    (USER, IdentityUnlinked(USER)),
    (ADMIN, IdentityUnlinked(USER)),
]
BEYOND: list[Told] = [
    (USER, MemberAdded(USER, 1, PLACE, ALWAYS, False)),
    (MANAGER, MemberAdded(USER, 1, ELSEWHERE, ALWAYS, False)),
    (MANAGER, MemberAdded(MANAGER, 1, PLACE, ALWAYS, False)),
    (MANAGER, MemberAdded(ADMIN, 1, PLACE, ALWAYS, False)),
    (MANAGER, UserCreated(UserId("new"), ELSEWHERE.agreement, ALWAYS, False)),
    (MANAGER, ManagerDelegated(USER, Scope(frozenset({PLACE})), ALWAYS)),
    (MANAGER, AccountReopened(USER, ALWAYS)),
    (MANAGER, AccountClosed(USER, DAY_ONE, DAY_ONE.date())),
    (UserId("nobody"), MemberAdded(USER, 1, PLACE, ALWAYS, False)),
    (USER, SeatClaimed(USER, "1")),
    (MANAGER, UserSuspended(USER, Side.ORGANIZATION, "left", None)),
    (MANAGER, UserReinstated(USER, Side.ORGANIZATION)),
    (MANAGER, IdentityLinked(USER)),
    (ADMIN, IdentityLinked(USER)),
    (MANAGER, IdentityUnlinked(USER)),
    (MANAGER, EmailChangeAsked(USER, 1, own=False)),
    (MANAGER, EmailCorrected(USER, 1)),
]
AFTERWARDS: list[tuple[Told, bool]] = [
    ((None, UserSuspended(ADMIN, Side.OPERATOR, "left", None)), True),
    ((None, ControlTaken("left", None)), True),
    ((None, OrganizationClosed("left", None)), True),
    ((None, UserSuspended(MANAGER, Side.OPERATOR, "left", None)), False),
]


@pytest.mark.parametrize(("before", "offends"), AFTERWARDS, ids=str)
def test_whoever_is_suspended_or_no_more_in_control_or_closed_and_acts_shows_in_the_journal(before, offends):
    """I5, R17, R34"""
    added = (ADMIN, MemberAdded(USER, 1, PLACE, ALWAYS, False))
    assert bool(offences(journal_of(*BEGINNING, before, added))) is offends


def test_suspension_and_control_end_and_a_reopening_lifts_no_suspension():
    """I5, R17, R34"""
    modified = (ADMIN, UserModified(USER, ()))
    suspended: Told = (None, UserSuspended(ADMIN, Side.OPERATOR, "left", None))
    back: list[Told] = [suspended, (None, UserReinstated(ADMIN, Side.OPERATOR))]
    returned: list[Told] = [(None, ControlTaken("left", None)), (None, ControlReturned())]
    assert offences(journal_of(*BEGINNING, *back, *returned, modified)) == []
    reopened: Told = (None, AccountReopened(ADMIN, ALWAYS))
    assert len(offences(journal_of(*BEGINNING, suspended, reopened, modified))) == 1


@pytest.mark.parametrize("event", [UserModified(USER, ()), IdentityLinked(USER), IdentityUnlinked(USER)], ids=str)
def test_control_is_no_matter_of_ones_own_details(event):
    """R14, R34, R44"""
    assert offences(journal_of(*BEGINNING, (None, ControlTaken("left", None)), (USER, event))) == []


@pytest.mark.parametrize("ended", [UserRemoved(MANAGER), AccountClosed(MANAGER, DAY_ONE, DAY_ONE.date())], ids=str)
def test_a_closed_account_gives_its_identity_up_to_whoever_binds_it(ended):
    """R44: whoever administers at that time."""
    before: list[Told] = [*BEGINNING, (None, ControlTaken("left", None))]
    given_up: Told = (USER, IdentityUnlinked(MANAGER))
    assert len(offences(journal_of(*before, given_up))) == 1
    assert offences(journal_of(*before, (None, ended), given_up)) == []


@pytest.mark.parametrize(
    ("before", "offends"),
    [
        (UserSuspended(USER, Side.OPERATOR, "left", None), False),
        (ControlTaken("left", None), False),
        (AccountClosed(USER, NOW, NOW.date()), True),
        (UserRemoved(USER), True),
        (OrganizationClosed("left", None), True),
    ],
    ids=str,
)
@pytest.mark.parametrize("fact", [EmailChanged(USER, 1, None), EmailKept(USER, 1, "objected")], ids=str)
def test_whoever_reads_the_mail_of_an_account_that_is_not_over_need_not_be_open(before, offends, fact):
    """R13, R17, R34: an objection, or the end of the time for one."""
    assert bool(offences(journal_of(*BEGINNING, (None, before), (USER, fact)))) is offends


def test_credentials_leave_anew_with_a_change_of_address_and_by_nobody_suspended_else():
    """R13, R17"""
    suspended: Told = (None, UserSuspended(USER, Side.OPERATOR, "left", None))
    changed: Told = (USER, EmailChanged(USER, 1, None))
    issued: Told = (USER, CredentialsIssued(USER, 2))
    assert offences(journal_of(*BEGINNING, suspended, changed, issued)) == []
    assert len(offences(journal_of(*BEGINNING, suspended, issued))) == 1
    others: Told = (USER, CredentialsIssued(MANAGER, 2))
    assert len(offences(journal_of(*BEGINNING, suspended, changed, others))) == 1


def test_what_an_act_ends_before_the_account_was_held_when_it_was_decided():
    """I5: closing on a day ends, first, the memberships that it leaves no day of."""
    ends_first: list[Told] = [
        (ADMIN, MemberAdded(USER, 1, PLACE, ALWAYS, False)),
        (MANAGER, MembershipEnded(USER, 1, NOW, NOW.date())),
        (MANAGER, AccountClosed(USER, NOW, NOW.date())),
    ]
    assert offences(journal_of(*BEGINNING, *ends_first)) == []
    ends_first[1] = (ADMIN, MembershipEnded(USER, 1, NOW, NOW.date()))
    assert len(offences(journal_of(*BEGINNING, *ends_first))) == 1


def journal_of(*facts: Told) -> list[Record[Event]]:
    authors = [Member(OrganizationId("org"), by) if by else OperatorAgent("agent-1") for by, _ in facts]
    return [Record(n, NOW, by, event) for n, (by, (_, event)) in enumerate(zip(authors, facts, strict=True), start=1)]


@pytest.mark.parametrize("fact", WITHIN_SCOPE, ids=str)
def test_a_right_conferred_within_the_scope_is_no_offence(fact):
    """I5"""
    assert offences(journal_of(*BEGINNING, fact)) == []


@pytest.mark.parametrize("fact", BEYOND, ids=str)
def test_a_right_conferred_beyond_the_scope_shows_in_the_journal(fact):
    """I2, I5"""
    assert len(offences(journal_of(*BEGINNING, fact))) == 1


class Careless(MemoryStore):
    """Keeps memberships as if no role were ever waited for."""

    def register(self, changes):
        super().register(changes)
        for _, user in changes.users:
            held = tuple(evolve(one, waiting=False) for one in user.account.memberships)
            object.__setattr__(user.account, "memberships", held)


class Forgetful(MemoryStore):
    """Loses the second message of each act."""

    def register(self, changes):
        super().register(evolve(changes, messages=changes.messages[:1]))


@pytest.mark.parametrize("store", [Careless, Forgetful])
def test_the_machine_sees_through_a_store_that_is_careless(store):
    """A machine that is green over anything checks nothing."""

    class Biting(PortalMachine):
        def open_store(self):
            return store()

    with pytest.raises(AssertionError):
        run_state_machine_as_test(Biting, settings=settings(asked_for(runs=2, steps=5), phases=[Phase.generate]))


# I8, whatever is asked


@given(st.data())
def test_whatever_is_typed_makes_a_user_or_changes_nothing(data):
    """I8, R10: never a traceback, and nothing left behind."""
    world = World.administered(MemoryStore())
    world.user(CONSULT)
    today = world.clock.now().date()
    asked = data.draw(new_users(world.organization.id, world.agreement.id, (CONSULT, DECLARE, GroupCode("NO")), today))
    require_all_or_nothing(world, lambda: world.portal.create_user(asked, by=world.admin))


@given(st.data())
def test_whatever_is_delegated_makes_a_manager_or_changes_nothing(data):
    """I8, R28"""
    world = World.administered(MemoryStore())
    user, today = world.user(), world.clock.now().date()
    places = [world.place(CONSULT), world.place(DECLARE), Place(AgreementId("none"), CONSULT)]
    asked = NewManager(world.organization.id, user.id, data.draw(scopes(places)), data.draw(dates(today)))
    require_all_or_nothing(world, lambda: world.portal.delegate_manager(asked, by=world.admin))


def require_all_or_nothing(world: World, act: Callable[[], object]) -> None:
    world.portal.deliver_notifications()
    before, letters = everything(world), len(world.mailbox.letters)
    try:
        act()
    except Refusal:
        world.portal.deliver_notifications()
        assert (everything(world), len(world.mailbox.letters)) == (before, letters)
    else:
        assert everything(world) != before


def everything(world: World) -> tuple[object, ...]:
    with world.portal.ports.store.reading(world.organization.id) as rows:
        return rows.organization, rows.head, [rows.find_row(user) for user in sorted(rows.user_ids())]
