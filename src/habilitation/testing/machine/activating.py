"""What happens where an identity provider signs people in (R44)."""

from __future__ import annotations

from habilitation.domain.requests import Activation
from habilitation.testing.machine.lots import SUBJECTS, TOKENS, Lot
from habilitation.testing.machine.populating import Populating

IDENTIFICATION = {"sign_in_externally": 4, "link_identity": 4, "unlink_identity": 3, "activate": 2}
"""How often each act is tried."""


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

    def _newcomer(self, lot: Lot) -> str:
        bound = {key.identity for (where, _), key in self.model.keys.items() if where == self.main}
        free = [subject for subject in SUBJECTS if subject not in bound]
        return lot.one(free if free and not lot.seldom() else SUBJECTS)
