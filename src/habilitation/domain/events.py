"""Every fact that the journals hold, in the past tense.

Events carry opaque ids, codes, dates and instants, and the seals of erasable texts; nothing in them identifies a person
or an organization directly (R41). ``end`` is the instant that a ``closing`` date meant when it was given.
"""

from __future__ import annotations

from datetime import date, datetime

from attrs import frozen

from habilitation.domain.actors import Side
from habilitation.domain.period import Term
from habilitation.domain.scope import Scope
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

# The catalog's journal


@frozen
class ServiceDefined:
    code: ServiceCode
    label: str


@frozen
class GroupDefined:
    code: GroupCode
    service: ServiceCode
    label: str
    permissions: tuple[Permission, ...]
    needs_document: bool


@frozen
class GroupRedefined:
    """From now on the group is this, and gives these permissions; before, it is what it was (R3)."""

    code: GroupCode
    label: str
    permissions: tuple[Permission, ...]
    needs_document: bool


@frozen
class GroupRetired:
    """From now on the group gives nothing, for good (R3)."""

    code: GroupCode


# An organization's journal: the organization, its seat, its agreements


@frozen
class OrganizationOpened:
    organization: OrganizationId


@frozen
class SiretChanged:
    """The organization moved or merged: no right is touched (R1). What it was and what it is are sealed."""

    former: Seal
    siret: Seal
    reason: str
    note: Seal | None


@frozen
class ContactChanged:
    """The organization's mail goes to another address from now on (R1)."""


@frozen
class OrganizationSuspended:
    """Nobody has access through it until it is resumed (R33)."""

    reason: str
    note: Seal | None


@frozen
class OrganizationResumed:
    """The suspension of the organization is lifted (R33)."""


@frozen
class ControlTaken:
    """The operator administers in the place of the organization's people (R34)."""

    reason: str
    note: Seal | None


@frozen
class ControlReturned:
    """The organization's people administer again; what was delegated is as it was (R34)."""


@frozen
class OrganizationClosed:
    """Everything in the organization ended, and its SIRET is free (R1)."""

    reason: str
    note: Seal | None


@frozen
class FirstCredentialsIssued:
    """A login and a provisional password for whoever will claim; the user's id is reserved from now on (R4)."""

    user: UserId
    expires: datetime


@frozen
class SeatClaimed:
    """The first person signed in, and acknowledged that version of the text (R5)."""

    user: UserId
    acknowledged: str


@frozen
class AdministratorAppointed:
    """The operator put an open user in the seat, in place of whoever held it (R8)."""

    user: UserId
    reason: str
    note: Seal | None


@frozen
class SeatVacated:
    """The operator declared the seat vacant; its former holder is an ordinary user (R8)."""

    user: UserId
    reason: str
    note: Seal | None


@frozen
class AgreementOpened:
    agreement: AgreementId
    reference: str
    name: Seal
    term: Term
    services: tuple[ServiceCode, ...]


@frozen
class GroupOpened:
    """The agreement opens a group of the catalog from now on (R2, R3)."""

    agreement: AgreementId
    group: GroupCode


@frozen
class AgreementValidated:
    agreement: AgreementId


@frozen
class AgreementRescheduled:
    """The operator changed the period of the agreement (R2)."""

    agreement: AgreementId
    term: Term


@frozen
class AgreementSuspended:
    """Nobody has access through it until it is resumed (R33)."""

    agreement: AgreementId
    reason: str
    note: Seal | None


@frozen
class AgreementResumed:
    """The suspension of the agreement is lifted (R33)."""

    agreement: AgreementId


@frozen
class AgreementEnded:
    """The agreement is over, for good (R2)."""

    agreement: AgreementId
    end: datetime
    closing: date
    reason: str
    note: Seal | None


@frozen
class GroupSuspended:
    """Nobody has access through the group under that agreement until it is resumed (R33)."""

    agreement: AgreementId
    group: GroupCode
    reason: str
    note: Seal | None


@frozen
class GroupResumed:
    """The suspension of the group under that agreement is lifted (R33)."""

    agreement: AgreementId
    group: GroupCode


@frozen
class GroupWithdrawn:
    """The agreement opens the group no more: memberships in it stay, inactive (R3)."""

    agreement: AgreementId
    group: GroupCode
    reason: str
    note: Seal | None


# An organization's journal: its users


@frozen
class UserCreated:
    """An account was opened, or announced for a day to come; the claimant's is under no agreement (R5, R10)."""

    user: UserId
    agreement: AgreementId | None
    term: Term
    mobile: bool


@frozen
class UserModified:
    """Those details of the person changed; what they are now stands outside the journal (R14, R41)."""

    user: UserId
    details: tuple[str, ...]


@frozen
class WorkstationChanged:
    user: UserId
    mobile: bool


@frozen
class AccountRescheduled:
    """The dates of the account changed, before they came (R14)."""

    user: UserId
    term: Term


