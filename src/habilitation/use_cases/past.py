"""Access at any instant or on any day, as it was known then or later: of one user, of everybody (R39)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from itertools import islice

from attrs import frozen

from habilitation.domain import authority, hindsight
from habilitation.domain.actors import Actor
from habilitation.domain.acts import Act
from habilitation.domain.events import Event
from habilitation.domain.hindsight import Facts, Hindsight
from habilitation.domain.journal import Record
from habilitation.domain.moment import whole_day
from habilitation.domain.period import Period
from habilitation.domain.refusals import KnownInFuture
from habilitation.domain.requests import PastQuestion, PastSearch
from habilitation.domain.values import GroupCode, UserId
from habilitation.ports.clock import Clock
from habilitation.ports.queries import UserRow
from habilitation.ports.store import Store
from habilitation.use_cases.access import askable
from habilitation.use_cases.directory import require_readable, require_size
from habilitation.use_cases.views import HadAccess, Page, user_view
from habilitation.use_cases.work import Reading, reading

AT_ONCE = 200
"""How many users are looked for by one statement."""


@frozen
class AsOf:
    """Could this user do this then, as far as was known? Whoever may ask it of now may ask it of any time (R36)."""

    store: Store
    clock: Clock

    def __call__(self, asked: PastQuestion, *, by: Actor) -> Hindsight:
        with reading(self.store, self.clock, asked.organization, by) as seen:
            user = askable(seen, asked)
            return LookingBack.from_now(seen, asked).on(user.id)


@frozen
class WhoHadAccess:
    """Everybody who could do this then, and why, as far as the actor may read them (R36, R39)."""

    store: Store
    clock: Clock

    def __call__(self, asked: PastSearch, *, by: Actor) -> Page[HadAccess]:
        """Users who had no access are passed over: a page may be shorter than asked for, with more behind it."""
        require_size(asked.size)
        with reading(self.store, self.clock, asked.organization, by) as seen:
            seen.require(Act.LIST_USERS)
            if asked.after is not None:
                require_readable(seen, UserId(asked.after))
            back = LookingBack.from_now(seen, asked)
            groups = seen.catalog.ever_giving(asked.permission)
            rows = list(islice(_readable(seen, groups, asked.after), asked.size + 1))
            found = [HadAccess(user_view(seen, row), back.on(row.user.id)) for row in rows[: asked.size]]
            next = rows[asked.size - 1].user.id if len(rows) > asked.size else None
            return Page(tuple(one for one in found if one.then.answer.allowed), next)


@frozen
class LookingBack:
    """A question about the past, put to one user after another; never is the whole journal read."""

    seen: Reading
    asked: PastQuestion | PastSearch
    known: datetime
    at: datetime | Period
    """Of a day, any instant of it."""
    own: Sequence[Record[Event]]
    """What the journal tells of the organization itself."""

    @classmethod
    def from_now(cls, seen: Reading, asked: PastQuestion | PastSearch) -> LookingBack:
        """With all known now, if no earlier knowledge is asked for; a later one is refused, so is a skipped day."""
        if asked.known is not None and asked.known > seen.at:
            raise KnownInFuture()
        at = asked.at if isinstance(asked.at, datetime) else whole_day(asked.at, seen.moment.zone)
        return cls(seen, asked, asked.known or seen.at, at, seen.rows.organization_records())

    def on(self, user: UserId) -> Hindsight:
        """The answer about that user."""
        facts = facts_about(self.seen, user, self.own)
        if isinstance(self.at, Period):
            return hindsight.within(facts, self.asked.permission, self.at, self.known)
        return Hindsight(hindsight.at_instant(facts, self.asked.permission, self.at, self.known))


def facts_about(seen: Reading, user: UserId, own: Sequence[Record[Event]]) -> Facts:
    """What the journals tell of the user, besides what they tell of the organization itself."""
    about = seen.rows.records(0, seen.rows.head.sequence, user)
    return Facts.gathered(seen.organization.id, user, [*own, *about], seen.catalog)


def _readable(seen: Reading, groups: Collection[GroupCode], after: str | None) -> Iterator[UserRow]:
    """Whoever was ever in one of the groups and may be read, by id."""
    last = UserId(after) if after is not None else None
    while found := seen.rows.ever_in(groups, last, AT_ONCE):
        for row in filter(None, map(seen.rows.find_row, found)):
            if authority.may_read(seen.acting, row.user, seen.organization, seen.at):
                yield row
        last = found[-1]
