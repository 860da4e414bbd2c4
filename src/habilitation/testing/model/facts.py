"""The facts that the naive model keeps: plain records in dicts, and what civil days mean, counted out."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from attrs import define, field

from habilitation.domain.values import AgreementId, GroupCode, OrganizationId, Permission, Place, ServiceCode, UserId

QUARTER = timedelta(minutes=15)


class No(Exception):
    """The model's refusal: the code that the library is expected to give."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Span(NamedTuple):
    """From ``start`` until just before ``end``, and the days that were written."""

    start: datetime
    end: datetime | None
    opening: date
    closing: date | None

    def has(self, at: datetime) -> bool:
        return self.start <= at and (self.end is None or at < self.end)

    def common(self, other: Span) -> tuple[datetime, datetime | None]:
        ends = [end for end in (self.end, other.end) if end is not None]
        return max(self.start, other.start), min(ends) if ends else None

    def left(self, other: Span, at: datetime) -> bool:
        """Whether an instant that is in both is still to come, ``at`` included."""
        start, end = self.common(other)
        return end is None or max(start, at) < end

    def gone(self, at: datetime) -> bool:
        return not self.left(self, at)

    def ended(self, at: datetime, today: date) -> Span:
        return self._replace(end=at, closing=today)

    def longer(self, other: Span) -> bool:
        """Whether it has an instant, before or after, that the other has not."""
        return self.start < other.start or (other.end is not None and (self.end is None or self.end > other.end))


@define
class Held:
    """A membership: ``given`` is when its role was assigned."""

    place: Place
    span: Span
    waiting: bool
    given: datetime | None = None


@define
class Managing:
    """A delegation; no places are all places, present and future."""

    places: frozenset[Place] | None
    span: Span


@define
class Stint:
    """One period of an account."""

    span: Span
    held: dict[int, Held] = field(factory=dict)
    managing: Managing | None = None


@define
class Move:
    """A change of address: *asked*, *confirmed*, *changed* or *kept*."""

    old: str
    new: str
    own: bool
    asked: datetime
    state: str = "asked"
    objectable: datetime | None = None
    """Until when the old address can object; None as long as it was not told."""

    @property
    def pending(self) -> bool:
        return self.state in ("asked", "confirmed")

    def due(self, at: datetime) -> bool:
        """Whether nobody can object, or nobody can any more."""
        return self.own or (self.objectable is not None and self.objectable <= at)


@define
class Human:
    """A user, and the person."""

    agreement: AgreementId | None
    mobile: bool
    last_name: str
    first_name: str
    written: str
    """The e-mail address, as it was typed."""
    phone: str | None
    stints: list[Stint]
    removed: bool = False
    erased: bool = False
    suspended: set[str] = field(factory=set)
    """By which sides: ``organization``, ``operator``."""

    breaks: int = 0
    """How often the user was suspended: no session outlives it."""

    moves: list[Move] = field(factory=list)
    """The changes of address that were asked for: the last one counts, the first one's number is 1."""

    @property
    def email(self) -> str:
        """The form in which two addresses are the same."""
        return self.written.lower()

    @property
    def move(self) -> Move | None:
        return self.moves[-1] if self.moves else None

    @property
    def address(self) -> int:
        """The number of the change that the address came with; 0 for the first address."""
        return max((number for number, move in enumerate(self.moves, 1) if move.state == "changed"), default=0)

    @property
    def addresses(self) -> set[str]:
        """All that were the person's, or were to be."""
        return {self.email, *(address.lower() for move in self.moves for address in (move.old, move.new))}

    @property
    def stint(self) -> Stint:
        return self.stints[-1]

    @property
    def spell(self) -> int:
        return len(self.stints) + self.breaks

    def status(self, at: datetime) -> str:
        if self.removed or self.stint.span.gone(at):
            return "closed"
        if self.suspended:
            return "suspended"
        return "open" if self.stint.span.start <= at else "pending"

    def live(self, at: datetime) -> dict[int, Held]:
        """The memberships of which something is left."""
        return {number: held for number, held in self.stint.held.items() if held.span.left(self.stint.span, at)}

    def delegation(self, at: datetime) -> Managing | None:
        """What the user manages, now or later."""
        managing = self.stint.managing
        if self.removed or managing is None or not managing.span.left(self.stint.span, at):
            return None
        return managing

    def manages(self, at: datetime) -> Managing | None:
        managing = self.delegation(at)
        return managing if managing and managing.span.has(at) and self.status(at) == "open" else None

    def is_of(self, agreement: AgreementId, at: datetime) -> bool:
        return self.agreement == agreement or any(held.place.agreement == agreement for held in self.live(at).values())


@define
class Convention:
    """An agreement."""

    reference: str
    span: Span
    services: set[ServiceCode]
    groups: dict[GroupCode, str] = field(factory=dict)
    """``open``, ``suspended`` or ``withdrawn``; those that never were opened are not among them."""
    state: str = "draft"

    def opens(self, group: GroupCode) -> bool:
        return self.groups.get(group, "withdrawn") != "withdrawn"


