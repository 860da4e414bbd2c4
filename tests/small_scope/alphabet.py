"""Everything that anybody can ask in a situation: each act, by each actor, on each target."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import chain, product
from typing import Any

from attrs import frozen

from habilitation.domain.actors import Actor, Member
from habilitation.domain.period import Dates
from habilitation.domain.requests import (
    AdministratorClaim,
    AgreementEnding,
    AgreementResumption,
    AgreementSuspension,
    Closing,
    ControlReturn,
    ControlTaking,
    Erasure,
    Forcing,
    Generalization,
    GroupAddition,
    GroupOpening,
    GroupRemoval,
    GroupResumption,
    GroupSuspension,
    GroupWithdrawal,
    MembershipDates,
    NewManager,
    NewUser,
    OrganizationClosing,
    OrganizationResumption,
    OrganizationSuspension,
    Reason,
    Reissue,
    Removal,
    Reopening,
    Replacement,
    Resending,
    Revocation,
    RoleAssignment,
    RoleRefusal,
    Unlocking,
    UserChanges,
    UserReinstatement,
    UserSuspension,
    Vacancy,
)
from habilitation.domain.scope import ALL_GROUPS, Scope
from habilitation.domain.values import Place, UserId
from habilitation.testing.world import AGENT, PASSWORD
from tests.small_scope.situation import Situation

DOUBT = Reason("doubt")
A_DAY = timedelta(days=1)
MOST_USERS = 6
"""No more are created: who is there already is enough for every rule."""


@frozen
class Ask:
    """A use case, by its name on ``Habilitation``; what it is asked, and who asks."""

    act: str
    asked: Any
    by: Actor

    def __str__(self) -> str:
        return f"{self.act} by {getattr(self.by, 'user', self.by)}: {self.asked}"


def asks(now: Situation) -> Iterator[Ask]:
    """All of them; most are refused."""
    actors = _actors(now)
    for act, asked in chain(_on_users(now), _on_the_organization(now)):
        for by in actors:
            yield Ask(act, asked, by)
    for user in now.credentials:
        claim = AdministratorClaim("Claire", "Petit", f"{user}@oliviers.example", PASSWORD, "2026-1")
        yield Ask("claim_administrator", claim, now.first_session(user))


def _actors(now: Situation) -> list[Actor]:
    """The operator, the administrator, each manager and, of those who are nothing, one of each status."""
    kinds: dict[object, Member] = {}
    for id, user in now.users.items():
        special = now.organization.is_held_by(id) or user.account.delegation is not None
        kinds.setdefault(id if special else user.status(now.now), Member(now.organization.id, id))
    return [AGENT, *kinds.values()]


def _tomorrow(now: Situation) -> date:
    return (now.now + A_DAY).date()


def _places(now: Situation) -> list[Place]:
    return [Place(each.id, group) for each in now.organization.agreements.values() for group in each.groups]


def _on_users(now: Situation) -> Iterator[tuple[str, Any]]:
    for user in now.users:
        yield from _on_account(now, user)
        yield from _on_memberships(now, user)
        yield from _on_seat(now, user)


def _on_account(now: Situation, user: UserId) -> Iterator[tuple[str, Any]]:
    ids = (now.organization.id, user)
    yield "modify_user", UserChanges(*ids, dates=Dates(None, _tomorrow(now)))
    yield "modify_user", UserChanges(*ids, dates=Dates())
    yield "close_user", Closing(*ids)
    yield "close_user", Closing(*ids, _tomorrow(now))
    yield "reopen_user", Reopening(*ids)
    yield "remove_user", Removal(*ids)
    yield "erase_person", Erasure(*ids, "request")
    yield "suspend_user", UserSuspension(*ids, DOUBT)
    yield "reinstate_user", UserReinstatement(*ids)
    yield "resend_credentials", Resending(*ids)
    yield "force_password_change", Forcing(*ids, DOUBT)
    yield "unlock", Unlocking(*ids)
    yield "delegate_manager", NewManager(*ids, ALL_GROUPS)
    yield "delegate_manager", NewManager(*ids, Scope(frozenset(_places(now)[:1])))
    yield "delegate_manager", NewManager(*ids, Scope(frozenset(_places(now)[1:2])), Dates(None, _tomorrow(now)))
    yield "revoke_manager", Revocation(*ids)


def _on_memberships(now: Situation, user: UserId) -> Iterator[tuple[str, Any]]:
    ids = (now.organization.id, user)
    for place in _places(now):
        yield "add_to_group", GroupAddition(*ids, place.agreement, place.group)
        yield "add_to_group", GroupAddition(*ids, place.agreement, place.group, Dates(_tomorrow(now), None))
    for number in {held.number for held in now.users[user].account.memberships}:
        yield "change_membership", MembershipDates(*ids, number, Dates(None, _tomorrow(now)))
        yield "change_membership", MembershipDates(*ids, number, Dates())
        yield "remove_from_group", GroupRemoval(*ids, number)
        yield "assign_role", RoleAssignment(*ids, number, "DOC-1")
        yield "refuse_role", RoleRefusal(*ids, number, DOUBT)
    for agreement in now.organization.agreements:
        yield "generalize_to_all", Generalization(now.organization.id, agreement, user)


def _on_seat(now: Situation, user: UserId) -> Iterator[tuple[str, Any]]:
    for closing, ending in product((False, True), repeat=2):
        yield "replace_administrator", Replacement(now.organization.id, user, DOUBT, closing, ending)


def _on_the_organization(now: Situation) -> Iterator[tuple[str, Any]]:
    id = now.organization.id
    yield "suspend_organization", OrganizationSuspension(id, DOUBT)
    yield "resume_organization", OrganizationResumption(id)
    yield "close_organization", OrganizationClosing(id, DOUBT)
    yield "take_back_control", ControlTaking(id, DOUBT)
    yield "return_control", ControlReturn(id)
    yield "declare_vacancy", Vacancy(id, DOUBT)
    yield "declare_vacancy", Vacancy(id, DOUBT, close_former=True, end_delegations=True)
    yield "reissue_credentials", Reissue(id)
    for agreement in now.organization.agreements:
        yield "suspend_agreement", AgreementSuspension(id, agreement, DOUBT)
        yield "resume_agreement", AgreementResumption(id, agreement)
        yield "end_agreement", AgreementEnding(id, agreement, DOUBT)
        if len(now.users) < MOST_USERS:
            yield "create_user", _new_user(now, agreement)
    for place in _places(now):
        where = (id, place.agreement, place.group)
        yield "suspend_group", GroupSuspension(*where, DOUBT)
        yield "resume_group", GroupResumption(*where)
        yield "withdraw_group", GroupWithdrawal(*where, DOUBT)
        yield "open_group", GroupOpening(*where)


def _new_user(now: Situation, agreement: Any) -> NewUser:
    """One whose address is free, or somebody's who is there already (R11)."""
    groups = tuple(now.organization.agreements[agreement].groups)[:1]
    return NewUser(now.organization.id, agreement, "Petit", "Luc", "luc@oliviers.example", groups=groups)
