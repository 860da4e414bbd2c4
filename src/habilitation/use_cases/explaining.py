"""Why there is access, or none: in short for the user, link by link for those who administer (R36, R38)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from attrs import evolve, frozen

from habilitation.domain import authority, hindsight
from habilitation.domain.actors import Actor, Member
from habilitation.domain.acts import ALLOWED, Act
from habilitation.domain.deeds import Authors, Deed
from habilitation.domain.events import Event
from habilitation.domain.explanation import Explanation, PathStory, Story
from habilitation.domain.hindsight import Facts, Known
from habilitation.domain.journal import Record
from habilitation.domain.moment import whole_day
from habilitation.domain.requests import ExplanationQuestion, HistoryQuestion
from habilitation.ports.clock import Clock
from habilitation.ports.store import Store
from habilitation.use_cases.access import askable
from habilitation.use_cases.history import readable_page
from habilitation.use_cases.past import facts_about
from habilitation.use_cases.views import Page, shown_record
from habilitation.use_cases.work import Reading, reading


@frozen
class Explain:
    """The answer to R38, now, at any instant or on any day, with every path to it for those who may see the whole."""

    store: Store
    clock: Clock

    def __call__(self, asked: ExplanationQuestion, *, by: Actor) -> Explanation:
        with reading(self.store, self.clock, asked.organization, by) as seen:
            user = askable(seen, asked)
            own = seen.rows.organization_records()
            told = facts_about(seen, user.id, own)
            at = _instant(asked, told, seen)
            facts = told.until(at)
            known = Known.by(min(at, seen.at), facts)
            answer = known.answer(asked.permission, at)
            if seen.acting.role not in ALLOWED[Act.EXPLAIN]:
                return Explanation(at, answer)
            story = Story(known, facts, authors_of(seen, facts.records, own))
            stories = (_shown(seen, story.of(path)) for path in known.paths(asked.permission, at))
            return Explanation(at, answer, tuple(stories))


def _instant(asked: ExplanationQuestion, told: Facts, seen: Reading) -> datetime:
    """The instant that was asked for, or that of the day to which ``AsOf`` owes its answer (R39)."""
    if asked.at is None or isinstance(asked.at, datetime):
        return asked.at or seen.at
    return hindsight.telling(told, asked.permission, whole_day(asked.at, seen.moment.zone), seen.at)


@frozen
class Recount:
    """What ``History`` shows, each fact with as what its author acted, and for whom (R36, R40)."""

    store: Store
    clock: Clock

    def __call__(self, asked: HistoryQuestion, *, by: Actor) -> Page[Deed]:
        with reading(self.store, self.clock, asked.organization, by) as seen:
            page = readable_page(seen, asked)
            authors = authors_of(seen, page.items, seen.rows.organization_records())
            return Page(tuple(shown_deed(seen, authors.deed(record)) for record in page.items), page.next)


def authors_of(seen: Reading, facts: Iterable[Record[Event]], own: Sequence[Record[Event]]) -> Authors:
    """All about each of the organization's people who did any of it."""
    people = {record.by.user for record in facts if isinstance(record.by, Member)}
    return Authors(own, {user: facts_about(seen, user, own) for user in people})


def _shown(seen: Reading, told: PathStory) -> PathStory:
    """Agents by role to anybody but the operator; another manager's delegation to whoever may read that manager."""
    links = (evolve(link, deeds=tuple(shown_deed(seen, deed) for deed in link.deeds)) for link in told.links)
    return evolve(told, links=tuple(links))


def shown_deed(seen: Reading, deed: Deed) -> Deed:
    """The deed, as far as the reader may know whose it is and under what."""
    role, mandate = seen.acting.role, deed.mandate
    if mandate:
        mandate = evolve(mandate, given=shown_record(mandate.given, role)) if _reads_author(seen, deed) else None
    return evolve(deed, fact=shown_record(deed.fact, role), mandate=mandate)


def _reads_author(seen: Reading, deed: Deed) -> bool:
    author = seen.rows.find_user(deed.fact.by.user) if isinstance(deed.fact.by, Member) else None
    return author is not None and authority.may_read(seen.acting, author, seen.organization, seen.at)
