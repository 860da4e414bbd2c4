"""The rules of the machine: every act of the library by anybody, messages, and time."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import timedelta
from typing import Any

from hypothesis.stateful import invariant, rule

from habilitation.domain.requests import (
    AdministratorClaim,
    DeadLetterSearch,
    OrganizationClosing,
    PasswordByLink,
    PasswordChoice,
    Reason,
    Reissue,
    UserReinstatement,
    UserSuspension,
    Vacancy,
)
from habilitation.domain.values import UserId
from habilitation.testing.machine.activating import Activating
from habilitation.testing.machine.bench import ACCEPTED, SEEDS
from habilitation.testing.machine.checks import recipient
from habilitation.testing.machine.lots import AROUND, PASSWORDS, WEATHER, Lot
from habilitation.testing.machine.moving import Moving
from habilitation.testing.machine.suspending import Suspending
from habilitation.testing.model.keys import ACTIVATIONS
from habilitation.testing.strategies import names, sirets
from habilitation.testing.world import AGENT

STORIES = {
    "administration": 20,
    "operation": 7,
    "overseeing": 5,
    "lifting": 5,
    "first_access": 6,
    "newcomer": 2,
    "enrolment": 2,
    "interruption": 1,
    "two_suspensions": 1,
    "lengthening": 1,
    "a_document_returns": 1,
    "forgotten": 2,
    "another_address": 4,
    "messages_leave": 4,
    "a_dead_letter_is_tried_again": 1,
    "time_passes": 2,
    "something_begins_or_ends": 3,
    "the_clock_goes_back": 1,
    "a_partner_leaves": 2,
    "retention_ends": 2,
}
IDENTITY_STORIES = {"identification": 6, "arrival": 5}
"""Where an identity provider signs people in (R44)."""
ADMINISTRATION = {
    "create_user": 3,
    "modify_user": 4,
    "close_user": 2,
    "reopen_user": 2,
    "remove_user": 1,
    "suspend_user": 2,
    "reinstate_user": 2,
    "resend_credentials": 2,
    "unlock": 1,
    "change_email": 1,
    "change_own_details": 1,
    "add_to_group": 5,
    "change_membership": 4,
    "remove_from_group": 2,
    "preview_generalization": 1,
    "generalize_to_all": 2,
    "delegate_manager": 3,
    "revoke_manager": 1,
}
OPERATION = {
    "assign_role": 5,
    "refuse_role": 2,
    "replace_administrator": 4,
    "declare_vacancy": 1,
    "erase_person": 2,
    "erase_due": 1,
    "force_password_change": 2,
    "force_all_password_changes": 1,
    "reissue_credentials": 1,
    "define_service": 1,
    "define_group": 1,
    "open_organization": 1,
    "open_agreement": 2,
    "validate_agreement": 3,
    "open_group": 2,
}
OVERSEEING = {
    "change_siret": 2,
    "change_contact": 2,
    "suspend_organization": 2,
    "resume_organization": 1,
    "take_back_control": 2,
    "return_control": 1,
    "close_organization": 1,
    "change_agreement_period": 5,
    "suspend_agreement": 3,
    "resume_agreement": 1,
    "end_agreement": 1,
    "suspend_group": 3,
    "resume_group": 1,
    "withdraw_group": 2,
    "change_group": 3,
    "retire_group": 1,
}
LIFTING = ("resume_organization", "return_control", "resume_agreement", "resume_group", "reinstate_user")
"""What lets go on what stood still."""
ACCESS = {
    "sign_in": 5,
    "choose_password": 3,
    "change_own_password": 2,
    "forgot_password": 1,
    "forgot_login": 1,
    "choose_password_by_link": 3,
    "confirm_email": 1,
    "object_to_email": 1,
    "claim_administrator": 1,
    "sign_out": 1,
}
"""How often each act is tried, among those of its story."""

MOST = {"create_user": 16, "define_group": 7, "define_service": 4, "open_organization": 3, "open_agreement": 5}
"""How many there may be already: more would only make each step slower."""
LEAPS = (
    *(timedelta(seconds=1), timedelta(minutes=3), timedelta(minutes=40), timedelta(hours=1), timedelta(hours=3)),
    *(timedelta(hours=13), timedelta(days=1), timedelta(days=1), timedelta(days=2), timedelta(days=31)),
    timedelta(days=61),
)


class PortalMachine(Activating, Moving, Suspending):
    """Subclass it and give ``open_store``: random actors do random acts, the model predicts each verdict and reason."""

    @invariant()
    def everything_is_as_predicted(self) -> None:
        if self.sound and self.populated:
            self.check_all()

    def teardown(self) -> None:
        if self.sound and self.populated:
            self.check_end()
        self.store.close()

    @rule(seed=SEEDS, name=names(), siret=sirets())
    def something_happens(self, seed: int, name: str, siret: str) -> None:
        """One rule, which chooses by itself what happens.

        Of many rules hypothesis takes some again and again, since it tries variants of what it has tried: most runs
        would be spent on a few of them.
        """
        self.name, self.siret = name, siret
        if self.main not in self.model.partners:
            return
        lot = self.lot(seed)
        stories = STORIES | (IDENTITY_STORIES if self.model.provider else {})
        happening: Callable[[Lot], None] = getattr(self, lot.weighted(stories))
        happening(lot)

    def administration(self, lot: Lot) -> None:
        """Users, groups, managers: what the organization's own people do (R10–R30)."""
        self.aim(lot, self._without_the_full(ADMINISTRATION), ("manager", "manager", "administrator"))

    def operation(self, lot: Lot) -> None:
        """The operator's acts (R1–R8, R26)."""
        self.aim(lot, self._without_the_full(OPERATION), ("operator",))

    def overseeing(self, lot: Lot) -> None:
        """What the operator changes, suspends, ends (R1–R3, R33, R34)."""
        self.aim(lot, OVERSEEING, ("operator",))

    def lifting(self, lot: Lot) -> None:
        """What was suspended comes back: a portal in which everything stands still tells nothing."""
        for act in lot.random.sample(LIFTING, len(LIFTING)):
            for who in ("administrator", "operator"):
                found = self.verdicts(act, lot, who)
                if ACCEPTED in found:
                    self.attempt(act, *lot.one(found[ACCEPTED]))
                    return

    def first_access(self, lot: Lot) -> None:
        self.aim(lot, ACCESS, ("signed in",))

    def _without_the_full(self, acts: Mapping[str, int]) -> dict[str, int]:
        model, partner = self.model, self.model.partners[self.main]
        counted: dict[str, Collection[Any]] = {
            "create_user": partner.users,
            "define_service": model.services,
            "define_group": model.groups,
            "open_organization": [one for one in model.partners.values() if one.standing != "closed"],
            "open_agreement": [one for one in partner.conventions.values() if one.state != "ended"],
        }
        return {act: weight for act, weight in acts.items() if len(counted.get(act, ())) < MOST.get(act, 1)}

    def newcomer(self, lot: Lot) -> None:
        """Some steps toward a newcomer: the vacancy, the letters, their delivery, the sign-in, the claim (R8)."""
        vacating = lot.random.random() < 0.3
        for _ in range(lot.one((2, 3, 4, 5, 6))):
            partner = self.model.partners[self.main]
            if partner.letters is not None:
                self._step_with_letters(lot, partner.letters[0])
            elif partner.seat != "held":
                self.attempt("reissue_credentials", Reissue(self.main), AGENT)
            elif vacating:
                self.attempt("declare_vacancy", Vacancy(self.main, Reason("left")), AGENT)
        living = {key.login for key in self.model.keys.values()}
        self._try_again(lot, [login for login in self.heard if login and login not in living])

    def _try_again(self, lot: Lot, logins: list[str]) -> None:
        """With what was sent to one of these logins once: whether it still opens anything is for the model to say."""
        known = [login for login in logins if self.heard[login]]
        if known:
            login = lot.one(known)
            self.attempt("sign_in", (login, lot.one(self.heard[login])), None)

    def _step_with_letters(self, lot: Lot, claimant: UserId) -> None:
        key = self.model.keys[self.main, claimant]
        session = next((one for one in reversed(self.sessions) if one.user == claimant), None)
        links = self.links_of(self.main, claimant)
        if session:
            stay = self.model.stays.get(session.token)
            identity = stay.identity if stay else None
            self.overtake(lot, identity)
            email, password = f"jeanne.{claimant}@oliviers.example", PASSWORDS[0]
            if identity:
                password = lot.one(("", "", "", password))
            asked = AdministratorClaim("D'Arc", "Jeanne", email, password, "2026-1")
            self.attempt("claim_administrator", asked, session)
        elif links:
            self.follow(lot, links[-1])
        elif key.login and key.slips and key.slips[-1][0]:
            self.attempt("sign_in", (key.login, key.slips[-1][0]), None)
        else:
            self.deliver("fine")

    def enrolment(self, lot: Lot) -> None:
        """Somebody signs in with a provisional password, and chooses one (R19)."""
        partner = self.model.partners[self.main]
        provisional = [
            (key.login, slip)
            for user in partner.users
            for key in (self.model.keys[self.main, user],)
            for slip, _ in key.slips
            if key.login and slip and key.standing == "provisional-password"
        ]
        session = self.attempt("sign_in", lot.one(provisional), None) if provisional else None
        if session:
            if lot.likely():
                self._try_again(lot, [self.model.keys[self.main, session.user].login or ""])
            self.attempt("choose_password", PasswordChoice(lot.password()), session)

    def interruption(self, lot: Lot) -> None:
        """Somebody who is signed in is suspended and reinstated: the session is over for good (R17, R23)."""
        users = self.model.partners[self.main].users
        signed_in = [one for one in self.sessions if one.token in self.model.stays and one.user in users]
        if signed_in:
            session = lot.one(signed_in)
            self.attempt("suspend_user", UserSuspension(self.main, session.user, Reason("left")), AGENT)
            self.attempt("reinstate_user", UserReinstatement(self.main, session.user), AGENT)
            self.check_session(session)

    def forgotten(self, lot: Lot) -> None:
        """Somebody forgets a password, the link arrives, and another is chosen by it, now or later (R21)."""
        known = [key.login for key in self.model.keys.values() if key.login]
        if known:
            self.attempt("forgot_password", (lot.one(known),), None)
            before = set(self.model.links)
            self.deliver(lot.one(WEATHER))
            arrived = [token for token in self.model.links if token not in before]
            if arrived and self.model.links[arrived[0]].kind in ACTIVATIONS:
                self.follow(lot, arrived[0])
            elif arrived and not lot.seldom():
                self.attempt("choose_password_by_link", (PasswordByLink(arrived[0], lot.password()),), None)

    # Messages

    def messages_leave(self, lot: Lot) -> None:
        self.deliver(lot.one(WEATHER))

    def a_dead_letter_is_tried_again(self, lot: Lot) -> None:
        letters = self.portal.list_dead_letters(DeadLetterSearch(), by=AGENT).items
        if not letters:
            return
        dead = lot.one(letters)
        self.portal.retry_delivery(dead.message.id, by=AGENT)
        notice = dead.message.notice
        self.model.retried(notice.kind.value, recipient(notice.to), notice.about, notice.generation, self.clock.now())

    # Time

    def time_passes(self, lot: Lot) -> None:
        self.clock.instant += lot.one(LEAPS)

    def something_begins_or_ends(self, lot: Lot) -> None:
        """To the very instant at which one of the next things begins or ends, or a moment beside it."""
        coming = [instant for instant in self.model.boundaries() if instant > self.clock.now()][:3]
        if coming:
            self.clock.instant = lot.one(coming) + lot.one(AROUND)

    def a_partner_leaves(self, lot: Lot) -> None:
        """The one that came last (R1)."""
        last = list(self.model.partners)[-1]
        if last != self.main:
            self.attempt("close_organization", OrganizationClosing(last, Reason("merger")), AGENT)

    def retention_ends(self, lot: Lot) -> None:
        """To the very instant at which somebody, or a journal, has been kept long enough; what is due is erased."""
        coming = self.model.retention_ends(self.clock.now())
        if coming:
            self.clock.instant = lot.one([*coming, coming[-1]]) + lot.one(AROUND)
        self.aim(lot, {"erase_due": 1}, ("operator",))

    def the_clock_goes_back(self, lot: Lot) -> None:
        """As a clock that is set does: a little, which the organizations' own time does not follow (R40).

        If it were much, every act would be refused.
        """
        if self.model.partners[self.main].last != self.clock.now():
            return
        self.clock.instant -= timedelta(minutes=6)
        self.forget_since(self.clock.now())
        self.aim(lot, {**self._without_the_full(ADMINISTRATION), "erase_due": 5}, ("administrator",))
        self.clock.instant += timedelta(minutes=4)
