"""Who acts, who may do what to whom, who may read whom: the model's own reading of R28–R37."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from attrs import define, field

from habilitation.domain.actors import Asking, Member, OperatorAgent, Session
from habilitation.domain.period import Dates
from habilitation.domain.values import AgreementId, GroupCode, OrganizationId, Place, ServiceCode, UserId
from habilitation.testing.model import typed
from habilitation.testing.model.facts import Convention, Group, Held, Human, Key, Link, Mail, No, Partner, Span, Stay
from habilitation.testing.model.facts import first_instant as first_instant

TOLERANCE = timedelta(minutes=5)
ABOVE = ("operator", "administrator")
PEOPLE = (*ABOVE, "manager")
WHO = {
    "create": PEOPLE,
    "modify": PEOPLE,
    "close": PEOPLE,
    "grant": PEOPLE,
    "withdraw": PEOPLE,
    "generalize": PEOPLE,
    "reopen": ABOVE,
    "remove": ABOVE,
    "delegate": ABOVE,
    "revoke": ABOVE,
    "unlock": ABOVE,
    "change-email": ABOVE,
    "suspend": ABOVE,
    "reinstate": ABOVE,
    "operate": ("operator",),
    "erase": ("operator",),
    "resend": PEOPLE,
    "own": ("administrator", "manager", "user"),
    "unlink": ABOVE,
    "list": PEOPLE,
}
CONFERRING = ("create", "reopen", "grant", "generalize", "delegate")
"""What nobody does in an organization that is suspended (R2)."""
OPERATORS_OWN = ("operate", "erase", "unlock", "unlink", "suspend", "reinstate")
"""What the operator does whoever administers."""
LIVING = ("pending", "open", "suspended")
OFFERED = {
    "modify": LIVING,
    "close": LIVING,
    "reopen": ("closed",),
    "remove": (*LIVING, "closed"),
    "grant": ("pending", "open"),
    "generalize": ("open",),
    "delegate": ("open",),
    "revoke": LIVING,
    "unlock": ("open",),
    "change-email": LIVING,
    "suspend": LIVING,
    "reinstate": (*LIVING, "closed"),
    "erase": ("closed",),
}
"""What a page may offer on a user's row, by the status of the account."""

ACTIVATING = {
    "first-password": "first-activation",
    "password": "activation",
    "password-forced": "activation",
    "password-link": "activation",
}
"""What leaves in its place where a provider signs people in (R44)."""

KEPT_OUT = {
    "closed": "account-is-closed",
    "suspended": "account-is-suspended",
    "pending": "account-not-open-yet",
}
"""What somebody is told who proves to be a user who is not let in, by the status of the account."""
NOT_IN_FORCE = {"draft": "agreement-not-validated", "suspended": "agreement-suspended", "ended": "agreement-over"}


class Visit(NamedTuple):
    """An actor in an organization, at an instant. ``reach`` is a manager's places; None there means all of them."""

    partner: Partner
    now: datetime
    """What the clock says."""
    at: datetime
    """The same, or the partner's last fact if that is later."""
    role: str
    me: UserId | None
    reach: frozenset[Place] | None

    def covers(self, place: Place) -> bool:
        return self.role != "manager" or self.reach is None or place in self.reach

    def touches(self, agreement: AgreementId) -> bool:
        return self.role != "manager" or self.reach is None or agreement in {place.agreement for place in self.reach}


