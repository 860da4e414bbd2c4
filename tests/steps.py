"""What tests ask of a portal, in a word each; and what a refusal must leave as it was."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import pytest
from attrs import evolve, frozen

from habilitation import Habilitation
from habilitation.domain.access import Answer
from habilitation.domain.actors import Actor, Member
from habilitation.domain.acts import Act
from habilitation.domain.decisions.generalizing import Outcome
from habilitation.domain.email_change import EmailState
from habilitation.domain.events import Event, FirstCredentialsIssued
from habilitation.domain.journal import Record
from habilitation.domain.organization import Agreement
from habilitation.domain.period import Dates
from habilitation.domain.refusals import Conflict, Refusal
from habilitation.domain.requests import (
    AccessQuestion,
    AgreementDates,
    AgreementEnding,
    AgreementResumption,
    AgreementSuspension,
    Closing,
    ControlReturn,
    ControlTaking,
    EmailChanging,
    EmailConfirmation,
    EmailObjection,
    Erasure,
    Forcing,
    ForcingOfAll,
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
    PasswordByLink,
    Reason,
    Removal,
    Reopening,
    Replacement,
    Resending,
    Revocation,
    RoleAssignment,
    RoleRefusal,
    Unlocking,
    UserChanges,
    UserQuestion,
    UserReinstatement,
    UserSuspension,
    Vacancy,
)
from habilitation.domain.scope import Scope
from habilitation.domain.security import SecurityFact
from habilitation.domain.user import Status, User
from habilitation.domain.values import AgreementId, GroupCode, MessageId, OrganizationId, Permission, UserId
from habilitation.ports.outbox import Delivery
from habilitation.ports.security_log import LineFilter
from habilitation.ports.store import Transaction
from habilitation.testing.world import AGENT, World
from habilitation.use_cases.views import UserView

TODAY = date(2026, 11, 22)
"""The day on which every world begins, a Sunday at 10:30 in Paris."""
WHY = Reason("departure")

Who = User | Member


def day(number: int) -> date:
    """That many days after today."""
    return TODAY + timedelta(days=number)


def ident(who: Who) -> UserId:
    return who.id if isinstance(who, User) else who.user


# Users


def new_user(world: World, **fields: Any) -> NewUser:
    """The form, filled in; ``fields`` are typed over it."""
    filled: dict[str, Any] = {
        "organization": world.organization.id,
        "agreement": world.agreement.id,
        "last_name": "Petit",
        "first_name": "Luc",
        "email": "luc.petit@oliviers.example",
    }
    return NewUser(**(filled | fields))


def create(world: World, by: Actor | None = None, **fields: Any) -> User:
    return world.portal.create_user(new_user(world, **fields), by=by or world.admin)


def modify(world: World, who: Who, by: Actor | None = None, **fields: Any) -> User:
    asked = UserChanges(world.organization.id, ident(who), **fields)
    return world.portal.modify_user(asked, by=by or world.admin)


def close(world: World, who: Who, on: date | None = None, by: Actor | None = None) -> User:
    return world.portal.close_user(Closing(world.organization.id, ident(who), on), by=by or world.admin)


def reopen(world: World, who: Who, dates: Dates = Dates(), by: Actor | None = None) -> User:
    return world.portal.reopen_user(Reopening(world.organization.id, ident(who), dates), by=by or world.admin)


def suspend(world: World, who: Who, by: Actor | None = None, reason: Reason = WHY) -> User:
    return world.portal.suspend_user(UserSuspension(world.organization.id, ident(who), reason), by=by or world.admin)


def reinstate(world: World, who: Who, by: Actor | None = None) -> User:
    return world.portal.reinstate_user(UserReinstatement(world.organization.id, ident(who)), by=by or world.admin)


def remove(world: World, who: Who, by: Actor | None = None) -> User:
    return world.portal.remove_user(Removal(world.organization.id, ident(who)), by=by or world.admin)


def unlock(world: World, who: Who, by: Actor | None = None) -> User:
    return world.portal.unlock(Unlocking(world.organization.id, ident(who)), by=by or world.admin)


def logged(world: World, **wanted: Any) -> list[SecurityFact]:
    """What the security log keeps, oldest first; looked at from beneath, since to read it is a reading (R36)."""
    lines = world.portal.ports.store.security_log.lines(LineFilter(**wanted), None, 10_000)
    return [line.fact for line in lines][::-1]


def erase(world: World, who: Who, by: Actor = AGENT, reason: str = "request") -> User:
    """With nothing left in the store's files."""
    erased = world.portal.erase_person(Erasure(world.organization.id, ident(who), reason), by=by)
    assert erased.residue is None
    return erased.user


def resend(world: World, who: Who, by: Actor | None = None) -> User:
    return world.portal.resend_credentials(Resending(world.organization.id, ident(who)), by=by or world.admin)


def force(world: World, who: Who, reason: Reason = WHY, by: Actor = AGENT) -> User:
    return world.portal.force_password_change(Forcing(world.organization.id, ident(who), reason), by=by)


