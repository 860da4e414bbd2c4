"""What the operator's catalog takes in (R3)."""

from __future__ import annotations

from collections.abc import Iterable

from habilitation.domain.catalog import Catalog
from habilitation.domain.events import GroupDefined, GroupRedefined, GroupRetired, ServiceDefined
from habilitation.domain.refusals import (
    GroupDefinedAlready,
    PermissionOfAnotherService,
    PermissionsMissing,
    ServiceDefinedAlready,
)
from habilitation.domain.requests import GroupChange, GroupRetirement, NewGroup, NewService
from habilitation.domain.values import GroupCode, Permission, ServiceCode, code, label_text


def define_service(catalog: Catalog, asked: NewService) -> ServiceDefined:
    """A service has a code of its own."""
    service = ServiceCode(code(asked.code, "code"))
    if service in catalog.services:
        raise ServiceDefinedAlready(service)
    return ServiceDefined(service, label_text(asked.label, "label"))


def define_group(catalog: Catalog, asked: NewGroup) -> GroupDefined:
    """A group has a code of its own, and carries permissions of one service."""
    group = GroupCode(code(asked.code, "code"))
    service = catalog.service(asked.service)
    if group in catalog.groups:
        raise GroupDefinedAlready(group)
    permissions = _permissions(catalog, service.code, asked.permissions)
    return GroupDefined(group, service.code, label_text(asked.label, "label"), permissions, asked.needs_document)


def change_group(catalog: Catalog, asked: GroupChange) -> GroupRedefined | None:
    """From now on the group is that; past answers stay as they were (R3, R39). Nothing, if nothing differs."""
    group = catalog.usable(asked.code)
    now = group.now
    permissions, label = tuple(sorted(now.permissions)), now.label
    if asked.permissions is not None:
        permissions = _permissions(catalog, group.service, asked.permissions)
    if asked.label is not None:
        label = label_text(asked.label, "label")
    needs_document = now.needs_document if asked.needs_document is None else asked.needs_document
    if (label, frozenset(permissions), needs_document) == (now.label, now.permissions, now.needs_document):
        return None
    return GroupRedefined(group.code, label, permissions, needs_document)


def retire_group(catalog: Catalog, asked: GroupRetirement) -> GroupRetired:
    """From now on it gives nothing, to anybody; it is neither opened nor given any more, for good (R3)."""
    return GroupRetired(catalog.usable(asked.code).code)


def _permissions(catalog: Catalog, service: ServiceCode, asked: Iterable[str]) -> tuple[Permission, ...]:
    """At least one, none of them another service's."""
    permissions = tuple(sorted({Permission(code(permission, "permissions")) for permission in asked}))
    if not permissions:
        raise PermissionsMissing()
    for permission in permissions:
        if catalog.service_of(permission) not in (None, service):
            raise PermissionOfAnotherService(permission)
    return permissions
