"""LES OLIVIERS with all kinds of people in it, so that there is something on every page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from attrs import define, field, frozen
from playwright.sync_api import Page
from starlette.routing import Route

from habilitation import (
    AgreementId,
    AgreementSuspension,
    AgreementValidation,
    Closing,
    ControlTaking,
    Dates,
    EmailChanging,
    FirstAuthentication,
    GroupSuspension,
    NewAgreement,
    NewOrganization,
    OrganizationSuspension,
    Reason,
    Session,
    SiretQuestion,
    UserId,
    UserSuspension,
)
from habilitation.adapters.asgi.portal import STORIES, catalog, dead_letters, operator_acts, organizations
from habilitation.domain.user import User
from habilitation.testing.world import AFAS, BAILLEUR, DECLARE, PRIVATE, SIRETS
from tests.asgi.portal.conftest import AGENT, Inside
from tests.browser.chromium import Browsing
from tests.browser.serving import Served

ROUTES: Mapping[str, Route] = {str(route.name): route for story in STORIES for route in story}
"""Every page that there is."""
NO_PAGE = frozenset(("language", "sign_out", "document", "retry_delivery"))
"""Addresses that show nothing of their own."""


DOUBT = Reason("doubt")
LONG = "marie-madeleine.vandenbroucke-lecocq-de-montmorency@service-des-habilitations.oliviers.example"


@frozen
class View:
    """A page as somebody sees it: who that is, whom it is about, and what else its address names, unless the usual."""

    by: str = "administrator"
    user: str = "petit"
    named: tuple[tuple[str, str], ...] = ()
    status: int = 200


ABOUT = {"revoke": "manager", "reinstate": "suspended", "reopen": "closed"}
"""Whom an act can be done to, if not to any user."""
OPERATING = tuple(
    str(route.name) for each in (organizations, catalog, dead_letters, operator_acts) for route in each.PAGES
)
"""Pages of the operator's agents alone."""


def as_agent(**named: str) -> tuple[View, ...]:
    user = named.pop("user", "petit")
    return (View("agent", user, tuple(named.items())),)


VIEWS: Mapping[str, tuple[View, ...]] = {
    **dict.fromkeys(OPERATING, as_agent()),
    "reissue-credentials": as_agent(organization="unclaimed"),
    "resume-organization": as_agent(organization="watched"),
    "return-control": as_agent(organization="watched"),
    "organization": (*as_agent(), *as_agent(organization="unclaimed"), *as_agent(organization="watched")),
    "validate-agreement": as_agent(agreement="draft"),
    "resume-agreement": as_agent(agreement="held"),
    "resume-group": as_agent(agreement="held"),
    "erase-person": as_agent(user="closed"),
    "assign-role": as_agent(number="2"),
    "refuse-role": as_agent(number="2"),
    **{act: (View(user=user),) for act, user in ABOUT.items()},
    **{each: (View("nobody"),) for each in ("sign_in", "forgotten_password", "lost_login")},
    "home": (View(), View("agent"), View("petit")),
    "users": (View(), View("manager"), View("agent")),
    "user": (View(), View(user="manager"), View(user="closed"), View(user="long"), View("agent")),
    "first_authentication": (View("first"),),
    "password": (View("newcomer"),),
    "follow_link": (View("nobody", named=(("purpose", "password"),), status=404),),
    "link": tuple(
        View("nobody", named=(("purpose", purpose), ("token", "a-token")))
        for purpose in ("password", "email", "objection", "activation")
    ),
    "own_file": (View(), View("petit")),
}
"""How each page is looked at, if not as the administrator sees it."""
ASKED_NOTHING = frozenset(
    (
        *("change-contact", "reissue-credentials", "resume-organization", "return-control", "validate-agreement"),
        *("change-agreement-period", "resume-agreement", "resume-group", "change-group"),
    )
)
"""What an agent may do without filling in anything."""
DEMANDING = frozenset(
    (
        *("sign_in", "first_authentication", "password", "forgotten_password", "lost_login", "link"),
        *("own_email", "own_password", "create_user", "grant", "suspend", "change-email"),
        *(str(route.name) for route in operator_acts.PAGES if route.name not in ASKED_NOTHING),
    )
)
"""Pages with a form that cannot be sent empty; of those that links lead to, the one with a password."""
SEEN = [(name, view) for name in ROUTES if name not in NO_PAGE for view in VIEWS.get(name, (View(),))]


def told(seen: tuple[str, View]) -> str:
    """What its test is called."""
    return f"{seen[0]} as {seen[1].by}"


def demands(name: str, view: View) -> bool:
    return name in DEMANDING and dict(view.named).get("purpose", "password") == "password"


