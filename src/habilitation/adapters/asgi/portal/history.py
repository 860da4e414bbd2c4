"""The history in sentences: an organization's, or what was done to one user (R36, R40)."""

from __future__ import annotations

from starlette.responses import Response

from habilitation.adapters.asgi.portal.acts import name_of, user_of
from habilitation.adapters.asgi.portal.routing import inside
from habilitation.adapters.asgi.portal.sentences import Sentences
from habilitation.adapters.asgi.portal.visit import Visit
from habilitation.domain.requests import HistoryQuestion
from habilitation.domain.values import UserId

A_PAGE = 50


def history(visit: Visit) -> Response:
    """What was done, oldest first, as far as whoever comes may read it."""
    return _shown(visit, None, "")


def user_history(visit: Visit) -> Response:
    """What was done to one user."""
    user = user_of(visit)
    return _shown(visit, user.id, name_of(user))


def _shown(visit: Visit, about: UserId | None, name: str) -> Response:
    after = visit.request.query_params.get("after")
    page = visit.portal.recount(HistoryQuestion(visit.organization, about, after, A_PAGE), by=visit.actor)
    lines = Sentences(visit).lines(page.items)
    return visit.show("history.html", lines=lines, page=page, after=after, about=about, name=name)


PAGES = (
    inside("/history", history, acts=False),
    inside("/users/{user}/history", user_history, acts=False),
)
