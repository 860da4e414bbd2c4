"""What is erased and dropped because it was kept long enough, as the model sees it (R18, R41)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from attrs import define

from habilitation.domain.actors import Actor
from habilitation.domain.requests import DueErasure
from habilitation.domain.values import OrganizationId, UserId
from habilitation.testing.model.facts import Human, No, Partner
from habilitation.testing.model.opening import Opening
from habilitation.testing.model.rights import TOLERANCE

CLOSED_PERSON, CLOSED_JOURNAL = timedelta(days=2, hours=5), timedelta(days=3, hours=7)
"""How long persons and journals are kept after closing: short, so that a run outlasts them."""
LARGEST_PAGE = 500

Then = Callable[[Any], None]
Refused = tuple[OrganizationId, UserId | None, str]


@define
class Retention(Opening):
    """Whom the operator has erased without deciding it one by one."""

    def erase_due(self, asked: DueErasure, by: Actor, now: datetime) -> Then:
        """Whole organizations first, then of those that stay the longest closed persons, no more than asked for."""
        self._require_agent(by)
        if not 1 <= asked.size <= LARGEST_PAGE:
            raise No("page-size-refused")
        if asked.organization is not None:
            self.enter(asked.organization, by, now, writing=False)
        candidates = [asked.organization] if asked.organization else self._ended_by(now - CLOSED_JOURNAL)
        dropped = [id for id in candidates if self._is_droppable(id, now) and not self._is_behind(id, now)]
        refused: list[Refused] = [(id, None, "clock-behind") for id in candidates if self._is_behind(id, now)]
        erased: list[tuple[OrganizationId, UserId]] = []
        due = [one for one in self._due(asked.organization, now) if one[0] not in dropped]
        while due and len(erased) < asked.size:
            id, user = due.pop(0)
            if self._is_behind(id, now):
                refused.append((id, user, "clock-behind"))
            else:
                erased.append((id, user))

        def then(drawn: Any) -> None:
            assert drawn.organizations == tuple(dropped)
            assert drawn.users == tuple(erased)
            assert [(id, user, refusal.code) for id, user, refusal in drawn.refused] == refused
            assert (drawn.more, drawn.residue) == (bool(due), None)
            for id, user in erased:
                self._erase(id, user, now)
            for id in dropped:
                self._drop(id)

        return then

    def _is_behind(self, id: OrganizationId, now: datetime) -> bool:
        return self.partners[id].last - now > TOLERANCE

    def _ended_by(self, instant: datetime) -> list[OrganizationId]:
        ended = [(partner.ended, id) for id, partner in self.partners.items() if partner.ended]
        return [id for when, id in sorted(ended) if when <= instant]

    def _is_droppable(self, id: OrganizationId, now: datetime) -> bool:
        ended = self.partners[id].ended
        return ended is not None and ended + CLOSED_JOURNAL <= max(now, self.partners[id].last)

    def _due(self, wanted: OrganizationId | None, now: datetime) -> list[tuple[OrganizationId, UserId]]:
        found = [
            (over, id, user)
            for id, partner in self.partners.items()
            for user, human in partner.users.items()
            if wanted in (None, id)
            for over in _persons_end(partner, human)
        ]
        return [(id, user) for over, id, user in sorted(found) if over <= now]

    def _erase(self, id: OrganizationId, user: UserId, now: datetime) -> None:
        partner = self.partners[id]
        partner.users[user].erased = partner.users[user].removed = True
        partner.last = max(now, partner.last)
        self.forget(id, user)

    def _drop(self, id: OrganizationId) -> None:
        """Nothing is known of it any more, nor of anybody in it."""
        self.dropped[id] = self.partners.pop(id)
        self.keys = {owner: key for owner, key in self.keys.items() if owner[0] != id}
        self.stays = {token: stay for token, stay in self.stays.items() if stay.organization != id}
        self.links = {token: link for token, link in self.links.items() if link.organization != id}
        self.mails = [mail for mail in self.mails if mail.organization != id]

    def retention_ends(self, now: datetime) -> list[datetime]:
        """The next instants at which somebody, and an organization, will have been closed long enough."""
        partners = self.partners.values()
        persons = [over for one in partners for human in one.users.values() for over in _persons_end(one, human)]
        journals = [one.ended + CLOSED_JOURNAL for one in partners if one.ended]
        coming = ([instant for instant in ends if instant > now] for ends in (persons, journals))
        return [min(instants) for instants in coming if instants]


def _persons_end(partner: Partner, human: Human) -> list[datetime]:
    """When this person will have been closed long enough, if there is anything to erase."""
    ends = [end for end in (human.stint.span.end, partner.ended) if end]
    return [] if human.erased or not ends else [min(ends) + CLOSED_PERSON]
