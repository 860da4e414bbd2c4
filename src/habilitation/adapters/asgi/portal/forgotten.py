"""*Mot de passe oublié*, *identifiant perdu*: answered alike whatever exists, before anything is looked for (R21)."""

from __future__ import annotations

from collections.abc import Callable

from starlette.responses import Response

from habilitation.adapters.asgi.afterwards import afterwards
from habilitation.adapters.asgi.forms import Field, Format
from habilitation.adapters.asgi.portal.drafts import Draft
from habilitation.adapters.asgi.portal.routing import page
from habilitation.adapters.asgi.portal.visit import Visit

LOGIN = Field("login", Format.TEXT, required=True)
SIRET, EMAIL = Field("siret", Format.TEXT, required=True), Field("email", Format.EMAIL, required=True)


def forgotten_password(visit: Visit) -> Response:
    """A link to choose another password leaves for the account's address."""
    draft = Draft(visit, {"login": LOGIN}, {})
    return draft.sent(
        lambda: _answered(visit, "link-sent", visit.portal.forgot_password, draft.text("login"))
    ) or draft.show("forgotten/password.html")


def lost_login(visit: Visit) -> Response:
    """The login leaves for the address."""
    draft = Draft(visit, {"siret": SIRET, "email": EMAIL}, {})
    return draft.sent(
        lambda: _answered(visit, "login-sent", visit.portal.forgot_login, draft.text("siret"), draft.text("email"))
    ) or draft.show("forgotten/login.html")


def _answered(visit: Visit, note: str, ask: Callable[..., None], *typed: str) -> Response:
    """The answer leaves first: no measure of time tells who has an account."""
    response = visit.go("sign_in", note)
    response.background = afterwards(ask, *typed, visit.site.source(visit.request))
    return response


PAGES = (page("/forgotten-password", forgotten_password), page("/lost-login", lost_login))
