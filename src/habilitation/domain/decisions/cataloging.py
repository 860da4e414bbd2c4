"""What the operator's catalog takes in (R3)."""

from __future__ import annotations

from habilitation.domain.catalog import Catalog
from habilitation.domain.events import GroupDefined, ServiceDefined
from habilitation.domain.refusals import (
    GroupDefinedAlready,
    PermissionOfAnotherService,
    PermissionsMissing,
    ServiceDefinedAlready,
)
from habilitation.domain.requests import NewGroup, NewService
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
    permissions = tuple(sorted({Permission(code(permission, "permissions")) for permission in asked.permissions}))
    if not permissions:
        raise PermissionsMissing()
    for permission in permissions:
        if catalog.service_of(permission) not in (None, service.code):
            raise PermissionOfAnotherService(permission)
    return GroupDefined(group, service.code, label_text(asked.label, "label"), permissions, asked.needs_document)
