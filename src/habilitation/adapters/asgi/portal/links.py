"""The pages that one-time links in messages lead to: a form first, for programs that look at mail follow links too.

``Settings.link`` names them: ``https://portal.example/links/{purpose}/{token}``. The page sends no referrer, asks for
nothing from elsewhere, and uses the link only once its form is sent (R13, R21, R44).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from starlette.requests import HTTPConnection
from starlette.responses import Response

from habilitation.adapters.asgi.forms import Field, Format
from habilitation.adapters.asgi.portal.drafts import PASSWORD_CONFIRMATION, Draft
from habilitation.adapters.asgi.portal.routing import page
from habilitation.adapters.asgi.portal.visit import Visit
from habilitation.domain.email_change import EmailState
from habilitation.domain.link import LinkPurpose
from habilitation.domain.refusals import LinkUnknown
from habilitation.domain.requests import EmailConfirmation, EmailObjection, PasswordByLink

PASSWORD = Field("password", Format.PASSWORD, required=True)
ACTIVATING = "activation"
"""The cookie in which an activation link waits while the person signs in at a provider."""
A_WHILE = 900
"""Seconds: as long as signing in there may take."""


def follow_link(visit: Visit) -> Response:
    """What the link is for, and the form that uses it."""
    purpose = _purpose(visit)
    draft = Draft(visit, {"password": PASSWORD, PASSWORD_CONFIRMATION.name: PASSWORD_CONFIRMATION}, {})
    if purpose is not LinkPurpose.PASSWORD:
        draft = draft.without("password", "password_confirmation")
    token = draft.text("token") if visit.sent else visit.request.path_params.get("token", "")
    if not token:
        raise LinkUnknown()
    response = draft.sent(lambda: USED[purpose](visit, draft)) or draft.show(
        "link.html", purpose=purpose.value, token=token
    )
    response.headers["referrer-policy"] = "no-referrer"
    return response


def _purpose(visit: Visit) -> LinkPurpose:
    try:
        return LinkPurpose(visit.named("purpose"))
    except ValueError:
        raise LinkUnknown() from None


def _password(visit: Visit, draft: Draft) -> Response:
    visit.portal.choose_password_by_link(PasswordByLink(draft.text("token"), draft.new_password))
    return visit.go("sign_in", "password-by-link")


def _email(visit: Visit, draft: Draft) -> Response:
    state = visit.portal.confirm_email(EmailConfirmation(draft.text("token")))
    return visit.go("sign_in", "email-changed" if state is EmailState.CHANGED else "email-confirmed")


def _objection(visit: Visit, draft: Draft) -> Response:
    visit.portal.object_to_email(EmailObjection(draft.text("token")))
    return visit.go("sign_in", "email-kept")


def _activation(visit: Visit, draft: Draft) -> Response:
    """The link waits, out of scripts' reach, for the embedder's callback: whoever signs in there brings it back."""
    response = visit.go("sign_in", "activating")
    response.set_cookie(
        ACTIVATING,
        draft.text("token"),
        A_WHILE,
        path="/",
        secure=visit.site.cookie.secure,
        httponly=True,
        samesite="lax",
    )
    return response


USED: Mapping[LinkPurpose, Callable[[Visit, Draft], Response]] = {
    LinkPurpose.PASSWORD: _password,
    LinkPurpose.EMAIL: _email,
    LinkPurpose.OBJECTION: _objection,
    LinkPurpose.ACTIVATION: _activation,
}


def activation_link(request: HTTPConnection) -> str | None:
    """The activation link that brought this person to the provider: for the embedder's callback (R44)."""
    return request.cookies.get(ACTIVATING)


def forget_activation(response: Response) -> None:
    """The link was brought back, and works no more: without this, the person's next sign-in would bring it again."""
    response.delete_cookie(ACTIVATING, path="/", httponly=True, samesite="lax")


PAGES = (page("/links/{purpose}", follow_link), page("/links/{purpose}/{token}", follow_link, name="link", acts=False))
