"""What a crash may leave: all that was acknowledged, whole; of the rest all or nothing; no message lost."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import pairwise
from typing import Any

from attrs import define, field, frozen
from sqlalchemy import create_engine, select

from habilitation.adapters.sql.schema import messages
from habilitation.application import Habilitation
from habilitation.domain.events import MemberAdded, UserCreated
from habilitation.domain.refusals import DoneAlready, OutcomeUnknown
from habilitation.domain.requests import OrganizationQuestion
from habilitation.domain.user import Status
from habilitation.domain.values import OrganizationId, UserId
from habilitation.testing.fakes import SettableClock
from habilitation.testing.world import AGENT, CONSULT, PRIVATE
from habilitation.use_cases.delivery import LEASE
from tests.crashes.client import STEPS, Task

DONE = "done"
PATIENCE = 10.0
"""Seconds after which a message that waits is taken to wait for ever."""
BOTH = {"login", "password"}
"""The kinds of the two messages that each user is sent (R12)."""


@frozen
class Entry:
    """A step in a client's diary, and what the client was told of it."""

    number: int
    step: str
    user: UserId
    told: str
    """*done*, or the code of a refusal; nothing, if there was no time."""

    @property
    def is_done(self) -> bool:
        return self.told == DONE

    @property
    def is_undone(self) -> bool:
        """Whether the refusal says that nothing was written."""
        return bool(self.told) and self.told not in (DONE, OutcomeUnknown.code)


def diary(task: Task) -> Iterator[Entry]:
    """The steps, in order; the last may not have been acknowledged."""
    lines = [line.split(" ") for line in task.diary.read_text().splitlines()]
    told = {(number, step): DONE for word, number, step, _ in lines if word == "done"}
    told |= {(number, step): code for word, number, step, code in lines if word == "refused"}
    for word, number, step, user in lines:
        if word == "asked":
            yield Entry(int(number), step, UserId(user), told.get((number, step), ""))


@define
class Found:
    """The counts of what was found after all crashes."""

    crashes: int = 0
    acknowledged: int = 0
    effective: int = 0
    """Of those in doubt, how many had taken effect."""
    undone: int = 0
    """And how many had not: these were done when they were asked for again."""
    sent: int = 0
    twice: int = 0
    """Messages that left more than once: each copy has the same id."""
    dead: int = 0
    told: Counter[str] = field(factory=Counter)
    """What was said of acts that were not acknowledged."""

    def __str__(self) -> str:
        said = ", ".join(f"{code or 'nothing'} ({many})" for code, many in sorted(self.told.items()))
        return (
            f"{self.crashes} crashes; {self.acknowledged:,} acts acknowledged, all there; "
            f"{self.effective + self.undone} in doubt, of which {self.effective} had taken effect, whole, and "
            f"{self.undone} had not (told: {said}); {self.sent:,} messages sent, {self.twice} of them twice, "
            f"{self.dead} dead"
        )


@define
class Aftermath:
    """Looks at one organization after a crash, through a store that was opened afterwards."""

    portal: Habilitation
    clock: SettableClock
    organization: OrganizationId
    tasks: list[Task]
    found: Found
    known: dict[tuple[str, int], UserId] = field(factory=dict)
    """The user of each client's number."""

    def look(self) -> None:
        """Everything; fails where something is lost, or half there."""
        self._look_at_the_journal()
        for task in self.tasks:
            for entry in diary(task):
                self._ask_again(task, entry)
        self._look_at_the_journal()
        for task in self.tasks:
            self._look_at_users(task)
        self._deliver()
        self._look_at_messages()
        self.found.crashes += 1

    def _look_at_the_journal(self) -> None:
        """I9; and a user is there with the group that was ticked, which is one act (I8)."""
        verified = self.portal.verify_journal(OrganizationQuestion(self.organization), by=AGENT)
        assert verified.sound, f"I9: {verified}"
        store = self.portal.ports.store
        events = [store.decode(entry).event for entry in store.entries(self.organization)]
        for event, after in pairwise([*events, None]):
            if isinstance(event, UserCreated) and event.agreement:
                assert isinstance(after, MemberAdded) and after.user == event.user, "I8: half an act"  # noqa: PT018

    def _ask_again(self, task: Task, entry: Entry) -> None:
        """Under the same key: what was acknowledged was done already, what was not is done now if it was not (R40)."""
        user = self.known.get((task.name, entry.number), entry.user)
        try:
            user = task.do(self.portal, entry.number, entry.step, user)
        except DoneAlready as already:
            user = already.user or UserId("")
            assert not entry.is_undone, f"{task.name} was told that nothing was done, and it was: {entry}"
            self.found.effective += not entry.is_done
        else:
            assert not entry.is_done, f"{task.name} was told that {entry} was done, and it was not"
            self.found.undone += 1
        self.found.acknowledged += entry.is_done
        self.found.told.update([] if entry.is_done else [entry.told])
        self.known[task.name, entry.number] = user

    def _look_at_users(self, task: Task) -> None:
        """By now each has what all its steps give, once."""
        taken = Counter(entry.number for entry in diary(task))
        with self.portal.ports.store.reading(self.organization) as rows:
            for number, steps in taken.items():
                assert [user.id for user in rows.with_email(task.email(number))] == [self.known[task.name, number]]
                user = rows.find_user(self.known[task.name, number])
                assert user is not None
                groups = [held.place.group for held in user.account.memberships]
                assert groups == [CONSULT, PRIVATE][:steps], f"{task.name} {number}"
                assert (user.status(self.clock.now()) is Status.CLOSED) is (steps == len(STEPS))

    def _deliver(self) -> None:
        """Once the leases of whoever was killed are over, all that waits leaves.

        A server may hold the rows of a killed client for a moment more: workers pass them over, and come again.
        """
        self.clock.instant += LEASE + timedelta(seconds=1)
        deadline = time.monotonic() + PATIENCE
        while any(row.state == "waiting" for row in self._messages()) and time.monotonic() < deadline:
            self.portal.deliver_notifications(self.organization)

    def _look_at_messages(self) -> None:
        """Each user got both messages, or was closed first; what left is known by its id, if it left twice (I10)."""
        posted = Counter(line.split(" ")[0] for task in self.tasks for line in task.posted.read_text().splitlines())
        users = set(self.known.values())
        rows = [row for row in self._messages() if row.about in users]
        kinds: dict[str, set[str]] = {}
        for row in rows:
            assert row.state != "waiting", f"{row.message_id} waits for ever"
            assert row.state != "delivered" or posted[row.message_id], f"{row.message_id} never left"
            kinds.setdefault(row.about, set()).add(row.kind)
        for user in users:
            assert kinds.get(user, set()) >= BOTH, f"{user} is to get two messages"
        self.found.sent += len(posted)
        self.found.twice += sum(many > 1 for many in posted.values())
        self.found.dead += sum(row.state == "dead" for row in rows)

    def _messages(self) -> Sequence[Any]:
        columns = (messages.c.message_id, messages.c.about, messages.c.kind, messages.c.state)
        engine = create_engine(self.tasks[0].url)
        with engine.connect() as connection:
            ours = select(*columns).where(messages.c.organization_id == self.organization)
            found = connection.execute(ours).all()
        engine.dispose()
        return found
