"""The queue of messages that leave: written with the act that gave rise to them, emptied afterwards (R20)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import Enum
from typing import Protocol

from attrs import evolve, frozen

from habilitation.domain.messages import Message
from habilitation.domain.values import MessageId, OrganizationId, UserId


class MessageState(Enum):
    """Where a message stands."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    DROPPED = "dropped"
    """Its generation was used, or its user closed: there is nothing left to say (R20)."""
    DEAD = "dead"
    """Given up, and listed until somebody tries again."""


SETTLED = frozenset({MessageState.DELIVERED, MessageState.DROPPED})
"""Where nothing is left to be done, by anybody."""


@frozen
class Delivery:
    """A message and what became of it so far."""

    message: Message
    state: MessageState
    attempts: int
    due: datetime
    """Not to be tried before."""
    problem: str = ""
    """What the last attempt met, without any secret."""

    def concerns(self, user: UserId) -> bool:
        """Whether it is to the user, or about the user."""
        return user in (self.message.notice.to, self.message.notice.about)

    def silenced(self) -> Delivery:
        """What is left of it once whoever it concerns is erased: nothing leaves any more, nor tells what was met."""
        delivered = self.state is MessageState.DELIVERED
        return evolve(self, state=self.state if delivered else MessageState.DROPPED, problem="")


class Outbox(Protocol):
    """Outside the organizations' versions: delivering never makes an administrator's act conflict."""

    def take(
        self, now: datetime, until: datetime, most: int, organization: OrganizationId | None = None
    ) -> Sequence[Delivery]:
        """Up to ``most`` waiting messages that are due, oldest first; none else gets them before ``until``.

        Each is returned with its attempt counted.
        """
        ...

    def settle(self, delivery: Delivery) -> None:
        """Store the state, attempts, due instant and problem of a delivery that was taken, or that was dead.

        One that was dropped meanwhile, or that is gone with its organization, stays so (R18).
        """
        ...

    def dead(
        self, organization: OrganizationId | None = None, after: MessageId | None = None, most: int | None = None
    ) -> Sequence[Delivery]:
        """The dead letters in the order of their ids, which is that of the acts: those after that id, ``most`` at most.

        The id may be of any message, or of none any more: a letter that is tried again meanwhile moves nobody's place.
        """
        ...

    def prune(self, before: datetime, most: int) -> None:
        """Take away messages that were delivered or dropped before then, ``most`` at most, the oldest first.

        One that waits or is dead stays, however old.
        """
        ...

    def find(self, message: MessageId) -> Delivery | None: ...
