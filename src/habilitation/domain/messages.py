"""What people are told, and when: which facts make which messages leave (R4, R7, R12, R26).

A message is a line in the outbox. It holds ids and codes, no secret and no address: those are read, or made up, at
delivery (R20). No kind carries a login together with a password, or with a link to choose one (R12).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from enum import Enum
from operator import attrgetter
from typing import Any

from attrs import evolve, field, frozen

from habilitation.domain.actors import Author, Member
from habilitation.domain.events import (
    AdministratorAppointed,
    CredentialsIssued,
    EmailChangeAsked,
    EmailChanged,
    EmailConfirmed,
    EmailCorrected,
    EmailKept,
    Event,
    FirstCredentialsIssued,
    MemberAdded,
    PasswordForced,
    RoleAssigned,
    RoleRefused,
    SeatClaimed,
    SeatVacated,
    UserCreated,
)
from habilitation.domain.link import LinkPurpose
from habilitation.domain.organization import Organization
from habilitation.domain.user import User
from habilitation.domain.values import (
    Address,
    EmailAddress,
    MessageId,
    OrganizationId,
    Particulars,
    Person,
    Place,
    UserId,
)


class MessageKind(Enum):
    """What a message is for; its texts are found under this name."""

    FIRST_LOGIN = "first-login"
    FIRST_PASSWORD = "first-password"
    LOGIN = "login"
    PASSWORD = "password"
    LOGIN_REMINDER = "login-reminder"
    PASSWORD_FORCED = "password-forced"
    PASSWORD_LINK = "password-link"
    FIRST_ACTIVATION = "first-activation"
    ACTIVATION = "activation"
    ADMINISTRATOR_NAMED = "administrator-named"
    SEAT_VACATED = "seat-vacated"
    EMAIL_CONFIRMATION = "email-confirmation"
    EMAIL_OBJECTION = "email-objection"
    EMAIL_CHANGED = "email-changed"
    EMAIL_KEPT = "email-kept"
    DOCUMENT_NEEDED = "document-needed"
    ROLE_ASSIGNED = "role-assigned"
    ROLE_REFUSED = "role-refused"


LOGIN_KINDS = frozenset({MessageKind.FIRST_LOGIN, MessageKind.LOGIN, MessageKind.LOGIN_REMINDER})
PASSWORD_KINDS = frozenset({MessageKind.FIRST_PASSWORD, MessageKind.PASSWORD, MessageKind.PASSWORD_FORCED})
LINK_KINDS: Mapping[MessageKind, LinkPurpose] = {
    MessageKind.PASSWORD_LINK: LinkPurpose.PASSWORD,
    MessageKind.EMAIL_CONFIRMATION: LinkPurpose.EMAIL,
    MessageKind.EMAIL_OBJECTION: LinkPurpose.OBJECTION,
    MessageKind.FIRST_ACTIVATION: LinkPurpose.ACTIVATION,
    MessageKind.ACTIVATION: LinkPurpose.ACTIVATION,
}
"""The kinds that carry a one-time link, and what it is good for."""
FIRST_KINDS = frozenset({MessageKind.FIRST_LOGIN, MessageKind.FIRST_PASSWORD, MessageKind.FIRST_ACTIVATION})
"""Those of an organization's first credentials (R4)."""
ACTIVATING: Mapping[MessageKind, MessageKind] = {
    MessageKind.FIRST_PASSWORD: MessageKind.FIRST_ACTIVATION,
    MessageKind.PASSWORD: MessageKind.ACTIVATION,
    MessageKind.PASSWORD_FORCED: MessageKind.ACTIVATION,
    MessageKind.PASSWORD_LINK: MessageKind.ACTIVATION,
}
"""What leaves in the place of a password, or of a link to choose one, where a provider signs people in (R44)."""
_ADDRESSES: Mapping[MessageKind, Callable[[Person], EmailAddress | None]] = {
    MessageKind.EMAIL_CONFIRMATION: attrgetter("wanted"),
    MessageKind.EMAIL_CHANGED: attrgetter("former"),
}
"""The kinds that go to another address of a person than the present one (R13)."""


