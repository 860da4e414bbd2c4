"""What happens where an identity provider signs people in (R44)."""

from __future__ import annotations

from habilitation.domain.requests import Activation, IdentityLink
from habilitation.testing.machine.lots import SUBJECTS, TOKENS, Lot
from habilitation.testing.machine.populating import Populating

IDENTIFICATION = {"sign_in_externally": 4, "link_identity": 4, "unlink_identity": 3, "activate": 2}
"""How often each act is tried."""
OVERTAKEN = 0.25


class Activating(Populating):
    """Links followed, by whoever reads them, and identities that open accounts."""

    def identification(self, lot: Lot) -> None:
        """Identities bound, unbound, and let in or not."""
        self.aim(lot, IDENTIFICATION, ("administrator", "manager", "user", "signed in"))

    def arrival(self, lot: Lot) -> None:
        """Somebody follows one of the links that are good, or were until lately; or all that wait leave first."""
        sent = [link for user in self.model.partners[self.main].users for link in self.links_of(self.main, user)]
        if sent:
            self.follow(lot, lot.one(sent))
        else:
            self.deliver("fine")

    def follow(self, lot: Lot, link: str) -> None:
        """As somebody, who seldom has an account there already; and again, as whoever reads the message later."""
        self.attempt("activate", (Activation(link, TOKENS.proof(self._newcomer(lot))),), None)
        if lot.likely():
            self.attempt("activate", (Activation(link, TOKENS.proof(lot.one(SUBJECTS))),), None)

    def overtake(self, lot: Lot, identity: str | None) -> None:
        """At times the identity that is about to claim is bound to another account just before (R5)."""
        members = [member for member, role in self.roles_now().items() if role in ("manager", "user")]
        if identity and members and lot.random.random() < OVERTAKEN:
            self.attempt("link_identity", IdentityLink(self.main, TOKENS.proof(identity)), lot.one(members))

    def _newcomer(self, lot: Lot) -> str:
        bound = {key.identity for (where, _), key in self.model.keys.items() if where == self.main}
        free = [subject for subject in SUBJECTS if subject not in bound]
        return lot.one(free if free and not lot.seldom() else SUBJECTS)
