"""What each use case is asked, as data, on one screen.

Texts stand as they were typed: the use case reads them, and refuses by field. Each request names its organization,
since an operator has none. Dates are civil days in the portal's time zone.
"""

from __future__ import annotations

from datetime import date, datetime

from attrs import converters, field, frozen

from habilitation.domain.period import AS_LONG_AS_THE_ACCOUNT, Dates, civil_day, in_utc, instant_or_day
from habilitation.domain.scope import ALL_GROUPS, Scope
from habilitation.domain.security import LineKind
from habilitation.domain.user import Status
from habilitation.domain.values import (
    AgreementId,
    GroupCode,
    OrganizationId,
    Permission,
    Place,
    ServiceCode,
    UserId,
)


@frozen
class Reason:
    """Why the operator acts: a code for the journal, and a free text that can be erased (R40, R41)."""

    code: str
    text: str = ""


@frozen
class NewService:
    """Define a service of the catalog (R3)."""

    code: ServiceCode
    label: str


@frozen
class NewGroup:
    """Define an access group of a service, and the permissions it gives (R3)."""

    code: GroupCode
    service: ServiceCode
    label: str
    permissions: tuple[Permission, ...]
    needs_document: bool = False


@frozen
class GroupChange:
    """Change an access group from now on (R3): what is left out (None) stays.

    Whether a document is needed is judged as a member is added: who is in the group stays, who waits goes on waiting.
    """

    code: GroupCode
    label: str | None = None
    permissions: tuple[Permission, ...] | None = None
    needs_document: bool | None = None


@frozen
class GroupRetirement:
    """Retire an access group for good: from now on it gives nothing, under any agreement (R3)."""

    code: GroupCode


@frozen
class NewOrganization:
    """Open an organization; its first credentials leave for the contact (R1, R4).

    By letter where there is a postal address, else by mail; whatever else the contact is told leaves by mail where
    there is an e-mail address, else by letter. One of the two may be left out.
    """

    siret: str
    name: str
    contact: str = ""
    """The e-mail address."""
    postal: tuple[str, ...] = ()
    """The postal address, line by line."""


@frozen
class SiretChange:
    """Give an organization that moved or merged its other SIRET; no right is touched (R1)."""

    organization: OrganizationId
    siret: str
    reason: Reason


@frozen
class ContactChange:
    """Send what is for the organization's contact to another address from now on (R1, R4).

    What is left out (None) stays, and an empty one is none; an organization has one of the two at least.
    """

    organization: OrganizationId
    contact: str | None = None
    postal: tuple[str, ...] | None = None


@frozen
class OrganizationSuspension:
    """Suspend an organization as a precaution: nobody has access through it (R33)."""

    organization: OrganizationId
    reason: Reason


@frozen
class OrganizationResumption:
    """Lift the suspension of an organization (R33)."""

    organization: OrganizationId


@frozen
class ControlTaking:
    """Take back control: the operator administers in the place of the organization's people (R34)."""

    organization: OrganizationId
    reason: Reason


@frozen
class ControlReturn:
    """Return control: what was delegated is as it was (R34)."""

    organization: OrganizationId


@frozen
class OrganizationClosing:
    """Close an organization for good, and everything in it; its SIRET is free (R1)."""

    organization: OrganizationId
    reason: Reason


@frozen
class NewAgreement:
    """Open an agreement, as a draft, with its services and groups (R2)."""

    organization: OrganizationId
    reference: str
    name: str
    services: tuple[ServiceCode, ...]
    groups: tuple[GroupCode, ...] = ()
    dates: Dates = Dates()


@frozen
class AgreementValidation:
    """Validate a draft: from now on it gives access, in its period (R2)."""

    organization: OrganizationId
    agreement: AgreementId


@frozen
class AgreementDates:
    """Change the period of an agreement (R2): an opening left out stays, a closing left out is none."""

    organization: OrganizationId
    agreement: AgreementId
    dates: Dates


@frozen
class AgreementSuspension:
    """Suspend an agreement as a precaution: nobody has access through it (R33)."""

    organization: OrganizationId
    agreement: AgreementId
    reason: Reason


@frozen
class AgreementResumption:
    """Lift the suspension of an agreement (R33)."""

    organization: OrganizationId
    agreement: AgreementId


