"""The pages over a portal as it is served, on each kind of store; and a person who is at them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from attrs import define, evolve

from habilitation import (
    AdministratorClaim,
    AgreementValidation,
    FirstAuthentication,
    GroupCode,
    Habilitation,
    NewAgreement,
    NewManager,
    NewOrganization,
    NewUser,
    OperatorAgent,
    OrganizationId,
    PasswordChoice,
    Scope,
    Session,
    UserQuestion,
)
from habilitation.adapters.asgi.portal import pages
from habilitation.adapters.assembly import DEFAULTS, Settings, open_database
from habilitation.adapters.cli.demonstration.mailroom import Copying
from habilitation.adapters.memory_transport import MemoryMailbox
from habilitation.domain.organization import Agreement, Organization
from habilitation.domain.user import User
from habilitation.domain.values import Place
from habilitation.ports.transport import Transport
from habilitation.testing.fakes import QuickHasher
from habilitation.testing.world import AFAS, BAILLEUR, DECLARE, PRIVATE, SIRETS
from habilitation.use_cases.views import UserView
from tests.asgi.portal.browser import Browser
from tests.cli.command import CATALOG
from tests.stores import KINDS, address

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
    def on(
        cls,
        url: str,
        *,
        drawn: Callable[..., Any] = pages,
        settings: Settings = DEFAULTS,
        server: Transport | None = None,
        **choices: Any,
    ) -> Oliviers:
        """``drawn`` makes the application; what ``server`` sends is in the mailbox as well."""
        mailbox = MemoryMailbox()
        sending = Copying(mailbox, server)
        opened = open_database(url, catalog=CATALOG, transport=sending, settings=settings)
        portal = Habilitation(evolve(opened.ports, hasher=QuickHasher()))
        organization = portal.open_organization(NewOrganization(SIRETS[0], "LES OLIVIERS", CONTACT), by=AGENT)
        asked = NewAgreement(organization.id, "CONV-1", "LES OLIVIERS", (AFAS, BAILLEUR), (DECLARE, PRIVATE))
        agreement = portal.open_agreement(asked, by=AGENT)
        portal.validate_agreement(AgreementValidation(organization.id, agreement.id), by=AGENT)
        return cls(portal, mailbox, organization, agreement, drawn(portal, settings=settings, **choices))

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


@define
class Inside:
    """LES OLIVIERS at work: Anne Martin administers it, and anybody in it can be sent to the pages."""

    at: Oliviers
    admin: Session

    @classmethod
    def of(cls, oliviers: Oliviers) -> Inside:
        portal, mailbox = oliviers.portal, oliviers.mailbox
        first = portal.sign_in(mailbox.login_for(CONTACT), mailbox.password_for(CONTACT))
        assert isinstance(first, FirstAuthentication)
        asked = AdministratorClaim("Martin", "Anne", "anne.martin@oliviers.example", PASSWORD, first.text.version)
        return cls(oliviers, portal.claim_administrator(asked, by=first.session))

    @property
    def portal(self) -> Habilitation:
        return self.at.portal

    @property
    def organization(self) -> OrganizationId:
        return self.at.organization.id

    def user(self, last_name: str = "Petit", *groups: GroupCode, **fields: Any) -> User:
        """Created by the administrator, under the agreement, in those groups."""
        email = fields.pop("email", f"{last_name.lower()}@oliviers.example")
        asked = NewUser(self.organization, self.at.agreement.id, last_name, "Luc", email, groups=groups, **fields)
        return self.portal.create_user(asked, by=self.admin)

    def manager(self, last_name: str = "Morel", *groups: GroupCode) -> User:
        """Somebody who manages those groups; all of them if none is named."""
        user = self.user(last_name)
        scope = Scope(frozenset(Place(self.at.agreement.id, group) for group in groups) if groups else None)
        self.portal.delegate_manager(NewManager(self.organization, user.id, scope), by=self.admin)
        return user

    def browser(self, who: User | None = None, language: str = "fr") -> Browser:
        """That user's, signed in; the administrator's if nobody is named."""
        at = self.at.browser(language)
        session = self.admin if who is None else self.signed_in(who)
        at.client.cookies.set("__Host-habilitation", session.token, domain="portal.example")
        return at

    def signed_in(self, who: User) -> Session:
        shown = self.shown(who)
        assert shown.person is not None
        email = shown.person.email.text
        session = self.portal.sign_in(self.at.mailbox.login_for(email), self.at.mailbox.password_for(email))
        assert isinstance(session, Session)
        return self.portal.choose_password(PasswordChoice(PASSWORD), by=session)

    def shown(self, who: User) -> UserView:
        return self.portal.show_user(UserQuestion(self.organization, who.id), by=AGENT)

    def page(self, *of: str) -> str:
        """The address of a page about the organization."""
        return "/".join(("/organizations", self.organization, *of))


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
    with address(request.param, tmp_path) as url:

        def opened(**choices: Any) -> Oliviers:
            made = Oliviers.on(url, **choices)
            portals.append(made.portal)
            return made

        yield opened
        for portal in portals:
            portal.close()


@pytest.fixture
def inside(oliviers: Oliviers) -> Inside:
    return Inside.of(oliviers)


@pytest.fixture
def oliviers(opened: Callable[..., Oliviers]) -> Oliviers:
    return opened()
