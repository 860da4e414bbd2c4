"""*Consulter les conventions*: the organization's agreements, and the way to the users of each (R2, R37)."""

from __future__ import annotations

from starlette.responses import Response

from habilitation.adapters.asgi.portal.routing import inside
from habilitation.adapters.asgi.portal.visit import Visit


def agreements(visit: Visit) -> Response:
    """The agreements, one line each."""
    return visit.show("agreements.html", agreements=visit.portal.list_agreements(visit.about, by=visit.actor))


PAGES = (inside("/agreements", agreements, acts=False),)
