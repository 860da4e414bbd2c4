"""One-time links, found by the digest of their token: outside the organizations' versions (R13, R21, R44)."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from habilitation.domain.link import Link, LinkPurpose
from habilitation.domain.values import OrganizationId, UserId


class Links(Protocol):
    """Keeps links as they are: a link never changes, what it is for does. Each call is whole by itself."""

    def keep(self, digest: str, link: Link) -> None:
        """Store the link under the SHA-256 of its token, in hexadecimal; the token itself is nowhere."""
        ...

    def find(self, digest: str) -> Link | None: ...

    def last(
        self, organization: OrganizationId, user: UserId, purpose: LinkPurpose, generation: int
    ) -> datetime | None:
        """When the last link of that generation dies, or died; None if there was never one."""
        ...
