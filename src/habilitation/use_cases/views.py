"""What readers are shown: facts joined with the persons, labels and names that stand outside the journal."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Generic, TypeVar

from attrs import evolve, frozen

from habilitation.domain.actors import Author, Member, OperatorAgent
from habilitation.domain.acts import Act, Role
from habilitation.domain.authority import reads_all
from habilitation.domain.catalog import Catalog
from habilitation.domain.events import Event
from habilitation.domain.hindsight import Hindsight
from habilitation.domain.journal import Record
from habilitation.domain.organization import (
    Agreement,
    AgreementState,
    Control,
    GroupState,
    OrganizationState,
    SeatState,
)
from habilitation.domain.period import Term
from habilitation.domain.scope import Scope
from habilitation.domain.security import SecurityLine
from habilitation.domain.user import Membership, Status
from habilitation.domain.values import (
    AgreementId,
    EmailAddress,
    GroupCode,
    Login,
    OrganizationId,
    Permission,
    Person,
    Place,
    PostalAddress,
    Seal,
    ServiceCode,
    Siret,
    UserId,
)
from habilitation.ports.queries import UserRow
from habilitation.use_cases.work import Reading

T = TypeVar("T")

SOME_AGENT = OperatorAgent("operator")
"""What anybody but the operator sees in an agent's place: the role (R36)."""


@frozen
class Page(Generic[T]):
    """Some of a list; ``next`` is the cursor of what follows, None at the end."""

    items: tuple[T, ...]
    next: str | None = None


@frozen
class OrganizationView:
    """An organization: what identifies it (R1), and in whose hands it is (R8, R33, R34)."""

    id: OrganizationId
    siret: Siret
    name: str
    state: OrganizationState
    control: Control
    seat: SeatState
    contact: EmailAddress | None
    """Where its contact is reached by mail; shown to whoever reads all of the organization (R36)."""
    postal: PostalAddress | None
    """Where first credentials are sent by post (R4); shown to the same."""
    version: int
    """The sequence of the last event about it, its seat or its agreements."""


@frozen
class GroupView:
    """An access group that an agreement opens or once opened."""

    code: GroupCode
    state: GroupState
    """What the agreement does with it (R33)."""
    label: str
    service: ServiceCode
    permissions: tuple[Permission, ...]
    needs_document: bool


@frozen
class AgreementView:
    """An agreement with its name, its services by label, its groups."""

    id: AgreementId
    reference: str
    name: str
    state: AgreementState
    opening: date
    closing: date | None
    services: Mapping[ServiceCode, str]
    groups: tuple[GroupView, ...]
    version: int
    """The sequence of the last event about it."""


@frozen
class MembershipView:
    """A user in a group, or waiting there for the operator's role assignment."""

    number: int
    place: Place
    group: str
    """The group's label."""
    opening: date
    closing: date | None
    waiting: bool


@frozen
class UserView:
    """A user as a page shows it to somebody: ``acts`` are those that the reader may do on it."""

    id: UserId
    login: Login | None
    person: Person | None
    agreement: AgreementId | None
    mobile: bool
    status: Status
    opening: date
    closing: date | None
    """The first day without access (R15)."""
    memberships: tuple[MembershipView, ...]
    """Those that are current, waiting or to come, each from no sooner than the account."""
    manages: Scope | None
    administrator: bool
    acts: tuple[Act, ...]
    version: int
    """The sequence of the last event about the user: acts can be asked for on the terms that it is still that one."""


@frozen
class AdministratorView:
    """Who the administrator is, if the seat is held: a name, and nothing more of the person's file (R7, R36)."""

    seat: SeatState
    user: UserId | None = None
    name: str | None = None


@frozen
class HadAccess:
    """Somebody who had access then, as the user is now, and why it was so (R39)."""

    user: UserView
    then: Hindsight


@frozen
class DelegationView:
    """A manager, current or to come: over what, from when to when, and who delegated it (R28)."""

    user: UserView
    scope: Scope
    opening: date
    closing: date | None
    by: Author
    at: datetime
    """When it was delegated."""


