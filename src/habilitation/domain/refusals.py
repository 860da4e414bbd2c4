"""Every refusal: one class each, with a stable code, a kind, and the data that makes it readable.

Edges map kinds (an HTTP status, an exit code) and translate codes. Nothing in a refusal is personal data: it may be
logged. A refused act leaves state, journal and outbox as they were (I8).
"""

from __future__ import annotations

from datetime import date, timedelta
from enum import Enum
from typing import TYPE_CHECKING, Any, ClassVar

from attrs import define

if TYPE_CHECKING:
    from habilitation.domain.values import AgreementId, GroupCode, OrganizationId, UserId


class Kind(Enum):
    """What sort of *no* it is, whatever the reason."""

    INVALID = "invalid"
    UNAUTHENTICATED = "unauthenticated"
    FORBIDDEN = "forbidden"
    MISSING = "missing"
    CONFLICT = "conflict"
    EXPIRED = "expired"
    BUSY = "busy"
    UNAVAILABLE = "unavailable"
    OUTCOME_UNKNOWN = "outcome-unknown"


class Refusal(Exception):
    """The root of every refusal: catch it, and read ``code``, ``kind`` and ``str()``."""

    code: ClassVar[str]
    kind: ClassVar[Kind]
    sentence: ClassVar[str]

    @property
    def data(self) -> dict[str, Any]:
        """The refusal's own fields, for a sentence in another language or a program."""
        return {field.name: getattr(self, field.name) for field in getattr(type(self), "__attrs_attrs__", ())}

    def __str__(self) -> str:
        readable = {
            name: str(value).replace("_", " ") if name == "field" else value for name, value in self.data.items()
        }
        return self.sentence.format(**readable)


# What was typed


@define(slots=False)
class SiretMalformed(Refusal):
    """Not 14 ASCII digits, ordinary spaces apart (R1)."""

    code: ClassVar[str] = "siret-malformed"
    kind: ClassVar[Kind] = Kind.INVALID
    sentence: ClassVar[str] = "A SIRET has fourteen digits."


@define(slots=False)
class SiretRefused(Refusal):
    """Neither the ordinary checksum nor La Poste's exception holds (R1)."""

    code: ClassVar[str] = "siret-refused"
    kind: ClassVar[Kind] = Kind.INVALID
    sentence: ClassVar[str] = "These fourteen digits are not a SIRET: their checksum does not hold."


@define(slots=False)
class NameMissing(Refusal):
    """A text that must be given is empty (R5, R10)."""

    code: ClassVar[str] = "name-missing"
    kind: ClassVar[Kind] = Kind.INVALID
    sentence: ClassVar[str] = "The {field} is missing."

    field: str


@define(slots=False)
class NameMalformed(Refusal):
    """A control or format character, or no letter at all (R5, R10)."""

    code: ClassVar[str] = "name-malformed"
    kind: ClassVar[Kind] = Kind.INVALID
    sentence: ClassVar[str] = "The {field} holds characters that cannot stand in it."

    field: str


@define(slots=False)
class NameTooLong(Refusal):
    """More characters than are kept (R5, R10)."""

    code: ClassVar[str] = "name-too-long"
    kind: ClassVar[Kind] = Kind.INVALID
    sentence: ClassVar[str] = "The {field} is longer than {most} characters."

    field: str
    most: int


@define(slots=False)
class LoginMalformed(Refusal):
    """Not the shape of a login (R11)."""

    code: ClassVar[str] = "login-malformed"
    kind: ClassVar[Kind] = Kind.INVALID
    sentence: ClassVar[str] = "A login has eight letters and digits."


@define(slots=False)
class ReferenceMalformed(Refusal):
    """Not the shape of a code or a reference."""

    code: ClassVar[str] = "reference-malformed"
    kind: ClassVar[Kind] = Kind.INVALID
    sentence: ClassVar[str] = "The {field} holds characters that cannot stand in a code."

    field: str


@define(slots=False)
class EmailMalformed(Refusal):
    """Not an address that mail can be sent to (R5, R10)."""

    code: ClassVar[str] = "email-malformed"
    kind: ClassVar[Kind] = Kind.INVALID
    sentence: ClassVar[str] = "This is not an e-mail address of the form name@domain.extension."


@define(slots=False)
class PostalAddressMalformed(Refusal):
    """Not the lines of an envelope, as NF Z 10-011 has them (R4)."""

    code: ClassVar[str] = "postal-address-malformed"
    kind: ClassVar[Kind] = Kind.INVALID
    sentence: ClassVar[str] = "A postal address has from 2 to {lines} lines, of at most {characters} characters each."

    field: str
    lines: int
    characters: int


@define(slots=False)
class ContactMissing(Refusal):
    """An organization is reached by mail or by post, or by both (R1, R4)."""

    code: ClassVar[str] = "contact-missing"
    kind: ClassVar[Kind] = Kind.INVALID
    sentence: ClassVar[str] = "An organization needs a contact: an e-mail address, a postal address, or both."


@define(slots=False)
class EmailNotNominative(Refusal):
    """The policy knows the mailbox for a role's (R6)."""

    code: ClassVar[str] = "email-not-nominative"
    kind: ClassVar[Kind] = Kind.INVALID
    sentence: ClassVar[str] = "This e-mail address is a role's; the administrator's must be a person's own."


@define(slots=False)
class EmailConfirmationDiffers(Refusal):
    """The two addresses typed are not the same (R10)."""

    code: ClassVar[str] = "email-confirmation-differs"
    kind: ClassVar[Kind] = Kind.INVALID
    sentence: ClassVar[str] = "The e-mail address and its confirmation differ."


@define(slots=False)
class PhoneMalformed(Refusal):
    """No telephone number of any region known to the portal (R10)."""

    code: ClassVar[str] = "phone-malformed"
    kind: ClassVar[Kind] = Kind.INVALID
    sentence: ClassVar[str] = "This is not a telephone number."


