"""The operator's organizations: the list, and the pages of one and of its agreements (R1, R2)."""

from __future__ import annotations

from contextlib import suppress

from starlette.responses import Response

from habilitation.adapters.asgi.forms import Field, Format
from habilitation.adapters.asgi.portal import operator_acts, places
from habilitation.adapters.asgi.portal.drafts import Draft
from habilitation.adapters.asgi.portal.operator_acts import AGREEMENT, ANYWHERE, GROUP, HOUSE, OF_AGREEMENT
from habilitation.adapters.asgi.portal.routing import operating
from habilitation.adapters.asgi.portal.targets import (
    agreement_of,
    group_target,
    house_of,
    of_agreement,
    of_nothing,
    of_organization,
)
from habilitation.adapters.asgi.portal.visit import Visit
from habilitation.domain.events import AdministratorAppointed
from habilitation.domain.organization import SEAT_LIFECYCLE
from habilitation.domain.refusals import OrganizationUnknown
from habilitation.domain.requests import OrganizationNameSearch, OrganizationSearch, SiretQuestion
from habilitation.domain.user import Status
from habilitation.use_cases.views import AgreementView, OrganizationView, Page

A_PAGE = 50
TEXT = Field("text", Format.TEXT, required=False)


def organizations(visit: Visit) -> Response:
    """Every organization, in the order of their opening; those of a name, or straight to the one of a SIRET.

    What is searched is sent, and stands in no address.
    """
    draft = Draft(visit, {"text": TEXT}, {})
    return draft.sent(lambda: _found(visit, draft)) or _listed(draft, _all(visit))


def _all(visit: Visit) -> Page[OrganizationView]:
    after = visit.request.query_params.get("after")
    return visit.portal.list_organizations(OrganizationSearch(after, A_PAGE), by=visit.actor)


def _found(visit: Visit, draft: Draft) -> Response:
    text = draft.text("text").strip()
    if not text:
        return visit.go("organizations")
    if not text.replace(" ", "").isdecimal():
        asked = OrganizationNameSearch(text, draft.text("after") or None, A_PAGE)
        return _listed(draft, visit.portal.search_organizations(asked, by=visit.actor))
    with suppress(OrganizationUnknown):
        return visit.go("organization", organization=_of_siret(visit, text).id)
    return _listed(draft, Page(()))


def _of_siret(visit: Visit, text: str) -> OrganizationView:
    return visit.portal.find_organization(SiretQuestion(text), by=visit.actor)


def _listed(draft: Draft, page: Page[OrganizationView]) -> Response:
    visit = draft.visit
    return draft.show(
        "operator/organizations.html",
        page=page,
        after=draft.text("after") or visit.request.query_params.get("after"),
        opening=ANYWHERE.offered(visit, of_nothing(visit)),
    )


def organization(visit: Visit) -> Response:
    """One organization: what is known of it, its agreements, and what can be done."""
    target, house = of_organization(visit), house_of(visit)
    return visit.show(
        "operator/organization.html",
        house=house,
        seat=visit.portal.who_is_administrator(visit.about, by=visit.actor),
        acts=operator_acts.ORGANIZATION.offered(visit, target),
        replacing=_replacing(visit, house),
        agreements=visit.agreements,
    )


def _replacing(visit: Visit, house: OrganizationView) -> str | None:
    """Where the open user is found who takes the seat, if it can be given (R8)."""
    possible = (house.seat, AdministratorAppointed) in SEAT_LIFECYCLE
    return f"{visit.path('users')}?status={Status.OPEN.value}" if possible else None


def agreement(visit: Visit) -> Response:
    """One of its agreements, and its groups."""
    found = agreement_of(visit)
    return visit.show(
        "operator/agreement.html",
        agreement=found,
        acts=OF_AGREEMENT.offered(visit, of_agreement(visit), agreement=found.id),
        groups=_groups(visit, found),
    )


def _groups(visit: Visit, under: AgreementView) -> list[tuple[object, str, list[tuple[str, str]]]]:
    """Each with its name, and what can be done with it."""
    return [
        (
            group,
            places.shown(group),
            GROUP.offered(visit, group_target(visit, under, group), agreement=under.id, group=group.code),
        )
        for group in under.groups
    ]


PAGES = (
    operating("/organizations", organizations),
    operating(HOUSE, organization, acts=False),
    operating(HOUSE + AGREEMENT, agreement, acts=False),
)
