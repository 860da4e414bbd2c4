"""The messages that were given up, to be sent again once what was in their way is gone (R20)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from attrs import frozen
from starlette.responses import Response

from habilitation.adapters.asgi.portal.routing import operating
from habilitation.adapters.asgi.portal.visit import Visit
from habilitation.domain.messages import Desk
from habilitation.domain.refusals import MessageNotDead
from habilitation.domain.requests import DeadLetterSearch, NamesQuestion, OrganizationQuestion
from habilitation.domain.values import MessageId, OrganizationId
from habilitation.ports.outbox import Delivery
from habilitation.use_cases.views import OrganizationView

A_PAGE = 50


@frozen
class DeadLetter:
    """A message that was given up, of which organization, and to whom."""

    delivery: Delivery
    house: OrganizationView
    to: str
    address: str | None
    """Of the recipient's page, if it is a user."""


def dead_letters(visit: Visit) -> Response:
    """A page of them, oldest first."""
    after = visit.request.query_params.get("after")
    page = visit.portal.list_dead_letters(DeadLetterSearch(None, after, A_PAGE), by=visit.actor)
    houses = dict.fromkeys(each.message.organization for each in page.items)
    letters = {letter.delivery.message.id: letter for house in houses for letter in _of(visit, house, page.items)}
    shown = [letters[each.message.id] for each in page.items]
    return visit.show("operator/dead_letters.html", letters=shown, after=after, next=page.next)


def _of(visit: Visit, organization: OrganizationId, found: Sequence[Delivery]) -> Iterable[DeadLetter]:
    """Those of one organization, with the names of whom they are for."""
    house = visit.portal.show_organization(OrganizationQuestion(organization), by=visit.actor)
    own = [each for each in found if each.message.organization == organization]
    users = frozenset(each.message.notice.to for each in own if not isinstance(each.message.notice.to, Desk))
    names = visit.portal.name_users(NamesQuestion(organization, users), by=visit.actor) if users else {}
    for each in own:
        to = each.message.notice.to
        if isinstance(to, Desk):
            yield DeadLetter(each, house, visit.say(f"desk.{to.value}"), None)
        else:
            yield DeadLetter(each, house, names.get(to) or to, visit.path("user", organization=organization, user=to))


def retry_delivery(visit: Visit) -> Response:
    """A message is among those that wait again, from the beginning; sent twice, it is done once."""
    if not visit.sent:
        return visit.go("dead_letters")
    try:
        visit.portal.retry_delivery(MessageId(visit.named("message")), by=visit.actor)
    except MessageNotDead:
        return visit.go("dead_letters", "message-not-dead")
    return visit.go("dead_letters", "retry-delivery")


PAGES = (
    operating("/dead-letters", dead_letters, acts=False),
    operating("/dead-letters/{message}/retry", retry_delivery),
)