@define(slots=False)
class PhoneConfirmationDiffers(Refusal):
    """The two numbers typed are not the same (R10)."""

    code: ClassVar[str] = "phone-confirmation-differs"
    kind: ClassVar[Kind] = Kind.INVALID
    sentence: ClassVar[str] = "The telephone number and its confirmation differ."


@define(slots=False)
class OpeningInPast(Refusal):
    """Nothing takes effect before its own instant (R10, R16, R25)."""

    code: ClassVar[str] = "opening-in-past"
    kind: ClassVar[Kind] = Kind.INVALID
    sentence: ClassVar[str] = "The opening date {day} is in the past."

    day: date


@define(slots=False)
class ClosingInPast(Refusal):
    """Nothing ends before its own instant (R14, R16, R25)."""

    code: ClassVar[str] = "closing-in-past"
    kind: ClassVar[Kind] = Kind.INVALID
    sentence: ClassVar[str] = "The closing date {day} is in the past."

    day: date


@define(slots=False)
class ClosingNotAfterOpening(Refusal):
    """The first day without access must come after the first day with it (R10, R15)."""

    code: ClassVar[str] = "closing-not-after-opening"
    kind: ClassVar[Kind] = Kind.INVALID
    sentence: ClassVar[str] = "The closing date {closing} is not after the opening date {opening}."

    opening: date
    closing: date


@define(slots=False)
class DaySkipped(Refusal):
    """The zone skipped that civil day, or it lies beyond the calendar (R15)."""

    code: ClassVar[str] = "day-skipped"
    kind: ClassVar[Kind] = Kind.INVALID
    sentence: ClassVar[str] = "The day {day} does not exist in the portal's time zone."

    day: date


@define(slots=False)
class KnownInFuture(Refusal):
    """Nobody knows yet what will be known at an instant to come (R39)."""

    code: ClassVar[str] = "known-in-future"
    kind: ClassVar[Kind] = Kind.INVALID
    sentence: ClassVar[str] = "What will be known at an instant to come is not known yet."


@define(slots=False)
class DatesOutsideAccount(Refusal):
    """A membership or a delegation cannot reach beyond its account (R25, R28)."""

    code: ClassVar[str] = "dates-outside-account"
    kind: ClassVar[Kind] = Kind.INVALID
    sentence: ClassVar[str] = "These dates are not within the account's own."


@define(slots=False)
class ScopeEmpty(Refusal):
    """A delegation over no group at all (R28)."""

    code: ClassVar[str] = "scope-empty"
    kind: ClassVar[Kind] = Kind.INVALID
    sentence: ClassVar[str] = "A manager needs at least one group to manage."


@define(slots=False)
class PermissionsMissing(Refusal):
    """A group of the catalog that gives nothing (R3)."""

    code: ClassVar[str] = "permissions-missing"
    kind: ClassVar[Kind] = Kind.INVALID
    sentence: ClassVar[str] = "A group must give at least one permission."


@define(slots=False)
class PasswordTooShort(Refusal):
    """Shorter than the policy allows (R19)."""

    code: ClassVar[str] = "password-too-short"
    kind: ClassVar[Kind] = Kind.INVALID
    sentence: ClassVar[str] = "The password has fewer than {least} characters."

    least: int


@define(slots=False)
class PasswordTooLong(Refusal):
    """Longer than the policy allows (R19)."""

    code: ClassVar[str] = "password-too-long"
    kind: ClassVar[Kind] = Kind.INVALID
    sentence: ClassVar[str] = "The password has more than {most} characters."

    most: int


@define(slots=False)
class PasswordTooWeak(Refusal):
    """Below the policy's score (R19)."""

    code: ClassVar[str] = "password-too-weak"
    kind: ClassVar[Kind] = Kind.INVALID
    sentence: ClassVar[str] = "The password is too easy to guess."


@define(slots=False)
class PasswordUnchanged(Refusal):
    """The password chosen is the one that it would replace, provisional or one's own (R19, R21)."""

    code: ClassVar[str] = "password-unchanged"
    kind: ClassVar[Kind] = Kind.INVALID
    sentence: ClassVar[str] = "This is the password already in use: choose another."


@define(slots=False)
class CurrentPasswordWrong(Refusal):
    """Whoever changes a password proves the one in use first (R19)."""

    code: ClassVar[str] = "current-password-wrong"
    kind: ClassVar[Kind] = Kind.INVALID
    sentence: ClassVar[str] = "This is not your present password."


@define(slots=False)
class TextNotAcknowledged(Refusal):
    """Another version than the one shown now was acknowledged (R5)."""

    code: ClassVar[str] = "text-not-acknowledged"
    kind: ClassVar[Kind] = Kind.INVALID
    sentence: ClassVar[str] = (
        "The text of the administrator's responsibility, in its version {version}, has not been acknowledged."
    )

    version: str


@define(slots=False)
class CursorMalformed(Refusal):
    """A cursor that no page gave."""

    code: ClassVar[str] = "cursor-malformed"
    kind: ClassVar[Kind] = Kind.INVALID
    sentence: ClassVar[str] = "This page does not exist."


@define(slots=False)
class PageSizeRefused(Refusal):
    """A page of no line, or of more than a page may have."""

    code: ClassVar[str] = "page-size-refused"
    kind: ClassVar[Kind] = Kind.INVALID
    sentence: ClassVar[str] = "A page has from 1 to {most} lines."

    most: int


# Who is acting


@define(slots=False)
class SignInRefused(Refusal):
    """Unknown login, wrong password, and any password at all while too many have failed: all alike (R22)."""

    code: ClassVar[str] = "sign-in-refused"
    kind: ClassVar[Kind] = Kind.UNAUTHENTICATED
    sentence: ClassVar[str] = (
        "The login or the password is not right; after several failures even the right ones are refused for a while."
    )


@define(slots=False)
class SessionEnded(Refusal):
    """Signed out, too old, or ended by what happened to the account since (R23)."""

    code: ClassVar[str] = "session-ended"
    kind: ClassVar[Kind] = Kind.UNAUTHENTICATED
    sentence: ClassVar[str] = "The session is over: sign in again."


