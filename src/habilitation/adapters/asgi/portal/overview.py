"""Who administers what: the administrator, the managers, what waits for roles, and a picture of it (R7, R26, R28)."""

from __future__ import annotations

from starlette.responses import Response

from habilitation.adapters.asgi.portal.acts import name_of
from habilitation.adapters.asgi.portal.offers import on_role
from habilitation.adapters.asgi.portal.picture import drawn
from habilitation.adapters.asgi.portal.routing import inside
from habilitation.adapters.asgi.portal.sentences import Sentences
from habilitation.adapters.asgi.portal.visit import Visit
from habilitation.domain.actors import Member
from habilitation.domain.requests import WaitingSearch

A_PAGE = 50


def administrator(visit: Visit) -> Response:
    """*Qui est mon administrateur ?*"""
    seat = visit.portal.who_is_administrator(visit.about, by=visit.actor)
    return visit.show("administrator.html", seat=seat)


def waiting(visit: Visit) -> Response:
    """The memberships that wait for the operator's role assignment, and the document to return."""
    after = visit.request.query_params.get("after")
    page = visit.portal.list_waiting_roles(WaitingSearch(visit.organization, after, A_PAGE), by=visit.actor)
    references = {each.id: each.reference for each in visit.agreements}
    return visit.show(
        "waiting.html",
        page=page,
        after=after,
        name_of=name_of,
        references=references,
        roles_of=(lambda each: on_role(visit, each.user, each.membership)) if visit.agent else None,
    )


def managers(visit: Visit) -> Response:
    """The managers, over what and since when; and the picture of who administers what."""
    delegations = visit.portal.list_delegations(visit.about, by=visit.actor)
    seat = visit.portal.who_is_administrator(visit.about, by=visit.actor)
    sentences = Sentences(visit)
    sentences.learn(each.by.user for each in delegations if isinstance(each.by, Member))
    return visit.show(
        "managers.html",
        delegations=delegations,
        telling=sentences,
        name_of=name_of,
        seat=seat,
        picture=drawn(visit, seat.name, delegations),
    )


PAGES = (
    inside("/administrator", administrator, acts=False),
    inside("/waiting", waiting, acts=False),
    inside("/managers", managers, acts=False),
)
