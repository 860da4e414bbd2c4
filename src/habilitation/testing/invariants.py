"""Invariants that a journal alone must show, judged without the library's own decisions (I2, I5)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from attrs import define, field

from habilitation.domain.actors import Author, Member, Side
from habilitation.domain.events import (
    AccountClosed,
    AccountReopened,
    AccountRescheduled,
    AdministratorAppointed,
    ControlReturned,
    ControlTaken,
    CredentialsIssued,
    DelegationEnded,
    EmailChangeAsked,
    EmailChanged,
    EmailConfirmed,
    EmailCorrected,
    EmailKept,
    Event,
    IdentityLinked,
    IdentityUnlinked,
    ManagerDelegated,
    MemberAdded,
    MembershipChanged,
    MembershipEnded,
    OrganizationClosed,
    PasswordForced,
    PersonErased,
    RoleAssigned,
    RoleRefused,
    SeatClaimed,
    SeatVacated,
    UserCreated,
    UserModified,
    UserReinstated,
    UserRemoved,
    UserSuspended,
    UserUnlocked,
)
from habilitation.domain.journal import Record
from habilitation.domain.values import AgreementId, Place, UserId

Ends = tuple[datetime, datetime | None]


@define
class Trail:
    """What the journal told of one user so far: when it is open, what it is in, what it manages and when."""

    open: Ends
    places: dict[int, tuple[Place, Ends]] = field(factory=dict)
    manages: tuple[frozenset[Place] | None, Ends] | None = None
    removed: bool = False
    suspended: set[Side] = field(factory=set)

    def is_open(self, at: datetime) -> bool:
        return not self.suspended and self.open[0] <= at and self.is_there(at)

    def is_there(self, at: datetime) -> bool:
        """Whether the account is not over, be it suspended or yet to open."""
        return not self.is_closed(at)

    def is_closed(self, at: datetime) -> bool:
        return self.removed or (self.open[1] is not None and self.open[1] <= at)

    def reaches(self, place: Place, at: datetime) -> bool:
        reach = self._reach(at)
        return reach is True or (reach is not False and place in reach)

    def touches(self, agreement: AgreementId, at: datetime) -> bool:
        reach = self._reach(at)
        return reach is True or (reach is not False and any(place.agreement == agreement for place in reach))

    def _reach(self, at: datetime) -> frozenset[Place] | bool:
        if self.manages is None or not self.is_open(at) or not _within(at, self.manages[1]):
            return False
        return True if self.manages[0] is None else self.manages[0]


def _within(at: datetime, ends: Ends) -> bool:
    return ends[0] <= at and (ends[1] is None or at < ends[1])


@define
class Walk:
    """A journal walked from its beginning; ``offences`` says what should not have been in it."""

    holder: UserId | None = None
    shut: bool = False
    controlled: bool = False
    trails: dict[UserId, Trail] = field(factory=dict)
    offences: list[str] = field(factory=list)
    cut: dict[tuple[UserId, int], tuple[Author, datetime]] = field(factory=dict)
    """By whom and when a membership was ended, which may be the beginning of an act that also ends the account."""
    moved: tuple[UserId, datetime] | None = None
    """Whose address changed last, and when."""

    def step(self, record: Record[Event]) -> None:
        event = record.event
        if isinstance(event, SeatClaimed) and self.holder is not None:
            self._blame(record, "claims a seat that is held (I2)")
        claiming = isinstance(event, SeatClaimed) or (isinstance(event, UserCreated) and event.agreement is None)
        if isinstance(record.by, Member) and not claiming:
            self._judge(record, record.by.user)
        if isinstance(event, MembershipEnded):
            self.cut[event.user, event.number] = (record.by, record.at)
        follow = _FOLLOWING.get(type(event))
        if follow:
            follow(self, event)

    def _judge(self, record: Record[Event], by: UserId) -> None:
        """R32, whatever the path: an open actor, and a right within the scope that it has at that very instant."""
        at, trail = record.at, self.trails.get(by)
        by_mail = self._is_done_by_mail(record, by)
        if trail is None or not (trail.is_open(at) or (by_mail and trail.is_there(at))) or self.shut:
            self._blame(record, "acts without being open")
        elif self.controlled and not (by_mail or self._is_of_oneself(record, by)):
            self._blame(record, "administers while control is taken (R34)")
        elif isinstance(record.event, IdentityLinked) and record.event.user != by:
            self._blame(record, "binds an identity to another's account (R44)")
        elif by != self.holder and not self._may_confer(record, trail, by):
            self._blame(record, "confers a right outside the actor's scope (I5)")

    def _is_of_oneself(self, record: Record[Event], by: UserId) -> bool:
        """Or what a closed account gives up to it (R44)."""
        event = record.event
        if isinstance(event, IdentityUnlinked) and self.trails[event.user].is_closed(record.at):
            return True
        return isinstance(event, _OF_ONESELF) and event.user == by

    def _is_done_by_mail(self, record: Record[Event], by: UserId) -> bool:
        """Whether it is what reading mail does: one's address changes, or stays, and credentials leave anew (R13)."""
        event = record.event
        if isinstance(event, EmailChanged):
            self.moved = (event.user, record.at)
        if isinstance(event, CredentialsIssued):
            return (event.user, record.at) == self.moved == (by, record.at)
        return isinstance(event, EmailChanged | EmailKept) and event.user == by

    def _may_confer(self, record: Record[Event], trail: Trail, by: UserId) -> bool:
        event, at = record.event, record.at
        match event:
            case UserCreated(agreement=agreement):
                return agreement is not None and trail.touches(agreement, at)
            case MemberAdded(user, place=place):
                return trail.reaches(place, at) and self._is_ordinary(user, by, at)
            case MembershipChanged(user, number):
                return trail.reaches(self.trails[user].places[number][0], at) and self._is_ordinary(user, by, at)
            case EmailChangeAsked(user) | EmailCorrected(user):
                return user == by
            case AccountRescheduled(user) | AccountClosed(user):
                return self._holds_all(user, trail, record) and self._is_ordinary(user, by, at)
            case IdentityUnlinked():
                return self._is_of_oneself(record, by)
            case _:
                return not isinstance(event, _ABOVE_MANAGERS)

    def _is_ordinary(self, user: UserId, by: UserId, at: datetime) -> bool:
        """Neither the actor, nor the holder of the seat, nor a manager, present or to come (R30)."""
        managing = self.trails[user].manages
        is_manager = managing is not None and (managing[1][1] is None or max(at, managing[1][0]) < managing[1][1])
        return user not in (by, self.holder) and not is_manager

    def _holds_all(self, user: UserId, trail: Trail, record: Record[Event]) -> bool:
        """What the act itself has ended counts as it was before."""
        places = [
            place
            for number, (place, (_, end)) in self.trails[user].places.items()
            if end is None or record.at < end or self.cut.get((user, number)) == (record.by, record.at)
        ]
        return bool(places) and all(trail.reaches(place, record.at) for place in places)

    def _blame(self, record: Record[Event], why: str) -> None:
        self.offences.append(f"{record.sequence}: {record.by} {why}: {record.event}")

    # What each fact leaves

    def created(self, event: UserCreated) -> None:
        self.trails[event.user] = Trail((event.term.start, event.term.end))

    def dated(self, event: AccountRescheduled) -> None:
        self.trails[event.user].open = (event.term.start, event.term.end)

    def closed(self, event: AccountClosed) -> None:
        self.trails[event.user].open = (self.trails[event.user].open[0], event.end)

    def reopened(self, event: AccountReopened) -> None:
        """A new period, without what was given in the former; the suspensions are the user's (R14, R17)."""
        suspended = self.trails[event.user].suspended
        self.trails[event.user] = Trail((event.term.start, event.term.end), suspended=suspended)

    def suspended(self, event: UserSuspended) -> None:
        self.trails[event.user].suspended.add(event.side)

    def reinstated(self, event: UserReinstated) -> None:
        self.trails[event.user].suspended.discard(event.side)

    def removed(self, event: UserRemoved) -> None:
        self.trails[event.user].removed = True

    def added(self, event: MemberAdded) -> None:
        self.trails[event.user].places[event.number] = (event.place, (event.term.start, event.term.end))

    def redated(self, event: MembershipChanged) -> None:
        place, _ = self.trails[event.user].places[event.number]
        self.trails[event.user].places[event.number] = (place, (event.term.start, event.term.end))

    def ended(self, event: MembershipEnded | RoleRefused) -> None:
        place, ends = self.trails[event.user].places[event.number]
        self.trails[event.user].places[event.number] = (place, (ends[0], event.end))

    def delegated(self, event: ManagerDelegated) -> None:
        self.trails[event.user].manages = (event.scope.places, (event.term.start, event.term.end))

    def revoked(self, event: DelegationEnded) -> None:
        managing = self.trails[event.user].manages
        assert managing is not None, "only what was delegated ends"
        self.trails[event.user].manages = (managing[0], (managing[1][0], event.end))

    def seated(self, event: SeatClaimed | AdministratorAppointed) -> None:
        self.holder = event.user

    def vacated(self, event: SeatVacated) -> None:
        self.holder = None

    def ended_all(self, event: OrganizationClosed) -> None:
        self.holder, self.shut = None, True

    def taken(self, event: ControlTaken) -> None:
        self.controlled = True

    def returned(self, event: ControlReturned) -> None:
        self.controlled = False


