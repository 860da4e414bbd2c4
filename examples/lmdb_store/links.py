"""One-time links, by the digests of their tokens."""

from __future__ import annotations

from datetime import datetime

from attrs import frozen

from habilitation.domain.link import LASTING, Link, LinkPurpose
from habilitation.domain.values import OrganizationId, UserId
from habilitation.ports.links import PRUNED_BY_EACH
from lmdb_store.database import Database


@frozen
class LmdbLinks:
    """Each call is a transaction."""

    _database: Database

    def keep(self, digest: str, link: Link, kept_since: datetime) -> None:
        with self._database.writing() as tables:
            tables.put(link, "links", digest)
            passing = [(place, kept) for place, kept in tables.under("links") if kept.purpose not in LASTING]
            over = [(kept.expires, place) for place, kept in passing if kept.expires < kept_since]
            for _, place in sorted(over)[:PRUNED_BY_EACH]:
                tables.delete(*place)

    def find(self, digest: str) -> Link | None:
        with self._database.reading() as tables:
            found: Link | None = tables.get("links", digest)
        return found

    def last(
        self, organization: OrganizationId, user: UserId, purpose: LinkPurpose, generation: int
    ) -> datetime | None:
        of = (organization, user, purpose, generation)
        with self._database.reading() as tables:
            links: list[Link] = tables.all("links")
        same = (link for link in links if (link.organization, link.user, link.purpose, link.generation) == of)
        return max((link.expires for link in same), default=None)
