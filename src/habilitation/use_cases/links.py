"""One-time links: made up as their message leaves, and followed back to what they are for (R13, R20, R21, R44).

An outbox row asks for *a link for a purpose, of a generation*. Delivery makes a token up, keeps its digest, and sends;
a retried delivery makes another up. Whoever comes back with a token is held to the same generation.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from operator import attrgetter

from attrs import frozen

from habilitation.domain.credential import Credential
from habilitation.domain.email_change import PENDING, EmailState
from habilitation.domain.limits import Limits
from habilitation.domain.link import Link, LinkPurpose, known, proof, require_usable
from habilitation.domain.messages import LINK_KINDS, Message, Notice
from habilitation.domain.user import User
from habilitation.domain.values import UserId
from habilitation.ports.links import Links
from habilitation.ports.store import Snapshot
from habilitation.use_cases.actors import digest

KEPT_OVER = timedelta(days=30)
"""How long a link is told to be used or expired once it is over; then it is unknown."""


@frozen
class Bounds:
    """What holds the links of a purpose."""

    lifetime: Callable[[Limits], timedelta]
    """From delivery on."""
    generation: Callable[[Snapshot, UserId], int | None]
    """The generation that counts now, if any."""
    waits: bool = False
    """Whether it counts from the account's opening on, if that comes later, like a provisional password (R19)."""


def _of_credential(rows: Snapshot, user: UserId) -> int | None:
    credential = rows.find_credential(user)
    return proof(rows.find_user(user), credential) if credential else None


def _of_change(*states: EmailState) -> Callable[[Snapshot, UserId], int | None]:
    """The number of the latest change of address, while it stands so."""

    def number(rows: Snapshot, user: UserId) -> int | None:
        found = rows.find_user(user)
        change = found.email_change if found else None
        return change.number if change and change.state in states else None

    return number


BOUNDS: Mapping[LinkPurpose, Bounds] = {
    LinkPurpose.PASSWORD: Bounds(attrgetter("password_link"), _of_credential),
    LinkPurpose.EMAIL: Bounds(attrgetter("email_link"), _of_change(EmailState.ASKED)),
    LinkPurpose.OBJECTION: Bounds(attrgetter("email_objection"), _of_change(*PENDING)),
    LinkPurpose.ACTIVATION: Bounds(attrgetter("activation_link"), _of_credential, waits=True),
}


def is_current(notice: Notice, rows: Snapshot) -> bool:
    """Whether the link that the notice asks for would still be good for something (R20)."""
    return notice.generation == BOUNDS[LINK_KINDS[notice.kind]].generation(rows, notice.about)


def made_up(message: Message, limits: Limits, user: User | None, credential: Credential | None, at: datetime) -> Link:
    """The link that the message asks for, as it leaves; that of first credentials dies with them (R4)."""
    notice, purpose = message.notice, LINK_KINDS[message.notice.kind]
    assert notice.generation is not None, "a message that will carry a link names a generation"
    bounds = BOUNDS[purpose]
    begins = max(at, user.account.term.start) if user and bounds.waits else at
    first = credential.expires if credential else None
    expires = first or begins + bounds.lifetime(limits)
    return Link(message.organization, notice.about, purpose, notice.generation, expires)


def found(links: Links, token: str, purpose: LinkPurpose) -> Link:
    """The link of that token, whatever became of it since; ``LinkUnknown`` where it is none for this purpose."""
    return known(links.find(digest(token)), purpose)


def require_current(link: Link, rows: Snapshot, at: datetime) -> None:
    """Refuse a link that is too old, was used, or was overtaken, as the snapshot has it."""
    require_usable(link, BOUNDS[link.purpose].generation(rows, link.user), at)
