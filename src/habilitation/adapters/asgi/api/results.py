"""What use cases answer, where that is not a view as it is.

Acts answer what they left behind: ids, codes and states. Personal data is shown by the questions alone, to whoever may
read it (R36).
Lists stand under ``items``, and a page says where the next one is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, Generic, TypeVar, get_args, get_origin

from attrs import frozen

from habilitation.domain.actors import Session, Side
from habilitation.domain.catalog import Group
from habilitation.domain.email_change import EmailState
from habilitation.domain.events import Event
from habilitation.domain.journal import Flaw, Record
from habilitation.domain.messages import Desk, MessageKind
from habilitation.domain.organization import (
    Agreement,
    AgreementState,
    Control,
    GroupState,
    Organization,
    OrganizationState,
    SeatState,
)
from habilitation.domain.refusals import Refusal
from habilitation.domain.scope import Scope
from habilitation.domain.user import Status, User
from habilitation.domain.values import (
    AgreementId,
    GroupCode,
    MessageId,
    OrganizationId,
    Permission,
    Place,
    ServiceCode,
    UserId,
)
from habilitation.ports.notices import FirstAuthenticationText
from habilitation.ports.outbox import Delivery, MessageState
from habilitation.use_cases.erasing import ErasedDue, ErasedPerson
from habilitation.use_cases.first_access import FirstAuthentication
from habilitation.use_cases.history import Verification
from habilitation.use_cases.providers import Entrance
from habilitation.use_cases.views import OwnFile, Page, ReadingView, UserView

T = TypeVar("T")


@frozen
class OrganizationAfter:
    """An organization's states, and whose the seat is."""

    id: OrganizationId
    state: OrganizationState
    control: Control
    seat: SeatState
    holder: UserId | None


@frozen
class AgreementAfter:
    """An agreement, and what it does with each group."""

    id: AgreementId
    reference: str
    state: AgreementState
    opening: date
    closing: date | None
    services: tuple[ServiceCode, ...]
    groups: Mapping[GroupCode, GroupState]


@frozen
class MembershipAfter:
    """A membership by its number."""

    number: int
    place: Place
    opening: date
    closing: date | None
    waiting: bool


@frozen
class UserAfter:
    """An account's states, and its memberships that are current, waiting or to come."""

    id: UserId
    status: Status
    opening: date
    closing: date | None
    suspended_by: frozenset[Side]
    erased: bool
    mobile: bool
    memberships: tuple[MembershipAfter, ...]
    manages: Scope | None


@frozen
class GroupAfter:
    """An access group as it is defined now."""

    code: GroupCode
    service: ServiceCode
    label: str
    permissions: frozenset[Permission]
    needs_document: bool
    retired: bool


@frozen
class FirstForm:
    """What the first person of an organization is shown, and acknowledges (R5)."""

    organization: str
    """The organization's name."""
    text: FirstAuthenticationText


@frozen
class SignedIn:
    """Who is signed in: the session's token is in the cookie, and nowhere else."""

    session: Session | None
    first_authentication: FirstForm | None = None
    """Where an organization's first credentials were given: all that is possible then is to claim."""
    entrances: tuple[Entrance, ...] = ()
    """Where an identity opens several accounts: the one to choose is named as ``organization``."""


@frozen
class DeadLetter:
    """A message that was given up, or is tried again."""

    id: MessageId
    organization: OrganizationId
    kind: MessageKind
    to: str
    """A user, ``contact`` or ``operator``."""
    about: UserId
    state: MessageState
    attempts: int
    due: datetime
    problem: str


@frozen
class ErasedUser:
    """What is left of an account whose person was erased."""

    user: UserAfter
    residue: str | None
    """The code of what kept the store's files from being rid of the last traces; none if they are."""


@frozen
class NotErased:
    """What could not be erased or dropped, and the code of why."""

    organization: OrganizationId
    user: UserId | None
    refused: str


@frozen
class UserGone:
    """Whose person was erased."""

    organization: OrganizationId
    user: UserId


@frozen
class DueErased:
    """What became of those whose retention is over."""

    users: tuple[UserGone, ...]
    organizations: tuple[OrganizationId, ...]
    refused: tuple[NotErased, ...]
    more: bool
    residue: str | None


@frozen
class EmailAfter:
    """Where a change of address stands (R13)."""

    state: EmailState


@frozen
class Pruned:
    """How many lines were taken away."""

    lines: int


@frozen
class Verified:
    """What verifying found."""

    sound: bool
    entries: int
    flaw: Flaw | None
    replayed: bool


@frozen
class Items(Generic[T]):
    """All of a list."""

    items: tuple[T, ...]


@frozen
class Next:
    """Where the next page is: the same request, with this cursor."""

    after: str
    method: str
    href: str


@frozen
class Paged(Generic[T]):
    """Some of a list, and where the next page is, if there is one."""

    items: tuple[T, ...]
    next: Next | None


