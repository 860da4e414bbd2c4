"""What the machine works with: a populated portal and the model beside it, every act tried on both and compared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from datetime import date, timedelta
from random import Random
from typing import Any, ClassVar, TypeVar

from attrs import define, field, frozen
from hypothesis import note
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine

from habilitation.adapters.memory_transport import MemoryMailbox
from habilitation.domain.actors import Actor, Asking, Member, OperatorAgent, Session
from habilitation.domain.journal import Head
from habilitation.domain.messages import Letter
from habilitation.domain.period import Dates
from habilitation.domain.refusals import Refusal
from habilitation.domain.requests import Reason
from habilitation.domain.values import AgreementId, GroupCode, OrganizationId, Place, UserId
from habilitation.ports.store import Store
from habilitation.ports.transport import DeliveryDelayed, DeliveryRefused
from habilitation.testing.fakes import SettableClock
from habilitation.testing.invariants import everything_kept
from habilitation.testing.model import Model, No
from habilitation.testing.strategies import BAD_CODES
from habilitation.testing.world import AFAS, AGENT, portal_over

T = TypeVar("T")
ACCEPTED = "accepted"
OPENING_DAYS = (None, None, None, 0, 1, 2, 4, -1)
CLOSING_DAYS = (None, None, 1, 2, 3, 5, 40, 0, -1)
MAY_CHANGE_NOTHING = ("modify_user", "change_membership", "generalize_to_all", "preview_generalization")
TRIED = 60
"""How many requests are put before the model for one to be made: enough for a rare verdict to be among them."""


ROLES = ("operator", "administrator", "manager", "user", "idle", "signed in", "outsider")
USUAL = ("manager", "manager", "administrator")


def dice(seed: int) -> Random:
    """The same throws for the same seed."""
    return Random(seed)  # noqa: S311 - a test needs no secrecy


@frozen
class Aim:
    """Who will act, whether an act that is accepted is wanted, and what the lot is drawn with.

    All of it follows from one number: hypothesis prefers small values and repeats itself, and would starve some roles.
    """

    who: str
    eager: bool
    seed: int

    @classmethod
    def drawn(cls, seed: int, usual: Sequence[str]) -> Aim:
        random = dice(seed)
        return cls(random.choice((*usual, *usual, *ROLES)), random.random() < 0.75, seed)


def aims(*usual: str) -> st.SearchStrategy[Aim]:
    """Mostly an act that will be accepted, by somebody who is likely to do it."""
    return st.integers(0, 2**64 - 1).map(lambda seed: Aim.drawn(seed, usual or USUAL))


@frozen
class FickleMailbox(MemoryMailbox):
    """Keeps every letter that left, even those whose delivery is said to have failed; ``weather`` has one word."""

    weather: list[str] = field(factory=lambda: ["fine"])

    def send(self, letter: Letter) -> None:
        if self.weather[0] in ("fine", "unanswered"):
            super().send(letter)
        if self.weather[0] in ("delayed", "unanswered"):
            raise DeliveryDelayed("come back later")
        if self.weather[0] == "refused":
            raise DeliveryRefused("no such mailbox")


class Bench(RuleBasedStateMachine):
    """One portal over one store. What was accepted and refused is counted over all runs of the class."""

    accepted: ClassVar[Counter[tuple[str, str]]]
    """By role and act."""
    refused: ClassVar[Counter[tuple[str, str]]]
    """By act and code."""

    def __init_subclass__(cls) -> None:
        """Each machine has counts of its own."""
        super().__init_subclass__()
        cls.accepted, cls.refused = Counter(), Counter()

    def open_store(self) -> Store:
        """An empty store: to be given by a subclass."""
        raise NotImplementedError

    def kept(self) -> bytes:
        """Every byte that the store holds, to look for secrets in (I10)."""
        return everything_kept(self.store)

    def __init__(self) -> None:
        super().__init__()
        self.store = self.open_store()
        self.clock = SettableClock()
        self.mailbox = FickleMailbox()
        self.portal = portal_over(self.store, self.clock, self.mailbox)
        self.model = Model(self.clock.zone)
        self.sessions: list[Session] = []
        self.secrets: set[str] = set()
        """Every password that was minted or chosen."""
        self.main = self.other = OrganizationId("")
        self.populated = False
        self.sound = True
        """Whether nothing was found wrong yet: else what is done at the end would only hide it."""

    # An act, on both sides

    def attempt(self, act: str, asked: Any, by: Any) -> Any:
        """What the library returns; fails unless it says what the model says, and leaves a trace where it should."""
        self.sound = False
        heads, before = self.heads(), self.portraits()
        role = self.role(by)
        expected, then = self._predicted(act, asked, by)
        verdict, result = self._tried(act, asked, by)
        assert verdict == expected, f"{act} {asked} by {by}: {verdict}, and the model says {expected}"
        if verdict == ACCEPTED:
            then(result)
        self._count(role, act, verdict)
        if self.populated:
            note(f"{verdict}: {act} {asked} by {by}")
        self._require_trace(act, asked, verdict, heads, before)
        self.sound = True
        return result

    def _count(self, role: str, act: str, verdict: str) -> None:
        if self.populated and verdict == ACCEPTED:
            self.accepted[role, act] += 1
        elif self.populated:
            self.refused[act, verdict] += 1

    def _predicted(self, act: str, asked: Any, by: Any) -> tuple[str, Callable[[Any], None]]:
        try:
            return ACCEPTED, self.model.predict(act, asked, by, self.clock.now())
        except No as no:
            return no.code, lambda drawn: None

    def _tried(self, act: str, asked: Any, by: Any) -> tuple[str, Any]:
        call = getattr(self.portal, act)
        try:
            if act == "sign_in":
                return ACCEPTED, call(*asked)
            return ACCEPTED, call(by=by) if asked is None else call(asked, by=by)
        except Refusal as refusal:
            return refusal.code, None

    def _require_trace(
        self, act: str, asked: Any, verdict: str, heads: dict[OrganizationId, Head], before: dict[Any, Any]
    ) -> None:
        """I8: facts are recorded wherever something changed, by every act that is one, and by no refused act."""
        after = self.portraits()
        for id, head in self.heads().items():
            moved, changed = head != heads.get(id), after.get(id) != before.get(id)
            assert moved or not changed, f"I8: {act} was {verdict}, something changed, and nothing was recorded"
            assert verdict == ACCEPTED or not moved, f"I8: {act} was refused, and left facts behind"
            must = verdict == ACCEPTED and act not in MAY_CHANGE_NOTHING and id == getattr(asked, "organization", None)
            assert moved or not must, f"I8: {act} was accepted, and left nothing behind"

    def heads(self) -> dict[OrganizationId, Head]:
        found = {}
        for id in self.store.organizations():
            with self.store.reading(id) as rows:
                found[id] = rows.head
        return found

    def portraits(self) -> dict[OrganizationId, Any]:
        return {id: partner.portrait() for id, partner in self.model.partners.items()}

    # An act chosen by what the model says of it

    def aim(self, act: str, make: Callable[[Lot], Any], aim: Aim) -> Any:
        """Put many requests before the model, choose a verdict first, then a request that should get it."""
        lot = Lot(self, dice(aim.seed))
        found = self._verdicts(act, make, lot, aim.who)
        for who in ("manager", "administrator", "operator"):
            if aim.eager and ACCEPTED not in found and aim.who != "signed in":
                found = self._verdicts(act, make, lot, who)
        verdict = ACCEPTED if aim.eager and ACCEPTED in found else lot.one(sorted(found))
        return self.attempt(act, *found[verdict])

    def _verdicts(self, act: str, make: Callable[[Lot], Any], lot: Lot, who: str) -> dict[str, tuple[Any, Any]]:
        """One request for each verdict that was met."""
        actors = self.actors(who)
        tries = ((make(lot), lot.one(actors)) for _ in range(TRIED))
        return {self.model.verdict(act, asked, by, self.clock.now()): (asked, by) for asked, by in tries}

    def actors(self, who: str) -> list[Any]:
        """Those who are that now; where there is nobody, an agent."""
        return list(self._actors(who)) or [AGENT]

    def _actors(self, who: str) -> Sequence[Actor]:
        if who == "signed in":
            return self.sessions
        if who == "outsider":
            strangers = [Member(self.other, user) for user in self.model.partners[self.other].users]
            return [Asking(AFAS), Member(self.main, UserId("nobody")), OperatorAgent("two words"), *strangers]
        if who == "operator":
            return [AGENT]
        members = [Member(self.main, user) for user in self.model.partners[self.main].users]
        return [member for member in members if self.role(member) == who]

    def role(self, by: Any) -> str:
        """What the actor is in its organization now; ``idle`` where it is not open, ``first`` before the claim."""
        if isinstance(by, OperatorAgent):
            return "operator"
        if not isinstance(by, Member | Session):
            return "service" if by else "nobody"
        try:
            return self.model.enter(by.organization, by, self.clock.now(), writing=False).role
        except No as no:
            return "first" if no.code in ("claim-demanded", "password-choice-demanded") else "idle"

    # Days

    def today(self) -> date:
        return self.model.today(self.model.instant(self.main, self.clock.now()))

    def dates(self, opening: int | None, closing: int | None) -> Dates:
        return Dates(*(None if day is None else self.today() + timedelta(days=day) for day in (opening, closing)))


@define
class Lot:
    """Draws what a request is made of, mostly from what there is in the main organization, and mostly good."""

    bench: Bench
    random: Random

    def one(self, items: Sequence[T]) -> T:
        return items[self.random.randrange(len(items))]

    def seldom(self) -> bool:
        return self.random.random() < 0.04

    def likely(self) -> bool:
        return self.random.random() < 0.5

    def typed(self, good: str | Sequence[str], bad: Collection[str]) -> str:
        if self.seldom():
            return self.one(sorted(bad))
        return good if isinstance(good, str) else self.one(good)

    def days(self) -> Dates:
        """Days around today, not all of them good."""
        return self.bench.dates(self.one(OPENING_DAYS), self.one(CLOSING_DAYS))

    def reason(self) -> Reason:
        return Reason(self.typed("left", BAD_CODES), self.one(("", "gone to another town")))

    def organization(self) -> OrganizationId:
        return self.one([self.bench.other, OrganizationId("nowhere")]) if self.seldom() else self.bench.main

    def user(self) -> UserId:
        if self.seldom():
            return self.one([UserId("nobody"), *self.bench.model.partners[self.bench.other].users])
        return self.one(list(self.bench.model.partners[self.bench.main].users))

    def agreement(self) -> AgreementId:
        if self.seldom():
            return AgreementId("no agreement")
        return self.one(list(self.bench.model.partners[self.bench.main].conventions))

    def group(self) -> GroupCode:
        return GroupCode("NO-GROUP") if self.seldom() else self.one(list(self.bench.model.groups))

    def place(self) -> Place:
        """A group, mostly one that the agreement opens."""
        agreement = self.agreement()
        convention = self.bench.model.partners[self.bench.main].conventions.get(agreement)
        opened = sorted(convention.groups) if convention and not self.seldom() else []
        return Place(agreement, self.one(opened) if opened else self.group())

    def places(self, most: int) -> list[Place]:
        return [self.place() for _ in range(self.random.randint(0, most))]

    def membership(self) -> tuple[UserId, int]:
        """A membership that somebody has or had."""
        user = self.user()
        found = self.bench.model.partners[self.bench.main].users.get(user)
        numbers = list(found.stint.held) if found else []
        return user, self.one(numbers) if numbers and not self.seldom() else 99