def force_all(world: World, reason: Reason = WHY, by: Actor = AGENT) -> dict[UserId, str | None]:
    """What everybody's forcing was refused for, if anything."""
    outcomes = world.portal.force_all_password_changes(ForcingOfAll(world.organization.id, reason), by=by)
    return {outcome.user: outcome.refused for outcome in outcomes}


# Groups


def add(
    world: World,
    who: Who,
    group: GroupCode,
    dates: Dates = Dates(),
    by: Actor | None = None,
    agreement: AgreementId | None = None,
) -> User:
    asked = GroupAddition(world.organization.id, ident(who), agreement or world.agreement.id, group, dates)
    return world.portal.add_to_group(asked, by=by or world.admin)


def change(world: World, who: Who, dates: Dates, number: int = 1, by: Actor | None = None) -> User:
    asked = MembershipDates(world.organization.id, ident(who), number, dates)
    return world.portal.change_membership(asked, by=by or world.admin)


def take_out(world: World, who: Who, number: int = 1, by: Actor | None = None) -> User:
    asked = GroupRemoval(world.organization.id, ident(who), number)
    return world.portal.remove_from_group(asked, by=by or world.admin)


def assign(world: World, who: Who, number: int = 1, document: str = "PJ3-0001", by: Actor = AGENT) -> User:
    return world.portal.assign_role(RoleAssignment(world.organization.id, ident(who), number, document), by=by)


def refuse_role(world: World, who: Who, number: int = 1, reason: Reason = WHY, by: Actor = AGENT) -> User:
    return world.portal.refuse_role(RoleRefusal(world.organization.id, ident(who), number, reason), by=by)


def generalize(
    world: World, who: Who, by: Actor | None = None, agreement: AgreementId | None = None
) -> dict[UserId, Outcome]:
    asked = Generalization(world.organization.id, agreement or world.agreement.id, ident(who))
    return {outcome.user: outcome for outcome in world.portal.generalize_to_all(asked, by=by or world.admin)}


# Delegation and the seat


def delegate(world: World, who: Who, *groups: GroupCode, dates: Dates = Dates(), by: Actor | None = None) -> User:
    """Over those groups of the agreement; over all groups if none is named."""
    scope = Scope(frozenset(map(world.place, groups)) if groups else None)
    asked = NewManager(world.organization.id, ident(who), scope, dates)
    return world.portal.delegate_manager(asked, by=by or world.admin)


def revoke(world: World, who: Who, by: Actor | None = None) -> User:
    return world.portal.revoke_manager(Revocation(world.organization.id, ident(who)), by=by or world.admin)


def replace(world: World, who: Who, by: Actor = AGENT, **choices: Any) -> None:
    asked = Replacement(world.organization.id, ident(who), choices.pop("reason", WHY), **choices)
    world.portal.replace_administrator(asked, by=by)


def vacate(world: World, by: Actor = AGENT, **choices: Any) -> None:
    asked = Vacancy(world.organization.id, choices.pop("reason", WHY), **choices)
    world.portal.declare_vacancy(asked, by=by)


# What somebody forgot


def own(world: World, who: User) -> tuple[str, str]:
    """The login and the e-mail of a user who signed in and chose a password."""
    world.sign_in(who)
    row = show(world, who)
    assert row.login is not None
    assert row.person is not None
    return row.login.text, row.person.email.text


def link_to(world: World, email: str) -> str:
    """What the link in the message that arrives there last brings."""
    world.portal.deliver_notifications()
    return world.mailbox.token_for(email)


def choose_by(world: World, token: str, password: str = "another long password") -> None:
    world.portal.choose_password_by_link(PasswordByLink(token, password))


# Another address

NEW_EMAIL = "new@oliviers.example"


def change_email(world: World, who: Who, email: str = NEW_EMAIL, by: Actor | None = None, **fields: Any) -> User:
    asked = EmailChanging(world.organization.id, ident(who), email, **fields)
    return world.portal.change_email(asked, by=by or world.admin)


def confirm(world: World, token: str) -> EmailState:
    return world.portal.confirm_email(EmailConfirmation(token))


def object_to(world: World, token: str) -> None:
    world.portal.object_to_email(EmailObjection(token))


def email_of(world: World, who: Who) -> str:
    """The address that the user has now."""
    person = show(world, who).person
    assert person is not None
    return person.email.text


# The operator

