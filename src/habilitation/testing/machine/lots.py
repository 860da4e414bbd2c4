"""What requests are made of: drawn from what there is, mostly good, so that the model has something to choose from."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from random import Random
from typing import TypeVar

from attrs import define

from habilitation.domain.actors import Asking, Member, OperatorAgent, Session
from habilitation.domain.period import Dates
from habilitation.domain.requests import IdentityProof, Reason
from habilitation.domain.values import AgreementId, GroupCode, OrganizationId, Place, UserId
from habilitation.testing.fakes import PlainTokens
from habilitation.testing.model import Model
from habilitation.testing.model.facts import Partner
from habilitation.testing.strategies import BAD_CODES, BAD_EMAILS, BAD_NAMES, BAD_PASSWORDS, BAD_POSTALS, EMAILS
from habilitation.testing.world import AFAS, AGENT

T = TypeVar("T")
K = TypeVar("K", bound=str)
N = TypeVar("N", str, None)
Actor = OperatorAgent | Member | Asking | Session

TOKENS = PlainTokens()
LINKS_KEPT, SESSIONS_KEPT = timedelta(days=28), timedelta(hours=12)
"""What has been over for longer may have been taken away meanwhile, and nobody says when (R21, R23)."""
OPENING_DAYS = (None, None, None, 0, 1, 2, 4, -1)
CLOSING_DAYS = (None, None, 1, 2, 3, 5, 40, 0, -1)
NEW_EMAILS = tuple(f"user{number}@oliviers.example" for number in range(40))
SUBJECTS = tuple(f"subject-{name}" for name in ("alma", "bela", "cleo", "dario", "emil", "flora"))
"""At the identity provider: few enough for one to have accounts here and there, and for another to be taken."""
AROUND = (timedelta(0), timedelta(0), timedelta(microseconds=-1), timedelta(microseconds=1))
"""At an instant, and a moment beside it."""
WEATHER = ("fine", "fine", "unanswered", "unanswered", "delayed", "refused")
PASSWORDS = ("a password of my own", "un mot de passe à moi", "a third password of mine")


@define
class Around:
    """What a lot is drawn from: the model, two organizations in it, sessions, passwords by login, what is typed."""

    model: Model
    instant: datetime
    now: date
    main: OrganizationId
    other: OrganizationId
    sessions: list[Session]
    heard: Mapping[str, list[str]]
    name: str
    siret: str


@define
class Lot:
    """A hand that draws; the same one for the same random numbers."""

    around: Around
    random: Random

    # Chance

    def one(self, items: Sequence[T]) -> T:
        return items[self.random.randrange(len(items))]

    def seldom(self) -> bool:
        return self.random.random() < 0.04

    def likely(self) -> bool:
        return self.random.random() < 0.5

    def weighted(self, items: Mapping[str, int]) -> str:
        return self.random.choices(list(items), list(items.values()))[0]

    # What is typed

    def typed(self, good: str | Sequence[str], bad: Collection[str]) -> str:
        if self.seldom():
            return self.one(list(bad))
        return good if isinstance(good, str) else self.one(good)

    def name(self) -> str:
        return self.typed(self.around.name, BAD_NAMES)

    def email(self) -> str:
        """Somebody's already, known to be difficult, or new."""
        taken = [user.email for user in self.partner.users.values()]
        return self.typed(self.one((taken, EMAILS, NEW_EMAILS, NEW_EMAILS)), BAD_EMAILS)

    def contact(self, none: N) -> tuple[str | N, tuple[str, ...]]:
        """An e-mail address, or none, and a postal one, or none."""
        email = self.typed(("Mairie@chenes.example", "accueil@chenes.example"), BAD_EMAILS)
        postal = self.typed(("", "LES CHÊNES\n92140 CLAMART", "LES CHÊNES\n2 ALLEE\n92140 CLAMART"), BAD_POSTALS)
        return none if self.likely() else email, (postal,)

    def password(self) -> str:
        """Seldom a provisional one."""
        return self.typed(self.typed(PASSWORDS, self.heard()), BAD_PASSWORDS)

    def heard(self) -> list[str]:
        """Every password that there ever was."""
        return [word for words in self.around.heard.values() for word in words] or list(PASSWORDS)

    def login(self) -> str:
        """Somebody's, as far as anybody has one that has or had a password."""
        known = [login for login in self.around.heard if login]
        return self.one([login for login in known if self.around.heard[login]] or known)

    def proof(self) -> IdentityProof:
        """Seldom a token that was made for another."""
        return TOKENS.proof(self.one(SUBJECTS), given=self.typed("nonce", ("another nonce",)))

    def link(self, *kinds: str) -> str:
        """One that a letter of these kinds brought, mostly one of the last; seldom another's, or nobody's."""
        since = self.around.instant - LINKS_KEPT
        links = {token: link.kind for token, link in self.around.model.links.items() if link.expires > since}
        kept = [token for token, kind in links.items() if kind in kinds]
        return self.typed(kept[-6:] if self.likely() else kept, ["no-such-link", *links]) if kept else "no-such-link"

    def days(self) -> Dates:
        """Days around today, not all of them good."""
        return Dates(self._day(OPENING_DAYS), self._day(CLOSING_DAYS))

    def _day(self, offsets: Sequence[int | None]) -> date | None:
        days = self.one(offsets)
        return None if days is None else self.around.now + timedelta(days=days)

    def reason(self) -> Reason:
        return Reason(self.typed("left", BAD_CODES), self.one(("", "gone to another town")))

    # What there is

    @property
    def partner(self) -> Partner:
        return self.around.model.partners[self.around.main]

    def organization(self) -> OrganizationId:
        return self.one([self.around.other, OrganizationId("nowhere")]) if self.seldom() else self.around.main

    def user(self) -> UserId:
        if self.seldom():
            return self.one([UserId("nobody"), *self._elsewhere()])
        return self.one(list(self.partner.users))

    def _elsewhere(self) -> list[UserId]:
        """Users of the other organization, as long as anything of it is kept."""
        other = self.around.model.partners.get(self.around.other)
        return list(other.users) if other else []

    def agreement(self) -> AgreementId:
        return AgreementId("no agreement") if self.seldom() else self.one(list(self.partner.conventions))

    def group(self) -> GroupCode:
        return GroupCode("NO-GROUP") if self.seldom() else self.one(list(self.around.model.groups))

    def place(self) -> Place:
        """A group, mostly one that the agreement opens."""
        agreement = self.agreement()
        convention = self.partner.conventions.get(agreement)
        opened = sorted(convention.groups) if convention and not self.seldom() else []
        return Place(agreement, self.one(opened) if opened else self.group())

    def late(self, items: Collection[K], first: int) -> K:
        """One that came after the first ones, without which a run would tell little; seldom one of those."""
        every = list(items)
        return self.one(every if self.seldom() or len(every) <= first else every[first:])

    def places(self, most: int) -> list[Place]:
        return [self.place() for _ in range(self.random.randint(0, most))]

    def membership(self) -> tuple[UserId, int]:
        """A membership that somebody has or had."""
        user = self.user()
        found = self.partner.users.get(user)
        numbers = list(found.stint.held) if found else []
        return user, self.one(numbers) if numbers and not self.seldom() else 99

    # Who acts

    def actor(self, who: str, roles: dict[Member, str]) -> Actor:
        """Somebody who is that now; an agent where there is nobody."""
        if who == "signed in":
            since = self.around.instant - SESSIONS_KEPT
            every = self.around.sessions
            return self.one([session for session in every if session.expires > since] or every[-1:])
        if who == "outsider":
            return self.one(self._outsiders())
        members = [member for member, role in roles.items() if role == who]
        return self.one(members) if members else AGENT

    def _outsiders(self) -> list[Actor]:
        main, other = self.around.main, self.around.other
        strangers = [Member(other, user) for user in self._elsewhere()]
        return [Asking(AFAS), Member(main, UserId("nobody")), OperatorAgent("two words"), *strangers]
