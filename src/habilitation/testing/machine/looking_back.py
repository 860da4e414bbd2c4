"""Who had access, asked of any instant and any day, as far as it was known at any (R39)."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from random import Random

from attrs import evolve

from habilitation.domain.actors import Actor, Member
from habilitation.domain.requests import PastSearch
from habilitation.domain.values import OrganizationId, UserId
from habilitation.testing.machine.answering import given
from habilitation.testing.machine.checks import Checks
from habilitation.testing.machine.lots import AROUND
from habilitation.testing.model import No
from habilitation.testing.model.answers import Answer
from habilitation.testing.model.chronicle import Chronicle, Looked, Stretch
from habilitation.testing.world import AGENT

ONE_IN = 4
"""After one in so many acts it is asked."""
AT_THE_END = 3

Had = dict[UserId, tuple[Answer, list[Stretch]]]


class LookingBack(Checks):
    """The library's list of who had access, beside that of a model which kept every state."""

    def __init__(self) -> None:
        super().__init__()
        self.chronicles: defaultdict[OrganizationId, Chronicle] = defaultdict(Chronicle)

    def accepted_now(self) -> None:
        super().accepted_now()
        for id, partner in self.model.partners.items():
            self.chronicles[id].keep(partner)

    def check_all(self) -> None:
        super().check_all()
        if self._chance().randrange(ONE_IN) == 0:
            self.check_who_had_access(self._chance())

    def check_end(self) -> None:
        super().check_end()
        chance = self._chance()
        for _ in range(AT_THE_END):
            self.check_who_had_access(chance)

    def check_who_had_access(self, chance: Random) -> None:
        """All of them, by their ids, erased or not; but for whom the actor may not read (R36)."""
        self.sound = False
        id = chance.choice([self.main, self.main, *self.model.partners])
        by: Actor = AGENT if chance.random() < 0.7 else Member(id, self._somebody(id, chance))
        asked = self._search(id, chance)
        self._compare(lambda: self._told(asked, by), lambda: self._expected(asked, by))
        self.sound = True

    def _somebody(self, id: OrganizationId, chance: Random) -> UserId:
        partner = self.model.partners.get(id)
        users = [UserId("nobody"), *partner.users] if partner else [UserId("nobody")]
        return users[chance.randrange(len(users))]

    def _search(self, id: OrganizationId, chance: Random) -> PastSearch:
        """At an instant at which something was recorded, begins or ends, or on its day; known now, or at such a one."""
        chronicle, now = self.chronicles[id], self.clock.now()
        turns = [now, *chronicle.turns(self.model.groups)]
        changes = [given.since for group in self.model.groups.values() for given in group.history[1:]]
        instant = chance.choice(chance.choice((turns, turns, changes or turns))) + chance.choice(AROUND)
        day = instant.astimezone(self.clock.zone).date() + chance.choice(
            (timedelta(0), timedelta(0), timedelta(days=1))
        )
        at: date = instant if chance.random() < 0.6 else day
        known = chance.choice((None, None, now + timedelta(hours=1), *chronicle.states))
        return PastSearch(id, chance.choice(self.permissions()), at, known, size=chance.choice((1, 2, 5, 200)))

    def _told(self, asked: PastSearch, by: Actor) -> Had:
        """Page by page."""
        page = self.portal.who_had_access(asked, by=by)
        found = list(page.items)
        while page.next:
            page = self.portal.who_had_access(evolve(asked, after=page.next), by=by)
            found += page.items
        return {
            one.user.id: (given(one.then.answer), [(period.start, period.end) for period in one.then.stretches])
            for one in found
        }

    def _expected(self, asked: PastSearch, by: Actor) -> Had:
        visit = self.model.enter(asked.organization, by, self.clock.now(), writing=False)
        self.model.require(visit, "list")
        if asked.known and asked.known > visit.at:
            raise No("known-in-future")
        looked = Looked(asked.permission, asked.at, asked.known or visit.at)
        had = self.chronicles[asked.organization].who(self.model.groups, looked, self.clock.zone)
        return {user: told for user, told in had.items() if self.model.may_read(visit, user)}