def address_of(person: Person, kind: MessageKind) -> EmailAddress | None:
    """Where a message of that kind finds the person."""
    return _ADDRESSES[kind](person) if kind in _ADDRESSES else person.email


def contact_address(of: Particulars, kind: MessageKind) -> Address:
    """Where a message of that kind finds an organization's contact: first credentials by post if they can (R4)."""
    address = of.postal or of.contact if kind in FIRST_KINDS else of.contact or of.postal
    assert address is not None, "an organization is opened with one of the two, and keeps one"
    return address


class Desk(Enum):
    """A recipient that is no user: the organization's contact, or the operator's own mailbox."""

    CONTACT = "contact"
    OPERATOR = "operator"


Recipient = UserId | Desk


@frozen
class Notice:
    """Something to tell somebody about a user: what a fact gives rise to, before it has an id."""

    kind: MessageKind
    to: Recipient
    about: UserId
    generation: int | None = None
    """The generation of what the password or the link will be minted for (R20)."""
    place: Place | None = None


@frozen
class Message:
    """A notice on its way."""

    id: MessageId
    organization: OrganizationId
    notice: Notice


@frozen
class Letter:
    """A message as a transport gets it: all that it needs to be written and sent. Its secrets are never shown."""

    id: MessageId
    kind: MessageKind
    to: Address
    organization: str
    """The organization's name."""
    person: Person | None = None
    """Whom it is about; nobody yet, in an organization's first credentials."""
    login: str | None = field(default=None, repr=False)
    password: str | None = field(default=None, repr=False)
    token: str | None = field(default=None, repr=False)
    """A one-time link's secret: what is put into the address of the page that it leads to."""
    expires: datetime | None = None
    """When that link dies."""
    group: str | None = None
    """The access group's code and label, as people read them."""
    agreement: str | None = None

    def __attrs_post_init__(self) -> None:
        if self.login is not None and (self.password is not None or self.token is not None):
            raise ValueError("no message holds both a login and what proves it (R12)")


@frozen
class _Telling:
    """What is known when the facts are told: the organization and the users as the facts left them, and the author."""

    organization: Organization
    users: Mapping[UserId, User]
    by: Author

    def administrator(self) -> list[UserId]:
        holder = self.organization.seat.holder
        return [holder] if holder else []

    def proof(self, event: CredentialsIssued | PasswordForced) -> int:
        """As ``link.proof``: what is sent is for that credential, and to the address that it is issued for."""
        return event.generation + self.users[event.user].address


def notices(
    events: Sequence[Event], organization: Organization, users: Mapping[UserId, User], by: Author
) -> list[Notice]:
    """Whom the facts are told to; ``organization`` and ``users`` are as the facts left them."""
    known = _Telling(organization, users, by)
    return [notice for event in events if type(event) in _TOLD for notice in _TOLD[type(event)](event, known)]


def activating(notice: Notice) -> Notice:
    """The notice as people get it where an identity provider signs them in (R44)."""
    return evolve(notice, kind=ACTIVATING.get(notice.kind, notice.kind))


def _first_credentials(event: FirstCredentialsIssued, known: _Telling) -> list[Notice]:
    return _two_messages(MessageKind.FIRST_LOGIN, MessageKind.FIRST_PASSWORD, Desk.CONTACT, event.user, 1)


def _created(event: UserCreated, known: _Telling) -> list[Notice]:
    """Whoever claimed has a login and a password already (R5)."""
    if known.organization.is_held_by(event.user):
        return []
    return _two_messages(MessageKind.LOGIN, MessageKind.PASSWORD, event.user, event.user, 1)


def _credentials(event: CredentialsIssued, known: _Telling) -> list[Notice]:
    return _two_messages(MessageKind.LOGIN, MessageKind.PASSWORD, event.user, event.user, known.proof(event))


