"""The story of an address that changes: asked for, confirmed, objected to, in any order that means something (R13)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from habilitation.domain.actors import Actor, Member
from habilitation.domain.requests import (
    Closing,
    EmailChanging,
    EmailConfirmation,
    EmailObjection,
    Forcing,
    PasswordByLink,
    Reason,
    Reopening,
    Replacement,
    UserSuspension,
)
from habilitation.domain.values import UserId
from habilitation.testing.machine.lots import AROUND, LINKS_KEPT, WEATHER, Lot
from habilitation.testing.machine.populating import Populating
from habilitation.testing.world import AGENT

COURSES = (
    *(("confirm",), ("confirm", "confirm"), ("wait", "confirm"), ("confirm", "wait"), ("confirm", "wait")),
    *(("object_to",), ("object_to", "confirm"), ("object_to", "object_to"), ("confirm", "object_to", "wait")),
    *(("wait", "object_to"), ("suspend", "object_to"), ("confirm", "suspend", "wait")),
    *(("forget", "confirm", "choose"), ("forget", "confirm", "wait", "choose"), ("force", "confirm", "wait")),
    *(("appoint", "confirm"), ("confirm", "appoint", "wait"), ("ask_for_a_roles", "appoint", "confirm")),
    *(("reopen", "confirm"), ("confirm", "reopen", "wait"), ("ask", "confirm", "wait"), ("confirm", "ask", "wait")),
)
"""What may become of a change of address, besides all that happens between these stories."""
A_ROLES = "mairie@oliviers.example"


class Concerned(NamedTuple):
    """Somebody who signed in once, and who administers the account."""

    user: UserId
    above: Actor


class Moving(Populating):
    """Each step is tried as it comes: whether it is accepted is for the model to say."""

    def another_address(self, lot: Lot) -> None:
        partner, at = self.model.partners[self.main], self.model.instant(self.main, self.clock.now())
        opened = [user for user in partner.users if self.model.keys[self.main, user].opened]
        living = [user for user in opened if partner.users[user].status(at) != "closed"]
        one = Concerned(lot.one(living or opened), Member(self.main, partner.holder) if partner.holder else AGENT)
        for step in ("ask", "deliver", *lot.one(COURSES)):
            happening: Callable[[Lot, Concerned], None] = getattr(self, f"_{step}")
            happening(lot, one)

    def _ask(self, lot: Lot, one: Concerned) -> None:
        user = self.model.partners[self.main].users[one.user]
        new = f"{one.user}.{len(user.moves)}@oliviers.example"
        own, anybody = Member(self.main, one.user), Member(self.main, lot.user())
        by = lot.one((own, own, one.above, one.above, one.above, one.above, one.above, anybody))
        email = lot.one((new, new, new, lot.email(), A_ROLES, user.written))
        self.attempt("change_email", EmailChanging(self.main, one.user, email), by)

    def _ask_for_a_roles(self, lot: Lot, one: Concerned) -> None:
        """Which anybody may have, but whoever holds the seat by the time it is confirmed (R6)."""
        self.attempt("change_email", EmailChanging(self.main, one.user, A_ROLES), Member(self.main, one.user))
        self.deliver("fine")

    def _deliver(self, lot: Lot, one: Concerned) -> None:
        self.deliver(lot.one(("fine", "fine", *WEATHER)))

    def _confirm(self, lot: Lot, one: Concerned) -> None:
        self._follow(lot, one, "email-confirmation", lambda link: ("confirm_email", EmailConfirmation(link)))

    def _object_to(self, lot: Lot, one: Concerned) -> None:
        self._follow(lot, one, "email-objection", lambda link: ("object_to_email", EmailObjection(link)))

    def _choose(self, lot: Lot, one: Concerned) -> None:
        asked = ("choose_password_by_link", lot.password())
        self._follow(lot, one, "password-link", lambda link: (asked[0], PasswordByLink(link, asked[1])))

    def _follow(self, lot: Lot, one: Concerned, kind: str, asking: Callable[[str], tuple[str, Any]]) -> None:
        """One of the last links of that kind that the user was sent, unless it may have been taken away since."""
        links = [key for key, link in self.model.links.items() if (link.kind, link.user) == (kind, one.user)][-2:]
        kept = [key for key in links if self.model.links[key].expires > self.clock.now() - LINKS_KEPT]
        if kept:
            act, asked = asking(lot.one(kept))
            self.attempt(act, (asked,), None)

    def _wait(self, lot: Lot, one: Concerned) -> None:
        """To about the instant from which the old address can object no more; what waited for it leaves."""
        move = self.model.partners[self.main].users[one.user].move
        if move and move.pending and move.objectable and move.objectable > self.clock.now():
            self.latest.clear()  # what was answered at this instant may have changed since, within it
            self.clock.instant = move.objectable + lot.one(AROUND)
        self.deliver("fine")

    def _forget(self, lot: Lot, one: Concerned) -> None:
        login = self.model.keys[self.main, one.user].login
        if login:
            self.attempt("forgot_password", (login,), None)
            self.deliver("fine")

    def _force(self, lot: Lot, one: Concerned) -> None:
        self.attempt("force_password_change", Forcing(self.main, one.user, Reason("left")), AGENT)
        self.deliver("fine")

    def _suspend(self, lot: Lot, one: Concerned) -> None:
        self.attempt("suspend_user", UserSuspension(self.main, one.user, Reason("left")), one.above)

    def _appoint(self, lot: Lot, one: Concerned) -> None:
        self.attempt("replace_administrator", Replacement(self.main, one.user, Reason("left"), False, False), AGENT)

    def _reopen(self, lot: Lot, one: Concerned) -> None:
        self.attempt("close_user", Closing(self.main, one.user), one.above)
        self.attempt("reopen_user", Reopening(self.main, one.user), one.above)
