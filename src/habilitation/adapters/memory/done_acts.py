"""What was done under keys."""

from __future__ import annotations

from datetime import datetime
from itertools import islice

from attrs import Factory, define

from habilitation.domain.refusals import Conflict
from habilitation.domain.terms import Done
from habilitation.domain.values import OrganizationId
from habilitation.ports.terms import PRUNED_BY_EACH

NOWHERE = OrganizationId("")


@define
class MemoryDoneActs:
    """By organization and digest, in the order of their coming."""

    _kept: dict[tuple[OrganizationId, str], Done] = Factory(dict)

    def find(self, where: OrganizationId, key: str, since: datetime) -> Done | None:
        done = self._kept.get((where, key))
        return done if done and done.at > since else None

    def require_new(self, where: OrganizationId, done: Done, since: datetime) -> None:
        if self.find(where, done.errand.key, since):
            raise Conflict()

    def put(self, where: OrganizationId, done: Done, since: datetime) -> None:
        self._kept.pop((where, done.errand.key), None)
        for place in list(islice(self._kept, PRUNED_BY_EACH)):
            if self._kept[place].at <= since:
                del self._kept[place]
        self._kept[where, done.errand.key] = done

    def drop(self, organization: OrganizationId) -> None:
        """Whatever was done under keys of that organization."""
        self._kept = {place: done for place, done in self._kept.items() if place[0] != organization}
