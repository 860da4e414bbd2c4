"""Binding identities at a provider to accounts, and unbinding them (R44)."""

from __future__ import annotations

from datetime import datetime

from attrs import frozen

from habilitation.domain import authority
from habilitation.domain.acts import Act
from habilitation.domain.authority import Acting
from habilitation.domain.credential import Credential
from habilitation.domain.events import Event, IdentityLinked, IdentityUnlinked
from habilitation.domain.organization import Organization
from habilitation.domain.refusals import IdentityLinkedAlready, IdentityNotLinked, IdentityTaken
from habilitation.domain.user import Status, User, require_admits


@frozen
class Held:
    """Another account of the organization that the identity opens, or opened until it was closed."""

    credential: Credential
    user: User


@frozen
class Binding:
    """What binding an identity comes to: facts, and credentials in the order in which they change."""

    events: tuple[Event, ...]
    credentials: tuple[Credential, ...]
    """The one that the identity opens from now on is the last."""


def bind(credential: Credential, identity: str, held: Held | None, at: datetime) -> Binding:
    """One account of an organization for one identity; an account that is closed gives its identity up."""
    if credential.identity == identity:
        raise IdentityLinkedAlready()
    bound = Binding((IdentityLinked(credential.user),), (credential.binding(identity),))
    if held is None:
        return bound
    if held.user.status(at) is not Status.CLOSED:
        raise IdentityTaken()
    given_up, freed = IdentityUnlinked(held.user.id), held.credential.unbinding()
    return Binding((given_up, *bound.events), (freed, *bound.credentials))


def activate(
    organization: Organization, user: User, credential: Credential, identity: str, held: Held | None, at: datetime
) -> Binding:
    """By a link that was sent: to whoever signing in would let in."""
    authority.require_open(user, organization, at)
    return bind(credential, identity, held, at)


def oneself(organization: Organization, acting: Acting) -> User:
    """The acting user: an identity is bound to no other account, or whoever edits users could become them."""
    authority.require(acting, Act.LINK_OWN, organization)
    assert acting.user is not None, "roles of an organization are its users'"
    return acting.user


def unlink(
    organization: Organization, acting: Acting, user: User | None, credential: Credential | None, at: datetime
) -> Binding:
    """From the own account, or another's; where no password is left, first credentials can be sent again (R19)."""
    target = authority.known(acting, user, organization, at)
    if acting.is_user(target):
        oneself(organization, acting)
    else:
        authority.require_on(acting, Act.UNLINK, target, organization, at)
    require_admits(target, IdentityUnlinked, at)
    if credential is None or credential.identity is None:
        raise IdentityNotLinked()
    return Binding((IdentityUnlinked(target.id),), (credential.unbinding(),))