@frozen
class AgreementEnding:
    """End an agreement now, for good (R2)."""

    organization: OrganizationId
    agreement: AgreementId
    reason: Reason


@frozen
class GroupSuspension:
    """Suspend a group under an agreement as a precaution: nobody has access through it (R33)."""

    organization: OrganizationId
    agreement: AgreementId
    group: GroupCode
    reason: Reason


@frozen
class GroupResumption:
    """Lift the suspension of a group under an agreement (R33)."""

    organization: OrganizationId
    agreement: AgreementId
    group: GroupCode


@frozen
class GroupWithdrawal:
    """Withdraw a group from an agreement: memberships in it stay, inactive, until it is opened again (R3)."""

    organization: OrganizationId
    agreement: AgreementId
    group: GroupCode
    reason: Reason


@frozen
class GroupOpening:
    """Open one more group under an agreement (R2, R3)."""

    organization: OrganizationId
    agreement: AgreementId
    group: GroupCode


@frozen
class Reissue:
    """Replace an organization's first credentials (R4)."""

    organization: OrganizationId


@frozen
class AdministratorClaim:
    """The first-authentication form (R5): the organization and the user are the session's."""

    last_name: str
    first_name: str
    email: str
    password: str = field(repr=False)
    """Empty where an identity provider signed the person in (R44)."""
    acknowledged: str
    """The version of the responsibility's text that was shown and accepted."""
    phone: str = ""


@frozen
class PasswordChoice:
    """A password of one's own, in place of the provisional one that opened the session (R19)."""

    password: str = field(repr=False)


@frozen
class IdentityProof:
    """What an identity provider's callback brought: its signed token, and the nonce that was sent there (R44)."""

    id_token: str = field(repr=False)
    nonce: str = field(repr=False)


@frozen
class Activation:
    """The one-time link that was sent, brought by whoever the provider signed in (R44)."""

    link: str = field(repr=False)
    proof: IdentityProof


@frozen
class IdentityLink:
    """Bind one's identity at a provider to one's own account, in the place of any other (R44)."""

    organization: OrganizationId
    proof: IdentityProof


@frozen
class IdentityUnlink:
    """Unbind the identity that opens an account, one's own or another's (R44)."""

    organization: OrganizationId
    user: UserId


@frozen
class PasswordChange:
    """Another password of one's own, by whoever knows the one in use (R19)."""

    current: str = field(repr=False)
    password: str = field(repr=False)


@frozen
class PasswordByLink:
    """A password of one's own, in place of a forgotten one: ``token`` is what the link's address brought (R21)."""

    token: str = field(repr=False)
    password: str = field(repr=False)


@frozen
class Replacement:
    """Put an open user in the administrator's seat (R8)."""

    organization: OrganizationId
    incoming: UserId
    reason: Reason
    close_former: bool = False
    end_delegations: bool = False


@frozen
class Vacancy:
    """Declare the administrator's seat vacant (R8)."""

    organization: OrganizationId
    reason: Reason
    close_former: bool = False
    end_delegations: bool = False


@frozen
class NewUser:
    """Create a user under an agreement, with the groups ticked (R10).

    A confirmation left out (None) is not checked: programs have nothing to confirm.
    """

    organization: OrganizationId
    agreement: AgreementId
    last_name: str
    first_name: str
    email: str
    email_confirmation: str | None = None
    phone: str = ""
    phone_confirmation: str | None = None
    dates: Dates = Dates()
    mobile: bool = False
    groups: tuple[GroupCode, ...] = ()


@frozen
class UserChanges:
    """Modify a user (R14): what is left out (None) stays, and an empty phone is none.

    ``dates``, where given, are the account's from now on: an opening left out stays, a closing left out is none.
    They are not lengthened in a suspended organization, nor while the user is suspended (R2, R17).
    """

    organization: OrganizationId
    user: UserId
    last_name: str | None = None
    first_name: str | None = None
    phone: str | None = None
    mobile: bool | None = None
    dates: Dates | None = None


@frozen
class OwnDetails:
    """Modify one's own account (R14): what is left out (None) stays, and an empty phone is none."""

    organization: OrganizationId
    last_name: str | None = None
    first_name: str | None = None
    phone: str | None = None


