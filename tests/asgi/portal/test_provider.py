"""People come in by a provider's button: the embedder's callback, with tokens that are really signed (R23, R44)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from attrs import evolve
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Mount, Route

from habilitation import Habilitation, Session
from habilitation.adapters.asgi.portal import Provider, pages
from habilitation.adapters.asgi.portal.links import activation_link, forget_activation
from habilitation.adapters.asgi.sessions import SessionCookie
from habilitation.adapters.assembly import Settings
from habilitation.domain.requests import Activation
from tests import provider
from tests.asgi.portal.browser import Browser
from tests.asgi.portal.conftest import Inside, Oliviers

SETTINGS = Settings(link="https://portal.example/links/{purpose}/{token}")
LUC = "petit@oliviers.example"


def callback(portal: Habilitation) -> Callable[[Request], Response]:
    """The embedder's: whoever comes back from the provider activates an account, or signs in."""

    def came_back(request: Request) -> Response:
        proof = provider.Provider(portal.ports.clock).proof(request.query_params["subject"])
        link = activation_link(request)
        opened = portal.activate(Activation(link, proof)) if link else portal.sign_in_externally(proof)
        assert isinstance(opened, Session)
        response = RedirectResponse("/", 303)
        SessionCookie().keep(response, opened)
        forget_activation(response)
        return response

    return came_back


@pytest.fixture
def luc(opened: Callable[..., Oliviers]) -> Browser:
    """Luc Petit follows the link that he was sent, at a portal with a provider."""
    inside = Inside.of(opened(settings=SETTINGS))
    clock = inside.portal.ports.clock
    ports = evolve(inside.portal.ports, tokens=provider.Provider(clock).verifier())
    inside.at.portal = portal = Habilitation(ports)
    buttons = (Provider("ProConnect", "/proconnect?subject=luc"),)
    shown = pages(portal, settings=SETTINGS, providers=buttons)
    routes: list[Any] = [Route("/proconnect", callback(portal)), Mount("/", shown)]
    inside.user("Petit")
    portal.deliver_notifications()
    link = inside.at.mailbox.token_for(LUC)
    return Browser.at(Starlette(routes=routes)).go(f"/links/activation/{link}").send("Continuer")


def test_whoever_follows_the_link_and_signs_in_at_the_provider_is_in(luc):
    assert luc.click("ProConnect").title == "Bonjour Luc Petit"


def test_from_then_on_the_button_alone_signs_in(luc):
    """R44: a link works once, and is not in the way afterwards."""
    luc.click("ProConnect").send("Se déconnecter")
    assert luc.click("ProConnect").title == "Bonjour Luc Petit"


def test_before_the_link_was_followed_the_button_waits_for_it(luc):
    assert "ProConnect" in luc.says
    assert luc.address == "/sign-in"