@define
class Rights:
    """The facts, and the questions that every act asks of them."""

    zone: ZoneInfo
    services: dict[ServiceCode, str] = field(factory=dict)
    groups: dict[GroupCode, Group] = field(factory=dict)
    cataloged: datetime | None = None
    partners: dict[OrganizationId, Partner] = field(factory=dict)
    dropped: dict[OrganizationId, Partner] = field(factory=dict)
    """What there was of organizations of which nothing is kept (R41)."""
    keys: dict[tuple[OrganizationId, UserId], Key] = field(factory=dict)
    stays: dict[str, Stay] = field(factory=dict)
    links: dict[str, Link] = field(factory=dict)
    mails: list[Mail] = field(factory=list)
    provider: bool = False
    """Whether an identity provider signs people in (R44)."""
    effects: list[str] = field(factory=list)
    """What became of the changes of address that waited for a delivery: accepted, or the code of the refusal."""

    # Days (R15, R16)

    def today(self, at: datetime) -> date:
        return at.astimezone(self.zone).date()

    def start_of(self, day: date) -> datetime:
        return first_instant(day, self.zone)

    def asked_span(self, dates: Dates, at: datetime) -> Span:
        """R10: today opens now, the past is refused, the closing day comes after the opening day."""
        today = self.today(at)
        opening = dates.opening or today
        if opening < today:
            raise No("opening-in-past")
        start = at if opening == today else self.start_of(opening)
        if dates.closing is not None and dates.closing <= opening:
            raise No("closing-not-after-opening")
        return Span(start, self.start_of(dates.closing) if dates.closing else None, opening, dates.closing)

    def span_inside(self, account: Span, dates: Dates, at: datetime) -> Span:
        """R25, R28: unsaid, from now on, as soon as the account is open; never outside the account."""
        today = self.today(at)
        opening = dates.opening or today
        if opening < today:
            raise No("opening-in-past")
        if dates.closing is not None and dates.closing <= opening:
            raise No("closing-not-after-opening")
        if (dates.opening and opening < account.opening) or (account.closing and opening >= account.closing):
            raise No("dates-outside-account")
        if dates.closing and (dates.closing <= account.opening or dates.closing > (account.closing or date.max)):
            raise No("dates-outside-account")
        start = at if opening == today else self.start_of(opening)
        return Span(start, self.start_of(dates.closing) if dates.closing else None, opening, dates.closing)

    def new_closing(self, span: Span, closing: date, at: datetime) -> Span:
        """R14: what runs may end on another day, after today and after its opening."""
        if closing <= self.today(at):
            raise No("closing-in-past")
        if closing <= span.opening:
            raise No("closing-not-after-opening")
        return span._replace(end=self.start_of(closing), closing=closing)

    # Who acts (R23, R32, R35, R37)

    def enter(self, organization: OrganizationId, by: Any, now: datetime, *, writing: bool = True) -> Visit:
        """The organization, then the actor, then the clock (R40)."""
        partner = self.partners.get(organization)
        if partner is None:
            forged = isinstance(by, Session) and by.token not in self.stays
            raise No("session-ended" if forged else "organization-unknown")
        visit = self._visit(organization, by, now, max(now, partner.last))
        if writing and partner.last - now > TOLERANCE:
            raise No("clock-behind")
        return visit

    def _visit(self, organization: OrganizationId, by: Any, now: datetime, at: datetime) -> Visit:
        partner = self.partners[organization]
        if isinstance(by, OperatorAgent):
            typed.code(by.agent)
            return Visit(partner, now, at, "operator", None, None)
        if isinstance(by, Asking):
            if by.service not in self.services:
                raise No("service-unknown")
            return Visit(partner, now, at, "service", None, None)
        return self._as_user(partner, self._identity(organization, by, at), now, at)

    def _identity(self, organization: OrganizationId, by: Member | Session, at: datetime) -> UserId:
        if isinstance(by, Member):
            if by.organization != organization:
                raise No("organization-unknown")
            return by.user
        stay = self.stays.get(by.token)
        if stay is None:
            raise No("session-ended")
        if stay.organization != organization:
            raise No("organization-unknown")
        self.require_stay(stay, at)
        if stay.stage == "first-credentials":
            raise No("claim-demanded")
        if stay.stage == "provisional-password":
            raise No("password-choice-demanded")
        return stay.user

    def require_stay(self, stay: Stay, at: datetime) -> None:
        """R23: too old, of another generation, or of an account period that is over."""
        if stay.expires <= at or self.keys[stay.organization, stay.user].generation != stay.generation:
            raise No("session-ended")
        if stay.stage == "first-credentials":
            return
        user = self.partners[stay.organization].users[stay.user]
        if user.status(at) != "open" or user.spell != stay.stint:
            raise No("session-ended")

    def _as_user(self, partner: Partner, me: UserId, now: datetime, at: datetime) -> Visit:
        user = partner.users.get(me)
        if user is None:
            raise No("actor-unknown")
        if partner.standing == "closed":
            raise No("organization-closed")
        if user.status(at) != "open":
            raise No("actor-not-open")
        managing = user.manages(at)
        if partner.holder == me:
            return Visit(partner, now, at, "administrator", me, None)
        return Visit(partner, now, at, "manager" if managing else "user", me, managing.places if managing else None)

    # What a role may do (R9, R28–R30, R34)

    def require(self, visit: Visit, act: str) -> None:
        if visit.role not in WHO[act]:
            raise No("act-forbidden")
        if act in ("list", "own"):
            return
        if visit.partner.standing == "closed" and act != "erase":
            raise No("organization-closed")
        if visit.partner.standing == "suspended" and act in CONFERRING:
            raise No("organization-suspended")
        if visit.role != "operator" and visit.partner.controlled:
            raise No("control-taken")
        if visit.role == "operator" and act not in OPERATORS_OWN and not self.in_place(visit):
            raise No("seat-held")

    def in_place(self, visit: Visit) -> bool:
        """Whether the operator administers in the organization's place (R34)."""
        return visit.partner.controlled or visit.partner.seat != "held"

    def require_on(self, visit: Visit, act: str, target: UserId) -> None:
        self.require(visit, act)
        partner = visit.partner
        barred = ("close", "remove", "erase") if visit.role == "operator" else ("close", "remove", "suspend")
        if act in barred and partner.holder == target:
            raise No("holder-protected")
        if visit.role != "manager":
            return
        if visit.me == target:
            raise No("on-self")
        if partner.holder == target:
            raise No("on-administrator")
        if partner.users[target].delegation(visit.at):
            raise No("on-manager")
        live = partner.users[target].live(visit.at).values()
        if act in ("modify", "close", "resend") and not (live and all(visit.covers(held.place) for held in live)):
            raise No("outside-scope")

    def target(self, visit: Visit, act: str, target: UserId) -> Human:
        """A user whom the actor may know of, and do that to; else missing comes before forbidden (R37)."""
        found = self.known(visit, target)
        self.require_on(visit, act, target)
        return found

    def known(self, visit: Visit, target: UserId) -> Human:
        found = visit.partner.users.get(target)
        if found is None or not (target == visit.partner.holder or self.may_read(visit, target)):
            raise No("user-unknown")
        return found

    # Reading (R36)

    def may_read(self, visit: Visit, target: UserId) -> bool:
        partner = visit.partner
        if target not in partner.users:
            return False
        if visit.role in ABOVE:
            return True
        if visit.me == target:
            return True
        if visit.role != "manager":
            return False
        near = any(visit.touches(id) and partner.users[target].is_of(id, visit.at) for id in partner.conventions)
        return near or target == partner.holder

    def listed(self, visit: Visit, agreement: AgreementId | None = None) -> set[UserId]:
        """The users on the actor's list: of one agreement, the administrator is always there (R10)."""
        self.require(visit, "list")
        if agreement is not None and agreement not in visit.partner.conventions:
            raise No("agreement-unknown")
        readable = {id for id, user in visit.partner.users.items() if not user.removed and self.may_read(visit, id)}
        if agreement is None:
            return readable
        return {id for id in readable if id == visit.partner.holder or self._near(visit, agreement, id)}

    def _near(self, visit: Visit, agreement: AgreementId, user: UserId) -> bool:
        return visit.touches(agreement) and visit.partner.users[user].is_of(agreement, visit.at)

    def waiting(self, visit: Visit) -> set[tuple[UserId, int]]:
        """What waits for a role, as far as the actor reaches (R26)."""
        listed = self.listed(visit)
        return {
            (id, number)
            for id in listed
            for number, held in visit.partner.users[id].live(visit.at).items()
            if held.waiting and visit.covers(held.place)
        }

    def offered(self, visit: Visit, target: UserId) -> set[str]:
        """The acts that a page offers on that user's row."""
        return {act for act, statuses in OFFERED.items() if self._is_offered(visit, act, statuses, target)}

    def _is_offered(self, visit: Visit, act: str, statuses: Iterable[str], target: UserId) -> bool:
        user = visit.partner.users[target]
        if user.removed or self.standing(visit, user) not in statuses:
            return False
        if not self._would_change(visit, act, target):
            return False
        try:
            if act == "generalize":
                self.require(visit, act)
            else:
                self.require_on(visit, act, target)
        except No:
            return False
        return True

    def standing(self, visit: Visit, user: Human) -> str:
        """The status of the account; in a closed organization everything has ended (R1)."""
        return "closed" if visit.partner.standing == "closed" else user.status(visit.at)

    def _would_change(self, visit: Visit, act: str, target: UserId) -> bool:
        user = visit.partner.users[target]
        match act:
            case "delegate":
                return target != visit.partner.holder
            case "revoke":
                return user.delegation(visit.at) is not None
            case "suspend":
                return self.side(visit) not in user.suspended
            case "reinstate":
                return bool(user.suspended & self.liftable(visit))
        return True

    # Suspensions (R17)

    def side(self, visit: Visit) -> str:
        return "operator" if visit.role == "operator" else "organization"

    def liftable(self, visit: Visit) -> set[str]:
        """One's own; in the organization's place, the operator also lifts the organization's."""
        stands_in = visit.role == "operator" and self.in_place(visit)
        return {self.side(visit)} | ({"organization"} if stands_in else set())

    def forget(self, organization: OrganizationId, user: UserId) -> None:
        """Of an erased person no credential, session or link is left, nor any message that has not left (R18)."""
        self.stays = {
            token: stay for token, stay in self.stays.items() if (stay.organization, stay.user) != (organization, user)
        }
        key = self.keys[organization, user]
        key.renewed("nothing")
        key.login = None
        self.links = {
            token: link for token, link in self.links.items() if (link.organization, link.user) != (organization, user)
        }
        for mail in self.mails:
            if mail.organization == organization and user in (mail.to, mail.about) and mail.state != "delivered":
                mail.state = "dropped"

    # Places (R2, R32, R37)

    def require_conferrable(self, visit: Visit, places: Iterable[Place]) -> None:
        """All of them known, then all in the actor's reach, then all in force."""
        places = list(places)
        for place in places:
            known = self.convention(visit, place.agreement).groups
            elsewhere = any(place.group in other.groups for other in visit.partner.conventions.values())
            if place.group not in known:
                raise No("group-not-opened" if elsewhere else "group-unknown")
        if not all(visit.covers(place) for place in places):
            raise No("outside-scope")
        for place in places:
            self.require_in_force(visit, place)

    def require_in_force(self, visit: Visit, place: Place) -> None:
        """R2, R3: the agreement, the group under it, and the group in the catalog."""
        self.require_current(visit, place.agreement)
        state = self.convention(visit, place.agreement).groups[place.group]
        if state != "open":
            raise No("group-not-opened" if state == "withdrawn" else "group-suspended")
        if self.groups[place.group].now.retired:
            raise No("group-retired")

    def convention(self, visit: Visit, agreement: AgreementId) -> Convention:
        if agreement not in visit.partner.conventions:
            raise No("agreement-unknown")
        return visit.partner.conventions[agreement]

    def require_current(self, visit: Visit, agreement: AgreementId) -> None:
        convention = self.convention(visit, agreement)
        if convention.state != "validated":
            raise No(NOT_IN_FORCE[convention.state])
        if convention.span.gone(visit.at):
            raise No("agreement-over")

    # Messages (R7, R12, R26)

    def tell(self, now: datetime, organization: OrganizationId, kind: str, to: str, about: UserId) -> None:
        self.mails.append(Mail(organization, kind, to, about, None, now))

    def send_two(self, now: datetime, organization: OrganizationId, first: str, to: str, about: UserId) -> None:
        """The login in one message, the password in another."""
        self.tell(now, organization, f"{first}login", to, about)
        self.send_proof(now, organization, f"{first}password", to, about)

    def send_proof(self, now: datetime, organization: OrganizationId, kind: str, to: str, about: UserId) -> None:
        """A password, or a link to choose one; where a provider signs people in, a link to activate the account."""
        kind = ACTIVATING.get(kind, kind) if self.provider else kind
        proves = self.proving(organization, about)
        self.mails.append(Mail(organization, kind, to, about, sum(proves), now, proves))

    def proving(self, organization: OrganizationId, user: UserId) -> tuple[int, int]:
        """What a password or a link is sent for: another password ends it, and so does another address (R13, R20)."""
        found = self.partners[organization].users.get(user)
        return self.keys[organization, user].generation, found.address if found else 0

    def tell_waiting(self, organization: OrganizationId, visit: Visit, about: UserId, held: Held) -> None:
        """The actor and the administrator are told what to return, once each."""
        if held.waiting:
            actor = visit.me or "operator"
            for to in {actor, visit.partner.holder or actor}:
                self.tell(visit.now, organization, "document-needed", to, about)