def _forced(event: PasswordForced, known: _Telling) -> list[Notice]:
    """The login is the same: only the password leaves (R24)."""
    return [Notice(MessageKind.PASSWORD_FORCED, event.user, event.user, known.proof(event))]


def _claimed(event: SeatClaimed, known: _Telling) -> list[Notice]:
    return [Notice(MessageKind.ADMINISTRATOR_NAMED, desk, event.user) for desk in Desk]


def _appointed(event: AdministratorAppointed, known: _Telling) -> list[Notice]:
    return [Notice(MessageKind.ADMINISTRATOR_NAMED, to, event.user) for to in (*Desk, event.user)]


def _vacated(event: SeatVacated, known: _Telling) -> list[Notice]:
    return [Notice(MessageKind.SEAT_VACATED, desk, event.user) for desk in Desk]


def _email_asked(event: EmailChangeAsked, known: _Telling) -> list[Notice]:
    """The new address is asked to confirm; where somebody else asked, the old one may object (R13)."""
    kinds = [MessageKind.EMAIL_CONFIRMATION] + ([] if event.own else [MessageKind.EMAIL_OBJECTION])
    return [Notice(kind, event.user, event.user, event.change) for kind in kinds]


def _email_settled(event: EmailConfirmed | EmailCorrected, known: _Telling) -> list[Notice]:
    """The old address is told once the change takes effect: until then this message waits (R13)."""
    return [Notice(MessageKind.EMAIL_CHANGED, event.user, event.user, event.change)]


def _email_changed(event: EmailChanged, known: _Telling) -> list[Notice]:
    if event.link is None:
        return []
    return [Notice(MessageKind.PASSWORD_LINK, event.user, event.user, event.link)]


def _email_kept(event: EmailKept, known: _Telling) -> list[Notice]:
    """The operator too, as the administrator may be who asked for what was objected to (R13)."""
    concerned: list[Recipient] = [*known.administrator(), Desk.OPERATOR]
    return [Notice(MessageKind.EMAIL_KEPT, to, event.user) for to in concerned]


def _waiting(event: MemberAdded, known: _Telling) -> list[Notice]:
    """The actor and the administrator are told what to return, once each (R26)."""
    if not event.waiting:
        return []
    actor: Recipient = known.by.user if isinstance(known.by, Member) else Desk.OPERATOR
    concerned = dict.fromkeys([actor, *known.administrator()])
    return [Notice(MessageKind.DOCUMENT_NEEDED, to, event.user, place=event.place) for to in concerned]


def _decided(kind: MessageKind) -> Callable[[RoleAssigned | RoleRefused, _Telling], list[Notice]]:
    def told(event: RoleAssigned | RoleRefused, known: _Telling) -> list[Notice]:
        place = known.users[event.user].membership(event.number).place
        concerned = dict.fromkeys([event.user, *known.administrator()])
        return [Notice(kind, to, event.user, place=place) for to in concerned]

    return told


def _two_messages(
    first: MessageKind, second: MessageKind, to: Recipient, user: UserId, generation: int
) -> list[Notice]:
    return [Notice(first, to, user), Notice(second, to, user, generation=generation)]


_TOLD: Mapping[type, Callable[[Any, _Telling], list[Notice]]] = {
    FirstCredentialsIssued: _first_credentials,
    UserCreated: _created,
    CredentialsIssued: _credentials,
    PasswordForced: _forced,
    SeatClaimed: _claimed,
    AdministratorAppointed: _appointed,
    SeatVacated: _vacated,
    EmailChangeAsked: _email_asked,
    EmailConfirmed: _email_settled,
    EmailCorrected: _email_settled,
    EmailChanged: _email_changed,
    EmailKept: _email_kept,
    MemberAdded: _waiting,
    RoleAssigned: _decided(MessageKind.ROLE_ASSIGNED),
    RoleRefused: _decided(MessageKind.ROLE_REFUSED),
}
"""The facts that somebody is told of."""