@define(slots=False)
class ActorUnknown(Refusal):
    """The actor is no user of the organization (R32)."""

    code: ClassVar[str] = "actor-unknown"
    kind: ClassVar[Kind] = Kind.UNAUTHENTICATED
    sentence: ClassVar[str] = "Nobody is known by this identity."


@define(slots=False)
class ActorNotOpen(Refusal):
    """The acting user is pending or closed (R32)."""

    code: ClassVar[str] = "actor-not-open"
    kind: ClassVar[Kind] = Kind.FORBIDDEN
    sentence: ClassVar[str] = "Only a person whose account is open can act."


@define(slots=False)
class AccountNotOpenYet(Refusal):
    """The right password of an account that is still pending (R15, R22)."""

    code: ClassVar[str] = "account-not-open-yet"
    kind: ClassVar[Kind] = Kind.FORBIDDEN
    sentence: ClassVar[str] = "This account opens on {opening}."

    opening: date


@define(slots=False)
class AccountIsClosed(Refusal):
    """The right password of a closed account (I3, R22)."""

    code: ClassVar[str] = "account-is-closed"
    kind: ClassVar[Kind] = Kind.FORBIDDEN
    sentence: ClassVar[str] = "This account is closed."


@define(slots=False)
class AccountIsSuspended(Refusal):
    """The password is right, but a suspended user does not sign in (R17)."""

    code: ClassVar[str] = "account-is-suspended"
    kind: ClassVar[Kind] = Kind.FORBIDDEN
    sentence: ClassVar[str] = "This account is suspended."


@define(slots=False)
class PasswordChoiceDemanded(Refusal):
    """A session opened with a provisional password can do nothing else (R23)."""

    code: ClassVar[str] = "password-choice-demanded"
    kind: ClassVar[Kind] = Kind.FORBIDDEN
    sentence: ClassVar[str] = "A password of one's own must be chosen first."


@define(slots=False)
class ClaimDemanded(Refusal):
    """A session opened with an organization's first credentials can only claim (R23)."""

    code: ClassVar[str] = "claim-demanded"
    kind: ClassVar[Kind] = Kind.FORBIDDEN
    sentence: ClassVar[str] = "The administrator's seat must be claimed first."


@define(slots=False)
class PasswordChosenAlready(Refusal):
    """The session has no provisional password behind it (R19)."""

    code: ClassVar[str] = "password-chosen-already"
    kind: ClassVar[Kind] = Kind.CONFLICT
    sentence: ClassVar[str] = "This password was chosen already."


# What a one-time link opens


@define(slots=False)
class LinkUnknown(Refusal):
    """No such link, or none for this purpose (R13, R21, R37, R44)."""

    code: ClassVar[str] = "link-unknown"
    kind: ClassVar[Kind] = Kind.MISSING
    sentence: ClassVar[str] = "There is no such link."


@define(slots=False)
class LinkExpired(Refusal):
    """A link came back too late (R13, R21, R44)."""

    code: ClassVar[str] = "link-expired"
    kind: ClassVar[Kind] = Kind.EXPIRED
    sentence: ClassVar[str] = "This link is too old: ask for a new one."


@define(slots=False)
class LinkUsed(Refusal):
    """A link works once; and not at all once what it was for has changed (R13, R21, R44)."""

    code: ClassVar[str] = "link-used"
    kind: ClassVar[Kind] = Kind.EXPIRED
    sentence: ClassVar[str] = "This link was used, or overtaken by what happened since it was sent."


# What an identity provider says


@define(slots=False)
class IdentityTokenRefused(Refusal):
    """An identity provider's token that proves nothing here; ``problem`` names what is wrong with it (R44)."""

    code: ClassVar[str] = "identity-token-refused"
    kind: ClassVar[Kind] = Kind.UNAUTHENTICATED
    sentence: ClassVar[str] = "What the identity provider sent proves nothing here ({problem})."

    problem: str
    """``form``, ``signature``, ``issuer``, ``audience``, ``subject``, ``nonce`` or ``time``."""


@define(slots=False)
class IdentityTokenExpired(Refusal):
    """An identity provider's token that came too late (R44)."""

    code: ClassVar[str] = "identity-token-expired"
    kind: ClassVar[Kind] = Kind.EXPIRED
    sentence: ClassVar[str] = "What the identity provider sent is too old: sign in there again."


@define(slots=False)
class IdentityKeysMissing(Refusal):
    """The identity provider's keys, which the embedder keeps at hand, cannot be read (R44)."""

    code: ClassVar[str] = "identity-keys-missing"
    kind: ClassVar[Kind] = Kind.UNAVAILABLE
    sentence: ClassVar[str] = "The identity provider's keys cannot be read: nobody can be signed in by it."


@define(slots=False)
class IdentitiesNotUsed(Refusal):
    """The portal was opened without an identity provider (R44)."""

    code: ClassVar[str] = "identities-not-used"
    kind: ClassVar[Kind] = Kind.UNAVAILABLE
    sentence: ClassVar[str] = "No identity provider signs people in here."


@define(slots=False)
class IdentityTaken(Refusal):
    """Another account of the organization, not closed, is opened by that identity (R44)."""

    code: ClassVar[str] = "identity-taken"
    kind: ClassVar[Kind] = Kind.CONFLICT
    sentence: ClassVar[str] = "This identity opens another account of this organization already."


@define(slots=False)
class IdentityLinkedAlready(Refusal):
    """That identity opens this very account (R44)."""

    code: ClassVar[str] = "identity-linked-already"
    kind: ClassVar[Kind] = Kind.CONFLICT
    sentence: ClassVar[str] = "This identity opens your account already."


@define(slots=False)
class IdentityNotLinked(Refusal):
    """No identity opens that account (R44)."""

    code: ClassVar[str] = "identity-not-linked"
    kind: ClassVar[Kind] = Kind.CONFLICT
    sentence: ClassVar[str] = "No identity at a provider opens this account."


