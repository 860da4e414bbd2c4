"""LES OLIVIERS with all kinds of people in it, so that there is something on every page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from attrs import define, field, frozen
from playwright.sync_api import Page
from starlette.routing import Route

from habilitation import (
    Closing,
    Dates,
    EmailChanging,
    FirstAuthentication,
    NewOrganization,
    Reason,
    Session,
    UserId,
    UserSuspension,
)
from habilitation.adapters.asgi.portal import STORIES
from habilitation.domain.user import User
from habilitation.testing.world import DECLARE, PRIVATE, SIRETS
from tests.asgi.portal.conftest import AGENT, Inside
from tests.browser.chromium import Browsing
from tests.browser.conftest import Served

ROUTES: Mapping[str, Route] = {str(route.name): route for story in STORIES for route in story}
"""Every page that there is."""
NO_PAGE = {"language": "goes back", "sign_out": "goes on to the sign-in page", "document": "gives a file"}
"""Addresses that show nothing of their own."""


LONG = "marie-madeleine.vandenbroucke-lecocq-de-montmorency@service-des-habilitations.oliviers.example"


@frozen
class View:
    """A page as somebody sees it: whose it is, whom it is about, and what else its address names."""

    by: str = "administrator"
    user: str = "petit"
    named: tuple[tuple[str, str], ...] = ()
    status: int = 200


ABOUT = {"revoke": "manager", "reinstate": "suspended", "reopen": "closed"}
"""Whom an act can be done to, if not to any user."""
VIEWS: Mapping[str, tuple[View, ...]] = {
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
DEMANDING = frozenset(
    (
        *("sign_in", "first_authentication", "password", "forgotten_password", "lost_login", "link"),
        *("own_email", "own_password", "create_user", "grant", "suspend", "change-email"),
    )
)
"""Pages with a form that cannot be sent empty; of those that links lead to, the one with a password."""
SEEN = [(name, view) for name in ROUTES if name not in NO_PAGE for view in VIEWS.get(name, (View(),))]


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
        return ROUTES[name].path.format(**{**self.named, "user": self.users[view.user], **dict(view.named)})

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
    organization, agreement = inside.organization, inside.at.agreement.id
    inside.portal.change_email(
        EmailChanging(organization, users["petit"].id, "m.petit@oliviers.example"), by=inside.admin
    )
    inside.portal.suspend_user(UserSuspension(organization, users["suspended"].id, Reason("doubt")), by=inside.admin)
    inside.portal.close_user(Closing(organization, users["closed"].id), by=inside.admin)
    named = {"organization": organization, "agreement": agreement, "number": "1"}
    return House(browse, tokens, {name: user.id for name, user in users.items()}, named)


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
