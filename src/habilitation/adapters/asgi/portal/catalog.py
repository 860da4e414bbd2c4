"""The operator's catalog: services and their access groups, and what each group was before (R3)."""

from __future__ import annotations

from attrs import frozen
from starlette.responses import Response

from habilitation.adapters.asgi.portal.operator_acts import CATALOG, CATALOG_GROUP
from habilitation.adapters.asgi.portal.routing import operating
from habilitation.adapters.asgi.portal.seen import defined
from habilitation.adapters.asgi.portal.sentences import Line
from habilitation.adapters.asgi.portal.targets import catalog_of, group_of, of_catalog
from habilitation.adapters.asgi.portal.visit import Visit
from habilitation.domain.catalog import Catalog, Group, Service


@frozen
class ShownGroup:
    """A group as it is now, as it was, and what can be done with it."""

    group: Group
    past: list[Line]
    acts: list[tuple[str, str]]


def catalog(visit: Visit) -> Response:
    """Every service with its groups."""
    found = catalog_of(visit)
    return visit.show(
        "operator/catalog.html",
        services=[(service, _groups(visit, found, service)) for service in found.services.values()],
        acts=CATALOG.offered(visit, of_catalog(visit)),
    )


def _groups(visit: Visit, found: Catalog, service: Service) -> list[ShownGroup]:
    return [_shown(visit, found, group) for group in found.groups.values() if group.service == service.code]


def _shown(visit: Visit, found: Catalog, group: Group) -> ShownGroup:
    past = [Line(visit.say.instant(each.since), defined(visit, each)) for each in group.definitions]
    acts = CATALOG_GROUP.offered(visit, group_of(visit, found, group), code=group.code)
    return ShownGroup(group, past, acts)


PAGES = (operating("/catalog", catalog, acts=False),)