@frozen
class Resending:
    """Send a user's first credentials again (R19)."""

    organization: OrganizationId
    user: UserId


@frozen
class Forcing:
    """Void a user's password, and send a provisional one (R24)."""

    organization: OrganizationId
    user: UserId
    reason: Reason


@frozen
class ForcingOfAll:
    """Void the password of every user of an organization, and send each a provisional one (R24)."""

    organization: OrganizationId
    reason: Reason


@frozen
class Closing:
    """Close an account, now or on a day to come (R14)."""

    organization: OrganizationId
    user: UserId
    on: date | None = field(default=None, validator=civil_day)


@frozen
class Reopening:
    """Begin a new account period; nothing of the former one comes back (R14)."""

    organization: OrganizationId
    user: UserId
    dates: Dates = Dates()


@frozen
class Erasure:
    """Erase the person behind a closed account before its retention is over (R18).

    The reason is a code alone: a text would stay behind the person that it speaks of.
    """

    organization: OrganizationId
    user: UserId
    reason: str


@frozen
class DueErasure:
    """Erase whatever's retention is over, of one organization or of all, ``size`` persons at once (R18, R41)."""

    organization: OrganizationId | None = None
    size: int = 500


@frozen
class UserSuspension:
    """Suspend a user as a precaution, for the side whose the actor is: the organization or the operator (R17)."""

    organization: OrganizationId
    user: UserId
    reason: Reason


@frozen
class UserReinstatement:
    """Lift one's own side's suspension of a user (R17)."""

    organization: OrganizationId
    user: UserId


@frozen
class Removal:
    """Close an account and take it off the lists (R18)."""

    organization: OrganizationId
    user: UserId


@frozen
class GroupAddition:
    """Put a user into an access group of an agreement (R25)."""

    organization: OrganizationId
    user: UserId
    agreement: AgreementId
    group: GroupCode
    dates: Dates = AS_LONG_AS_THE_ACCOUNT

    @property
    def place(self) -> Place:
        return Place(self.agreement, self.group)


@frozen
class MembershipDates:
    """Change when a membership begins and ends (R25): an opening left out stays, a closing left out is none."""

    organization: OrganizationId
    user: UserId
    membership: int
    dates: Dates


@frozen
class GroupRemoval:
    """End a membership now (R25)."""

    organization: OrganizationId
    user: UserId
    membership: int


@frozen
class Generalization:
    """Give every open user of the agreement the groups that one of them has in it (R27)."""

    organization: OrganizationId
    agreement: AgreementId
    user: UserId


@frozen
class RoleAssignment:
    """Give the role of a waiting membership, on the document returned (R26)."""

    organization: OrganizationId
    user: UserId
    membership: int
    document: str


@frozen
class RoleRefusal:
    """Refuse the role, which ends the waiting membership (R26)."""

    organization: OrganizationId
    user: UserId
    membership: int
    reason: Reason


@frozen
class DocumentQuestion:
    """The supporting document of a waiting membership, filled in as far as the portal knows (R26)."""

    organization: OrganizationId
    user: UserId
    membership: int


@frozen
class NewManager:
    """Delegate to an open user, over all groups or some, in place of any earlier delegation (R28)."""

    organization: OrganizationId
    user: UserId
    scope: Scope = ALL_GROUPS
    dates: Dates = AS_LONG_AS_THE_ACCOUNT


@frozen
class Revocation:
    """End a manager's delegation now (R28)."""

    organization: OrganizationId
    user: UserId


@frozen
class EmailChanging:
    """Change an e-mail address: one's own, or another's for the administrator (R13). A confirmation may be left out."""

    organization: OrganizationId
    user: UserId
    email: str
    email_confirmation: str | None = None


@frozen
class EmailConfirmation:
    """Confirm a new address by the link that was sent to it (R13)."""

    token: str


@frozen
class EmailObjection:
    """Object to a change of address by the link that was sent to the old one (R13)."""

    token: str


@frozen
class Unlocking:
    """Lift the locks and delays of a user's login (R22)."""

    organization: OrganizationId
    user: UserId


@frozen
class UserSearch:
    """A page of an organization's users, by last name, first name (R36).

    ``text`` finds the beginning of a name, an e-mail address or a login, whatever the accents and the case;
    ``after`` is the cursor that the former page gave.
    """

    organization: OrganizationId
    agreement: AgreementId | None = None
    status: Status | None = None
    text: str = ""
    after: str | None = None
    size: int = 50