@define
class House:
    """Windows onto it, and what its addresses name."""

    browse: Browsing
    tokens: Mapping[str, str]
    users: Mapping[str, UserId]
    named: Mapping[str, str]
    _windows: dict[tuple[str, str], Page] = field(factory=dict)

    def address(self, name: str, view: View) -> str:
        """Of a page; what it names and nobody knows of is an error."""
        told = {key: self.named.get(what, what) for key, what in view.named}
        return ROUTES[name].path.format(**{**self.named, "user": self.users[view.user], **told})

    def window(self, by: str, language: str = "fr") -> Page:
        """Theirs, which stays open."""
        if (by, language) not in self._windows:
            agent = AGENT.agent if by == "agent" else ""
            self._windows[by, language] = self.browse(language, token=self.tokens.get(by, ""), agent=agent)
        return self._windows[by, language]


def peopled(served: Served, browse: Browsing) -> House:
    """Users in every state, the longest names among them."""
    inside = Inside.of(served.at)
    users = _users(inside)
    tokens = {name: inside.signed_in(users[name]).token for name in ("petit", "manager")}
    tokens |= {"administrator": inside.admin.token, "newcomer": _newcomer(inside), "first": _first(inside)}
    change = EmailChanging(inside.organization, users["petit"].id, "m.petit@oliviers.example")
    inside.portal.change_email(change, by=inside.admin)
    inside.portal.suspend_user(UserSuspension(inside.organization, users["suspended"].id, DOUBT), by=inside.admin)
    inside.portal.close_user(Closing(inside.organization, users["closed"].id), by=inside.admin)
    return House(browse, tokens, {name: user.id for name, user in users.items()}, _named(inside))


def _named(inside: Inside) -> dict[str, str]:
    """What stands in addresses by default, and what some put in its place."""
    held = _agreement(inside, "CONV-3")
    inside.portal.suspend_group(GroupSuspension(inside.organization, held, PRIVATE, DOUBT), by=AGENT)
    inside.portal.suspend_agreement(AgreementSuspension(inside.organization, held, DOUBT), by=AGENT)
    watched = inside.portal.open_organization(NewOrganization(SIRETS[2], "LES PINS", "pins@pins.example"), by=AGENT).id
    inside.portal.suspend_organization(OrganizationSuspension(watched, DOUBT), by=AGENT)
    inside.portal.take_back_control(ControlTaking(watched, DOUBT), by=AGENT)
    found = inside.portal.find_organization(SiretQuestion(SIRETS[1]), by=AGENT)
    usual = {"organization": inside.organization, "agreement": inside.at.agreement.id, "number": "1"}
    draft = _agreement(inside, "CONV-2", validated=False)
    special = {"unclaimed": found.id, "watched": watched, "draft": draft, "held": held}
    return {**usual, "group": PRIVATE, "code": PRIVATE, **special}


def _agreement(inside: Inside, reference: str, *, validated: bool = True) -> AgreementId:
    asked = NewAgreement(inside.organization, reference, "LES OLIVIERS BIS", (AFAS, BAILLEUR), (DECLARE, PRIVATE))
    opened = inside.portal.open_agreement(asked, by=AGENT)
    if validated:
        inside.portal.validate_agreement(AgreementValidation(inside.organization, opened.id), by=AGENT)
    return opened.id


def _users(inside: Inside) -> dict[str, User]:
    today = inside.portal.ports.clock.now().date()
    return {
        "petit": inside.user("Petit", PRIVATE, DECLARE, phone="01 99 00 12 34"),
        "manager": inside.manager("Morel", DECLARE),
        "closed": inside.user("Klein", PRIVATE),
        "suspended": inside.user("Durand", PRIVATE),
        "newcomer": inside.user("Neuf"),
        "later": inside.user("Tard", dates=Dates(today + timedelta(days=30), today + timedelta(days=60))),
        "long": inside.user("Vandenbroucke-Lecocq-De-Montmorency-Laval", PRIVATE, email=LONG),
    }


def _newcomer(inside: Inside) -> str:
    """The session of somebody who has no password of their own yet."""
    mailbox = inside.at.mailbox
    opened = inside.portal.sign_in(
        mailbox.login_for("neuf@oliviers.example"), mailbox.password_for("neuf@oliviers.example")
    )
    assert isinstance(opened, Session)
    return opened.token


def _first(inside: Inside) -> str:
    """The session of the first person of another organization."""
    contact, mailbox = "courrier@clamart.example", inside.at.mailbox
    inside.portal.open_organization(NewOrganization(SIRETS[1], "CLAMART", contact), by=AGENT)
    opened = inside.portal.sign_in(mailbox.login_for(contact), mailbox.password_for(contact))
    assert isinstance(opened, FirstAuthentication)
    return opened.session.token