_OF_ONESELF = (
    *(UserModified, EmailChangeAsked, EmailConfirmed, EmailChanged, EmailCorrected, EmailKept),
    *(IdentityLinked, IdentityUnlinked),
)
"""What people change of themselves, whoever administers (R13, R14, R44)."""
_ABOVE_MANAGERS = (
    *(AccountReopened, ManagerDelegated, DelegationEnded, UserRemoved, PersonErased, UserSuspended, UserReinstated),
    *(UserUnlocked, PasswordForced, RoleAssigned, RoleRefused),
)
_FOLLOWING: Mapping[type, Callable[[Walk, Any], None]] = {
    UserCreated: Walk.created,
    AccountRescheduled: Walk.dated,
    AccountClosed: Walk.closed,
    AccountReopened: Walk.reopened,
    UserRemoved: Walk.removed,
    MemberAdded: Walk.added,
    MembershipChanged: Walk.redated,
    MembershipEnded: Walk.ended,
    RoleRefused: Walk.ended,
    ManagerDelegated: Walk.delegated,
    DelegationEnded: Walk.revoked,
    SeatClaimed: Walk.seated,
    AdministratorAppointed: Walk.seated,
    SeatVacated: Walk.vacated,
    UserSuspended: Walk.suspended,
    UserReinstated: Walk.reinstated,
    OrganizationClosed: Walk.ended_all,
    ControlTaken: Walk.taken,
    ControlReturned: Walk.returned,
}


def offences(records: Iterable[Record[Event]]) -> list[str]:
    """Every right conferred beyond its author's scope (I5), and every claim of a held seat (I2)."""
    walk = Walk()
    for record in records:
        walk.step(record)
    return walk.offences


def everything_kept(holder: object) -> bytes:
    """All texts and bytes that can be reached from an object kept in this process, to look for secrets in (I10)."""
    return b"\n".join(_texts(holder, set()))


def _texts(thing: object, seen: set[int]) -> Iterator[bytes]:
    if isinstance(thing, str | bytes):
        yield thing.encode(errors="surrogatepass") if isinstance(thing, str) else thing
        return
    if id(thing) in seen:
        return
    seen.add(id(thing))
    for inner in _inside(thing):
        yield from _texts(inner, seen)


def _inside(thing: object) -> Iterator[object]:
    if isinstance(thing, Mapping):
        yield from thing.keys()
        yield from thing.values()
    elif isinstance(thing, list | tuple | set | frozenset):
        yield from thing
    for attribute in getattr(type(thing), "__attrs_attrs__", ()):
        yield getattr(thing, attribute.name, None)
