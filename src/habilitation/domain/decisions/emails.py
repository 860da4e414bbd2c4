"""An e-mail address changed: asked for, confirmed from the new one, objected to from the old one (R6, R11, R13)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from habilitation.domain import authority
from habilitation.domain.acts import Act
from habilitation.domain.authority import Acting
from habilitation.domain.credential import A_DAY, Credential, Standing
from habilitation.domain.decisions import accounts
from habilitation.domain.email_change import PENDING, EmailChange, EmailState
from habilitation.domain.events import (
    CredentialsIssued,
    EmailChangeAsked,
    EmailChanged,
    EmailConfirmed,
    EmailCorrected,
    EmailKept,
    Event,
)
from habilitation.domain.organization import Organization, OrganizationState
from habilitation.domain.refusals import AccountIsClosed, EmailChangesTooMany, EmailUnchanged, Refusal
from habilitation.domain.user import Status, User, require_admits
from habilitation.domain.values import EmailAddress

ASKING = (EmailChangeAsked, EmailCorrected)
"""What asks for another address, and writes to it."""
OBJECTED, WITHDRAWN = "objected", "withdrawn"
"""The reasons of an address that stays because its reader wants it so, or whoever may change it."""


def changeable(organization: Organization, acting: Acting, user: User | None, at: datetime) -> User:
    """The user, if the actor may ask for another address: one's own, or another's that is not closed (R13, R29)."""
    target = authority.known(acting, user, organization, at)
    if acting.is_user(target):
        return accounts.oneself(organization, acting)
    authority.require_on(acting, Act.CHANGE_EMAIL, target, organization, at)
    require_admits(target, EmailChangeAsked, at)
    return target


def ask(
    organization: Organization,
    acting: Acting,
    user: User,
    credential: Credential,
    present: EmailAddress,
    wanted: EmailAddress,
    same_email: Iterable[User],
    at: datetime,
) -> list[Event]:
    """The change waits to be confirmed; of a person who never signed in it takes effect at once (R11, R13).

    That somebody has the address already is told to whoever may read that user. To anybody else it would tell who is
    there (R37): they are told as they confirm, when they have shown that they read what arrives there.
    """
    if wanted == present:
        return _withdraw(user)
    told = (other for other in same_email if authority.may_read(acting, other, organization, at))
    accounts.require_email_free(told, user.id, at)
    number = user.email_change.number + 1 if user.email_change else 1
    if acting.is_user(user) or credential.opened:
        return [EmailChangeAsked(user.id, number, acting.is_user(user))]
    return [EmailCorrected(user.id, number), *_issued_anew(credential)]


def require_few(decided: Iterable[Event], asked: Iterable[datetime], most: int, at: datetime) -> None:
    """Refuse one more address to write to, where so many were asked for lately: none was proved to be the user's."""
    lately = [before for before in asked if at - before < A_DAY]
    if len(lately) >= most and any(isinstance(event, ASKING) for event in decided):
        raise EmailChangesTooMany(most)


def _withdraw(user: User) -> list[Event]:
    """Whoever asks for the present address wants no other: a change on its way ends, whosesoever (R13, R34)."""
    change = user.email_change
    if change is None or change.state not in PENDING:
        raise EmailUnchanged()
    return [EmailKept(user.id, change.number, WITHDRAWN)]


def confirm(user: User) -> list[Event]:
    """The new address is read by somebody who wants it to be the user's."""
    return [EmailConfirmed(user.id, _latest(user).number)]


def is_due(change: EmailChange, objectable: datetime | None, at: datetime) -> bool:
    """Whether a confirmed change takes effect: nobody need object, or nobody did while it could be done."""
    return change.own or (objectable is not None and objectable <= at)


def take_effect(
    user: User, credential: Credential, same_email: Iterable[User], link: timedelta, at: datetime
) -> list[Event]:
    """Whatever was on its way to the old address is void, and leaves anew (R11, R13).

    A link to choose a password was on its way if one may still be good: ``link`` is how long they are.
    """
    accounts.require_email_free(same_email, user.id, at)
    number = _latest(user).number
    lately = any(at - asked < link for asked in credential.asked)
    anew = credential.generation + number if lately and credential.standing is Standing.OWN else None
    return [EmailChanged(user.id, number, anew), *_issued_anew(credential)]


def _issued_anew(credential: Credential) -> list[Event]:
    if credential.standing is not Standing.PROVISIONAL:
        return []
    return [CredentialsIssued(credential.user, credential.issuing().generation)]


def object_to(organization: Organization, user: User, at: datetime) -> list[Event]:
    """The change ends, confirmed or not; a suspended user can object, or whoever suspends could take over."""
    if is_over(organization, user, at):
        raise AccountIsClosed()
    return [EmailKept(user.id, _latest(user).number, OBJECTED)]


def refuse(user: User, refusal: Refusal) -> list[Event]:
    """The change ends, as it was to take effect and could not."""
    return [EmailKept(user.id, _latest(user).number, refusal.code)]


def awaiting(organization: Organization | None, user: User | None, number: int, at: datetime) -> EmailChange | None:
    """That change, if it was confirmed and is yet to take effect."""
    if user is None or user.email_change is None or is_over(organization, user, at):
        return None
    confirmed = user.email_change.state is EmailState.CONFIRMED
    return user.email_change if confirmed and user.email_change.number == number else None


def is_over(organization: Organization | None, user: User, at: datetime) -> bool:
    """Whether there is no account left whose address could change (R1, R14)."""
    closed = organization is None or organization.state is OrganizationState.CLOSED
    return closed or user.status(at) is Status.CLOSED


def _latest(user: User) -> EmailChange:
    assert user.email_change is not None, "only a change that was asked for goes on"
    return user.email_change
