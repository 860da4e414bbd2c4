"""The rules of the machine: every act of the library by anybody, messages, and time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any

from attrs import evolve
from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule

from habilitation.domain.actors import Session
from habilitation.domain.requests import (
    AdministratorClaim,
    AgreementValidation,
    Closing,
    Generalization,
    GroupAddition,
    GroupOpening,
    GroupRemoval,
    MembershipDates,
    NewAgreement,
    NewGroup,
    NewManager,
    NewOrganization,
    NewService,
    NewUser,
    PasswordChoice,
    Reason,
    Reissue,
    Removal,
    Reopening,
    Replacement,
    Revocation,
    RoleAssignment,
    RoleRefusal,
    UserChanges,
    Vacancy,
)
from habilitation.domain.scope import Scope
from habilitation.domain.values import GroupCode, Permission, ServiceCode
from habilitation.testing.machine.bench import ACCEPTED, Aim, Lot, aims
from habilitation.testing.machine.populating import Populating
from habilitation.testing.model.facts import Key
from habilitation.testing.strategies import (
    BAD_CODES,
    BAD_DOCUMENTS,
    BAD_EMAILS,
    BAD_LABELS,
    BAD_NAMES,
    BAD_PASSWORDS,
    BAD_PHONES,
    BAD_SIRETS,
    day_offsets,
    emails,
    good_or_bad,
    names,
    phones,
    sirets,
)
from habilitation.testing.world import AFAS, AGENT, BAILLEUR, TO_CONSULT, TO_SEE

Days = tuple[int | None, int | None]

MOST_USERS = 16
"""More would only make each step slower."""
LEAPS = (
    timedelta(seconds=1),
    timedelta(minutes=3),
    timedelta(hours=1),
    timedelta(hours=13),
    timedelta(days=1),
    timedelta(days=1),
    timedelta(days=2),
    timedelta(days=31),
    timedelta(days=61),
)
AROUND = (timedelta(0), timedelta(0), timedelta(microseconds=-1), timedelta(microseconds=1))
TYPED_NAMES = good_or_bad(names(), BAD_NAMES)
TYPED_EMAILS = good_or_bad(emails() | st.integers(0, 999).map(lambda n: f"user{n}@oliviers.example"), BAD_EMAILS)
TYPED_PHONES = good_or_bad(phones(), BAD_PHONES)
TYPED_CODES = good_or_bad(st.sampled_from(("NEW-1", "NEW-2", "a:b", "CONV-9")), BAD_CODES)
TYPED_LABELS = good_or_bad(st.sampled_from(("LES OLIVIERS", "Convention n° 3", "42")), BAD_LABELS)
TYPED_PASSWORDS = good_or_bad(st.sampled_from(("a password of my own", "un mot de passe à moi")), BAD_PASSWORDS)
REASONS = st.builds(Reason, good_or_bad(st.just("left"), BAD_CODES), st.sampled_from(("", "gone to another town")))
DAYS = st.tuples(day_offsets(), day_offsets())


class PortalMachine(Populating):
    """Subclass it and give ``open_store``: random actors do random acts, the model predicts each verdict and reason."""

    @invariant()
    def everything_is_as_predicted(self) -> None:
        if self.sound and self.main:
            self.check_all()

    def teardown(self) -> None:
        if self.sound and self.main:
            self.check_end()
        self.store.close()

    # Users

    @precondition(lambda self: len(self.model.partners[self.main].users) < MOST_USERS)
    @rule(
        aim=aims(),
        last=TYPED_NAMES,
        first=TYPED_NAMES,
        email=TYPED_EMAILS,
        phone=TYPED_PHONES,
        confirmed=st.sampled_from((None, None, "same", "other")),
        days=DAYS,
        mobile=st.booleans(),
    )
    def create_user(
        self, aim: Aim, last: str, first: str, email: str, phone: str, confirmed: str | None, days: Days, mobile: bool
    ) -> None:
        again = {None: (None, None), "same": (email.upper(), phone), "other": (email, "0199999999")}[confirmed]

        def make(lot: Lot) -> NewUser:
            agreement = lot.agreement()
            groups = tuple(place.group for place in lot.places(2) if place.agreement == agreement)
            return NewUser(
                lot.organization(),
                agreement,
                last,
                first,
                email,
                again[0],
                phone,
                again[1],
                self.dates(days),
                mobile,
                groups,
            )

        self.aim("create_user", make, aim)

    @rule(
        aim=aims(),
        last=st.none() | TYPED_NAMES,
        phone=st.none() | TYPED_PHONES,
        mobile=st.sampled_from((None, True, False)),
        days=st.none() | DAYS,
    )
    def modify_user(self, aim: Aim, last: str | None, phone: str | None, mobile: bool | None, days: Days | None) -> None:
        dates = None if days is None else self.dates(days)
        self.aim(
            "modify_user",
            lambda lot: UserChanges(
                lot.organization(), lot.user(), last_name=last, phone=phone, mobile=mobile, dates=dates
            ),
            aim,
        )

    @rule(aim=aims(), day=day_offsets())
    def close_user(self, aim: Aim, day: int | None) -> None:
        on = self.dates((day, None)).opening
        self.aim("close_user", lambda lot: Closing(lot.organization(), lot.user(), on), aim)

    @rule(aim=aims("administrator"), days=DAYS)
    def reopen_user(self, aim: Aim, days: Days) -> None:
        self.aim("reopen_user", lambda lot: Reopening(lot.organization(), lot.user(), self.dates(days)), aim)

    @rule(aim=aims("administrator"))
    def remove_user(self, aim: Aim) -> None:
        self.aim("remove_user", lambda lot: Removal(lot.organization(), lot.user()), aim)

    # Groups

    @rule(aim=aims(), days=DAYS)
    def add_to_group(self, aim: Aim, days: Days) -> None:
        def make(lot: Lot) -> GroupAddition:
            place = lot.place()
            return GroupAddition(lot.organization(), lot.user(), place.agreement, place.group, self.dates(days))

        self.aim("add_to_group", make, aim)

    @rule(aim=aims(), days=DAYS)
    def change_membership(self, aim: Aim, days: Days) -> None:
        self.aim(
            "change_membership",
            lambda lot: MembershipDates(lot.organization(), *lot.membership(), self.dates(days)),
            aim,
        )

    @rule(aim=aims())
    def remove_from_group(self, aim: Aim) -> None:
        self.aim("remove_from_group", lambda lot: GroupRemoval(lot.organization(), *lot.membership()), aim)

    @rule(aim=aims())
    def generalize(self, aim: Aim) -> None:
        outcomes = self.aim(
            "generalize_to_all",
            lambda lot: Generalization(lot.organization(), lot.agreement(), lot.user()),
            aim,
        )
        assert outcomes is None or all(outcome.user for outcome in outcomes)

    @rule(aim=aims("operator"), document=good_or_bad(st.just("P 3/2026"), BAD_DOCUMENTS))
    def assign_role(self, aim: Aim, document: str) -> None:
        self.aim(
            "assign_role", lambda lot: RoleAssignment(lot.organization(), *lot.membership(), document), aim
        )

    @rule(aim=aims("operator"), reason=REASONS)
    def refuse_role(self, aim: Aim, reason: Reason) -> None:
        self.aim("refuse_role", lambda lot: RoleRefusal(lot.organization(), *lot.membership(), reason), aim)

    # Managers

    @rule(aim=aims("administrator"), days=DAYS, everything=st.sampled_from((True, False, False)))
    def delegate_manager(self, aim: Aim, days: Days, everything: bool) -> None:
        def make(lot: Lot) -> NewManager:
            scope = Scope() if everything else Scope(frozenset(lot.places(3)))
            return NewManager(lot.organization(), lot.user(), scope, self.dates(days))

        self.aim("delegate_manager", make, aim)

    @rule(aim=aims("administrator"))
    def revoke_manager(self, aim: Aim) -> None:
        self.aim("revoke_manager", lambda lot: Revocation(lot.organization(), lot.user()), aim)

    # The operator

    @rule(aim=aims("operator"), code=TYPED_CODES, label=TYPED_LABELS)
    def define_service(self, aim: Aim, code: str, label: str) -> None:
        asked = NewService(ServiceCode(code), label)
        self.aim("define_service", lambda lot: asked, aim)

    @precondition(lambda self: len(self.model.groups) < 6)
    @rule(
        aim=aims("operator"),
        code=TYPED_CODES,
        label=TYPED_LABELS,
        service=st.sampled_from((AFAS, BAILLEUR, ServiceCode("NO-SERVICE"))),
        permissions=st.lists(st.sampled_from((TO_CONSULT, TO_SEE, "afas:new", "é")), unique=True, max_size=2),
        needs_document=st.booleans(),
    )
    def define_group(
        self,
        aim: Aim,
        code: str,
        label: str,
        service: ServiceCode,
        permissions: list[Permission],
        needs_document: bool,
    ) -> None:
        asked = NewGroup(GroupCode(code), service, label, tuple(permissions), needs_document)
        self.aim("define_group", lambda lot: asked, aim)

    @precondition(lambda self: len(self.model.partners) < 3)
    @rule(aim=aims("operator"), siret=good_or_bad(sirets(), BAD_SIRETS), contact=TYPED_EMAILS)
    def open_organization(self, aim: Aim, siret: str, contact: str) -> None:
        asked = NewOrganization(siret, "LES CHÊNES", contact)
        self.aim("open_organization", lambda lot: asked, aim)

    @precondition(lambda self: len(self.model.partners[self.main].conventions) < 5)
    @rule(aim=aims("operator"), reference=TYPED_CODES, label=TYPED_LABELS, days=DAYS)
    def open_agreement(self, aim: Aim, reference: str, label: str, days: Days) -> None:
        def make(lot: Lot) -> NewAgreement:
            groups = tuple({lot.group() for _ in range(2)})
            services = lot.one([(AFAS, BAILLEUR), (AFAS,), (BAILLEUR, ServiceCode("NO-SERVICE"))])
            return NewAgreement(lot.organization(), reference, label, services, groups, self.dates(days))

        self.aim("open_agreement", make, aim)

    @rule(aim=aims("operator"))
    def validate_agreement(self, aim: Aim) -> None:
        self.aim("validate_agreement", lambda lot: AgreementValidation(lot.organization(), lot.agreement()), aim)

    @rule(aim=aims("operator"))
    def open_group(self, aim: Aim) -> None:
        self.aim("open_group", lambda lot: GroupOpening(lot.organization(), lot.agreement(), lot.group()), aim)

    # The seat

    @rule(aim=aims("operator"), reason=REASONS, close=st.booleans(), end=st.booleans())
    def replace_administrator(self, aim: Aim, reason: Reason, close: bool, end: bool) -> None:
        self.aim(
            "replace_administrator",
            lambda lot: Replacement(lot.organization(), lot.user(), reason, close, end),
            aim,
        )

    @rule(aim=aims("operator"), reason=REASONS, close=st.booleans(), end=st.sampled_from((False, False, True)))
    def declare_vacancy(self, aim: Aim, reason: Reason, close: bool, end: bool) -> None:
        self.aim("declare_vacancy", lambda lot: Vacancy(lot.organization(), reason, close, end), aim)

    @rule(aim=aims("operator"))
    def reissue_credentials(self, aim: Aim) -> None:
        self.aim("reissue_credentials", lambda lot: Reissue(lot.organization()), aim)

    @rule(
        seed=st.integers(0, 2**20),
        last=TYPED_NAMES,
        email=TYPED_EMAILS,
        password=TYPED_PASSWORDS,
        version=st.sampled_from(("2026-1", "2026-1", "2025-1")),
    )
    def claim_administrator(self, seed: int, last: str, email: str, password: str, version: str) -> None:
        asked = AdministratorClaim(last, "Jeanne", email, password, version)
        self._by_session("claim_administrator", lambda lot: asked, seed)

    # First access

    @rule(seed=st.integers(0, 2**20), eager=st.booleans())
    def sign_in(self, seed: int, eager: bool) -> None:
        aim = Aim("nobody", eager, seed)
        lot = Lot(self, Random(seed))
        found = {self.model.verdict("sign_in", asked, None, self.clock.now()): asked for asked in self._tries(lot)}
        verdict = ACCEPTED if aim.eager and ACCEPTED in found else lot.one(sorted(found))
        result = self.attempt("sign_in", found[verdict], None)
        if result is not None:
            self.sessions.append(getattr(result, "session", result))

    def _tries(self, lot: Lot) -> list[tuple[str, str]]:
        keys = [key for key in self.model.keys.values() if key.login]
        tries = [("NOT-A-LOGIN", "anything"), ("00000000", "anything")]
        for _ in range(20):
            key = lot.one(keys)
            login = key.login or ""
            tries.append((lot.one([login, login.lower(), f"{login[:4]}-{login[4:]}"]), self._word(lot, key)))
        return tries

    def _word(self, lot: Lot, key: Key) -> str:
        """Mostly what is or was the key's own password."""
        fitting = [word for word in (key.own, *(slip for slip, _ in key.slips)) if word]
        return lot.one(sorted(self.secrets)) if lot.seldom() or not fitting else lot.one(fitting)

    @rule(seed=st.integers(0, 2**20), password=TYPED_PASSWORDS)
    def choose_password(self, seed: int, password: str) -> None:
        self._by_session("choose_password", lambda lot: PasswordChoice(self._or_old(lot, password)), seed)

    def _or_old(self, lot: Lot, password: str) -> str:
        return lot.one(sorted(self.secrets)) if lot.seldom() else password

    def _by_session(self, act: str, make: Callable[[Lot], Any], seed: int) -> None:
        """Session for session, most of them of the wrong stage or over: one that is accepted is looked for."""
        result = self.aim(act, make, Aim("signed in", eager=seed % 8 > 0, seed=seed))
        if isinstance(result, Session):
            self.sessions.append(result)
            key = self.model.keys[result.organization, result.user]
            assert key.own is not None
            self.secrets.add(key.own)

    @rule(seed=st.integers(0, 2**20))
    def sign_out(self, seed: int) -> None:
        self.attempt("sign_out", None, Lot(self, Random(seed)).one(self.sessions))

    @rule(seed=st.integers(0, 2**20), step=st.integers(1, 5))
    def newcomer(self, seed: int, step: int) -> None:
        """A newcomer takes the seat: the vacancy, the letters, the sign-in; the claim is another rule's (R8)."""
        partner = self.model.partners[self.main]
        if partner.seat == "held" and step > 1:
            return
        if partner.seat == "held":
            self.attempt("declare_vacancy", Vacancy(self.main, Reason("left")), AGENT)
        elif partner.letters is None:
            self.attempt("reissue_credentials", Reissue(self.main), AGENT)
        else:
            self._first_sign_in()

    def _first_sign_in(self) -> None:
        letters = self.model.partners[self.main].letters
        assert letters is not None
        key = self.model.keys[self.main, letters[0]]
        if not key.login or not key.slips or not key.slips[-1][0]:
            self.deliver("fine")
        else:
            result = self.attempt("sign_in", (key.login, key.slips[-1][0]), None)
            if result is not None:
                self.sessions.append(getattr(result, "session", result))

    # Messages

    @rule(weather=st.sampled_from(("fine", "fine", "fine", "delayed", "unanswered", "refused")))
    def messages_leave(self, weather: str) -> None:
        self.deliver(weather)

    @precondition(lambda self: any(self.model.dead()))
    @rule(seed=st.integers(0, 2**20))
    def retry_delivery(self, seed: int) -> None:
        dead = Lot(self, Random(seed)).one(self.portal.list_dead_letters(by=AGENT))
        self.portal.retry_delivery(dead.message.id, by=AGENT)
        notice = dead.message.notice
        to = str(getattr(notice.to, "value", notice.to))
        self.model.retried(notice.kind.value, to, notice.about, notice.generation, self.clock.now())

    # Time

    @rule(leap=st.sampled_from(LEAPS))
    def time_passes(self, leap: timedelta) -> None:
        self.pass_time(leap)

    @rule(seed=st.integers(0, 2**20), around=st.sampled_from(AROUND))
    def something_begins_or_ends(self, seed: int, around: timedelta) -> None:
        """To the very instant at which one of the next things begins or ends, or a moment beside it."""
        coming = [instant for instant in self.model.boundaries() if instant > self.clock.now()][:3]
        if coming:
            self.clock.instant = Lot(self, Random(seed)).one(coming) + around

    @rule()
    def clock_goes_back(self) -> None:
        """A little, as a clock that is set does: the organizations' own time does not (R40)."""
        if all(partner.last <= self.clock.now() for partner in self.model.partners.values()):
            self.pass_time(-timedelta(minutes=2))

    @rule(aim=aims("administrator"))
    def clock_is_wrong(self, aim: Aim) -> None:
        """Too far behind the last fact, every act is refused (R40)."""
        now = self.clock.instant
        self.clock.instant = self.model.partners[self.main].last - timedelta(minutes=6)
        self.aim("remove_user", lambda lot: Removal(self.main, lot.user()), evolve(aim, who="administrator"))
        self.clock.instant = now