@frozen
class ReadingView:
    """That somebody looked at one's data: when, what for and, where it was an agent, by role alone (R36)."""

    at: datetime
    by: Author
    act: str
    """The code of what was asked: ``show-user``."""
    purpose: str


@frozen
class OwnFile:
    """All that is kept about a user, as shown to that user (R36)."""

    user: UserView
    history: tuple[Record[Event], ...]
    """What was done to them, oldest first."""
    readings: Page[ReadingView]
    """Who else read their data, newest first."""


@frozen
class WaitingRole:
    """A membership that waits, and whose it is (R26)."""

    user: UserView
    membership: MembershipView


def organization_view(seen: Reading) -> OrganizationView:
    """The organization as the reader sees it."""
    known, particulars = seen.organization, seen.rows.particulars()
    reached = (particulars.contact, particulars.postal) if reads_all(seen.acting) else (None, None)
    return OrganizationView(
        known.id,
        particulars.siret,
        particulars.name,
        known.state,
        known.control,
        known.seat.state,
        *reached,
        seen.rows.version(),
    )


def user_view(seen: Reading, row: UserRow) -> UserView:
    """The user as the reader sees it."""
    user, at = row.user, seen.at
    term = user.account.term
    return UserView(
        user.id,
        row.login,
        row.person,
        user.agreement,
        user.mobile,
        user.status(at),
        term.opening,
        term.closing,
        tuple(membership_view(seen.catalog, held, term) for held in user.account.live(at)),
        user.scope(at),
        seen.organization.is_held_by(user.id),
        seen.acts_on(user),
        row.version,
    )


def membership_view(catalog: Catalog, held: Membership, account: Term) -> MembershipView:
    """A membership, with its group's label of now; it begins with its account at the soonest."""
    label = catalog.group(held.place.group).now.label
    opening = max(held.term.opening, account.opening)
    return MembershipView(held.number, held.place, label, opening, held.term.closing, held.waiting)


def agreement_view(agreement: Agreement, catalog: Catalog, names: Mapping[Seal, str], version: int) -> AgreementView:
    """An agreement, with its name if that is not erased."""
    return AgreementView(
        agreement.id,
        agreement.reference,
        names.get(agreement.name, ""),
        agreement.state,
        agreement.term.opening,
        agreement.term.closing,
        {code: catalog.service(code).label for code in agreement.services},
        tuple(group_view(catalog, code, opened.state) for code, opened in agreement.groups.items()),
        version,
    )


def group_view(catalog: Catalog, code: GroupCode, state: GroupState) -> GroupView:
    """A group as the catalog defines it now, in that state under an agreement."""
    group = catalog.group(code)
    definition = group.now
    return GroupView(
        code, state, definition.label, group.service, tuple(sorted(definition.permissions)), definition.needs_document
    )


def administrator_view(seen: Reading) -> AdministratorView:
    """The seat, and the name of whoever holds it."""
    seat = seen.organization.seat
    row = seen.rows.find_row(seat.holder) if seat.holder else None
    name = row.person.full_name if row and row.person else None
    return AdministratorView(seat.state, row.user.id if row else None, name)


def shown_author(by: Author, reader: Role) -> Author:
    """Agents are named to the operator, and told by role to anybody else (R36)."""
    return SOME_AGENT if isinstance(by, OperatorAgent) and reader is not Role.OPERATOR else by


def shown_record(record: Record[Event], reader: Role) -> Record[Event]:
    """The record, as far as the reader may know whose it is."""
    return evolve(record, by=shown_author(record.by, reader))


def delegation_view(seen: Reading, row: UserRow, given: Record[Event]) -> DelegationView:
    """A manager's delegation, and the fact that gave it."""
    held = row.user.delegation(seen.at)
    assert held is not None, "only those who have one are shown"
    by = shown_author(given.by, seen.acting.role)
    return DelegationView(user_view(seen, row), held.scope, held.term.opening, held.term.closing, by, given.at)


def reading_view(line: SecurityLine, reader: Role) -> ReadingView:
    """A line of the security log, to somebody whom it is about."""
    by = line.fact.actor
    assert isinstance(by, OperatorAgent | Member), "only agents and people leave a line when they read"
    return ReadingView(line.at, shown_author(by, reader), line.fact.act, line.fact.purpose)
