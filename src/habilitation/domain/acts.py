"""Who can do what, and in which states: the whole of it, as data, once (R2, R9, R14–R17, R28–R37).

``ALLOWED`` says whose an act is, ``POSSIBLE`` in which states of organization, agreement, group and account, and
``CONTROLLED`` under whose control; the sets between them say where the operator stands back, and what protects the
holder of the seat. ``authority`` applies them. What the operator alone does moves a lifecycle: those tables stand
beside the states that they move.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

from attrs import frozen

from habilitation.domain.events import (
    AccountClosed,
    AccountReopened,
    CredentialsIssued,
    EmailChangeAsked,
    IdentityUnlinked,
    ManagerDelegated,
    MemberAdded,
    PersonErased,
    UserModified,
    UserReinstated,
    UserRemoved,
    UserSuspended,
    UserUnlocked,
)
from habilitation.domain.organization import AgreementState, Control, GroupState, OrganizationState
from habilitation.domain.user import ACCOUNT_LIFECYCLE, Status


class Role(Enum):
    """What an actor is in an organization, at an instant."""

    OPERATOR = "operator"
    ADMINISTRATOR = "administrator"
    MANAGER = "manager"
    USER = "user"
    SERVICE = "service"


class Act(Enum):
    """What can be asked of the library; the values are the codes by which pages offer them."""

    CREATE = "create"
    MODIFY = "modify"
    CLOSE = "close"
    REOPEN = "reopen"
    REMOVE = "remove"
    ERASE = "erase"
    SUSPEND = "suspend"
    REINSTATE = "reinstate"
    GRANT = "grant"
    WITHDRAW = "withdraw"
    GENERALIZE = "generalize"
    DELEGATE = "delegate"
    REVOKE = "revoke"
    UNLOCK = "unlock"
    CHANGE_EMAIL = "change-email"
    RESEND = "resend"
    MODIFY_OWN = "modify-own"
    LINK_OWN = "link-own"
    UNLINK = "unlink"
    OPERATE = "operate"
    CLAIM = "claim"
    READ = "read"
    AUDIT = "audit"
    LIST_USERS = "list-users"
    LIST_WAITING = "list-waiting"
    LIST_DELEGATIONS = "list-delegations"
    READ_OWN = "read-own"
    EXPLAIN = "explain"


# Whose an act is

PEOPLE = frozenset({Role.OPERATOR, Role.ADMINISTRATOR, Role.MANAGER})
ABOVE = frozenset({Role.OPERATOR, Role.ADMINISTRATOR})
USERS = frozenset({Role.ADMINISTRATOR, Role.MANAGER, Role.USER})
"""Whoever has an account of their own."""

ALLOWED: Mapping[Act, frozenset[Role]] = {
    Act.CREATE: PEOPLE,
    Act.MODIFY: PEOPLE,
    Act.CLOSE: PEOPLE,
    Act.REOPEN: ABOVE,
    Act.REMOVE: ABOVE,
    Act.ERASE: frozenset({Role.OPERATOR}),
    Act.SUSPEND: ABOVE,
    Act.REINSTATE: ABOVE,
    Act.GRANT: PEOPLE,
    Act.WITHDRAW: PEOPLE,
    Act.GENERALIZE: PEOPLE,
    Act.DELEGATE: ABOVE,
    Act.REVOKE: ABOVE,
    Act.UNLOCK: ABOVE,
    Act.CHANGE_EMAIL: ABOVE,
    Act.RESEND: PEOPLE,
    Act.MODIFY_OWN: USERS,
    Act.LINK_OWN: USERS,
    Act.UNLINK: ABOVE,
    Act.OPERATE: frozenset({Role.OPERATOR}),
    Act.CLAIM: frozenset(),  # no role's: first credentials open the only session that claims (R5, R23)
    Act.READ: PEOPLE | {Role.USER},
    Act.AUDIT: ABOVE,
    Act.LIST_USERS: PEOPLE,
    Act.LIST_WAITING: PEOPLE,
    Act.LIST_DELEGATIONS: ABOVE,
    Act.EXPLAIN: PEOPLE,
    Act.READ_OWN: USERS,
}

READING = frozenset(
    {Act.READ, Act.AUDIT, Act.LIST_USERS, Act.LIST_WAITING, Act.LIST_DELEGATIONS, Act.READ_OWN, Act.EXPLAIN}
)
ADMINISTERING = frozenset(Act) - READING - {Act.OPERATE, Act.ERASE, Act.CLAIM, Act.MODIFY_OWN, Act.LINK_OWN}
"""What the organization's people do no more while control is taken (R34)."""
ORDINARY = ADMINISTERING - {Act.SUSPEND, Act.REINSTATE, Act.UNLOCK, Act.UNLINK}
"""What the operator does only while control is taken or nobody holds the seat (R34)."""
PROTECTED: Mapping[Act, frozenset[Role]] = {
    Act.CLOSE: frozenset(Role),
    Act.REMOVE: frozenset(Role),
    Act.ERASE: frozenset(Role),
    Act.SUSPEND: frozenset(Role) - {Role.OPERATOR},
}
"""Who cannot do what to the holder of the seat (R9, I1)."""
OVER_ALL_MEMBERSHIPS = frozenset({Act.MODIFY, Act.CLOSE, Act.RESEND})
"""What a manager may do only where every live membership of the user lies in their scope (R29)."""


