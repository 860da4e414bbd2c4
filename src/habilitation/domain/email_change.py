"""A change of e-mail address on its way, and its lifecycle as a table (R13)."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

from attrs import evolve as changed
from attrs import frozen

from habilitation.domain.events import AccountReopened, EmailChanged, EmailConfirmed, EmailKept


class EmailState(Enum):
    """Where a change of address stands."""

    ASKED = "asked"
    CONFIRMED = "confirmed"
    """From the new address; it takes effect once the old one can object no more."""
    CHANGED = "changed"
    KEPT = "kept"
    """Nothing comes of it: the address stays."""


EMAIL_LIFECYCLE: Mapping[tuple[EmailState, type], EmailState] = {
    (EmailState.ASKED, EmailConfirmed): EmailState.CONFIRMED,
    (EmailState.ASKED, EmailKept): EmailState.KEPT,
    (EmailState.ASKED, AccountReopened): EmailState.KEPT,
    (EmailState.CONFIRMED, EmailChanged): EmailState.CHANGED,
    (EmailState.CONFIRMED, EmailKept): EmailState.KEPT,
    (EmailState.CONFIRMED, AccountReopened): EmailState.KEPT,
}
"""What moves a change that was asked for; another one takes its place whatever its state."""

PENDING = frozenset({EmailState.ASKED, EmailState.CONFIRMED})


@frozen
class EmailChange:
    """The latest change of a user's address; the addresses themselves stand with the person (R41)."""

    number: int
    """Counts the changes of this user: links and messages name it."""
    own: bool
    """Whether the owner asked: then nobody need be able to object."""
    state: EmailState = EmailState.ASKED

    def after(self, event: type) -> EmailChange:
        """As the event leaves it; what does not concern it leaves it as it was."""
        return changed(self, state=EMAIL_LIFECYCLE.get((self.state, event), self.state))
