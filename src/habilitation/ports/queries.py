"""What can be asked of a store about one organization, besides what acts need."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

from attrs import frozen

from habilitation.domain.events import Event
from habilitation.domain.journal import Record
from habilitation.domain.user import Status, User
from habilitation.domain.values import AgreementId, GroupCode, Login, Person, UserId


@frozen
class UserRow:
    """A user with what stands outside the journal: the person, and the login while it is alive."""

    user: User
    person: Person | None
    login: Login | None
    version: int
    """The sequence of the last event about the user."""


@frozen
class UserFilter:
    """Which users of an organization are wanted, at an instant; removed users never are (R18)."""

    at: datetime
    status: Status | None = None
    text: str = ""
    """The folded beginning of a last name, first name, e-mail or login (see ``domain.folding``)."""
    agreements: frozenset[AgreementId] | None = None
    """Users of any of these agreements (R10), ``always`` besides; None for everybody."""
    always: frozenset[UserId] = frozenset()
    waiting: bool = False
    """Only those with a live membership that waits for its role (R26)."""


class Queries(Protocol):
    """Consistent with the snapshot that it is asked on."""

    def users(self, wanted: UserFilter, after: UserId | None, most: int) -> Sequence[UserRow]:
        """By folded last name, folded first name, id; strictly after the user ``after``, which may have gone since."""
        ...

    def records(self, after: int, most: int, user: UserId | None = None) -> Sequence[Record[Event]]:
        """The journal, oldest first, after that sequence number; only what is about one user, if named."""
        ...

    def organization_records(self) -> Sequence[Record[Event]]:
        """What the journal tells of the organization itself, its seat and its agreements: few facts, oldest first."""
        ...

    def ever_in(self, groups: Collection[GroupCode], after: UserId | None, most: int) -> Sequence[UserId]:
        """Who was ever put into any of the groups, closed and removed users included: by id, strictly after one."""
        ...