@define(slots=False)
class PasswordNotAsked(Refusal):
    """Whoever an identity provider signs in claims without a password (R44)."""

    code: ClassVar[str] = "password-not-asked"
    kind: ClassVar[Kind] = Kind.INVALID
    sentence: ClassVar[str] = "Your identity provider signs you in: no password is to be chosen."


# What the actor may not do


@define(slots=False)
class ActForbidden(Refusal):
    """The act belongs to another role (R28, R29, R30, R34, R35)."""

    code: ClassVar[str] = "act-forbidden"
    kind: ClassVar[Kind] = Kind.FORBIDDEN
    sentence: ClassVar[str] = "Your role does not allow this act ({act})."

    act: str


@define(slots=False)
class OutsideScope(Refusal):
    """A manager reaches beyond their own scope (R29, R32)."""

    code: ClassVar[str] = "outside-scope"
    kind: ClassVar[Kind] = Kind.FORBIDDEN
    sentence: ClassVar[str] = "This lies outside the groups that you manage."


@define(slots=False)
class OnSelf(Refusal):
    """A manager's own account is the administrator's to manage (R30)."""

    code: ClassVar[str] = "on-self"
    kind: ClassVar[Kind] = Kind.FORBIDDEN
    sentence: ClassVar[str] = "A manager cannot act on himself or herself."


@define(slots=False)
class OnAdministrator(Refusal):
    """Nobody enlarges or cuts the seat from below (R30)."""

    code: ClassVar[str] = "on-administrator"
    kind: ClassVar[Kind] = Kind.FORBIDDEN
    sentence: ClassVar[str] = "A manager cannot act on the administrator."


@define(slots=False)
class OnManager(Refusal):
    """The other one's delegation is current or to come (R30)."""

    code: ClassVar[str] = "on-manager"
    kind: ClassVar[Kind] = Kind.FORBIDDEN
    sentence: ClassVar[str] = "A manager cannot act on another manager."


@define(slots=False)
class HolderProtected(Refusal):
    """No act leaves a held seat without its holder (R9)."""

    code: ClassVar[str] = "holder-protected"
    kind: ClassVar[Kind] = Kind.FORBIDDEN
    sentence: ClassVar[str] = (
        "The administrator's account cannot be ended: the operator must first replace the administrator."
    )


@define(slots=False)
class HolderHasAllGroups(Refusal):
    """A delegation to the holder of the seat (R28)."""

    code: ClassVar[str] = "holder-has-all-groups"
    kind: ClassVar[Kind] = Kind.CONFLICT
    sentence: ClassVar[str] = "The administrator needs no delegation."


@define(slots=False)
class SeatHeld(Refusal):
    """Ordinary administration is the operator's only while no seat is held (R34)."""

    code: ClassVar[str] = "seat-held"
    kind: ClassVar[Kind] = Kind.FORBIDDEN
    sentence: ClassVar[str] = (
        "This organization administers itself: the operator can act in its place only while it has no administrator."
    )


# What is not there, or may not be known


@define(slots=False)
class OrganizationUnknown(Refusal):
    """No such organization, or none that the actor may know of (R37)."""

    code: ClassVar[str] = "organization-unknown"
    kind: ClassVar[Kind] = Kind.MISSING
    sentence: ClassVar[str] = "There is no such organization."


@define(slots=False)
class UserUnknown(Refusal):
    """No such user, or none that the actor may know of (R37)."""

    code: ClassVar[str] = "user-unknown"
    kind: ClassVar[Kind] = Kind.MISSING
    sentence: ClassVar[str] = "There is no such user."


@define(slots=False)
class AgreementUnknown(Refusal):
    """No such agreement, or none that the actor may know of (R37)."""

    code: ClassVar[str] = "agreement-unknown"
    kind: ClassVar[Kind] = Kind.MISSING
    sentence: ClassVar[str] = "There is no such agreement."


@define(slots=False)
class GroupUnknown(Refusal):
    """No such access group, or none that the actor may know of (R37)."""

    code: ClassVar[str] = "group-unknown"
    kind: ClassVar[Kind] = Kind.MISSING
    sentence: ClassVar[str] = "There is no such access group."


@define(slots=False)
class ServiceUnknown(Refusal):
    """No such service, or none that the actor may know of (R37)."""

    code: ClassVar[str] = "service-unknown"
    kind: ClassVar[Kind] = Kind.MISSING
    sentence: ClassVar[str] = "There is no such service."


@define(slots=False)
class PermissionUnknown(Refusal):
    """No such permission, or none that the actor may know of (R37)."""

    code: ClassVar[str] = "permission-unknown"
    kind: ClassVar[Kind] = Kind.MISSING
    sentence: ClassVar[str] = "There is no such permission."


@define(slots=False)
class MembershipUnknown(Refusal):
    """No such membership, or none that the actor may know of (R37)."""

    code: ClassVar[str] = "membership-unknown"
    kind: ClassVar[Kind] = Kind.MISSING
    sentence: ClassVar[str] = "There is no such membership."


@define(slots=False)
class DelegationUnknown(Refusal):
    """No such delegation, or none that the actor may know of (R37)."""

    code: ClassVar[str] = "delegation-unknown"
    kind: ClassVar[Kind] = Kind.MISSING
    sentence: ClassVar[str] = "There is no such delegation."


@define(slots=False)
class MessageUnknown(Refusal):
    """No such message, or none that the actor may know of (R37)."""

    code: ClassVar[str] = "message-unknown"
    kind: ClassVar[Kind] = Kind.MISSING
    sentence: ClassVar[str] = "There is no such message."


# What the state does not allow


@define(slots=False)
class SiretTaken(Refusal):
    """A SIRET belongs to at most one live organization (R1, I7)."""

    code: ClassVar[str] = "siret-taken"
    kind: ClassVar[Kind] = Kind.CONFLICT
    sentence: ClassVar[str] = "Another organization that is open has this SIRET."


