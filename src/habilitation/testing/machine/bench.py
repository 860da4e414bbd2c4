"""What the machine works with: a populated portal and the model beside it, every act tried on both and compared."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from random import Random
from typing import Any, ClassVar
from zlib import crc32

from attrs import field, frozen
from hypothesis import note
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine

from habilitation.adapters.memory_transport import MemoryMailbox
from habilitation.domain.actors import Member, OperatorAgent, Session
from habilitation.domain.journal import Head
from habilitation.domain.limits import Limits
from habilitation.domain.messages import Letter
from habilitation.domain.refusals import Refusal
from habilitation.domain.values import OrganizationId
from habilitation.ports.store import Store
from habilitation.ports.transport import DeliveryDelayed, DeliveryRefused
from habilitation.testing.fakes import SettableClock
from habilitation.testing.invariants import everything_kept
from habilitation.testing.machine.asking import ASKED
from habilitation.testing.machine.lots import Around, Lot
from habilitation.testing.model import Model, No
from habilitation.testing.model.retention import CLOSED_JOURNAL, CLOSED_PERSON
from habilitation.testing.world import portal_over

ACCEPTED = "accepted"
COMMON = (
    *("organization-unknown", "user-unknown", "agreement-unknown", "membership-unknown", "session-ended"),
    *("act-forbidden", "actor-not-open", "actor-unknown", "reference-malformed", "seat-held", "name-missing"),
    *("name-malformed", "name-too-long", "email-malformed", "phone-malformed"),
)
BY_NOBODY = (
    *("sign_in", "forgot_password", "forgot_login", "choose_password_by_link"),
    *("activate", "sign_in_externally"),
    *("confirm_email", "object_to_email"),
)
"""Acts of whoever comes along; what is asked are their arguments."""
BY_SESSION = (*BY_NOBODY, "claim_administrator", "choose_password", "change_own_password", "sign_out")
MAY_CHANGE_NOTHING = (
    *("modify_user", "change_membership", "generalize_to_all", "preview_generalization"),
    *("change_contact", "change_agreement_period", "change_own_details", "force_all_password_changes", "erase_due"),
)
TRIED = 60
"""How many requests are put before the model for one to be made: enough for a rare verdict to be among them."""


LIMITS = Limits(
    failures_per_login_and_source=10**6,
    failures_per_login=10**6,
    delay=timedelta(0),
    closed_person=CLOSED_PERSON,
    closed_journal=CLOSED_JOURNAL,
)
"""The model knows passwords, not attempts: nobody is locked or delayed (R22)."""
ROLES = ("operator", "administrator", "manager", "user", "idle", "signed in", "outsider")
SEEDS = st.integers(0, 2**64 - 1)


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
        self.portal = portal_over(self.store, self.clock, self.mailbox, limits=LIMITS)
        self.model = Model(self.clock.zone)
        self.sessions: list[Session] = []
        self.secrets: set[str] = set()
        """Every password that was minted or chosen."""
        self.main = self.other = OrganizationId("")
        self.name, self.siret = "Martin", ""
        self.past = 0
        self.met = Counter(dict.fromkeys(COMMON, 3))
        """The refusals of this run, with a start for those that are easily met."""
        self.heard: defaultdict[str, list[str]] = defaultdict(list)
        """By login, every password that was ever its own, in the order in which they were (they are random)."""
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
            self._remember(result)
            self.accepted_now()
        self._count(role, act, verdict)
        self.past = crc32(f"{self.past} {act} {verdict} {self.clock.now()}".encode())
        if self.populated:
            note(f"{verdict}: {act} {asked} by {by}")
        self._require_trace(act, asked, verdict, heads, before)
        self.sound = True
        return result

    def accepted_now(self) -> None:
        """For whoever keeps what was: all of this instant may be different from now on."""

    def _remember(self, result: Any) -> None:
        """The session, if one was opened, and the password that may have been chosen for it."""
        opened = getattr(result, "session", result)
        if isinstance(opened, Session):
            self.sessions.append(opened)
            self.learn()

    def learn(self) -> None:
        """What the model's people know now they know forever."""
        for key in self.model.keys.values():
            known = [word for word in (*(slip for slip, _ in key.slips), key.own) if word]
            self.secrets |= {*known, *self.model.links}
            self.heard[key.login or ""] = list(dict.fromkeys((*self.heard[key.login or ""], *known)))

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
            if act in BY_NOBODY:
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
        self._require_heads_kept(heads)

    def _require_heads_kept(self, before: dict[OrganizationId, Head]) -> None:
        """R41: the journals that the model drops are dropped, and no other, but for their heads."""
        assert self.heads().keys() == self.model.partners.keys(), "R41: an organization is dropped that should not be"
        dropped = {id: head for id, head in before.items() if id in self.model.dropped}
        assert dropped == {id: self.store.dropped(id) for id in dropped}, "R41: the head of a dropped journal is kept"

    def heads(self) -> dict[OrganizationId, Head]:
        found = {}
        for id in self.store.organizations():
            with self.store.reading(id) as rows:
                found[id] = rows.head
        return found

    def portraits(self) -> dict[OrganizationId, Any]:
        return {id: partner.portrait() for id, partner in self.model.partners.items()}

    # An act chosen by what the model says of it

    def lot(self, seed: int) -> Lot:
        """A hand for this step. What happened before it counts too: hypothesis likes to give the same numbers again."""
        around = Around(
            self.model,
            self.clock.now(),
            self.today(),
            self.main,
            self.other,
            self.sessions,
            self.heard,
            self.name,
            self.siret,
        )
        return Lot(around, Random(f"{self.past} {seed}"))  # noqa: S311 - a test needs no secrecy

    def aim(self, lot: Lot, acts: Mapping[str, int], usual: Sequence[str]) -> None:
        """Put many requests before the model, choose a verdict first, then a request that should get it.

        Mostly an act that is accepted is wanted, by somebody else if need be; else the refusal that was met least.
        """
        act = lot.weighted(acts)
        eager, who = lot.random.random() < 0.6, lot.one((*usual, *usual, *usual, *ROLES))
        found = self.verdicts(act, lot, who)
        for other in ("manager", "administrator", "operator"):
            if eager and ACCEPTED not in found and act not in BY_SESSION:
                found = self.verdicts(act, lot, other)
        refusals = sorted(found.keys() - {ACCEPTED})
        refusals.sort(key=lambda code: (self.met[code], lot.random.random()))
        verdict = ACCEPTED if ACCEPTED in found and (eager or not refusals) else refusals[0]
        self.met[verdict] += 1
        self.attempt(act, *lot.one(found[verdict]))

    def verdicts(self, act: str, lot: Lot, who: str) -> dict[str, list[tuple[Any, Any]]]:
        """What the model would say of many requests."""
        found: defaultdict[str, list[tuple[Any, Any]]] = defaultdict(list)
        roles = self.roles_now()
        for _ in range(TRIED):
            asked = ASKED[act](lot)
            by = self._actor(act, lot, who, roles)
            found[self.model.verdict(act, asked, by, self.clock.now())].append((asked, by))
        return found

    def _actor(self, act: str, lot: Lot, who: str, roles: dict[Member, str]) -> Any:
        if act in BY_NOBODY:
            return None
        return lot.actor("signed in" if act in BY_SESSION else who, roles)

    def roles_now(self) -> dict[Member, str]:
        members = (Member(self.main, user) for user in self.model.partners[self.main].users)
        return {member: self.role(member) for member in members}

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

    def today(self) -> date:
        return self.model.today(self.model.instant(self.main, self.clock.now()))
