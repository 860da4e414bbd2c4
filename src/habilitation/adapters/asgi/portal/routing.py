"""From an address to a page: the form is read, then the page is made in a thread, since use cases block."""

from __future__ import annotations

from collections.abc import Callable

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from habilitation.adapters.asgi.authentication import vouched
from habilitation.adapters.asgi.portal.failures import refused
from habilitation.adapters.asgi.portal.site import Site
from habilitation.adapters.asgi.portal.visit import Visit
from habilitation.adapters.asgi.refusals import AddressUnknown
from habilitation.domain.refusals import Refusal

Handler = Callable[[Visit], Response]

MOST_FIELDS, LONGEST_FIELD = 1000, 64 * 1024
"""More than any form of ours has."""
OF_ORGANIZATION = "/organizations/{organization}"
"""Where the pages about an organization stand, its own people's and the operator's alike."""


def page(path: str, handler: Handler, *, acts: bool = True, name: str | None = None) -> Route:
    """A page, named after its handler unless it has a name; ``acts`` if a form can be sent to it."""

    async def endpoint(request: Request) -> Response:
        site: Site = request.app.state.site
        form = await _form(request)
        try:
            visit = Visit(site, request, form, await vouched(site.authenticate, request))
        except Refusal as refusal:
            return await run_in_threadpool(refused, Visit(site, request, form, None), refusal)
        return await run_in_threadpool(answered, handler, visit)

    return Route(path, endpoint, name=name or handler.__name__, methods=["GET", "POST"] if acts else ["GET"])


def inside(path: str, handler: Handler, *, acts: bool = True, name: str | None = None) -> Route:
    """A page about an organization."""
    return page(OF_ORGANIZATION + path, handler, acts=acts, name=name)


def operating(path: str, handler: Handler, *, acts: bool = True, name: str | None = None) -> Route:
    """A page of the operator's agents; to anybody else there is none (R35, R37)."""

    def guarded(visit: Visit) -> Response:
        if visit.agent is None:
            raise AddressUnknown()
        return handler(visit)

    return page(path, guarded, acts=acts, name=name or handler.__name__)


async def _form(request: Request) -> FormData:
    if request.method != "POST":
        return FormData()
    return await request.form(max_files=0, max_fields=MOST_FIELDS, max_part_size=LONGEST_FIELD)


def answered(handler: Handler, visit: Visit) -> Response:
    """The page, or what there is instead where something was refused."""
    try:
        return handler(visit)
    except Refusal as refusal:
        return refused(visit, refusal)
