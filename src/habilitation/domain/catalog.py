"""The operator's catalog: services and their access groups, dated (R3)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from attrs import evolve as changed
from attrs import field, frozen

from habilitation.domain.events import CatalogEvent, GroupDefined, GroupRedefined, GroupRetired, ServiceDefined
from habilitation.domain.mapping import unchanging
from habilitation.domain.refusals import GroupIsRetired, GroupUnknown, ServiceUnknown
from habilitation.domain.values import GroupCode, Permission, ServiceCode


@frozen
class Service:
    """Something that partners use, such as AFAS."""

    code: ServiceCode
    label: str


@frozen
class Definition:
    """What a group is from an instant on, until the next definition of it."""

    since: datetime
    label: str
    permissions: frozenset[Permission]
    needs_document: bool
    retired: bool = False
    """Whether it gives nothing any more, to anybody; it keeps its label."""


@frozen
class Group:
    """An access group: it carries permissions of one service, and its past definitions with it."""

    code: GroupCode
    service: ServiceCode
    definitions: tuple[Definition, ...]

    def at(self, instant: datetime) -> Definition | None:
        """The definition in force then; none before the group was defined."""
        for definition in reversed(self.definitions):
            if definition.since <= instant:
                return definition
        return None

    def since(self, permission: Permission) -> datetime | None:
        """Since when the latest definition and those just before it give the permission; None if it does not."""
        since = None
        for definition in reversed(self.definitions):
            if permission not in definition.permissions:
                break
            since = definition.since
        return since

    @property
    def now(self) -> Definition:
        return self.definitions[-1]


@frozen
class Catalog:
    """Every service and group, by code."""

    services: Mapping[ServiceCode, Service] = field(factory=dict, converter=unchanging)
    groups: Mapping[GroupCode, Group] = field(factory=dict, converter=unchanging)
    version: int = 0
    """How many events led to it, which is the sequence of the last."""

    def service(self, code: ServiceCode) -> Service:
        if code not in self.services:
            raise ServiceUnknown()
        return self.services[code]

    def group(self, code: GroupCode) -> Group:
        if code not in self.groups:
            raise GroupUnknown()
        return self.groups[code]

    def usable(self, code: GroupCode) -> Group:
        """The group, unless it is retired: nobody is given it any more (R3)."""
        group = self.group(code)
        if group.now.retired:
            raise GroupIsRetired(code)
        return group

    def giving(self, permission: Permission, at: datetime) -> list[Group]:
        """The groups that give the permission at that instant: where every path to it begins (R38)."""
        defined = ((group, group.at(at)) for group in self.groups.values())
        return [group for group, definition in defined if definition and permission in definition.permissions]

    def ever_giving(self, permission: Permission) -> list[GroupCode]:
        """The groups that give the permission or gave it: where anybody's past path to it began (R39)."""
        return [
            group.code
            for group in self.groups.values()
            if any(permission in definition.permissions for definition in group.definitions)
        ]

    def as_of(self, instant: datetime) -> Catalog:
        """The groups as they were known then: what was defined later was not (R3, R39)."""
        known = (
            Group(group.code, group.service, tuple(each for each in group.definitions if each.since <= instant))
            for group in self.groups.values()
        )
        groups = {group.code: group for group in known if group.definitions}
        return changed(self, groups=groups)

    def service_of(self, permission: Permission) -> ServiceCode | None:
        """The one service that the permission belongs to, if some group gives it or gave it."""
        giving = self.ever_giving(permission)
        return self.groups[giving[0]].service if giving else None


def evolve(catalog: Catalog, event: CatalogEvent, at: datetime) -> Catalog:
    """The catalog after the event."""
    return changed(_evolved(catalog, event, at), version=catalog.version + 1)


def _evolved(catalog: Catalog, event: CatalogEvent, at: datetime) -> Catalog:
    match event:
        case ServiceDefined(code, label):
            return changed(catalog, services={**catalog.services, code: Service(code, label)})
        case GroupDefined(code, service, label, permissions, needs_document):
            return _defined(
                catalog, Group(code, service, ()), Definition(at, label, frozenset(permissions), needs_document)
            )
        case GroupRedefined(code, label, permissions, needs_document):
            definition = Definition(at, label, frozenset(permissions), needs_document)
            return _defined(catalog, catalog.groups[code], definition)
        case GroupRetired(code):
            retired = changed(catalog.groups[code].now, since=at, permissions=frozenset(), retired=True)
            return _defined(catalog, catalog.groups[code], retired)


def _defined(catalog: Catalog, group: Group, definition: Definition) -> Catalog:
    """Earlier definitions stay: they answer for their time (R3, R39)."""
    after = Group(group.code, group.service, (*group.definitions, definition))
    return changed(catalog, groups={**catalog.groups, group.code: after})
