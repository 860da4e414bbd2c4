"""What chance seldom brings together: two suspensions, and what is asked for while one stands (R2, R17, R26, R33)."""

from __future__ import annotations

from habilitation.domain.actors import Member
from habilitation.domain.period import Dates
from habilitation.domain.requests import (
    ControlTaking,
    MembershipDates,
    OrganizationResumption,
    OrganizationSuspension,
    Reason,
    RoleAssignment,
    UserChanges,
    UserReinstatement,
    UserSuspension,
    Vacancy,
)
from habilitation.testing.machine.lots import Actor, Lot
from habilitation.testing.machine.populating import Populating
from habilitation.testing.world import AGENT

DOUBT = Reason("doubt")
Lengthening = tuple[str, UserChanges | MembershipDates]


class Suspending(Populating):
    """Somebody is suspended, and somebody goes on all the same."""

    def two_suspensions(self, lot: Lot) -> None:
        """By both sides, the administrator perhaps missing or without control by then: each lifts its own (R17)."""
        user, administrator = lot.one(list(self.model.partners[self.main].users)), self._administrator()
        for by in (administrator, AGENT):
            self.attempt("suspend_user", UserSuspension(self.main, user, DOUBT), by)
        if lot.likely():
            self._put_aside(lot)
        for by in lot.one(((AGENT, AGENT), (administrator, AGENT), (AGENT, administrator))):
            self.attempt("reinstate_user", UserReinstatement(self.main, user), by)

    def _put_aside(self, lot: Lot) -> None:
        """The operator stands in for the administrator from now on (R34)."""
        if lot.likely():
            self.attempt("take_back_control", ControlTaking(self.main, DOUBT), AGENT)
        else:
            self.attempt("declare_vacancy", Vacancy(self.main, DOUBT), AGENT)

    def lengthening(self, lot: Lot) -> None:
        """An account or a membership, while the organization or the user is suspended (R2, R17)."""
        limited = self._limited()
        if not limited:
            return
        act, asked = lot.one(limited)
        if lot.likely():
            self.attempt("suspend_organization", OrganizationSuspension(self.main, DOUBT), AGENT)
            self.attempt(act, asked, self._administrator())
            self.attempt("resume_organization", OrganizationResumption(self.main), AGENT)
        else:
            self.attempt("suspend_user", UserSuspension(self.main, asked.user, DOUBT), AGENT)
            self.attempt(act, asked, self._administrator())
            self.attempt("reinstate_user", UserReinstatement(self.main, asked.user), AGENT)

    def a_document_returns(self, lot: Lot) -> None:
        """For somebody who was suspended meanwhile (R17, R26)."""
        waiting = sorted(self.model.waiting(self.visit(AGENT)))
        if waiting:
            user, number = lot.one(waiting)
            self.attempt("suspend_user", UserSuspension(self.main, user, DOUBT), AGENT)
            self.attempt("assign_role", RoleAssignment(self.main, user, number, "P 3/2026"), AGENT)
            self.attempt("reinstate_user", UserReinstatement(self.main, user), AGENT)

    def _administrator(self) -> Actor:
        holder = self.model.partners[self.main].holder
        return Member(self.main, holder) if holder else AGENT

    def _limited(self) -> list[Lengthening]:
        """Whatever of the living has a last day could have none."""
        at = self.visit(AGENT).at
        found: list[Lengthening] = []
        for id, user in self.model.partners[self.main].users.items():
            if user.status(at) != "closed":
                found += [("modify_user", UserChanges(self.main, id, dates=Dates()))] if user.stint.span.end else []
                found += [
                    ("change_membership", MembershipDates(self.main, id, number, Dates()))
                    for number, held in user.live(at).items()
                    if held.span.end
                ]
        return found
