"""A user's page: who that is, what they have since when, and what can be done about it (R36)."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.responses import Response

from habilitation.adapters.asgi.portal import acts, offers
from habilitation.adapters.asgi.portal.routing import inside
from habilitation.adapters.asgi.portal.timeline import timeline
from habilitation.adapters.asgi.portal.visit import Visit
from habilitation.domain.acts import Act
from habilitation.domain.values import AgreementId, Place
from habilitation.use_cases.views import UserView


def user(visit: Visit) -> Response:
    """All of a user that whoever comes may read."""
    shown = acts.user_of(visit)
    references = {each.id: each.reference for each in visit.agreements}
    return visit.show(
        "users/user.html",
        user=shown,
        name=acts.name_of(shown),
        references=references,
        scope=scope_in_words(visit, shown.manages.places if shown.manages else None),
        picture=timeline(shown, visit.say("user.account"), visit.today),
        entries=offers.on_user(visit, shown, (Act.MODIFY, *acts.CHOOSE, Act.REMOVE)),
        doing=_doing(visit, shown),
    )


def _doing(visit: Visit, shown: UserView) -> Mapping[int, list[offers.Entry]]:
    """What can be done with each membership, by its number; empty if nothing can, with none."""
    found = {held.number: offers.on_membership(visit, shown, held) for held in shown.memberships}
    return found if any(found.values()) else {}


def scope_in_words(visit: Visit, places: frozenset[Place] | None) -> list[str]:
    """The places of a scope, by label; none listed where it is over all groups."""
    references = {each.id: each.reference for each in visit.agreements}
    labels = {group.code: group.label for each in visit.agreements for group in each.groups}

    def said(place: Place) -> str:
        return f"{labels.get(place.group, place.group)} ({references.get(AgreementId(place.agreement), '')})"

    return sorted(map(said, places or ()))


PAGES = (inside("/users/{user}", user, acts=False),)
