"""One-time links."""

from __future__ import annotations

from datetime import datetime

from attrs import Factory, define

from habilitation.domain.link import LASTING, Link, LinkPurpose
from habilitation.domain.values import OrganizationId, UserId
from habilitation.ports.links import PRUNED_BY_EACH


@define
class MemoryLinks:
    """Links by the digests of their tokens."""

    _kept: dict[str, Link] = Factory(dict)

    def keep(self, digest: str, link: Link, kept_since: datetime) -> None:
        self._kept[digest] = link
        over = [each for each in list(self._kept.items()) if _is_over(each[1], kept_since)]
        for gone, _ in sorted(over, key=lambda each: each[1].expires)[:PRUNED_BY_EACH]:
            self._kept.pop(gone, None)

    def forget(self, organization: OrganizationId, user: UserId) -> None:
        """The user's links."""
        gone = (organization, user)
        self._kept = {digest: link for digest, link in self._kept.items() if (link.organization, link.user) != gone}

    def drop(self, organization: OrganizationId) -> None:
        """Every link of the organization."""
        self._kept = {digest: link for digest, link in self._kept.items() if link.organization != organization}

    def last(
        self, organization: OrganizationId, user: UserId, purpose: LinkPurpose, generation: int
    ) -> datetime | None:
        of = (organization, user, purpose, generation)
        same = (link.expires for link in list(self._kept.values()) if _of(link) == of)
        return max(same, default=None)

    def find(self, digest: str) -> Link | None:
        return self._kept.get(digest)


def _is_over(link: Link, kept_since: datetime) -> bool:
    return link.expires < kept_since and link.purpose not in LASTING


def _of(link: Link) -> tuple[OrganizationId, UserId, LinkPurpose, int]:
    return (link.organization, link.user, link.purpose, link.generation)