@frozen
class AccountClosed:
    """The account ends, now or on a day to come; memberships and delegation end with it (R14)."""

    user: UserId
    end: datetime
    closing: date


@frozen
class AccountReopened:
    """A new account period began, with nothing of the former one (R14)."""

    user: UserId
    term: Term


@frozen
class UserSuspended:
    """That side suspended the user, who neither acts nor has access while a suspension stands (R17)."""

    user: UserId
    side: Side
    reason: str
    note: Seal | None


@frozen
class UserReinstated:
    """That side lifted its suspension (R17)."""

    user: UserId
    side: Side


@frozen
class CredentialsIssued:
    """A login and a provisional password leave again, for that generation of the credential (R14, R20)."""

    user: UserId
    generation: int


@frozen
class EmailChangeAsked:
    """Another address was asked for, by the owner or by somebody else; it takes the place of any asked before (R13)."""

    user: UserId
    change: int
    own: bool


@frozen
class EmailConfirmed:
    """Whoever reads the new address confirmed that change (R13)."""

    user: UserId
    change: int


@frozen
class EmailChanged:
    """The change took effect: what was on its way to the old address is void (R13)."""

    user: UserId
    change: int
    link: int | None
    """The generation of the link to choose a password that leaves anew, where one was on its way."""


@frozen
class EmailCorrected:
    """The address was changed at once, as nobody had signed in yet (R13)."""

    user: UserId
    change: int


@frozen
class EmailKept:
    """Nothing came of that change: somebody objected, or it was refused as it was to take effect (R13)."""

    user: UserId
    change: int
    reason: str


@frozen
class UserUnlocked:
    """What had failed with the user's login was forgotten (R22)."""

    user: UserId


@frozen
class IdentityLinked:
    """An identity at a provider opens the account, in the place of any other; whose it is stands elsewhere (R44)."""

    user: UserId


@frozen
class IdentityUnlinked:
    """No identity at a provider opens the account any more (R44)."""

    user: UserId


@frozen
class PasswordForced:
    """The operator voided what opened the account; a provisional password leaves for that generation (R24)."""

    user: UserId
    generation: int
    reason: str
    note: Seal | None


@frozen
class UserRemoved:
    """The user is off the lists (R18)."""

    user: UserId


@frozen
class PersonErased:
    """All that told who the user was is gone, and so are the texts about the user: only the id stays (R18, R41)."""

    user: UserId
    reason: str


@frozen
class MemberAdded:
    """The user is in the group, or waits there for role assignment (R25, R26)."""

    user: UserId
    number: int
    place: Place
    term: Term
    waiting: bool


@frozen
class MembershipChanged:
    user: UserId
    number: int
    term: Term


@frozen
class MembershipEnded:
    user: UserId
    number: int
    end: datetime
    closing: date


@frozen
class RoleAssigned:
    """The operator saw the document and gave the role of that membership (R26)."""

    user: UserId
    number: int
    document: Seal


@frozen
class RoleRefused:
    """The operator gave no role, which ends the membership (R26)."""

    user: UserId
    number: int
    reason: str
    note: Seal | None
    end: datetime
    closing: date


@frozen
class ManagerDelegated:
    """The user manages those groups from now on, or over the dates given, in place of any earlier scope (R28)."""

    user: UserId
    scope: Scope
    term: Term


@frozen
class DelegationEnded:
    user: UserId
    end: datetime
    closing: date


CatalogEvent = ServiceDefined | GroupDefined | GroupRedefined | GroupRetired
OrganizationEvent = (
    OrganizationOpened
    | SiretChanged
    | ContactChanged
    | OrganizationSuspended
    | OrganizationResumed
    | ControlTaken
    | ControlReturned
    | OrganizationClosed
    | FirstCredentialsIssued
    | SeatClaimed
    | AdministratorAppointed
    | SeatVacated
    | AgreementOpened
    | GroupOpened
    | AgreementValidated
    | AgreementRescheduled
    | AgreementSuspended
    | AgreementResumed
    | AgreementEnded
    | GroupSuspended
    | GroupResumed
    | GroupWithdrawn
)
UserEvent = (
    UserCreated
    | UserModified
    | WorkstationChanged
    | AccountRescheduled
    | AccountClosed
    | AccountReopened
    | UserSuspended
    | UserReinstated
    | CredentialsIssued
    | PasswordForced
    | IdentityLinked
    | IdentityUnlinked
    | UserRemoved
    | UserUnlocked
    | EmailChangeAsked
    | EmailConfirmed
    | EmailChanged
    | EmailCorrected
    | EmailKept
    | PersonErased
    | MemberAdded
    | MembershipChanged
    | MembershipEnded
    | RoleAssigned
    | RoleRefused
    | ManagerDelegated
    | DelegationEnded
)
Event = OrganizationEvent | UserEvent