# In which states


@frozen
class Possible:
    """The states in which an act is possible, of all that it concerns; the rest it does not look at."""

    organization: frozenset[OrganizationState] = frozenset({OrganizationState.OPEN, OrganizationState.SUSPENDED})
    agreement: frozenset[AgreementState] = frozenset(AgreementState)
    """Of the agreement under which; where it must be in force, its period must not be over either (R2)."""
    group: frozenset[GroupState] = frozenset(GroupState)
    account: frozenset[Status] = frozenset(Status)
    """Of the user on whom."""


def _admitting(event: type) -> frozenset[Status]:
    return frozenset(status for status, admitted in ACCOUNT_LIFECYCLE if admitted is event)


_OPEN = frozenset({OrganizationState.OPEN})
_IN_FORCE = frozenset({AgreementState.VALIDATED})
_OPENED = frozenset({GroupState.OPEN})
_EVER = Possible(frozenset(OrganizationState))

POSSIBLE: Mapping[Act, Possible] = {
    Act.CREATE: Possible(_OPEN, _IN_FORCE, _OPENED),
    Act.MODIFY: Possible(account=_admitting(UserModified)),
    Act.CLOSE: Possible(account=_admitting(AccountClosed)),
    Act.REOPEN: Possible(_OPEN, account=_admitting(AccountReopened)),
    Act.REMOVE: Possible(account=_admitting(UserRemoved)),
    Act.ERASE: Possible(frozenset(OrganizationState), account=_admitting(PersonErased)),
    Act.SUSPEND: Possible(account=_admitting(UserSuspended)),
    Act.REINSTATE: Possible(account=_admitting(UserReinstated)),
    Act.GRANT: Possible(_OPEN, _IN_FORCE, _OPENED, _admitting(MemberAdded)),
    Act.WITHDRAW: Possible(account=frozenset(Status) - {Status.CLOSED}),
    Act.GENERALIZE: Possible(_OPEN, _IN_FORCE, _OPENED, frozenset({Status.OPEN})),
    Act.DELEGATE: Possible(_OPEN, _IN_FORCE, _OPENED, _admitting(ManagerDelegated)),
    Act.REVOKE: Possible(account=frozenset(Status) - {Status.CLOSED}),
    Act.UNLOCK: Possible(account=_admitting(UserUnlocked)),
    Act.CHANGE_EMAIL: Possible(account=_admitting(EmailChangeAsked)),
    Act.RESEND: Possible(account=_admitting(CredentialsIssued)),
    Act.MODIFY_OWN: Possible(account=frozenset({Status.OPEN})),
    Act.LINK_OWN: Possible(account=frozenset({Status.OPEN})),
    Act.UNLINK: Possible(account=_admitting(IdentityUnlinked)),
    Act.OPERATE: Possible(),
    Act.CLAIM: Possible(_OPEN),
    Act.READ: _EVER,
    Act.AUDIT: _EVER,
    Act.LIST_USERS: _EVER,
    Act.LIST_WAITING: _EVER,
    Act.LIST_DELEGATIONS: _EVER,
    Act.READ_OWN: _EVER,
    Act.EXPLAIN: _EVER,
}

CONTROLLED: Mapping[Act, frozenset[Control]] = {
    act: frozenset({Control.OWN}) if act in ADMINISTERING | {Act.CLAIM} else frozenset(Control) for act in Act
}
"""Under whose control the organization's own people do it; the operator's suspension is its own affair (R34)."""

ON_A_USER = (
    Act.MODIFY,
    Act.CLOSE,
    Act.REOPEN,
    Act.REMOVE,
    Act.SUSPEND,
    Act.REINSTATE,
    Act.ERASE,
    Act.GRANT,
    Act.GENERALIZE,
    Act.DELEGATE,
    Act.REVOKE,
    Act.UNLOCK,
    Act.CHANGE_EMAIL,
)
"""The acts that a page offers on a user's row.

Sending credentials again and unbinding an identity are none of them: whether they are possible depends on the
credential, which no row shows (R19, R44).
"""