@frozen
class UserQuestion:
    """One user of an organization (R36)."""

    organization: OrganizationId
    user: UserId


@frozen
class NamesQuestion:
    """What several users of an organization are called: no more than 500 of them (R36)."""

    organization: OrganizationId
    users: frozenset[UserId]


@frozen
class OrganizationQuestion:
    """Something about an organization as a whole: its agreements, its administrator, its journal."""

    organization: OrganizationId


@frozen
class SiretQuestion:
    """The organization that has this SIRET now (R1)."""

    siret: str


@frozen
class OrganizationSearch:
    """A page of all organizations, in the order of their opening (R36)."""

    after: str | None = None
    size: int = 50


@frozen
class OrganizationNameSearch:
    """A page of the organizations in whose name a text stands, in the order of their opening (R36).

    Accents and capitals do not count; ``after`` is the cursor that the former page gave.
    """

    text: str
    after: str | None = None
    size: int = 50


@frozen
class WaitingSearch:
    """A page of the memberships that wait for the operator's role assignment, by user (R26)."""

    organization: OrganizationId
    after: str | None = None
    size: int = 50


@frozen
class HistoryQuestion:
    """A page of the journal, oldest first; about one user if named (R36, R40).

    ``after`` is the cursor that the former page gave.
    """

    organization: OrganizationId
    user: UserId | None = None
    after: str | None = None
    size: int = 100


@frozen
class EventsQuestion:
    """What an organization's journal tells after a position, oldest first: no more facts than ``size`` (R40).

    The position is the sequence of the last fact that was taken; 0 is before the first.
    """

    organization: OrganizationId
    position: int = 0
    size: int = 100


@frozen
class CatalogEventsQuestion:
    """What the catalog's own journal tells after a position (R3, R40); the rest as above."""

    position: int = 0
    size: int = 100


@frozen
class VersionSearch:
    """A page of how far every organization's journal has come, by id; those that were dropped included (R40, R41).

    ``after`` is the cursor that the former page gave.
    """

    after: str | None = None
    size: int = 500


@frozen
class AccessQuestion:
    """May this user do this, for this organization, now? (R38)"""

    organization: OrganizationId
    user: UserId
    permission: Permission


@frozen
class SecurityQuestion:
    """A page of the security log, newest first: of one organization, about or by one user, of one kind (R43).

    ``after`` is the cursor that the former page gave.
    """

    organization: OrganizationId | None = None
    user: UserId | None = None
    kind: LineKind | None = None
    after: str | None = None
    size: int = 100


@frozen
class DeadLetterSearch:
    """A page of the messages that were given up, of one organization or of all, oldest first.

    ``after`` is the cursor that the former page gave.
    """

    organization: OrganizationId | None = None
    after: str | None = None
    size: int = 50


@frozen
class PastQuestion:
    """Could this user do this then, as far as was known at some instant? (R39)

    ``at`` is an instant, or a civil day, which means any instant of it; one to come asks for a forecast. ``known``,
    if left out, is now.
    """

    organization: OrganizationId
    user: UserId
    permission: Permission
    at: date = field(converter=instant_or_day)
    known: datetime | None = field(default=None, converter=converters.optional(in_utc))


@frozen
class PastSearch:
    """A page of those who could do this then, as far as was known at some instant (R39); the rest as above."""

    organization: OrganizationId
    permission: Permission
    at: date = field(converter=instant_or_day)
    known: datetime | None = field(default=None, converter=converters.optional(in_utc))
    after: str | None = None
    size: int = 50


@frozen
class OwnFileQuestion:
    """All that is kept about whoever asks; the readings of it come by pages, newest first (R36).

    ``after`` is the cursor that the former page gave.
    """

    organization: OrganizationId
    after: str | None = None
    size: int = 100


@frozen
class ExplanationQuestion:
    """Why may this user do this, or not? (R38, R39)

    Now, unless ``at`` says another instant, or a civil day: then at the day's first instant with access, or with none
    at the last one at which the answer could change.
    """

    organization: OrganizationId
    user: UserId
    permission: Permission
    at: date | None = field(default=None, converter=converters.optional(instant_or_day))
