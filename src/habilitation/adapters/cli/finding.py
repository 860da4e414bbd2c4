"""Finding what the arguments name: organizations, and every page of what is listed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from attrs import evolve

from habilitation.adapters.cli.refusals import (
    AgreementAmbiguous,
    OrganizationAmbiguous,
    OrganizationNotNamed,
    OrganizationsMissing,
)
from habilitation.application import Habilitation
from habilitation.domain.actors import Actor, OperatorAgent
from habilitation.domain.credential import Credential
from habilitation.domain.refusals import (
    AgreementUnknown,
    LoginMalformed,
    OrganizationUnknown,
    SiretMalformed,
    SiretRefused,
)
from habilitation.domain.requests import OrganizationQuestion, OrganizationSearch, SiretQuestion
from habilitation.domain.values import Login, OrganizationId, Siret, UserId
from habilitation.use_cases.directory import LARGEST_PAGE
from habilitation.use_cases.views import AgreementView, OrganizationView, Page

T = TypeVar("T")

CLERK = OperatorAgent("command-line")
"""Who looks for the organization that a user's id stands in, before anybody is known to ask."""


def every(listing: Callable[..., Page[T]], asked: Any, by: Actor) -> Iterator[T]:
    """What is on every page, one after another."""
    while True:
        page = listing(asked, by=by)
        yield from page.items
        if page.next is None:
            return
        asked = evolve(asked, after=page.next)


def known_organizations(portal: Habilitation, by: Actor) -> list[OrganizationView]:
    """All of the database's; whoever asks about none is in the wrong database."""
    known = list(every(portal.list_organizations, OrganizationSearch(size=LARGEST_PAGE), by))
    if not known:
        raise OrganizationsMissing()
    return known


def organization_named(portal: Habilitation, text: str | None, by: Actor) -> OrganizationId:
    """The organization of that SIRET, id or name; the only one goes without saying."""
    if text is not None and readable_siret(text):
        return portal.find_organization(SiretQuestion(text), by=by).id
    found = [each for each in known_organizations(portal, by) if text is None or is_called(each, text)]
    if len(found) > 1:
        raise OrganizationNotNamed() if text is None else OrganizationAmbiguous(text)
    if not found:
        raise OrganizationUnknown()
    return found[0].id


def is_called(organization: OrganizationView, text: str) -> bool:
    """Whether that is its SIRET, id or name."""
    return text in (organization.id, organization.name) or readable_siret(text) == organization.siret


def readable_siret(text: str) -> Siret | None:
    """The SIRET, if it is one."""
    try:
        return Siret.parse(text)
    except (SiretMalformed, SiretRefused):
        return None


def name_of(portal: Habilitation, organization: OrganizationId, by: Actor) -> str:
    """The organization's name."""
    return portal.show_organization(OrganizationQuestion(organization), by=by).name


def agreement_named(portal: Habilitation, organization: OrganizationId, text: str, by: Actor) -> AgreementView:
    """The organization's agreement of that reference or id."""
    listed = portal.list_agreements(OrganizationQuestion(organization), by=by)
    found = [each for each in listed if text in (each.id, each.reference)]
    if len(found) > 1:
        raise AgreementAmbiguous(text)
    if not found:
        raise AgreementUnknown()
    return found[0]


def user_named(portal: Habilitation, text: str) -> UserId:
    """A user by login, or else by id."""
    credential = credential_of(portal, text)
    return credential.user if credential else UserId(text)


def credential_of(portal: Habilitation, login: str) -> Credential | None:
    """Whose login that is, if it is one: it tells the organization as well (R11)."""
    try:
        return portal.ports.store.credentials.by_login(Login.parse(login))
    except LoginMalformed:
        return None
