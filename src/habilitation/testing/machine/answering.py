"""Access asked about after every act, and asked about again when it is past (R38, R39, I4, I6)."""

from __future__ import annotations

from datetime import datetime
from random import Random
from typing import NamedTuple

from habilitation.domain.access import Answer as Given
from habilitation.domain.requests import AccessQuestion, PastQuestion
from habilitation.domain.values import OrganizationId, Permission
from habilitation.testing.machine.bench import Bench
from habilitation.testing.model.answers import Answer, answer
from habilitation.testing.world import AGENT

NO_SUCH_PERMISSION = Permission("no:such")
KEPT = 2
"""Of how many answers of an instant the machine reminds the library later."""
REMINDERS = 12
"""How many are asked about again at the end."""


class Reminder(NamedTuple):
    """What was answered then."""

    question: AccessQuestion
    at: datetime
    answer: Answer


class Answering(Bench):
    """The library's answers beside the model's, and beside its own of long ago."""

    def __init__(self) -> None:
        super().__init__()
        self.latest: dict[OrganizationId, list[Reminder]] = {}
        """Those of the organization's last instant: another act may still change them."""
        self.reminders: list[Reminder] = []

    def accepted_now(self) -> None:
        self.latest = {}

    def check_access(self, id: OrganizationId) -> None:
        """Every user, every permission: whether, why, until when, and who can repair it (I4, I6)."""
        at = self.model.instant(id, self.clock.now())
        answers = [
            Reminder(question, at, self._checked(question, at))
            for user in self.model.partners[id].users
            for permission in self.permissions()
            for question in (AccessQuestion(id, user, permission),)
        ]
        former = self.latest.get(id, [])
        if former and former[0].at < at:
            self.reminders += self._chance().sample(former, KEPT)
        self.latest[id] = answers

    def _checked(self, asked: AccessQuestion, at: datetime) -> Answer:
        partner = self.model.partners[asked.organization]
        got = given(self.portal.check_access(asked, by=AGENT))
        expected = answer(partner, self.model.groups, partner.users[asked.user], asked.permission, at)
        assert got == expected, f"I6: {asked} at {at}: {got}, and the model says {expected}"
        return got

    def permissions(self) -> list[Permission]:
        groups = self.model.groups.values()
        known = {permission for group in groups for given in group.history for permission in given.permissions}
        return [*sorted(known), NO_SUCH_PERMISSION]

    def check_past(self, most: int = 1) -> None:
        """R39: whatever happened since, the answer about that instant is the one that was given then."""
        self.reminders = [one for one in self.reminders if one.question.organization in self.model.partners]
        for reminder in self._chance().sample(self.reminders, min(most, len(self.reminders))):
            asked, at = reminder.question, reminder.at
            then = PastQuestion(asked.organization, asked.user, asked.permission, at)
            got = given(self.portal.as_of(then, by=AGENT).answer)
            assert got == reminder.answer, f"R39: {asked} as of {at}: {got}, and then it was {reminder.answer}"

    def forget_since(self, instant: datetime) -> None:
        """The clock was set back: the catalog, whose time is its own, may still change what was answered since."""
        self.latest = {}
        self.reminders = [reminder for reminder in self.reminders if reminder.at < instant]

    def _chance(self) -> Random:
        return Random(f"{self.past} {len(self.reminders)}")  # noqa: S311 - a test needs no secrecy


def given(got: Given) -> Answer:
    """In the model's words."""
    return Answer(got.allowed, got.why.value, got.until, {role.value for role in got.repair})
