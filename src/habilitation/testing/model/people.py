"""Users, groups and managers, as the model sees them (R10–R18, R25–R32)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from attrs import define

from habilitation.domain.actors import Actor
from habilitation.domain.requests import (
    Closing,
    Erasure,
    Forcing,
    ForcingOfAll,
    Generalization,
    GroupAddition,
    GroupRemoval,
    MembershipDates,
    NewManager,
    NewUser,
    OwnDetails,
    Removal,
    Reopening,
    Resending,
    Revocation,
    RoleAssignment,
    RoleRefusal,
    Unlocking,
    UserChanges,
    UserReinstatement,
    UserSuspension,
)
from habilitation.domain.values import AgreementId, GroupCode, OrganizationId, Place, UserId
from habilitation.testing.model import typed
from habilitation.testing.model.facts import Held, Human, Key, Managing, No, Span, Stint
from habilitation.testing.model.rights import Rights, Visit

Then = Callable[[Any], None]
Outcome = tuple[tuple[GroupCode, ...], str | None]
"""The groups that generalizing gives a user, and the code of the first refusal that kept one out."""


@define
class People(Rights):
    """What administrators and managers do, and the operator's half of an entitlement."""

    # Users (R10–R12, R14–R16, R18)

    def create_user(self, asked: NewUser, by: Actor, now: datetime) -> Then:
        last_name, first_name = typed.name(asked.last_name), typed.name(asked.first_name)
        email, phone = typed.email(asked.email), typed.phone(asked.phone)
        if asked.email_confirmation is not None and asked.email_confirmation.strip().lower() != email:
            raise No("email-confirmation-differs")
        if asked.phone_confirmation is not None and (asked.phone_confirmation.replace(" ", "") or None) != phone:
            raise No("phone-confirmation-differs")
        visit = self.enter(asked.organization, by, now)
        self.require(visit, "create")
        self.convention(visit, asked.agreement)
        if not visit.touches(asked.agreement):
            raise No("outside-scope")
        ticked = [Place(asked.agreement, group) for group in dict.fromkeys(asked.groups)]
        self.require_conferrable(visit, ticked)
        self.require_current(visit, asked.agreement)
        span = self.asked_span(asked.dates, visit.at)
        self.require_email_free(visit, email, None)

        def then(drawn: Any) -> None:
            user = Human(
                asked.agreement, asked.mobile, last_name, first_name, asked.email.strip(), phone, [Stint(span)]
            )
            visit.partner.users[drawn.id] = user
            visit.partner.last = visit.at
            self.keys[asked.organization, drawn.id] = Key("provisional-password")
            self.send_two(visit.now, asked.organization, "", drawn.id, drawn.id)
            for place in ticked:
                self._add(visit, asked.organization, drawn.id, place, self._from_now(visit))

        return then

    def require_email_free(self, visit: Visit, email: str, owner: UserId | None) -> None:
        others = (user for id, user in visit.partner.users.items() if id != owner)
        if any(user.email == email and user.status(visit.at) != "closed" for user in others):
            raise No("email-taken")

    def modify_user(self, asked: UserChanges, by: Actor, now: datetime) -> Then:
        visit = self.enter(asked.organization, by, now)
        user = self.target(visit, "modify", asked.user)
        status = user.status(visit.at)
        if status == "closed":
            raise No("user-closed")
        names = self._retyped(asked, user)
        span = self._rescheduled(visit, asked, user)
        if span.longer(user.stint.span):
            self._require_giving(visit, user)

        def then(drawn: Any) -> None:
            before = visit.partner.portrait()
            user.last_name, user.first_name, user.phone = names
            user.mobile = user.mobile if asked.mobile is None else asked.mobile
            self._move(visit, user, span)
            if visit.partner.portrait() != before:
                visit.partner.last = visit.at

        return then

    def _require_giving(self, visit: Visit, user: Human) -> None:
        """What lengthens an account gives (R2, R17)."""
        if visit.partner.standing == "suspended":
            raise No("organization-suspended")
        self._require_admitting(visit, user)

    def _retyped(self, asked: UserChanges | OwnDetails, user: Human) -> tuple[str, str, str | None]:
        last_name = user.last_name if asked.last_name is None else typed.name(asked.last_name)
        first_name = user.first_name if asked.first_name is None else typed.name(asked.first_name)
        return last_name, first_name, user.phone if asked.phone is None else typed.phone(asked.phone)

    def change_own_details(self, asked: OwnDetails, by: Actor, now: datetime) -> Then:
        visit = self.enter(asked.organization, by, now)
        self.require(visit, "own")
        assert visit.me
        user = visit.partner.users[visit.me]
        names = self._retyped(asked, user)

        def then(drawn: Any) -> None:
            if names != (user.last_name, user.first_name, user.phone):
                user.last_name, user.first_name, user.phone = names
                visit.partner.last = visit.at

        return then

    def _rescheduled(self, visit: Visit, asked: UserChanges, user: Human) -> Span:
        span, dates = user.stint.span, asked.dates
        if dates is None:
            return span
        opening = dates.opening or span.opening
        if span.start <= visit.at and opening != span.opening:
            raise No("account-opened-already")
        if dates.closing is not None and visit.partner.holder == asked.user:
            raise No("holder-protected")
        if opening != span.opening:
            return self.asked_span(dates, visit.at)
        if dates.closing == span.closing:
            return span
        if dates.closing is None:
            return span._replace(end=None, closing=None)
        return self.new_closing(span, dates.closing, visit.at)

    def close_user(self, asked: Closing, by: Actor, now: datetime) -> Then:
        visit = self.enter(asked.organization, by, now)
        user = self.target(visit, "close", asked.user)
        if user.status(visit.at) == "closed":
            raise No("user-closed")
        today = self.today(visit.at)
        day = asked.on or today
        if day != today and day <= user.stint.span.opening:
            raise No("closing-not-after-opening")
        if day < today:
            raise No("closing-in-past")
        end = visit.at if day == today else self.start_of(day)

        def then(drawn: Any) -> None:
            self._move(visit, user, user.stint.span.ended(end, day))
            visit.partner.last = visit.at

        return then

    def _move(self, visit: Visit, user: Human, span: Span) -> None:
        """New dates for an account that goes on: what they leave nothing of is over for good."""
        now, today = visit.at, self.today(visit.at)
        if not span.gone(now):
            for held in user.live(now).values():
                if not held.span.left(span, now):
                    held.span = held.span.ended(now, today)
            managing = user.delegation(now)
            if managing and not managing.span.left(span, now):
                managing.span = managing.span.ended(now, today)
        user.stint.span = span

    def reopen_user(self, asked: Reopening, by: Actor, now: datetime) -> Then:
        visit = self.enter(asked.organization, by, now)
        user = self.target(visit, "reopen", asked.user)
        if user.removed:
            raise No("user-removed-already")
        if user.status(visit.at) != "closed":
            raise No("user-not-closed")
        span = self.asked_span(asked.dates, visit.at)
        self.require_email_free(visit, user.email, asked.user)

        def then(drawn: Any) -> None:
            user.stints.append(Stint(span))
            if user.move and user.move.pending:
                user.move.state = "kept"
            visit.partner.last = visit.at
            key = self.keys[asked.organization, asked.user]
            key.renewed("provisional-password")
            self.send_two(visit.now, asked.organization, "", asked.user, asked.user)

        return then

    def remove_user(self, asked: Removal, by: Actor, now: datetime) -> Then:
        visit = self.enter(asked.organization, by, now)
        user = self.target(visit, "remove", asked.user)
        if user.removed:
            raise No("user-removed-already")

        def then(drawn: Any) -> None:
            if user.status(visit.at) != "closed":
                user.stint.span = user.stint.span.ended(visit.at, self.today(visit.at))
            user.removed = True
            visit.partner.last = visit.at

        return then

    def suspend_user(self, asked: UserSuspension, by: Actor, now: datetime) -> Then:
        typed.code(asked.reason.code)
        visit = self.enter(asked.organization, by, now)
        user = self.target(visit, "suspend", asked.user)
        if user.status(visit.at) == "closed":
            raise No("user-closed")
        side = self.side(visit)
        if side in user.suspended:
            raise No("user-suspended")

        def then(drawn: Any) -> None:
            user.suspended.add(side)
            user.breaks += 1
            visit.partner.last = visit.at

        return then

    def reinstate_user(self, asked: UserReinstatement, by: Actor, now: datetime) -> Then:
        """Each side lifts its own, the operator its own first (R17)."""
        visit = self.enter(asked.organization, by, now)
        user = self.target(visit, "reinstate", asked.user)
        liftable = sorted(user.suspended & self.liftable(visit), key=["operator", "organization"].index)
        if not liftable:
            raise No("user-not-suspended")

        def then(drawn: Any) -> None:
            user.suspended.remove(liftable[0])
            visit.partner.last = visit.at

        return then

    def erase_person(self, asked: Erasure, by: Actor, now: datetime) -> Then:
        typed.code(asked.reason)
        visit = self.enter(asked.organization, by, now)
        user = self.target(visit, "erase", asked.user)
        if user.erased:
            raise No("person-erased-already")
        if self.standing(visit, user) != "closed":
            raise No("user-not-closed")

        def then(drawn: Any) -> None:
            user.erased = user.removed = True
            visit.partner.last = visit.at
            self.forget(asked.organization, asked.user)

        return then

    # Credentials (R19, R22, R24)

    def unlock(self, asked: Unlocking, by: Actor, now: datetime) -> Then:
        visit = self.enter(asked.organization, by, now)
        user = self.target(visit, "unlock", asked.user)
        status = user.status(visit.at)
        if status != "open":
            raise No("user-not-open" if status == "pending" else f"user-{status}")

        def then(drawn: Any) -> None:
            visit.partner.last = visit.at

        return then

    def resend_credentials(self, asked: Resending, by: Actor, now: datetime) -> Then:
        visit = self.enter(asked.organization, by, now)
        user = self.target(visit, "resend", asked.user)
        self._require_admitting(visit, user)
        key = self.keys[asked.organization, asked.user]
        if key.standing == "own-password":
            raise No("credentials-in-use")

        def then(drawn: Any) -> None:
            visit.partner.last = visit.at
            key.renewed("provisional-password")
            self.send_two(visit.now, asked.organization, "", asked.user, asked.user)

        return then

    def force_password_change(self, asked: Forcing, by: Actor, now: datetime) -> Then:
        typed.code(asked.reason.code)
        visit = self.enter(asked.organization, by, now)
        self.require(visit, "operate")
        user = self.known(visit, asked.user)
        if user.status(visit.at) == "closed":
            raise No("user-closed")
        return lambda drawn: self._force(visit, asked.organization, asked.user)

    def force_all_password_changes(self, asked: ForcingOfAll, by: Actor, now: datetime) -> Then:
        typed.code(asked.reason.code)
        visit = self.enter(asked.organization, by, now)
        self.require(visit, "operate")
        forced = [id for id, user in visit.partner.users.items() if user.status(visit.at) != "closed"]

        def then(drawn: Any) -> None:
            assert {(outcome.user, outcome.refused) for outcome in drawn} == {(id, None) for id in forced}
            for id in forced:
                self._force(visit, asked.organization, id)

        return then

    def _force(self, visit: Visit, organization: OrganizationId, user: UserId) -> None:
        key = self.keys[organization, user]
        key.renewed("provisional-password")
        self.send_proof(visit.now, organization, "password-forced", user, user)
        visit.partner.last = visit.at

    # Groups (R25–R27)

    def add_to_group(self, asked: GroupAddition, by: Actor, now: datetime) -> Then:
        visit = self.enter(asked.organization, by, now)
        user = self.target(visit, "grant", asked.user)
        span = self._joining(visit, user, asked)
        place = Place(asked.agreement, asked.group)
        return lambda drawn: self._add(visit, asked.organization, asked.user, place, span)

    def _joining(self, visit: Visit, user: Human, asked: GroupAddition) -> Span:
        place = Place(asked.agreement, asked.group)
        self.require_conferrable(visit, [place])
        self._require_admitting(visit, user)
        span = self.span_inside(user.stint.span, asked.dates, visit.at)
        self._require_no_other(user, place, span, None)
        return span

    def _require_admitting(self, visit: Visit, user: Human) -> None:
        """Nothing is given to the closed, nor to the suspended (R14, R17)."""
        status = user.status(visit.at)
        if status in ("closed", "suspended"):
            raise No(f"user-{status}")

    def _require_no_other(self, user: Human, place: Place, span: Span, number: int | None) -> None:
        """R25: not twice in a place over the same time, as far as the account lasts."""
        start, end = span.common(user.stint.span)
        whole = span._replace(start=start, end=end)
        for other, held in user.stint.held.items():
            if other != number and held.place == place and held.span.left(whole, start):
                raise No("already-member")

    def _add(self, visit: Visit, organization: OrganizationId, id: UserId, place: Place, span: Span) -> None:
        user = visit.partner.users[id]
        number = sum(len(stint.held) for stint in user.stints) + 1
        user.stint.held[number] = Held(place, span, waiting=self.groups[place.group].now.needs_document)
        visit.partner.last = visit.at
        self.tell_waiting(organization, visit, id, user.stint.held[number])

    def change_membership(self, asked: MembershipDates, by: Actor, now: datetime) -> Then:
        visit = self.enter(asked.organization, by, now)
        user = self.target(visit, "withdraw", asked.user)
        held = self._live(visit, user, asked.membership)
        if not visit.covers(held.place):
            raise No("outside-scope")
        span = self._redated(visit, user, held, asked)
        if span.longer(held.span):
            self.require_on(visit, "grant", asked.user)
            self.require_in_force(visit, held.place)
            self._require_admitting(visit, user)
        if span != held.span:
            self._require_no_other(user, held.place, span, asked.membership)

        def then(drawn: Any) -> None:
            if span != held.span:
                held.span, visit.partner.last = span, visit.at

        return then

    def _redated(self, visit: Visit, user: Human, held: Held, asked: MembershipDates) -> Span:
        opening, closing = asked.dates.opening, asked.dates.closing
        if max(held.span.start, user.stint.span.start) > visit.at:
            said = held.span.opening if held.span.start > visit.at else None
            dates = type(asked.dates)(opening or said, closing)
            return self.span_inside(user.stint.span, dates, visit.at)
        if opening not in (None, held.span.opening):
            raise No("membership-begun-already")
        if closing is None:
            return held.span._replace(end=None, closing=None)
        if user.stint.span.closing and closing > user.stint.span.closing:
            raise No("dates-outside-account")
        return self.new_closing(held.span, closing, visit.at)

    def remove_from_group(self, asked: GroupRemoval, by: Actor, now: datetime) -> Then:
        visit = self.enter(asked.organization, by, now)
        user = self.target(visit, "withdraw", asked.user)
        held = self._live(visit, user, asked.membership)
        if not visit.covers(held.place):
            raise No("outside-scope")
        return lambda drawn: self._end(visit, held)

    def _live(self, visit: Visit, user: Human, number: int) -> Held:
        if number not in user.stint.held:
            raise No("membership-unknown")
        if number not in user.live(visit.at):
            raise No("membership-over")
        return user.stint.held[number]

    def _end(self, visit: Visit, held: Held) -> None:
        held.span, visit.partner.last = held.span.ended(visit.at, self.today(visit.at)), visit.at

    def assign_role(self, asked: RoleAssignment, by: Actor, now: datetime) -> Then:
        typed.document(asked.document)
        visit, held = self._awaiting(asked, by, now)
        if visit.partner.standing == "suspended":
            raise No("organization-suspended")
        self.require_in_force(visit, held.place)
        self._require_admitting(visit, visit.partner.users[asked.user])

        def then(drawn: Any) -> None:
            held.waiting, held.given, visit.partner.last = False, visit.at, visit.at
            self._tell_role(visit, asked, "role-assigned")

        return then

    def refuse_role(self, asked: RoleRefusal, by: Actor, now: datetime) -> Then:
        typed.code(asked.reason.code)
        visit, held = self._awaiting(asked, by, now)

        def then(drawn: Any) -> None:
            self._end(visit, held)
            self._tell_role(visit, asked, "role-refused")

        return then

    def _awaiting(self, asked: RoleAssignment | RoleRefusal, by: Actor, now: datetime) -> tuple[Visit, Held]:
        visit = self.enter(asked.organization, by, now)
        self.require(visit, "operate")
        held = self._live(visit, self.known(visit, asked.user), asked.membership)
        if not held.waiting:
            raise No("role-not-awaited")
        return visit, held

    def _tell_role(self, visit: Visit, asked: RoleAssignment | RoleRefusal, kind: str) -> None:
        for to in {asked.user, visit.partner.holder or asked.user}:
            self.tell(visit.now, asked.organization, kind, to, asked.user)

    def generalize_to_all(self, asked: Generalization, by: Actor, now: datetime) -> Then:
        expected = self.outcomes(asked, by, now)
        visit = self.enter(asked.organization, by, now, writing=bool(expected))

        def then(drawn: Any) -> None:
            assert {outcome.user: (outcome.gained, outcome.refused) for outcome in drawn} == expected
            for id, (gained, _) in expected.items():
                for group in gained:
                    place = Place(asked.agreement, group)
                    self._add(visit, asked.organization, id, place, self._from_now(visit))

        return then

    def preview_generalization(self, asked: Generalization, by: Actor, now: datetime) -> Then:
        expected = self.outcomes(asked, by, now)

        def then(drawn: Any) -> None:
            assert {outcome.user: (outcome.gained, outcome.refused) for outcome in drawn} == expected

        return then

    def outcomes(self, asked: Generalization, by: Actor, now: datetime) -> dict[UserId, Outcome]:
        """What each open user of the agreement gains: what could have been given one by one (R27, R32)."""
        visit = self.enter(asked.organization, by, now, writing=False)
        source = self.known(visit, asked.user)
        self.require(visit, "generalize")
        self.convention(visit, asked.agreement)
        if not visit.touches(asked.agreement):
            raise No("outside-scope")
        self.require_current(visit, asked.agreement)
        if source.status(visit.at) != "open":
            raise No("user-not-open")
        if not source.is_of(asked.agreement, visit.at) and visit.partner.holder != asked.user:
            raise No("user-not-of-agreement")
        wanted = dict.fromkeys(
            held.place.group
            for held in source.live(visit.at).values()
            if (held.waiting or held.span.start <= visit.at)
            and held.place.agreement == asked.agreement
            and visit.covers(held.place)
        )
        return {
            id: self._outcome(visit, asked, id, wanted)
            for id, user in visit.partner.users.items()
            if id != asked.user
            and user.status(visit.at) == "open"
            and (user.is_of(asked.agreement, visit.at) or id == visit.partner.holder)
        }

    def _outcome(self, visit: Visit, asked: Generalization, id: UserId, wanted: Iterable[GroupCode]) -> Outcome:
        """Whoever is in a group already gains nothing there; any other obstacle is told, the first one by its code."""
        user, gained, refused = visit.partner.users[id], [], []
        begun = [held.place for held in user.live(visit.at).values() if held.span.start <= visit.at]
        for group in wanted:
            if Place(asked.agreement, group) in begun:
                continue
            try:
                self.require_on(visit, "grant", id)
                addition = GroupAddition(asked.organization, id, asked.agreement, group)
                self._joining(visit, user, addition)
                gained.append(group)
            except No as no:
                refused.append(no.code)
        return tuple(gained), refused[0] if refused else None

    def _from_now(self, visit: Visit) -> Span:
        """From now on, as long as the account, whenever that opens."""
        return Span(visit.at, None, self.today(visit.at), None)

    # Managers (R28)

    def delegate_manager(self, asked: NewManager, by: Actor, now: datetime) -> Then:
        visit = self.enter(asked.organization, by, now)
        user = self.target(visit, "delegate", asked.user)
        if visit.partner.holder == asked.user:
            raise No("holder-has-all-groups")
        status = user.status(visit.at)
        if status != "open":
            raise No("user-not-open" if status == "pending" else f"user-{status}")
        places = asked.scope.places
        if places is not None and not places:
            raise No("scope-empty")
        if places is None and not any(self._is_current(visit, id) for id in visit.partner.conventions):
            raise No("no-agreement-current")
        self.require_conferrable(visit, sorted(places or (), key=str))
        span = self.span_inside(user.stint.span, asked.dates, visit.at)

        def then(drawn: Any) -> None:
            user.stint.managing, visit.partner.last = Managing(places, span), visit.at

        return then

    def _is_current(self, visit: Visit, agreement: AgreementId) -> bool:
        convention = self.convention(visit, agreement)
        return convention.state == "validated" and not convention.span.gone(visit.at)

    def revoke_manager(self, asked: Revocation, by: Actor, now: datetime) -> Then:
        visit = self.enter(asked.organization, by, now)
        user = self.target(visit, "revoke", asked.user)
        managing = user.delegation(visit.at)
        if managing is None:
            raise No("delegation-unknown")

        def then(drawn: Any) -> None:
            managing.span = managing.span.ended(visit.at, self.today(visit.at))
            visit.partner.last = visit.at

        return then