@define
class Partner:
    """An organization: its seat is unclaimed, held, vacant or ended; ``letters`` are its unused first credentials."""

    siret: str
    name: str
    contact: str
    last: datetime
    """When its last fact was recorded."""
    standing: str = "open"
    """Or ``suspended``, or ``closed``."""
    controlled: bool = False
    """Whether the operator took back control."""
    seat: str = "unclaimed"
    holder: UserId | None = None
    letters: tuple[UserId, datetime] | None = None
    conventions: dict[AgreementId, Convention] = field(factory=dict)
    users: dict[UserId, Human] = field(factory=dict)
    ended: datetime | None = None
    """When it was closed."""
    postal: str = ""
    """Empty, as the contact's e-mail address may be, where there is none."""

    def portrait(self) -> dict[str, Any]:
        """All of it as plain data, to be compared with what a store holds."""
        return {
            "particulars": (self.siret, self.name, self.contact, self.postal),
            "standing": (self.standing, self.controlled),
            "seat": (self.seat, self.holder, self.letters),
            "agreements": {
                id: (held.reference, held.state, held.span, set(held.services), dict(held.groups))
                for id, held in self.conventions.items()
            },
            "users": {id: _portrait(user) for id, user in self.users.items()},
        }


def _portrait(user: Human) -> dict[str, Any]:
    return {
        "agreement": user.agreement,
        "mobile": user.mobile,
        "removed": user.removed,
        "erased": user.erased,
        "suspended": set(user.suspended),
        "person": None if user.erased else (user.last_name, user.first_name, user.email, user.phone),
        "addresses": None if user.erased else _addresses(user),
        "move": (user.address, user.move and (len(user.moves), user.move.own, user.move.state)),
        "stints": [
            (
                stint.span,
                {number: (held.place, held.span, held.waiting, held.given) for number, held in stint.held.items()},
                stint.managing and (stint.managing.places, stint.managing.span),
            )
            for stint in user.stints
        ],
    }


def _addresses(user: Human) -> tuple[str, str | None, str | None]:
    """The present one, the one to come, the one before."""
    coming = user.move.new if user.move and user.move.pending else None
    return user.written, coming, user.moves[user.address - 1].old if user.address else None


@define
class Key:
    """What a login is proved by: ``slips`` are minted passwords, None where the letter never came, and since when."""

    standing: str
    generation: int = 1
    login: str | None = None
    slips: list[tuple[str | None, datetime]] = field(factory=list)
    used: bool = False
    opened: bool = False
    """Whether anybody ever signed in with it, or chose a password."""
    own: str | None = None
    identity: str | None = None
    """The subject at the provider that opens the account (R44)."""
    expires: datetime | None = None
    forgotten: list[datetime] = field(factory=list)
    """When the login or the password was said to be forgotten, and a message was written."""

    def renewed(self, standing: str, own: str | None = None) -> None:
        """Nothing that proved it before does so any more."""
        self.standing, self.own, self.generation = standing, own, self.generation + 1
        self.opened = self.opened or own is not None
        self.slips, self.used, self.identity, self.expires = [], False, None, None

    def chosen(self, password: str) -> None:
        """By a password of one's own; an identity goes on beside it (R44)."""
        identity = self.identity
        self.renewed("own-password", password)
        self.identity = identity


class Link(NamedTuple):
    """A one-time link: the kind of its letter, whose, of which generation, until when."""

    kind: str
    organization: OrganizationId
    user: UserId
    generation: int
    expires: datetime


class Stay(NamedTuple):
    """A session."""

    organization: OrganizationId
    user: UserId
    generation: int
    stint: int
    stage: str
    expires: datetime
    identity: str | None = None
    """Who may claim, where a first link was followed (R44)."""


@define
class Mail:
    """A message in the queue, or what became of it."""

    organization: OrganizationId
    kind: str
    to: str
    """A user's id, ``contact`` or ``operator``."""
    about: UserId
    generation: int | None
    due: datetime
    proves: tuple[int, int] | None = None
    """The generation and the address, as they were, of what a password or a link in it would prove."""
    state: str = "waiting"
    attempts: int = 0


class Gives(NamedTuple):
    """What a group gives from some instant on; nothing once it is retired."""

    since: datetime
    label: str
    permissions: frozenset[Permission]
    needs_document: bool
    retired: bool = False


@define
class Group:
    """An access group of the catalog, as it was at first and as it was changed."""

    service: ServiceCode
    history: list[Gives]

    @property
    def now(self) -> Gives:
        return self.history[-1]

    def gives(self, permission: Permission, at: datetime) -> bool:
        known = [given for given in self.history if given.since <= at]
        return bool(known) and not known[-1].retired and permission in known[-1].permissions


@cache
def first_instant(day: date, zone: ZoneInfo) -> datetime:
    """The first quarter of an hour whose civil day is that one; none for a day that the zone skipped (R15)."""
    early = datetime.combine(day, time(), tzinfo=UTC) - timedelta(hours=16)
    quarters = (early + QUARTER * count for count in range(4 * 36))
    for instant in quarters:
        if instant.astimezone(zone).date() == day:
            return instant
    raise No("day-skipped")
