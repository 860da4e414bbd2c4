"""What can be asked of a store about one organization, besides what acts need."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Protocol

from attrs import frozen

from habilitation.domain.events import Event
from habilitation.domain.folding import folded
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

    @property
    def place(self) -> tuple[str, str, UserId]:
        """Where it stands in a list: by folded last name, folded first name, id; whoever is erased comes first."""
        if self.person is None:
            return ("", "", self.user.id)
        return (folded(self.person.last_name.text), folded(self.person.first_name.text), self.user.id)

    @property
    def searched(self) -> Iterator[str]:
        """The folded texts that a search looks at the beginning of."""
        if self.person:
            yield folded(self.person.last_name.text)
            yield folded(self.person.first_name.text)
            yield folded(self.person.email.text)
        if self.login:
            yield folded(self.login.text)


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

    def takes(self, row: UserRow) -> bool:
        """Whether the user is among them: for a store that looks at each."""
        user = row.user
        if user.removed or (self.status and user.status(self.at) is not self.status):
            return False
        if self.waiting and not any(held.waiting for held in user.account.live(self.at)):
            return False
        if not self._takes_of(user):
            return False
        return not self.text or any(text.startswith(self.text) for text in row.searched)

    def _takes_of(self, user: User) -> bool:
        if self.agreements is None or user.id in self.always:
            return True
        return any(user.is_of(agreement, self.at) for agreement in self.agreements)


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