@frozen
class OwnFileShown:
    """All that is kept about whoever asks (R36)."""

    user: UserView
    history: tuple[Record[Event], ...]
    readings: Paged[ReadingView]


@frozen
class Telling:
    """What an answer is told with."""

    at: datetime
    next: Callable[[str], Next]
    """Where the page is that follows that cursor."""


def shown(result: Any, telling: Telling) -> Any:
    """What the use case answered, as the API tells it."""
    tell = _TOLD.get(type(result))
    return tell(result, telling) if tell else result


def answered(hint: Any) -> Any:
    """What the API tells of what a use case declares to answer."""
    if get_origin(hint) is tuple:
        [item, _] = get_args(hint)
        return Items[answered(item)]  # type: ignore[misc]
    if get_origin(hint) is Page:
        [item] = get_args(hint)
        return Paged[answered(item)]  # type: ignore[misc]
    if Session in (hint, *get_args(hint)):
        return SignedIn
    return ANSWERS.get(hint, hint)


def session_in(result: object) -> Session | None:
    """The session that an answer opens, if it does."""
    match result:
        case Session() as session:
            return session
        case FirstAuthentication(session=session):
            return session
    return None


def _organization(it: Organization, _: Telling) -> OrganizationAfter:
    return OrganizationAfter(it.id, it.state, it.control, it.seat.state, it.seat.holder)


def _agreement(it: Agreement, _: Telling) -> AgreementAfter:
    groups = {code: opened.state for code, opened in it.groups.items()}
    return AgreementAfter(it.id, it.reference, it.state, it.term.opening, it.term.closing, it.services, groups)


def _user(it: User, telling: Telling) -> UserAfter:
    term, at = it.account.term, telling.at
    held = tuple(
        MembershipAfter(each.number, each.place, each.term.opening, each.term.closing, each.waiting)
        for each in it.account.live(at)
    )
    return UserAfter(
        it.id, it.status(at), term.opening, term.closing, it.suspended, it.erased, it.mobile, held, it.scope(at)
    )


def _group(it: Group, _: Telling) -> GroupAfter:
    now = it.now
    return GroupAfter(it.code, it.service, now.label, now.permissions, now.needs_document, now.retired)


def _signed_in(it: Session, _: Telling) -> SignedIn:
    return SignedIn(it)


def _first(it: FirstAuthentication, _: Telling) -> SignedIn:
    return SignedIn(it.session, FirstForm(it.organization, it.text))


def _delivery(it: Delivery, _: Telling) -> DeadLetter:
    message, notice = it.message, it.message.notice
    to = notice.to.value if isinstance(notice.to, Desk) else notice.to
    problem = (it.state, it.attempts, it.due, it.problem)
    return DeadLetter(message.id, message.organization, notice.kind, to, notice.about, *problem)


def _erased(it: ErasedPerson, telling: Telling) -> ErasedUser:
    return ErasedUser(_user(it.user, telling), _code(it.residue))


def _due(it: ErasedDue, _: Telling) -> DueErased:
    gone = tuple(UserGone(organization, user) for organization, user in it.users)
    left = tuple(NotErased(organization, user, refusal.code) for organization, user, refusal in it.refused)
    return DueErased(gone, it.organizations, left, it.more, _code(it.residue))


def _code(refusal: Refusal | None) -> str | None:
    return refusal.code if refusal else None


def _several(it: tuple[Any, ...], telling: Telling) -> Any:
    if it and isinstance(it[0], Entrance):
        return SignedIn(None, entrances=it)
    return Items(tuple(shown(each, telling) for each in it))


def _page(it: Page[Any], telling: Telling) -> Paged[Any]:
    items = tuple(shown(each, telling) for each in it.items)
    return Paged(items, telling.next(it.next) if it.next is not None else None)


def _own_file(it: OwnFile, telling: Telling) -> OwnFileShown:
    return OwnFileShown(it.user, it.history, _page(it.readings, telling))


_TOLD: Mapping[type, Callable[[Any, Telling], Any]] = {
    Organization: _organization,
    Agreement: _agreement,
    User: _user,
    Group: _group,
    Session: _signed_in,
    FirstAuthentication: _first,
    Delivery: _delivery,
    ErasedPerson: _erased,
    ErasedDue: _due,
    EmailState: lambda it, _: EmailAfter(it),
    int: lambda it, _: Pruned(it),
    Verification: lambda it, _: Verified(it.sound, it.entries, it.flaw, it.replayed),
    tuple: _several,
    Page: _page,
    OwnFile: _own_file,
}
ANSWERS: Mapping[Any, type] = {
    Organization: OrganizationAfter,
    Agreement: AgreementAfter,
    User: UserAfter,
    Group: GroupAfter,
    Delivery: DeadLetter,
    ErasedPerson: ErasedUser,
    ErasedDue: DueErased,
    EmailState: EmailAfter,
    int: Pruned,
    Verification: Verified,
    OwnFile: OwnFileShown,
}
"""What is answered in the place of what a use case declares; anything else is answered as it is."""
