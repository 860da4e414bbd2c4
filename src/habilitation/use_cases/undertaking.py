"""Acts under terms: each is held to them in its own transaction, and is what it is in all else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar, cast

from attrs import define, evolve, frozen

from habilitation.domain import authority
from habilitation.domain.actors import Actor, Member, OperatorAgent
from habilitation.domain.authority import Acting
from habilitation.domain.limits import Limits
from habilitation.domain.organization import Organization
from habilitation.domain.refusals import OrganizationUnknown, Refusal, UserUnknown
from habilitation.domain.terms import NO_TERMS, Done, Errand, Terms, Unchanged, errand
from habilitation.domain.values import OrganizationId
from habilitation.ports.clock import Clock
from habilitation.ports.store import CatalogTransaction, Snapshot, Store, Transaction
from habilitation.ports.terms import KeepsKeys
from habilitation.use_cases.actors import identify
from habilitation.use_cases.witnessing import code_of
from habilitation.use_cases.work import as_of

A = TypeVar("A")
Asked = TypeVar("Asked", contravariant=True)
R = TypeVar("R")
R_co = TypeVar("R_co", covariant=True)


class Undertaking(Protocol[Asked, R_co]):
    """A use case that changes something; the store is a field of it."""

    def __call__(self, asked: Asked, /, *, by: Actor) -> R_co: ...


class UnderTerms(Protocol[Asked, R_co]):
    """The same, which can be asked under terms."""

    def __call__(self, asked: Asked, /, *, by: Actor, terms: Terms = NO_TERMS) -> R_co: ...


@frozen
class Undertaken(Generic[A, R]):
    """An act; under terms, over a store that holds it to them.

    Of an act that is done in chunks the first is held to the terms: it is *done already* as soon as it began.
    """

    __wrapped__: Undertaking[A, R]
    store: Store
    clock: Clock
    limits: Limits

    def __call__(self, asked: A, /, *, by: Actor, terms: Terms = NO_TERMS) -> R:
        if terms == NO_TERMS:
            return self.__wrapped__(asked, by=by)
        name = code_of(type(self.__wrapped__))
        holding = _Holding(self.store, self.clock, self.limits, terms, name, asked, by)
        act: Undertaking[A, R] = evolve(cast(Any, self.__wrapped__), store=holding)
        return act(asked, by=by)


@define
class _Holding:
    """The store, whose first transaction is held to the terms."""

    store: Store
    clock: Clock
    limits: Limits
    terms: Terms
    act: str
    asked: object
    by: Actor
    begun: bool = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self.store, name)

    @contextmanager
    def writing(self, organization: OrganizationId) -> Iterator[Transaction]:
        with self.store.writing(organization) as rows:
            if self.begun:
                yield rows
            else:
                now = self.clock.now()
                asked, unseen = self._admitted(rows, now)
                yield rows
                if unseen:
                    raise unseen
                if asked:
                    rows.keep(_done(asked, now, rows), now - self.limits.key)
        self.begun = True

    @contextmanager
    def cataloging(self) -> Iterator[CatalogTransaction]:
        with self.store.cataloging() as catalog:
            now = self.clock.now()
            asked = self._new(catalog, self.by, now)
            if self.terms.unchanged:
                self.terms.unchanged.require(catalog.head.sequence)
            yield catalog
            if asked:
                catalog.keep(Done(asked, now, catalog.head.sequence), now - self.limits.key)

    def _admitted(self, rows: Transaction, now: datetime) -> tuple[Errand | None, Refusal | None]:
        """Whoever acts is found out first, as the act will: nobody else is told anything (R37).

        What is to be as it was seen may be nothing that the actor may see: then the act says what it says without terms
        and, if it says nothing, that refusal is said in the end.
        """
        unchanged = self.terms.unchanged
        if rows.organization is None:
            return self._new(rows, self.by, now), OrganizationUnknown() if unchanged else None
        at = as_of(rows, now)
        acting = identify(rows, rows.organization, self.by, at)
        asked = self._new(rows, acting.actor, now)
        return asked, _compared(unchanged, rows, rows.organization, acting, at) if unchanged else None

    def _new(self, keys: KeepsKeys, actor: Actor, now: datetime) -> Errand | None:
        """What is asked, where it comes with a key; refused where something was done under that key."""
        if self.terms.key is None or not isinstance(actor, OperatorAgent | Member):
            return None
        asked = errand(self.terms.key, actor, self.act, self.asked)
        done = keys.done(asked.key, now - self.limits.key)
        if done:
            raise done.refusal(asked)
        return asked


def _compared(
    unchanged: Unchanged, rows: Snapshot, organization: Organization, acting: Acting, at: datetime
) -> Refusal | None:
    """Refuse what is not as it was seen; what to refuse in the end, if the actor may not see it."""
    if unchanged.user is not None:
        target = rows.find_user(unchanged.user)
        if target is None or not authority.may_read(acting, target, organization, at):
            return UserUnknown()
    elif not authority.may_look(acting):
        return OrganizationUnknown()
    elif unchanged.agreement is not None:
        organization.agreement(unchanged.agreement)
    unchanged.require(rows.version(unchanged.user, unchanged.agreement))
    return None


def _done(asked: Errand, now: datetime, rows: Transaction) -> Done:
    """Where the act led: what was saved, if it changed anything."""
    saved = rows.saved
    if saved is None:
        return Done(asked, now, rows.head.sequence, rows.organization.id if rows.organization else None)
    first, sequence = saved.events[0], rows.head.sequence + len(saved.events)
    about = (getattr(first, "user", None), getattr(first, "agreement", None))
    return Done(asked, now, sequence, saved.organization.id, *about)
