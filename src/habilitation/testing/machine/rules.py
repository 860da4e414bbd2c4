"""The rules of the machine: every act of the library by anybody, messages, and time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
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
from habilitation.domain.values import GroupCode, Permission, ServiceCode, UserId
from habilitation.testing.machine.bench import ACCEPTED, Aim, Lot, aims, dice
from habilitation.testing.machine.populating import Populating
from habilitation.testing.strategies import (
    BAD_CODES,
    BAD_DOCUMENTS,
    BAD_EMAILS,
    BAD_LABELS,
    BAD_NAMES,
    BAD_PASSWORDS,
    BAD_PHONES,
    BAD_SIRETS,
    EMAILS,
    PHONES,
    names,
    sirets,
)
from habilitation.testing.world import AFAS, AGENT, BAILLEUR, TO_CONSULT, TO_SEE
from habilitation.use_cases.first_access import FirstAuthentication

MOST_USERS = 16
"""More would only make each step slower."""
LEAPS = (
    timedelta(seconds=1),
    timedelta(minutes=3),
    timedelta(hours=1),
    timedelta(minutes=40),
    timedelta(hours=3),
    timedelta(hours=13),
    timedelta(days=1),
    timedelta(days=1),
    timedelta(days=2),
    timedelta(days=31),
    timedelta(days=61),
)
AROUND = (timedelta(0), timedelta(0), timedelta(microseconds=-1), timedelta(microseconds=1))
NEW_EMAILS = tuple(f"user{number}@oliviers.example" for number in range(40))
CODES = ("NEW-1", "NEW-2", "a:b", "CONV-9")
LABELS = ("LES OLIVIERS", "Convention n° 3", "42")
PASSWORDS = ("a password of my own", "un mot de passe à moi")
SEEDS = st.integers(0, 2**32)


class PortalMachine(Populating):
    """Subclass it and give ``open_store``: random actors do random acts, the model predicts each verdict and reason."""

    @invariant()
    def everything_is_as_predicted(self) -> None:
        if self.sound and self.populated:
            self.check_all()

    def teardown(self) -> None:
        if self.sound and self.populated:
            self.check_end()
        self.store.close()

    # Users

    @precondition(lambda self: len(self.model.partners[self.main].users) < MOST_USERS)
    @rule(aim=aims(), last=names(), first=names())
    def create_user(self, aim: Aim, last: str, first: str) -> None:
        def make(lot: Lot) -> NewUser:
            agreement = lot.agreement()
            email, phone = lot.typed(lot.one((EMAILS, NEW_EMAILS)), BAD_EMAILS), lot.typed(PHONES, BAD_PHONES)
            return NewUser(
                lot.organization(),
                agreement,
                lot.typed(last, BAD_NAMES),
                lot.typed(first, BAD_NAMES),
                email,
                None if lot.likely() else lot.typed(email.upper(), EMAILS),
                phone,
                None if lot.likely() else lot.typed(phone, PHONES),
                lot.days(),
                lot.likely(),
                tuple(place.group for place in lot.places(2) if place.agreement == agreement),
            )

        self.aim("create_user", make, aim)

    @rule(aim=aims(), last=names())
    def modify_user(self, aim: Aim, last: str) -> None:
        def make(lot: Lot) -> UserChanges:
            return UserChanges(
                lot.organization(),
                lot.user(),
                last_name=lot.typed(last, BAD_NAMES) if lot.likely() else None,
                phone=lot.typed(PHONES, BAD_PHONES) if lot.likely() else None,
                mobile=lot.one((None, True, False)),
                dates=lot.days() if lot.likely() else None,
            )

        self.aim("modify_user", make, aim)

    @rule(aim=aims())
    def close_user(self, aim: Aim) -> None:
        self.aim("close_user", lambda lot: Closing(lot.organization(), lot.user(), lot.days().closing), aim)

    @rule(aim=aims("administrator"))
    def reopen_user(self, aim: Aim) -> None:
        self.aim("reopen_user", lambda lot: Reopening(lot.organization(), lot.user(), lot.days()), aim)

    @rule(aim=aims("administrator"))
    def remove_user(self, aim: Aim) -> None:
        self.aim("remove_user", lambda lot: Removal(lot.organization(), lot.user()), aim)

    # Groups

    @rule(aim=aims())
    def add_to_group(self, aim: Aim) -> None:
        def make(lot: Lot) -> GroupAddition:
            place = lot.place()
            return GroupAddition(lot.organization(), lot.user(), place.agreement, place.group, lot.days())

        self.aim("add_to_group", make, aim)

    @rule(aim=aims())
    def change_membership(self, aim: Aim) -> None:
        def make(lot: Lot) -> MembershipDates:
            return MembershipDates(lot.organization(), *lot.membership(), lot.days())

        self.aim("change_membership", make, aim)

    @rule(aim=aims())
    def remove_from_group(self, aim: Aim) -> None:
        self.aim("remove_from_group", lambda lot: GroupRemoval(lot.organization(), *lot.membership()), aim)

    @rule(aim=aims())
    def generalize_to_all(self, aim: Aim) -> None:
        """The preview says the same as the act (R27)."""

        def make(lot: Lot) -> Generalization:
            return Generalization(lot.organization(), lot.agreement(), lot.user())

        self.aim("preview_generalization", make, aim)
        self.aim("generalize_to_all", make, aim)

    @rule(aim=aims("operator"))
    def assign_role(self, aim: Aim) -> None:
        def make(lot: Lot) -> RoleAssignment:
            return RoleAssignment(lot.organization(), *lot.membership(), lot.typed("P 3/2026", BAD_DOCUMENTS))

        self.aim("assign_role", make, aim)

    @rule(aim=aims("operator"))
    def refuse_role(self, aim: Aim) -> None:
        def make(lot: Lot) -> RoleRefusal:
            return RoleRefusal(lot.organization(), *lot.membership(), lot.reason())

        self.aim("refuse_role", make, aim)

    # Managers

    @rule(aim=aims("administrator"))
    def delegate_manager(self, aim: Aim) -> None:
        def make(lot: Lot) -> NewManager:
            scope = Scope(frozenset(lot.places(3)) if lot.likely() or lot.likely() else None)
            return NewManager(lot.organization(), lot.user(), scope, lot.days())

        self.aim("delegate_manager", make, aim)

    @rule(aim=aims("administrator"))
    def revoke_manager(self, aim: Aim) -> None:
        self.aim("revoke_manager", lambda lot: Revocation(lot.organization(), lot.user()), aim)

    # The operator

    @precondition(lambda self: len(self.model.services) < 4)
    @rule(aim=aims("operator"))
    def define_service(self, aim: Aim) -> None:
        def make(lot: Lot) -> NewService:
            return NewService(ServiceCode(lot.typed(CODES, BAD_CODES)), lot.typed(LABELS, BAD_LABELS))

        self.aim("define_service", make, aim)

    @precondition(lambda self: len(self.model.groups) < 6)
    @rule(aim=aims("operator"))
    def define_group(self, aim: Aim) -> None:
        def make(lot: Lot) -> NewGroup:
            return NewGroup(
                GroupCode(lot.typed(CODES, BAD_CODES)),
                ServiceCode(lot.typed((AFAS, BAILLEUR), ("NO-SERVICE",))),
                lot.typed(LABELS, BAD_LABELS),
                lot.one(((TO_CONSULT,), (TO_SEE, Permission("bailleur:new")), (Permission("afas:new"),), ())),
                lot.likely(),
            )

        self.aim("define_group", make, aim)

    @precondition(lambda self: len(self.model.partners) < 3)
    @rule(aim=aims("operator"), siret=sirets())
    def open_organization(self, aim: Aim, siret: str) -> None:
        def make(lot: Lot) -> NewOrganization:
            contact = lot.typed("Mairie@chenes.example", BAD_EMAILS)
            return NewOrganization(lot.typed(siret, BAD_SIRETS), "LES CHÊNES", contact)

        self.aim("open_organization", make, aim)

    @precondition(lambda self: len(self.model.partners[self.main].conventions) < 5)
    @rule(aim=aims("operator"))
    def open_agreement(self, aim: Aim) -> None:
        def make(lot: Lot) -> NewAgreement:
            groups = tuple({lot.group(): None, lot.group(): None})
            services = lot.one([(AFAS, BAILLEUR), (AFAS,), (BAILLEUR, ServiceCode("NO-SERVICE"))])
            reference, label = lot.typed((*CODES, "CONV-1"), BAD_CODES), lot.typed(LABELS, BAD_LABELS)
            return NewAgreement(lot.organization(), reference, label, services, groups, lot.days())

        self.aim("open_agreement", make, aim)

    @rule(aim=aims("operator"))
    def validate_agreement(self, aim: Aim) -> None:
        self.aim("validate_agreement", lambda lot: AgreementValidation(lot.organization(), lot.agreement()), aim)

    @rule(aim=aims("operator"))
    def open_group(self, aim: Aim) -> None:
        self.aim("open_group", lambda lot: GroupOpening(lot.organization(), lot.agreement(), lot.group()), aim)

    # The seat

    @rule(aim=aims("operator"))
    def replace_administrator(self, aim: Aim) -> None:
        def make(lot: Lot) -> Replacement:
            return Replacement(lot.organization(), lot.user(), lot.reason(), lot.likely(), lot.seldom())

        self.aim("replace_administrator", make, aim)

    @rule(aim=aims("operator"))
    def declare_vacancy(self, aim: Aim) -> None:
        def make(lot: Lot) -> Vacancy:
            return Vacancy(lot.organization(), lot.reason(), lot.likely(), lot.seldom())

        self.aim("declare_vacancy", make, aim)

    @rule(aim=aims("operator"))
    def reissue_credentials(self, aim: Aim) -> None:
        self.aim("reissue_credentials", lambda lot: Reissue(lot.organization()), aim)

    @rule(aim=aims("signed in"), last=names())
    def claim_administrator(self, aim: Aim, last: str) -> None:
        def make(lot: Lot) -> AdministratorClaim:
            return AdministratorClaim(
                lot.typed(last, BAD_NAMES),
                "Jeanne",
                lot.typed(lot.one((EMAILS, NEW_EMAILS)), BAD_EMAILS),
                self._password(lot),
                lot.typed("2026-1", ("2025-1",)),
            )

        self._by_session("claim_administrator", make, aim)

    # First access

    @rule(aim=aims())
    def sign_in(self, aim: Aim) -> None:
        lot = Lot(self, dice(aim.seed))
        tries = (self._try(lot) for _ in range(30))
        found = {self.model.verdict("sign_in", asked, None, self.clock.now()): asked for asked in tries}
        verdict = ACCEPTED if aim.eager and ACCEPTED in found else lot.one(sorted(found))
        self._remember(self.attempt("sign_in", found[verdict], None))

    def _try(self, lot: Lot) -> tuple[str, str]:
        """A login as people type it, with what is or was its own password, or another's."""
        key = lot.one([key for key in self.model.keys.values() if key.login])
        login = key.login or ""
        own = [word for word in (key.own, *(slip for slip, _ in key.slips)) if word]
        password = lot.one(sorted(self.secrets)) if lot.seldom() or not own else lot.one(own)
        return lot.typed((login, login.lower(), f"{login[:4]}-{login[4:]}"), ("NOT-A-LOGIN", "00000000")), password

    @rule(aim=aims("signed in"))
    def choose_password(self, aim: Aim) -> None:
        self._by_session("choose_password", lambda lot: PasswordChoice(self._password(lot)), aim)

    def _password(self, lot: Lot) -> str:
        """A password of one's own, seldom a provisional one."""
        return lot.typed(lot.typed(PASSWORDS, self.secrets), BAD_PASSWORDS)

    def _by_session(self, act: str, make: Callable[[Lot], Any], aim: Aim) -> None:
        self._remember(self.aim(act, make, evolve(aim, who="signed in")))

    def _remember(self, opened: Session | FirstAuthentication | None) -> None:
        """The session, if one was opened, and the password that may have been chosen for it."""
        if opened is None:
            return
        session = opened.session if isinstance(opened, FirstAuthentication) else opened
        self.sessions.append(session)
        own = self.model.keys[session.organization, session.user].own
        self.secrets |= {own} if own else set()

    @rule(seed=SEEDS)
    def sign_out(self, seed: int) -> None:
        self.attempt("sign_out", None, Lot(self, dice(seed)).one(self.sessions))

    @rule(aim=aims(), steps=st.integers(1, 5))
    def newcomer(self, aim: Aim, steps: int) -> None:
        """Some steps toward a newcomer: the vacancy, the letters, their delivery, the sign-in, the claim (R8)."""
        for _ in range(steps):
            partner = self.model.partners[self.main]
            if partner.letters is not None:
                self._step_with_letters(partner.letters[0])
            elif partner.seat != "held":
                self.attempt("reissue_credentials", Reissue(self.main), AGENT)
            elif not aim.eager:
                self.attempt("declare_vacancy", Vacancy(self.main, Reason("left")), AGENT)

    def _step_with_letters(self, claimant: UserId) -> None:
        key = self.model.keys[self.main, claimant]
        session = next((one for one in reversed(self.sessions) if one.user == claimant), None)
        if session:
            email = f"jeanne.{claimant}@oliviers.example"
            asked = AdministratorClaim("D'Arc", "Jeanne", email, PASSWORDS[0], "2026-1")
            self._remember(self.attempt("claim_administrator", asked, session))
        elif key.login and key.slips and key.slips[-1][0]:
            self._remember(self.attempt("sign_in", (key.login, key.slips[-1][0]), None))
        else:
            self.deliver("fine")

    # Messages

    @rule(weather=st.sampled_from(("fine", "fine", "fine", "delayed", "unanswered", "refused")))
    def messages_leave(self, weather: str) -> None:
        self.deliver(weather)

    @precondition(lambda self: any(self.model.dead()))
    @rule(seed=SEEDS)
    def retry_delivery(self, seed: int) -> None:
        dead = Lot(self, dice(seed)).one(self.portal.list_dead_letters(by=AGENT))
        self.portal.retry_delivery(dead.message.id, by=AGENT)
        notice = dead.message.notice
        to = str(getattr(notice.to, "value", notice.to))
        self.model.retried(notice.kind.value, to, notice.about, notice.generation, self.clock.now())

    # Time

    @rule(leap=st.sampled_from(LEAPS))
    def time_passes(self, leap: timedelta) -> None:
        self.pass_time(leap)

    @rule(seed=SEEDS, around=st.sampled_from(AROUND))
    def something_begins_or_ends(self, seed: int, around: timedelta) -> None:
        """To the very instant at which one of the next things begins or ends, or a moment beside it."""
        coming = [instant for instant in self.model.boundaries() if instant > self.clock.now()][:3]
        if coming:
            self.clock.instant = Lot(self, dice(seed)).one(coming) + around

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
