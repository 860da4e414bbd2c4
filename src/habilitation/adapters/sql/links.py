"""One-time links, in a table of their own."""

from __future__ import annotations

from datetime import datetime

from attrs import frozen

from habilitation.adapters.sql import statements
from habilitation.adapters.sql.database import Database, Work
from habilitation.adapters.sql.rows import instant, instant_or_none, micros
from habilitation.domain.link import Link, LinkPurpose
from habilitation.domain.values import OrganizationId, UserId
from habilitation.ports.links import PRUNED_BY_EACH


@frozen
class SqlLinks:
    """Each call is a transaction by itself."""

    _database: Database

    def keep(self, digest: str, link: Link, kept_since: datetime) -> None:
        about = (link.user, link.purpose.value, link.generation, micros(link.expires))
        with Work(self._database, writes=True) as line:
            line.write(statements.ADD_LINK, link.organization, digest, *about)
            line.write(statements.PRUNE_LINKS, micros(kept_since), PRUNED_BY_EACH)

    def last(
        self, organization: OrganizationId, user: UserId, purpose: LinkPurpose, generation: int
    ) -> datetime | None:
        with Work(self._database, writes=False) as line:
            row = line.found(statements.LAST_LINK, organization, user, purpose.value, generation)
        return None if row is None else instant_or_none(row[0])

    def find(self, digest: str) -> Link | None:
        with Work(self._database, writes=False) as line:
            row = line.found(statements.FIND_LINK, digest)
        if row is None:
            return None
        organization, _, user, purpose, generation, expires = row
        return Link(organization, user, LinkPurpose(purpose), generation, instant(expires))