@define(slots=False)
class SiretUnchanged(Refusal):
    """Nothing would change (R1)."""

    code: ClassVar[str] = "siret-unchanged"
    kind: ClassVar[Kind] = Kind.CONFLICT
    sentence: ClassVar[str] = "The organization has this SIRET already."


@define(slots=False)
class EmailTaken(Refusal):
    """Live e-mail addresses are unique in an organization, in their normal form (R11, I7)."""

    code: ClassVar[str] = "email-taken"
    kind: ClassVar[Kind] = Kind.CONFLICT
    sentence: ClassVar[str] = "Another user of the organization has this e-mail address."


@define(slots=False)
class EmailUnchanged(Refusal):
    """The address asked for is the one that the user has (R13)."""

    code: ClassVar[str] = "email-unchanged"
    kind: ClassVar[Kind] = Kind.CONFLICT
    sentence: ClassVar[str] = "The user has this e-mail address already."


@define(slots=False)
class EmailChangesTooMany(Refusal):
    """Each change of address writes to a mailbox that may be anybody's: an account has so many in 24 hours (R13)."""

    code: ClassVar[str] = "email-changes-too-many"
    kind: ClassVar[Kind] = Kind.CONFLICT
    sentence: ClassVar[str] = "Within 24 hours, another e-mail address can be asked for {most} times; try again later."

    most: int


@define(slots=False)
class ServiceDefinedAlready(Refusal):
    """Codes of the catalog are unique (R3)."""

    code: ClassVar[str] = "service-defined-already"
    kind: ClassVar[Kind] = Kind.CONFLICT
    sentence: ClassVar[str] = "The service {service} is defined already."

    service: str


@define(slots=False)
class GroupDefinedAlready(Refusal):
    """Codes of the catalog are unique (R3)."""

    code: ClassVar[str] = "group-defined-already"
    kind: ClassVar[Kind] = Kind.CONFLICT
    sentence: ClassVar[str] = "The access group {group} is defined already."

    group: GroupCode


@define(slots=False)
class PermissionOfAnotherService(Refusal):
    """A group carries permissions of one service (R3)."""

    code: ClassVar[str] = "permission-of-another-service"
    kind: ClassVar[Kind] = Kind.CONFLICT
    sentence: ClassVar[str] = "Another service has the permission {permission}."

    permission: str


@define(slots=False)
class GroupIsRetired(Refusal):
    """A retired group is neither changed, nor opened, nor given to anybody (R3)."""

    code: ClassVar[str] = "group-retired"
    kind: ClassVar[Kind] = Kind.CONFLICT
    sentence: ClassVar[str] = "The operator retired the access group {group}: it gives nothing any more."

    group: GroupCode


@define(slots=False)
class ReferenceTaken(Refusal):
    """References are unique in an organization (R2)."""

    code: ClassVar[str] = "reference-taken"
    kind: ClassVar[Kind] = Kind.CONFLICT
    sentence: ClassVar[str] = "Another agreement of the organization has this reference."


@define(slots=False)
class AgreementNotValidated(Refusal):
    """Nothing is created, granted or delegated under a draft (R2)."""

    code: ClassVar[str] = "agreement-not-validated"
    kind: ClassVar[Kind] = Kind.CONFLICT
    sentence: ClassVar[str] = "The agreement is not validated yet."

    agreement: AgreementId


@define(slots=False)
class AgreementValidatedAlready(Refusal):
    """Only a draft is validated (R2)."""

    code: ClassVar[str] = "agreement-validated-already"
    kind: ClassVar[Kind] = Kind.CONFLICT
    sentence: ClassVar[str] = "The agreement is validated already."

    agreement: AgreementId


@define(slots=False)
class NoAgreementCurrent(Refusal):
    """Nothing is delegated where no agreement is validated and in its period (R2, R28)."""

    code: ClassVar[str] = "no-agreement-current"
    kind: ClassVar[Kind] = Kind.CONFLICT
    sentence: ClassVar[str] = "No agreement of the organization is in force."


@define(slots=False)
class AgreementIsSuspended(Refusal):
    """Nothing is created, granted or delegated under it meanwhile, and it is suspended once (R2, R33)."""

    code: ClassVar[str] = "agreement-suspended"
    kind: ClassVar[Kind] = Kind.CONFLICT
    sentence: ClassVar[str] = "The agreement is suspended: only the operator can resume it."

    agreement: AgreementId


@define(slots=False)
class AgreementNotSuspended(Refusal):
    """Only what is suspended is resumed (R33)."""

    code: ClassVar[str] = "agreement-not-suspended"
    kind: ClassVar[Kind] = Kind.CONFLICT
    sentence: ClassVar[str] = "The agreement is not suspended."

    agreement: AgreementId


@define(slots=False)
class AgreementBegunAlready(Refusal):
    """What has begun keeps its opening (R2, R16)."""

    code: ClassVar[str] = "agreement-begun-already"
    kind: ClassVar[Kind] = Kind.CONFLICT
    sentence: ClassVar[str] = "The agreement has begun: its opening date cannot change any more."

    agreement: AgreementId


@define(slots=False)
class AgreementOver(Refusal):
    """Nothing is created, granted or delegated past an agreement's period (R2)."""

    code: ClassVar[str] = "agreement-over"
    kind: ClassVar[Kind] = Kind.EXPIRED
    sentence: ClassVar[str] = "The agreement's period is over."

    agreement: AgreementId


@define(slots=False)
class ServiceNotOpened(Refusal):
    """A group can be opened only with its service (R2)."""

    code: ClassVar[str] = "service-not-opened"
    kind: ClassVar[Kind] = Kind.CONFLICT
    sentence: ClassVar[str] = "The agreement does not open the service of the access group {group}."

    group: GroupCode


@define(slots=False)
class GroupNotOpened(Refusal):
    """Nobody is put in a group that the agreement does not open (R2, R3)."""

    code: ClassVar[str] = "group-not-opened"
    kind: ClassVar[Kind] = Kind.CONFLICT
    sentence: ClassVar[str] = "The agreement does not open the access group {group}."

    group: GroupCode


