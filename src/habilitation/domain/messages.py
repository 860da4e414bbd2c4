"""What people are told, and when: which facts make which messages leave (R4, R7, R12, R26).

A message is a line in the outbox. It holds ids and codes, no secret and no address: those are read, or made up, at
delivery (R20). No kind carries both a login and a password (R12).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum

from attrs import field, frozen

from habilitation.domain.actors import Author, Member
from habilitation.domain.events import (
    AdministratorAppointed,
    CredentialsIssued,
    Event,
    FirstCredentialsIssued,
    MemberAdded,
    RoleAssigned,
    RoleRefused,
    SeatClaimed,
    SeatVacated,
    UserCreated,
)
from habilitation.domain.organization import Organization
from habilitation.domain.user import User
from habilitation.domain.values import EmailAddress, MessageId, OrganizationId, Person, Place, UserId


class MessageKind(Enum):
    """What a message is for; its texts are found under this name."""

    FIRST_LOGIN = "first-login"
    FIRST_PASSWORD = "first-password"
    LOGIN = "login"
    PASSWORD = "password"
    ADMINISTRATOR_NAMED = "administrator-named"
    SEAT_VACATED = "seat-vacated"
    DOCUMENT_NEEDED = "document-needed"
    ROLE_ASSIGNED = "role-assigned"
    ROLE_REFUSED = "role-refused"


LOGIN_KINDS = frozenset({MessageKind.FIRST_LOGIN, MessageKind.LOGIN})
PASSWORD_KINDS = frozenset({MessageKind.FIRST_PASSWORD, MessageKind.PASSWORD})


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
    """The generation of the credential that the password will be minted for (R20)."""
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
    to: EmailAddress
    organization: str
    """The organization's name."""
    person: Person | None = None
    """Whom it is about; nobody yet, in an organization's first credentials."""
    login: str | None = field(default=None, repr=False)
    password: str | None = field(default=None, repr=False)
    group: str | None = None
    """The access group's code and label, as people read them."""
    agreement: str | None = None

    def __attrs_post_init__(self) -> None:
        if self.login is not None and self.password is not None:
            raise ValueError("no message holds both a login and a password (R12)")


def notices(
    events: Sequence[Event], organization: Organization, users: Mapping[UserId, User], by: Author
) -> list[Notice]:
    """Whom the facts are told to; ``organization`` and ``users`` are as the facts left them."""
    return [notice for event in events for notice in _notices(event, organization, users, by)]


def _notices(event: Event, organization: Organization, users: Mapping[UserId, User], by: Author) -> list[Notice]:
    match event:
        case FirstCredentialsIssued(user):
            return _two_messages(MessageKind.FIRST_LOGIN, MessageKind.FIRST_PASSWORD, Desk.CONTACT, user, 1)
        case UserCreated(user) if not organization.is_held_by(user):
            return _two_messages(MessageKind.LOGIN, MessageKind.PASSWORD, user, user, 1)
        case CredentialsIssued(user, generation):
            return _two_messages(MessageKind.LOGIN, MessageKind.PASSWORD, user, user, generation)
        case SeatClaimed(user):
            return [Notice(MessageKind.ADMINISTRATOR_NAMED, desk, user) for desk in Desk]
        case AdministratorAppointed(user):
            return [Notice(MessageKind.ADMINISTRATOR_NAMED, to, user) for to in (*Desk, user)]
        case SeatVacated(user):
            return [Notice(MessageKind.SEAT_VACATED, desk, user) for desk in Desk]
        case MemberAdded(user, place=place, waiting=True):
            return [Notice(MessageKind.DOCUMENT_NEEDED, to, user, place=place) for to in _concerned(organization, by)]
        case RoleAssigned(user, number) | RoleRefused(user, number):
            kind = MessageKind.ROLE_ASSIGNED if isinstance(event, RoleAssigned) else MessageKind.ROLE_REFUSED
            place = users[user].membership(number).place
            told = dict.fromkeys([user, *_administrator(organization)])
            return [Notice(kind, to, user, place=place) for to in told]
    return []


def _two_messages(
    first: MessageKind, second: MessageKind, to: Recipient, user: UserId, generation: int
) -> list[Notice]:
    return [Notice(first, to, user), Notice(second, to, user, generation=generation)]


def _administrator(organization: Organization) -> list[UserId]:
    return [organization.seat.holder] if organization.seat.holder else []


def _concerned(organization: Organization, by: Author) -> list[Recipient]:
    """The actor and the administrator, once each (R26)."""
    actor: Recipient = by.user if isinstance(by, Member) else Desk.OPERATOR
    return list(dict.fromkeys([actor, *_administrator(organization)]))