ORGANIZATION: dict[str, Callable[[OrganizationId], Any]] = {
    "suspend_organization": lambda org: OrganizationSuspension(org, WHY),
    "resume_organization": OrganizationResumption,
    "take_back_control": lambda org: ControlTaking(org, WHY),
    "return_control": ControlReturn,
    "close_organization": lambda org: OrganizationClosing(org, WHY),
}
AGREEMENT: dict[str, Callable[..., Any]] = {
    "suspend_agreement": lambda *of: AgreementSuspension(of[0], of[1], WHY),
    "resume_agreement": AgreementResumption,
    "end_agreement": lambda *of: AgreementEnding(of[0], of[1], WHY),
    "suspend_group": lambda *of: GroupSuspension(of[0], of[1], of[2], WHY),
    "resume_group": GroupResumption,
    "withdraw_group": lambda *of: GroupWithdrawal(of[0], of[1], of[2], WHY),
    "open_group": GroupOpening,
}
"""What each act is asked, of an organization, or of its agreement and perhaps a group."""


def operate(world: World, act: str, *groups: GroupCode, by: Actor = AGENT) -> Any:
    """The operator's act of that name on the organization, or on its agreement and that group."""
    of = world.organization.id
    asked = ORGANIZATION[act](of) if act in ORGANIZATION else AGREEMENT[act](of, world.agreement.id, *groups)
    return getattr(world.portal, act)(asked, by=by)


def reschedule(world: World, dates: Dates, by: Actor = AGENT) -> Agreement:
    asked = AgreementDates(world.organization.id, world.agreement.id, dates)
    return world.portal.change_agreement_period(asked, by=by)


# Questions


def check(world: World, who: Who, permission: Permission, by: Actor = AGENT) -> Answer:
    asked = AccessQuestion(world.organization.id, ident(who), permission)
    return world.portal.check_access(asked, by=by)


def show(world: World, who: Who, by: Actor = AGENT) -> UserView:
    return world.portal.show_user(UserQuestion(world.organization.id, ident(who)), by=by)


def status(world: World, who: Who) -> Status:
    return show(world, who).status


def offered(world: World, who: Who, by: Actor) -> set[Act]:
    """The acts that a page offers to ``by`` on that row."""
    return set(show(world, who, by).acts)


def records(world: World, organization: OrganizationId | None = None) -> list[Record[Event]]:
    """The organization's journal, oldest first."""
    store = world.portal.ports.store
    return [store.decode(entry) for entry in store.entries(organization or world.organization.id)]


def deliveries(world: World) -> list[Delivery]:
    """Every message that ever entered the outbox, oldest first."""
    outbox = world.portal.ports.store.outbox
    found = (outbox.find(MessageId(f"id-{number:06}")) for number in range(1, _ids_given(world) + 1))
    return [delivery for delivery in found if delivery]


def _ids_given(world: World) -> int:
    numbers = world.portal.ports.identifiers.numbers  # type: ignore[attr-defined]
    return int(repr(numbers).removeprefix("count(").removesuffix(")")) - 1


# What a refusal leaves


def picture(world: World) -> dict[str, Any]:
    """All that the store keeps, as far as its port can show it: catalog, journals, users, credentials, outbox."""
    store = world.portal.ports.store
    kept: dict[str, Any] = {"catalog": store.catalog_entries(), "outbox": deliveries(world)}
    for organization in store.organizations():
        kept[organization] = store.entries(organization)
        people = {getattr(record.event, "user", None) for record in records(world, organization)}
        with store.reading(organization) as rows:
            kept[f"{organization}: state"] = (rows.organization, rows.head, rows.particulars())
            kept[f"{organization}: rows"] = {id: rows.find_row(id) for id in people if id}
            kept[f"{organization}: credentials"] = {id: rows.find_credential(id) for id in people if id}
    return kept


@contextmanager
def unchanged(world: World) -> Iterator[None]:
    """I8: state, journal and outbox are after it as they were before."""
    before = picture(world)
    yield
    assert picture(world) == before


@contextmanager
def refused(world: World, code: str, **data: Any) -> Iterator[None]:
    """It is refused with that code, saying that of it, and leaves everything as it was (I8)."""
    with unchanged(world), pytest.raises(Refusal) as caught:
        yield
    assert caught.value.code == code
    assert data.items() <= caught.value.data.items()


@frozen
class Instead:
    """What stands for something else, but for what a test changed in it."""

    kept: Any
    changed: dict[str, Any]

    def __getattr__(self, name: str) -> Any:
        return self.changed[name] if name in self.changed else getattr(self.kept, name)


def over(world: World, **changed: Any) -> Habilitation:
    """The same portal over the same store, but for what changed in it."""
    ports = world.portal.ports
    return Habilitation(evolve(ports, store=Instead(ports.store, changed)))


def contended(world: World, times: int) -> list[None]:
    """Somebody else is quicker that many times; how many are left."""
    store = world.portal.ports.store
    left: list[None] = [None] * times

    @contextmanager
    def writing(organization: OrganizationId) -> Iterator[Transaction]:
        with store.writing(organization) as rows:
            yield rows
            if left:
                left.pop()
                raise Conflict()

    world.portal = over(world, writing=writing)
    return left


def reserved(world: World) -> list[UserId]:
    """The users whom first credentials were issued for, oldest first (R4)."""
    return [record.event.user for record in records(world) if isinstance(record.event, FirstCredentialsIssued)]
