"""Acts planted in a store without the use cases: written by hand, and the same for every store."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar

from attrs import frozen

from habilitation.domain import organization as organizations
from habilitation.domain import user as users
from habilitation.domain.actors import OperatorAgent
from habilitation.domain.credential import Credential, Standing
from habilitation.domain.events import (
    AgreementOpened,
    Event,
    GroupOpened,
    MemberAdded,
    OrganizationOpened,
    UserCreated,
    UserEvent,
)
from habilitation.domain.messages import Message, MessageKind, Notice
from habilitation.domain.period import Term
from habilitation.domain.user import User
from habilitation.domain.values import (
    AgreementId,
    EmailAddress,
    GroupCode,
    Login,
    MessageId,
    OrganizationId,
    Paper,
    Particulars,
    Person,
    PersonName,
    PhoneNumber,
    Place,
    ServiceCode,
    Siret,
    UserId,
)
from habilitation.ports.store import Changes, Snapshot, Store

T = TypeVar("T")

AT = datetime(2026, 11, 22, 9, 30, 15, 123456, tzinfo=UTC)
DAY = timedelta(days=1)
BY = OperatorAgent("agent-1")
ORGANIZATION, OTHER = OrganizationId("organization-1"), OrganizationId("organization-2")
SIRET, OTHER_SIRET = Siret("21920023500014"), Siret("13002526500013")
ANNE, ZOE = UserId("user-1"), UserId("user-2")
AGREEMENT, OTHER_AGREEMENT = AgreementId("agreement-1"), AgreementId("agreement-2")
AFAS = ServiceCode("AFAS")
DECLARE, CONSULT = GroupCode("AFAS-DEC"), GroupCode("AFAS-CON")
PLACE = Place(AGREEMENT, DECLARE)
NAME = Paper("LES OLIVIERS", b"a salt of sixteen")


def only(found: Iterable[T]) -> T:
    """The one thing that was to be found."""
    several = list(found)
    assert len(several) == 1, f"one is to be found, and there are {len(several)}: {several}"
    return several[0]


def term(start: datetime = AT, end: datetime | None = None) -> Term:
    """From one instant to another, with the days that they fall on."""
    return Term(start, end, start.date(), end.date() if end else None)


def person(last: str = "Martin", first: str = "Anne", email: str = "anne@oliviers.example") -> Person:
    """Somebody, with a telephone."""
    return Person(PersonName(last), PersonName(first), address(email), PhoneNumber("+33123456789"))


def address(text: str) -> EmailAddress:
    """An address, whose normal form is in lower case."""
    return EmailAddress(text, text.lower())


def particulars(siret: Siret = SIRET) -> Particulars:
    """What identifies an organization."""
    return Particulars(siret, "LES OLIVIERS", address("contact@oliviers.example"))


def credential(user: UserId = ANNE, login: str = "00000001", on: OrganizationId = ORGANIZATION) -> Credential:
    """A new credential."""
    return Credential(on, user, Login(login), Standing.PROVISIONAL)


def message(id: str, user: UserId = ANNE, on: OrganizationId = ORGANIZATION) -> Message:
    """That a password is to be sent."""
    return Message(MessageId(id), on, Notice(MessageKind.PASSWORD, user, user, generation=1))


def created(user: UserId = ANNE, account: Term | None = None, agreement: AgreementId | None = AGREEMENT) -> UserCreated:
    """That an account was opened."""
    return UserCreated(user, agreement, account or term(), mobile=False)


def added(user: UserId = ANNE, number: int = 1, place: Place = PLACE, *, waiting: bool = False) -> MemberAdded:
    """That the user is in a group from now on."""
    return MemberAdded(user, number, place, term(), waiting)


def agreement_opened(id: AgreementId = AGREEMENT) -> list[Event]:
    """An agreement that opens two groups."""
    closing = date(2027, 11, 22)
    whole = Term(AT, AT + 365 * DAY, AT.date(), closing)
    opened = AgreementOpened(id, f"CONV/{id}", NAME.seal, whole, (AFAS,))
    return [opened, GroupOpened(id, DECLARE), GroupOpened(id, CONSULT)]


def changes(rows: Snapshot, *events: Event, at: datetime = AT, **beside: Any) -> Changes:
    """What an act with those events leaves behind, whoever would have decided it."""
    organization = rows.organization
    before: dict[UserId, User | None] = {}
    after: dict[UserId, User] = {}
    for event in events:
        if isinstance(event, UserEvent):
            before.setdefault(event.user, rows.find_user(event.user))
            after[event.user] = users.evolve(after.get(event.user) or before[event.user], event, at)
        else:
            organization = organizations.evolve(organization, event, at)
    assert organization is not None, "the first act opens the organization"
    changed = tuple((before[id], user) for id, user in after.items())
    return Changes(at, BY, events, organization, changed, **beside)


@frozen
class Seeds:
    """Plants acts."""

    store: Store

    def act(self, *events: Event, on: OrganizationId = ORGANIZATION, **beside: Any) -> None:
        """One act of those events, with what stands beside them."""
        with self.store.writing(on) as rows:
            rows.save(changes(rows, *events, **beside))

    def organization(self, on: OrganizationId = ORGANIZATION, siret: Siret = SIRET, **beside: Any) -> None:
        """An organization with an agreement."""
        opening = [OrganizationOpened(on), *agreement_opened()]
        self.act(*opening, on=on, particulars=particulars(siret), papers=(NAME,), **beside)

    def user(
        self,
        id: UserId = ANNE,
        who: Person | None = None,
        *events: Event,
        login: str = "00000001",
        on: OrganizationId = ORGANIZATION,
        **beside: Any,
    ) -> None:
        """A user with a login, of the agreement, to whom the events happen at once."""
        happened = events if events and isinstance(events[0], UserCreated) else (created(id), *events)
        people, issued = {id: who or person()}, (credential(id, login, on),)
        self.act(*happened, on=on, people=people, credentials=issued, **beside)