@define(slots=False)
class GroupIsSuspended(Refusal):
    """Nobody is put in the group meanwhile, and it is suspended once (R2, R33)."""

    code: ClassVar[str] = "group-suspended"
    kind: ClassVar[Kind] = Kind.CONFLICT
    sentence: ClassVar[str] = (
        "The access group {group} is suspended under this agreement: only the operator can resume it."
    )

    group: GroupCode


@define(slots=False)
class GroupNotSuspended(Refusal):
    """Only what is suspended is resumed (R33)."""

    code: ClassVar[str] = "group-not-suspended"
    kind: ClassVar[Kind] = Kind.CONFLICT
    sentence: ClassVar[str] = "The access group {group} is not suspended under this agreement."

    group: GroupCode


@define(slots=False)
class GroupOpenedAlready(Refusal):
    """A group is opened once, unless it was withdrawn (R2, R3)."""

    code: ClassVar[str] = "group-opened-already"
    kind: ClassVar[Kind] = Kind.CONFLICT
    sentence: ClassVar[str] = "The agreement opens the access group {group} already."

    group: GroupCode


@define(slots=False)
class OrganizationIsSuspended(Refusal):
    """Nothing is claimed, created, granted or delegated in it meanwhile, and it is suspended once (R2, R5, R33)."""

    code: ClassVar[str] = "organization-suspended"
    kind: ClassVar[Kind] = Kind.CONFLICT
    sentence: ClassVar[str] = "The organization is suspended: only the operator can resume it."


@define(slots=False)
class OrganizationNotSuspended(Refusal):
    """Only what is suspended is resumed (R33)."""

    code: ClassVar[str] = "organization-not-suspended"
    kind: ClassVar[Kind] = Kind.CONFLICT
    sentence: ClassVar[str] = "The organization is not suspended."


@define(slots=False)
class OrganizationIsClosed(Refusal):
    """Everything in it ended with it (R1)."""

    code: ClassVar[str] = "organization-closed"
    kind: ClassVar[Kind] = Kind.CONFLICT
    sentence: ClassVar[str] = "The organization is closed, for good."


@define(slots=False)
class ControlIsTaken(Refusal):
    """Meanwhile its people administer nothing, nobody claims, and it is taken once (R34)."""

    code: ClassVar[str] = "control-taken"
    kind: ClassVar[Kind] = Kind.FORBIDDEN
    sentence: ClassVar[str] = (
        "The operator administers in the place of the organization: only the operator can return control."
    )


@define(slots=False)
class ControlNotTaken(Refusal):
    """Only what was taken is returned (R34)."""

    code: ClassVar[str] = "control-not-taken"
    kind: ClassVar[Kind] = Kind.CONFLICT
    sentence: ClassVar[str] = "The organization administers itself already."


@define(slots=False)
class OrganizationClaimed(Refusal):
    """The seat was claimed, or filled, first by somebody else (R5, I2)."""

    code: ClassVar[str] = "organization-claimed"
    kind: ClassVar[Kind] = Kind.CONFLICT
    sentence: ClassVar[str] = "The organization is claimed: it has an administrator."


@define(slots=False)
class CredentialsReissued(Refusal):
    """Reissuing kills the earlier credentials (R4, R5)."""

    code: ClassVar[str] = "credentials-reissued"
    kind: ClassVar[Kind] = Kind.EXPIRED
    sentence: ClassVar[str] = "These first credentials were replaced by newer ones."


@define(slots=False)
class CredentialsExpired(Refusal):
    """First credentials die 60 days after issue (R4, R5)."""

    code: ClassVar[str] = "credentials-expired"
    kind: ClassVar[Kind] = Kind.EXPIRED
    sentence: ClassVar[str] = "These first credentials are too old: ask the operator for new ones."


@define(slots=False)
class PasswordExpired(Refusal):
    """A provisional password dies 30 days after delivery or opening (R19)."""

    code: ClassVar[str] = "password-expired"
    kind: ClassVar[Kind] = Kind.EXPIRED
    sentence: ClassVar[str] = "This provisional password is too old: ask for a new one."


@define(slots=False)
class CredentialsInUse(Refusal):
    """First credentials are sent again to whoever has not chosen a password (R19)."""

    code: ClassVar[str] = "credentials-in-use"
    kind: ClassVar[Kind] = Kind.CONFLICT
    sentence: ClassVar[str] = (
        "The user has chosen a password: whoever forgot it asks for a link, and the operator alone can force another."
    )


@define(slots=False)
class SeatUnclaimed(Refusal):
    """There is no administrator to replace or to withdraw (R8)."""

    code: ClassVar[str] = "seat-unclaimed"
    kind: ClassVar[Kind] = Kind.CONFLICT
    sentence: ClassVar[str] = "Nobody has claimed the organization yet: its first credentials can be issued anew."


@define(slots=False)
class SeatVacant(Refusal):
    """There is no administrator to withdraw (R8)."""

    code: ClassVar[str] = "seat-vacant"
    kind: ClassVar[Kind] = Kind.CONFLICT
    sentence: ClassVar[str] = "The administrator's seat is vacant already."


@define(slots=False)
class SeatTaken(Refusal):
    """Reissuing is for an unclaimed or vacant seat (R4)."""

    code: ClassVar[str] = "seat-taken"
    kind: ClassVar[Kind] = Kind.CONFLICT
    sentence: ClassVar[str] = "The administrator's seat is held: first credentials cannot be issued."


@define(slots=False)
class HoldsSeatAlready(Refusal):
    """The incoming holder is the present one (R8)."""

    code: ClassVar[str] = "holds-seat-already"
    kind: ClassVar[Kind] = Kind.CONFLICT
    sentence: ClassVar[str] = "This user is the administrator already."


