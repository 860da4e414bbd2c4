"""One-time links."""

from __future__ import annotations

from attrs import Factory, define

from habilitation.domain.link import Link


@define
class MemoryLinks:
    """Links by the digests of their tokens."""

    _kept: dict[str, Link] = Factory(dict)

    def keep(self, digest: str, link: Link) -> None:
        self._kept[digest] = link

    def find(self, digest: str) -> Link | None:
        return self._kept.get(digest)
