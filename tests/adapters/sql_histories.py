"""Random journals of one organization: any facts that ``evolve`` takes, not only those that the rules let happen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from attrs import field, frozen
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from habilitation.domain.actors import Author, Member, OperatorAgent
from habilitation.domain.credential import Credential, Standing
from habilitation.domain.events import (
    AccountClosed,
    AccountReopened,
    AccountRescheduled,
    AgreementOpened,
    AgreementValidated,
    DelegationEnded,
    Event,
    FirstCredentialsIssued,
    GroupOpened,
    ManagerDelegated,
    MemberAdded,
    MembershipChanged,
    MembershipEnded,
    OrganizationOpened,
    PersonErased,
    RoleAssigned,
    SeatClaimed,
    SeatVacated,
    UserCreated,
    UserEvent,
    UserRemoved,
    WorkstationChanged,
)
from habilitation.domain.journal import Record, replay
from habilitation.domain.organization import evolve as organization_after
from habilitation.domain.period import Term
from habilitation.domain.scope import ALL_GROUPS, Scope
from habilitation.domain.user import User
from habilitation.domain.user import evolve as user_after
from habilitation.domain.values import (
    AgreementId,
    EmailAddress,
    GroupCode,
    Login,
    OrganizationId,
    Particulars,
    Person,
    PersonName,
    PhoneNumber,
    Place,
    Seal,
    ServiceCode,
    Siret,
    UserId,
)
from habilitation.ports.store import Changes, Store, Transaction

ORGANIZATION = OrganizationId("organization-1")
NOW = datetime(2026, 3, 28, 22, 59, 59, 999_999, tzinfo=UTC)
AGENT = OperatorAgent("agent-1")
AGREEMENTS = tuple(AgreementId(f"agreement-{number}") for number in (1, 2))
GROUPS = tuple(GroupCode(code) for code in ("AFAS-DEC", "LOG-PRI"))
PARTICULARS = Particulars(Siret("21920023500014"), "LES OLIVIERS", EmailAddress("mairie@x.fr", "mairie@x.fr"))
ALPHABET = "aAbBéÉœzZ'- 0%_\U0001f600"

instants = st.integers(-3, 3).map(lambda steps: NOW + steps * timedelta(hours=12, microseconds=1))
days = st.integers(-3, 3).map(lambda number: date(2026, 3, 28) + timedelta(days=number))
terms = st.builds(Term, instants, st.none() | instants, days, st.none() | days)
places = st.builds(Place, st.sampled_from(AGREEMENTS), st.sampled_from(GROUPS))
scopes = st.just(ALL_GROUPS) | st.frozensets(places, max_size=3).map(Scope)
names = st.text(ALPHABET, min_size=1, max_size=4)


@st.composite
def persons(draw: DrawFn) -> Person:
    email = draw(names) + "@x.fr"
    phone = draw(st.none() | st.just(PhoneNumber("+33123456789")))
    return Person(PersonName(draw(names)), PersonName(draw(names)), EmailAddress(email, email.lower()), phone)


@frozen
class Story:
    """Acts, each a batch of facts at one instant, in order; and who its users are."""

    acts: tuple[tuple[datetime, Author, tuple[Event, ...]], ...]
    people: dict[UserId, Person] = field(factory=dict)
    logins: dict[UserId, Login] = field(factory=dict)

    @property
    def users(self) -> dict[UserId, User]:
        records = (Record(0, at, by, event) for at, by, events in self.acts for event in events)
        return dict(replay(records).users)

    def version(self, user: UserId) -> int:
        """The place of the last fact about the user."""
        facts = enumerate((event for _, _, events in self.acts for event in events), 1)
        return max(place for place, event in facts if getattr(event, "user", None) == user)


@st.composite
def stories(draw: DrawFn) -> Story:
    """A seat, agreements and a few users, each with a life of its own."""
    users = [UserId(f"user-{number}") for number in range(draw(st.integers(1, 5)))]
    facts: list[Event] = [OrganizationOpened(ORGANIZATION), FirstCredentialsIssued(users[0], draw(instants))]
    facts += draw(_agreements())
    facts += [SeatClaimed(users[0], "1"), *draw(st.sampled_from([(), (SeatVacated(users[0], "left", None),)]))]
    for user in users:
        facts += draw(_lives(user))
    acts = draw(_acts(facts))
    people = {user: draw(persons()) for user in users if draw(st.integers(0, 5))}
    logins = {user: Login(f"AB{number}CDEFG") for number, user in enumerate(users) if draw(st.booleans())}
    return Story(acts, people, logins)


@st.composite
def _acts(draw: DrawFn, facts: Sequence[Event]) -> tuple[tuple[datetime, Author, tuple[Event, ...]], ...]:
    acts, rest, at = [], list(facts), NOW
    authors: SearchStrategy[Author] = st.sampled_from([AGENT, Member(ORGANIZATION, UserId("user-0"))])
    while rest:
        size = draw(st.integers(1, 6))
        acts.append((at, draw(authors), tuple(rest[:size])))
        rest, at = rest[size:], at + timedelta(microseconds=draw(st.integers(0, 10**9)))
    return tuple(acts)


@st.composite
def _agreements(draw: DrawFn) -> list[Event]:
    facts: list[Event] = []
    for id in AGREEMENTS[: draw(st.integers(0, 2))]:
        facts.append(
            AgreementOpened(id, f"ref {id}", Seal("seal"), draw(terms), (ServiceCode("AFAS"), ServiceCode("A")))
        )
        facts += [GroupOpened(id, group) for group in GROUPS if draw(st.booleans())]
        facts += [AgreementValidated(id)] if draw(st.booleans()) else []
    return facts


@st.composite
def _lives(draw: DrawFn, user: UserId) -> list[Event]:
    agreement = draw(st.none() | st.sampled_from(AGREEMENTS))
    facts: list[UserEvent] = [UserCreated(user, agreement, draw(terms), draw(st.booleans()))]
    state = user_after(None, facts[0], NOW)
    for _ in range(draw(st.integers(0, 8))):
        fact = draw(_next(state))
        facts.append(fact)
        state = user_after(state, fact, NOW)
    return list(facts)


@st.composite
def _next(draw: DrawFn, user: User) -> UserEvent:
    """One more fact in the life of a user."""
    id, numbers = user.id, [held.number for held in user.account.memberships]
    possible: list[SearchStrategy[Any]] = [
        st.builds(AccountClosed, st.just(id), instants, days),
        st.builds(AccountReopened, st.just(id), terms),
        st.builds(AccountRescheduled, st.just(id), terms),
        st.builds(WorkstationChanged, st.just(id), st.booleans()),
        st.builds(ManagerDelegated, st.just(id), scopes, terms),
        st.just(UserRemoved(id)),
        st.just(PersonErased(id, "request")),
    ]
    possible += [st.builds(MemberAdded, st.just(id), st.just(user.next_number()), places, terms, st.booleans())] * 4
    if user.account.delegation:
        possible.append(st.builds(DelegationEnded, st.just(id), instants, days))
    if numbers:
        number = draw(st.sampled_from(numbers))
        possible += [
            st.builds(MembershipChanged, st.just(id), st.just(number), terms),
            st.builds(MembershipEnded, st.just(id), st.just(number), instants, days),
            st.just(RoleAssigned(id, number, Seal("document"))),
        ]
    fact: UserEvent = draw(st.one_of(possible))
    return fact


def play(story: Story, store: Store) -> None:
    """Save the acts one by one, with each user's person and credential when the user is created."""
    for at, by, events in story.acts:
        created = [event.user for event in events if isinstance(event, UserCreated)]
        people = {user: story.people[user] for user in created if user in story.people}
        logins = {user: story.logins[user] for user in created if user in story.logins}
        credentials = (Credential(ORGANIZATION, *owner, Standing.PROVISIONAL) for owner in logins.items())
        act(store, at, by, *events, people=people, credentials=tuple(credentials))


def act(
    store: Store, at: datetime, by: Author, *events: Event, organization: OrganizationId = ORGANIZATION, **more: Any
) -> None:
    """Save one act, evolving what the store has; ``more`` is what else it leaves behind."""
    with store.writing(organization) as tx:
        tx.save(changes(tx, at, by, *events, **more))


def changes(tx: Transaction, at: datetime, by: Author, *events: Event, **more: Any) -> Changes:
    """What the events make of what the transaction sees."""
    state = tx.organization
    before = {event.user: tx.find_user(event.user) for event in events if isinstance(event, UserEvent)}
    after = dict(before)
    for event in events:
        if isinstance(event, UserEvent):
            after[event.user] = user_after(after[event.user], event, at)
        else:
            state = organization_after(state, event, at)
    assert state is not None, "an organization is opened first"
    users = tuple((before[id], user) for id, user in after.items() if user)
    if tx.organization is None:
        more = {"particulars": PARTICULARS, **more}
    return Changes(at, by, events, state, users, **more)
