"""Signing in and out, the first authentication, and choosing a password (R5, R19, R22, R23)."""

from __future__ import annotations

from starlette.responses import Response

from habilitation.adapters.asgi.forms import Field, Format
from habilitation.adapters.asgi.portal import returning
from habilitation.adapters.asgi.portal.drafts import PASSWORD_CONFIRMATION, Draft
from habilitation.adapters.asgi.portal.routing import page
from habilitation.adapters.asgi.portal.visit import Visit
from habilitation.domain.actors import Session, Stage
from habilitation.domain.requests import AdministratorClaim, PasswordChoice
from habilitation.use_cases.first_access import FirstAuthentication

LOGIN, PASSWORD = Field("login", Format.TEXT, required=True), Field("password", Format.PASSWORD, required=True)
AFTER = {Stage.FIRST: "first_authentication", Stage.PROVISIONAL: "password", Stage.OWN: "home"}
"""Where signing in leads, by what the session is good for (R23)."""


def sign_in(visit: Visit) -> Response:
    """*Mon Compte Partenaire*: the login and the password."""
    draft = Draft(visit, {"login": LOGIN, "password": PASSWORD}, {})
    return draft.sent(lambda: _signed_in(visit, draft)) or draft.show(
        "entering/sign_in.html", next=returning.wanted(visit)
    )


def _signed_in(visit: Visit, draft: Draft) -> Response:
    opened = visit.portal.sign_in(draft.text("login"), draft.text("password"), visit.site.source(visit.request))
    session = opened.session if isinstance(opened, FirstAuthentication) else opened
    visit.site.cookie.end(visit.request, visit.portal)
    return _entered(visit, session, AFTER[session.stage])


def _entered(visit: Visit, session: Session, page: str) -> Response:
    """With the session kept, and back to where the person was if nothing else is to be done first."""
    wanted = returning.wanted(visit)
    if wanted and session.stage is Stage.OWN:
        response = visit.go_to(wanted)
    else:
        response = visit.go_to(visit.path(page) + returning.passing(wanted))
    visit.site.cookie.keep(response, session)
    return response


def sign_out(visit: Visit) -> Response:
    """The session is over, here and in the store."""
    response = visit.go("sign_in", "signed-out")
    if visit.sent:
        visit.site.cookie.end(visit.request, visit.portal)
    visit.site.cookie.forget(response)
    return response


def first_authentication(visit: Visit) -> Response:
    """*Première authentification*: the form by which the first person becomes the administrator (R5)."""
    session = visit.session
    if session is None or session.stage is not Stage.FIRST:
        return visit.go("home")
    draft = Draft.of(visit, AdministratorClaim, extra=(PASSWORD_CONFIRMATION,))
    if session.identified:
        draft = draft.without("password", "password_confirmation")
    return draft.sent(lambda: _claimed(visit, draft, session)) or draft.show(
        "entering/first_authentication.html",
        text=visit.portal.ports.texts.first_authentication(),
    )


def _claimed(visit: Visit, draft: Draft, session: Session) -> Response:
    asked = AdministratorClaim(
        last_name=draft.text("last_name"),
        first_name=draft.text("first_name"),
        email=draft.text("email"),
        phone=draft.text("phone"),
        password=draft.new_password,
        acknowledged=draft.text("acknowledged"),
    )
    claimed = visit.portal.claim_administrator(asked, by=session)
    response = visit.go("home", "claimed")
    visit.site.cookie.keep(response, claimed)
    return response


def password(visit: Visit) -> Response:
    """A password of one's own in place of the provisional one (R19)."""
    session = visit.session
    if session is None or session.stage is not Stage.PROVISIONAL:
        return visit.go("home")
    draft = Draft.of(visit, PasswordChoice, extra=(PASSWORD_CONFIRMATION,))
    return draft.sent(lambda: _chosen(visit, draft, session)) or draft.show(
        "entering/password.html", next=returning.wanted(visit)
    )


def _chosen(visit: Visit, draft: Draft, session: Session) -> Response:
    return _entered(visit, visit.portal.choose_password(PasswordChoice(draft.new_password), by=session), "home")


PAGES = (
    page("/sign-in", sign_in),
    page("/sign-out", sign_out),
    page("/first-authentication", first_authentication),
    page("/password", password),
)
