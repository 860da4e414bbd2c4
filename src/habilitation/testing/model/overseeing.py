"""What becomes of organizations and agreements in the operator's hands, as the model sees it (R1–R3, R33, R34)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from attrs import define

from habilitation.domain.actors import Actor
from habilitation.domain.period import Dates
from habilitation.domain.requests import (
    AgreementDates,
    AgreementEnding,
    AgreementResumption,
    AgreementSuspension,
    ContactChange,
    ControlReturn,
    ControlTaking,
    GroupResumption,
    GroupSuspension,
    GroupWithdrawal,
    OrganizationClosing,
    OrganizationResumption,
    OrganizationSuspension,
    SiretChange,
)
from habilitation.testing.model import typed
from habilitation.testing.model.facts import Convention, No, Span
from habilitation.testing.model.opening import Opening
from habilitation.testing.model.rights import NOT_IN_FORCE, Visit

Then = Callable[[Any], None]
OfAGroup = GroupSuspension | GroupResumption | GroupWithdrawal
OfAnAgreement = AgreementDates | AgreementEnding | AgreementResumption | AgreementSuspension


@define
class Overseeing(Opening):
    """What the operator changes, suspends and ends."""

    # Organizations (R1, R33, R34)

    def change_siret(self, asked: SiretChange, by: Actor, now: datetime) -> Then:
        siret = typed.siret(asked.siret)
        typed.code(asked.reason.code)
        visit = self._operating(asked.organization, by, now)
        if siret == visit.partner.siret:
            raise No("siret-unchanged")
        self._require_siret_free(siret)
        return self._set(visit, siret=siret)

    def change_contact(self, asked: ContactChange, by: Actor, now: datetime) -> Then:
        contact, postal = typed.contact(asked.contact or "", asked.postal or ())
        visit = self._operating(asked.organization, by, now)
        before = (visit.partner.contact, visit.partner.postal)
        after = (before[0] if asked.contact is None else contact, before[1] if asked.postal is None else postal)
        if not any(after):
            raise No("contact-missing")
        return self._set(visit, contact=after[0], postal=after[1]) if after != before else _nothing

    def suspend_organization(self, asked: OrganizationSuspension, by: Actor, now: datetime) -> Then:
        typed.code(asked.reason.code)
        visit = self._operating(asked.organization, by, now)
        if visit.partner.standing == "suspended":
            raise No("organization-suspended")
        return self._set(visit, standing="suspended")

    def resume_organization(self, asked: OrganizationResumption, by: Actor, now: datetime) -> Then:
        visit = self._operating(asked.organization, by, now)
        if visit.partner.standing == "open":
            raise No("organization-not-suspended")
        return self._set(visit, standing="open")

    def take_back_control(self, asked: ControlTaking, by: Actor, now: datetime) -> Then:
        typed.code(asked.reason.code)
        visit = self._operating(asked.organization, by, now)
        if visit.partner.controlled:
            raise No("control-taken")
        return self._set(visit, controlled=True)

    def return_control(self, asked: ControlReturn, by: Actor, now: datetime) -> Then:
        visit = self._operating(asked.organization, by, now)
        if not visit.partner.controlled:
            raise No("control-not-taken")
        return self._set(visit, controlled=False)

    def close_organization(self, asked: OrganizationClosing, by: Actor, now: datetime) -> Then:
        """One fact: users, agreements and groups stay as they were, and nothing of them counts; letters are dead."""
        typed.code(asked.reason.code)
        visit = self._operating(asked.organization, by, now)
        closed = self._set(visit, standing="closed", ended=visit.at, seat="ended", holder=None)

        def then(drawn: Any) -> None:
            self._kill_letters(visit, drawn)
            closed(drawn)

        return then

    def _set(self, visit: Visit, **facts: Any) -> Then:
        def then(drawn: Any) -> None:
            for name, value in facts.items():
                setattr(visit.partner, name, value)
            visit.partner.last = visit.at

        return then

    # Agreements (R2, R33)

    def change_agreement_period(self, asked: AgreementDates, by: Actor, now: datetime) -> Then:
        visit, convention = self._agreed(asked, by, now)
        if convention.state == "ended":
            raise No("agreement-over")
        span = self._rewritten(convention, asked.dates, visit.at)

        def then(drawn: Any) -> None:
            if span != convention.span:
                convention.span, visit.partner.last = span, visit.at

        return then

    def _rewritten(self, convention: Convention, dates: Dates, at: datetime) -> Span:
        """What may have given access keeps its opening; a draft, and what has not begun, takes any dates (R2, R16)."""
        former = convention.span
        opening, closing = dates.opening or former.opening, dates.closing
        begun = convention.state != "draft" and former.start <= at
        if begun and opening != former.opening:
            raise No("agreement-begun-already")
        if (opening, closing) == (former.opening, former.closing):
            return former
        if not begun:
            return self.paper_span(Dates(opening, closing), at)
        return self.new_closing(former, closing, at) if closing else former._replace(end=None, closing=None)

    def suspend_agreement(self, asked: AgreementSuspension, by: Actor, now: datetime) -> Then:
        typed.code(asked.reason.code)
        visit, convention = self._agreed(asked, by, now)
        if convention.state != "validated":
            raise No(NOT_IN_FORCE[convention.state])
        return self._turn(visit, convention, "suspended")

    def resume_agreement(self, asked: AgreementResumption, by: Actor, now: datetime) -> Then:
        visit, convention = self._agreed(asked, by, now)
        if convention.state != "suspended":
            raise No("agreement-not-suspended")
        return self._turn(visit, convention, "validated")

    def end_agreement(self, asked: AgreementEnding, by: Actor, now: datetime) -> Then:
        typed.code(asked.reason.code)
        visit, convention = self._agreed(asked, by, now)
        if convention.state == "ended":
            raise No("agreement-over")
        turn = self._turn(visit, convention, "ended")

        def then(drawn: Any) -> None:
            turn(drawn)
            if not convention.span.gone(visit.at):
                convention.span = convention.span.ended(visit.at, self.today(visit.at))

        return then

    def _agreed(self, asked: OfAnAgreement | OfAGroup, by: Actor, now: datetime) -> tuple[Visit, Convention]:
        visit = self._operating(asked.organization, by, now)
        return visit, self.convention(visit, asked.agreement)

    def _turn(self, visit: Visit, convention: Convention, state: str) -> Then:
        def then(drawn: Any) -> None:
            convention.state, visit.partner.last = state, visit.at

        return then

    # Groups of an agreement (R3, R33)

    def suspend_group(self, asked: GroupSuspension, by: Actor, now: datetime) -> Then:
        typed.code(asked.reason.code)
        return self._regroup(asked, by, now, {"open": "suspended"}, "group-suspended")

    def resume_group(self, asked: GroupResumption, by: Actor, now: datetime) -> Then:
        return self._regroup(asked, by, now, {"suspended": "open"}, "group-not-suspended")

    def withdraw_group(self, asked: GroupWithdrawal, by: Actor, now: datetime) -> Then:
        typed.code(asked.reason.code)
        return self._regroup(asked, by, now, dict.fromkeys(("open", "suspended"), "withdrawn"), "")

    def _regroup(self, asked: OfAGroup, by: Actor, now: datetime, moves: dict[str, str], otherwise: str) -> Then:
        visit, convention = self._agreed(asked, by, now)
        if asked.group not in convention.groups:
            elsewhere = any(asked.group in other.groups for other in visit.partner.conventions.values())
            raise No("group-not-opened" if elsewhere else "group-unknown")
        state = convention.groups[asked.group]
        if state not in moves:
            raise No("group-not-opened" if state == "withdrawn" else otherwise)

        def then(drawn: Any) -> None:
            convention.groups[asked.group], visit.partner.last = moves[state], visit.at

        return then


def _nothing(drawn: Any) -> None:
    """What was asked is so already."""
