"""A process that acts, one act after the other, until it is killed; its diary says what it was told."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

from attrs import define, evolve, frozen

from habilitation.adapters.outbox import OutboxNotifier
from habilitation.adapters.sql import SqlStore
from habilitation.adapters.system import TimeOrderedIds
from habilitation.application import Habilitation
from habilitation.domain.actors import Member
from habilitation.domain.messages import Letter
from habilitation.domain.refusals import Refusal
from habilitation.domain.requests import Closing, GroupAddition, NewUser
from habilitation.domain.terms import Terms
from habilitation.domain.values import AgreementId, UserId
from habilitation.ports.store import Store
from habilitation.ports.transport import Transport
from habilitation.testing.fakes import SettableClock
from habilitation.testing.world import CONSULT, PRIVATE, portal_over

STEPS = ("create_user", "add_to_group", "close_user")
"""What is done with each user, in this order; each by its name on ``Habilitation``."""


@frozen
class Task:
    """What one client does: a user, and all the steps with that user, again and again."""

    url: str
    name: str
    admin: Member
    agreement: AgreementId
    folder: Path

    @property
    def diary(self) -> Path:
        """Where it writes down what it asks for, and then what it was told."""
        return self.folder / f"{self.name}.diary"

    @property
    def posted(self) -> Path:
        """Where its messages go."""
        return self.folder / f"{self.name}.posted"

    def email(self, number: int) -> str:
        return f"{self.name}-{number}@oliviers.example"

    def do(self, portal: Habilitation, number: int, step: str, user: UserId) -> UserId:
        """Take a step, under a key of its own; of whom it was."""
        terms = Terms(key=f"{self.name}-{number}-{step}")
        done = getattr(portal, step)(self._asked(number, step, user), by=self.admin, terms=terms)
        return UserId(done.id)

    def _asked(self, number: int, step: str, user: UserId) -> Any:
        organization = self.admin.organization
        match step:
            case "create_user":
                return NewUser(organization, self.agreement, "Petit", "Luc", self.email(number), groups=(CONSULT,))
            case "add_to_group":
                return GroupAddition(organization, user, self.agreement, PRIVATE)
            case _:
                return Closing(organization, user)


@define
class Lines:
    """A file that lines are put at the end of, each at once."""

    descriptor: int

    @classmethod
    @contextmanager
    def of(cls, path: Path) -> Iterator[Lines]:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            yield cls(descriptor)
        finally:
            os.close(descriptor)

    def put(self, *words: object) -> None:
        os.write(self.descriptor, (" ".join(map(str, words)) + "\n").encode())


@frozen
class Posting:
    """A transport: a message is sent as soon as its line is written."""

    lines: Lines

    def send(self, letter: Letter) -> None:
        self.lines.put(letter.id, letter.kind.value)


def portal_by(store: Store, transport: Transport, clock: SettableClock) -> Habilitation:
    """A portal that sends its messages right after each act, by that transport."""
    ids = TimeOrderedIds()
    ports = portal_over(store, clock, transport, delivery=timedelta(seconds=5)).ports  # type: ignore[arg-type]
    return Habilitation(evolve(ports, identifiers=ids, notifier=OutboxNotifier(ids)))


def work(task: Task) -> None:
    """The life of the process: it ends with a kill, or with that of the server."""
    store = SqlStore.open(task.url)
    with Lines.of(task.diary) as diary, Lines.of(task.posted) as posted:
        portal = portal_by(store, Posting(posted), SettableClock())
        for number in count(1):
            user = UserId("")
            for step in STEPS:
                diary.put("asked", number, step, user)
                try:
                    user = task.do(portal, number, step, user)
                except Refusal as refusal:
                    diary.put("refused", number, step, refusal.code)
                    return
                diary.put("done", number, step, user)
