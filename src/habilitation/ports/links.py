"""One-time links, found by the digest of their token: outside the organizations' versions (R13, R21, R44)."""

from __future__ import annotations

from typing import Protocol

from habilitation.domain.link import Link


class Links(Protocol):
    """Keeps links as they are: a link never changes, what it is for does. Each call is whole by itself."""

    def keep(self, digest: str, link: Link) -> None:
        """Store the link under the SHA-256 of its token, in hexadecimal; the token itself is nowhere."""
        ...

    def find(self, digest: str) -> Link | None: ...
