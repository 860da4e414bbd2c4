"""*Consulter les conventions*: the organization's agreements, and the way to the users of each (R2, R37)."""

from __future__ import annotations

from starlette.responses import Response

from habilitation.adapters.asgi.portal.routing import inside
from habilitation.adapters.asgi.portal.visit import Visit
from habilitation.domain.acts import ALLOWED, Act


def agreements(visit: Visit) -> Response:
    """The agreements, one line each."""
    return visit.show("agreements.html", agreements=visit.agreements, listing=visit.role in ALLOWED[Act.LIST_USERS])


PAGES = (inside("/agreements", agreements, acts=False),)
