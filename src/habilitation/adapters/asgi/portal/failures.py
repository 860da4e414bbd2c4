"""What there is in the place of a page that was refused."""

from __future__ import annotations

from contextlib import suppress

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from habilitation.adapters.asgi.authentication import vouched
from habilitation.adapters.asgi.portal.returning import passing
from habilitation.adapters.asgi.portal.visit import Visit
from habilitation.adapters.asgi.refusals import SecondFactorDemanded
from habilitation.adapters.asgi.statuses import RETRY_AFTER, STATUS
from habilitation.domain.refusals import ClaimDemanded, Kind, PasswordChoiceDemanded, Refusal


def refused(visit: Visit, refusal: Refusal) -> Response:
    """Another page first, where that is what it takes; else a page that says what was refused."""
    match refusal:
        case ClaimDemanded():
            return visit.go("first_authentication")
        case PasswordChoiceDemanded():
            return visit.go_to(visit.path("password") + passing(visit.here))
        case SecondFactorDemanded(address=address):
            return visit.go_to(address + passing(visit.here, "&" if "?" in address else "?"))
        case Refusal(kind=Kind.UNAUTHENTICATED):
            return _to_sign_in(visit)
        case Refusal(kind=Kind.MISSING):
            return nothing_here(visit)
    return with_delay(visit.show("failure.html", STATUS[refusal.kind], sentence=visit.say.refusal(refusal)), refusal)


def with_delay(response: Response, refusal: Refusal) -> Response:
    """When to come back, where the service was busy."""
    if refusal.kind is Kind.BUSY:
        response.headers["retry-after"] = str(int(RETRY_AFTER.total_seconds()))
    return response


def nothing_here(visit: Visit) -> Response:
    """What may not be known of and what does not exist are answered alike (R37)."""
    return visit.show("failure.html", STATUS[Kind.MISSING], sentence=visit.say("failure.missing"))


def _to_sign_in(visit: Visit) -> Response:
    """After signing in again, the person is back where the session was lost."""
    had_one = visit.site.cookie.name in visit.request.cookies
    response = visit.go_to(visit.path("sign_in") + passing(visit.here), "session-ended" if had_one else None)
    visit.site.cookie.forget(response)
    return response


async def unrouted(request: Request, problem: Exception) -> Response:
    """An address that leads nowhere, or a form that cannot be read."""
    site = request.app.state.site
    actor = None
    with suppress(Refusal):
        actor = await vouched(site.authenticate, request)
    visit = Visit(site, request, FormData(), actor)
    status = problem.status_code if isinstance(problem, HTTPException) else STATUS[Kind.OUTCOME_UNKNOWN]
    if status == STATUS[Kind.MISSING]:
        return await run_in_threadpool(nothing_here, visit)
    return await run_in_threadpool(visit.show, "failure.html", status, sentence=visit.say("failure.unreadable"))
