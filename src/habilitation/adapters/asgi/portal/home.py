"""Where somebody arrives, and what belongs to every page: the language."""

from __future__ import annotations

from starlette.responses import Response

from habilitation.adapters.asgi.languages import COOKIE
from habilitation.adapters.asgi.portal import returning
from habilitation.adapters.asgi.portal.routing import page
from habilitation.adapters.asgi.portal.visit import Visit
from habilitation.adapters.assembly import LANGUAGES
from habilitation.domain.actors import Member, Session

A_YEAR = 365 * 24 * 3600


def home(visit: Visit) -> Response:
    """*Accueil*: what whoever comes may do here."""
    if isinstance(visit.actor, Member | Session):
        visit.portal.show_organization(visit.about, by=visit.actor)  # refused where a password is to be chosen first
    return visit.show("home.html")


def language(visit: Visit) -> Response:
    """Another language, from now on."""
    response = visit.go_to(returning.wanted(visit) or visit.path("home"))
    wanted = visit.form.get("language", "")
    if wanted in LANGUAGES:
        response.set_cookie(
            COOKIE, str(wanted), A_YEAR, path="/", secure=visit.site.cookie.secure, httponly=True, samesite="lax"
        )
    return response


PAGES = (page("/", home, acts=False), page("/language", language))
