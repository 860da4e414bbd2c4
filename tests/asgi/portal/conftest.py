"""The pages over a portal as it is served, on each kind of store; and a person who is at them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from attrs import define, evolve

from habilitation import AgreementValidation, Habilitation, NewAgreement, NewOrganization, OperatorAgent
from habilitation.adapters.asgi.portal import pages
from habilitation.adapters.assembly import open_database
from habilitation.adapters.memory_transport import MemoryMailbox
from habilitation.domain.organization import Agreement, Organization
from habilitation.testing.fakes import QuickHasher
from habilitation.testing.world import AFAS, BAILLEUR, DECLARE, PRIVATE, SIRETS
from tests.asgi.portal.browser import Browser
from tests.cli.command import CATALOG
from tests.stores import KINDS, sqlite_url

AGENT = OperatorAgent("agent-1")
CONTACT = "courrier@oliviers.example"
PASSWORD = "three frogs at the market"


@define
class Oliviers:
    """LES OLIVIERS, whose first credentials just left, with a validated agreement."""

    portal: Habilitation
    mailbox: MemoryMailbox
    organization: Organization
    agreement: Agreement
    app: Any

    @classmethod
    def on(cls, url: str, **choices: Any) -> Oliviers:
        mailbox = MemoryMailbox()
        portal = Habilitation(
            evolve(open_database(url, catalog=CATALOG, transport=mailbox).ports, hasher=QuickHasher())
        )
        organization = portal.open_organization(NewOrganization(SIRETS[0], "LES OLIVIERS", CONTACT), by=AGENT)
        asked = NewAgreement(organization.id, "CONV-1", "LES OLIVIERS", (AFAS, BAILLEUR), (DECLARE, PRIVATE))
        agreement = portal.open_agreement(asked, by=AGENT)
        portal.validate_agreement(AgreementValidation(organization.id, agreement.id), by=AGENT)
        return cls(portal, mailbox, organization, agreement, pages(portal, **choices))

    def browser(self, language: str = "fr") -> Browser:
        return Browser.at(self.app, language)

    def letters(self, email: str) -> dict[str, Any]:
        """The login and the provisional password, as they are typed into the sign-in page."""
        return {"login": self.mailbox.login_for(email), "password": self.mailbox.password_for(email)}

    def administrator(self, language: str = "fr") -> Browser:
        """Anne Martin, who just became the administrator."""
        at = self.browser(language).go("/sign-in")
        button = {"fr": "Se connecter", "en": "Sign in"}[language]
        at.send(button, **self.letters(CONTACT))
        return at.send({"fr": "Valider", "en": "Validate"}[language], **claim(at))


def claim(at: Browser, **typed: Any) -> dict[str, Any]:
    """The first-authentication form, filled in."""
    version = at.page.one(id="acknowledged").attributes["value"]
    filled = {
        "last_name": "Martin",
        "first_name": "Anne",
        "email": "anne.martin@oliviers.example",
        "password": PASSWORD,
        "password_confirmation": PASSWORD,
        "acknowledged": version,
    }
    return filled | typed


@pytest.fixture(params=KINDS)
def opened(request: pytest.FixtureRequest, tmp_path: Any) -> Iterator[Callable[..., Oliviers]]:
    """How the pages are opened, on each kind of store."""
    portals: list[Habilitation] = []

    def opened(**choices: Any) -> Oliviers:
        url = "memory:" if request.param == "memory" else sqlite_url(tmp_path)
        made = Oliviers.on(url, **choices)
        portals.append(made.portal)
        return made

    yield opened
    for portal in portals:
        portal.close()


@pytest.fixture
def oliviers(opened: Callable[..., Oliviers]) -> Oliviers:
    return opened()