@define(slots=False)
class UserNotOpen(Refusal):
    """A delegation or the seat goes to an open user only (R8, R28)."""

    code: ClassVar[str] = "user-not-open"
    kind: ClassVar[Kind] = Kind.CONFLICT
    sentence: ClassVar[str] = "The user's account is not open."


@define(slots=False)
class UserIsSuspended(Refusal):
    """A suspended user is given nothing, and each side suspends once (R17)."""

    code: ClassVar[str] = "user-suspended"
    kind: ClassVar[Kind] = Kind.CONFLICT
    sentence: ClassVar[str] = "The user is suspended by the {side}, who alone can lift it."

    side: str


@define(slots=False)
class UserNotSuspended(Refusal):
    """Each side lifts its own suspension, and no other (R17)."""

    code: ClassVar[str] = "user-not-suspended"
    kind: ClassVar[Kind] = Kind.CONFLICT
    sentence: ClassVar[str] = "The user is not suspended by the {side}."

    side: str


@define(slots=False)
class UserNotOfAgreement(Refusal):
    """Only the groups of a user of the agreement are generalized (R10, R27)."""

    code: ClassVar[str] = "user-not-of-agreement"
    kind: ClassVar[Kind] = Kind.CONFLICT
    sentence: ClassVar[str] = "The user is not of this agreement."

    agreement: AgreementId


@define(slots=False)
class UserClosed(Refusal):
    """Nothing is changed in or added to a closed account (R14)."""

    code: ClassVar[str] = "user-closed"
    kind: ClassVar[Kind] = Kind.CONFLICT
    sentence: ClassVar[str] = "The user's account is closed."


@define(slots=False)
class UserNotClosed(Refusal):
    """Only a closed account is reopened, or its person erased (R14, R18)."""

    code: ClassVar[str] = "user-not-closed"
    kind: ClassVar[Kind] = Kind.CONFLICT
    sentence: ClassVar[str] = "The user's account is not closed."


@define(slots=False)
class UserRemovedAlready(Refusal):
    """A removed user is off the lists for good (R18)."""

    code: ClassVar[str] = "user-removed-already"
    kind: ClassVar[Kind] = Kind.CONFLICT
    sentence: ClassVar[str] = "The user was removed."


@define(slots=False)
class PersonErasedAlready(Refusal):
    """Nothing is left to erase (R18)."""

    code: ClassVar[str] = "person-erased-already"
    kind: ClassVar[Kind] = Kind.CONFLICT
    sentence: ClassVar[str] = "The person behind this account was erased: only its id is left."


@define(slots=False)
class AccountOpenedAlready(Refusal):
    """Only a pending account's opening date can be moved (R16)."""

    code: ClassVar[str] = "account-opened-already"
    kind: ClassVar[Kind] = Kind.CONFLICT
    sentence: ClassVar[str] = "The account is open: its opening date cannot change."


@define(slots=False)
class AlreadyMember(Refusal):
    """A second add over the same time (R25)."""

    code: ClassVar[str] = "already-member"
    kind: ClassVar[Kind] = Kind.CONFLICT
    sentence: ClassVar[str] = "The user is in the access group {group} already over part of these dates."

    group: GroupCode


@define(slots=False)
class MembershipOver(Refusal):
    """Only a membership that is current or to come is changed (R25, R26)."""

    code: ClassVar[str] = "membership-over"
    kind: ClassVar[Kind] = Kind.CONFLICT
    sentence: ClassVar[str] = "The membership is over."


@define(slots=False)
class MembershipBegunAlready(Refusal):
    """Only a membership to come can begin on another day (R16, R25)."""

    code: ClassVar[str] = "membership-begun-already"
    kind: ClassVar[Kind] = Kind.CONFLICT
    sentence: ClassVar[str] = "The membership has begun: its opening date cannot change."


@define(slots=False)
class RoleNotAwaited(Refusal):
    """The role was assigned, or none is needed (R26)."""

    code: ClassVar[str] = "role-not-awaited"
    kind: ClassVar[Kind] = Kind.CONFLICT
    sentence: ClassVar[str] = "This membership waits for no role assignment."


@define(slots=False)
class MessageNotDead(Refusal):
    """Only what was given up is tried again."""

    code: ClassVar[str] = "message-not-dead"
    kind: ClassVar[Kind] = Kind.CONFLICT
    sentence: ClassVar[str] = "This message is not a dead letter."


# What could not be done now


@define(slots=False)
class ReadingNotLogged(Refusal):
    """An agent is shown nobody's data where the security log cannot say so (R36)."""

    code: ClassVar[str] = "reading-not-logged"
    kind: ClassVar[Kind] = Kind.UNAVAILABLE
    sentence: ClassVar[str] = "The reading cannot be logged, and is refused for that."


@define(slots=False)
class JournalDropped(Refusal):
    """All that is left of the organization is the head of its journal, whose retention is over (R41)."""

    code: ClassVar[str] = "journal-dropped"
    kind: ClassVar[Kind] = Kind.EXPIRED
    sentence: ClassVar[str] = "The organization is gone: its journal was dropped when its retention was over."


@define(slots=False)
class JournalShorter(Refusal):
    """The journal ends before the position from which it was to be followed: it is not the one that was read (R40)."""

    code: ClassVar[str] = "journal-shorter"
    kind: ClassVar[Kind] = Kind.CONFLICT
    sentence: ClassVar[str] = (
        "The journal ends at {end}, before what was read of it: an earlier state was restored. Read it from the start."
    )

    end: int


@define(slots=False)
class Conflict(Refusal):
    """A stale write that retries did not cure."""

    code: ClassVar[str] = "conflict"
    kind: ClassVar[Kind] = Kind.CONFLICT
    sentence: ClassVar[str] = "Somebody else changed this at the same moment: try again."


@define(slots=False)
class ChangedMeanwhile(Refusal):
    """Something happened to it since it was seen: whoever asked on the terms that nothing did looks again."""

    code: ClassVar[str] = "changed-meanwhile"
    kind: ClassVar[Kind] = Kind.CONFLICT
    sentence: ClassVar[str] = "Somebody changed this since you saw it: look again before you change it."

    version: int
    """The present one."""


