"""One-time links, found by the digest of their token: outside the organizations' versions (R13, R21, R44)."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from habilitation.domain.link import Link, LinkPurpose
from habilitation.domain.values import OrganizationId, UserId

PRUNED_BY_EACH = 2
"""How many links that were over long ago each new one takes away: more than one, so that they grow fewer."""


class Links(Protocol):
    """Keeps links as they are: a link never changes, what it is for does. Each call is whole by itself."""

    def keep(self, digest: str, link: Link, kept_since: datetime) -> None:
        """Store the link under the SHA-256 of its token, in hexadecimal; the token itself is nowhere.

        Take away ``PRUNED_BY_EACH`` at most of those that expired before ``kept_since``, oldest first; never one of a
        ``LASTING`` purpose.
        """
        ...

    def find(self, digest: str) -> Link | None: ...

    def last(
        self, organization: OrganizationId, user: UserId, purpose: LinkPurpose, generation: int
    ) -> datetime | None:
        """When the last link of that generation dies, or died; None if there was never one."""
        ...
