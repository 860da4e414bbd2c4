"""As what the author of a fact acted: the operator, the administrator, a manager and under what (R28, R34, R40)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from attrs import frozen

from habilitation.domain.actors import OperatorAgent, Side
from habilitation.domain.acts import Role
from habilitation.domain.events import (
    Event,
    ManagerDelegated,
    PasswordForced,
    PersonErased,
    RoleAssigned,
    RoleRefused,
    UserEvent,
    UserReinstated,
    UserSuspended,
    UserUnlocked,
)
from habilitation.domain.hindsight import Facts
from habilitation.domain.journal import Record, State, replay
from habilitation.domain.organization import Control
from habilitation.domain.scope import Scope
from habilitation.domain.values import UserId


@frozen
class Mandate:
    """The delegation under which a manager acted, as its scope then was, and the fact that gave it (R28, R32)."""

    scope: Scope
    given: Record[Event]


@frozen
class Deed:
    """A fact, and as what its author acted."""

    fact: Record[Event]
    role: Role
    mandate: Mandate | None = None
    """Where a manager acted."""
    instead: bool = False
    """Whether the operator acted in the place of the organization's people, having taken back control (R34)."""


@frozen
class Authors:
    """What the journal tells of the organization itself, and of each of its people who acted."""

    own: Sequence[Record[Event]]
    people: Mapping[UserId, Facts]

    def deed(self, fact: Record[Event]) -> Deed:
        """As what the author acted is found as the act found it: in what had been recorded before."""
        if isinstance(fact.by, OperatorAgent):
            return Deed(fact, Role.OPERATOR, instead=self._is_instead(fact))
        author = fact.by.user
        before = [each for each in self.people[author].records if each.sequence < fact.sequence]
        state = replay(before)
        if state.organization and state.organization.is_held_by(author):
            return Deed(fact, Role.ADMINISTRATOR)
        user = state.users.get(author)
        scope = user.scope(fact.at) if user else None
        return Deed(fact, Role.MANAGER, Mandate(scope, _given(before))) if scope else Deed(fact, Role.USER)

    def _is_instead(self, fact: Record[Event]) -> bool:
        state: State = replay(each for each in self.own if each.sequence < fact.sequence)
        taken = state.organization is not None and state.organization.control is Control.TAKEN
        return taken and isinstance(fact.event, UserEvent) and not _is_the_operators(fact.event)


def _is_the_operators(event: UserEvent) -> bool:
    """Whether it is the operator's affair, whoever administers (R17, R22, R24, R26, R41)."""
    if isinstance(event, UserSuspended | UserReinstated):
        return event.side is Side.OPERATOR
    return isinstance(event, RoleAssigned | RoleRefused | PasswordForced | PersonErased | UserUnlocked)


def _given(about: Sequence[Record[Event]]) -> Record[Event]:
    """The latest delegation: a new one replaces the former (R28)."""
    return next(each for each in reversed(about) if isinstance(each.event, ManagerDelegated))
