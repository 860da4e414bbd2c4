"""Every path to a permission, link by link: who put each in place, when, as what and under which delegation (R38)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from enum import Enum

from attrs import frozen

from habilitation.domain.access import Answer, Path, Why
from habilitation.domain.deeds import Authors, Deed
from habilitation.domain.events import (
    AccountClosed,
    AccountReopened,
    AccountRescheduled,
    Event,
    OrganizationClosed,
    OrganizationOpened,
    OrganizationResumed,
    OrganizationSuspended,
    RoleAssigned,
    RoleRefused,
    UserCreated,
    UserEvent,
    UserReinstated,
    UserRemoved,
    UserSuspended,
)
from habilitation.domain.hindsight import Facts, Known
from habilitation.domain.journal import Record
from habilitation.domain.period import Period
from habilitation.domain.user import Membership, User


class Link(Enum):
    """What must hold for a path to hold, in the order in which it is walked."""

    ORGANIZATION = "organization"
    AGREEMENT = "agreement"
    GROUP = "group"
    ACCOUNT = "account"
    MEMBERSHIP = "membership"
    ROLE = "role"


@frozen
class LinkStory:
    """A link of a path: over what time it reaches, and what was done to it, oldest first."""

    link: Link
    period: Period | None
    """Since it came to be as it is, or over its term; None if it is not there."""
    deeds: tuple[Deed, ...]


@frozen
class PathStory:
    """A path, and each of its links."""

    path: Path
    links: tuple[LinkStory, ...]


@frozen
class Explanation:
    """The answer, and for those who may know the whole, every path to the permission: first the one that gave it."""

    at: datetime
    answer: Answer
    paths: tuple[PathStory, ...] = ()
    """None of them in the short form, for the user: reason, until when, and who can repair it say enough (R36)."""

    @property
    def deeds(self) -> Iterator[Deed]:
        """All that was done to any link of any path."""
        return (deed for path in self.paths for link in path.links for deed in link.deeds)


OF_ORGANIZATION = (OrganizationOpened, OrganizationSuspended, OrganizationResumed, OrganizationClosed)
OF_ACCOUNT = (
    *(UserCreated, AccountRescheduled, AccountClosed, AccountReopened),
    *(UserSuspended, UserReinstated, UserRemoved),
)
OF_ROLE = (RoleAssigned, RoleRefused)


@frozen
class Story:
    """What is known, the facts that led to it, and their authors."""

    known: Known
    facts: Facts
    authors: Authors

    def of(self, path: Path) -> PathStory:
        """The path, link by link; the role is a link where one is needed."""
        concerned: dict[Link, list[Record[Event]]] = {link: [] for link in Link}
        for record in self.facts.records:
            if isinstance(record.event, AccountReopened):
                concerned[Link.ACCOUNT].clear()  # another period, with nothing of the former one (R14)
            if link := self._link_of(record.event, path):
                concerned[link].append(record)
        if not concerned[Link.ROLE] and Why.ROLE_NOT_ASSIGNED not in path.missing:
            del concerned[Link.ROLE]
        return PathStory(path, tuple(self._story(link, path, about) for link, about in concerned.items()))

    def _link_of(self, event: Event, path: Path) -> Link | None:
        """The link that the fact is about, if it is one of this path."""
        if isinstance(event, UserEvent):
            return _link_of_user(event, path) if event.user == self.facts.user else None
        agreement, group = getattr(event, "agreement", None), getattr(event, "group", None)
        if agreement is None:
            return Link.ORGANIZATION if isinstance(event, OF_ORGANIZATION) else None
        if agreement != path.agreement or group not in (None, path.group):
            return None
        return Link.GROUP if group else Link.AGREEMENT

    def _story(self, link: Link, path: Path, about: list[Record[Event]]) -> LinkStory:
        deeds = tuple(self.authors.deed(record) for record in about)
        return LinkStory(link, self._period(link, path, about), deeds)

    def _period(self, link: Link, path: Path, about: list[Record[Event]]) -> Period | None:
        user, membership = self.known.user, _membership(path, self.known.user)
        agreement = self.known.organization.agreement(path.agreement) if path.agreement else None
        match link:
            case Link.ORGANIZATION if about:
                return Period(self.known.organization.since or about[0].at, None)
            case Link.AGREEMENT if agreement:
                return agreement.term
            case Link.GROUP if agreement and agreement.opens(path.group):
                return Period(agreement.groups[path.group].since, None)
            case Link.ACCOUNT if user:
                return user.account.term
            case Link.MEMBERSHIP if membership:
                return membership.term
            case Link.ROLE if membership and membership.assigned:
                return Period(membership.assigned, membership.term.end)
        return None


def _link_of_user(event: UserEvent, path: Path) -> Link | None:
    number = getattr(event, "number", None)
    if number is None:
        return Link.ACCOUNT if isinstance(event, OF_ACCOUNT) else None
    if number != path.membership:
        return None
    return Link.ROLE if isinstance(event, OF_ROLE) else Link.MEMBERSHIP


def _membership(path: Path, user: User | None) -> Membership | None:
    return user.membership(path.membership) if user and path.membership else None