@define(slots=False)
class DoneAlready(Refusal):
    """The same was asked with the same key, and was done: it is not done again, and what it gave is not told again."""

    code: ClassVar[str] = "done-already"
    kind: ClassVar[Kind] = Kind.CONFLICT
    sentence: ClassVar[str] = "This was done already, as you asked."

    sequence: int
    """Of the last event of the journal, once it was done."""
    organization: OrganizationId | None
    """Where it was done; None for the catalog."""
    user: UserId | None
    """Whom its first event is about, if anybody."""
    agreement: AgreementId | None
    """What its first event is about, if that is an agreement."""


@define(slots=False)
class KeyReused(Refusal):
    """Something else was asked with the same key, and was done: nobody knows which of both is meant."""

    code: ClassVar[str] = "key-reused"
    kind: ClassVar[Kind] = Kind.INVALID
    sentence: ClassVar[str] = "Something else was done under this key: take a new key for each thing asked."


@define(slots=False)
class KeyMalformed(Refusal):
    """Empty, too long, or not of characters that can be seen."""

    code: ClassVar[str] = "key-malformed"
    kind: ClassVar[Kind] = Kind.INVALID
    sentence: ClassVar[str] = "A key has 1 to {longest} characters that can be printed."

    longest: int


@define(slots=False)
class Busy(Refusal):
    """More sign-ins at once than the machine can verify."""

    code: ClassVar[str] = "busy"
    kind: ClassVar[Kind] = Kind.BUSY
    sentence: ClassVar[str] = "The service is busy: try again in a moment."


@define(slots=False)
class ClockBehind(Refusal):
    """Recorded time never goes back, nor is it carried into a wrong future (R40)."""

    code: ClassVar[str] = "clock-behind"
    kind: ClassVar[Kind] = Kind.UNAVAILABLE
    sentence: ClassVar[str] = (
        "The clock is {behind} behind the organization's last event: nothing is recorded until it is set right."
    )

    behind: timedelta


@define(slots=False)
class DatabaseLocked(Refusal):
    """The store's lock was not given in time; nothing was written."""

    code: ClassVar[str] = "database-locked"
    kind: ClassVar[Kind] = Kind.BUSY
    sentence: ClassVar[str] = "Another program holds the database: try again in a moment."


@define(slots=False)
class DatabaseBusy(Refusal):
    """It took too long, or was asked by too many; nothing was written."""

    code: ClassVar[str] = "database-busy"
    kind: ClassVar[Kind] = Kind.BUSY
    sentence: ClassVar[str] = "The database has too much to do, and nothing was written: try again in a moment."


@define(slots=False)
class ConnectionLost(Refusal):
    """On the way to an act; nothing was written. Of one lost while it was recorded see ``OutcomeUnknown``."""

    code: ClassVar[str] = "connection-lost"
    kind: ClassVar[Kind] = Kind.UNAVAILABLE
    sentence: ClassVar[str] = "The connection to the database was lost before anything was written: try again."


@define(slots=False)
class ValueUnstorable(Refusal):
    """A text with half a character or the character zero, or a number beyond all measure; nothing was written."""

    code: ClassVar[str] = "value-unstorable"
    kind: ClassVar[Kind] = Kind.INVALID
    sentence: ClassVar[str] = "The database cannot hold one of these texts or numbers: nothing was written."


@define(slots=False)
class DatabaseReadOnly(Refusal):
    """Nothing was written."""

    code: ClassVar[str] = "database-read-only"
    kind: ClassVar[Kind] = Kind.UNAVAILABLE
    sentence: ClassVar[str] = "The database cannot be written: it is read-only."


@define(slots=False)
class DatabaseFull(Refusal):
    """The act did not take effect."""

    code: ClassVar[str] = "database-full"
    kind: ClassVar[Kind] = Kind.UNAVAILABLE
    sentence: ClassVar[str] = "The disk is full: nothing was written."


@define(slots=False)
class DatabaseDamaged(Refusal):
    """What was read is not what was written; nothing was written."""

    code: ClassVar[str] = "database-damaged"
    kind: ClassVar[Kind] = Kind.UNAVAILABLE
    sentence: ClassVar[str] = "The database is damaged: {detail}."

    detail: str


@define(slots=False)
class DatabaseForeign(Refusal):
    """Another program's, or no database at all."""

    code: ClassVar[str] = "database-foreign"
    kind: ClassVar[Kind] = Kind.UNAVAILABLE
    sentence: ClassVar[str] = "This is not a database of habilitation: {detail}."

    detail: str


@define(slots=False)
class DatabaseNewer(Refusal):
    """Its schema is unknown here; nothing was read or written."""

    code: ClassVar[str] = "database-newer"
    kind: ClassVar[Kind] = Kind.UNAVAILABLE
    sentence: ClassVar[str] = "The database was written by a newer version of habilitation: upgrade the library."


@define(slots=False)
class DatabaseOutdated(Refusal):
    """Only a command upgrades it; nothing was read or written."""

    code: ClassVar[str] = "database-outdated"
    kind: ClassVar[Kind] = Kind.UNAVAILABLE
    sentence: ClassVar[str] = (
        "The database has not been upgraded to this version of habilitation: run `habilitation database upgrade`."
    )


@define(slots=False)
class DatabaseUnavailable(Refusal):
    """No store answers at this address."""

    code: ClassVar[str] = "database-unavailable"
    kind: ClassVar[Kind] = Kind.UNAVAILABLE
    sentence: ClassVar[str] = "The database cannot be opened: {detail}."

    detail: str


@define(slots=False)
class OutcomeUnknown(Refusal):
    """A commit that failed in a way that says neither yes nor no."""

    code: ClassVar[str] = "outcome-unknown"
    kind: ClassVar[Kind] = Kind.OUTCOME_UNKNOWN
    sentence: ClassVar[str] = "The database went away while the act was being recorded: look whether it took effect."
