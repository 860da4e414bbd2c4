"""The operator's catalog (R3)."""

from __future__ import annotations

from attrs import frozen

from habilitation.domain.actors import Actor, OperatorAgent
from habilitation.domain.acts import Act
from habilitation.domain.catalog import Catalog, Group, Service
from habilitation.domain.decisions import cataloging
from habilitation.domain.moment import Moment
from habilitation.domain.refusals import ActForbidden
from habilitation.domain.requests import GroupChange, GroupRetirement, NewGroup, NewService
from habilitation.domain.values import code
from habilitation.ports.clock import Clock
from habilitation.ports.store import CatalogTransaction, Store


@frozen
class DefineService:
    """The operator defines a service (R3)."""

    store: Store
    clock: Clock

    def __call__(self, asked: NewService, *, by: Actor) -> Service:
        agent = require_operator(by)
        with self.store.cataloging() as tx:
            event = cataloging.define_service(tx.catalog, asked)
            tx.save(_moment(tx, self.clock).instant, agent, event)
            return tx.catalog.service(event.code)


@frozen
class DefineGroup:
    """The operator defines an access group of a service (R3)."""

    store: Store
    clock: Clock

    def __call__(self, asked: NewGroup, *, by: Actor) -> Group:
        agent = require_operator(by)
        with self.store.cataloging() as tx:
            event = cataloging.define_group(tx.catalog, asked)
            tx.save(_moment(tx, self.clock).instant, agent, event)
            return tx.catalog.group(event.code)


@frozen
class ChangeGroup:
    """The operator changes what a group gives, or whether it needs a document, from now on (R3)."""

    store: Store
    clock: Clock

    def __call__(self, asked: GroupChange, *, by: Actor) -> Group:
        agent = require_operator(by)
        with self.store.cataloging() as tx:
            event = cataloging.change_group(tx.catalog, asked)
            if event:
                tx.save(_moment(tx, self.clock).instant, agent, event)
            return tx.catalog.group(asked.code)


@frozen
class RetireGroup:
    """The operator retires a group, for good: from now on it gives nothing (R3)."""

    store: Store
    clock: Clock

    def __call__(self, asked: GroupRetirement, *, by: Actor) -> Group:
        agent = require_operator(by)
        with self.store.cataloging() as tx:
            event = cataloging.retire_group(tx.catalog, asked)
            tx.save(_moment(tx, self.clock).instant, agent, event)
            return tx.catalog.group(event.code)


@frozen
class ShowCatalog:
    """The operator sees the whole catalog, past definitions too (R3); others see the groups of their agreements."""

    store: Store

    def __call__(self, *, by: Actor) -> Catalog:
        require_operator(by)
        return self.store.catalog()


def require_operator(by: Actor) -> OperatorAgent:
    """The agent, named by a code; an act that no organization is asked for is the operator's alone (R35)."""
    if not isinstance(by, OperatorAgent):
        raise ActForbidden(Act.OPERATE.value)
    code(by.agent, "agent")
    return by


def _moment(tx: CatalogTransaction, clock: Clock) -> Moment:
    return Moment.following(clock.now(), tx.head.at, clock.zone, clock.tolerance)
