"""One-time links: what lets whoever reads a mailbox do one thing, once, for a while (R13, R21, R44)."""

from __future__ import annotations

from datetime import datetime
from enum import Enum

from attrs import frozen

from habilitation.domain.credential import Credential
from habilitation.domain.refusals import LinkExpired, LinkUnknown, LinkUsed
from habilitation.domain.user import User
from habilitation.domain.values import OrganizationId, UserId


class LinkPurpose(Enum):
    """What a link is good for; its address names it so."""

    PASSWORD = "password"
    """To choose a password in the place of a forgotten one (R21)."""
    EMAIL = "email"
    """To confirm a new address, from there (R13)."""
    OBJECTION = "objection"
    """To object to a change of address, from the old one (R13)."""
    ACTIVATION = "activation"
    """To bind one's identity at a provider to the account (R44)."""


LASTING = frozenset({LinkPurpose.OBJECTION})
"""Kept when they are over: while a change of address waits, they tell that the old address was told of it (R13)."""


@frozen
class Link:
    """A link as it is kept, beside the SHA-256 of its token. A token has at least 100 random bits.

    ``generation`` numbers what the link is for: of a purpose that goes by the credential, the credential's own. All
    links of one generation work until one of them is used, which begins another. For a change of address it is the
    change's number.
    """

    organization: OrganizationId
    user: UserId
    purpose: LinkPurpose
    generation: int
    expires: datetime


def proof(user: User | None, credential: Credential) -> int:
    """The generation of what is sent to open the account: another credential begins one, and so does another address.

    First credentials are nobody's yet, and go to no address of a user's (R4, R13, R20).
    """
    return credential.generation + (user.address if user else 0)


def known(link: Link | None, purpose: LinkPurpose) -> Link:
    """The link, if it is for that; another purpose's says no more than one that nobody sent (R37)."""
    if link is None or link.purpose is not purpose:
        raise LinkUnknown()
    return link


def require_usable(link: Link, generation: int | None, at: datetime) -> None:
    """Refuse a link that came too late, or whose generation is no more the one that counts."""
    if link.expires <= at:
        raise LinkExpired()
    if link.generation != generation:
        raise LinkUsed()
